"""Stage selection: every line of the request becomes a device of the catalogue, or a reason why not (rules ``selection.*``)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from kis.catalog import BreakerKind, Catalog
from kis.estimator.findings import Finding, Severity
from kis.estimator.problem import (
    Device,
    MainDevice,
    Network,
    PanelProblem,
    Position,
)
from kis.estimator.request import BranchRequest, MainRequest, PanelRequest, Supply
from kis.estimator.request_forms import POSITION
from kis.estimator.rulebook import Rulebook
from kis.estimator.stages.accessories import accessories_of, spare_ways_of, spd_breakers
from kis.estimator.stages.choice import by_model
from kis.estimator.stages.selecting import Work, find_breaker

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


def select(panel: PanelRequest, index: int, catalog: Catalog, rules: Rulebook) -> Selection:
    """Choose every part of ``panel``; what cannot be had is named with its nearest alternatives."""
    network = network_of(panel.supply, rules)
    work = Work(
        index=index, panel=panel, catalog=catalog, rules=rules, network=network, make=panel.make or ""
    )
    if not work.make:
        work.make = _make_of_named_model(panel, catalog) or catalog.makes()[0]
        work.say("make_assumed", Severity.WARNING, f"{work.path}.make", "selection.order", make=work.make)
    mains = tuple(_mains(work))
    drafts = [
        device for number, branch in enumerate(panel.branches) for device in _branch(work, number, branch)
    ]
    accessories = tuple(accessories_of(work))
    drafts += spd_breakers(work, accessories)
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
            spare_ways=spare_ways_of(work, devices),
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


def _mains(work: Work) -> Iterator[MainDevice]:
    for number, main in enumerate(work.panel.mains):
        where = f"{work.path}.mains[{number}]"
        voltage = work.network.line_voltage
        breaker = find_breaker(work, main, where, main.kind, voltage, modular=False)
        if breaker is not None:
            yield MainDevice(
                id=f"M{number + 1}",
                name=main.name or f"M{number + 1}",
                breaker=breaker,
                rating_a=main.rating_a,
                cable=main.cable or "",
            )


def _branch(work: Work, number: int, branch: BranchRequest) -> Iterator[Device]:
    where = f"{work.path}.branches[{number}]"
    kind = BreakerKind(branch.kind) if branch.kind is not None else None
    poles: int | None = branch.poles
    if branch.model is not None and poles is None:
        rows = by_model(branch.model, branch.rating_a, None, work.catalog)
        poles = rows[0].poles if rows else None
    connected, voltage = _connection(work, branch, poles or 0)
    breaker = find_breaker(work, branch, where, kind, voltage, modular=work.panel.style == "din_rail")
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
        cable=branch.cable or "",
    )
    for _ in range(branch.quantity):
        yield device


def _connection(work: Work, branch: BranchRequest, poles: int) -> tuple[int, int]:
    """Return how many phases a branch loads and the voltage across it (a 2P lies between two lines by its ``voltage``)."""
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
        device.cable,
    )
