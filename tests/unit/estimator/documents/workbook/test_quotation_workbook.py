"""The quotation's workbook: what stands where, live formulas, names, print settings, and nothing a customer wrote that could run."""

import io
import re
import struct
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from kis.estimator.documents.brand import Brand, load_brand, read_brand
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.workbook import expected_format, measure_format, quotation_workbook
from kis.estimator.documents.workbook.quotation_plan import plan_workbook
from kis.platform.messages import Locale
from tests.factories.contents import (
    TOTALS,
    Currency,
    content,
    lighting_panel,
    many_panels,
    retotalled,
    row,
    with_panels,
)

COVER, GATES = "견적서", "게이트 및 근거"
HANGUL = re.compile(r"[가-힣ㄱ-ㆎ]")


def opened(quotation: QuotationContent, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(quotation_workbook(quotation)), data_only=values)


@cache
def standard(locale: Locale = "ko", currency: Currency = "KRW", *, values: bool = False) -> Workbook:
    """Return the workbook of the quotation as the factory writes it, opened once; a test only reads it."""
    return opened(content(locale, currency), values=values)


def named_cell(workbook: Workbook, name: str) -> Any:
    ((title, place),) = workbook.defined_names[name].destinations
    return workbook[title][place]


def named(workbook: Workbook, name: str) -> Any:
    """Return the value of the cell a name stands for."""
    return named_cell(workbook, name).value


def filled(sheet: Worksheet) -> list[Cell]:
    return [cell for line in sheet.iter_rows() for cell in line if cell.value is not None]


def words(sheet: Worksheet) -> list[str]:
    return [cell.value for cell in filled(sheet) if isinstance(cell.value, str) and cell.data_type == "s"]


def with_brand(quotation: QuotationContent, **files: bytes) -> QuotationContent:
    """Return the quotation with pictures in place of the brand's own, named by field: ``logo=…, seal=…``."""
    return replace(quotation, brand=brand_with(**files))


def brand_with(**files: bytes) -> Brand:
    shipped = load_brand()
    text = shipped.files["brand.yaml"].decode()
    found = dict(shipped.files)
    for field, data in files.items():
        name = f"{field}.png" if data.startswith(b"\x89PNG") else f"{field}.jpg"
        text = text.replace(f"{field}: {field}.svg", f"{field}: {name}")
        found[name] = data
    return read_brand({**found, "brand.yaml": text.encode()})


def png(width: int, height: int) -> bytes:
    """Return a white picture."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    chunks = ((b"IHDR", head), (b"IDAT", pixels), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


class TestCover:
    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("QuotationNumber", "HB-2026-0042-R0"),
            ("Customer", "한빛전설㈜ 귀중"),
            ("Attention", "설비팀 김현수 과장"),
            ("Project", "한빛물류센터 사무동 신축공사"),
            ("RegistrationNumber", "000-00-00000"),
            ("Supplier", "예시전기제작소(주)"),
            ("Representative", "홍길동"),
            ("Seal", "(인)"),
            ("Address", "경기도 예시시 견본로 12"),
            ("Business", "제조업 / 배전반·분전반"),
            ("Telephone", "031-000-0000 / 031-000-0001"),
            ("Delivery", "발주 승인 후 3주"),
            ("Payment", "계약금 30 %, 납품 후 30일 이내 70 %"),
            ("VatTerms", "부가가치세 별도 (10%)"),
        ],
    )
    def test_names_what_a_quotation_must_say(self, name: str, shown: str) -> None:
        assert named(standard(), name) == shown

    def test_greets_a_person_as_a_person(self) -> None:
        quotation = content()
        workbook = opened(replace(quotation, customer=replace(quotation.customer, company="")))
        assert named(workbook, "Customer") == "김현수 귀하"

    @pytest.mark.parametrize(
        ("name", "contact", "attention"),
        [("김현수", "", "김현수"), ("한빛전설", "", None), ("김현수", "박 대리", "박 대리")],
    )
    def test_asks_for_the_contact_or_whoever_is_not_the_company(
        self, name: str, contact: str, attention: str | None
    ) -> None:
        quotation = content()
        customer = replace(quotation.customer, name=name, contact=contact)
        workbook = opened(replace(quotation, customer=customer))
        assert ("Attention" in workbook.defined_names) == (attention is not None)
        assert attention is None or named(workbook, "Attention") == attention

    def test_says_dates_as_dates(self) -> None:
        workbook = standard()
        day, until = named_cell(workbook, "QuotationDate"), named_cell(workbook, "ValidUntil")
        assert (day.value, day.number_format) == (datetime(2026, 11, 20), 'yyyy"년" m"월" d"일"')  # noqa: DTZ001 - a spreadsheet's days have no zone
        assert (until.value, until.number_format) == (
            datetime(2026, 12, 20),  # noqa: DTZ001 - as above
            'yyyy"년" m"월" d"일까지 (30일)"',
        )

    def test_leaves_a_missing_fact_empty_and_unnamed(self) -> None:
        quotation = content()
        workbook = opened(
            replace(quotation, number="", terms=replace(quotation.terms, delivery="", payment=""))
        )
        assert {"QuotationNumber", "Delivery", "Payment"}.isdisjoint(workbook.defined_names)
        assert "납    기" in words(workbook[COVER])

    def test_spells_won_from_the_figures_themselves(self) -> None:
        spelt, figures = (named_cell(standard(), name) for name in ("AmountInWords", "Headline"))
        assert (spelt.value, spelt.number_format) == ("=Net", '[DBNum4][$-412]"일금 "General"원정"')
        assert (figures.value, figures.number_format) == ("=Net", '"(₩"#,##0")"')

    def test_takes_the_given_words_where_a_cell_cannot_spell(self) -> None:
        for locale, currency in (("ko", "USD"), ("en", "KRW"), ("en", "USD")):
            quotation = content(locale, currency)  # type: ignore[arg-type]  # a plain str
            assert named(opened(quotation), "AmountInWords") == quotation.amount_in_words

    def test_leads_with_the_total_where_vat_is_included(self) -> None:
        quotation = content()
        workbook = opened(replace(quotation, terms=replace(quotation.terms, vat="included")))
        assert (named(workbook, "AmountInWords"), named(workbook, "Headline")) == (
            "=TotalPrice",
            "=TotalPrice",
        )
        assert named(workbook, "VatTerms") == "부가가치세 포함 (10%)"

    def test_lists_panels_then_extra_lines(self) -> None:
        sheet = standard()[COVER]
        head = next(cell.row for cell in filled(sheet) if cell.value == "품명")
        rows = [
            [sheet.cell(row=head + number, column=column).value for column in (1, 2, 4, 5, 8)]
            for number in range(1, 6)
        ]
        assert rows == [
            [1, "LP-3F", "면", 3, None],
            [2, "MCC-1", "면", 1, "내역서 참조"],
            [3, "LP-B1", "면", 2, "미산정"],
            [4, "운반비", "식", 1, None],
            [5, "현장 조정비", "일", 1.5, None],
        ]

    def test_takes_each_panel_from_its_own_sheet(self) -> None:
        workbook = standard()
        row_number = named_cell(workbook, "Panel001Quantity").row
        sheet = workbook[COVER]
        assert sheet.cell(row=row_number, column=6).value == "=Panel001Subtotal"
        assert named(workbook, "Panel001Total") == f"=ROUND(ROUND(E{row_number}*F{row_number},6),0)"
        assert named(workbook, "Panel001Subtotal").startswith("=SUM(G")

    @pytest.mark.parametrize("currency", ["KRW", "USD"])
    def test_ends_in_the_totals_worked_out_by_hand(self, currency: Any) -> None:
        workbook, values = standard("ko", currency), standard("ko", currency, values=True)
        totals = TOTALS[currency]
        for name, amount in (
            ("Subtotal", totals.subtotal),
            ("Margin", totals.margin),
            ("Discount", totals.discount),
            ("Net", totals.net),
            ("Vat", totals.vat),
            ("TotalPrice", totals.total),
        ):
            assert named(workbook, name).startswith("=")
            assert Decimal(str(named(values, name))) == amount

    def test_shows_amounts_in_the_form_of_their_currency(self) -> None:
        won, dollars = standard(), standard("ko", "USD")
        forms = [
            [named_cell(workbook, name).number_format for name in ("Subtotal", "Discount", "TotalPrice")]
            for workbook in (won, dollars)
        ]
        assert forms == [
            ["#,##0_-", "-#,##0_-;#,##0_-;#,##0_-", '"₩"#,##0_-'],
            ["#,##0.00_-", "-#,##0.00_-;#,##0.00_-;#,##0.00_-", '"US$"#,##0.00_-'],
        ]

    def test_names_its_percentages_so_that_they_can_be_changed(self) -> None:
        workbook = standard()
        percentages = [named_cell(workbook, f"{name}Percent") for name in ("Margin", "Discount", "Vat")]
        assert [cell.value for cell in percentages] == [12.5, 3.33, 10]
        assert [cell.number_format for cell in percentages] == [
            '#,##0.0"%"_-',
            '#,##0.00"%"_-',
            '#,##0"%"_-',
        ]
        assert named(workbook, "Vat") == "=ROUND(ROUND(Net*VatPercent/100,6),0)"

    def test_hides_a_margin_and_discount_of_nothing(self) -> None:
        nothing = replace(content(), margin_percent=Decimal(0), discount_percent=Decimal(0))
        workbook = opened(retotalled(nothing))
        hidden = {
            name
            for name in ("Subtotal", "Margin", "Discount", "Net", "Vat", "TotalPrice")
            if workbook[COVER].row_dimensions[named_cell(workbook, name).row].hidden
        }
        assert hidden == {"Margin", "Discount"}

    def test_holds_without_any_line(self) -> None:
        empty = retotalled(replace(content(), panels=(), extra=()))
        assert named(opened(empty, values=True), "TotalPrice") == 0
        assert measure_format(quotation_workbook(empty), expected_format(empty)).losses == ()

    def test_says_the_conditions_and_whose_prices(self) -> None:
        said = words(standard()[COVER])
        assert "1. 운반비, 현장 설치 및 결선 작업은 별도입니다." in said
        assert "단가 기준: 예시 단가표 2026-11" in said


class TestPanelList:
    def test_makes_every_amount_of_quantity_and_price(self) -> None:
        sheet, values = standard()["LP-3F"], standard(values=True)["LP-3F"]
        head = next(cell.row for cell in filled(sheet) if cell.value == "품명")
        places = range(head + 1, head + 6)
        assert [sheet[f"G{place}"].value for place in places] == [
            f"=ROUND(ROUND(E{place}*F{place},6),0)" for place in places
        ]
        # 1 · 98,000; 1 · 62,400; 10 · 9,800; 2.05 · 20,030 = 41,061.5 → 41,062; 1 · 50,000
        assert [values[f"G{place}"].value for place in places] == [98000, 62400, 98000, 41062, 50000]

    def test_sums_one_panel_and_all_of_it(self) -> None:
        workbook, values = standard(), standard(values=True)
        subtotal = named_cell(workbook, "Panel001Subtotal")
        total = workbook["LP-3F"].cell(row=subtotal.row + 1, column=7)
        assert total.value == f"=ROUND(ROUND({subtotal.coordinate}*Panel001Quantity,6),0)"
        assert named(values, "Panel001Subtotal") == 349_462
        assert values["LP-3F"][total.coordinate].value == 1_048_386

    def test_asks_the_cover_how_many_are_made(self) -> None:
        sheet = standard()["LP-3F"]
        (cell,) = [cell for cell in filled(sheet) if cell.value == "=Panel001Quantity"]
        assert cell.number_format == '#,##0"면"'

    def test_shows_as_many_decimals_as_a_quantity_has(self) -> None:
        sheet = standard()["LP-3F"]
        head = next(cell.row for cell in filled(sheet) if cell.value == "품명")
        assert [sheet[f"E{head + number}"].number_format for number in (3, 4)] == ["#,##0_-", "#,##0.00_-"]

    def test_tells_what_the_panel_is(self) -> None:
        said = words(standard()["LP-3F"])
        assert "옥내노출 STEEL 600×800×150" in said
        assert "전원: 3φ4W 380/220 V | 주차단기: MCCB 4P 100/100A | 분기: 10" in said

    def test_shows_remarks_of_lines_and_of_the_panel(self) -> None:
        said = words(standard()["MCC-1"])
        assert "단가 없음" in said
        assert "1. SPD 단가는 별도로 확인합니다." in said

    def test_of_an_infeasible_panel_says_so_and_costs_nothing(self) -> None:
        workbook, values = standard(), standard(values=True)
        said = words(workbook["LP-B1"])
        assert "산정한 품목이 없습니다." in said
        assert "1. 지정한 외함에 회로가 모두 들어가지 않아 금액에 넣지 않았습니다." in said
        assert named(values, "Panel003Subtotal") == 0


class TestGateSheet:
    def test_lists_every_gate_with_its_verdict_and_reason(self) -> None:
        sheet = standard()[GATES]
        head = next(cell.row for cell in filled(sheet) if cell.value == "판정 항목")
        rows = [
            [sheet.cell(row=head + number, column=column).value for column in range(1, 6)]
            for number in range(1, 5)
        ]
        assert rows == [
            ["견적 전체", "할인율", "3.33 %", "≤ 10 %", "합격"],
            ["LP-3F", "외함 적합도", "0.94", "≥ 0.90", "합격"],
            ["LP-3F", "상 불평형", "4.2 %", "≤ 3.0 %", "조건부"],
            ["LP-B1", "설계 위반", "1", "= 0", "불합격"],
        ]
        assert "설비불평형률 30 % 이하" in str(sheet.cell(row=head + 3, column=6).value)
        assert sheet.cell(row=head + 4, column=5).font.color.rgb == "FFB3261E"

    def test_names_what_the_quotation_was_made_from(self) -> None:
        quotation = content()
        said = words(opened(quotation)[GATES])
        for label, value in quotation.sources:
            assert said[said.index(label) + 1] == value
        assert said[said.index("문서 번호") + 1] == quotation.document_id
        assert said[said.index("설계 결과 SHA-256") + 1] == quotation.engineering_sha256

    def test_ends_in_the_notes(self) -> None:
        assert words(standard()[GATES])[-1] == "1. 차단기 외형은 제조사 자료로 확인한 뒤 제작합니다."


class TestEverySheet:
    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_bears_the_warnings_in_red(self, locale: Any) -> None:
        quotation = content(locale)
        for sheet in opened(quotation):
            reds = [cell.value for cell in filled(sheet) if cell.font.color.rgb == "FFB3261E"]
            assert reds[:3] == list(quotation.warnings)

    def test_prints_on_a4_at_the_width_of_a_page(self) -> None:
        for sheet in standard():
            assert str(sheet.page_setup.paperSize) == "9"
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
            assert sheet.sheet_properties.pageSetUpPr is not None
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.orientation == ("landscape" if sheet.title == GATES else "portrait")
            assert (
                sheet.print_area
                == f"'{sheet.title}'!$A$1:${'F' if sheet.title == GATES else 'H'}${sheet.max_row}"
            )

    def test_repeats_and_freezes_the_head_of_a_list(self) -> None:
        workbook = standard()
        for title in ("LP-3F", "MCC-1", GATES):
            sheet = workbook[title]
            head = next(cell.row for cell in filled(sheet) if cell.value in ("품명", "판정 항목"))
            assert sheet.print_title_rows == f"${head}:${head}"
            assert sheet.freeze_panes == f"A{head + 1}"

    def test_repeats_the_head_of_a_cover_only_where_it_is_longer_than_a_page(self) -> None:
        assert standard()[COVER].print_title_rows is None
        cover = plan_workbook(many_panels(60)).sheets[0]
        assert cover.repeats_head
        assert next(cell.row for cell in cover.cells if cell.text == "품명") == cover.head_row

    def test_never_parts_the_totals_from_the_last_line(self) -> None:
        ends: set[int] = set()
        for count in range(10, 31):
            plan = plan_workbook(many_panels(count))
            rows = {name.name: int(name.reference.rpartition("$")[2]) for name in plan.names}
            together = range(rows["Subtotal"] - 1, rows["TotalPrice"])
            assert not set(plan.sheets[0].breaks) & set(together)
            ends.update(plan.sheets[0].breaks)
        assert ends  # some of these covers do end a page there

    def test_never_parts_the_subtotal_of_a_list_from_its_last_line(self) -> None:
        ends: set[int] = set()
        for count in range(25, 40):
            panel = replace(lighting_panel(), rows=lighting_panel().rows[:1] * count)
            plan = plan_workbook(with_panels(content(), (panel,)))
            rows = {name.name: int(name.reference.rpartition("$")[2]) for name in plan.names}
            assert not set(plan.sheets[1].breaks) & {
                rows["Panel001Subtotal"] - 1,
                rows["Panel001Subtotal"],
            }
            ends.update(plan.sheets[1].breaks)
        assert ends

    def test_ends_its_pages_where_they_are_planned(self) -> None:
        quotation = many_panels(20)
        breaks = plan_workbook(quotation).sheets[0].breaks
        assert breaks
        assert tuple(end.id for end in opened(quotation)[COVER].row_breaks.brk) == breaks

    def test_prints_confidentiality_and_page_of_pages(self) -> None:
        for sheet in standard():
            assert sheet.oddFooter is not None
            assert sheet.oddHeader is not None
            assert str(sheet.oddFooter.left.text).startswith("이 문서는 수신처의 검토용이며")
            assert sheet.oddFooter.right.text == "페이지 &P / &N"
            assert sheet.oddHeader.left.text == "예시전기제작소(주) · HB-2026-0042-R0"
            assert "예시 단가" in str(sheet.oddHeader.right.text)

    def test_has_the_colours_and_the_font_of_the_brand(self) -> None:
        quotation = content()
        own = quotation.brand.file.model_copy(
            update={
                "colours": quotation.brand.file.colours.model_copy(
                    update={"primary": "#0a7d32", "fill": "#ddffee"}
                ),
                "fonts": quotation.brand.file.fonts.model_copy(update={"workbook": "나눔고딕"}),
            }
        )
        sheet = opened(replace(quotation, brand=replace(quotation.brand, file=own)))[COVER]
        title = sheet["A1"]
        head = next(cell for cell in filled(sheet) if cell.value == "품명")
        assert (title.font.color.rgb, title.font.name) == ("FF0A7D32", "나눔고딕")
        assert head.fill.fgColor.rgb == "FFDDFFEE"

    def test_holds_no_link_to_the_outside(self) -> None:
        with zipfile.ZipFile(io.BytesIO(quotation_workbook(content()))) as archive:
            relations = [name for name in archive.namelist() if name.endswith(".rels")]
            assert not [name for name in archive.namelist() if "externalLink" in name]
            assert all(b"External" not in archive.read(name) for name in relations)

    def test_is_wide_enough_for_a_large_sum(self) -> None:
        price = "987654321098"
        panel = replace(lighting_panel(), rows=(row("외함", "", "EA", "3", price),), quantity=1)
        each = panel.rows[0].amount
        sheet = opened(with_panels(content(), (replace(panel, unit_subtotal=each, subtotal=each),)))["LP-3F"]
        # ₩2,962,962,963,294 is 18 letters wide, a tenth more in 11 pt
        assert sheet.column_dimensions["G"].width >= 20


class TestProperties:
    def test_say_what_the_file_is(self) -> None:
        properties = standard().properties
        assert (properties.title, properties.subject, properties.creator, properties.language) == (
            "한빛물류센터 사무동 신축공사 견적서",
            "HB-2026-0042-R0",
            "예시전기제작소(주)",
            "ko",
        )
        assert properties.identifier == content().document_id


class TestSheetNames:
    def test_are_the_panels_between_cover_and_gates(self) -> None:
        assert standard().sheetnames == [COVER, "LP-3F", "MCC-1", "LP-B1", GATES]

    def test_of_unnamed_panels_are_numbers(self) -> None:
        quotation = with_panels(content(), (replace(lighting_panel(), name=" "),))
        assert opened(quotation).sheetnames[1] == "분전반 1"

    def test_of_many_panels_of_one_name_differ(self) -> None:
        panels = (
            replace(lighting_panel(), name="지하 주차장 전등·전열 분전반 (비상 전원 포함)", rows=()),
        ) * 12
        workbook = opened(with_panels(content(), panels))
        titles = workbook.sheetnames
        assert len({title.casefold() for title in titles}) == 14
        assert all(0 < len(title) <= 31 for title in titles)
        assert named_cell(workbook, "Panel012Subtotal").parent.title == titles[12]


class TestPictures:
    def test_stand_at_the_title_and_at_the_seal(self) -> None:
        quotation = with_brand(content(), logo=png(300, 100), seal=png(80, 80))
        expected = expected_format(quotation)
        (logo,), (seal,) = (
            [place for title, place in expected.pictures if place.startswith(column)] for column in ("A", "H")
        )
        assert (logo, seal) == ("A1", named_cell(opened(quotation), "Seal").coordinate)
        assert measure_format(quotation_workbook(quotation), expected).losses == ()
        with zipfile.ZipFile(io.BytesIO(quotation_workbook(quotation))) as archive:
            assert {archive.read(name) for name in archive.namelist() if "/media/" in name} == {
                png(300, 100),
                png(80, 80),
            }

    def test_in_svg_leave_the_printed_area(self) -> None:
        assert expected_format(content()).pictures == {}
        assert named(standard(), "Seal") == "(인)"


class TestHostileText:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", " ="])
    def test_is_never_a_formula(self, start: str) -> None:
        text = f'{start}HYPERLINK("http://example.com","x")'
        shown = text.replace("\t", " ").replace("\r", " ")
        line = replace(row("", "", "", "1", "1"), item=text, spec=text, unit=text, remark=text)
        quotation = content()
        panel = replace(
            lighting_panel(),
            name=text,
            specification=text,
            rows=(line,),
            remarks=(text,),
            facts=((text, text),),
        )
        hostile = replace(
            with_panels(quotation, (panel,)),
            project=text,
            number=text,
            price_book=text,
            customer=replace(quotation.customer, name=text, company="", contact=text, phone=text, email=text),
            terms=replace(quotation.terms, delivery=text, payment=text),
            extra=(line,),
            warnings=(text,),
        )
        cells = [cell for sheet in opened(hostile) for cell in filled(sheet)]
        found = [cell for cell in cells if str(cell.value).startswith(shown)]
        assert len(found) >= 20
        assert {cell.data_type for cell in found} == {"s"}
        assert all(cell.quotePrefix for cell in found)
        assert measure_format(quotation_workbook(hostile), expected_format(hostile)).losses == ()

    @pytest.mark.parametrize("illegal", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
    def test_loses_only_what_no_file_can_hold(self, illegal: str) -> None:
        quotation = content()
        hostile = replace(
            quotation,
            project=f"가{illegal}나",
            warnings=(illegal,),
            panels=(replace(lighting_panel(), name=illegal), *quotation.panels[1:]),
        )
        workbook = opened(hostile)
        assert named(workbook, "Project") == "가\ufffd나"
        assert workbook.properties.title == "가\ufffd나 견적서"

    def test_keeps_markup_and_ampersands_as_words(self) -> None:
        text = "<script>&amp;</script> & <c><f>1+1</f><v></v></c>"
        line = replace(row("", "", "EA", "1", "98000"), item=text)
        panel = replace(
            lighting_panel(), name="A&B", rows=(line,), unit_subtotal=Decimal(98000), subtotal=Decimal(294000)
        )
        quotation = replace(with_panels(content(), (panel,)), warnings=(text,))
        workbook = opened(quotation)
        assert text in words(workbook["A&B"])
        assert named(opened(quotation, values=True), "Panel001Subtotal") == 98_000
        header = workbook["A&B"].oddHeader
        assert header is not None
        assert "&&amp;" in str(header.right.text)


class TestLanguage:
    def test_of_an_english_quotation_is_english_throughout(self) -> None:
        for currency in ("KRW", "USD"):
            workbook = standard("en", currency)
            texts = [text for sheet in workbook for text in words(sheet)]
            texts += [cell.number_format for sheet in workbook for cell in filled(sheet)]
            texts += workbook.sheetnames
            for sheet in workbook:
                assert sheet.oddHeader is not None
                assert sheet.oddFooter is not None
                texts += [str(sheet.oddHeader.left.text), str(sheet.oddHeader.right.text)]
                texts += [str(sheet.oddFooter.left.text), str(sheet.oddFooter.right.text)]
            texts += [str(workbook.properties.title), str(workbook.properties.creator)]
            assert [text for text in texts if HANGUL.search(text)] == []

    def test_of_a_korean_quotation_leaves_no_english_word(self) -> None:
        trade = {
            "STEEL", "MCCB", "ELB", "BUS-BAR", "ASSEMBLY", "CHARGE", "SPD", "KIS", "EA", "kg", "SHA-256", "HDS",
            "ABN-104", "SIE-32", "SBS-203", "MC-22", "MC", "LP-3F", "LP-B1", "MCC-1", "HB-2026-0042-R0",
            "mm", "V", "N", "T",
        }  # fmt: skip
        texts = [text for sheet in standard() for text in words(sheet) if "@" not in text]
        # Hexadecimal ids, and figures joined to what they measure (30mA, 4P, 3φ4W), are no words.
        bare = [re.sub(r"[0-9a-f-]{30,}|(?<![A-Za-z-])\d+[A-Za-zφ]\w*", "", text) for text in texts]
        assert {word for text in bare for word in re.findall(r"[A-Za-z][A-Za-z0-9.-]*", text)} <= trade


class TestBytes:
    def test_are_the_same_in_every_process(self) -> None:
        program = (
            "import hashlib\n"
            "from tests.factories.contents import content\n"
            "from kis.estimator.documents.workbook import quotation_workbook\n"
            "print(hashlib.sha256(quotation_workbook(content())).hexdigest())\n"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:.", "TZ": zone},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed, zone in (("0", "UTC"), ("4711", "Asia/Seoul"))
        }
        assert len(digests) == 1

    def test_hold_no_clock_and_no_compression(self) -> None:
        with zipfile.ZipFile(io.BytesIO(quotation_workbook(content()))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
            stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml"))
        assert set(stamps) == {b"2026-11-20T00:00:00Z"}
        assert content().quotation_date == date(2026, 11, 20)
