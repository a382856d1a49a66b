"""The shipped rulebook against the engineering rules: the figures that the golden cases rest on, and the account of each rule."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from kis.catalog import Grade, load_catalog
from kis.estimator.request import Mounting, Supply
from kis.estimator.rulebook import LintSeverity, Rulebook, Steps, lint_rulebook, rule, rule_ids, rules

GATES = {
    "selection.catalog": ("=", None),
    "selection.feeding": ("=", None),
    "selection.makes": ("<=", "selection.makes"),
    "selection.breaking_capacity": (">=", None),
    "enclosure.fit_score": (">=", "enclosure.fit_limit"),
    "enclosure.ip": (">=", None),
    "enclosure.door_clearance": (">=", "enclosure.door_clearance"),
    "breaker.imbalance": ("<=", "phases.imbalance_limit"),
    "breaker.korean_unbalance": ("<=", "phases.korean_limit_percent"),
    "breaker.positions": ("=", None),
    "breaker.clearance": ("=", None),
    "breaker.thermal": ("=", None),
    "critic.violations": ("=", None),
    "pricing.prices": ("=", None),
    "pricing.discount": ("<=", "pricing.discount_approval_percent"),
    "format.formula_loss": ("=", None),
    "format.named_range_damage": ("=", None),
    "format.part_loss": ("=", None),
    "cover.violations": ("=", None),
    "lint.errors": ("=", None),
}


class TestFigures:
    @pytest.mark.parametrize(
        ("rule_id", "value"),
        [
            ("selection.two_pole_small_up_to", 30),
            ("selection.two_pole_compact_up_to", 50),
            ("selection.default_sensitivity", 30),
            ("selection.high_sensitivity", 15),
            ("enclosure.bar_space", 30),
            ("enclosure.band_space", 180),
            ("enclosure.meter_row", 200),
            ("enclosure.small_only_width", 500),
            ("enclosure.many_ways", 28),
            ("enclosure.plate_margin", 50),
            ("enclosure.plate_face", 30),
            ("enclosure.door_clearance", 30),
            ("enclosure.push_button_depth", 71),
            ("enclosure.height_limit", 2200),
            ("enclosure.fit_limit", Fraction(9, 10)),
            ("enclosure.fit_limit_priced", Fraction(3, 5)),
            ("enclosure.space_use", Fraction(17, 20)),
            ("layout.small_row_pitch", 40),
            ("layout.device_to_corridor", 10),
            ("layout.cross_bar_width_small", 12),
            ("layout.spd_outline", (72, 90)),
            ("phases.imbalance_limit", Fraction(3, 100)),
            ("phases.korean_limit_percent", {"3P4W-380/220": 30, "3P3W-380": 30, "1P3W-220/110": 40}),
            ("phases.accept_proven_optimum", True),
            ("phases.facing_pair_shares_phase", False),
            ("critic.main_load_limit", Fraction(4, 5)),
            ("critic.wiring_loss_factor", Fraction(3, 2)),
            ("critic.derating_per_kelvin", Fraction(1, 200)),
            ("critic.bar_limit", 85),
            ("critic.rated_impulse_kv", 6),
            ("pricing.earth_terminals_per_branches", 12),
            ("pricing.custom_surcharge", Fraction(13, 10)),
            ("pricing.vat_percent", 10),
            ("pricing.rounding", {"KRW": 0, "USD": 2}),
        ],
    )
    def test_a_rule_holds_the_figure_of_the_engineering_rules(
        self, rulebook: Rulebook, rule_id: str, value: object
    ) -> None:
        assert rule(rulebook, rule_id).value == value

    @pytest.mark.parametrize(
        ("rule_id", "at", "value"),
        [
            # A1 above the main: 130 to 60AF, 170 to 125, 200 to 250, 400, 500, 600.
            *(
                ("enclosure.wiring_above_main", frame, mm)
                for frame, mm in (
                    (50, 130),
                    (60, 130),
                    (100, 170),
                    (125, 170),
                    (250, 200),
                    (400, 400),
                    (600, 500),
                    (800, 600),
                )
            ),
            # D below: 150 to 225 A (226 to 299 A left open by the written rule takes 200), 200 to 400 A, 250 above.
            *(
                ("enclosure.bottom_space", amps, mm)
                for amps, mm in ((225, 150), (226, 200), (250, 200), (400, 200), (401, 250), (800, 250))
            ),
            # W by the frame of the main.
            *(
                ("enclosure.width_step", frame, mm)
                for frame, mm in ((100, 600), (125, 700), (250, 700), (400, 800), (600, 900), (800, 900))
            ),
            *(
                ("enclosure.lanes", frame, mm)
                for frame, mm in ((30, 60), (125, 60), (250, 100), (400, 150), (800, 150))
            ),
            *(
                ("pricing.assembly_main_only", frame, won)
                for frame, won in ((100, 15000), (250, 20000), (400, 70000), (800, 100000))
            ),
        ],
    )
    def test_a_step_table_gives_the_value_of_the_rules(
        self, rulebook: Rulebook, rule_id: str, at: int, value: int
    ) -> None:
        steps: Steps = rule(rulebook, rule_id).value

        assert steps.at(at) == value

    def test_golden_height_of_a_100_a_panel_with_ten_small_branches(self, rulebook: Rulebook) -> None:
        """A1 170 + body 130 + B 30 + 5 rows of 40 + D 150 = 680."""
        rules_ = rulebook.enclosure
        a = rules_.wiring_above_main.value.at(100) + 130
        height = (
            a
            + rules_.bar_space.value
            + 5 * rulebook.layout.small_row_pitch.value
            + rules_.bottom_space.value.at(100)
        )

        assert height == 680

    def test_golden_copper_of_a_700_by_1300_box(self, rulebook: Rulebook) -> None:
        """700·1300 = 910,000 mm²: × 7e-6 = 6.37 kg, × 4.5e-6 = 4.095 kg. Exact, so that half up sees the real half."""
        main, branch = rulebook.pricing.main_bar_copper.value[0], rulebook.pricing.branch_bar_copper.value[0]

        assert 910_000 * main.kg_per_mm2 == Decimal("6.37")
        assert 910_000 * branch.kg_per_mm2 == Decimal("4.095")

    def test_golden_assembly_charge_of_a_400_a_panel(self, rulebook: Rulebook) -> None:
        """130,000 + four started 100 mm from 1200 to 1600 at 20,000 = 210,000."""
        band = next(band for band in rulebook.pricing.assembly.value if band.up_to_frame_af >= 400)

        assert band.base_won + (1600 - band.base_height_mm) // 100 * band.per_100_mm_won == 210_000

    def test_the_bar_ladder_is_3t15_5t20_6t30_8t40(self, rulebook: Rulebook) -> None:
        ladder = [(s.up_to, s.thickness_mm, s.width_mm, s.pitch_mm) for s in rulebook.layout.bar_ladder.value]

        assert ladder == [(100, 3, 15, 25), (250, 5, 20, 35), (400, 6, 30, 46), (800, 8, 40, 70)]

    def test_the_second_row_cross_bars_keep_clearance_and_creepage(self, rulebook: Rulebook) -> None:
        """Two cross-bars of a small row stand 20 apart: 20 − 12 = 8 ≥ 6.3 mm creepage, while 15 would leave 5 < 5.5."""
        pole_pitch_mm = rulebook.layout.small_row_pitch.value // 2

        assert pole_pitch_mm - rulebook.layout.cross_bar_width_small.value >= 6.3
        assert pole_pitch_mm - rulebook.layout.cross_bar_width.value < 5.5


class TestSeries:
    def test_every_mounting_takes_the_series_of_the_trade(self, rulebook: Rulebook) -> None:
        found = {
            mounting: (choice.steel, choice.SUS201, choice.extra, choice.outdoor, choice.custom_allowed)
            for mounting, choice in rulebook.enclosure.series.value.items()
        }

        assert found == {
            "indoor_surface": (("HDS",), ("SHDS",), "none", False, True),
            "outdoor_surface": (("HT",), ("SC",), "none", True, True),
            "recessed": (("HS",), ("SS",), "none", False, True),
            "indoor_standing": (("HDS",), ("SHDS",), "base", False, True),
            "outdoor_standing": (("HT",), ("SC",), "base", True, True),
            "pole": (("HT",), ("SC",), "pole_bracket", True, True),
            "frp": ((), (), "none", True, False),
            "hi_box": ((), (), "none", False, False),
        }


class TestLossFamilies:
    def test_every_grade_and_frame_finds_its_stand_in(self, rulebook: Rulebook) -> None:
        families = rulebook.critic.loss_families.value
        by_grade = {grade: family.family for family in families for grade in family.grades}
        by_frame = [(f.up_to_frame_af, f.family, f.reference_a) for f in families if f.up_to_frame_af]

        assert by_grade == {"small": "iC60N", "compact": "iC60N", "modular": "iC60N"}
        assert set(by_grade) <= {grade.value for grade in Grade}
        assert by_frame == [
            (100, "NSX100 TMD", None),
            (125, "NSX160 TMD", None),
            (250, "NSX250 TMD", None),
            (400, "NSX Micrologic", 400),
            (800, "NSX Micrologic", 630),
        ]


class TestGates:
    def test_the_gates_are_those_of_the_specification(self, rulebook: Rulebook) -> None:
        found = {gate_id: (gate.operator, gate.limit_rule) for gate_id, gate in rulebook.gates.items()}

        assert found == GATES

    def test_every_gate_is_named_after_its_stage(self, rulebook: Rulebook) -> None:
        assert all(gate_id.startswith(f"{gate.stage}.") for gate_id, gate in rulebook.gates.items())


class TestAccount:
    def test_every_rule_has_a_status_a_source_and_both_texts(self, rulebook: Rulebook) -> None:
        for rule_id, found in rules(rulebook):
            assert found.status in {"verified", "shop_rule", "disputed", "unverified"}, rule_id
            assert found.source.strip(), rule_id
            assert "다" in found.text.ko, rule_id
            assert found.text.ko.endswith("."), rule_id
            assert found.text.en.endswith("."), rule_id

    def test_lint_finds_nothing_but_what_is_unsure(self, rulebook: Rulebook) -> None:
        serious = [
            finding for finding in lint_rulebook(rulebook) if finding.severity is not LintSeverity.INFO
        ]

        assert serious == []

    @pytest.mark.parametrize(
        ("rule_id", "words"),
        [  # where sources disagree, the other side must be found beside the rule
            ("enclosure.band_space", "0.25·C + 40"),
            ("enclosure.depth_floor_225a", "150, 200 with push buttons"),
            ("enclosure.width_step", "1300"),
            ("enclosure.fit_limit", "93/100"),
            ("layout.bar_ladder", "10T×50"),
            ("layout.body_gap", "50, 30 or 100"),
            ("phases.imbalance_limit", "0.04"),
            ("phases.imbalance_limit", "circuit counts at most 1"),
            ("phases.imbalance_limit", "0.10"),
            ("phases.load_basis", "half of a 2P"),
            ("critic.diversity_table", "61439-3"),
            ("critic.temperature_rise", "0.5 W per ampere"),
            ("critic.temperature_rise", "Ae^x"),
            ("critic.bar_limit", "105 K"),
            ("critic.rated_impulse_kv", "working voltage"),
            ("critic.pollution_degree", "12.5 mm"),
            ("pricing.main_bar_copper", "31,500"),
            ("pricing.earth_terminals_per_branches", "3φ 3, 1φ 2"),
            ("pricing.cover", "25,000"),
            ("pricing.sundries", "55,000"),
            ("pricing.assembly", "70,000"),
            ("pricing.bundle_per_contactor", "3 terminal blocks"),
            ("selection.breaking_capacity", "ABN-20x"),
        ],
    )
    def test_a_disagreement_names_the_other_value_and_the_reason(
        self, rulebook: Rulebook, rule_id: str, words: str
    ) -> None:
        found: Any = rule(rulebook, rule_id)

        assert any(words in str(other.value) for other in found.alternatives)
        assert found.reason is not None
        assert found.status == "disputed"

    def test_what_rests_on_an_assumption_is_marked(self, rulebook: Rulebook) -> None:
        assumed = [
            rule_id
            for rule_id, found in rules(rulebook)
            if found.source.startswith(("assumption", "stand-in"))
        ]

        assert "layout.spd_outline" in assumed
        assert {rule(rulebook, rule_id).status for rule_id in assumed} == {"unverified"}

    def test_there_are_as_many_rules_as_the_schema_has_fields(self, rulebook: Rulebook) -> None:
        sections = ("selection", "enclosure", "layout", "phases", "critic", "pricing")
        count = sum(len(type(getattr(rulebook, section)).model_fields) for section in sections)

        assert len(rule_ids(rulebook)) == len(set(rule_ids(rulebook))) == count


class TestAgreement:
    """The rulebook speaks of the same things as the request and the catalogue."""

    def test_every_mounting_of_a_request_has_its_series(self, rulebook: Rulebook) -> None:
        assert set(rulebook.enclosure.series.value) == {mounting.value for mounting in Mounting}

    def test_every_supply_of_a_request_has_its_voltages(self, rulebook: Rulebook) -> None:
        supplies = {supply.value for supply in Supply}

        assert set(rulebook.phases.phase_voltage.value) == supplies
        assert set(rulebook.phases.line_voltage.value) == supplies
        assert set(rulebook.phases.default_two_pole_voltage.value) == supplies
        assert set(rulebook.selection.spd_breaker.value.poles_by_supply) == supplies
        assert set(rulebook.phases.korean_limit_percent.value) == supplies - {
            "1P2W-220"
        }  # one phase has no unbalance

    def test_every_series_is_in_the_catalogue(self, rulebook: Rulebook) -> None:
        series = {
            name
            for choice in rulebook.enclosure.series.value.values()
            for name in choice.steel + choice.SUS201
        }

        known = {enclosure.series for enclosure in load_catalog().enclosures}
        assert series | set(rulebook.enclosure.ready_made_series.value) == known

    def test_every_loss_family_is_in_the_catalogue_with_its_reference(self, rulebook: Rulebook) -> None:
        losses = load_catalog().losses

        for family in rulebook.critic.loss_families.value:
            ratings = [loss.rating_a for loss in losses[family.family]]
            assert family.reference_a is None or family.reference_a in ratings, family

    def test_the_largest_breaker_of_the_catalogue_finds_a_step_in_every_table(
        self, rulebook: Rulebook
    ) -> None:
        largest = max(breaker.frame_af for breaker in load_catalog().breakers)

        assert rulebook.enclosure.wiring_above_main.value.steps[-1].up_to >= largest
        assert rulebook.layout.bar_ladder.value[-1].up_to >= largest
