import re
from functools import cache

import pytest

from kis.estimator.documents.template import TemplateLoss, compare_template, fill_template
from kis.estimator.documents.template.align import infer_plans
from tests.factories.templates import SAMPLES, archive, changed, opened, parts_of, quotation, sheet, workbook

BY_PANEL = (SAMPLES / "by-panel.xlsx").read_bytes()
DELIVERY = (SAMPLES / "with-delivery-note.xlsx").read_bytes()


@cache
def filled(name: str) -> bytes:
    """Return a sample filled with panels of 3 and 1 lines. by-panel: 갑지 12–13 are the panels; 내역서 4|5 6 7|8 9 10 and 11|12|13 14 15, total in 17."""
    return fill_template((SAMPLES / name).read_bytes(), quotation(3, 1))


def losses(name: str, part: str, pattern: str, new: str = "") -> list[TemplateLoss]:
    """Return what is found lost once ``pattern`` in a part of the filled sample reads ``new``."""
    broken = changed(
        filled(name), part, lambda content: re.sub(pattern.encode(), new.encode(), content, count=1)
    )
    return list(compare_template((SAMPLES / name).read_bytes(), broken).losses)


class TestFormulas:
    def test_removed_is_found_with_its_cell(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet1.xml", "<f>SUM\\(G12:G13\\)</f>", "<v>1</v>")
        assert found == [TemplateLoss("formula", "갑지!G14", "=SUM(G12:G13)", "")]

    def test_of_a_copied_line_is_found_with_its_cell(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet2.xml", "<f>ROUND\\(E7\\*F7,0\\)</f>")
        assert found == [TemplateLoss("formula", "내역서!G7", "=ROUND(E7*F7,0)", "")]

    def test_that_misses_a_line_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet2.xml", "SUM\\(G5:G7\\)", "SUM(G5:G6)")
        assert found == [TemplateLoss("formula", "내역서!G8", "=SUM(G5:G7)", "=SUM(G5:G6)")]

    def test_are_counted(self) -> None:
        broken = changed(
            filled("by-panel.xlsx"), "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<f>", b"<f>1+")
        )
        measure = compare_template(BY_PANEL, broken)
        # 갑지: two a panel but the first (F, G, H: three), and G14, G17, G18, G19 below
        assert measure.formula_loss == 2 * 3 + 4
        assert all(loss.where.startswith("갑지!") for loss in measure.losses)

    def test_of_a_lost_sheet_are_all_lost(self) -> None:
        parts = parts_of(filled("by-panel.xlsx"))
        parts["xl/workbook.xml"] = re.sub(
            '<sheet [^>]*name="내역서"[^>]*/>'.encode(), b"", parts["xl/workbook.xml"]
        )
        found = compare_template(BY_PANEL, archive(parts)).losses
        assert ("sheet", "내역서") in {(loss.kind, loss.where) for loss in found}
        assert any(loss.kind == "formula" and loss.where == "내역서!G5" for loss in found)


class TestNames:
    def test_that_point_elsewhere_are_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/workbook.xml", "갑지!\\$G\\$12:\\$G\\$13", "갑지!$G$12")
        assert found == [TemplateLoss("name", "분전반금액", "갑지!$G$12:$G$13", "갑지!$G$12")]

    def test_that_point_nowhere_are_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/workbook.xml", "갑지!\\$G\\$19", "#REF!")
        assert [(loss.kind, loss.where, loss.found) for loss in found] == [("name", "TotalPrice", "#REF!")]

    def test_that_are_gone_are_found_with_their_sheet(self) -> None:
        found = losses("by-panel.xlsx", "xl/workbook.xml", '<definedName [^>]*name="검산"[^<]*</definedName>')
        assert [(loss.kind, loss.where, loss.found) for loss in found] == [("name", "내역서!검산", "")]

    def test_of_print_areas_count(self) -> None:
        broken = changed(
            filled("by-panel.xlsx"),
            "xl/workbook.xml",
            lambda xml: re.sub(
                b'(<definedName name="_xlnm.Print_Area"[^>]*>)[^<]*', rb"\1X!$A$1", xml, count=1
            ),
        )
        measure = compare_template(BY_PANEL, broken)
        assert (measure.named_range_damage, measure.losses[0].where) == (1, "갑지!_xlnm.Print_Area")


class TestParts:
    def test_a_lost_picture_is_named(self) -> None:
        broken = changed(filled("by-panel.xlsx"), "xl/media/seal.png", None)
        found = compare_template(BY_PANEL, broken).losses
        assert [(loss.kind, loss.where) for loss in found] == [("image", "xl/media/seal.png")]

    def test_another_picture_is_named(self) -> None:
        broken = changed(filled("by-panel.xlsx"), "xl/media/logo.png", lambda png: png[:-1])
        assert [loss.where for loss in compare_template(BY_PANEL, broken).losses] == ["xl/media/logo.png"]

    def test_a_lost_chart_is_named(self) -> None:
        broken = changed(filled("by-panel.xlsx"), "xl/charts/chart9.xml", None)
        found = compare_template(BY_PANEL, broken).losses
        assert [(loss.kind, loss.where) for loss in found] == [("chart", "xl/charts/chart9.xml")]

    def test_a_chart_of_other_cells_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/charts/chart9.xml", "\\$G\\$12:\\$G\\$13", "$G$12:$G$12")
        assert [loss.kind for loss in found] == ["chart"]

    def test_a_lost_shape_is_named(self) -> None:
        found = losses(
            "with-delivery-note.xlsx",
            "xl/drawings/drawing7.xml",
            "<xdr:twoCellAnchor(?:(?!<xdr:twoCellAnchor).)*합계 표시.*?</xdr:twoCellAnchor>",
        )
        assert [(loss.kind, loss.where) for loss in found] == [
            ("drawing", "xl/drawings/drawing7.xml: 합계 표시")
        ]

    def test_a_header_image_that_hangs_no_more_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet1.xml", "<legacyDrawingHF[^>]*/>")
        assert [(loss.kind, loss.where) for loss in found] == [("element", "갑지: legacyDrawingHF")]

    @pytest.mark.parametrize(
        "part", ["xl/printerSettings/printerSettings1.bin", "customXml/item1.xml", "xl/theme/theme1.xml"]
    )
    def test_parts_of_other_programs_are_named(self, part: str) -> None:
        broken = changed(filled("with-delivery-note.xlsx"), part, None)
        assert [loss.where for loss in compare_template(DELIVERY, broken).losses] == [part]

    def test_a_relation_that_is_gone_is_found(self) -> None:
        found = losses(
            "by-panel.xlsx", "xl/drawings/_rels/drawing9.xml.rels", "<Relationship [^>]*seal[^>]*/>"
        )
        assert [loss.where.partition(":")[0] for loss in found] == ["xl/drawings/_rels/drawing9.xml.rels"]


class TestElements:
    def test_a_dropped_validation_is_named(self) -> None:
        found = losses(
            "by-panel.xlsx",
            "xl/worksheets/sheet2.xml",
            '<dataValidation [^>]*sqref="E5[^>]*>.*?</dataValidation>',
        )
        assert [(loss.kind, loss.where) for loss in found] == [("dataValidation", "내역서!E5:E7 E12")]

    def test_a_conditional_format_that_misses_lines_is_named(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet1.xml", 'sqref="A12:H13"', 'sqref="A12:H12"')
        assert [(loss.kind, loss.where) for loss in found] == [("conditionalFormatting", "갑지!A12:H13")]

    def test_an_extension_that_is_gone_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet1.xml", "<extLst.*</extLst>")
        assert [loss.where for loss in found] == ["갑지!H12:H13"]

    def test_a_merged_cell_that_is_gone_is_named(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet2.xml", '<mergeCell ref="B11:H11"/>')
        assert [(loss.kind, loss.where) for loss in found] == [("mergeCell", "내역서!B11:H11")]

    def test_a_footer_that_says_something_else_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet1.xml", "<oddFooter>[^<]*</oddFooter>")
        assert [loss.kind for loss in found] == ["header"]

    def test_a_fixed_text_that_changed_is_found(self) -> None:
        found = losses(
            "by-panel.xlsx", "xl/worksheets/sheet2.xml", '(<c r="A8"[^>]*) t="s"><v>\\d+</v>', "\\1>"
        )
        assert [(loss.kind, loss.where, loss.expected) for loss in found] == [("cell", "내역서!A8", "1면")]

    def test_a_format_that_changed_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/worksheets/sheet2.xml", '<c r="G7" s="\\d+"', '<c r="G7" s="0"')
        assert [(loss.kind, loss.where) for loss in found] == [("format", "내역서!G7")]

    def test_a_row_height_that_changed_is_found(self) -> None:
        found = losses(
            "by-panel.xlsx", "xl/worksheets/sheet2.xml", '(<row r="10"[^>]*) ht="15"', '\\1 ht="10"'
        )
        assert [(loss.kind, loss.where) for loss in found] == [("row", "내역서!10:10")]

    def test_a_sheet_that_is_no_longer_hidden_is_found(self) -> None:
        found = losses("by-panel.xlsx", "xl/workbook.xml", 'state="veryHidden"', 'state="visible"')
        assert [(loss.kind, loss.where) for loss in found] == [("sheet", "xl/workbook.xml: 작성요령")]


class TestReading:
    def test_tells_lines_from_panels_by_the_cells_alone(self) -> None:
        # head, line and foot look alike: only their values tell them apart
        cells = {
            "A4": "{{panel.name}}",
            "B5": "{{line.item}}",
            "C5": "{{line.amount}}",
            "A6": "{{panel.row}}소계",
            "C6": "=SUM(C5)",
        }
        template = workbook({"내역": sheet({**cells, "A8": "끝", "C8": "=C4"})})
        data = fill_template(template, quotation(4, 1, 1, 3))
        measure = compare_template(template, data)
        assert measure.losses == ()
        assert measure.formulas_expected == 4 + 1

    def test_tells_a_line_by_its_number_where_nothing_else_does(self) -> None:
        # seven rows alike in place and format; (2, 3) lines only by texts and numbers in column C
        cells = {
            "B4": "{{panel.name}}",
            "C4": "{{panel.specification}}",
            "B5": "{{line.item}}",
            "C5": "{{line.quantity}}",
        }
        template = workbook({"내역": sheet(cells)})
        plan = infer_plans(opened(template), opened(fill_template(template, quotation(2, 3))))["내역"]
        assert plan.repetitions[0].lines == (2, 3)

    def test_is_not_misled_by_a_named_cell_below_all_others(self) -> None:
        cells = {"B5": "{{line.item}}", "E5": "{{line.quantity}}", "G6": "=SUM(E5)"}
        template = workbook({"견적": sheet(cells)}, {"customer_name": "견적!$B$30"})
        assert compare_template(template, fill_template(template, quotation(4))).losses == ()

    def test_a_file_of_another_template_loses_much(self) -> None:
        assert compare_template(BY_PANEL, filled("with-delivery-note.xlsx")).formula_loss > 10
