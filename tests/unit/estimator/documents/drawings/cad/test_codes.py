"""Words that a CAD program would take for codes, and what a dimension says instead of its label."""

import pytest

from kis.estimator.documents.drawings.cad.codes import line_text, measured_text, short


class TestLineText:
    def test_keeps_a_single_percent(self) -> None:
        assert line_text("100 %") == "100 %"

    def test_writes_each_of_several_percents_as_a_code(self) -> None:
        assert line_text("%%c") == "%%%%%%c"

    def test_does_not_let_coded_letters_be_decoded(self) -> None:
        # A CAD program reads \U+005C as a backslash, and what follows it as it stands.
        assert line_text(r"\U+AC00 \M+1BC4") == r"\U+005CU+AC00 \U+005CM+1BC4"


class TestShort:
    def test_cuts_between_two_characters(self) -> None:
        # A string of extended data holds 255 bytes; a syllable takes three of them.
        assert short("가" * 100) == "가" * 85


class TestMeasuredText:
    @pytest.mark.parametrize(
        ("label", "measure_mm", "text"),
        [
            ("120", 120, "<>"),
            ("A 300", 300, "A <>"),
            ("(680)", 680, "(<>)"),
            ("4×125=500", 500, "4×125=<>"),
            ("37.5", 37.5, "<>"),
            ("66.7", 66.6667, "<>"),
            ("1300", 300, "1300"),
            ("12.5", 5, "12.5"),
            ("W 700", 350, "W 700"),
            ("", 20, " "),
            ("{E} 20", 20, r"\{E\} <>"),
        ],
    )
    def test_stands_for_the_measure_where_the_label_says_it(
        self, label: str, measure_mm: float, text: str
    ) -> None:
        assert measured_text(label, measure_mm) == text
