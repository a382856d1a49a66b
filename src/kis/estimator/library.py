"""The library an estimate is made from: catalogue, price book and rulebook, with the very bytes they were read from.

A pack keeps those bytes, so that a quotation can be made again wherever the pack is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from kis.catalog import (
    Catalog,
    PriceBook,
    catalog_files,
    catalog_from_files,
    load_catalog,
    load_price_book,
    price_book_bytes,
    price_book_from_bytes,
    shipped_price_books,
)
from kis.estimator.request import EstimateRequest
from kis.estimator.rulebook import (
    Rulebook,
    load_rulebook,
    rulebook_bytes,
    rulebook_from_bytes,
    shipped_rulebooks,
)
from kis.platform.errors import NotFound
from kis.platform.messages import Message

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
    request: EstimateRequest | None = None,
    *,
    on: date | None = None,
    catalog: Path | None = None,
    price_book: Path | None = None,
    rulebook: Path | None = None,
) -> Library:
    """Return the library for a request: the files named here, else the shipped ones the request names by id, else those in force on the day ``on``.

    The price book is in the currency of the request, or in won where the request brings a rate of exchange. Without a day the first day of the
    newest rulebook is taken. Raises NotFound where nothing is in force or goes by the name.
    """
    rules = _rules(request, rulebook, on)
    parts = load_catalog(catalog)
    book = _book(request, price_book, on or rules.valid_from)
    files = {f"{CATALOG_FOLDER}/{name}": data for name, data in catalog_files(catalog).items()}
    files[PRICE_BOOK_FILE] = price_book_bytes(price_book, book)
    files[RULEBOOK_FILE] = rulebook_bytes(rulebook, rules)
    return Library(catalog=parts, price_book=book, rules=rules, files=files)


def library_from_bytes(catalog: Mapping[str, bytes], price_book: bytes, rulebook: bytes) -> Library:
    """Return the library made of these bytes, for those who keep them elsewhere than in files; ``catalog`` by file name. Raises BadInput."""
    files = {f"{CATALOG_FOLDER}/{name}": data for name, data in catalog.items()}
    return Library(
        catalog=catalog_from_files(catalog),
        price_book=price_book_from_bytes("price-book.yaml", price_book),
        rules=rulebook_from_bytes("rulebook.yaml", rulebook),
        files={**files, PRICE_BOOK_FILE: price_book, RULEBOOK_FILE: rulebook},
    )


def library_from_files(files: Mapping[str, bytes]) -> Library:
    """Return the library made of the ``files`` of another."""
    parts = {
        name.removeprefix(f"{CATALOG_FOLDER}/"): data
        for name, data in files.items()
        if name.startswith(f"{CATALOG_FOLDER}/")
    }
    return library_from_bytes(parts, files[PRICE_BOOK_FILE], files[RULEBOOK_FILE])


def wanted_currency(request: EstimateRequest | None) -> str:
    """Return the currency a request's price book must be in: its own, or won where the request brings a rate of exchange."""
    return "KRW" if request is None or request.exchange is not None else request.currency


def _rules(request: EstimateRequest | None, path: Path | None, on: date | None) -> Rulebook:
    if path is None and request is not None and request.rulebook is not None:
        shipped = {
            name: rules for rules in shipped_rulebooks() for name in (rules.id, f"{rules.id}-{rules.version}")
        }
        return _named("rulebook", request.rulebook, shipped)
    return load_rulebook(path, on)


def _book(request: EstimateRequest | None, path: Path | None, on: date) -> PriceBook:
    currency = wanted_currency(request)
    if path is None and request is not None and request.price_book is not None:
        return _named("price_book", request.price_book, {book.id: book for book in shipped_price_books()})
    return load_price_book(path, currency, on)


Named = TypeVar("Named")


def _named(kind: str, name: str, shipped: Mapping[str, Named]) -> Named:
    if name not in shipped:
        raise NotFound(Message(f"library.no_{kind}", {"name": name, "shipped": ", ".join(shipped)}))
    return shipped[name]
