"""What holds for every sheet and for the file: warnings, print settings, looks, properties, pictures."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from kis.estimator.documents.workbook import expected_format, measure_format, quotation_workbook
from kis.estimator.documents.workbook.quotation_plan import plan_workbook
from tests.factories.contents import (
    content,
    lighting_panel,
    many_panels,
    row,
    with_panels,
)
from tests.unit.estimator.documents.workbook.opening import (
    COVER,
    GATES,
    filled,
    named,
    named_cell,
    opened,
    png,
    standard,
    with_brand,
)


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
        drawn = b'<svg xmlns="http://www.w3.org/2000/svg"/>'
        quotation = with_brand(content(), seal=drawn, logo=drawn)
        assert expected_format(quotation).pictures == {}
        assert named(standard(), "Seal") == "(인)"
