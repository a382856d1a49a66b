"""Each check, by a rulebook broken in the one way it looks for."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kis.estimator.rulebook import LintSeverity, Rulebook, lint_rulebook
from kis.estimator.rulebook.lookup import SECTIONS
from kis.estimator.rulebook.schema import Alternative, Bilingual, LossFamily, Step, Steps


def having(rulebook: Rulebook, rule_id: str, **changes: Any) -> Rulebook:
    """Return the rulebook with fields of one rule replaced, unchecked."""
    section, name = rule_id.split(".")
    part = getattr(rulebook, section)
    changed = part.model_copy(update={name: getattr(part, name).model_copy(update=changes)})
    return rulebook.model_copy(update={section: changed})


def having_gate(rulebook: Rulebook, gate_id: str, **changes: Any) -> Rulebook:
    gates = dict(rulebook.gates)
    gates[gate_id] = gates[gate_id].model_copy(update=changes)
    return rulebook.model_copy(update={"gates": gates})


def found(rulebook: Rulebook, severity: LintSeverity = LintSeverity.ERROR) -> list[tuple[str, str]]:
    return [
        (finding.rule_id, finding.message.key.removeprefix("rulebook.lint."))
        for finding in lint_rulebook(rulebook)
        if finding.severity is severity
    ]


class TestErrors:
    @pytest.mark.parametrize(
        "rule_id", ["layout.four_pole_pair_quarter", "enclosure.width_rounding", "layout.rail_pitch"]
    )
    def test_a_divisor_or_step_of_zero(self, rulebook: Rulebook, rule_id: str) -> None:
        assert found(having(rulebook, rule_id, value=0)) == [(rule_id, "zero")]

    def test_a_zero_elsewhere_is_allowed(self, rulebook: Rulebook) -> None:
        assert found(having(rulebook, "enclosure.feed_from_below", value=0)) == []

    def test_a_negative_number_deep_inside_a_value(self, rulebook: Rulebook) -> None:
        sundries = rulebook.pricing.sundries.value.model_copy(update={"per_accessory_won": -1})

        assert found(having(rulebook, "pricing.sundries", value=sundries)) == [
            ("pricing.sundries", "negative")
        ]

    def test_a_table_that_falls(self, rulebook: Rulebook) -> None:
        steps = (Step(up_to=100, value=60), Step(up_to=800, value=50))

        assert found(having(rulebook, "enclosure.lanes", value=Steps(steps=steps))) == [
            ("enclosure.lanes", "falls")
        ]

    def test_a_table_may_stay_level(self, rulebook: Rulebook) -> None:
        steps = (Step(up_to=100, value=60), Step(up_to=800, value=60))

        assert found(having(rulebook, "enclosure.lanes", value=Steps(steps=steps))) == []

    def test_a_bar_thinner_than_the_one_before(self, rulebook: Rulebook) -> None:
        ladder = list(rulebook.layout.bar_ladder.value)
        ladder[2] = ladder[2].model_copy(update={"thickness_mm": 4})

        assert found(having(rulebook, "layout.bar_ladder", value=tuple(ladder))) == [
            ("layout.bar_ladder", "falls")
        ]

    def test_bands_out_of_order(self, rulebook: Rulebook) -> None:
        bands = tuple(reversed(rulebook.pricing.main_bar_copper.value))

        assert (
            found(having(rulebook, "pricing.main_bar_copper", value=bands))
            == [("pricing.main_bar_copper", "not_ascending")] * 2
        )

    def test_two_bands_that_end_at_the_same_rating(self, rulebook: Rulebook) -> None:
        first, _, last = rulebook.pricing.branch_bar_copper.value
        bands = (first, first.model_copy(update={"kg_per_mm2": last.kg_per_mm2}), last)

        assert found(having(rulebook, "pricing.branch_bar_copper", value=bands)) == [
            ("pricing.branch_bar_copper", "not_ascending")
        ]

    @pytest.mark.parametrize("share", [Fraction(0), Fraction(101, 100)])
    def test_a_share_outside_its_bounds(self, rulebook: Rulebook, share: Fraction) -> None:
        broken = having(rulebook, "phases.imbalance_limit", value=share)

        assert found(broken) == [("phases.imbalance_limit", "not_share")]

    def test_a_share_may_be_the_whole(self, rulebook: Rulebook) -> None:
        assert found(having(rulebook, "critic.main_load_limit", value=Fraction(1))) == []

    def test_a_value_may_reach_the_one_that_bounds_it(self, rulebook: Rulebook) -> None:
        assert found(having(rulebook, "pricing.discount_approval_percent", value=20)) == []

    def test_a_table_that_ends_before_the_others(self, rulebook: Rulebook) -> None:
        families = tuple(
            family for family in rulebook.critic.loss_families.value if family.up_to_frame_af != 800
        )

        assert found(having(rulebook, "critic.loss_families", value=families)) == [
            ("critic.loss_families", "ends_early")
        ]

    def test_bars_as_close_as_allowed_pass_and_closer_ones_do_not(self, rulebook: Rulebook) -> None:
        """The tightest step is 15 wide at 25: a gap of 10."""
        assert found(having(rulebook, "layout.bar_gap", value=10)) == []
        assert found(having(rulebook, "layout.bar_gap", value=11)) == [
            ("layout.bar_ladder", "bars_too_close")
        ]

    def test_a_supply_that_a_table_does_not_know(self, rulebook: Rulebook) -> None:
        voltages = {supply: 380 for supply in rulebook.phases.line_voltage.value if supply != "3P3W-380"}

        assert found(having(rulebook, "phases.line_voltage", value=voltages)) == [
            ("phases.line_voltage", "supplies_missing")
        ]

    @pytest.mark.parametrize(
        ("lower", "value"),
        [
            ("pricing.discount_approval_percent", 21),
            ("selection.two_pole_small_up_to", 51),
            ("enclosure.ip_floor_indoor", 66),
        ],
    )
    def test_a_value_beyond_the_one_that_bounds_it(self, rulebook: Rulebook, lower: str, value: int) -> None:
        assert found(having(rulebook, lower, value=value)) == [(lower, "exceeds")]

    def test_a_gate_whose_limit_is_no_rule(self, rulebook: Rulebook) -> None:
        broken = having_gate(rulebook, "enclosure.fit_score", limit_rule="enclosure.fit")

        assert found(broken) == [("gates.enclosure.fit_score", "gate_limit")]

    def test_a_gate_of_another_stage_than_its_name(self, rulebook: Rulebook) -> None:
        assert found(having_gate(rulebook, "critic.violations", stage="layout")) == [
            ("gates.critic.violations", "gate_name")
        ]

    def test_a_loss_family_that_nothing_chooses(self, rulebook: Rulebook) -> None:
        families = (*rulebook.critic.loss_families.value, LossFamily(family="XT1"))

        assert found(having(rulebook, "critic.loss_families", value=families)) == [
            ("critic.loss_families", "loss_for_nobody")
        ]

    def test_an_end_before_the_start(self, rulebook: Rulebook) -> None:
        assert found(rulebook.model_copy(update={"valid_to": date(2026, 10, 31)})) == [
            ("valid_to", "ends_before_start")
        ]
        assert found(rulebook.model_copy(update={"valid_to": date(2026, 11, 1)})) == []

    @pytest.mark.parametrize("version", ["", "../x", "2026 11", ".hidden"])
    def test_a_version_that_makes_no_file_name(self, rulebook: Rulebook, version: str) -> None:
        assert found(rulebook.model_copy(update={"version": version})) == [("version", "bad_name")]


class TestWarnings:
    def test_other_values_without_a_reason(self, rulebook: Rulebook) -> None:
        other = Alternative(value=2, source="another shop")
        broken = having(rulebook, "pricing.neutral_terminals", alternatives=(other,))

        assert found(broken, LintSeverity.WARNING) == [("pricing.neutral_terminals", "no_reason")]

    def test_another_value_that_is_the_chosen_one(self, rulebook: Rulebook) -> None:
        other = Alternative(value=30, source="another shop")
        broken = having(rulebook, "enclosure.bar_space", alternatives=(other,))

        assert found(broken, LintSeverity.WARNING) == [("enclosure.bar_space", "same_value")]

    @pytest.mark.parametrize(("ko", "en"), [("Pitch.", "Pitch."), ("열 간격이다.", "열 간격이다.")])
    def test_a_text_in_the_wrong_language(self, rulebook: Rulebook, ko: str, en: str) -> None:
        broken = having(rulebook, "layout.rail_pitch", text=Bilingual(ko=ko, en=en))

        assert found(broken, LintSeverity.WARNING) == [("layout.rail_pitch", "language")]

    def test_a_number_without_unit(self, rulebook: Rulebook) -> None:
        assert found(having(rulebook, "layout.rail_pitch", unit=None), LintSeverity.WARNING) == [
            ("layout.rail_pitch", "no_unit")
        ]


class TestInformation:
    def test_unverified_and_disputed_rules_are_listed_with_their_source(self, rulebook: Rulebook) -> None:
        findings = {
            f.rule_id: f.message.text("en")
            for f in lint_rulebook(rulebook)
            if f.severity is LintSeverity.INFO
        }

        assert (
            findings["layout.spd_outline"]
            == "Nobody has verified this rule. Source: assumption (four modules of 18 mm)."
        )
        assert (
            findings["enclosure.fit_limit"]
            == "Sources clash on this rule. Chosen: gate of the earlier shop system."
        )
        assert "enclosure.door_clearance" not in findings
        assert {rule_id.split(".")[0] for rule_id in findings} <= set(SECTIONS)


class TestMessages:
    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_every_finding_can_be_told(self, rulebook: Rulebook, locale: Any) -> None:
        broken = having(rulebook, "layout.bar_gap", value=99)
        broken = having_gate(broken, "enclosure.fit_score", limit_rule="enclosure.fit", stage="box")
        broken = having(broken, "enclosure.fit_limit", value=2)
        broken = having(broken, "phases.line_voltage", value={})

        assert all("{" not in finding.message.text(locale) for finding in lint_rulebook(broken))
