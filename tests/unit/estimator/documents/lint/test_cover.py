"""What the policy of the cover finds: every element missing once, and each that says something else."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.documents.brand import ILLUSTRATIVE_NUMBER
from kis.estimator.documents.brand.schema import Policy
from kis.estimator.documents.lint import DocumentFile, cover_findings
from kis.estimator.documents.lint.model import DocumentKind
from kis.platform.messages import LOCALES
from tests.factories.finished_files import (
    COVER_TYPST,
    EXPECTED,
    lint_context,
    pdf_file,
    svg_file,
    xlsx_file,
)

SEAL_TYPST = """
#place(top + left, dx: 20mm, dy: 45mm, rect(width: 15mm, height: 15mm, stroke: red))
"""


def found(file: DocumentFile, **expected: Any) -> list[tuple[str, str]]:
    """Return (rule, key of the message) for each finding on the cover of ``file``."""
    context = lint_context(expected=replace(EXPECTED, **expected))
    return [(one.rule, one.message.key) for one in cover_findings([file], context)]


def without(line: str) -> DocumentFile:
    """Return a PDF whose cover lacks what stands in the line that begins so."""
    lines = [words for words in COVER_TYPST.split("\\\n") if not words.startswith(line)]
    assert len(lines) < len(COVER_TYPST.split("\\\n"))
    return pdf_file("\\\n".join(lines))


class TestGoodCovers:
    @pytest.mark.parametrize("file", [pdf_file, xlsx_file], ids=["pdf", "workbook"])
    def test_give_no_findings(self, file: Any) -> None:
        assert found(file()) == []

    def test_may_break_a_word_over_two_lines(self) -> None:
        broken = COVER_TYPST.replace("예시전기제작소(주)", "예시전기\\\n제작소(주)")
        assert found(pdf_file(broken)) == []

    def test_show_dates_and_amounts_as_values_of_cells(self) -> None:
        def change(_: object, sheet: Any) -> None:
            sheet["A3"], sheet["A3"].number_format = date(2026, 11, 20), "yyyy-mm-dd"
            sheet["A13"], sheet["A13"].number_format = 150_000, "[$₩-412]#,##0"
            sheet["B13"], sheet["B13"].number_format = 150_000, '[DBNum4][$-412]"일금 "General"원정"'

        assert found(xlsx_file(change)) == []

    def test_of_drawings_are_not_asked_for(self) -> None:
        assert found(svg_file()) == []

    def test_need_no_seal_but_its_place(self) -> None:
        assert found(pdf_file(), seal=False) == []

    def test_show_the_seal_at_the_representative(self) -> None:
        assert found(pdf_file(SEAL_TYPST + COVER_TYPST), seal=True) == []

    def test_show_what_the_policy_does_not_ask_for_or_not(self) -> None:
        context = lint_context(policy=Policy(required=("number",)))
        assert cover_findings([without("납기")], context) == ()


class TestMissingElements:
    @pytest.mark.parametrize(
        ("line", "element"),
        [
            ("견적 번호", "number"),
            ("견적일", "date"),
            ("유효 기간", "validity"),
            ("수신", "customer"),
            ("공급자", "supplier"),
            ("등록번호", "registration_number"),
            ("주소", "address"),
            ("납기", "delivery"),
            ("결제", "payment"),
            ("부가가치세", "vat"),
            ("합계", "total"),
        ],
    )
    def test_are_found_one_by_one(self, line: str, element: str) -> None:
        assert found(without(line)) == [(f"cover.{element}", f"cover.{element}.missing")]

    def test_of_one_line_are_found_together(self) -> None:
        # the representative's line holds the place of the seal, the headline's line the words and the figure
        assert {rule for rule, _ in found(without("대표자"))} == {"cover.representative", "cover.seal"}
        assert {rule for rule, _ in found(without("일금"))} == {"cover.headline", "cover.amount_in_words"}

    def test_say_where_they_belong_and_what_is_expected(self) -> None:
        (finding,) = cover_findings([without("납기")], lint_context())
        assert (finding.severity, finding.where) == ("error", "p.1")
        assert "발주 승인 후 3주" in finding.message.text("ko")

    @pytest.mark.parametrize(
        "element",
        ["number", "customer", "registration_number", "representative", "address", "delivery", "payment"],
    )
    def test_nobody_gave_are_told_with_a_remedy(self, element: str) -> None:
        assert (f"cover.{element}", f"cover.{element}.not_given") in found(pdf_file(), **{element: ""})

    def test_are_not_searched_on_later_pages(self) -> None:
        later = COVER_TYPST.replace("납기: 발주 승인 후 3주\\\n", "") + "#pagebreak()\n납기: 발주 승인 후 3주"
        assert found(pdf_file(later)) == [("cover.delivery", "cover.delivery.missing")]

    def test_may_be_warnings_that_must_stand_there(self) -> None:
        assert found(pdf_file(), warnings=("예시 단가입니다.",)) == [
            ("cover.warning", "cover.warning.missing")
        ]

    def test_may_be_the_seal_far_from_the_representative(self) -> None:
        far = SEAL_TYPST.replace("dy: 45mm", "dy: 200mm")
        assert found(pdf_file(far + COVER_TYPST), seal=True) == [("cover.seal", "cover.seal.missing")]

    def test_may_be_the_sign_of_the_currency(self) -> None:
        bare = COVER_TYPST.replace("(₩150,000)", "(150,000)")
        assert found(pdf_file(bare)) == [("cover.headline", "cover.headline.missing")]

    def test_is_not_the_sign_where_the_page_states_its_currency(self) -> None:
        stated = COVER_TYPST.replace("(₩150,000)", "(150,000)") + "\\\n(단위: 원)"
        assert found(pdf_file(stated)) == []
        without_figure = stated.replace("(150,000)", "")
        assert found(pdf_file(without_figure)) == [("cover.headline", "cover.headline.missing")]


class TestTemplates:
    """A company's own workbook, filled: its formulas have no values until its program opens it."""

    @staticmethod
    def without_amounts(kind: DocumentKind) -> DocumentFile:
        def change(_: object, sheet: Any) -> None:
            sheet["A13"] = sheet["A14"] = None

        return xlsx_file(change, kind=kind)

    def test_may_calculate_their_sums_later(self) -> None:
        assert found(self.without_amounts("template_xlsx")) == []

    def test_of_kis_have_their_sums(self) -> None:
        assert {rule for rule, _ in found(self.without_amounts("quotation_xlsx"))} == {
            "cover.total",
            "cover.headline",
            "cover.amount_in_words",
        }

    def test_need_every_other_element(self) -> None:
        def change(_: object, sheet: Any) -> None:
            sheet["A12"] = None

        assert found(xlsx_file(change, kind="template_xlsx")) == [("cover.vat", "cover.vat.missing")]


class TestWrongElements:
    def test_words_that_are_not_the_figure(self) -> None:
        # 일십육만 is 160,000, the figure says 150,000
        forged = COVER_TYPST.replace("일금 일십오만원정", "일금 일십육만원정")
        context = lint_context()
        (finding,) = cover_findings([pdf_file(forged)], context)
        assert finding.message.key == "cover.amount_in_words.different"
        assert finding.message.values == {"expected": "150,000", "found": "160,000"}

    def test_a_format_that_writes_out_another_cell(self) -> None:
        def change(_: object, sheet: Any) -> None:
            sheet["B13"], sheet["B13"].number_format = 150_001, '[DBNum4][$-412]"일금 "General"원정"'

        assert found(xlsx_file(change)) == [("cover.amount_in_words", "cover.amount_in_words.different")]

    def test_a_registration_number_with_a_wrong_check_digit(self) -> None:
        # weights 1 3 7 1 3 7 1 3 5: the check digit of 123-45-6789x is 1
        wrong = pdf_file(COVER_TYPST.replace("123-45-67891", "123-45-67892"))
        assert found(wrong, registration_number="123-45-67892") == [
            ("cover.registration_number", "cover.registration_number.invalid")
        ]

    def test_another_registration_number_than_the_brands(self) -> None:
        assert found(pdf_file(), registration_number="111-11-11119") == [
            ("cover.registration_number", "cover.registration_number.different")
        ]

    def test_the_illustrative_number_is_taken_as_it_is(self) -> None:
        example = pdf_file(COVER_TYPST.replace("123-45-67891", ILLUSTRATIVE_NUMBER))
        assert found(example, registration_number=ILLUSTRATIVE_NUMBER) == []

    def test_vat_said_to_be_included_and_not(self) -> None:
        both = pdf_file(COVER_TYPST + "\\\n부가가치세 포함")
        assert found(both, vat="included") == [("cover.vat", "cover.vat.different")]

    def test_a_total_that_is_only_part_of_a_longer_figure(self) -> None:
        longer = pdf_file(COVER_TYPST.replace("합계 165,000", "합계 1,165,000"))
        assert found(longer) == [("cover.total", "cover.total.missing")]


class TestEnglishCovers:
    def test_are_judged_by_what_they_mean(self) -> None:
        words = (
            "Quotation no. HB-2026-0042-R0", "Date 20 November 2026", "Valid until 20 December 2026", "To Hanbit Electric Co.",
            "Supplier Example Works", "Reg. no. 123-45-67891", "Representative Hong Gil-dong (seal)", "1 Sample Street", "3 weeks",
            "30 days", "VAT not included",
            "One thousand four hundred ninety-three US dollars and 59/100 only (US\\$ 1,493.59)", "Total 1,642.95",
        )  # fmt: skip
        expected = replace(
            EXPECTED, customer="Hanbit Electric Co.", supplier_name="Example Works", representative="Hong Gil-dong",
            address="1 Sample Street", delivery="3 weeks", payment="30 days", headline=Decimal("1493.59"), total=Decimal("1642.95"),
        )  # fmt: skip
        context = lint_context("en", currency="USD", digits=2, expected=expected)
        assert cover_findings([pdf_file("\\\n".join(words))], context) == ()
        forged = pdf_file("\\\n".join(words).replace("ninety-three", "ninety-four"))
        assert [one.rule for one in cover_findings([forged], context)] == ["cover.amount_in_words"]


class TestDamagedFiles:
    @pytest.mark.parametrize("kind", ["quotation_pdf", "quotation_xlsx", "template_xlsx"])
    def test_give_one_finding_that_says_so(self, kind: Any) -> None:
        (finding,) = cover_findings([DocumentFile(kind, "a", b"nothing")], lint_context())
        assert finding.message.key == "cover.unreadable"
        assert all(finding.message.text(locale) for locale in LOCALES)
