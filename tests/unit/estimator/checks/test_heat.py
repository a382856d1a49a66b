"""Findings on heat: what a report says is set by hand here, the figures themselves are tested with the report."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.checks.context import CheckContext
from kis.estimator.checks.heat import air_temperature, heat_scope, load_factor, losses, panel_heat, row_heat
from kis.estimator.checks.thermal import RowHeat
from kis.estimator.findings import Severity
from tests.factories.drawings import context, findings, gist, one, rules_with


def with_device(**change: Any) -> CheckContext:
    """Return the hand-drawn panel with other figures for B001."""
    examined = context()
    devices = tuple(replace(item, **change) if item.id == "B001" else item for item in examined.heat.devices)
    return replace(examined, heat=replace(examined.heat, devices=devices))


def with_heat(**change: Any) -> CheckContext:
    examined = context()
    return replace(examined, heat=replace(examined.heat, **change))


class TestLoadFactor:
    def test_is_within_in_the_hand_drawn_panel(self) -> None:
        assert findings(load_factor) == []

    @pytest.mark.parametrize(("permitted", "count"), [("0.8000", 0), ("0.7999", 1), ("0.8001", 0)])
    def test_must_not_exceed_what_the_air_allows(self, permitted: str, count: int) -> None:
        found = findings(load_factor, with_device(permitted_load_factor=Decimal(permitted)))
        expected = ("critic.load_factor", Severity.VIOLATION, Decimal("0.8000"), Decimal(permitted))
        assert [gist(item) for item in found] == [expected] * count
        assert [(item.where, item.subjects, item.rule) for item in found] == [
            ("C1L1", ("B001",), "critic.derating_per_kelvin")
        ] * count

    def test_names_model_air_and_current(self) -> None:
        text = one(load_factor, with_device(permitted_load_factor=Decimal("0.7"))).message.text("en")
        assert "SBS-53" in text
        assert "50.26 °C" in text
        assert "24.0 A" in text

    def test_is_not_judged_without_air(self) -> None:
        assert findings(load_factor, with_device(permitted_load_factor=None, load_factor=Decimal(9))) == []

    def test_comes_out_of_a_hot_panel(self) -> None:
        # 0.2 per kelvin above 40 °C leaves nothing anywhere in this box
        hot = context(rules=rules_with("critic", derating_per_kelvin=2))
        assert [item.subjects for item in findings(load_factor, hot)] == [
            ("M1",),
            ("B001",),
            ("B002",),
            ("B003",),
            ("B004",),
        ]


class TestAirTemperature:
    @pytest.mark.parametrize(("air", "count"), [("70.00", 0), ("70.01", 1)])
    def test_ends_at_seventy_degrees(self, air: str, count: int) -> None:
        found = findings(air_temperature, with_device(air_c=Decimal(air)))
        expected = ("critic.air_temperature", Severity.VIOLATION, Decimal(air), 70)
        assert [gist(item) for item in found] == [expected] * count
        assert [(item.where, item.subjects, item.rule, item.unit) for item in found] == [
            ("C1L1", ("B001",), "critic.air_limit", "°C")
        ] * count

    def test_is_not_judged_where_nothing_is_drawn(self) -> None:
        assert findings(air_temperature, with_device(air_c=None)) == []

    def test_follows_the_rulebook(self) -> None:
        # the main's air is 53.03 °C, all others' are cooler
        assert findings(air_temperature, context(rules=rules_with("critic", air_limit=54))) == []
        assert one(air_temperature, context(rules=rules_with("critic", air_limit=53))).subjects == ("M1",)


class TestPanelHeat:
    def test_is_information(self) -> None:
        finding = one(panel_heat, context())
        assert gist(finding) == ("critic.panel_heat", Severity.INFORMATION, Decimal("47.88"), 2500)
        assert (finding.rule, finding.unit) == ("critic.panel_heat", "W")
        assert "51.67 °C" in finding.message.text("en")
        assert "54.81 °C" in finding.message.text("en")


class TestRowHeat:
    def test_names_the_hottest_row(self) -> None:
        finding = one(row_heat, context())
        assert gist(finding) == ("critic.row_heat", Severity.INFORMATION, Decimal("23.21"), 650)
        assert (finding.where, finding.rule, finding.unit) == ("M1 C1·1", "critic.row_heat", "W")

    def test_of_equals_names_the_first(self) -> None:
        rows = tuple(RowHeat(main=0, column=1, row=row, loss_w=Decimal(5)) for row in (2, 3))
        assert one(row_heat, with_heat(rows=rows)).where == "M1 C2·3"

    def test_names_a_rail_by_its_number(self) -> None:
        rows = (RowHeat(main=0, column=-1, row=1, loss_w=Decimal(5)),)
        assert one(row_heat, with_heat(rows=rows)).where == "M1 2"

    def test_of_no_rows_is_silent(self) -> None:
        assert findings(row_heat, with_heat(rows=())) == []

    def test_the_first_column_has_a_name(self) -> None:
        rows = (RowHeat(main=0, column=0, row=0, loss_w=Decimal(5)),)
        assert one(row_heat, with_heat(rows=rows)).where == "M1 C1·1"


class TestLosses:
    def test_name_their_stand_ins(self) -> None:
        finding = one(losses, context())
        assert gist(finding) == ("critic.losses", Severity.WARNING, None, None)
        assert "NSX100 TMD, iC60N" in finding.message.text("en")
        assert finding.rule == "critic.loss_families"

    def test_of_the_maker_need_no_word(self) -> None:
        assert findings(losses, with_heat(stand_ins=())) == []

    def test_that_nobody_knows_stop_the_quotation(self) -> None:
        finding = one(losses, with_heat(stand_ins=(), unknown=("SIE-32",)))
        assert gist(finding) == ("critic.losses.unknown", Severity.VIOLATION, None, None)
        assert (finding.subjects, finding.rule) == (("SIE-32",), "critic.loss_families")


class TestHeatScope:
    def test_is_held_by_the_hand_drawn_panel(self) -> None:
        assert findings(heat_scope) == []

    def test_warns_beyond_the_curves(self) -> None:
        finding = one(heat_scope, with_heat(within_curves=False))
        assert gist(finding) == ("critic.heat_scope", Severity.WARNING, Decimal("0.7920"), None)
        assert (finding.rule, finding.unit) == ("critic.temperature_rise", "m²")
