"""Catalogues and price books of a few boxes, and what the stage chooses from them.

The panel is a main of 100 A and nothing else. Up to a front of 337,500 mm² all that depends on the box beside the box itself is
34,000 won: cover 12,000 (its least), sundries 7,000, assembly 15,000.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from kis.catalog import Enclosure, Price
from kis.estimator.design import ChosenEnclosure
from kis.estimator.findings import Gate
from kis.estimator.layout.plans import Arrangement
from kis.estimator.pricing.line import LineMaker
from kis.estimator.pricing.money import open_till
from kis.estimator.request import EstimateRequest
from kis.estimator.stages.enclosure import EnclosureOutcome, choose_enclosure
from tests.factories import drawings, panels
from tests.factories.designs import arrangement

OTHERS = 34_000
DEAR = 90_000
"""A price per 평 that keeps custom boxes from being chosen."""


def box(model: str, width_mm: int, height_mm: int, depth_mm: int = 150, **changes: Any) -> Enclosure:
    own = Enclosure(
        series="HDS",
        model=model,
        mounting="indoor surface",
        material="steel",
        sheet_mm=Decimal("1.6"),
        width_mm=width_mm,
        height_mm=height_mm,
        depth_mm=depth_mm,
        depth_source="maker-catalogue",
        ip=44,
        ip_source="maker-catalogue",
    )
    return replace(own, **changes)


def plan(width_mm: int, height_mm: int, depth_mm: int = 150, columns: int = 1) -> Arrangement:
    """Return an arrangement that needs so much; its geometry is 5 mm less in width and 6 in depth."""
    return replace(
        arrangement(((),) * columns),
        width_mm=width_mm,
        width_geometry_mm=width_mm - 5,
        height_mm=height_mm,
        depth_mm=depth_mm,
        depth_geometry_mm=depth_mm - 6,
    )


def outcome(
    plans: Sequence[Arrangement],
    boxes: Sequence[Enclosure],
    prices: Mapping[str, int],
    *,
    custom: int | None = DEAR,
    wanted_ip: int = 44,
    enclosure: Mapping[str, Any] | None = None,
    **request: Any,
) -> EnclosureOutcome:
    """Choose among ``boxes`` at ``prices`` and custom boxes at ``custom`` won per 평 and any depth."""
    listed = {f"enclosure:{model}": won for model, won in prices.items()}
    if custom is not None:
        listed |= {f"custom:{series}/600": custom for series in ("HDS", "HX")}
    entries = {
        key: Price(key=key, unit_price=Decimal(won), unit="EA", source="test") for key, won in listed.items()
    }
    book = replace(panels.price_book("KRW"), prices=entries)
    wanted = EstimateRequest.model_validate(panels.request(panels.panel()))
    return choose_enclosure(
        drawings.problem(devices=(), request=drawings.request(**request), wanted_ip=wanted_ip),
        plans,
        replace(panels.catalog(), enclosures=tuple(boxes)),
        LineMaker(open_till(wanted, book, panels.rulebook())),
        drawings.rules_with("enclosure", **(enclosure or {})),
    )


def chosen(found: EnclosureOutcome) -> ChosenEnclosure:
    assert found.enclosure is not None
    return found.enclosure


def gate(found: EnclosureOutcome, name: str) -> Gate:
    (only,) = [item for item in found.gates if item.id == name]
    return only
