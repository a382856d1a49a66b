"""Errors of the catalogue in the database.

NotFound
├── NoSuchItem               no part of that id is among those the caller may see
└── NoSuchPriceBook          no price book goes by that name
Conflict
├── ShippedReadOnly          a part that came with the program is not changed
├── ItemTaken                the organisation has a part of that key already
└── PriceBookTaken           the price book of that name and version has other content
"""

from uuid import UUID

from kis.platform.errors import Conflict, NotFound
from kis.platform.messages import Message


class NoSuchItem(NotFound):
    """No part of that id is among those the caller may see."""

    code = "catalog_item_not_found"

    def __init__(self, item_id: UUID) -> None:
        super().__init__(Message("catalog_store.no_item", {"id": item_id}))


class NoSuchPriceBook(NotFound):
    """No price book goes by that name."""

    code = "price_book_not_found"

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(Message("catalog_store.no_price_book", {"name": name, "known": ", ".join(known)}))


class ShippedReadOnly(Conflict):
    """A part that came with the program is not changed."""

    code = "shipped_read_only"

    def __init__(self, key: str) -> None:
        super().__init__(
            Message("catalog_store.shipped_read_only", {"key": key}),
            hint=Message("catalog_store.shipped_read_only_hint"),
        )


class ItemTaken(Conflict):
    """The organisation has a part of that key already."""

    code = "catalog_item_taken"

    def __init__(self, key: str) -> None:
        super().__init__(Message("catalog_store.item_taken", {"key": key}))


class PriceBookTaken(Conflict):
    """The price book of that name and version has other content."""

    code = "price_book_taken"

    def __init__(self, name: str, version: str) -> None:
        super().__init__(
            Message("catalog_store.price_book_taken", {"name": name, "version": version}),
            hint=Message("catalog_store.price_book_taken_hint"),
        )
