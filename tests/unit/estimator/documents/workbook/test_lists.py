"""The priced lists of the panels, and the sheet of gates and sources."""

from dataclasses import replace

from tests.factories.contents import (
    content,
    lighting_panel,
    with_panels,
)
from tests.unit.estimator.documents.workbook.opening import (
    COVER,
    GATES,
    filled,
    named,
    named_cell,
    opened,
    standard,
    words,
)


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
            ["견적 전체", "할인율", "3.33%", "≤ 10%", "합격"],
            ["LP-3F", "외함 적합도", "0.94", "≥ 0.90", "합격"],
            ["LP-3F", "상 불평형", "4.2%", "≤ 3.0%", "조건부"],
            ["LP-B1", "설계 위반", "1", "= 0", "불합격"],
        ]
        assert "설비불평형률 30% 이하" in str(sheet.cell(row=head + 3, column=6).value)
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
