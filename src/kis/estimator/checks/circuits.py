"""Circuits as drawn: each once, on as many phases as it has, where the customer wants it; and the sums agree (check xii)."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Final

from kis.estimator.checks.check import found
from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.figures import rounded
from kis.estimator.checks.imbalance import MainUnbalance
from kis.estimator.checks.loads import expected_lines
from kis.estimator.design import GroupPhases
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import Part, PartKind
from kis.estimator.problem import Device, PanelProblem, Position

LOAD_RULE: Final = "phases.load_basis"
NONE: Final = "–"

ACCESSORY_KINDS: Final = {
    "magnetic_contactor": PartKind.CONTACTOR,
    "timer_24h": PartKind.TIMER,
    "timer_sunset": PartKind.TIMER,
    "meter_1ph": PartKind.METER,
    "meter_3ph": PartKind.METER,
    "meter_ct": PartKind.METER,
    "spd": PartKind.SPD,
    "push_button": PartKind.PUSH_BUTTON,
    "va_meter": PartKind.DOOR_METER,
}
"""What each kind of accessory is drawn as; the heat counts contactors, timers and meters by it."""


def circuits(context: CheckContext) -> Iterator[Finding]:
    """Everything the panel consists of is drawn exactly once, as what it is and at its own main, and nothing else is."""
    kinds = _kinds(context.problem)
    for name in dict.fromkeys([*kinds, *context.drawn]):
        parts, wanted = context.drawn.get(name, ()), int(name in kinds)
        if len(parts) != wanted:
            yield found(
                "circuits.count",
                Severity.VIOLATION,
                LOAD_RULE,
                figure=len(parts),
                limit=wanted,
                subjects=(name,),
            )
        elif wanted and kinds[name] is not parts[0].kind:
            yield found(
                "circuits.kind", Severity.VIOLATION, LOAD_RULE, subjects=(name,), kind=parts[0].kind.value
            )
    groups = {column.index: column.group for column in context.drawing.columns}
    for device in context.problem.devices:
        for part in context.drawn.get(device.id, ()):
            yield from _label(context, device, part)
            if groups.get(part.column, part.group) != device.main:
                main = context.problem.mains[device.main].id
                yield found(
                    "circuits.main",
                    Severity.VIOLATION,
                    LOAD_RULE,
                    where=part.place,
                    subjects=(device.id,),
                    main=main,
                )


def phase_sums(context: CheckContext) -> Iterator[Finding]:
    """The loads and counts of each phase, summed from the drawn labels, are those that were reported, label by label."""
    reported = {group.main: group for group in context.reported}
    for drawn in context.unbalance:
        group = reported.get(drawn.main)
        where = context.mains[drawn.main].main.id
        if group is None:
            yield found("phase_sums.none", Severity.VIOLATION, LOAD_RULE, where=where)
        elif group.applicable or group.loads_va:
            yield from _compared(drawn, group, where)
    for name, lines in _reported_lines(context.reported).items():
        own = context.lines.get(name, ())
        if sorted(own) != sorted(lines):
            yield found(
                "phase_sums.label",
                Severity.VIOLATION,
                LOAD_RULE,
                figure="".join(own) or NONE,
                limit="".join(lines) or NONE,
                subjects=(name,),
            )


def fixed(context: CheckContext) -> Iterator[Finding]:
    """Phases and places the customer fixed are kept; a rail has no such places."""
    for device in context.problem.devices:
        lines = context.lines.get(device.id, ())
        if device.fixed is not None:
            wanted = [context.network.phases[index] for index in device.fixed]
            if sorted(lines) != sorted(wanted):
                yield found(
                    "fixed.phase",
                    Severity.VIOLATION,
                    "phases.turn_labels",
                    figure="".join(lines) or NONE,
                    limit="".join(wanted),
                    subjects=(device.id,),
                )
        if device.position is not None and not context.on_rails:
            yield from _place(context, device, device.position)


def _kinds(problem: PanelProblem) -> dict[str, PartKind]:
    """Return the ids a drawing must hold and what each must be drawn as."""
    return {
        **{main.id: PartKind.MAIN for main in problem.mains},
        **{device.id: PartKind.BREAKER for device in problem.devices},
        **{way.id: PartKind.SPARE_WAY for way in problem.spare_ways},
        **{item.id: ACCESSORY_KINDS[item.kind] for item in problem.accessories},
    }


def _label(context: CheckContext, device: Device, part: Part) -> Iterator[Finding]:
    """Yield a label that does not fit its circuit, and poles that do not fit the label."""
    lines, wanted = context.lines.get(device.id, ()), expected_lines(device, context.network)
    if (len(lines), len(set(lines))) != (wanted, wanted):
        yield found(
            "circuits.lines",
            Severity.VIOLATION,
            LOAD_RULE,
            figure=part.phase or NONE,
            limit=wanted,
            where=part.place,
            subjects=(device.id,),
        )
    if context.on_rails and not part.poles:
        return
    with_neutral = context.network.has_neutral and device.breaker.poles > wanted
    if sorted(part.poles) != sorted([*lines, *(["N"] if with_neutral else [])]):
        yield found(
            "circuits.poles",
            Severity.VIOLATION,
            LOAD_RULE,
            figure="-".join(part.poles) or NONE,
            limit=part.phase or NONE,
            where=part.place,
            subjects=(device.id,),
        )


def _compared(drawn: MainUnbalance, group: GroupPhases, where: str) -> Iterator[Finding]:
    if drawn.loads_va != group.loads_va:
        yield found(
            "phase_sums",
            Severity.VIOLATION,
            LOAD_RULE,
            figure=_list(drawn.loads_va),
            limit=_list(group.loads_va),
            unit="VA",
            where=where,
        )
    if _levelled(drawn.counts) != _levelled(group.counts):
        yield found(
            "phase_sums.counts",
            Severity.VIOLATION,
            LOAD_RULE,
            figure=_list(drawn.counts),
            limit=_list(group.counts),
            where=where,
        )


def _levelled(counts: tuple[int, ...]) -> tuple[int, ...]:
    """Return the counts over the least one: circuits on every phase may be counted or left out."""
    return tuple(count - min(counts) for count in counts)


def _list(figures: Sequence[Fraction | int]) -> str:
    return " / ".join(str(rounded(figure, 1)).removesuffix(".0") for figure in figures)


def _reported_lines(reported: Sequence[GroupPhases]) -> Mapping[str, tuple[str, ...]]:
    return {name: lines for group in reported for name, lines in group.lines.items()}


def _place(context: CheckContext, device: Device, position: Position) -> Iterator[Finding]:
    """Yield a circuit that does not sit at the place the customer named; columns of its main and rows count from 1."""
    wanted = f"C{position.column}{position.side}{position.row}"
    columns = [column.index for column in context.columns_of(device.main)]
    for part in context.drawn.get(device.id, ()):
        number = columns.index(part.column) + 1 if part.column in columns else 0
        drawn = f"C{number}{part.side}{part.row + 1}"
        if drawn != wanted:
            yield found(
                "fixed.place",
                Severity.VIOLATION,
                "layout.order",
                figure=drawn,
                limit=wanted,
                subjects=(device.id,),
            )
