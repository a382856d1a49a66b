"""The PE table, both sides of each step."""

from decimal import Decimal

import pytest

from kis.estimator.physics.protective_conductor import ProtectiveSection, minimum_section_mm2


class TestMinimumSection:
    @pytest.mark.parametrize(
        ("phase_mm2", "expected_mm2", "verified"),
        [
            ("2.5", "2.5", True),
            ("16", "16", True),
            ("16.1", "16", True),
            ("25", "16", True),
            ("35", "16", True),
            ("35.1", "17.55", True),
            ("44.5", "22.25", True),  # bar 15×3
            ("99.1", "49.55", True),  # bar 20×5
            ("400", "200", True),
            ("400.1", "200", False),
            ("499", "200", False),
            ("800", "200", False),
            ("800.4", "200.1", False),
            ("1200", "300", False),
        ],
    )
    def test_follows_the_table(self, phase_mm2: str, expected_mm2: str, verified: bool) -> None:
        assert minimum_section_mm2(Decimal(phase_mm2)) == ProtectiveSection(
            Decimal(expected_mm2), verified, "IEC 61439-1 Table 5; KEC 142.3.2 up to 35 mm²"
        )
