"""Stage selection: every line of the request becomes a device of the catalogue, or a reason why not (rules ``selection.*``)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Final

from kis.catalog import Accessory, Breaker, BreakerKind, Catalog, Grade
from kis.estimator.findings import Finding, Severity
from kis.estimator.naming import decode
from kis.estimator.problem import (
    Device,
    FittedAccessory,
    MainDevice,
    Network,
    PanelProblem,
    Position,
    SpareWay,
)
from kis.estimator.request import BranchRequest, MainRequest, PanelRequest, Supply
from kis.estimator.request_forms import POSITION
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.choice import Wanted, by_model, choose, nearest
from kis.platform.messages import Message

DEFAULT_CONTACTOR: Final = "MC-22"
"""Taken, with a warning, where a request asks for a contactor without its model."""

_BARS: Final = {
    Supply.THREE_PHASE_FOUR_WIRE: (("R", "S", "T"), ("R", "S", "T", "N")),
    Supply.THREE_PHASE_THREE_WIRE: (("R", "S", "T"), ("R", "S", "T")),
    Supply.SINGLE_PHASE_THREE_WIRE: (("L1", "L2"), ("L1", "N", "L2")),
    Supply.SINGLE_PHASE_TWO_WIRE: (("L",), ("L", "N")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The chosen parts of one panel. ``problem`` is None when something could not be had; ``missing`` counts those lines."""

    problem: PanelProblem | None
    findings: tuple[Finding, ...]
    missing: int
    unnamed_mains: int
    makes: tuple[str, ...]


@dataclass(slots=True)
class _Work:
    """The state of one selection: what was asked, what is known, what was found so far."""

    index: int
    panel: PanelRequest
    catalog: Catalog
    rules: Rulebook
    network: Network
    make: str
    findings: list[Finding] = field(default_factory=list)
    missing: int = 0

    @property
    def path(self) -> str:
        return f"panels[{self.index}]"

    def say(self, code: str, severity: Severity, where: str, rule: str, **values: object) -> None:
        """Record a finding at ``where`` in the request."""
        message = Message(f"selection.{code}", values)
        self.findings.append(
            Finding(code=f"selection.{code}", severity=severity, message=message, rule=rule, where=where)
        )


def select(panel: PanelRequest, index: int, catalog: Catalog, rules: Rulebook) -> Selection:
    """Choose every part of ``panel``; what cannot be had is named with its nearest alternatives."""
    network = network_of(panel.supply, rules)
    work = _Work(
        index=index, panel=panel, catalog=catalog, rules=rules, network=network, make=panel.make or ""
    )
    if not work.make:
        work.make = _make_of_named_model(panel, catalog) or catalog.makes()[0]
        work.say("make_assumed", Severity.WARNING, f"{work.path}.make", "selection.order", make=work.make)
    mains = tuple(_mains(work))
    drafts = [
        device for number, branch in enumerate(panel.branches) for device in _branch(work, number, branch)
    ]
    accessories = tuple(_accessories(work))
    drafts += _spd_breakers(work, accessories)
    devices = _numbered(drafts)
    unnamed = (
        sum(branch.quantity for branch in panel.branches if branch.main is None)
        if len(panel.mains) > 1
        else 0
    )
    if unnamed:
        work.say(
            "main_not_named", Severity.VIOLATION, f"{work.path}.branches", "selection.order", count=unnamed
        )
    if panel.short_circuit_ka is None:
        work.say(
            "no_breaking_capacity_wanted",
            Severity.WARNING,
            f"{work.path}.short_circuit_ka",
            "selection.breaking_capacity",
        )
    makes = tuple(
        dict.fromkeys([*(main.breaker.make for main in mains), *(device.breaker.make for device in devices)])
    )
    problem = None
    if not work.missing and mains:
        problem = PanelProblem(
            index=index,
            request=panel,
            network=network,
            mains=mains,
            devices=devices,
            spare_ways=_spare_ways(work, devices),
            accessories=accessories,
            wanted_ip=_wanted_ip(panel, rules),
            short_circuit_ka=panel.short_circuit_ka,
        )
    return Selection(
        problem=problem,
        findings=tuple(work.findings),
        missing=work.missing,
        unnamed_mains=unnamed,
        makes=makes,
    )


def network_of(supply: Supply, rules: Rulebook) -> Network:
    """Return the lines and voltages of a supply."""
    phases, bars = _BARS[supply]
    return Network(
        supply=supply,
        phases=phases,
        bars=bars,
        phase_voltage=rules.phases.phase_voltage.value[supply.value],
        line_voltage=rules.phases.line_voltage.value[supply.value],
    )


def _make_of_named_model(panel: PanelRequest, catalog: Catalog) -> str | None:
    lines: list[MainRequest | BranchRequest] = [*panel.mains, *panel.branches]
    named = (by_model(line.model, line.rating_a, None, catalog) for line in lines if line.model is not None)
    return next((rows[0].make for rows in named if rows), None)


def _wanted_ip(panel: PanelRequest, rules: Rulebook) -> int:
    """Return the IP the box must have: the wanted digits, each at least the floor of the mounting."""
    enclosure = rules.enclosure
    outdoor = enclosure.series.value[panel.mounting.value].outdoor
    floor = (enclosure.ip_floor_outdoor if outdoor else enclosure.ip_floor_indoor).value
    wanted = panel.ip if panel.ip is not None else floor
    return 10 * max(wanted // 10, floor // 10) + max(wanted % 10, floor % 10)


def _mains(work: _Work) -> Iterator[MainDevice]:
    for number, main in enumerate(work.panel.mains):
        where = f"{work.path}.mains[{number}]"
        voltage = work.network.line_voltage
        breaker = _find(work, main, where, main.kind, voltage, modular=False)
        if breaker is not None:
            yield MainDevice(
                id=f"M{number + 1}",
                name=main.name or f"M{number + 1}",
                breaker=breaker,
                rating_a=main.rating_a,
            )


def _find(
    work: _Work,
    line: MainRequest | BranchRequest,
    where: str,
    kind: BreakerKind | None,
    voltage: int,
    *,
    modular: bool,
) -> Breaker | None:
    """Return the breaker of a request line, by its model name or by the selection rules; None with a finding where there is none."""
    sensitivity = getattr(line, "sensitivity_ma", None) or work.rules.selection.default_sensitivity.value
    if line.model is not None:
        return _named(work, line, where, kind, sensitivity)
    if kind is None or line.poles is None:
        return None
    wanted = Wanted(
        kind=kind,
        poles=line.poles,
        rating_a=line.rating_a,
        make=line.make or work.make,
        frame_af=line.frame_af,
        asked_grade=Grade(line.grade) if line.grade else None,
        panel_grade=Grade(work.panel.grade),
        sensitivity_ma=sensitivity,
        breaking_ka=work.panel.short_circuit_ka,
        voltage=voltage,
        modular=modular,
    )
    breaker = choose(wanted, work.catalog, work.rules)
    if breaker is None:
        _say_missing(work, wanted, where, line)
    return breaker


def _say_missing(work: _Work, wanted: Wanted, where: str, line: MainRequest | BranchRequest) -> None:
    work.missing += getattr(line, "quantity", 1)
    found = nearest(wanted, work.catalog, work.rules)
    nearest_text = (
        tuple(
            Message(
                "selection.alternative",
                {"model": item.breaker.model, "poles": item.breaker.poles, "rating_a": item.rating_a},
            )
            for item in found
        )
        if found
        else Message("selection.no_alternative")
    )
    work.say(
        "no_such_breaker",
        Severity.VIOLATION,
        where,
        "selection.nearest",
        make=wanted.make,
        kind=wanted.kind.value,
        poles=wanted.poles,
        rating_a=wanted.rating_a,
        frame="" if wanted.frame_af is None else f" {wanted.frame_af}AF",
        breaking="" if wanted.breaking_ka is None else f" {wanted.breaking_ka} kA",
        nearest=nearest_text,
    )


def _named(
    work: _Work, line: MainRequest | BranchRequest, where: str, kind: BreakerKind | None, sensitivity_ma: int
) -> Breaker | None:
    """Return the breaker a request names, after checking that the name agrees with the rest of the line."""
    model = line.model or ""
    rows = by_model(model, line.rating_a, sensitivity_ma, work.catalog)
    if not rows:
        decoded = decode(model)
        if decoded is None:
            says: Message = Message("selection.name_unreadable")
        else:
            values = {
                "make": decoded.make,
                "kind": decoded.kind.value,
                "frame_af": decoded.frame_af,
                "poles": decoded.poles,
            }
            says = Message("selection.name_reads", values)
        work.missing += getattr(line, "quantity", 1)
        work.say(
            "unknown_model", Severity.VIOLATION, f"{where}.model", "selection.order", model=model, says=says
        )
        return None
    breaker = rows[0]
    clashes: list[tuple[str, object, object]] = [
        (name, asked, had)
        for name, asked, had in (
            ("kind", kind.value if kind else None, breaker.kind.value),
            ("poles", line.poles, breaker.poles),
            ("make", line.make, breaker.make),
        )
        if asked is not None and asked != had
    ]
    if line.rating_a not in breaker.ratings_a:
        clashes.append(("rating_a", line.rating_a, "/".join(map(str, breaker.ratings_a))))
    for name, asked, had in clashes:
        work.say(
            "model_contradicts",
            Severity.VIOLATION,
            f"{where}.{name}",
            "selection.order",
            model=breaker.model,
            field=name,
            asked=asked,
            had=had,
        )
    if clashes:
        work.missing += getattr(line, "quantity", 1)
        return None
    return breaker


def _branch(work: _Work, number: int, branch: BranchRequest) -> Iterator[Device]:
    where = f"{work.path}.branches[{number}]"
    kind = BreakerKind(branch.kind) if branch.kind is not None else None
    poles: int | None = branch.poles
    if branch.model is not None and poles is None:
        rows = by_model(branch.model, branch.rating_a, None, work.catalog)
        poles = rows[0].poles if rows else None
    connected, voltage = _connection(work, branch, poles or 0)
    breaker = _find(work, branch, where, kind, voltage, modular=work.panel.style == "din_rail")
    if breaker is None:
        return
    given = None if branch.load_va is None else Fraction(branch.load_va) * Fraction(branch.demand_factor)
    device = Device(
        id="",
        breaker=breaker,
        rating_a=branch.rating_a,
        load=branch.load or "",
        connected=connected,
        phase_load_va=_phase_load(work.network, connected, branch, given),
        given_va=given,
        fixed=_fixed(work.network, branch.phase),
        position=_position(branch),
        main=_main_index(work.panel, branch),
        is_spare=branch.is_spare,
        is_spd=branch.spd,
        circuit_voltage=voltage,
    )
    for _ in range(branch.quantity):
        yield device


def _connection(work: _Work, branch: BranchRequest, poles: int) -> tuple[int, int]:
    """Return how many phases a branch loads and the voltage across it (spec: 2P between lines by ``voltage``)."""
    network = work.network
    if len(network.phases) == 1:
        return 1, network.phase_voltage
    if poles >= 3:
        return len(network.phases), network.line_voltage
    voltage = branch.voltage or work.rules.phases.default_two_pole_voltage.value[network.supply.value]
    if poles == 2 and voltage == network.line_voltage:
        return 2, network.line_voltage
    return 1, network.phase_voltage


def _phase_load(network: Network, connected: int, branch: BranchRequest, given: Fraction | None) -> Fraction:
    """Return the VA a branch puts on each phase it loads.

    Without a given load: AT × phase voltage, in full on every phase. A given VA is the branch's total: as it is on one phase, a third on each of three,
    and between two lines the current it makes times the phase voltage.
    """
    if branch.is_spare or branch.spd:
        return Fraction(0)
    if given is None:
        return Fraction(branch.rating_a * network.phase_voltage)
    if connected == 3:
        return given / 3
    if connected == 2:
        return given * Fraction(network.phase_voltage, network.line_voltage)
    return given


def _fixed(network: Network, phase: str | None) -> tuple[int, ...] | None:
    if phase is None or len(network.phases) == 1:
        return None
    if phase in network.phases:
        return (network.phases.index(phase),)
    if len(phase) == 2 and all(line in network.phases for line in phase):
        return tuple(network.phases.index(line) for line in phase)
    return None


def _position(branch: BranchRequest) -> Position | None:
    if branch.position is None:
        return None
    seat = POSITION.fullmatch(branch.position)
    if seat is None:
        raise AssertionError(branch.position)
    return Position(side=seat["side"], row=int(seat["row"]), column=int(seat["column"] or 1))


def _main_index(panel: PanelRequest, branch: BranchRequest) -> int:
    names = [main.name or f"M{number + 1}" for number, main in enumerate(panel.mains)]
    return names.index(branch.main) if branch.main in names else 0


def _accessories(work: _Work) -> Iterator[FittedAccessory]:
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


def _fitted_part(work: _Work, kind: str, model: str | None, where: str) -> Accessory | None:
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


def _spd_breakers(work: _Work, accessories: Sequence[FittedAccessory]) -> list[Device]:
    """Return the breaker each SPD brings: a branch for rows, cards and earth terminals, with no load (rule selection.spd_breaker)."""
    rule = work.rules.selection.spd_breaker.value
    poles = rule.poles_by_supply[work.network.supply.value]
    devices: list[Device] = []
    for number, item in enumerate(accessory for accessory in accessories if accessory.kind == "spd"):
        line = BranchRequest(kind=rule.kind, poles=poles, rating_a=rule.rating_a, load="SPD", spd=True)
        where = f"{work.path}.accessories.{item.id}"
        breaker = _find(work, line, where, BreakerKind(rule.kind), work.network.line_voltage, modular=False)
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


def _numbered(devices: Sequence[Device]) -> tuple[Device, ...]:
    """Return the devices in the canonical order with their numbers, so that the order of the request's lines changes nothing."""
    ordered = sorted(devices, key=_canonical)
    return tuple(replace(device, id=f"B{number:03d}") for number, device in enumerate(ordered, start=1))


def _canonical(device: Device) -> tuple[object, ...]:
    breaker = device.breaker
    return (
        device.main,
        -breaker.poles,
        -breaker.frame_af,
        -device.rating_a,
        breaker.kind.value,
        breaker.model,
        breaker.sensitivity_ma or 0,
        device.load,
        -device.phase_load_va,
        device.fixed or (),
        (device.position.column, device.position.row, device.position.side) if device.position else (),
        device.connected,
        device.is_spare,
    )


def _spare_ways(work: _Work, devices: Sequence[Device]) -> tuple[SpareWay, ...]:
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
