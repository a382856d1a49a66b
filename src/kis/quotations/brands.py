"""Whose name the documents carry."""

from pathlib import Path

from kis.estimator import Brand, load_brand


def brand_of(data: Path, code: str) -> Brand:
    """Return the brand of the organisation with that code (``brands/<code>`` in the data folder), else the installation's (``brand``), else the illustrative one."""
    for folder in (data / "brands" / code, data / "brand"):
        if folder.is_dir():
            return load_brand(folder)
    return load_brand()
