"""The library an estimate is made from: catalogue, price book and rulebook, with the very bytes they were read from.

A pack keeps those bytes, so that a quotation can be made again wherever the pack is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from kis.catalog import Catalog, PriceBook, catalog_files, load_catalog, load_price_book, price_book_bytes
from kis.estimator.rulebook import Rulebook, load_rulebook, rulebook_bytes

CATALOG_FOLDER: Final = "library/catalog"
PRICE_BOOK_FILE: Final = "library/price-book.yaml"
RULEBOOK_FILE: Final = "library/rulebook.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What an estimate is made from, each of a named version; ``files`` are the bytes by their name in a pack."""

    catalog: Catalog
    price_book: PriceBook
    rules: Rulebook
    files: Mapping[str, bytes]


def open_library(
    *,
    currency: str = "KRW",
    on: date | None = None,
    catalog: Path | None = None,
    price_book: Path | None = None,
    rulebook: Path | None = None,
) -> Library:
    """Return the library of the named files; of the shipped ones those in force on the day ``on`` (the rulebook's first day without one)."""
    rules = load_rulebook(rulebook, on)
    parts = load_catalog(catalog)
    book = load_price_book(price_book, currency, on or rules.valid_from)
    files = {f"{CATALOG_FOLDER}/{name}": data for name, data in catalog_files(catalog).items()}
    files[PRICE_BOOK_FILE] = price_book_bytes(price_book, book)
    files[RULEBOOK_FILE] = rulebook_bytes(rulebook, rules)
    return Library(catalog=parts, price_book=book, rules=rules, files=files)
