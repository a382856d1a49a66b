"""Price books: dated lists of unit prices. A sent quotation keeps the book it was made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One entry: what a unit of ``key`` costs. Keys are ``breaker:MODEL`` (``breaker:MODEL/15mA`` where the sensitivity sets the price),
    ``enclosure:MODEL``, ``custom:SERIES`` (won per 평, that is per 90,000 mm² of front), ``accessory:KIND`` or ``accessory:KIND/MODEL``, ``item:NAME``.
    """

    key: str
    unit_price: Decimal
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBook:
    """A dated list of prices in one currency. ``illustrative`` books must say so on everything made from them."""

    id: str
    version: str
    title: Mapping[str, str]
    """Title by locale (ko, en)."""
    currency: str
    valid_from: date
    valid_to: date | None
    illustrative: bool
    digest: str
    prices: Mapping[str, Price]

    def find(self, key: str) -> Price | None:
        """Return the entry of ``key``, or None when the book does not hold it."""
        return self.prices.get(key)
