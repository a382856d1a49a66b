"""The roll-call of the routes. Adding an area is one line here and its module in ``routes``."""

from typing import Final

from fastapi import APIRouter

from kis.api.routes import operations

AREAS: Final[tuple[APIRouter, ...]] = (operations.router,)
"""Every area's router, in the order of the contract."""
