"""The roll-call of the routes. Adding an area is one line here and its module in ``routes``."""

from typing import Final

from fastapi import APIRouter

AREAS: Final[tuple[APIRouter, ...]] = ()
"""Every area's router, in the order of the contract."""
