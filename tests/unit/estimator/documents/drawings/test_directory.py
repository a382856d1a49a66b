"""The rows of the circuit table."""

from fractions import Fraction

from kis.estimator.documents.drawings.directory import circuit_rows
from kis.estimator.documents.drawings.panel_facts import facts_of
from tests.factories import designs, drawings


def rows(*devices: object, merged: bool) -> list[tuple[str, str, int]]:
    """Return number, phase and load of each row for lighting circuits with these changes, on R, S, T in turn."""
    circuits = tuple(
        drawings.lighting(f"B{number:03d}", **changes)  # type: ignore[arg-type]  # a table of changes
        for number, changes in enumerate(devices, start=1)
    )
    lines = {circuit.id: ("RST"[index % 3],) for index, circuit in enumerate(circuits)}
    panel = designs.design(
        problem=drawings.problem(devices=circuits), phases=(drawings.reported(lines=lines),)
    )
    return [
        (row.number, row.phase, row.load_va) for row in circuit_rows(facts_of(panel, "ko"), merged=merged)
    ]


class TestCircuitRows:
    def test_lists_every_circuit(self) -> None:
        assert rows({}, {}, merged=False) == [("1", "R", 4400), ("2", "S", 4400)]

    def test_joins_what_differs_in_number_and_phase_alone(self) -> None:
        assert rows({}, {}, {}, {}, merged=True) == [("1–4", "R2 S1 T1", 4400)]

    def test_keeps_apart_what_differs_in_load_or_name(self) -> None:
        other_load, other_name = {"phase_load_va": Fraction(2200)}, {"load": "전열"}
        assert rows({}, other_load, other_name, merged=True) == [
            ("1", "R", 4400),
            ("2", "S", 2200),
            ("3", "T", 4400),
        ]

    def test_names_the_runs_of_what_it_joins(self) -> None:
        other = {"load": "전열"}
        assert rows({}, {}, other, {}, other, merged=True) == [
            ("1–2, 4", "R2 S1", 4400),
            ("3, 5", "S1 T1", 4400),
        ]

    def test_rounds_a_load_half_up(self) -> None:
        assert rows({"phase_load_va": Fraction(10001, 2)}, merged=False) == [("1", "R", 5001)]

    def test_names_a_breaker_kept_in_reserve(self) -> None:
        circuit = drawings.lighting("B001", load="", is_spare=True)
        panel = designs.design(problem=drawings.problem(devices=(circuit,)))
        (row,) = circuit_rows(facts_of(panel, "ko"), merged=False)
        assert row.load_name == "예비"
