"""Trying every distribution: the optimum of small problems, and an honest end of large ones."""

import pytest

from kis.estimator.solver.enumeration import best_distribution
from kis.estimator.solver.instance import scaled, spread
from tests.unit.estimator.solver.every_way import every_way
from tests.unit.estimator.solver.panels import any_small, different_loads, panel, volt_amperes


class TestBestDistribution:
    @pytest.mark.parametrize("seed", range(500, 560))
    def test_it_finds_the_least_load_difference(self, seed: int) -> None:
        problem = any_small(seed, seats=())
        instance = scaled(problem)
        found = best_distribution(instance, load_spread=instance.total_load)
        assert found.complete
        assert found.distribution is not None
        assert instance.holds_all(found.distribution)
        best = min(way.load_difference for way in every_way(problem))
        assert instance.va(spread(instance.loads(found.distribution))) == best

    @pytest.mark.parametrize("seed", range(500, 560))
    def test_it_finds_the_least_count_difference_within_a_load_difference(self, seed: int) -> None:
        problem = any_small(seed, seats=())
        instance = scaled(problem)
        ways = list(every_way(problem))
        allowed = sorted({way.load_difference for way in ways})[: 1 + seed % 2][-1]
        found = best_distribution(
            instance, load_spread=int(allowed / instance.unit_va), count_spread=instance.total_count
        )
        assert found.distribution is not None
        assert instance.va(spread(instance.loads(found.distribution))) <= allowed
        best = min(way.count_difference for way in ways if way.load_difference <= allowed)
        assert spread(instance.counts(found.distribution)) == best

    @pytest.mark.parametrize("seed", range(500, 550))
    def test_nothing_better_than_the_optimum_exists(self, seed: int) -> None:
        problem = any_small(seed, seats=())
        instance = scaled(problem)
        best = int(min(way.load_difference for way in every_way(problem)) / instance.unit_va)
        if best:
            found = best_distribution(instance, load_spread=best - 1)
            assert found.complete
            assert found.distribution is None

    def test_large_problems_are_left_to_the_solver(self) -> None:
        found = best_distribution(scaled(different_loads(1, 60, 1, seats=())), load_spread=5000)
        assert not found.complete
        assert found.distribution is None

    def test_no_circuit_at_all_is_complete(self) -> None:
        found = best_distribution(scaled(panel()), load_spread=0)
        assert found.complete
        assert found.distribution == ()

    def test_counts_decide_before_loads_when_they_are_wanted(self) -> None:
        # 4 VA and four of 1 VA: 4/2/2 has counts 1/2/2, and a wider window leaves nothing more even.
        instance = scaled(panel(volt_amperes("a", 4), volt_amperes("b", 1, 4), seated=False))
        found = best_distribution(instance, load_spread=8, count_spread=5)
        assert found.distribution is not None
        assert sorted(instance.counts(found.distribution)) == [1, 2, 2]
        assert sorted(instance.loads(found.distribution)) == [2, 2, 4]
