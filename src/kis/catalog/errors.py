"""Errors of the catalogue.

NotFound
├── CatalogNotFound          there is no catalogue folder or file at the place named
├── PriceBookNotFound        no shipped price book is in that currency and valid on that day
└── PriceBookNotApplicable   the price book named is in another currency, or not valid on that day

What is wrong *inside* a file is a BadInput that names every fault with file, line and column.
"""

from kis.platform.errors import NotFound


class CatalogNotFound(NotFound):
    """There is no catalogue where the caller said."""

    code = "catalog_not_found"


class PriceBookNotFound(NotFound):
    """No price book fits the currency and the day."""

    code = "price_book_not_found"


class PriceBookNotApplicable(NotFound):
    """The price book named by the caller must not be used for this currency or day."""

    code = "price_book_not_applicable"
