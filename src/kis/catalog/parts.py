"""What exists: the parts a panel is built from, each figure with where it comes from.

All lengths are whole millimetres. ``*_source`` says who stands behind a figure; ``unverified`` and ``assumed`` figures are shown as such.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

UNVERIFIED: Final = frozenset({"unverified", "assumed"})
"""Source marks of figures nobody has read off a maker's sheet."""


class BreakerKind(StrEnum):
    """Moulded-case breaker (배선용) or earth-leakage breaker (누전)."""

    MCCB = "MCCB"
    ELB = "ELB"


class Grade(StrEnum):
    """Series of a maker: the trade's 소형, 콤팩트, 경제형, 표준형, and modular (DIN-rail) devices."""

    SMALL = "small"
    COMPACT = "compact"
    ECONOMY = "economy"
    STANDARD = "standard"
    MODULAR = "modular"


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """One catalogue row: a model with its outline, ratings and breaking capacity.

    ``front_mm`` is what stands in front of the mounting plate, handle included. ``icu_ka`` holds at ``icu_at_v`` volts; a figure without its voltage
    (``icu_at_v`` None) is unverified, and ``icu_ka`` None means nobody has declared one. ``sensitivity_ma`` belongs to ELBs alone.
    """

    model: str
    make: str
    kind: BreakerKind
    grade: Grade
    frame_af: int
    poles: int
    width_mm: int
    height_mm: int
    depth_mm: int
    front_mm: int
    ratings_a: tuple[int, ...]
    icu_ka: Decimal | None
    icu_at_v: int | None
    sensitivity_ma: int | None
    outline_source: str
    icu_source: str
    front_source: str
    ratings_source: str = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """One box of a standard series. ``ip`` None means the maker has not declared it."""

    series: str
    model: str
    mounting: str
    material: str
    sheet_mm: Decimal
    width_mm: int
    height_mm: int
    depth_mm: int
    depth_source: str
    ip: int | None
    ip_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accessory:
    """One accessory row. A dimension nobody has published is None, and whatever rests on it is marked unverified.

    ``model`` of a contactor is a range such as ``MC-9..22``: :meth:`covers` tells whether a named model belongs to it.
    """

    kind: str
    model: str
    width_mm: int | None
    height_mm: int | None
    depth_mm: int | None
    size_class: str | None
    source: str

    def covers(self, model: str) -> bool:
        """Tell whether ``model`` (as written by a customer: ``MC-22``, ``mc 22b``) is this row or inside its range."""
        wanted, own = _plain(model), _plain(self.model)
        if wanted == own:
            return True
        series = _RANGE.fullmatch(own)
        named = _NUMBERED.fullmatch(wanted)
        if series is None or named is None or named["prefix"] != series["prefix"]:
            return False
        return int(series["first"]) <= int(named["number"]) <= int(series["last"])


@dataclass(frozen=True, slots=True, kw_only=True)
class PoleLoss:
    """Heat of one pole at its rated current. ``stand_in`` is true when the figure is another maker's."""

    family: str
    rating_a: int
    loss_w: Decimal
    stand_in: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """Everything that exists, in file order. ``version`` names the edition; ``digest`` is the SHA-256 over its files (name and bytes)."""

    version: str
    digest: str
    breakers: tuple[Breaker, ...]
    enclosures: tuple[Enclosure, ...]
    accessories: tuple[Accessory, ...]
    losses: Mapping[str, tuple[PoleLoss, ...]]
    """Losses by family, ascending rating."""

    def makes(self) -> tuple[str, ...]:
        """Return the breaker makers in the order they first appear."""
        return tuple(dict.fromkeys(breaker.make for breaker in self.breakers))


_RANGE: Final = re.compile(r"(?P<prefix>.*?)(?P<first>[0-9]{1,6})\.\.(?P<last>[0-9]{1,6})")
_NUMBERED: Final = re.compile(r"(?P<prefix>.*?)(?P<number>[0-9]{1,6})[AB]?")


def _plain(model: str) -> str:
    return model.upper().replace(" ", "").replace("-", "")
