"""The accessories of a panel, the breakers that SPDs bring, and the empty ways."""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from kis.catalog import Accessory, BreakerKind, Catalog
from kis.estimator.findings import Severity
from kis.estimator.problem import (
    Device,
    FittedAccessory,
    SpareWay,
)
from kis.estimator.request import BranchRequest
from kis.estimator.stages.selecting import Work, find_breaker
from kis.platform.messages import Message

DEFAULT_CONTACTOR: Final = "MC-22"
"""Taken, with a warning, where a request asks for a contactor without its model."""


def accessories_of(work: Work) -> Iterator[FittedAccessory]:
    """Yield every accessory piece; a timer brings its push buttons, and push buttons stand only with a contactor (rule pricing.timer_brings_push_button)."""
    numbers: Counter[str] = Counter()
    asked = {item.kind.value for item in work.panel.accessories}
    lines: list[tuple[str, str | None, int, str]] = [
        (item.kind.value, item.model, item.quantity, f"{work.path}.accessories[{i}]")
        for i, item in enumerate(work.panel.accessories)
    ]
    timers = {"timer_24h", "timer_sunset"} & asked
    if (
        work.rules.pricing.timer_brings_push_button.value
        and timers
        and "magnetic_contactor" in asked
        and "push_button" not in asked
    ):
        lines.append(("push_button", None, 1, f"{work.path}.accessories"))
    for kind, model, quantity, where in lines:
        if kind == "push_button" and "magnetic_contactor" not in asked:
            work.say("push_button_alone", Severity.WARNING, where, "pricing.timer_brings_push_button")
            continue
        part = _fitted_part(work, kind, model, where)
        if part is None:
            work.missing += quantity
            continue
        shown = model or (DEFAULT_CONTACTOR if kind == "magnetic_contactor" else part.model)
        for _ in range(quantity):
            numbers[kind] += 1
            yield FittedAccessory(id=f"{kind}{numbers[kind]}", kind=kind, model=shown, part=part)


def _fitted_part(work: Work, kind: str, model: str | None, where: str) -> Accessory | None:
    """Return the catalogue row of an accessory, saying what was assumed, is missing or is unverified."""
    wanted = model
    if kind == "magnetic_contactor" and model is None:
        wanted = DEFAULT_CONTACTOR
        work.say("contactor_assumed", Severity.WARNING, f"{where}.model", "selection.order", model=wanted)
    part, item = _accessory_part(work.catalog, kind, wanted), Message(f"lines.{kind}")
    if part is None:
        values = {"item": item, "model": wanted or ""}
        work.say("no_such_accessory", Severity.VIOLATION, where, "selection.order", **values)
    elif part.width_mm is None or part.depth_mm is None:
        work.say("accessory_unverified", Severity.WARNING, where, "enclosure.door_clearance", item=item)
    return part


def _accessory_part(catalog: Catalog, kind: str, model: str | None) -> Accessory | None:
    rows = [part for part in catalog.accessories if part.kind == kind]
    if model is None:
        return rows[0] if rows else None
    return next((part for part in rows if part.covers(model)), None)


def spd_breakers(work: Work, accessories: Sequence[FittedAccessory]) -> list[Device]:
    """Return the breaker each SPD brings: a branch for rows, cards and earth terminals, with no load (rule selection.spd_breaker)."""
    rule = work.rules.selection.spd_breaker.value
    poles = rule.poles_by_supply[work.network.supply.value]
    devices: list[Device] = []
    for number, item in enumerate(accessory for accessory in accessories if accessory.kind == "spd"):
        line = BranchRequest(kind=rule.kind, poles=poles, rating_a=rule.rating_a, load="SPD", spd=True)
        where = f"{work.path}.accessories.{item.id}"
        breaker = find_breaker(
            work, line, where, BreakerKind(rule.kind), work.network.line_voltage, modular=False
        )
        if breaker is None:
            continue
        devices.append(
            Device(
                id=f"spd{number}",
                breaker=breaker,
                rating_a=rule.rating_a,
                load="SPD",
                connected=len(work.network.phases),
                phase_load_va=Fraction(0),
                given_va=None,
                fixed=None,
                position=None,
                main=0,
                is_spare=False,
                is_spd=True,
                circuit_voltage=work.network.line_voltage,
            )
        )
    return devices


def spare_ways_of(work: Work, devices: Sequence[Device]) -> tuple[SpareWay, ...]:
    """Return the empty ways, each shaped like the most frequent 1–2 pole branch (of any branch where there is none so small)."""
    if not work.panel.spare_ways:
        return ()
    small = [device for device in devices if device.breaker.poles <= 2] or list(devices)
    if not small:
        work.say("spare_without_branch", Severity.WARNING, f"{work.path}.spare_ways", "selection.order")
        return ()
    frequency = Counter(
        (device.main, device.breaker.model, device.breaker.sensitivity_ma) for device in small
    )
    most = max(frequency.values())
    pattern = next(
        device
        for device in small
        if frequency[(device.main, device.breaker.model, device.breaker.sensitivity_ma)] == most
    )
    return tuple(
        SpareWay(id=f"E{number:02d}", breaker=pattern.breaker, main=pattern.main)
        for number in range(1, work.panel.spare_ways + 1)
    )
