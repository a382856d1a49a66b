"""Which price book holds: the one named by the caller, or the shipped one of that currency and day."""

from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from kis.catalog.errors import PriceBookNotApplicable, PriceBookNotFound
from kis.catalog.prices import PriceBook
from kis.platform.messages import Message


def load_price_book(path: Path | None, currency: str, on: date) -> PriceBook:
    """Return the price book at ``path``, or the newest shipped one in ``currency`` that is valid ``on`` that day.

    Raises:
        PriceBookNotFound: no such file; or no shipped book fits (the message lists those that exist).
        PriceBookNotApplicable: the book at ``path`` is in another currency or not valid on that day.
        BadInput: the file cannot be used; names every fault with file, line and field.
    """
    if path is None:
        return _choose_shipped(currency, on)
    book = open_price_book(path)
    check_price_book(book, currency, on)
    return book


def check_price_book(book: PriceBook, currency: str, on: date) -> None:
    """Raise PriceBookNotApplicable unless ``book`` is in ``currency`` and valid ``on`` that day."""
    if book.currency != currency:
        values = {"book": book.id, "has": book.currency, "wanted": currency}
        raise PriceBookNotApplicable(Message("catalog.book.other_currency", values))
    if not book.is_valid_on(on):
        values = {"book": book.id, "validity": _validity(book), "day": on.isoformat()}
        raise PriceBookNotApplicable(Message("catalog.book.not_valid", values))


def open_price_book(path: Path) -> PriceBook:
    """Return the price book at ``path``, whatever its currency and days. Raises PriceBookNotFound, BadInput."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError):
        raise PriceBookNotFound(Message("catalog.book.no_file", {"path": str(path)})) from None
    return _read(path.name, data)


def price_book_from_bytes(name: str, data: bytes) -> PriceBook:
    """Return the price book in ``data``; ``name`` stands in what is wrong with it. Raises BadInput."""
    return _read(name, data)


def price_book_bytes(path: Path | None, book: PriceBook) -> bytes:
    """Return the file ``book`` was read from: the one at ``path``, or among the shipped ones the one with its digest."""
    if path is not None:
        return path.read_bytes()
    folder = files("kis.catalog").joinpath("data", "price_books")
    return next(
        data for file in folder.iterdir() if sha256(data := file.read_bytes()).hexdigest() == book.digest
    )


def shipped_price_books(currency: str = "") -> tuple[PriceBook, ...]:
    """Return the price books that come with KIS (all, or those in ``currency``), by file name.

    File names end with the currency, so that a quotation reads only the books it might use.
    """
    folder = files("kis.catalog").joinpath("data", "price_books")
    ending = f"-{currency.lower()}.yaml" if currency else ".yaml"
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(ending)), key=lambda file: file.name
    )
    return tuple(_read(file.name, file.read_bytes()) for file in found)


def _choose_shipped(currency: str, on: date) -> PriceBook:
    fitting = [book for book in shipped_price_books(currency) if book.is_valid_on(on)]
    if not fitting:
        shipped = "; ".join(
            f"{book.id} ({book.currency} {_validity(book)})" for book in shipped_price_books()
        )
        values = {"currency": currency, "day": on.isoformat(), "shipped": shipped}
        raise PriceBookNotFound(Message("catalog.book.none", values))
    return max(fitting, key=lambda book: (book.valid_from, book.id))


@lru_cache(maxsize=16)
def _read(name: str, data: bytes) -> PriceBook:
    from kis.catalog.price_book_file import read_price_book

    return read_price_book(name, data)


def _validity(book: PriceBook) -> str:
    return f"{book.valid_from}~{book.valid_to or ''}"
