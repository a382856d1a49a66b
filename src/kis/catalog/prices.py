"""Price books: dated lists of unit prices. A sent quotation keeps the book it was made from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from kis.catalog.parts import Accessory, Breaker, Enclosure

CURRENCY_DECIMALS: Final[Mapping[str, int]] = {"KRW": 0, "USD": 2}
"""Currencies a price book may be in, and how many decimals their prices have."""

SHOP_ITEMS: Final[tuple[str, ...]] = (
    "item:neutral_terminal",
    "item:card_holder",
    "item:name_plate",
    "item:elb_support",
    "item:fuse_holder",
    "item:terminal_block",
    "item:pvc_duct",
    "item:pole_mount",
    "item:wire_set",
    "item:wire_set_small",
    "item:copper_kg",
)
"""What the rules of the shop put on a quotation besides catalogue parts; a usable book prices each."""

STEPPED_SHOP_ITEMS: Final[tuple[str, ...]] = ("item:earth_terminal", "item:coating", "item:insulator")
"""The same, priced in steps of the main breaker's frame: ``item:coating/250`` holds for a main up to 250 AF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """One entry: what a unit of ``key`` costs.

    Keys are ``breaker:MODEL`` (``breaker:MODEL/15mA`` where the sensitivity sets the price), ``enclosure:MODEL``,
    ``custom:SERIES/DEPTH`` (per 평, that is per 90,000 mm² of front, of a box up to that depth), ``accessory:KIND`` or
    ``accessory:KIND/MODEL``, ``item:NAME`` or ``item:NAME/FRAME`` (for a main up to that frame).
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
    """The last day the prices hold; None while nothing has replaced them."""
    illustrative: bool
    digest: str
    prices: Mapping[str, Price]

    def find(self, key: str) -> Price | None:
        """Return the entry of ``key``, or None when the book does not hold it."""
        return self.prices.get(key)

    def find_first(self, keys: Iterable[str]) -> Price | None:
        """Return the entry of the first of ``keys`` that the book holds."""
        return next((self.prices[key] for key in keys if key in self.prices), None)

    def find_step(self, name: str, size: int) -> Price | None:
        """Return the entry ``name/STEP`` of the smallest step that is not below ``size``."""
        steps = (key.removeprefix(f"{name}/") for key in self.prices if key.startswith(f"{name}/"))
        reaching = [int(step) for step in steps if step.isdecimal() and int(step) >= size]
        return self.prices[f"{name}/{min(reaching)}"] if reaching else None

    def find_custom_rate(self, series: str, depth_mm: int) -> Price | None:
        """Return the price per 평 of a box of ``series`` made to measure, without the surcharge of the rules."""
        return self.find_step(f"custom:{series}", depth_mm)

    def is_valid_on(self, day: date) -> bool:
        """Tell whether the prices hold on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def breaker_keys(breaker: Breaker) -> tuple[str, ...]:
    """Return the keys under which a book may price ``breaker``, the most particular first."""
    plain = f"breaker:{breaker.model}"
    return (plain,) if breaker.sensitivity_ma is None else (f"{plain}/{breaker.sensitivity_ma}mA", plain)


def enclosure_key(enclosure: Enclosure) -> str:
    """Return the key under which a book prices ``enclosure``."""
    return f"enclosure:{enclosure.model}"


def accessory_keys(accessory: Accessory) -> tuple[str, ...]:
    """Return the keys under which a book may price ``accessory``; small parts of a bundle are priced as shop items."""
    kind = accessory.kind
    return (f"accessory:{kind}/{accessory.model}", f"accessory:{kind}", f"item:{kind}")
