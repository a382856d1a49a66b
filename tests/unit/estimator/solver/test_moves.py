"""The fewest moves to a goal: compared with trying every distribution, complete when it says so, cut off when told."""

from itertools import product

import pytest

from kis.estimator.solver.instance import Distribution, Instance, scaled, spread
from kis.estimator.solver.moves import Goal, Start, fewest_moves
from tests.unit.estimator.solver.panels import any_small, different_loads, panel, volt_amperes


def distributions(instance: Instance) -> list[Distribution]:
    """Return every distribution of the instance's circuits."""
    per_kind = []
    for kind in instance.kinds:
        size = len(instance.choices(kind))
        per_kind.append(
            [on for on in product(range(kind.quantity + 1), repeat=size) if sum(on) == kind.quantity]
        )
    return list(product(*per_kind))


def cost_between(instance: Instance, one: Distribution, other: Distribution) -> int:
    """Return how many circuits have to be reconnected."""
    return sum(
        kind.weight * sum(max(0, before - after) for before, after in zip(*both, strict=True))
        for kind, both in zip(instance.kinds, zip(one, other, strict=True), strict=True)
    )


def reached(
    instance: Instance, start: Distribution, goal: Goal, most_steps: int = 1_000_000
) -> tuple[int | None, int, bool]:
    found: list[int] = []

    def accept(distribution: Distribution, cost: int) -> bool:
        assert instance.holds_all(distribution)
        assert goal.holds(instance.loads(distribution), instance.counts(distribution))
        found.append(cost)
        return True

    ended = fewest_moves(instance, [Start(start, start)], goal, accept, most_steps=most_steps)
    return (found[0] if found else None), ended.bound, ended.complete


class TestFewestMoves:
    @pytest.mark.parametrize("seed", range(700, 800))
    def test_no_distribution_at_the_goal_is_nearer(self, seed: int) -> None:
        instance = scaled(any_small(seed, most=5))
        every = distributions(instance)
        start = every[seed % len(every)]
        loads = sorted({spread(instance.loads(distribution)) for distribution in every})
        order = (1, 0) if instance.phases == 2 else (2, 0, 1)
        goal = Goal(
            load_spread=loads[0] if seed % 2 else loads[-1],
            count_spread=None
            if seed % 3
            else min(spread(instance.counts(distribution)) for distribution in every),
            order=order if seed % 5 == 0 else None,
        )
        costs = [
            cost_between(instance, start, distribution)
            for distribution in every
            if goal.holds(instance.loads(distribution), instance.counts(distribution))
        ]
        cost, bound, complete = reached(instance, start, goal)
        assert cost == min(costs, default=None)
        assert complete == (cost is None)
        if cost is not None:
            assert bound == cost

    def test_what_accept_refuses_is_passed_over(self) -> None:
        # Three equal circuits on R: two moves level them; refused once, another two moves do not exist, three do not help.
        instance = scaled(panel(volt_amperes("x", 1, 3), seated=False))
        offered = []

        def refuse(distribution: Distribution, cost: int) -> bool:
            offered.append((distribution, cost))
            return False

        start = ((3, 0, 0),)
        ended = fewest_moves(instance, [Start(start, start)], Goal(load_spread=0), refuse, most_steps=1000)
        assert offered == [(((1, 1, 1),), 2)]
        assert ended.complete

    def test_circuits_that_may_not_move_stay(self) -> None:
        instance = scaled(panel(volt_amperes("x", 1, 3), seated=False))
        offered: list[Distribution] = []

        def accept(distribution: Distribution, _cost: int) -> bool:
            offered.append(distribution)
            return True

        start = Start(((3, 0, 0),), ((1, 0, 0),))
        assert fewest_moves(instance, [start], Goal(load_spread=0), accept, most_steps=1000).complete
        fewest_moves(instance, [start], Goal(load_spread=2), accept, most_steps=1000)
        assert offered == [((2, 1, 0),)]

    def test_the_cheapest_of_several_starts_wins(self) -> None:
        instance = scaled(panel(volt_amperes("x", 1, 3), seated=False))
        costs: list[int] = []

        def accept(_distribution: Distribution, cost: int) -> bool:
            costs.append(cost)
            return True

        starts = [Start(on, on) for on in (((3, 0, 0),), ((2, 1, 0),))]
        fewest_moves(instance, starts, Goal(load_spread=0), accept, most_steps=1000)
        assert costs == [1]

    def test_the_steps_are_a_limit(self) -> None:
        instance = scaled(different_loads(1, 60, 1))
        start = tuple((1, 0, 0) if index % 2 else (0, 1, 0) for index in range(len(instance.kinds)))
        cost, bound, complete = reached(instance, start, Goal(load_spread=0), most_steps=50)
        assert cost is None
        assert not complete
        assert bound >= 1

    def test_no_start_proves_nothing(self) -> None:
        instance = scaled(panel(volt_amperes("x", 1, 3), seated=False))
        ended = fewest_moves(
            instance, [], Goal(load_spread=0), lambda _distribution, _cost: True, most_steps=10
        )
        assert (ended.bound, ended.complete) == (0, False)


class TestGoal:
    @pytest.mark.parametrize(
        ("goal", "holds"),
        [
            (Goal(load_spread=2), True),
            (Goal(load_spread=1), False),
            (Goal(load_spread=2, count_spread=1), True),
            (Goal(load_spread=2, count_spread=0), False),
            (Goal(load_spread=2, order=(0, 1, 2)), True),
            (Goal(load_spread=2, order=(0, 2, 1)), False),
        ],
    )
    def test_loads_counts_and_order_all_count(self, goal: Goal, holds: bool) -> None:
        assert goal.holds((5, 4, 3), (2, 2, 3)) is holds
