"""Stage breaker: phases, counts and seats of every circuit, and the drawing made with them (rules ``phases.*``, engine "Solving")."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from kis.estimator.design import GroupPhases, Objective
from kis.estimator.findings import Figure, Gate, Verdict
from kis.estimator.layout.plans import Arrangement, GroupPlan, with_sides_exchanged
from kis.estimator.physics.unbalance import Unbalance, all_figures, korean_within
from kis.estimator.problem import Device, PanelProblem
from kis.estimator.request import Style
from kis.estimator.rulebook import Rulebook
from kis.estimator.solver import (
    SOLVER_GUARD_SECONDS,
    FixedLoad,
    LoadGroup,
    PhaseProblem,
    PhaseSolution,
    Seat,
    balance,
    choices,
)
from kis.platform.messages import Message

MOST_ADDED_CIRCUITS: Final = 5
"""How many equal circuits are tried as a remedy; with three phases and equal circuits two always suffice, mixed loads may want more."""


@dataclass(frozen=True, slots=True)
class _Seated:
    """A circuit that takes part in balancing, at its seat."""

    seat: Seat
    device: Device


def balance_panel(
    problem: PanelProblem,
    arrangement: Arrangement,
    rules: Rulebook,
    guard_seconds: float = SOLVER_GUARD_SECONDS,
) -> tuple[tuple[GroupPhases, ...], Arrangement]:
    """Return the phases of every main's circuits, and the arrangement with the rows turned over that the phases need so.

    ``guard_seconds`` ends a search that takes too long in the heuristic's answer, marked so. Facing circuits of one shape may change sides; a panel with fixed places keeps every circuit where it is.
    """
    first = 0
    found: list[GroupPhases] = []
    exchanged: set[tuple[int, int]] = set()
    for main, group in enumerate(arrangement.groups):
        phases, swapped = _balance_group(problem, main, group, first, rules, guard_seconds)
        found.append(phases)
        exchanged.update(swapped)
        first += len(group.columns)
    return tuple(found), with_sides_exchanged(arrangement, exchanged)


def phase_gates(problem: PanelProblem, phases: Sequence[GroupPhases], rules: Rulebook) -> tuple[Gate, ...]:
    """Return the gates of the unbalance, for the main that is worst."""
    applicable = [group for group in phases if group.applicable]
    if not applicable:
        return tuple(
            _not_applicable(gate, rules) for gate in ("breaker.imbalance", "breaker.korean_unbalance")
        )
    worst = max(applicable, key=lambda group: (_figures(group).imbalance, -group.main))
    return (_imbalance_gate(problem, worst, rules), _korean_gate(problem, worst, rules))


def position_gates(problem: PanelProblem, arrangement: Arrangement) -> tuple[Gate, ...]:
    """Return the gate of fixed places, where the request has any."""
    asked = sum(device.position is not None for device in problem.devices)
    if not asked:
        return ()
    unmet = len(arrangement.unmet_positions) if problem.request.style is Style.PLATE else asked
    key = "breaker.positions_unmet" if unmet else "breaker.positions_kept"
    return (
        Gate(
            id="breaker.positions",
            measured=unmet,
            operator="=",
            limit=0,
            unit="",
            verdict=Verdict.FAIL if unmet else Verdict.PASS,
            explanation=Message(key, {"asked": asked, "unmet": unmet}),
            rule="gates.breaker.positions",
        ),
    )


def _balance_group(
    problem: PanelProblem,
    main: int,
    group: GroupPlan,
    first_column: int,
    rules: Rulebook,
    guard_seconds: float,
) -> tuple[GroupPhases, tuple[tuple[int, int], ...]]:
    network = problem.network
    devices = problem.devices_of(main)
    if not network.can_unbalance or not devices:
        lines = {device.id: network.phases for device in devices}
        loads = tuple(sum((device.phase_load_va for device in devices), Fraction(0)) for _ in network.phases)
        return _without_balance(main, loads, lines), ()
    seated = tuple(_seated(group, first_column))
    wanted = replace(_phase_problem(problem, devices, seated, rules), guard_seconds=guard_seconds)
    solution = _solved(wanted, seated)
    lines = {device.id: network.phases for device in devices if not _is_balanced(device)}
    for place, choice in zip(seated, solution.seats, strict=True):
        connected = choices(place.device.connected, len(network.phases))[choice]
        lines[place.device.id] = tuple(network.phases[index] for index in sorted(connected))
    has_load = any(solution.loads_va)
    phases = GroupPhases(
        main=main,
        applicable=has_load,
        loads_va=solution.loads_va,
        counts=solution.counts,
        lines=lines,
        objectives=tuple(_objectives(solution)),
        proven_optimal=solution.proven_optimal,
        bound_va=solution.bound_va,
        heuristic_only=solution.heuristic_only,
        crossed_rows=solution.crossed_rows,
    )
    return phases, solution.swapped_rows


def _solved(phase_problem: PhaseProblem, seated: Sequence[_Seated]) -> PhaseSolution:
    """Return the balanced circuits; rows with a fixed place keep their sides, so where one had to turn over all rows stay as they are."""
    solution = balance(phase_problem)
    fixed = {(place.seat.column, place.seat.row) for place in seated if place.device.position is not None}
    if fixed.isdisjoint(solution.swapped_rows):
        return solution
    return balance(replace(phase_problem, sides_may_change=False))


def _without_balance(
    main: int, loads: tuple[Fraction, ...], lines: dict[str, tuple[str, ...]]
) -> GroupPhases:
    return GroupPhases(
        main=main,
        applicable=False,
        loads_va=loads,
        counts=tuple(len(lines) for _ in loads),
        lines=lines,
        objectives=(),
        proven_optimal=True,
        bound_va=Fraction(0),
        heuristic_only=False,
        crossed_rows=(),
    )


def _is_balanced(device: Device) -> bool:
    """Tell whether a circuit has a choice of phases: one or two lines of a network with more."""
    return device.breaker.poles <= 2


def _seated(group: GroupPlan, first_column: int) -> Iterator[_Seated]:
    """Yield the seats of balanced circuits; on rails every place is a row of its own, so that the phases follow R, S, T along the rail."""
    index = 0
    on_rails = (way.occupant for rail in group.rails for way in rail.ways)
    for occupant in on_rails:
        if isinstance(occupant, Device) and _is_balanced(occupant):
            yield _Seated(_seat(occupant, index, index, 0, first_column), occupant)
            index += 1
    for column, plan in enumerate(group.columns, start=first_column):
        for number, row in enumerate(plan.rows):
            for side, way in ((0, row.left), (1, row.right)):
                if way is None or not isinstance(way.occupant, Device) or not _is_balanced(way.occupant):
                    continue
                device = way.occupant
                yield _Seated(_seat(device, index, number, side, column), device)
                index += 1


def _seat(device: Device, index: int, row: int, side: int, column: int) -> Seat:
    fixed_phase = None if device.fixed is None else _choice_of(device.fixed)
    return Seat(
        index=index,
        row=row,
        side=side,
        column=column,
        key=device.group_key,
        fixed_phase=fixed_phase,
        fixed=device.fixed is not None,
    )


def _choice_of(fixed: tuple[int, ...]) -> int:
    """Return the index of a fixed connection: the phase, or the pair RS 0, ST 1, TR 2."""
    if len(fixed) == 1:
        return fixed[0]
    return {frozenset((0, 1)): 0, frozenset((1, 2)): 1, frozenset((0, 2)): 2}[frozenset(fixed)]


def _phase_problem(
    problem: PanelProblem, devices: Sequence[Device], seated: Sequence[_Seated], rules: Rulebook
) -> PhaseProblem:
    phases = len(problem.network.phases)
    single = [place.device for place in seated]
    free = Counter(device.group_key for device in single if device.fixed is None)
    bound = Counter((device.group_key, device.fixed) for device in single if device.fixed is not None)
    by_key = {device.group_key: device for device in single}
    spread = sum((device.phase_load_va for device in devices if not _is_balanced(device)), Fraction(0))
    return PhaseProblem(
        phases=phases,
        groups=tuple(
            LoadGroup(
                key=key, load_va=by_key[key].phase_load_va, quantity=quantity, lines=by_key[key].connected
            )
            for key, quantity in sorted(free.items())
        ),
        fixed=tuple(
            FixedLoad(key=key, phases=fixed, load_va=by_key[key].phase_load_va, quantity=quantity)
            for (key, fixed), quantity in sorted(
                bound.items(), key=lambda item: (item[0][0], item[0][1] or ())
            )
            if fixed is not None
        ),
        base_va=(spread,) * phases,
        seats=tuple(place.seat for place in seated),
        facing_pair_shares_phase=rules.phases.facing_pair_shares_phase.value,
        label_turn=problem.index if rules.phases.turn_labels.value else 0,
        line_volts=problem.network.phase_voltage,
        sides_may_change=True,
    )


def _objectives(solution: PhaseSolution) -> Iterator[Objective]:
    for item in solution.objectives:
        yield Objective(
            name=item.name,
            value=item.value,
            bound=item.bound,
            unit=item.unit,
            proven=item.proven,
            status=item.status,
            reason=item.reason,
        )


def _figures(group: GroupPhases) -> Unbalance:
    return all_figures(group.loads_va, group.counts)


def _not_applicable(gate: str, rules: Rulebook) -> Gate:
    return Gate(
        id=gate,
        measured=None,
        operator="<=",
        limit=rules.phases.imbalance_limit.value if gate == "breaker.imbalance" else None,
        unit="",
        verdict=Verdict.NOT_CHECKED,
        explanation=Message("breaker.not_applicable"),
        rule="phases.imbalance_limit",
    )


def _korean_limit(problem: PanelProblem, rules: Rulebook) -> int | None:
    return rules.phases.korean_limit_percent.value.get(problem.network.supply.value)


def _korean_holds(problem: PanelProblem, loads: Sequence[Fraction], rules: Rulebook) -> bool:
    limit = _korean_limit(problem, rules)
    return limit is None or not problem.request.receiving_point or korean_within(loads, limit)


def _imbalance_gate(problem: PanelProblem, group: GroupPhases, rules: Rulebook) -> Gate:
    """Judge (max − min) ÷ max: within the limit, or provably the best there is while the Korean limit holds."""
    limit, measured = rules.phases.imbalance_limit.value, _figures(group).imbalance
    values: dict[str, object] = {
        "best": f"{float(measured):.4f}",
        "limit": f"{float(limit):.2f}",
        "main": problem.mains[group.main].name,
    }
    if measured <= limit:
        verdict, text = Verdict.PASS, Message("breaker.within", values)
    elif (
        rules.phases.accept_proven_optimum.value
        and group.proven_optimal
        and _korean_holds(problem, group.loads_va, rules)
    ):
        verdict, text = Verdict.REMARK, Message("breaker.best_possible", {**values, "reason": _reason(group)})
    else:
        key = "breaker.unbalanced" if group.proven_optimal else "breaker.unproven"
        verdict, text = (
            Verdict.FAIL,
            Message(key, {**values, "reason": _reason(group), "remedy": _remedy(problem, group, rules)}),
        )
    return Gate(
        id="breaker.imbalance",
        measured=measured,
        operator="<=",
        limit=limit,
        unit="",
        verdict=verdict,
        explanation=text,
        rule="phases.imbalance_limit" if verdict is not Verdict.REMARK else "phases.accept_proven_optimum",
        inputs=_inputs(group),
    )


def _korean_gate(problem: PanelProblem, group: GroupPhases, rules: Rulebook) -> Gate:
    limit, measured = _korean_limit(problem, rules), _figures(group).korean_percent
    if limit is None or measured is None:
        return _not_applicable("breaker.korean_unbalance", rules)
    values = {"percent": f"{float(measured):.2f}", "limit": limit}
    if korean_within(group.loads_va, limit):
        verdict, text = Verdict.PASS, Message("breaker.korean_within", values)
    elif not problem.request.receiving_point:
        verdict, text = Verdict.REMARK, Message("breaker.korean_not_receiving", values)
    else:
        verdict, text = (
            Verdict.FAIL,
            Message("breaker.korean_over", {**values, "remedy": _remedy(problem, group, rules)}),
        )
    return Gate(
        id="breaker.korean_unbalance",
        measured=measured,
        operator="<=",
        limit=limit,
        unit="%",
        verdict=verdict,
        explanation=text,
        rule="phases.korean_limit_percent",
        inputs=_inputs(group),
    )


def _inputs(group: GroupPhases) -> dict[str, Figure]:
    loads = {f"load_{index + 1}_va": load for index, load in enumerate(group.loads_va)}
    return {**loads, "bound_va": group.bound_va, "proven_optimal": group.proven_optimal}


def _reason(group: GroupPhases) -> Message:
    return group.objectives[0].reason


def _remedy(problem: PanelProblem, group: GroupPhases, rules: Rulebook) -> Message:
    """Return what would help: how many more circuits like the commonest would make the panel pass, found by balancing again."""
    singles = [
        device
        for device in problem.devices_of(group.main)
        if _is_balanced(device) and device.phase_load_va and device.fixed is None
    ]
    if not singles:
        return Message("breaker.remedy_move")
    load, _ = max(
        Counter((device.phase_load_va, device.connected) for device in singles).items(),
        key=lambda item: (item[1], item[0]),
    )
    for added in range(1, MOST_ADDED_CIRCUITS + 1):
        if _passes_with(problem, group, load, added, rules):
            values = {"count": added, "amperes": int(load[0] / problem.network.phase_voltage)}
            return Message("breaker.remedy_add", values)
    return Message("breaker.remedy_split")


def _passes_with(
    problem: PanelProblem, group: GroupPhases, load: tuple[Fraction, int], added: int, rules: Rulebook
) -> bool:
    devices = problem.devices_of(group.main)
    phases = len(problem.network.phases)
    free = [device for device in devices if _is_balanced(device) and device.fixed is None]
    groups = [
        LoadGroup(key=f"{number}", load_va=device.phase_load_va, quantity=1, lines=device.connected)
        for number, device in enumerate(free)
    ]
    fixed = [
        FixedLoad(key=f"f{number}", phases=device.fixed, load_va=device.phase_load_va, quantity=1)
        for number, device in enumerate(devices)
        if _is_balanced(device) and device.fixed is not None
    ]
    spread = sum((device.phase_load_va for device in devices if not _is_balanced(device)), Fraction(0))
    trial = PhaseProblem(
        phases=phases,
        groups=(*groups, LoadGroup(key="added", load_va=load[0], quantity=added, lines=load[1])),
        fixed=tuple(fixed),
        base_va=(spread,) * phases,
        use_solver=False,
    )
    solution = balance(trial)
    if all_figures(solution.loads_va, solution.counts).imbalance <= rules.phases.imbalance_limit.value:
        return True
    return (
        rules.phases.accept_proven_optimum.value
        and solution.proven_optimal
        and _korean_holds(problem, solution.loads_va, rules)
    )
