"""A fault that only a drawing page of the PDF has, while its pages of text are good."""

import pytest

from kis.estimator.documents.lint import LintFinding, lint_documents
from tests.factories.finished_files import (
    COVER_TYPST,
    PAGE_TYPST,
    TABLE_TYPST,
    lint_context,
    pdf_file,
    pdf_without_fonts,
)

SHEET = "#set page(width: 420mm, height: 297mm, margin: 10mm, footer: none)\n#place(bottom + right)[2 / 2]\n"
"""A sheet with its page number inside the frame, 10 mm from the edge."""


def found_on(drawing: str, sheet: str = SHEET) -> list[LintFinding]:
    """Return what is found in a quotation of one good page and the page of ``drawing``."""
    file = pdf_file(f"{COVER_TYPST}{TABLE_TYPST}{sheet}{drawing}", PAGE_TYPST)
    return list(lint_documents([file], lint_context()))


class TestDrawingPage:
    def test_has_no_fault_as_it_is(self) -> None:
        assert found_on("배치도 #text(size: 5.2pt)[전등 20A]") == []

    @pytest.mark.parametrize(
        ("drawing", "rule", "named"),
        [
            # 1.8 mm are 5.1 pt
            ("배치도 #place(dx: 50mm, dy: 50mm, text(size: 4.5pt)[전등])", "small_text", "전등 (4.5 pt)"),
            ("배치도 #place(dx: -8mm, dy: 40mm)[전등]", "page_margin", "전등 (2.0 mm)"),
            ("배치도 #place(dx: 400mm, dy: 40mm)[전등]", "page_margin", "전등"),
            ("합계 금액입니다#place(dx: 0mm, dy: -9pt)[다른 글]", "text_overlap", "다른 글"),
            ("배치도 #place(dx: 50mm, dy: 50mm)[규격 600x800]", "times_sign", "규격 600x800"),
            ("배치도 #place(dx: 50mm, dy: 50mm)[무조건 보장]", "absolute_claim", "무조건"),
            ("배치도 #rotate(-90deg, reflow: true)[#text(size: 4.5pt)[전등]]", "small_text", "전등 (4.5 pt)"),
        ],
    )
    def test_is_judged_in_full(self, drawing: str, rule: str, named: str) -> None:
        found = found_on(drawing)
        assert [(finding.rule, finding.where) for finding in found] == [(rule, "p.2")]
        assert named in found[0].message.text("ko")

    def test_must_say_its_number(self) -> None:
        found = found_on("배치도", SHEET.replace("2 / 2", "3 / 2"))
        assert [(finding.rule, finding.where) for finding in found] == [("page_number", "p.2")]

    def test_must_hold_every_one_of_its_fonts(self) -> None:
        file = pdf_without_fonts("1 / 1", sheet="0 0 1191 842", second_font="Courier")
        found = [
            finding for finding in lint_documents([file], lint_context()) if finding.rule == "font_embedded"
        ]
        named = [finding.message.text("ko") for finding in found]
        assert len(named) == 2
        assert "Courier" in named[0]
        assert "Helvetica" in named[1]
