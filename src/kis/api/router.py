"""The roll-call of the routes. Adding an area is one line here and its module in ``routes``."""

from typing import Final

from fastapi import APIRouter

from kis.api.routes import catalog, operations, price_books, rulebooks

AREAS: Final[tuple[APIRouter, ...]] = (
    catalog.router,
    price_books.router,
    rulebooks.router,
    operations.router,
)
"""Every area's router, in the order of the contract."""
