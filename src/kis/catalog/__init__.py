"""What exists: parts with their sources, and dated price books."""

from kis.catalog.diff import Change, ChangeKind, diff_catalogs, diff_price_books
from kis.catalog.errors import CatalogNotFound, PriceBookNotApplicable, PriceBookNotFound
from kis.catalog.exporter import export_catalog, workbook_bytes
from kis.catalog.importer import import_catalog
from kis.catalog.lint import CatalogFinding, Severity, lint, lint_prices, row_key
from kis.catalog.loader import catalog_files, catalog_from_files, load_catalog
from kis.catalog.parts import (
    UNVERIFIED,
    Accessory,
    Breaker,
    BreakerKind,
    Catalog,
    Enclosure,
    Grade,
    PoleLoss,
)
from kis.catalog.price_books import (
    check_price_book,
    load_price_book,
    open_price_book,
    price_book_bytes,
    price_book_from_bytes,
    shipped_price_books,
)
from kis.catalog.prices import (
    CURRENCY_DECIMALS,
    SHOP_ITEMS,
    STEPPED_SHOP_ITEMS,
    Price,
    PriceBook,
    accessory_keys,
    breaker_keys,
    enclosure_key,
)
from kis.catalog.sources import source_name
from kis.catalog.uploads import FileForm, file_label, form_of

__all__ = [
    "CURRENCY_DECIMALS",
    "SHOP_ITEMS",
    "STEPPED_SHOP_ITEMS",
    "UNVERIFIED",
    "Accessory",
    "Breaker",
    "BreakerKind",
    "Catalog",
    "CatalogFinding",
    "CatalogNotFound",
    "Change",
    "ChangeKind",
    "Enclosure",
    "FileForm",
    "Grade",
    "PoleLoss",
    "Price",
    "PriceBook",
    "PriceBookNotApplicable",
    "PriceBookNotFound",
    "Severity",
    "accessory_keys",
    "breaker_keys",
    "catalog_files",
    "catalog_from_files",
    "check_price_book",
    "diff_catalogs",
    "diff_price_books",
    "enclosure_key",
    "export_catalog",
    "file_label",
    "form_of",
    "import_catalog",
    "lint",
    "lint_prices",
    "load_catalog",
    "load_price_book",
    "open_price_book",
    "price_book_bytes",
    "price_book_from_bytes",
    "row_key",
    "shipped_price_books",
    "source_name",
    "workbook_bytes",
]
