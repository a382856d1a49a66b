"""The golden cases of the engineering rules, as far as phases go: loads and counts derived by hand, all proven."""

import pytest

from kis.estimator.solver import PhaseProblem, balance
from tests.unit.estimator.solver.every_way import assert_adds_up
from tests.unit.estimator.solver.panels import (
    amperes,
    bound_to,
    in_pairs,
    loads_a,
    loads_va,
    panel,
    three_phase,
    volt_amperes,
)

GOLDEN: list[tuple[str, PhaseProblem, tuple[int, ...], tuple[int, ...]]] = [
    # 10 circuits of 20 A: 4/3/3.
    ("G1", panel(amperes("2P20", 20, 10)), (80, 60, 60), (4, 3, 3)),
    # 12: four on each phase.
    ("G2", panel(amperes("2P20", 20, 12)), (80, 80, 80), (4, 4, 4)),
    # 20: 7/7/6.
    ("G3", panel(amperes("2P20", 20, 20)), (140, 140, 120), (7, 7, 6)),
    # 28: 10/9/9.
    ("G4", panel(amperes("2P20", 20, 28)), (200, 180, 180), (10, 9, 9)),
    # 4 × 50 A and 4 × 30 A of three phases put 320 A on each; 10 × 20 A as G1.
    ("G5", panel(amperes("2P20", 20, 10), base_va=three_phase(320)), (400, 380, 380), (4, 3, 3)),
    # 2 × 225 + 2 × 150 + 4 × 100 = 1150 A on each phase, no single-phase circuit.
    ("G6", panel(base_va=three_phase(1150)), (1150, 1150, 1150), (0, 0, 0)),
    # six 3P30 put 180 A on each, 6 × 20 A make 40 A on each.
    ("G8", panel(amperes("2P20", 20, 6), base_va=three_phase(180)), (220, 220, 220), (2, 2, 2)),
    # 6 × 50 A two to a phase, 2 × 20 A on two of them: 340 A in steps of 10 A would allow 120/110/110, but no phase carries 110 A
    # (50 + 3 × 20 needs three of the two 20 A circuits).
    ("G9", panel(amperes("2P50", 50, 6), amperes("2P20", 20, 2)), (120, 120, 100), (3, 3, 2)),
    # 9 × 20 A make 60 A on each, two 4P30 another 60 A.
    ("G10", panel(amperes("2P20", 20, 9), base_va=three_phase(60)), (120, 120, 120), (3, 3, 3)),
    # 4 × 20 A: 2/1/1.
    ("G11", panel(amperes("2P20", 20, 4)), (40, 20, 20), (2, 1, 1)),
    # 40 × 20 + 14 × 30 = 1220 A in tens is not divisible by 3: 410/410/400 over 300 A of six 3P50.
    # 13 × 20 + 5 × 30 = 410, twice, and 14 × 20 + 4 × 30 = 400: 18 circuits each.
    (
        "G13",
        panel(amperes("2P30", 30, 14), amperes("2P20", 20, 40), base_va=three_phase(300)),
        (710, 710, 700),
        (18, 18, 18),
    ),
    # 90 × 20 + 20 × 30 = 2400 A: 800 each over 500 A; 110 circuits are not divisible by 3.
    (
        "G14",
        panel(amperes("2P30", 30, 20), amperes("2P20", 20, 90), base_va=three_phase(500)),
        (1300, 1300, 1300),
        (36, 37, 37),
    ),
    # 50 + 2 × 20 = 90 A in three circuits, 80 A in four, twice.
    ("G15", panel(amperes("2P50", 50, 1), amperes("2P20", 20, 10)), (90, 80, 80), (3, 4, 4)),
    # 40 + 3 × 20 = 100, twice, and 4 × 20 = 80: 280 A in steps of 20 A is not divisible by 3.
    ("G17", panel(amperes("2P40", 40, 2), amperes("2P20", 20, 10)), (100, 100, 80), (4, 4, 4)),
]


class TestGoldenPanels:
    @pytest.mark.parametrize(
        ("problem", "loads", "counts"), [case[1:] for case in GOLDEN], ids=[case[0] for case in GOLDEN]
    )
    def test_loads_and_counts_are_those_derived_by_hand(
        self, problem: PhaseProblem, loads: tuple[int, ...], counts: tuple[int, ...]
    ) -> None:
        solution = balance(problem)
        assert loads_a(solution) == loads
        assert sorted(solution.counts) == sorted(counts)
        assert all(objective.proven for objective in solution.objectives)
        assert solution.proven_optimal
        assert not solution.used_solver
        assert not solution.heuristic_only
        assert solution.crossed_rows == ()
        assert_adds_up(problem, solution)

    def test_counts_follow_the_loads_phase_by_phase_where_only_one_way_exists(self) -> None:
        # G15: the phase of 90 A holds the 50 A circuit and two others, so R has three circuits.
        assert balance(panel(amperes("2P50", 50, 1), amperes("2P20", 20, 10))).counts == (3, 4, 4)

    def test_g13_has_its_thirties_five_five_four(self) -> None:
        solution = balance(panel(amperes("2P30", 30, 14), amperes("2P20", 20, 40)))
        assert solution.assignment == {"2P20": (13, 13, 14), "2P30": (5, 5, 4)}

    def test_g16_fills_up_beside_a_circuit_fixed_to_s(self) -> None:
        # 6,400 VA on each phase from two 9,600 VA motors; 40 A × 220 V = 8,800 VA fixed to S; ten 20 A circuits of 4,400 VA:
        # S has room for two (8,800 + 2 × 4,400 = 17,600 = 4 × 4,400), so 24,000 VA each and 4/1+2/4 circuits.
        problem = panel(
            amperes("2P20", 20, 10),
            fixed=(bound_to("2P40", (1,), 8800),),
            base_va=(volt_amperes("", 6400).load_va,) * 3,
        )
        solution = balance(problem)
        assert loads_va(solution) == (24000, 24000, 24000)
        assert solution.assignment == {"2P20": (4, 2, 4), "2P40": (0, 1, 0)}
        assert solution.counts == (4, 3, 4)
        assert solution.proven_optimal

    def test_g18_is_proven_at_300_va(self) -> None:
        # 9,900/9,700/9,600 VA by trying every way; 29,200 VA in hundreds would allow 100, but neither 100 nor 200 exists.
        problem = panel(
            volt_amperes("a", 4000),
            volt_amperes("b", 3000, 2),
            volt_amperes("c", 2200, 6),
            volt_amperes("d", 1500, 4),
        )
        solution = balance(problem)
        assert loads_va(solution) == (9900, 9700, 9600)
        assert solution.proven_optimal
        assert solution.objectives[0].status == "enumerated"

    def test_one_circuit_alone_leaves_two_phases_empty(self) -> None:
        solution = balance(panel(amperes("2P20", 20, 1)))
        assert loads_va(solution) == (4400, 0, 0)
        assert solution.proven_optimal
        assert solution.bound_va == 4400

    def test_single_phase_three_wire_splits_in_two(self) -> None:
        # 100 A and 70 A: 7 circuits of 10 A and one of 100 A have no better split.
        solution = balance(panel(amperes("2P100", 100, 1), amperes("2P10", 10, 7), phases=2))
        assert loads_a(solution) == (100, 70)
        assert solution.proven_optimal

    def test_seats_follow_the_rows_of_g2(self) -> None:
        # Twelve equal circuits: rows R, S, T, R, S, T, two seats each, give four on each phase without any exception.
        solution = balance(PhaseProblem(phases=3, groups=(amperes("x", 20, 12),), seats=in_pairs(["x"] * 12)))
        assert solution.seats == (0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2)
        assert solution.objectives[2].value == 0
