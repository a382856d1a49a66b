"""The problem in the solver's own terms: whole units instead of VA, kinds instead of circuits, rows of places instead of seats.

Circuits of equal load and equal lines are one *kind*, whatever their names, so an answer is a *distribution*: how many circuits of
each kind are on each choice. Loads are multiplied by the least common denominator and divided by their greatest common
divisor, after the least fixed load of a phase has been taken off all of them: this, not the grouping alone, is what lets a
difference be proven the least.

Where facing circuits must share a phase, the two of a row are one circuit of weight 2; nothing else in the solver knows of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from kis.estimator.solver.problem import Choice, PhaseProblem, choices
from kis.estimator.solver.rows import SeatPlan, read_rows

Distribution = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Circuits the solver cannot tell apart; ``weight`` is how many circuits (and seats) one of them stands for."""

    weight: int
    load: int
    lines: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where one circuit of a kind sits: its seats, the choice its row would like, and the choices its neighbour leaves it."""

    seats: tuple[int, ...]
    kind: int
    target: int
    domain: tuple[int, ...]


# The free places of one row from the left; two of them face each other.
Row = tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """A phase problem in whole units.

    ``base_loads`` and ``base_counts`` are what is settled before anything is chosen, less ``common_va`` on every phase.
    ``settled`` gives the choice of each seat that has none left, ``settled_off_cycle`` how many of these miss their row's
    target. ``symmetric``: the phases may be renamed. ``may_face`` tells which choices of two places facing each other go together.
    """

    phases: int
    unit_va: Fraction
    common_va: Fraction
    kinds: tuple[Kind, ...]
    base_loads: tuple[int, ...]
    base_counts: tuple[int, ...]
    symmetric: bool
    rows: tuple[Row, ...]
    settled: tuple[tuple[int, int], ...]
    settled_off_cycle: int
    may_face: Callable[[Choice, Choice], bool]

    @property
    def free_load(self) -> int:
        """All that the free circuits put on the phases together."""
        return sum(kind.load * kind.lines * kind.quantity for kind in self.kinds)

    @property
    def free_count(self) -> int:
        """What the free circuits add to the counts of all phases together."""
        return sum(kind.weight * kind.lines * kind.quantity for kind in self.kinds)

    @property
    def total_load(self) -> int:
        """The sum over the phases, the same for every distribution."""
        return sum(self.base_loads) + self.free_load

    @property
    def total_count(self) -> int:
        """The sum of the phases' counts, the same for every distribution."""
        return sum(self.base_counts) + self.free_count

    def choices(self, kind: Kind) -> tuple[Choice, ...]:
        """Return what a circuit of this kind may be connected to."""
        return choices(kind.lines, self.phases)

    def loads(self, distribution: Distribution) -> tuple[int, ...]:
        """Return the load of each phase, in units."""
        return self._sums(self.base_loads, [kind.load for kind in self.kinds], distribution)

    def counts(self, distribution: Distribution) -> tuple[int, ...]:
        """Return the circuits on each phase."""
        return self._sums(self.base_counts, [kind.weight for kind in self.kinds], distribution)

    def holds_all(self, distribution: Distribution) -> bool:
        """Tell whether every circuit is connected exactly once."""
        return len(distribution) == len(self.kinds) and all(
            sum(on) == kind.quantity and min(on) >= 0
            for kind, on in zip(self.kinds, distribution, strict=True)
        )

    def va(self, load: int) -> Fraction:
        """Return a load in VA."""
        return load * self.unit_va

    def _sums(self, base: Sequence[int], worth: Sequence[int], distribution: Distribution) -> tuple[int, ...]:
        sums = list(base)
        for kind, value, on in zip(self.kinds, worth, distribution, strict=True):
            for choice, count in zip(self.choices(kind), on, strict=True):
                for phase in choice:
                    sums[phase] += value * count
        return tuple(sums)


def spread(values: Iterable[int]) -> int:
    """Return the difference between the largest and the smallest."""
    ordered = sorted(values)
    return ordered[-1] - ordered[0]


def scaled(problem: PhaseProblem) -> Instance:
    """Return the problem in whole units; the order of its groups leaves no trace."""
    plan = read_rows(problem)
    quantities = _quantities(problem, plan)
    base_va, base_counts = _base(problem, plan)
    common_va = min(base_va)
    above_va = [va - common_va for va in base_va]
    unit_va = _unit([*above_va, *(load_va for _, load_va, _ in quantities)])
    ordered = sorted(quantities, key=lambda key: (-key[0], -key[1], key[2]))
    number = {key: index for index, key in enumerate(ordered)}
    return Instance(
        phases=problem.phases,
        unit_va=unit_va,
        common_va=common_va,
        kinds=tuple(Kind(key[0], int(key[1] / unit_va), key[2], quantities[key]) for key in ordered),
        base_loads=tuple(int(va / unit_va) for va in above_va),
        base_counts=tuple(base_counts),
        symmetric=not any(load.quantity for load in problem.fixed) and len(set(problem.base_va)) <= 1,
        rows=tuple(
            tuple(Place(unit.seats, number[unit.kind_key], unit.target, unit.domain) for unit in units)
            for units in plan.rows
        ),
        settled=tuple(sorted(plan.settled.items())),
        settled_off_cycle=plan.off_cycle,
        may_face=problem.may_face,
    )


def _quantities(problem: PhaseProblem, plan: SeatPlan) -> Counter[tuple[int, Fraction, int]]:
    """Count the circuits that have a choice by (weight, load in VA, lines)."""
    if problem.seats:
        return Counter(unit.kind_key for units in plan.rows for unit in units)
    quantities: Counter[tuple[int, Fraction, int]] = Counter()
    for group in problem.groups:
        if group.quantity and len(choices(group.lines, problem.phases)) > 1:
            quantities[1, group.load_va, group.lines] += group.quantity
    return quantities


def _base(problem: PhaseProblem, plan: SeatPlan) -> tuple[list[Fraction], list[int]]:
    """Sum up what is settled: three-phase loads, fixed circuits, and free ones without a choice."""
    load_va = {group.key: group.load_va for group in problem.groups}
    connected = [(load.phases, load.load_va, load.quantity) for load in problem.fixed]
    for follower in plan.followers:
        phases = choices(follower.lines, problem.phases)[follower.choice]
        connected.append((phases, load_va[follower.key], 1))
    for group in problem.groups:
        options = choices(group.lines, problem.phases)
        if len(options) == 1 and not problem.seats:
            connected.append((options[0], group.load_va, group.quantity))
    base_va = [Fraction(va) for va in problem.base_va] or [Fraction(0)] * problem.phases
    base_counts = [0] * problem.phases
    for phases, each_va, quantity in connected:
        for phase in phases:
            base_va[phase] += each_va * quantity
            base_counts[phase] += quantity
    return base_va, base_counts


def _unit(values_va: Sequence[Fraction]) -> Fraction:
    """Return the largest amount that goes into every value a whole number of times (1 VA when all are zero)."""
    denominator = lcm(*(value.denominator for value in values_va))
    step = gcd(*(int(value * denominator) for value in values_va))
    return Fraction(step or 1, denominator if step else 1)
