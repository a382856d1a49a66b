"""The seats row by row: what each row would like, who faces whom, and who has a choice left.

Rows count in order over the columns; the first would like R, the next S, then T, and so on (RS, ST, TR for circuits between two
lines, counted apart). Where facing circuits must share a phase, a free circuit follows the settled one it faces, and two free ones
become one unit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from kis.estimator.solver.problem import PhaseProblem, Seat, choices


@dataclass(frozen=True, slots=True)
class Unit:
    """One free circuit, or two that share a phase, with the choices its neighbour leaves it."""

    seats: tuple[int, ...]
    load_va: Fraction
    lines: int
    target: int
    domain: tuple[int, ...]

    @property
    def kind_key(self) -> tuple[int, Fraction, int]:
        """What makes two units the same to the solver: circuits in it, load, lines."""
        return (len(self.seats), self.load_va, self.lines)


@dataclass(frozen=True, slots=True)
class Follower:
    """A free circuit without a choice: it has only one, or follows its neighbour."""

    key: str
    lines: int
    choice: int


@dataclass(frozen=True, slots=True)
class SeatPlan:
    """All rows; ``settled`` gives the choice of every seat that has none left, ``off_cycle`` how many of them miss their row's."""

    rows: tuple[tuple[Unit, ...], ...]
    settled: dict[int, int]
    followers: tuple[Follower, ...]
    off_cycle: int


def read_rows(problem: PhaseProblem) -> SeatPlan:
    """Return the plan of a problem's seats."""
    reader = _Reader(problem)
    reader.read()
    return SeatPlan(tuple(reader.rows), reader.settled, tuple(reader.followers), reader.off_cycle)


@dataclass(frozen=True, slots=True)
class _Occupant:
    """What sits on a seat, and the choices it may still take."""

    position: int
    seat: Seat
    lines: int
    target: int
    is_free: bool
    options: tuple[int, ...]

    @property
    def is_settled(self) -> bool:
        return not self.is_free or len(self.options) == 1


class _Reader:
    def __init__(self, problem: PhaseProblem) -> None:
        self.problem = problem
        self.load_va = {group.key: group.load_va for group in problem.groups}
        self.rows: list[tuple[Unit, ...]] = []
        self.settled: dict[int, int] = {}
        self.followers: list[Follower] = []
        self.off_cycle = 0

    def read(self) -> None:
        """Read every row, in order over the columns."""
        ordered = sorted(enumerate(self.problem.seats), key=lambda item: _place(item[1]))
        rows_seen = {1: 0, 2: 0}
        for _, members in groupby(ordered, key=lambda item: _place(item[1])[:2]):
            row = [self._occupant(position, seat, rows_seen) for position, seat in members]
            for lines in {occupant.lines for occupant in row}:
                rows_seen[lines] += 1
            self._read_row(row)

    def _occupant(self, position: int, seat: Seat, rows_seen: dict[int, int]) -> _Occupant:
        lines = self.problem.lines_of(seat)
        options = tuple(range(len(choices(lines, self.problem.phases))))
        fixed = self.problem.fixed_choice(seat)
        return _Occupant(
            position=position,
            seat=seat,
            lines=lines,
            target=rows_seen[lines] % len(options),
            is_free=fixed is None,
            options=options if fixed is None else (fixed,),
        )

    def _read_row(self, row: list[_Occupant]) -> None:
        allowed = self._allowed(row)
        shares = bool(allowed) and self.problem.facing_pair_shares_phase
        if shares and any(occupant.is_settled for occupant in row):
            row = [replace(occupant, options=(allowed[0][0],)) for occupant in row]
        units = []
        for side, occupant in enumerate(row):
            if occupant.is_settled:
                self._settle(occupant)
            else:
                domain = tuple(sorted({pair[side] for pair in allowed})) or occupant.options
                load_va = self.load_va[occupant.seat.key]
                units.append(Unit((occupant.position,), load_va, occupant.lines, occupant.target, domain))
        if shares and len(units) == 2:
            self.rows.append((_joined(*units),))
        elif allowed and units:
            self.rows.append(tuple(units))
        else:
            self.rows.extend((unit,) for unit in units)

    def _allowed(self, row: Sequence[_Occupant]) -> list[tuple[int, int]]:
        """Return the choices of two facing circuits that go together; none too where nothing faces."""
        if len(row) < 2:
            return []
        left, right = row
        return [
            (one, other)
            for one in left.options
            for other in right.options
            if self.problem.may_face(
                choices(left.lines, self.problem.phases)[one],
                choices(right.lines, self.problem.phases)[other],
            )
        ]

    def _settle(self, occupant: _Occupant) -> None:
        (choice,) = occupant.options
        self.settled[occupant.position] = choice
        self.off_cycle += choice != occupant.target
        if occupant.is_free:
            self.followers.append(Follower(occupant.seat.key, occupant.lines, choice))


def _joined(one: Unit, other: Unit) -> Unit:
    return replace(one, seats=one.seats + other.seats, load_va=one.load_va + other.load_va)


def _place(seat: Seat) -> tuple[int, int, int]:
    return seat.column, seat.row, seat.side
