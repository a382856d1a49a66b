"""What the rules over words take for good, and the finer cases they must see."""

import pytest

from kis.estimator.documents.brand.schema import ClaimWords, Policy
from kis.estimator.documents.lint import DocumentFile, LintContext, lint_documents
from kis.estimator.documents.lint.rules.wording import foreign_words
from kis.platform.messages import Locale
from tests.factories.finished_files import dxf_file, lint_context, pdf_file, xlsx_file


def rules_found(text: str, context: LintContext) -> list[str]:
    """Return the rules that a workbook with ``text`` in one cell breaks."""
    file = xlsx_file(lambda _, sheet: sheet.__setitem__("B2", text))
    return [finding.rule for finding in lint_documents([file], context) if finding.where == "견적서!B2"]


KOREAN = lint_context()


class TestGoodWords:
    @pytest.mark.parametrize(
        "text",
        [
            "상    호",
            "척도 1 : 10",
            "R,S,T,N 상",
            "외함 600×800×150, 강판 1.6T",
            "ABN-53c 3P 50AF/30AT 14 kA",
            "SPD-40KA형 서지보호기",
            "누전 30 mA, 0.03 s",
            "할인 (3.33%)",
            "일금 일십오만원정 (₩150,000)",
            "2026.11판 단가표",
            "3φ4W 380/220 V, 35 °C, 16 mm²",
            "MCCB·ELB, BUS-BAR 6T×40, ASSEMBLY CHARGE",
            "문의: quotation@example.com, https://example.com/kis",
            "상세는 validation.json 참조",
            "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "예비…",
            "“참고” 표시",
            "KEC 121.2, IEC 60617, KS C IEC 61439-1",
            "최고 온도 60 °C, 완벽을 기하다",
        ],
    )
    def test_in_korean_give_no_findings(self, text: str) -> None:
        assert rules_found(text, KOREAN) == []

    @pytest.mark.parametrize(
        "text",
        [
            "the maker's sheet, the makers' sheets",
            "A perfectly ordinary box",
            "US$ 1,493.59 net, VAT 10%",
            "Prices of 2026.11",
            "Korean unbalance rate 30%: see note 5.",
        ],
    )
    def test_in_english_give_no_findings(self, text: str) -> None:
        # the Korean words of the good workbook are found elsewhere, not in this cell
        assert rules_found(text, lint_context("en", currency="USD", digits=2)) == []


class TestFinerCases:
    @pytest.mark.parametrize(
        ("text", "rule"),
        [
            ("외함 ( STEEL)", "space_before_punctuation"),
            ("공급자 : 예시전기", "space_before_punctuation"),
            ("주위 35 ℃", "si_units"),
            ("전선 16mm2", "si_units"),
            ("용량 50 KVA", "si_units"),
            ("운반비 ￦150,000", "currency_sign"),
            ("운반비 US$ 120", "currency_sign"),
            ("운반비 ₩150000", "thousands_separator"),
            ("수신: {customer} 귀중", "unfilled_placeholder"),
            ("합계 nan", "unfilled_placeholder"),
            ("100 % 보장", "absolute_claim"),
            ("100% 보장합니다", "absolute_claim"),
            ("납기 2026. 12. 5.", "date_form"),
        ],
    )
    def test_are_found(self, text: str, rule: str) -> None:
        assert rule in rules_found(text, KOREAN)

    @pytest.mark.parametrize("text", ["운반비 $120", "운반비 ₩150,000", "150,000원"])
    def test_of_a_quotation_in_dollars_are_found(self, text: str) -> None:
        assert "currency_sign" in rules_found(text, lint_context(currency="USD", digits=2))

    def test_a_claim_is_found_over_a_line_break(self) -> None:
        file = pdf_file("#box(width: 22mm)[완벽\\\n한 품질]")
        assert "absolute_claim" in [finding.rule for finding in lint_documents([file], KOREAN)]

    def test_claims_come_from_the_brand(self) -> None:
        policy = Policy(absolute_claims=ClaimWords(ko=("세계 제일",), en=()))
        assert rules_found("세계 제일의 분전반", lint_context(policy=policy)) == ["absolute_claim"]
        assert rules_found("완벽한 분전반", lint_context(policy=policy)) == []

    def test_a_brand_without_claims_is_no_fault(self) -> None:
        policy = Policy(absolute_claims=ClaimWords(ko=(), en=()))
        assert rules_found("완벽한 분전반", lint_context(policy=policy)) == []

    def test_the_international_form_beside_a_written_date_is_found_on_its_sheet(self) -> None:
        # the sheet's own dates are 2026년 11월 20일
        assert rules_found("변경일 2026-11-20", KOREAN) == ["date_form"]

    def test_words_of_drawings_are_judged_too(self) -> None:
        findings = lint_documents([dxf_file("완벽한 배치", "폭 600 MM")], KOREAN)
        assert [(finding.rule, finding.where) for finding in findings if finding.severity == "error"] == [
            ("absolute_claim", "TEXT 1"),
            ("si_units", "TEXT 2"),
        ]


class TestQuotedTexts:
    @pytest.mark.parametrize("text", ["완벽한 세상 주식회사", "Perfect Office Tower", 'BAR "OK" , 10 %'])
    def test_may_say_what_they_like(self, text: str) -> None:
        assert rules_found(f"수신: {text}", lint_context(quoted=frozenset({text}))) == []

    def test_may_be_cut_or_broken(self) -> None:
        context = lint_context("en", quoted=frozenset({"한빛물류센터 사무동"}))
        findings = lint_documents([dxf_file("한빛물류…", "사무동"), dxf_file("배치도")], context)
        assert [finding.message.values["found"] for finding in findings] == ["배치도"]

    def test_do_not_excuse_what_stands_beside_them(self) -> None:
        context = lint_context(quoted=frozenset({"완벽한 세상"}))
        assert rules_found("완벽한 세상, 최고의 품질", context) == ["absolute_claim"]


class TestTemplates:
    def test_word_themselves_but_promise_nothing(self) -> None:
        def change(_: object, sheet: object) -> None:
            sheet["B2"], sheet["B3"] = "Best regards , enclosed", "무조건 보장"  # type: ignore[index]  # a worksheet

        file = xlsx_file(change, kind="template_xlsx")
        assert [finding.rule for finding in lint_documents([file], KOREAN)] == ["absolute_claim"]


class TestForeignWords:
    @pytest.mark.parametrize(
        ("text", "locale", "words"),
        [
            ("Layout 배치도, door removed", "en", ("배치도",)),
            ("Layout, door removed", "en", ()),
            ("배치도 Layout, MCCB 50AF", "ko", ("Layout",)),
            ("배치도, P-COVER 절단", "ko", ()),
        ],
    )
    def test_are_those_of_the_other_language(self, text: str, locale: Locale, words: tuple[str, ...]) -> None:
        assert foreign_words(text, locale) == words

    def test_are_not_those_that_were_quoted(self) -> None:
        assert foreign_words("To 한빛전설㈜", "en", frozenset({"한빛전설㈜"})) == ()


class TestManyFindings:
    def test_of_one_rule_are_cut_short(self) -> None:
        file = dxf_file(*["완벽한"] * 100)
        assert len(lint_documents([file], KOREAN)) == 25

    def test_come_file_by_file(self) -> None:
        files = [dxf_file("완벽한"), DocumentFile("drawing_dxf", "drawings/b.dxf", dxf_file("최고의").data)]
        assert [finding.file for finding in lint_documents(files, KOREAN)] == [file.path for file in files]
