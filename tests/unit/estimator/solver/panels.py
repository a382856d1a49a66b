"""Phase problems for the tests: circuits by their rating, seated two to a row in the order given."""

import random
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from kis.estimator.solver import (
    FixedLoad,
    LoadGroup,
    PhaseProblem,
    PhaseSolution,
    Seat,
    choice_index,
    choices,
)

LINE_VOLTS = 220


def amperes(key: str, rating_a: int, quantity: int, lines: int = 1) -> LoadGroup:
    """Return circuits that load their phases by their rating, at 220 V."""
    return LoadGroup(key=key, load_va=Fraction(rating_a * LINE_VOLTS), quantity=quantity, lines=lines)


def volt_amperes(key: str, load_va: Fraction | int, quantity: int = 1, lines: int = 1) -> LoadGroup:
    return LoadGroup(key=key, load_va=Fraction(load_va), quantity=quantity, lines=lines)


def bound_to(key: str, phases: tuple[int, ...], load_va: Fraction | int, quantity: int = 1) -> FixedLoad:
    return FixedLoad(key=key, phases=phases, load_va=Fraction(load_va), quantity=quantity)


def three_phase(total_a: int) -> tuple[Fraction, ...]:
    """Return the base of branches of three phases, which load every phase alike."""
    return (Fraction(total_a * LINE_VOLTS),) * 3


def loads_a(solution: PhaseSolution) -> tuple[int, ...]:
    """Return the loads in amperes, which must be whole."""
    assert all((load / LINE_VOLTS).denominator == 1 for load in solution.loads_va)
    return tuple(int(load / LINE_VOLTS) for load in solution.loads_va)


def loads_va(solution: PhaseSolution) -> tuple[int, ...]:
    """Return the loads in VA, which must be whole."""
    assert all(load.denominator == 1 for load in solution.loads_va)
    return tuple(int(load) for load in solution.loads_va)


def in_pairs(keys: Sequence[str]) -> tuple[Seat, ...]:
    """Return free seats from the top, left then right."""
    return tuple(
        Seat(index=index, row=index // 2, side=index % 2, column=0, key=key) for index, key in enumerate(keys)
    )


def panel(*groups: LoadGroup, seated: bool = True, phases: int = 3, **more: Any) -> PhaseProblem:
    """Return a problem whose free circuits sit in pairs, group after group."""
    if seated and "seats" not in more:
        more["seats"] = in_pairs([group.key for group in groups for _ in range(group.quantity)])
    return PhaseProblem(phases=phases, groups=groups, **more)


def chooser_of(seed: int) -> random.Random:
    """Return what makes the cases of a seed; the same on every machine."""
    return random.Random(seed)  # noqa: S311 - test cases, not secrets


def ordinary(seed: int, circuits: int, **more: Any) -> PhaseProblem:
    """Return a panel of the usual mix: most circuits 20 A, some 30 A, few 50 A."""
    ratings = chooser_of(seed).choices([20, 30, 50], [6, 3, 1], k=circuits)
    groups = [amperes(f"2P{rating}", rating, ratings.count(rating)) for rating in (50, 30, 20)]
    return panel(*(group for group in groups if group.quantity), **more)


def different_loads(seed: int, circuits: int, step_va: int, **more: Any) -> PhaseProblem:
    """Return a panel whose every circuit has a load of its own, a multiple of the step."""
    chooser = chooser_of(seed)
    loads = [chooser.randrange(500, 4500, step_va) for _ in range(circuits)]
    groups = [volt_amperes(f"{index:03}", load) for index, load in enumerate(loads)]
    return panel(*groups, **{"sides_may_change": True, **more})


def any_small(seed: int, most: int = 6, **more: Any) -> PhaseProblem:
    """Return any small problem: fixed and free circuits of one and two lines, seats in any order, rules on or off."""
    chooser = chooser_of(seed)
    phases = chooser.choice((2, 3, 3, 3))
    loads: Sequence[Fraction | int] = chooser.choice(
        ([20, 30, 50], [20], range(1, 8), [0, 10], range(5, 60, 5), [Fraction(1, 3), Fraction(5, 6)])
    )
    with_pairs = chooser.random() < 0.4
    groups: list[LoadGroup] = []
    fixed: list[FixedLoad] = []
    left = most
    while left and chooser.random() < 0.9:
        quantity = chooser.randint(1, min(4, left))
        left -= quantity
        lines = 2 if with_pairs and chooser.random() < 0.5 else 1
        if chooser.random() < 0.75:
            groups.append(volt_amperes(f"g{len(groups)}", chooser.choice(loads), quantity, lines))
        else:
            on = chooser.choice(choices(lines, phases))
            fixed.append(bound_to(f"f{len(fixed)}", on, chooser.choice(loads), quantity))
    base_va = (
        () if chooser.random() < 0.7 else tuple(Fraction(chooser.choice((0, 10, 10))) for _ in range(phases))
    )
    seats = _any_seats(chooser, groups, fixed, phases) if chooser.random() < 0.75 else ()
    rules: dict[str, Any] = {
        "seats": seats,
        "label_turn": chooser.randint(0, 4),
        "facing_pair_shares_phase": chooser.random() < 0.15,
        "sides_may_change": chooser.random() < 0.4,
    }
    return PhaseProblem(
        phases=phases,
        groups=tuple(groups),
        fixed=tuple(fixed),
        base_va=base_va,
        **{**rules, **more},
    )


def _any_seats(
    chooser: random.Random, groups: Sequence[LoadGroup], fixed: Sequence[FixedLoad], phases: int
) -> tuple[Seat, ...]:
    circuits: list[tuple[str, int | None]] = [
        (group.key, None) for group in groups for _ in range(group.quantity)
    ]
    circuits += [
        (load.key, choice_index(load.phases, phases)) for load in fixed for _ in range(load.quantity)
    ]
    if chooser.random() < 0.3:
        chooser.shuffle(circuits)
    seats: list[Seat] = []
    column = row = side = 0
    for index, (key, choice) in enumerate(circuits):
        named = choice if chooser.random() < 0.5 else None
        seats.append(
            Seat(
                index=index,
                row=row,
                side=side,
                column=column,
                key=key,
                fixed_phase=named,
                fixed=choice is not None,
            )
        )
        if side == 0 and chooser.random() < 0.85:
            side = 1
        else:
            side, row = 0, row + 1
            column += chooser.random() < 0.1
    return tuple(seats)
