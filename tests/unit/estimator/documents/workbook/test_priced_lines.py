"""The workbook of priced lines: live formulas, names, and nothing a customer wrote that could run."""

import io
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kis.estimator.documents import (
    ExpectedFormat,
    FormatMeasure,
    LinesDocument,
    PanelLines,
    PricedRow,
    expected_format,
    measure_format,
    priced_lines_workbook,
)

ROWS = (
    PricedRow(
        item="외함 (STEEL)", spec="HDS 60 80 15", unit="EA", quantity=Decimal(1), unit_price=Decimal(98000)
    ),
    PricedRow(
        item="누전차단기 ELB", spec="SIE-32", unit="EA", quantity=Decimal(10), unit_price=Decimal(9800)
    ),
    PricedRow(item="BUS-BAR", spec="3T×15", unit="kg", quantity=Decimal("2.05"), unit_price=Decimal(30)),
)
DOCUMENT = LinesDocument(
    project="사무동 신축",
    customer="한빛전설㈜",
    quotation_date=date(2026, 11, 20),
    locale="ko",
    currency="KRW",
    digits=0,
    price_book="예시 단가표 2026-11",
    illustrative=True,
    panels=(
        PanelLines(name="LP-3F", quantity=3, rows=ROWS),
        PanelLines(name="LP-4F", quantity=1, rows=ROWS[:2]),
    ),
    extra=(
        PricedRow(item="운반비", spec="", unit="식", quantity=Decimal("1.5"), unit_price=Decimal(150001)),
    ),
    margin_percent=Decimal("12.5"),
    discount_percent=Decimal("3.33"),
    vat_percent=Decimal(10),
)
AMOUNTS = {"LP-3F": [98000, 98000, 62], "LP-4F": [98000, 98000]}
"""1 · 98,000; 10 · 9,800; 2.05 · 30 = 61.5 → 62."""
TOTALS = {
    "Subtotal": 1_009_188,  # 3 · 196,062 + 196,000 + 225,001.5 → 225,002
    "Margin": 126_149,  # 12.5 % = 126,148.5 → 126,149
    "Discount": 37_807,  # 3.33 % of 1,135,337 = 37,806.72
    "Net": 1_097_530,
    "Vat": 109_753,
    "TotalPrice": 1_207_283,
}


def opened(document: LinesDocument = DOCUMENT, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(priced_lines_workbook(document)), data_only=values)


def named(workbook: Workbook, name: str) -> Any:
    """Return the value of the cell a name stands for."""
    ((title, place),) = workbook.defined_names[name].destinations
    return workbook[title][place].value


def without_values(workbook: bytes) -> bytes:
    """Return the file with every formula's stored value taken out, so that whoever opens it must calculate."""
    return rewritten(workbook, lambda content: re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content))


def rewritten(workbook: bytes, change: Any) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, change(content) if entry.filename.startswith("xl/w") else content)
    return output.getvalue()


class TestAmounts:
    @pytest.mark.parametrize("title", AMOUNTS)
    def test_are_formulas_of_quantity_and_price(self, title: str) -> None:
        sheet = opened()[title]
        formulas = [sheet.cell(row=6 + number, column=7).value for number in range(len(AMOUNTS[title]))]
        assert formulas == [
            f"=ROUND(ROUND(E{6 + number}*F{6 + number},6),0)" for number in range(len(formulas))
        ]

    @pytest.mark.parametrize("title", AMOUNTS)
    def test_carry_their_value_for_programs_that_do_not_calculate(self, title: str) -> None:
        sheet = opened(values=True)[title]
        count = len(AMOUNTS[title])
        assert [sheet.cell(row=6 + number, column=7).value for number in range(count)] == AMOUNTS[title]
        assert sheet.cell(row=6 + count, column=7).value == sum(AMOUNTS[title])

    def test_end_in_a_subtotal_of_the_sheet(self) -> None:
        assert opened()["LP-3F"]["G9"].value == "=SUM(G6:G8)"

    def test_round_to_the_digits_of_the_currency(self) -> None:
        dollars = replace(DOCUMENT, currency="USD", digits=2)
        sheet = opened(dollars)["LP-3F"]
        assert sheet["G8"].value == "=ROUND(ROUND(E8*F8,6),2)"
        assert sheet["G8"].number_format == "#,##0.00"
        assert opened(dollars, values=True)["LP-3F"]["G8"].value == 61.5

    def test_show_as_many_decimals_as_they_have(self) -> None:
        sheet = opened()["LP-3F"]
        assert (sheet["E7"].number_format, sheet["E8"].number_format, sheet["F8"].number_format) == (
            "#,##0",
            "#,##0.00",
            "#,##0",
        )


class TestSummary:
    def test_takes_each_panel_times_its_quantity(self) -> None:
        sheet = opened()["총괄"]
        assert [sheet[place].value for place in ("B6", "E6", "F6", "G6")] == [
            "LP-3F",
            3,
            "='LP-3F'!G9",
            "=ROUND(ROUND(E6*F6,6),0)",
        ]
        assert opened(values=True)["총괄"]["G6"].value == 3 * 196_062

    def test_adds_the_extra_lines(self) -> None:
        sheet = opened()["총괄"]
        assert [sheet[place].value for place in ("B8", "E8", "F8")] == ["운반비", 1.5, 150001]

    @pytest.mark.parametrize("name", TOTALS)
    def test_names_its_totals(self, name: str) -> None:
        assert str(named(opened(), name)).startswith("=")
        assert named(opened(values=True), name) == TOTALS[name]

    def test_names_its_percentages_so_that_they_can_be_changed(self) -> None:
        workbook = opened()
        assert [named(workbook, f"{name}Percent") for name in ("Margin", "Discount", "Vat")] == [
            12.5,
            3.33,
            10,
        ]
        assert named(workbook, "Vat") == "=ROUND(ROUND(Net*VatPercent/100,6),0)"

    def test_holds_without_any_line(self) -> None:
        empty = replace(DOCUMENT, panels=(PanelLines(name="LP", quantity=1, rows=()),), extra=())
        assert named(opened(empty, values=True), "TotalPrice") == 0
        none = replace(DOCUMENT, panels=(), extra=())
        assert named(opened(none, values=True), "TotalPrice") == 0


class TestSheets:
    def test_say_on_every_sheet_that_prices_are_illustrative(self) -> None:
        for sheet in opened():
            assert "예시 단가" in str(sheet["A3"].value)
            assert sheet["A3"].font.color.rgb == "FFB3261E"
            assert sheet.oddFooter is not None
            assert sheet.oddFooter.left is not None
            assert "예시 단가" in str(sheet.oddFooter.left.text)

    def test_name_a_real_price_book_without_a_warning(self) -> None:
        for sheet in opened(replace(DOCUMENT, illustrative=False, price_book="2026년 11월 단가")):
            assert sheet["A3"].value == "단가 기준: 2026년 11월 단가"

    def test_head_the_columns_in_the_language_of_the_quotation(self) -> None:
        heads = {"ko": ["번호", "품명", "규격", "단위", "수량", "단가", "금액", "비고"]}
        heads["en"] = ["No.", "Item", "Specification", "Unit", "Quantity", "Unit price", "Amount", "Remark"]
        for locale, expected in heads.items():
            sheet = opened(replace(DOCUMENT, locale=locale)).worksheets[1]  # type: ignore[arg-type]  # a plain str
            assert [cell.value for cell in sheet[5]] == expected

    def test_get_lawful_names_that_differ(self) -> None:
        names = ("LP/1:[A]*?\\", "lp_1__a____", "가" * 40, "가" * 40, "'quoted'", "History", "총괄", "")
        panels = tuple(PanelLines(name=name, quantity=1, rows=ROWS) for name in names)
        document = replace(DOCUMENT, panels=panels)
        assert measure_format(priced_lines_workbook(document), expected_format(document)).formula_loss == 0
        titles = opened(document).sheetnames
        assert len({title.casefold() for title in titles}) == len(names) + 1
        assert all(0 < len(title) <= 31 and not re.search(r"[\[\]:*?/\\]", title) for title in titles)
        assert all(not title.startswith("'") and title.casefold() != "history" for title in titles)
        values = opened(replace(DOCUMENT, panels=panels), values=True)
        assert named(values, "Subtotal") == len(names) * 196_062 + 225_002

    def test_are_wide_enough_for_korean(self) -> None:
        item = "가나다라마바사아자차"
        rows = (replace(ROWS[0], item=item),)
        sheet = opened(replace(DOCUMENT, panels=(PanelLines(name="LP", quantity=1, rows=rows),)))["LP"]
        assert sheet.column_dimensions["B"].width >= 2 * len(item)

    def test_print_on_one_page_width_with_the_head_on_every_page(self) -> None:
        for sheet in opened():
            assert (
                sheet.page_setup.orientation,
                str(sheet.page_setup.paperSize),
                sheet.page_setup.fitToHeight,
            ) == ("landscape", "9", 0)
            assert sheet.sheet_properties.pageSetUpPr is not None
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows == "$5:$5"

    def test_show_the_remark_of_a_line(self) -> None:
        rows = (replace(ROWS[0], remark="단가 없음"),)
        document = replace(DOCUMENT, panels=(PanelLines(name="LP", quantity=1, rows=rows),))
        assert opened(document)["LP"]["H6"].value == "단가 없음"


class TestHostileText:
    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
    def test_is_never_a_formula(self, start: str) -> None:
        text, shown = (
            f'{start}HYPERLINK("http://example.com","x")',
            start.replace("\t", " ").replace("\r", " "),
        )
        row = PricedRow(
            item=text, spec=text, unit=text, quantity=Decimal(1), unit_price=Decimal(1), remark=text
        )
        document = replace(
            DOCUMENT,
            project=text,
            customer=text,
            price_book=text,
            panels=(PanelLines(name=text, quantity=1, rows=(row,)),),
            extra=(row,),
        )
        workbook = opened(document)
        cells = [
            cell
            for sheet in workbook
            for line in sheet.iter_rows()
            for cell in line
            if cell.value is not None
        ]
        hostile = [cell for cell in cells if str(cell.value).startswith(f"{shown}HYPERLINK")]
        assert len(hostile) >= 8
        assert {cell.data_type for cell in hostile} == {"s"}
        assert all(cell.quotePrefix for cell in hostile)
        assert measure_format(priced_lines_workbook(document), expected_format(document)).formula_loss == 0

    @pytest.mark.parametrize("illegal", ["\x00", "\x07", "\x1b", "\ud800", "\ufffe"])
    def test_loses_only_what_no_file_can_hold(self, illegal: str) -> None:
        row = replace(ROWS[0], item=f"가{illegal}나")
        document = replace(
            DOCUMENT,
            project=illegal,
            price_book=illegal,
            panels=(PanelLines(name=f"L{illegal}", quantity=1, rows=(row,)),),
        )
        assert opened(document).worksheets[1]["B6"].value == "가\ufffd나"

    def test_keeps_markup_and_ampersands_as_words(self) -> None:
        text = "<script>&amp;</script> & <c><f>1+1</f><v></v></c>"
        document = replace(
            DOCUMENT,
            price_book=text,
            panels=(PanelLines(name="A&B", quantity=1, rows=(replace(ROWS[0], item=text),)),),
        )
        workbook = opened(document)
        assert workbook["A&B"]["B6"].value == text
        assert named(opened(document, values=True), "Subtotal") == 98_000 + 225_002


class TestBytes:
    def test_are_the_same_in_every_process(self) -> None:
        program = (
            "import hashlib\n"
            "from tests.unit.estimator.documents.workbook.test_priced_lines import DOCUMENT\n"
            "from kis.estimator.documents import priced_lines_workbook\n"
            "print(hashlib.sha256(priced_lines_workbook(DOCUMENT)).hexdigest())\n"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:."},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("0", "4711")
        }
        assert len(digests) == 1

    def test_hold_no_clock(self) -> None:
        with zipfile.ZipFile(io.BytesIO(priced_lines_workbook(DOCUMENT))) as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            stamps = re.findall(rb"\d{4}-\d\d-\d\dT[\d:]+Z", archive.read("docProps/core.xml"))
        assert set(stamps) == {b"2026-11-20T00:00:00Z"}


class TestMeasureFormat:
    def measure(self, change: Any) -> FormatMeasure:
        return measure_format(rewritten(priced_lines_workbook(DOCUMENT), change), expected_format(DOCUMENT))

    def test_counts_every_formula_and_name(self) -> None:
        # Amounts 3 + 2 + 3 in the summary, subtotals 2, panel prices 2, totals 6; names: six totals, three percentages.
        measure = self.measure(lambda content: content)
        assert measure == FormatMeasure(
            formulas_expected=18,
            formulas_found=18,
            formula_loss=0,
            named_ranges_expected=9,
            named_range_damage=0,
        )

    def test_finds_a_formula_that_became_a_number(self) -> None:
        measure = self.measure(lambda content: content.replace(b"<f>SUM(G6:G8)</f>", b""))
        assert (measure.formulas_found, measure.formula_loss) == (16, 2)  # of LP-3F, and of the summary

    def test_finds_an_altered_formula(self) -> None:
        measure = self.measure(lambda content: content.replace(b"Net+Vat", b"Net"))
        assert (measure.formulas_found, measure.formula_loss) == (18, 1)

    def test_finds_a_missing_name(self) -> None:
        measure = self.measure(
            lambda content: re.sub(rb'<definedName name="Vat">.*?</definedName>', b"", content)
        )
        assert (measure.formula_loss, measure.named_range_damage) == (0, 1)

    def test_finds_a_name_that_points_elsewhere(self) -> None:
        measure = self.measure(lambda content: content.replace(b"$G$14</definedName>", b"$G$6</definedName>"))
        assert measure.named_range_damage == 1

    def test_finds_a_name_that_points_to_nothing(self) -> None:
        expected = ExpectedFormat(formulas={}, names={"TotalPrice": "'총괄'!$G$99"})
        changed = rewritten(
            priced_lines_workbook(DOCUMENT),
            lambda content: content.replace(b"$G$14</definedName>", b"$G$99</definedName>"),
        )
        assert measure_format(changed, expected).named_range_damage == 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed")
class TestRecalculation:
    @pytest.mark.parametrize("digits", [0, 2])
    def test_gives_the_stored_amounts_to_the_unit(self, tmp_path: Path, digits: int) -> None:
        # Halves that binary arithmetic misses: 2.05 · 30 = 61.5, 1.15 · 50 = 57.5, …
        halves = tuple(
            PricedRow(
                item="반올림",
                spec="",
                unit="kg",
                quantity=Decimal(hundredths) / 100,
                unit_price=Decimal(price),
            )
            for hundredths in range(5, 1000, 10)
            for price in (30, 50, 190, 19530)
            if hundredths * price % 100 == 50
        )
        document = replace(
            DOCUMENT,
            digits=digits,
            panels=(*DOCUMENT.panels, PanelLines(name="'반올림' & 1/2", quantity=2, rows=halves)),
        )
        stored = load_workbook(io.BytesIO(priced_lines_workbook(document)), data_only=True)
        recalculated = self.recalculated(without_values(priced_lines_workbook(document)), tmp_path)
        expected = expected_format(document)
        assert len(expected.formulas) > 150
        different = {
            place: (stored[place[0]][place[1]].value, recalculated[place[0]][place[1]].value)
            for place in expected.formulas
            if recalculated[place[0]][place[1]].value
            != pytest.approx(stored[place[0]][place[1]].value, abs=1e-6)
        }
        assert different == {}

    def recalculated(self, workbook: bytes, folder: Path) -> Workbook:
        source = folder / "lines.xlsx"
        source.write_bytes(workbook)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "out"),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return load_workbook(folder / "out" / "lines.xlsx", data_only=True)
