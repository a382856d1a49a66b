"""Requests the tests estimate, and short ways to read the answers.

``GOLDEN`` holds the golden cases G1 … G18 of the engineering rules. A request is estimated once however many tests look at it.
"""

import json
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Final

from kis.catalog import Catalog, PriceBook, load_catalog, load_price_book
from kis.estimator import Estimate, Gate, PanelEstimate, Rulebook, estimate, load_rulebook, output_of
from kis.estimator.checks import BusbarReport, HeatReport
from kis.estimator.design import PanelDesign
from kis.estimator.findings import Finding
from kis.estimator.pricing.line import Line

SANGDO: Final = "Sangdo"
LS: Final = "LS ELECTRIC"

KEPT: Final = 256
"""So many estimates are kept for other tests that look at the same request."""

Block = dict[str, Any]


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


@cache
def catalog() -> Catalog:
    return load_catalog()


@cache
def price_book(currency: str) -> PriceBook:
    return load_price_book(None, currency, date(2026, 11, 20))


def main(rating_a: int, poles: int = 4, **more: Any) -> Block:
    """Return an incoming MCCB."""
    return {"kind": "MCCB", "poles": poles, "rating_a": rating_a, **more}


def mccb(poles: int, rating_a: int, quantity: int = 1, **more: Any) -> Block:
    return {"kind": "MCCB", "poles": poles, "rating_a": rating_a, "quantity": quantity, **more}


def elb(poles: int, rating_a: int, quantity: int = 1, **more: Any) -> Block:
    return {"kind": "ELB", "poles": poles, "rating_a": rating_a, "quantity": quantity, **more}


def accessory(kind: str, quantity: int = 1, **more: Any) -> Block:
    return {"kind": kind, "quantity": quantity, **more}


def contactors(quantity: int, model: str = "MC-22") -> Block:
    return accessory("magnetic_contactor", quantity, model=model)


def panel(*branches: Block, make: str | None = SANGDO, rating_a: int = 100, **more: Any) -> Block:
    """Return a panel: a 4-pole main of 100 A and these branches, where nothing else is said."""
    return {"name": "LP-1", "make": make, "mains": [main(rating_a)], "branches": list(branches), **more}


def request(*panels: Block, **terms: Any) -> Block:
    return {
        "customer": {"name": "한빛전설"},
        "project": "사무동 전등 분전반",
        "panels": list(panels),
        **terms,
    }


def quoted(*panels: Block, **terms: Any) -> Estimate:
    """Return the estimate of a request."""
    return _quoted(json.dumps(request(*panels, **terms)))


def answered(*panels: Block, **terms: Any) -> Block:
    """Return the estimate of a request as the program prints it."""
    return _answered(json.dumps(request(*panels, **terms)))


def estimated(wanted: Block) -> PanelEstimate:
    """Return the only panel of an estimate."""
    (only,) = quoted(wanted).panels
    return only


def shown(wanted: Block) -> Block:
    """Return the only panel as the program prints it."""
    (only,) = answered(wanted)["panels"]
    return dict(only)


def designed(wanted: Block) -> PanelDesign:
    """Return the design of a panel that has one."""
    design = estimated(wanted).state.design
    assert design is not None, [gate.explanation.text("en") for gate in estimated(wanted).gates]
    return design


def heat_of(wanted: Block) -> HeatReport:
    criticism = estimated(wanted).state.criticism
    assert criticism is not None
    return criticism.heat


def busbars_of(wanted: Block) -> tuple[BusbarReport, ...]:
    criticism = estimated(wanted).state.criticism
    assert criticism is not None
    return criticism.busbars


def gate(wanted: Block, name: str) -> Gate:
    """Return the gate of that id."""
    (found,) = [item for item in estimated(wanted).gates if item.id == name]
    return found


def verdicts(wanted: Block) -> dict[str, str]:
    """Return the verdicts of a panel's gates that are not simply a pass."""
    return {item.id: item.verdict.value for item in estimated(wanted).gates if item.verdict != "pass"}


def findings(wanted: Block, code: str) -> tuple[Finding, ...]:
    """Return what selection, enclosure and critic found under that code (or below it)."""
    state = estimated(wanted).state
    said = [
        stage.findings for stage in (state.selection, state.outcome, state.criticism) if stage is not None
    ]
    return tuple(
        item
        for items in said
        for item in items
        if item.code == code or item.code.startswith((f"{code}.", f"{code}_"))
    )


def lines(wanted: Block, kind: str) -> tuple[Line, ...]:
    return tuple(item for item in estimated(wanted).lines if item.kind == kind)


def line(wanted: Block, kind: str) -> Line:
    """Return the only line of that kind."""
    (only,) = lines(wanted, kind)
    return only


def quantity(wanted: Block, kind: str) -> Decimal:
    """Return how many of a kind are quoted, 0 where there is no such line."""
    return sum((item.quantity for item in lines(wanted, kind)), Decimal(0))


def amount(wanted: Block, kind: str) -> int:
    """Return the won of all lines of a kind."""
    return int(sum((item.amount for item in lines(wanted, kind)), Decimal(0)))


def together(*values: object) -> tuple[object, ...]:
    """Return figures to be compared in one line; whole numbers, decimals and fractions are equal by value."""
    return values


def models(wanted: Block) -> dict[str, int]:
    """Return how many of each branch model there are."""
    counted: dict[str, int] = {}
    for row in shown(wanted)["branches"]:
        counted[row["model"]] = counted.get(row["model"], 0) + row["quantity"]
    return counted


@lru_cache(maxsize=KEPT)
def _quoted(written: str) -> Estimate:
    return estimate(json.loads(written))


@lru_cache(maxsize=KEPT)
def _answered(written: str) -> Block:
    return output_of(_quoted(written), trace_id="trace", created_at="2026-11-20T00:00:00Z")


GOLDEN: Final[dict[str, Block]] = {
    "G1": panel(elb(2, 20, 10)),
    "G2": panel(elb(2, 20, 12)),
    "G3": panel(elb(2, 20, 20)),
    "G4": panel(elb(2, 20, 28)),
    "G5": panel(mccb(4, 50, 4), elb(4, 30, 4), elb(2, 20, 10), rating_a=225),
    "G6": panel(mccb(4, 225, 2), mccb(4, 150, 2), mccb(3, 100, 4), rating_a=400),
    "G7": panel(mccb(4, 400, 2), mccb(4, 250, 4), rating_a=800),
    "G8": panel(
        mccb(3, 30, 6),
        elb(2, 20, 6),
        accessories=[contactors(6), accessory("timer_24h", 2), accessory("push_button")],
    ),
    "G9": panel(elb(2, 50, 6), elb(2, 20, 2), make=LS, accessories=[accessory("meter_1ph", 6)]),
    "G10": panel(elb(2, 20, 9), elb(4, 30, 2), make=LS, accessories=[accessory("spd")]),
    "G11": panel(elb(2, 20, 4), make=LS, rating_a=50, mounting="pole"),
    "G12": panel(rating_a=225),
    "G13": panel(elb(2, 20, 40), elb(2, 30, 14), mccb(3, 50, 6), rating_a=225),
    "G14": panel(elb(2, 20, 90), elb(2, 30, 20), mccb(4, 50, 10), rating_a=400),
    "G15": panel(mccb(2, 20, 10), mccb(2, 50)),
    "G16": panel(
        elb(2, 20, 10, load="전등"),
        mccb(3, 30, 2, load="동력", load_va=12000, demand_factor=0.8),
        {"model": "SBC-52", "rating_a": 40, "phase": "S"},
        accessories=[accessory("spd"), contactors(2), accessory("timer_24h")],
        spare_ways=2,
        limits={"height_mm": 1500},
    ),
    "G17": panel(elb(2, 20, 10), mccb(2, 40, 2), make=LS, short_circuit_ka=10),
    "G18": panel(
        elb(2, 20, 6, load_va=2200),
        elb(2, 20, 4, load_va=1500),
        elb(2, 20, 2, load_va=3000),
        elb(2, 30, 1, load_va=4000),
        make=LS,
        rating_a=75,
        mounting="recessed",
    ),
}
