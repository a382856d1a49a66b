"""A good distribution at once: largest circuits first, then moves and exchanges while the difference falls.

Two ways are tried. In *rounds*, every phase receives one circuit per round, so the counts come out even by themselves and only
exchanges follow; *freely*, each circuit goes to the lowest phase (Graham 1969, longest processing time first), and single
circuits may move too. The better one is taken; ordinary panels end here, at the bound.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import permutations

from kis.estimator.solver.instance import Distribution, Instance, spread
from kis.estimator.solver.problem import Choice, choices


@dataclass(frozen=True, slots=True)
class Shift:
    """Reconnecting a circuit: from one choice to another, which takes its load from one phase and gives it to another."""

    choice_from: int
    choice_to: int
    phase_from: int
    phase_to: int


@cache
def shifts(lines: int, phases: int) -> tuple[Shift, ...]:
    """Return every way to reconnect a circuit; a two-line circuit keeps one of its phases."""
    options = choices(lines, phases)
    return tuple(
        Shift(
            one, other, *(set(options[one]) - set(options[other])), *(set(options[other]) - set(options[one]))
        )
        for one in range(len(options))
        for other in range(len(options))
        if one != other
    )


def good_distribution(instance: Instance, bound: int) -> Distribution:
    """Return a distribution whose load difference is small, at ``bound`` if possible."""
    evenly = in_rounds(instance)
    if spread(instance.loads(evenly)) == bound:
        return evenly
    freely = _improved(instance, _placed(instance, in_rounds=False), exchanges_only=False)
    return min(
        evenly, freely, key=lambda found: (spread(instance.loads(found)), spread(instance.counts(found)))
    )


def in_rounds(instance: Instance) -> Distribution:
    """Return a distribution with counts as even as can be, and the loads brought together by exchanges alone."""
    return exchanged(instance, _placed(instance, in_rounds=True))


def exchanged(instance: Instance, distribution: Distribution) -> Distribution:
    """Return the distribution after exchanges that bring the loads together and leave the counts alone."""
    return _improved(instance, distribution, exchanges_only=True)


def renamed(instance: Instance, distribution: Distribution, names: tuple[int, ...]) -> Distribution:
    """Return the distribution after phase p has become phase ``names[p]``."""
    result = []
    for kind, on in zip(instance.kinds, distribution, strict=True):
        options = instance.choices(kind)
        index = {frozenset(choice): position for position, choice in enumerate(options)}
        turned = [0] * len(options)
        for choice, count in zip(options, on, strict=True):
            turned[index[frozenset(names[phase] for phase in choice)]] = count
        result.append(tuple(turned))
    return tuple(result)


def heaviest_first(instance: Instance, distribution: Distribution) -> Distribution:
    """Return the distribution with its phases named from the heaviest to the lightest, more circuits first where loads tie."""
    if not instance.symmetric:
        return distribution
    loads, counts = instance.loads(distribution), instance.counts(distribution)
    ranked = sorted(range(instance.phases), key=lambda phase: (-loads[phase], -counts[phase], phase))
    return renamed(instance, distribution, tuple(ranked.index(phase) for phase in range(instance.phases)))


def _placed(instance: Instance, *, in_rounds: bool) -> Distribution:
    """Place the largest circuits first, each where its phases carry least: circuits in rounds, else load."""
    loads, counts = list(instance.base_loads), list(instance.base_counts)
    distribution = []
    for kind in instance.kinds:
        options = instance.choices(kind)
        on = [0] * len(options)

        def carried(index: int, options: tuple[Choice, ...] = options) -> tuple[int, int, int]:
            load, count = (
                sum(loads[phase] for phase in options[index]),
                sum(counts[phase] for phase in options[index]),
            )
            return (count, load, index) if in_rounds else (load, count, index)

        for _ in range(kind.quantity):
            best = min(range(len(options)), key=carried)
            on[best] += 1
            for phase in options[best]:
                loads[phase] += kind.load
                counts[phase] += kind.weight
        distribution.append(tuple(on))
    return tuple(distribution)


@dataclass(frozen=True, slots=True)
class _Step:
    """Circuits to reconnect together, as (kind, shift) each, and the load they take from one phase to another."""

    amount: int
    reconnected: tuple[tuple[int, Shift], ...]


def _improved(instance: Instance, distribution: Distribution, *, exchanges_only: bool) -> Distribution:
    """Move load between two phases as long as (difference, sum of squares) falls; it strictly falls, so this ends."""
    on = [list(counts) for counts in distribution]
    loads = list(instance.loads(distribution))
    while True:
        best: tuple[tuple[int, int], int, int, _Step] | None = None
        for high, low in permutations(range(instance.phases), 2):
            if loads[high] - loads[low] < 2:
                continue
            for step in _steps(
                instance, on, high, low, loads[high] - loads[low], exchanges_only=exchanges_only
            ):
                rank = _rank(loads, high, low, step.amount)
                if best is None or rank < best[0]:
                    best = (rank, high, low, step)
        if best is None or best[0] >= _rank(loads, 0, 0, 0):
            return tuple(tuple(counts) for counts in on)
        _, high, low, step = best
        loads[high] -= step.amount
        loads[low] += step.amount
        for kind, shift in step.reconnected:
            on[kind][shift.choice_from] -= 1
            on[kind][shift.choice_to] += 1


def _rank(loads: list[int], high: int, low: int, amount: int) -> tuple[int, int]:
    after = list(loads)
    after[high] -= amount
    after[low] += amount
    return max(after) - min(after), sum(load * load for load in after)


def _steps(
    instance: Instance, on: list[list[int]], high: int, low: int, gap: int, *, exchanges_only: bool
) -> Iterator[_Step]:
    """Yield the single moves, and for each the exchange, that come nearest to halving the gap between two phases."""
    down = list(_shiftable(instance, on, high, low))
    if not exchanges_only:
        for load, kind, shift in down:
            yield _Step(load, ((kind, shift),))
    up = sorted(_shiftable(instance, on, low, high), key=lambda item: item[0])
    up_loads = [load for load, _, _ in up]
    for load, kind, shift in down:
        wanted = bisect_left(up_loads, load - gap // 2)
        for position in (wanted - 1, wanted):
            if not (0 <= position < len(up) and 0 < load - up_loads[position] < gap):
                continue
            if not exchanges_only or instance.kinds[kind].weight == instance.kinds[up[position][1]].weight:
                yield _Step(load - up_loads[position], ((kind, shift), up[position][1:]))


def _shiftable(
    instance: Instance, on: list[list[int]], source: int, target: int
) -> Iterator[tuple[int, int, Shift]]:
    """Yield (load, kind, shift) for each kind that can take its load from one phase to another."""
    for index, kind in enumerate(instance.kinds):
        for shift in shifts(kind.lines, instance.phases):
            if shift.phase_from == source and shift.phase_to == target and on[index][shift.choice_from]:
                yield kind.load, index, shift
