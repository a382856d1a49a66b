"""How values are written: exact, and short enough for a table."""

from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.rulebook import Rulebook, rule, rule_value, written


class TestWritten:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (40, "40"),
            (True, "true"),
            (None, "null"),
            ("III", "III"),
            (Fraction(9, 10), "0.9"),
            (Fraction(1, 200), "0.005"),
            (Fraction(3), "3"),
            (Fraction(100), "100"),
            (Fraction(1, 3), "1/3"),
            (Fraction(1, 6), "1/6"),
            (Decimal("0.0000045"), "0.0000045"),
            (("economy", "standard"), "economy, standard"),
            ({"KRW": 0, "USD": 2}, "KRW: 0; USD: 2"),
        ],
    )
    def test_a_value_is_written_exactly(self, value: object, text: str) -> None:
        assert written(value) == text


class TestRuleValue:
    @pytest.mark.parametrize(
        ("rule_id", "text"),
        [
            ("enclosure.small_lane", "40 mm"),
            ("enclosure.lanes", "≤125: 60, ≤250: 100, ≤800: 150 mm"),
            ("enclosure.bottom_space", "≤225: 150, ≤400: 200, >400: 250 mm"),
            ("layout.bar_ladder", "≤100: 15×3 @ 25; ≤250: 20×5 @ 35; ≤400: 30×6 @ 46; ≤800: 40×8 @ 70 mm"),
            ("layout.spd_outline", "72, 90 mm"),
            ("phases.turn_labels", "true"),
            ("pricing.cover", "won_per_pyeong 3200, minimum_won 12000 won"),
            ("enclosure.space_use", "0.85 ratio"),
        ],
    )
    def test_a_rule_is_written_with_its_unit(self, rulebook: Rulebook, rule_id: str, text: str) -> None:
        assert rule_value(rule(rulebook, rule_id)) == text

    def test_what_is_empty_or_absent_is_left_out(self, rulebook: Rulebook) -> None:
        families = rule_value(rule(rulebook, "critic.loss_families"))

        assert families.startswith(
            "grades (small, compact, modular), family iC60N; up_to_frame_af 100, family NSX100 TMD;"
        )
        assert families.endswith("up_to_frame_af 800, family NSX Micrologic, reference_a 630")
