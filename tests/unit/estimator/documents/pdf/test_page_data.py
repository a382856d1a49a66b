"""What the pages say, before anybody sets it."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from kis.estimator.documents.brand.schema import Words
from kis.estimator.documents.content import Party
from kis.estimator.documents.pdf.page_data import page_data
from kis.platform.messages import Locale
from tests.factories import contents


def labelled(entries: list[dict[str, str]]) -> dict[str, str]:
    return {entry["label"]: entry["value"] for entry in entries}


def totals(data: dict[str, Any]) -> list[tuple[str, str, bool, bool]]:
    return [(row["label"], row["amount"], row["strong"], row["marked"]) for row in data["cover"]["totals"]]


class TestAddressee:
    @pytest.mark.parametrize(
        ("company", "name", "locale", "shown"),
        [
            ("한빛전설㈜", "김현수", "ko", "한빛전설㈜ 귀중"),
            ("", "김현수", "ko", "김현수 귀하"),
            ("Hanbit Electric Co.", "Kim", "en", "Hanbit Electric Co."),
            ("", "Kim", "en", "Kim"),
            ("", "", "ko", ""),
        ],
    )
    def test_a_company_is_addressed_otherwise_than_a_person(
        self, company: str, name: str, locale: Locale, shown: str
    ) -> None:
        customer = Party(name=name, company=company, contact="", phone="", email="")
        data = page_data(replace(contents.content(locale), customer=customer))
        assert data["cover"]["addressee"] == shown

    def test_who_has_a_contact_person_is_no_person(self) -> None:
        customer = Party(name="학교법인 한빛학원", company="", contact="시설과 오세진", phone="", email="")
        data = page_data(replace(contents.content(), customer=customer))
        assert data["cover"]["addressee"] == "학교법인 한빛학원 귀중"

    def test_the_person_of_a_company_is_named_once(self) -> None:
        customer = Party(name="김현수", company="한빛전설㈜", contact="", phone="", email="")
        facts = labelled(page_data(replace(contents.content(), customer=customer))["cover"]["facts"])
        assert facts["참조"] == "김현수"
        person = replace(customer, company="")
        assert "참조" not in labelled(
            page_data(replace(contents.content(), customer=person))["cover"]["facts"]
        )


class TestCover:
    def test_says_what_a_korean_quotation_must(self) -> None:
        data = page_data(contents.content())
        cover = data["cover"]
        assert data["title"] == "견적서 HB-2026-0042-R0 한빛물류센터 사무동 신축공사"
        assert data["author"] == "예시전기제작소(주)"
        assert (cover["in_words"], cover["headline"], cover["headline_vat"]) == (
            "일금 이백일만육천칠백일십칠원정",
            "₩2,016,717",
            "부가가치세 별도",
        )
        assert labelled(cover["facts"]) == {
            "참조": "설비팀 김현수 과장",
            "연락처": "02-555-0110 · buyer@example.com",
            "공사명": "한빛물류센터 사무동 신축공사",
            "견적번호": "HB-2026-0042-R0",
            "견적일": "2026년 11월 20일",
            "유효기간": "견적일부터 30일 (2026년 12월 20일까지)",
        }
        assert labelled(cover["terms"])["납기"] == "발주 승인 후 3주"
        supplier = cover["supplier"]
        assert (supplier["registration_number"], supplier["representative"]) == ("000-00-00000", "홍길동")
        assert [list(labelled(facts)) for facts in supplier["facts"]] == [
            ["업태", "종목"],
            ["주소"],
            ["전화", "팩스"],
            ["담당"],
            ["이메일"],
        ]

    def test_what_is_too_long_for_half_a_line_has_its_own(self) -> None:
        given = contents.content()
        item = Words(ko="배전반·분전반·자동제어반", en="Switchboards")  # 11 syllables and 2 dots: 24 columns
        supplier = given.brand.file.supplier.model_copy(update={"business_item": item})
        brand = replace(given.brand, file=given.brand.file.model_copy(update={"supplier": supplier}))
        facts = page_data(replace(given, brand=brand))["cover"]["supplier"]["facts"]
        assert [list(labelled(line)) for line in facts][:2] == [["업태"], ["종목"]]

    def test_tells_how_many_panels_the_sum_leaves_out(self) -> None:
        given = contents.content()  # LP-B1, two of it, has no design
        assert page_data(given)["cover"]["excluded"] == "설계하지 못한 2면 제외"
        assert page_data(replace(given, panels=given.panels[:2]))["cover"]["excluded"] == ""

    def test_leaves_out_what_nobody_said(self) -> None:
        given = contents.content()
        empty = replace(given, number="", terms=replace(given.terms, delivery="", payment=""))
        cover = page_data(empty)["cover"]
        assert "견적번호" not in labelled(cover["facts"])
        assert list(labelled(cover["terms"])) == ["부가가치세", "유효기간", "단가 기준"]

    def test_sums_the_panels_and_the_extra_lines(self) -> None:
        rows = page_data(contents.content())["cover"]["rows"]
        assert [
            (row["row"], row["item"], row["quantity"], row["unit_price"], row["amount"]) for row in rows
        ] == [
            ("1", "LP-3F", "3", "349,462", "1,048,386"),
            ("2", "MCC-1", "1", "431,000", "431,000"),
            ("3", "LP-B1", "2", "–", "–"),
            ("4", "운반비", "1", "150,000", "150,000"),
            ("5", "현장 조정비", "1.5", "150,001", "225,002"),
        ]
        assert rows[2]["remark"] == "설계 불가"

    def test_ends_in_the_totals(self) -> None:
        assert totals(page_data(contents.content())) == [
            ("소계", "1,854,388", False, False),
            ("이윤 (12.5%)", "231,799", False, False),
            ("할인 (3.33%)", "-69,470", False, False),
            ("공급가액", "2,016,717", False, True),
            ("세액 (부가가치세 10%)", "201,672", False, False),
            ("합계 (부가가치세 포함)", "2,218,389", True, False),
        ]

    def test_without_margin_and_discount_the_net_amount_is_the_subtotal(self) -> None:
        plain = contents.retotalled(
            replace(contents.content(), margin_percent=Decimal(0), discount_percent=Decimal(0))
        )
        assert [label for label, *_ in totals(page_data(plain))] == [
            "공급가액",
            "세액 (부가가치세 10%)",
            "합계 (부가가치세 포함)",
        ]

    def test_vat_included_marks_the_total(self) -> None:
        given = contents.content("en", "USD")
        included = contents.retotalled(replace(given, terms=replace(given.terms, vat="included")))
        data = page_data(included)
        assert data["cover"]["headline"] == "US$ 1,642.95"
        assert data["cover"]["headline_vat"] == "VAT included"
        assert [label for label, _, _, marked in totals(data) if marked] == ["Total including VAT"]


class TestOrder:
    def test_is_asked_for_only_where_no_gate_fails(self) -> None:
        given = contents.content()
        assert not page_data(given)["cover"]["can_be_ordered"]
        assert page_data(replace(given, panels=given.panels[:2]))["cover"]["can_be_ordered"]


class TestPanels:
    def test_several_of_a_panel_show_one_and_all(self) -> None:
        panels = page_data(contents.content())["panels"]
        sums = [[(row["label"], row["amount"]) for row in panel["sums"]] for panel in panels]
        assert sums == [[("1면 소계", "349,462"), ("3면 합계", "1,048,386")], [("소계", "431,000")], []]

    def test_an_infeasible_panel_says_why_and_says_it_once(self) -> None:
        given = contents.content("en")
        infeasible = given.panels[2]
        repeated = replace(infeasible, remarks=(infeasible.gates[0].explanation, *infeasible.remarks))
        panel = page_data(replace(given, panels=(repeated,)))["panels"][0]
        assert panel["rows"] == []
        assert panel["reasons"] == [
            "The box of 600 mm does not hold 40 circuits. Choose a height of 1,200 mm or more."
        ]
        assert panel["remarks"] == ["Not priced: the given box does not hold all circuits."]

    def test_a_drawing_says_which_panel_it_shows(self) -> None:
        given = contents.content()
        panel = given.panels[0]
        bare = replace(panel.drawings[1], title="배치도")
        data = page_data(replace(given, panels=(replace(panel, drawings=(bare, panel.drawings[0])),)))
        assert [drawing["title"] for drawing in data["drawings"]] == ["LP-3F 배치도", "LP-3F 외형도"]


class TestGates:
    def test_counts_the_verdicts_in_their_own_words(self) -> None:
        gates = page_data(contents.content())["gates"]
        assert [group["name"] for group in gates["groups"]] == ["견적 전체", "LP-3F", "LP-B1"]
        assert gates["summary"] == "합격 2건, 조건부 1건, 불합격 1건"


class TestWidths:
    def test_leave_room_for_the_longest_figure(self) -> None:
        # "999,999,999,999" has 15 letters of 1.7 mm, and 3.4 mm of margins: 28.9 mm; the usual widths suffice for the example.
        given = contents.content()
        assert page_data(given)["widths"] == {"unit_price": 19.0, "amount": 22.0}
        huge = replace(given, totals=replace(given.totals, total=Decimal(999_999_999_999)))
        assert page_data(huge)["widths"] == {"unit_price": 19.0, "amount": 28.9}


def test_is_plain_data() -> None:
    data = page_data(contents.content())
    assert json.loads(json.dumps(data)) == data
