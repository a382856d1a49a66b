"""The order in which breakers are chosen, on a few rows made for the purpose."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kis.catalog import Breaker, BreakerKind, Catalog, Grade
from kis.estimator.stages.choice import (
    Alternative,
    Wanted,
    by_model,
    choose,
    may_hold,
    nearest,
    preferred_grades,
)
from tests.factories.circuits import listed
from tests.factories.panels import catalog, rulebook


def row(model: str, grade: str, frame_af: int = 50, **more: Any) -> Breaker:
    """Return a 3P MCCB of 20 to 50 A holding 14 kA at 460 V."""
    plain = replace(
        listed("ABN-53"), model=model, grade=Grade(grade), frame_af=frame_af, icu_ka=Decimal(14), icu_at_v=460
    )
    return replace(plain, **more)


def of(*rows: Breaker) -> Catalog:
    return replace(catalog(), breakers=rows)


def wanted(**more: Any) -> Wanted:
    plain: dict[str, Any] = {
        "kind": BreakerKind.MCCB,
        "poles": 3,
        "rating_a": 30,
        "make": "LS ELECTRIC",
        "panel_grade": Grade.ECONOMY,
    }
    return Wanted(**{**plain, **more})


def chosen(asked: Wanted, *rows: Breaker) -> str | None:
    found = choose(asked, of(*rows), rulebook())
    return found.model if found else None


class TestOrder:
    def test_grade_comes_before_frame(self) -> None:
        assert (
            chosen(wanted(), row("small frame", "standard", 50), row("large frame", "economy", 100))
            == "large frame"
        )

    def test_frame_comes_before_breaking_capacity(self) -> None:
        strong, large = (
            row("strong", "economy", 50, icu_ka=Decimal(50)),
            row("large", "economy", 60, icu_ka=Decimal(5)),
        )
        assert chosen(wanted(), large, strong) == "strong"

    def test_capacity_comes_before_name(self) -> None:
        assert chosen(wanted(), row("A", "economy", icu_ka=Decimal(18)), row("B", "economy")) == "B"

    def test_name_decides_last(self) -> None:
        assert chosen(wanted(), row("B", "economy"), row("A", "economy")) == "A"

    def test_grade_asked_for_comes_first(self) -> None:
        rows = (row("economy", "economy"), row("standard", "standard"))
        assert chosen(wanted(), *rows) == "economy"
        assert chosen(wanted(panel_grade=Grade.STANDARD), *rows) == "standard"
        assert chosen(wanted(asked_grade=Grade.STANDARD), *rows) == "standard"

    @pytest.mark.parametrize(
        "other",
        [
            {"kind": BreakerKind.ELB},
            {"poles": 4},
            {"rating_a": 60},
            {"make": "Sangdo"},
            {"frame_af": 100},
        ],
    )
    def test_of_another_sort_is_never_taken(self, other: dict[str, Any]) -> None:
        assert chosen(wanted(**other), row("ABN-53", "economy")) is None

    def test_modular_devices_stay_on_their_rails(self) -> None:
        rows = (row("BKN", "modular"), row("ABN", "economy"))
        assert chosen(wanted(), *rows) == "ABN"
        assert chosen(wanted(modular=True), *rows) == "BKN"
        assert chosen(wanted(modular=True), row("ABN", "economy")) is None


class TestTwoPoles:
    @pytest.mark.parametrize(
        ("rating_a", "more", "first"),
        [
            (15, {}, Grade.SMALL),
            (30, {}, Grade.SMALL),
            (40, {}, Grade.COMPACT),
            (50, {}, Grade.COMPACT),
            (60, {}, Grade.ECONOMY),
            (20, {"frame_af": 50}, Grade.COMPACT),
            (20, {"asked_grade": Grade.COMPACT}, Grade.COMPACT),
            (20, {"panel_grade": Grade.COMPACT}, Grade.COMPACT),
            (20, {"asked_grade": Grade.ECONOMY}, Grade.ECONOMY),
            (20, {"asked_grade": Grade.STANDARD}, Grade.STANDARD),
            (20, {"panel_grade": Grade.STANDARD}, Grade.SMALL),
        ],
    )
    def test_begin_with(self, rating_a: int, more: dict[str, Any], first: Grade) -> None:
        assert preferred_grades(wanted(poles=2, rating_a=rating_a, **more), rulebook())[0] is first

    def test_rule_is_for_two_poles_alone(self) -> None:
        assert preferred_grades(wanted(poles=3, rating_a=20), rulebook()) == (Grade.ECONOMY, Grade.STANDARD)


class TestBreakingCapacity:
    @pytest.mark.parametrize(
        ("ka", "at_v", "asked", "voltage", "holds"),
        [
            ("14", 460, "14", 460, True),
            ("14", 460, "14.1", 460, False),
            # A higher voltage covers a lower one, never the other way round.
            ("14", 460, "10", 220, True),
            ("5", 220, "5", 380, False),
            # Without its voltage it may hold and is looked at; without a figure it cannot.
            ("14", None, "10", 380, True),
            ("14", None, "15", 380, False),
            (None, None, "1", 220, False),
        ],
    )
    def test_counts_at_its_voltage_and_below(
        self, ka: str | None, at_v: int | None, asked: str, voltage: int, holds: bool
    ) -> None:
        breaker = row("X", "economy", icu_ka=None if ka is None else Decimal(ka), icu_at_v=at_v)
        assert may_hold(breaker, Decimal(asked), voltage) is holds

    def test_drops_what_does_not_hold_it(self) -> None:
        rows = (row("weak", "economy"), row("strong", "standard", icu_ka=Decimal(37)))
        assert chosen(wanted(breaking_ka=Decimal(20), voltage=380), *rows) == "strong"


class TestNearest:
    def named(self, asked: Wanted, rows: Sequence[Breaker]) -> list[tuple[str, int]]:
        found: tuple[Alternative, ...] = nearest(asked, of(*rows), rulebook())
        return [(item.breaker.model, item.rating_a) for item in found]

    def test_is_the_next_rating_up_then_the_next_poles_up(self) -> None:
        rows = [
            row("3P", "economy", ratings_a=(20, 40, 50)),
            row("4P", "economy", poles=4, ratings_a=(20, 30)),
        ]
        assert self.named(wanted(), rows) == [("3P", 40), ("4P", 30)]

    def test_is_never_lower(self) -> None:
        rows = [row("3P", "economy", ratings_a=(15, 20)), row("2P", "economy", poles=2, ratings_a=(30,))]
        assert self.named(wanted(), rows) == []

    def test_holds_the_breaking_capacity_too(self) -> None:
        rows = [
            row("weak", "economy", ratings_a=(40,)),
            row("strong", "standard", ratings_a=(50,), icu_ka=Decimal(37)),
        ]
        assert self.named(wanted(breaking_ka=Decimal(20), voltage=380), rows) == [("strong", 50)]

    def test_of_equals_is_what_would_be_chosen(self) -> None:
        rows = [row("standard", "standard", ratings_a=(40,)), row("economy", "economy", ratings_a=(40,))]
        assert self.named(wanted(), rows) == [("economy", 40)]


class TestByModel:
    @pytest.mark.parametrize("written", ["SBE-104", "sbe-104", "SBE 104", "SBE104", "SBE_104"])
    def test_reads_names_as_people_write_them(self, written: str) -> None:
        assert [item.model for item in by_model(written, 100, None, catalog())] == ["SBE-104"]

    def test_prefers_the_wanted_sensitivity(self) -> None:
        assert [item.sensitivity_ma for item in by_model("SIE-32", 20, 15, catalog())] == [15, 30]
        assert [item.sensitivity_ma for item in by_model("SIE-32", 20, 30, catalog())] == [30, 15]

    def test_of_an_unknown_name_is_nothing(self) -> None:
        assert by_model("XYZ-1", 20, None, catalog()) == []
