"""The catalogue in the database: parts people search and add to, price books, and the editions quotations were made from."""

from kis.catalog.store.editions import Edition, edition_of, shipped_edition
from kis.catalog.store.errors import ItemTaken, NoSuchItem, NoSuchPriceBook, PriceBookTaken, ShippedReadOnly
from kis.catalog.store.exporting import CatalogForm, ExportedFile
from kis.catalog.store.finding import FindablePart, HeldPart, findable_parts, held_parts
from kis.catalog.store.price_books import (
    PriceBookHead,
    PriceBooks,
    find_price_book,
    own_price_book_on,
)
from kis.catalog.store.repository import ITEM_COLUMNS, ItemQuery
from kis.catalog.store.rows import part_of
from kis.catalog.store.service import KINDS, CatalogItems, ImportReport, Item, ItemPage
from kis.platform.database import Database


class CatalogStore:
    """The catalogue's services over one database."""

    def __init__(self, database: Database) -> None:
        self.items = CatalogItems(database)
        self.price_books = PriceBooks(database)

    async def install(self) -> None:
        """Lay down what is shipped (parts, edition, price books), at the first start and after an upgrade. Idempotent."""
        await self.items.install()
        await self.price_books.install()


__all__ = [
    "ITEM_COLUMNS",
    "KINDS",
    "CatalogForm",
    "CatalogItems",
    "CatalogStore",
    "Edition",
    "ExportedFile",
    "FindablePart",
    "HeldPart",
    "ImportReport",
    "Item",
    "ItemPage",
    "ItemQuery",
    "ItemTaken",
    "NoSuchItem",
    "NoSuchPriceBook",
    "PriceBookHead",
    "PriceBookTaken",
    "PriceBooks",
    "ShippedReadOnly",
    "edition_of",
    "find_price_book",
    "findable_parts",
    "held_parts",
    "own_price_book_on",
    "part_of",
    "shipped_edition",
]
