"""Catalog files as bytes, however large they are."""

from pathlib import Path

from kis.assistant.products.catalog_file import MOST_BYTES


def catalog_content(path: Path) -> bytes:
    """Return what stands in a file; of one larger than a catalog may be no more than shows that. Raises OSError."""
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)
