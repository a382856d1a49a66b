import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kis.catalog import Catalog, PriceBook, load_catalog
from kis.catalog.price_book_file import read_price_book

DATA = Path(__file__).parents[2] / "data" / "catalog"


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """A catalogue of four breakers, two boxes, two accessories and one family of losses, free to be spoilt."""
    return Path(shutil.copytree(DATA / "small", tmp_path / "small"))


@pytest.fixture
def small_catalog() -> Catalog:
    return load_catalog(DATA / "small")


@pytest.fixture
def small_book_text() -> str:
    return (DATA / "small-book.yaml").read_text(encoding="utf-8")


@pytest.fixture
def small_book(small_book_text: str) -> PriceBook:
    return read_price_book("small-book.yaml", small_book_text.encode())


@pytest.fixture
def spoil(small_folder: Path) -> Callable[[str, str, str], Path]:
    """Return a function that replaces a text in a file of the small catalogue."""

    def replace(file: str, old: str, new: str) -> Path:
        path = small_folder / file
        content = path.read_text(encoding="utf-8")
        assert old in content, f"{file} does not hold {old!r}"
        path.write_text(content.replace(old, new, 1), encoding="utf-8")
        return small_folder

    return replace


@pytest.fixture(scope="session")
def shipped() -> Catalog:
    return load_catalog()
