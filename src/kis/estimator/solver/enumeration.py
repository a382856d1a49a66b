"""Every distribution of a small problem, by what it adds up to: exact, and faster than loading a solver.

Circuits are connected one after another, the largest first. Two partial distributions with the same loads (and counts) have the
same future, so only one is kept, and where the phases may be renamed the loads are kept sorted; what can no longer end within
the wanted differences is dropped. The work is counted, not timed: beyond ``MOST_STEPS`` CP-SAT takes over.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from kis.estimator.solver.bound import window
from kis.estimator.solver.instance import Distribution, Instance, Kind, spread

MOST_STEPS: Final = 40_000

# (load, count) of each phase; the count is 0 throughout when counts do not matter.
State = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Enumerated:
    """The best distribution within the wanted differences; ``complete`` and None: there is none."""

    distribution: Distribution | None
    complete: bool


@dataclass(frozen=True, slots=True)
class _Arrival:
    """How a state was first reached: from which, by which choice, and which of the phases then came to which place."""

    before: State
    choice: int
    ranked: tuple[int, ...]


def best_distribution(instance: Instance, *, load_spread: int, count_spread: int | None = None) -> Enumerated:
    """Return the distribution with the least count difference (when one is wanted), then the least load difference."""
    circuits = [index for index, kind in enumerate(instance.kinds) for _ in range(kind.quantity)]
    limits = _Limits(instance, circuits, load_spread, count_spread)
    state: State = tuple(
        (load, count if limits.counted else 0)
        for load, count in zip(instance.base_loads, instance.base_counts, strict=True)
    )
    layers: list[dict[State, _Arrival]] = [{state: _Arrival((), 0, ())}]
    steps = 0
    for position, index in enumerate(circuits):
        steps += len(layers[-1]) * len(instance.choices(instance.kinds[index]))
        if steps > MOST_STEPS:
            return Enumerated(None, complete=False)
        layers.append(_connected(instance, layers[-1], instance.kinds[index], limits, position))
    reached = [state for state in layers[-1] if limits.holds(state)]
    if not reached:
        return Enumerated(None, complete=True)
    best = min(
        reached,
        key=lambda state: (spread(count for _, count in state), spread(load for load, _ in state), state),
    )
    return Enumerated(_distribution(instance, circuits, layers, best), complete=True)


class _Limits:
    """What a phase may carry in the end, and what the circuits still to come can add to it."""

    def __init__(
        self, instance: Instance, circuits: list[int], load_spread: int, count_spread: int | None
    ) -> None:
        self.counted = count_spread is not None
        self.load_spread, self.count_spread = load_spread, count_spread or 0
        self.least, self.most = window(instance.total_load, instance.phases, load_spread)
        self.most_count = window(instance.total_count, instance.phases, self.count_spread)[1]
        loads = [instance.kinds[index].load for index in reversed(circuits)]
        self.to_come = list(accumulate(loads, initial=0))[-2::-1] if loads else []

    def allow(self, state: State, position: int) -> bool:
        """Tell whether a state after so many circuits can still end within the limits."""
        least, most = self.least - self.to_come[position], self.most
        most_count = self.most_count if self.counted else None
        for load, count in state:
            if not least <= load <= most or (most_count is not None and count > most_count):
                return False
        return True

    def holds(self, state: State) -> bool:
        """Tell whether a state at the end is within the limits."""
        if spread(load for load, _ in state) > self.load_spread:
            return False
        return not self.counted or spread(count for _, count in state) <= self.count_spread


def _connected(
    instance: Instance, states: dict[State, _Arrival], kind: Kind, limits: _Limits, position: int
) -> dict[State, _Arrival]:
    """Connect one more circuit in every way."""
    plain = tuple(range(instance.phases))
    weight = kind.weight if limits.counted else 0
    after: dict[State, _Arrival] = {}
    for state in states:
        for choice, connected in enumerate(instance.choices(kind)):
            phases = list(state)
            for phase in connected:
                load, count = phases[phase]
                phases[phase] = (load + kind.load, count + weight)
            if not limits.allow(tuple(phases), position):
                continue
            ranked = tuple(sorted(plain, key=phases.__getitem__)) if instance.symmetric else plain
            reached = tuple(phases[phase] for phase in ranked)
            if reached not in after:
                after[reached] = _Arrival(state, choice, ranked)
    return after


def _distribution(
    instance: Instance, circuits: list[int], layers: list[dict[State, _Arrival]], state: State
) -> Distribution:
    """Follow a state back to the beginning, then connect the circuits forwards under the phases' lasting names."""
    arrivals: list[_Arrival] = []
    for layer in reversed(layers[1:]):
        arrivals.append(layer[state])
        state = layer[state].before
    names = tuple(range(instance.phases))
    on = [[0] * len(instance.choices(kind)) for kind in instance.kinds]
    for index, arrival in zip(circuits, reversed(arrivals), strict=True):
        options = instance.choices(instance.kinds[index])
        connected = {names[phase] for phase in options[arrival.choice]}
        on[index][next(choice for choice, option in enumerate(options) if set(option) == connected)] += 1
        names = tuple(names[phase] for phase in arrival.ranked)
    return tuple(tuple(counts) for counts in on)
