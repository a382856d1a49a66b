"""What the phase solver is asked: loads and places, and nothing about breakers.

A circuit loads one phase (``lines=1``: a line and neutral) or two (``lines=2``: between two lines). What it may be connected to
is a *choice*, counted from 0: the phases R, S, T for one line, the pairs RS, ST, TR for two (:func:`choices`). Three-phase
circuits load every phase alike; they come summed up in ``base_va`` and are not counted as circuits.
"""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Final

from kis.platform.errors import KisError
from kis.platform.messages import Message

LEFT: Final = 0
RIGHT: Final = 1

SOLVER_GUARD_SECONDS: Final = 30.0
"""Longest search of one group of circuits; ended by it, the heuristic's answer stands, marked so."""

Choice = tuple[int, ...]


@cache
def choices(lines: int, phases: int) -> tuple[Choice, ...]:
    """Return the phases of every possible connection, in the order of their indices."""
    if lines == 1:
        return tuple((phase,) for phase in range(phases))
    return ((0, 1),) if phases == 2 else ((0, 1), (1, 2), (2, 0))


class InvalidPhaseProblem(KisError):
    """The problem contradicts itself, so there is nothing to solve."""

    code = "invalid_phase_problem"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadGroup:
    """Equal circuits that may be connected freely; each loads every one of its phases with ``load_va``."""

    key: str
    load_va: Fraction
    quantity: int
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedLoad:
    """Equal circuits whose phase (or two phases) the request has fixed; they are counted on each of their phases."""

    key: str
    phases: Choice
    load_va: Fraction
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A place in the panel that takes one circuit of its key.

    Two seats of the same column and row face each other. ``fixed`` says that the circuit is one of the fixed loads of this key;
    ``fixed_phase`` then names its choice and may be left out when the key has only one.
    """

    index: int
    row: int
    side: int
    column: int
    key: str
    fixed_phase: int | None = None
    fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseProblem:
    """Circuits to be spread over the phases, and the seats they will sit in (none, or one for every free circuit).

    ``label_turn`` is the panel's index: it turns the labels so that the heaviest phase is not R in every panel of a job;
    it is ignored as soon as anything is fixed. ``sides_may_change``: where half-bars would cross, the two circuits of a row may
    change sides instead. ``line_volts`` only serves to tell the difference in amperes.
    """

    phases: int
    groups: tuple[LoadGroup, ...]
    fixed: tuple[FixedLoad, ...] = ()
    base_va: tuple[Fraction, ...] = ()
    seats: tuple[Seat, ...] = ()
    facing_pair_shares_phase: bool = False
    sides_may_change: bool = False
    label_turn: int = 0
    line_volts: int = 220
    guard_seconds: float = SOLVER_GUARD_SECONDS
    use_solver: bool = True

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; the engine builds problems itself, so this is a broken promise and not bad input."""
        if self.phases not in (2, 3) or len(self.base_va) not in (0, self.phases):
            raise InvalidPhaseProblem(
                Message("solver.invalid.phases", {"phases": self.phases, "base": len(self.base_va)})
            )
        self._check_loads()
        self._check_places()
        self._check_fixed_seats()

    def fits(self, left: Choice, right: Choice) -> bool:
        """Tell whether two circuits may face each other as they are."""
        if self.facing_pair_shares_phase:
            return left == right
        return is_uncrossed(left, right, self.phases)

    def may_face(self, left: Choice, right: Choice) -> bool:
        """Tell whether two circuits may face each other, on each other's side if sides may change."""
        return self.fits(left, right) or (self.sides_may_change and self.fits(right, left))

    def fixed_choice(self, seat: Seat) -> int | None:
        """Return the choice a seat's circuit is bound to, None when it is free."""
        if not seat.fixed and seat.fixed_phase is None:
            return None
        bound = sorted(
            {choice_index(load.phases, self.phases) for load in self.fixed if load.key == seat.key}
        )
        if seat.fixed_phase in bound:
            return seat.fixed_phase
        if seat.fixed_phase is None and len(bound) == 1:
            return bound[0]
        raise InvalidPhaseProblem(Message("solver.invalid.fixed_seat", {"seat": seat.index, "key": seat.key}))

    def lines_of(self, seat: Seat) -> int:
        """Return whether the seat's circuit takes one line or two."""
        if self.fixed_choice(seat) is not None:
            return next(len(load.phases) for load in self.fixed if load.key == seat.key)
        return next(group.lines for group in self.groups if group.key == seat.key)

    def _check_loads(self) -> None:
        if len({group.key for group in self.groups}) < len(self.groups):
            raise InvalidPhaseProblem(Message("solver.invalid.keys"))
        lines_of_key = {group.key: group.lines for group in self.groups}
        for key, lines, load_va, quantity in [
            *((group.key, group.lines, group.load_va, group.quantity) for group in self.groups),
            *((load.key, len(load.phases), load.load_va, load.quantity) for load in self.fixed),
        ]:
            if (
                lines not in (1, 2)
                or load_va < 0
                or quantity < 0
                or lines_of_key.setdefault(key, lines) != lines
            ):
                raise InvalidPhaseProblem(Message("solver.invalid.load", {"key": key}))
        for load in self.fixed:
            choice_index(load.phases, self.phases)

    def _check_places(self) -> None:
        places = Counter((seat.column, seat.row, seat.side) for seat in self.seats)
        if any(count > 1 or side not in (LEFT, RIGHT) for (_, _, side), count in places.items()):
            raise InvalidPhaseProblem(Message("solver.invalid.places"))
        if not self.seats:
            return
        seated = Counter(seat.key for seat in self.seats if self.fixed_choice(seat) is None)
        wanted = {group.key: group.quantity for group in self.groups if group.quantity}
        if dict(seated) != wanted:
            different = sorted(key for key in {*seated, *wanted} if seated.get(key) != wanted.get(key))
            raise InvalidPhaseProblem(Message("solver.invalid.seats", {"keys": ", ".join(different)}))

    def _check_fixed_seats(self) -> None:
        seated = Counter(
            (seat.key, choice) for seat in self.seats if (choice := self.fixed_choice(seat)) is not None
        )
        available: Counter[tuple[str, int | None]] = Counter()
        for load in self.fixed:
            available[load.key, choice_index(load.phases, self.phases)] += load.quantity
        if over := sorted({key for (key, choice), count in seated.items() if count > available[key, choice]}):
            raise InvalidPhaseProblem(Message("solver.invalid.seats", {"keys": ", ".join(over)}))


def choice_index(connected: Choice, phases: int) -> int:
    """Return the index of a connection among its choices; the order in which its phases are named does not matter."""
    for index, choice in enumerate(choices(len(connected), phases)):
        if set(choice) == set(connected) and len(choice) == len(connected):
            return index
    raise InvalidPhaseProblem(Message("solver.invalid.connection", {"connection": connected}))


@cache
def is_uncrossed(left: Choice, right: Choice, phases: int) -> bool:
    """Tell whether two facing circuits are reached without crossing half-bars.

    At every pole level the left one's bar must not lie right of the right one's. Bars stand R S T N, or L1 N L2; a one-line
    circuit's second pole goes to N, and a two-line circuit takes its bars from the left.
    """
    neutral = 3 if phases == 3 else 1
    bars = (0, 1, 2) if phases == 3 else (0, 2)

    def poles(choice: Choice) -> list[int]:
        return sorted([*(bars[phase] for phase in choice), *([neutral] if len(choice) == 1 else [])])

    return all(one <= other for one, other in zip(poles(left), poles(right), strict=True))
