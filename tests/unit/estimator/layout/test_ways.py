"""Rows and columns of small panels, counted on paper; the cutting into columns against every possible cut."""

from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from kis.estimator.layout.ways import Row, Way, cut_into_columns, pitch_of, rows_of
from kis.estimator.problem import Device, Network, SpareWay
from kis.estimator.request import Supply
from tests.factories.circuits import FOUR_WIRES, circuit, circuits, empty_way, listed
from tests.factories.panels import rulebook

SPLIT_PHASE = Network(
    supply=Supply.SINGLE_PHASE_THREE_WIRE,
    phases=("L1", "L2"),
    bars=("L1", "N", "L2"),
    phase_voltage=110,
    line_voltage=220,
)


def between_lines(name: str, model: str, rating_a: int) -> Device:
    return circuit(name, model, rating_a, connected=2, circuit_voltage=380)


def laid_out(
    devices: list[Device], spares: tuple[SpareWay, ...] = (), network: Network = FOUR_WIRES
) -> list[tuple[list[str], int]]:
    """Return the ids and the pitch of each row."""
    return [
        ([way.occupant.id for way in row.ways], row.pitch_mm)
        for row in rows_of(devices, spares, network, rulebook())
    ]


class TestPitch:
    @pytest.mark.parametrize(
        ("model", "pitch_mm"),
        # Small 40, others as wide as the catalogue says.
        [("SIE-32", 40), ("SBC-52", 50), ("SBS-53", 75), ("SBS-54", 100), ("SBS-104", 120), ("SBS-202", 105),
         ("SBS-204", 140), ("SBS-404", 184), ("SBS-804", 280)],
    )  # fmt: skip
    def test_of_a_breaker_alone(self, model: str, pitch_mm: int) -> None:
        assert pitch_of(listed(model), rulebook()) == pitch_mm

    @pytest.mark.parametrize(
        ("model", "rating_a", "pitch_mm"),
        # Two facing 4P: a quarter more, one pole pitch.
        [("SBS-54", 50, 125), ("SBS-104", 125, 150), ("SBS-204", 225, 175), ("SBS-404", 400, 230), ("SBS-804", 800, 350)],
    )  # fmt: skip
    def test_of_two_facing_4_pole_breakers(self, model: str, rating_a: int, pitch_mm: int) -> None:
        assert laid_out(circuits(model, rating_a, 2)) == [(["B001", "B002"], pitch_mm)]

    def test_of_an_unlike_pair_is_the_wider(self) -> None:
        # 75 and 50 wide, both 130 high.
        assert laid_out([circuit("B1", "SBS-53", 30), circuit("B2", "SBS-52", 30)]) == [(["B1", "B2"], 75)]
        # A 4P facing a 3P needs no fifth pitch.
        assert laid_out([circuit("B1", "SBS-54", 30), circuit("B2", "SBS-53", 30)]) == [(["B1", "B2"], 100)]


class TestRows:
    def test_face_their_like_and_leave_the_odd_one_alone(self) -> None:
        assert laid_out(circuits("SIE-32", 20, 5)) == [
            (["B001", "B002"], 40),
            (["B003", "B004"], 40),
            (["B005"], 40),
        ]

    def test_alone_stand_on_the_left(self) -> None:
        (row,) = rows_of(circuits("SIE-32", 20, 1), (), FOUR_WIRES, rulebook())
        assert row.left is not None
        assert row.right is None

    def test_of_nothing_are_none(self) -> None:
        assert laid_out([]) == []

    def test_stand_by_poles_frame_ampere(self) -> None:
        devices = [
            circuit("small20", "SIE-32", 20),
            circuit("small30", "SIE-32", 30),
            circuit("small30b", "SIE-32", 30),
            circuit("3P", "SBS-53", 50),
            circuit("4P50", "SBS-54", 50),
            circuit("4P225", "SBS-204", 225),
            circuit("compact", "SBC-52", 50),
        ]
        assert [ids for ids, _ in laid_out(devices)] == [
            ["4P225"],
            # The odd 4P and the odd 3P share the outline 130.
            ["4P50", "3P"],
            ["compact"],
            ["small30", "small30b"],
            ["small20"],
        ]

    def test_of_one_frame_stand_by_ampere_whatever_their_outline(self) -> None:
        # Compact 96, economy 130, both 2P 50AF.
        devices = [circuit("30", "EBN-52", 30), circuit("50", "EBS52FB", 50), circuit("20", "EBS52FB", 20)]
        assert laid_out(devices) == [(["50", "20"], 50), (["30"], 50)]

    def test_never_face_another_outline(self) -> None:
        # 70, 96, 130 and 155 high.
        models = [("SIE-32", 20), ("SBC-52", 40), ("SBS-53", 30), ("SBS-103", 75)]
        devices = [circuit(model, model, rating) for model, rating in models]
        assert all(len(ids) == 1 for ids, _ in laid_out(devices))

    def test_are_as_few_as_the_outline_allows(self) -> None:
        # 3 of 4P, 3 of 3P and 3 of 2P, all 130 high: nine ways, five rows.
        devices = [
            *circuits("SBS-54", 50, 3, first=1),
            *circuits("SBS-53", 30, 3, first=4),
            *circuits("SBS-52", 20, 3, first=7),
        ]
        # 125 + 100 (4P with 3P) + 75 + 50 + 50.
        assert sorted(pitch for _, pitch in laid_out(devices)) == [50, 50, 75, 100, 125]

    def test_hold_empty_ways_last_among_their_like(self) -> None:
        spares = (empty_way("E1", "SIE-32"), empty_way("E2", "SIE-32"))
        assert laid_out([*circuits("SIE-32", 20, 3)], spares) == [
            (["B001", "B002"], 40),
            (["B003", "E1"], 40),
            (["E2"], 40),
        ]

    def test_pair_circuits_between_lines_with_each_other(self) -> None:
        devices = [
            circuit("A1", "SIE-32", 20),
            between_lines("A2", "SIE-32", 20),
            circuit("A3", "SIE-32", 20),
            between_lines("A4", "SIE-32", 20),
        ]
        assert [ids for ids, _ in laid_out(devices)] == [["A1", "A3"], ["A2", "A4"]]

    def test_never_let_a_circuit_between_lines_face_one_with_neutral(self) -> None:
        # Bars R S T N: against S and T, R and N would cross on either side.
        devices = [circuit("with N", "SIE-32", 20), between_lines("between", "SIE-32", 20)]
        assert sorted(laid_out(devices)) == [(["between"], 40), (["with N"], 40)]

    def test_put_three_poles_left_of_a_circuit_between_lines(self) -> None:
        # R, S, T on the left never cross two of R, S, T on the right; and the three poles lead the row.
        devices = [circuit("3P", "SBS-53", 30), between_lines("between", "SBS-52", 30)]
        assert laid_out(devices) == [(["3P", "between"], 75)]

    def test_let_an_empty_way_face_a_circuit_between_lines(self) -> None:
        # Nothing is connected in an empty way, so nothing crosses: four ways, two rows.
        devices = [between_lines(f"between {number}", "SIE-32", 20) for number in range(3)]
        assert len(laid_out(devices, (empty_way("E1", "SIE-32"),))) == 2

    def test_let_breakers_of_all_phases_fill_the_gaps(self) -> None:
        # 4P, 4P, one between lines, one with N, all 130 high: 4P faces either, two rows of 100 and not 125 + 50 + 50.
        devices = [
            *circuits("SBS-54", 50, 2),
            between_lines("between", "SBS-52", 20),
            circuit("with N", "SBS-52", 20),
        ]
        assert [pitch for _, pitch in laid_out(devices)] == [100, 100]

    def test_keep_them_apart_where_n_is_the_middle_bar(self) -> None:
        devices = [
            circuit("with N", "SIE-32", 20),
            replace(between_lines("between", "SIE-32", 20), circuit_voltage=220),
        ]
        assert len(laid_out(devices, network=SPLIT_PHASE)) == 2


def row_of(pitch_mm: int) -> Row:
    return Row(left=Way(circuit("B", "SIE-32", 20)), right=None, pitch_mm=pitch_mm)


def pitches(columns: tuple[tuple[Row, ...], ...]) -> list[list[int]]:
    return [[row.pitch_mm for row in column] for column in columns]


def every_cut(heights: list[int], count: int) -> list[list[list[int]]]:
    """Return every way to cut ``heights``, in order, into ``count`` runs with something in each."""
    cuts = combinations(range(1, len(heights)), count - 1)
    bounds = ([0, *places, len(heights)] for places in cuts)
    return [[heights[a:b] for a, b in pairwise(places)] for places in bounds]


class TestColumns:
    @pytest.mark.parametrize(
        ("heights", "count", "expected"),
        [
            ([40] * 4, 1, [[40] * 4]),
            ([40] * 5, 2, [[40] * 3, [40] * 2]),
            # 9, 9, 7 and not 9, 8, 8: the left ones as full as the tallest allows.
            ([40] * 25, 3, [[40] * 9, [40] * 9, [40] * 7]),
            # 125 + 40 = 165 and 120 against 125 and 160: the latter is lower.
            ([125, 40, 40, 40, 40], 2, [[125], [40] * 4]),
            # Every column gets a row.
            ([100, 40, 40], 3, [[100], [40], [40]]),
        ],
    )
    def test_of_known_panels(self, heights: list[int], count: int, expected: list[list[int]]) -> None:
        assert pitches(cut_into_columns([row_of(height) for height in heights], count)) == expected

    @pytest.mark.parametrize(
        "heights",
        [
            [125, 125, 100, 75, 75, 40, 40, 40, 40],
            [175, 175, 75, 75, 50, 40, 40, 40],
            [280, 50, 50, 50, 40, 40],
            [40, 40, 40, 40, 40, 40, 40],
            [230, 175, 150, 125, 100, 75, 50, 40, 40, 40],
        ],
    )
    @pytest.mark.parametrize("count", [2, 3, 4])
    def test_are_the_best_of_all_cuts(self, heights: list[int], count: int) -> None:
        cuts = every_cut(heights, count)
        least = min(max(map(sum, cut)) for cut in cuts)
        best = [cut for cut in cuts if max(map(sum, cut)) == least]
        # Of the equally low ones that whose left columns hold most.
        fullest = max(best, key=lambda cut: [len(run) for run in cut])
        assert pitches(cut_into_columns([row_of(height) for height in heights], count)) == fullest
