"""Who sits where: seats follow the R, S, T cycle row by row, and facing circuits must not cross half-bars.

The cycle itself is the start: every circuit on its row's choice. What is missing for the best loads and counts is put right by
reconnecting the fewest circuits (:mod:`moves`); each distribution found on the way is laid into the rows exactly
(:class:`Layout`). Only when that search is cut off does CP-SAT take over.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Final

from kis.estimator.solver.instance import Distribution, Instance, Place, Row
from kis.estimator.solver.moves import Start

# Places bound away from their row's choice multiply the starts; beyond, the search is left to CP-SAT.
MOST_STARTS: Final = 81
# Rows of unlike kinds are laid by trial; more trials than this mean that laying a distribution is given up.
MOST_TRIALS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The choice of every free place, in row order."""

    chosen: tuple[tuple[int, ...], ...]

    def distribution(self, instance: Instance) -> Distribution:
        """Return how many circuits of each kind are on each choice."""
        on = [[0] * len(instance.choices(kind)) for kind in instance.kinds]
        for row, chosen in zip(instance.rows, self.chosen, strict=True):
            for place, choice in zip(row, chosen, strict=True):
                on[place.kind][choice] += 1
        return tuple(tuple(counts) for counts in on)

    def off_cycle(self, instance: Instance) -> int:
        """Return the seats whose choice is not their row's, settled ones included."""
        return instance.settled_off_cycle + sum(
            off_cycle(row, chosen) for row, chosen in zip(instance.rows, self.chosen, strict=True)
        )

    def crossed(self, instance: Instance) -> int:
        """Return how many rows cross; settled circuits that cross each other are left out."""
        return sum(
            not uncrossed(instance, row, way) for row, way in zip(instance.rows, self.chosen, strict=True)
        )

    def seats(self, instance: Instance) -> tuple[int, ...]:
        """Return the choice of each seat, in the order of the problem's seats."""
        choice_of_seat = dict(instance.settled)
        for row, chosen in zip(instance.rows, self.chosen, strict=True):
            for place, choice in zip(row, chosen, strict=True):
                choice_of_seat.update(dict.fromkeys(place.seats, choice))
        return tuple(choice_of_seat[position] for position in range(len(choice_of_seat)))


def off_cycle(row: Row, chosen: Sequence[int]) -> int:
    """Return the free seats of a row that are not on its choice."""
    return sum(len(place.seats) for place, choice in zip(row, chosen, strict=True) if choice != place.target)


def uncrossed(instance: Instance, row: Row, chosen: Sequence[int]) -> bool:
    """Tell whether every choice is open to its place and facing circuits do not cross."""
    if any(choice not in place.domain for place, choice in zip(row, chosen, strict=True)):
        return False
    if len(chosen) < 2:
        return True
    left, right = (
        instance.choices(instance.kinds[place.kind])[choice]
        for place, choice in zip(row, chosen, strict=True)
    )
    return instance.may_face(left, right)


def configurations(instance: Instance, row: Row) -> list[tuple[int, ...]]:
    """Return the ways to connect a row without crossing, the nearest to the cycle first."""
    ways = product(*(place.domain for place in row))
    return sorted(
        (way for way in ways if uncrossed(instance, row, way)), key=lambda way: (off_cycle(row, way), way)
    )


def cycle_starts(instance: Instance) -> list[Start]:
    """Return the distributions of the undisturbed cycle: one, or one for each way to connect the places bound away from it.

    Empty when there would be too many.
    """
    movable = [[0] * len(instance.choices(kind)) for kind in instance.kinds]
    bound = []
    for row in instance.rows:
        for place in row:
            if place.target in place.domain:
                movable[place.kind][place.target] += 1
            else:
                bound.append(place)
    if prod(len(place.domain) for place in bound) > MOST_STARTS:
        return []
    still = tuple(tuple(counts) for counts in movable)
    starts: dict[Distribution, None] = {}
    for chosen in product(*(place.domain for place in bound)):
        on = [list(counts) for counts in movable]
        for place, choice in zip(bound, chosen, strict=True):
            on[place.kind][choice] += 1
        starts[tuple(tuple(counts) for counts in on)] = None
    return [Start(distribution, still) for distribution in starts]


def bound_off_cycle(instance: Instance) -> int:
    """Return the free seats that a settled neighbour keeps off the cycle."""
    return sum(len(place.seats) for row in instance.rows for place in row if place.target not in place.domain)


def rows_alike(instance: Instance) -> dict[tuple[Place, ...], list[int]]:
    """Return the rows by what sits in them, seats aside: rows of one entry may change places without changing any figure."""
    alike: defaultdict[tuple[Place, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(instance.rows):
        alike[tuple(replace(place, seats=(0,) * len(place.seats)) for place in row)].append(index)
    return dict(alike)


class Layout:
    """Lays distributions into the rows of one instance, exactly.

    A row of like circuits takes any two of them in the right order and a lone unbound place takes anything, so only the other
    rows, here called tied, need trying. ``gave_up`` tells that a distribution was refused for want of trials, not by proof.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.gave_up = False
        ways = {places: configurations(instance, places) for places in rows_alike(instance)}
        self._ways = {
            index: ways[places]
            for places, indices in rows_alike(instance).items()
            if _is_tied(instance, places)
            for index in indices
        }
        self._tied = sorted(self._ways)
        self._wanted = [[0] * len(instance.choices(kind)) for kind in instance.kinds]
        for place in _places(instance):
            self._wanted[place.kind][place.target] += 1

    def arranged(self, distribution: Distribution, most_off_cycle: int) -> Arrangement | None:
        """Return an arrangement without crossing and with at most so many free seats off the cycle; None: there is none."""
        trial = _Trial(self.instance, self._wanted, distribution, most_off_cycle)
        if trial.lay(self._tied, self._ways):
            return trial.arrangement()
        self.gave_up |= trial.number > MOST_TRIALS
        return None

    def arranged_anyhow(self, distribution: Distribution) -> Arrangement:
        """Return an arrangement near the cycle, crossing as little as exchanging two circuits of a kind can reach."""
        trial = _Trial(self.instance, self._wanted, distribution, 0)
        return _uncrossed_by_exchanges(self.instance, trial.arrangement())


class _Trial:
    """Circuits not yet laid (``left``) and places not yet filled (``wanted``), by kind and choice."""

    def __init__(
        self, instance: Instance, wanted: list[list[int]], distribution: Distribution, most_off_cycle: int
    ) -> None:
        self.instance = instance
        self.left = [list(on) for on in distribution]
        self.wanted = [list(places) for places in wanted]
        self.missing = [self._missing(kind) for kind in range(len(instance.kinds))]
        self.most = most_off_cycle
        self.number = 0
        self.chosen: dict[int, tuple[int, ...]] = {}

    def lay(
        self, tied: list[int], ways: Mapping[int, list[tuple[int, ...]]], position: int = 0, cost: int = 0
    ) -> bool:
        """Connect the tied rows from a position on; the seats that the other places will miss at least count with the cost."""
        self.number += 1
        if cost + sum(self.missing) > self.most or self.number > MOST_TRIALS:
            return False
        if position == len(tied):
            return True
        row = self.instance.rows[tied[position]]
        for way in ways[tied[position]]:
            if all(self.left[place.kind][choice] for place, choice in zip(row, way, strict=True)):
                self._connect(row, way, 1)
                self.chosen[tied[position]] = way
                if self.lay(tied, ways, position + 1, cost + off_cycle(row, way)):
                    return True
                self._connect(row, way, -1)
                del self.chosen[tied[position]]
        return False

    def arrangement(self) -> Arrangement:
        """Connect the rows not yet laid: each place as its row would like while there are such circuits, then what is left."""
        staying = [
            [min(left, wanted) for left, wanted in zip(*both, strict=True)]
            for both in zip(self.left, self.wanted, strict=True)
        ]
        moving = [
            [left - stays for left, stays in zip(*both, strict=True)]
            for both in zip(self.left, staying, strict=True)
        ]
        chosen = []
        for index, row in enumerate(self.instance.rows):
            way = self.chosen.get(index)
            if way is None:
                way = tuple(_taken(place, staying[place.kind], moving[place.kind]) for place in row)
                way = way if uncrossed(self.instance, row, way) else _turned_over(row, way)
            chosen.append(way)
        return Arrangement(tuple(chosen))

    def _connect(self, row: Row, way: Sequence[int], sign: int) -> None:
        for place, choice in zip(row, way, strict=True):
            self.left[place.kind][choice] -= sign
            self.wanted[place.kind][place.target] -= sign
        for place in row:
            self.missing[place.kind] = self._missing(place.kind)

    def _missing(self, kind: int) -> int:
        short = sum(
            max(0, wanted - left) for wanted, left in zip(self.wanted[kind], self.left[kind], strict=True)
        )
        return short * self.instance.kinds[kind].weight


def _taken(place: Place, staying: list[int], moving: list[int]) -> int:
    if staying[place.target]:
        staying[place.target] -= 1
        return place.target
    choice = next(index for index, count in enumerate(moving) if count)
    moving[choice] -= 1
    return choice


def _turned_over(row: Row, way: tuple[int, ...]) -> tuple[int, ...]:
    """Exchange the two circuits of a row where they are alike."""
    return way[::-1] if len({place.kind for place in row}) == 1 else way


def _uncrossed_by_exchanges(instance: Instance, arrangement: Arrangement) -> Arrangement:
    """Exchange circuits of a kind between two rows as long as fewer rows cross."""
    chosen = [list(way) for way in arrangement.chosen]
    where = [(row, side) for row, chosen_way in enumerate(chosen) for side in range(len(chosen_way))]

    def crossing(*rows: int) -> int:
        return sum(not uncrossed(instance, instance.rows[row], chosen[row]) for row in {*rows})

    def off(*rows: int) -> int:
        return sum(off_cycle(instance.rows[row], chosen[row]) for row in {*rows})

    def exchange(one: tuple[int, int], other: tuple[int, int]) -> None:
        (row, side), (other_row, other_side) = one, other
        chosen[row][side], chosen[other_row][other_side] = chosen[other_row][other_side], chosen[row][side]

    for row in range(len(chosen)):
        if not crossing(row):
            continue
        best: tuple[tuple[int, int], tuple[int, int], tuple[int, int]] | None = None
        for side, other in product(range(len(chosen[row])), where):
            if instance.rows[row][side].kind != instance.rows[other[0]][other[1]].kind:
                continue
            crossing_before, off_before = crossing(row, other[0]), off(row, other[0])
            exchange((row, side), other)
            gain = (crossing(row, other[0]) - crossing_before, off(row, other[0]) - off_before)
            exchange((row, side), other)
            if gain[0] < 0 and (best is None or gain < best[0]):
                best = (gain, (row, side), other)
        if best is not None:
            exchange(best[1], best[2])
    return Arrangement(tuple(tuple(way) for way in chosen))


def _is_tied(instance: Instance, places: tuple[Place, ...]) -> bool:
    """Tell whether a row cannot simply take what is left over: it is bound, or its two kinds do not fit every way round."""
    options = [len(instance.choices(instance.kinds[place.kind])) for place in places]
    if any(len(place.domain) < size for place, size in zip(places, options, strict=True)):
        return True
    unlike = len({place.kind for place in places}) > 1
    return unlike and len(configurations(instance, places)) < prod(options)


def _places(instance: Instance) -> Iterator[Place]:
    return (place for row in instance.rows for place in row)
