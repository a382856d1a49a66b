import io
import warnings
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from lxml import etree
from openpyxl import load_workbook

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.template import compare_template, fill_template
from kis.estimator.documents.template.fill import fill_header
from kis.estimator.issuing.template_values import template_values
from kis.platform.errors import BadInput
from tests.factories import contents
from tests.factories.templates import (
    MAIN,
    SAMPLE_NAMES,
    SAMPLES,
    archive,
    parts_of,
    quotation,
    sheet,
    workbook,
)

LINE_ROW = {
    "A5": "{{line.number}}",
    "B5": "{{line.item}}",
    "E5": "{{line.quantity}}",
    "F5": "{{line.unit_price}}",
    "G5": "=ROUND(E5*F5,0)",
}
FIRST = "xl/worksheets/sheet1.xml"


def texts(xml: bytes) -> dict[str, str]:
    """Return the text, number or formula of every cell of a worksheet."""
    found: dict[str, str] = {}
    for cell in etree.fromstring(xml).iter(f"{{{MAIN}}}c"):
        formula = cell.find(f"{{{MAIN}}}f")
        if formula is not None:
            found[str(cell.get("r"))] = f"={formula.text or ''}"
        else:
            found[str(cell.get("r"))] = "".join(map(str, cell.itertext()))
    return found


def filled(
    cells: Mapping[str, str | int], lines: int = 3, *, after: str = "", names: Mapping[str, str] | None = None
) -> bytes:
    return fill_template(workbook({"견적 서": sheet(cells, after)}, names), quotation(lines))


def after_filling(after: str, lines: int = 3) -> etree._Element:
    data = filled({**LINE_ROW, "G6": "=SUM(G5)"}, lines, after=after)
    return etree.fromstring(parts_of(data)[FIRST])


def attributes(root: etree._Element, name: str, attribute: str) -> list[str]:
    return [str(each.get(attribute)) for each in root.iter(f"{{{MAIN}}}{name}")]


class TestCells:
    def test_numbers_and_dates_stay_numbers_in_their_own_format(self) -> None:
        data = fill_template(
            workbook(
                {
                    "견적": sheet(
                        {"A1": "{{totals.total}}", "A2": "{{quotation.date}}", "A3": "{{quotation.date}}"},
                        styles={"A1": 3, "A2": 1, "A3": 2},
                    )
                }
            ),
            contents_with_values(),
        )
        # 2026-11-20 is day 46 346 since 1899-12-30: 46 023 is 2026-01-01, and 20 November is the 324th day.
        assert texts(parts_of(data)[FIRST]) == {"A1": "2218389", "A2": "46346", "A3": "46346"}
        styles = etree.fromstring(parts_of(data)[FIRST]).iter(f"{{{MAIN}}}c")
        assert [cell.get("s") for cell in styles] == ["3", "1", "2"]

    def test_a_date_without_a_date_format_is_written_out(self) -> None:
        data = fill_template(
            workbook(
                {"견적": sheet({"A1": "{{quotation.date}}", "A2": "{{quotation.date}}"}, styles={"A2": 3})}
            ),
            contents_with_values(),
        )
        assert texts(parts_of(data)[FIRST]) == {"A1": "2026-11-20", "A2": "2026-11-20"}

    def test_dates_count_from_1904_where_the_workbook_says_so(self) -> None:
        template = workbook({"견적": sheet({"A1": "{{quotation.date}}"}, styles={"A1": 1})})
        parts = parts_of(template)
        parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(
            b"<sheets>", b'<workbookPr date1904="1"/><sheets>'
        )
        data = fill_template(archive(parts), contents_with_values())
        assert texts(parts_of(data)[FIRST]) == {"A1": str(46346 - 1462)}  # the two counts lie 1462 days apart

    def test_a_placeholder_within_a_text_is_put_into_it(self) -> None:
        data = filled({"A1": "수신: {{customer.company}} 귀하 ({{totals.total}}원)"})
        total = f"{quotation(3).totals.total:,.0f}"
        assert texts(parts_of(data)[FIRST])["A1"] == f"수신: 한빛전설㈜ 귀하 ({total}원)"

    def test_what_is_not_known_is_left_empty(self) -> None:
        content = replace(contents_with_values(), template_values={})
        data = fill_template(workbook({"견적": sheet({"A1": "{{customer.phone}}"})}), content)
        assert texts(parts_of(data)[FIRST]) == {"A1": ""}

    def test_an_unknown_name_is_refused_with_its_cell(self) -> None:
        with pytest.raises(BadInput) as caught:
            filled({"C7": "{{customer.nmae}}"})
        assert caught.value.problems[0].path == "견적 서!C7"
        assert "customer.name" in caught.value.problems[0].message.text("ko")

    def test_runs_keep_their_formats(self) -> None:
        shared = (
            f'<sst xmlns="{MAIN}" count="1" uniqueCount="1"><si><r><rPr><b/></rPr><t>수신 {{{{cust</t></r>'
            "<r><rPr><i/></rPr><t>omer.name}} 귀하</t></r><rPh sb='0' eb='1'><t>x</t></rPh></si></sst>"
        )
        root = sheet({"A1": 1}).replace('<c r="A1"><v>1</v></c>', '<c r="A1" t="s"><v>0</v></c>')
        template = workbook({"견적": root}, parts={"xl/sharedStrings.xml": shared})
        parts = parts_of(template)
        parts["xl/_rels/workbook.xml.rels"] = parts["xl/_rels/workbook.xml.rels"].replace(
            b"</Relationships>",
            b'<Relationship Id="rIdT" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            b'sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        )
        data = fill_template(archive(parts), contents_with_values())
        xml = parts_of(data)[FIRST].decode()
        assert "<rPr><b/></rPr><t>수신 김현수</t>" in xml
        assert '<rPr><i/></rPr><t xml:space="preserve"> 귀하</t>' in xml
        assert "rPh" not in xml
        assert parts_of(data)["xl/sharedStrings.xml"] == shared.encode()  # not even touched

    @pytest.mark.parametrize("text", ["=HYPERLINK(A1)", "+82-2-555", "-5", "@x", "=1+1"])
    def test_a_customers_words_never_become_a_formula(self, text: str) -> None:
        base = contents_with_values()
        content = replace(base, template_values={**base.template_values, "customer.name": text})
        template = workbook({"견적": sheet({"A1": "{{customer.name}}", "A2": "{{customer.name}} 님"})})
        data = fill_template(template, content)
        cell = load_workbook(io.BytesIO(data)).worksheets[0]["A1"]
        assert (cell.data_type, cell.value, cell.quotePrefix) == ("s", text, True)
        assert compare_template(template, data).losses == ()

    def test_what_looks_like_an_escape_is_shown_as_it_is(self) -> None:
        base = contents_with_values()
        content = replace(base, template_values={**base.template_values, "customer.name": "_x0041_ <&> \x07"})
        data = fill_template(workbook({"견적": sheet({"A1": "{{customer.name}}"})}), content)
        # openpyxl reads the escape back: what a spreadsheet shows
        assert load_workbook(io.BytesIO(data)).worksheets[0]["A1"].value in {
            "_x0041_ <&> ",
            "_x005F_x0041_ <&> ",
        }
        assert b"_x005F_x0041_ &lt;&amp;&gt; <" in parts_of(data)[FIRST]


class TestNamedCells:
    def test_called_like_a_field_are_written(self) -> None:
        names = {
            "Customer_Name": "'견적 서'!$C$3",
            "TotalPrice": "'견적 서'!$C$4:$D$4",
            "Vat": "'견적 서'!$Z$90",
        }
        data = filled({"A1": "x", "C4": 0}, names=names)
        found = texts(parts_of(data)[FIRST])
        totals = quotation(3).totals
        assert (found["C3"], found["C4"], found["Z90"]) == ("김현수", str(totals.total), str(totals.vat))

    def test_that_compute_are_left_to_the_company(self) -> None:
        data = filled({"C4": "=1+1"}, names={"TotalPrice": "'견적 서'!$C$4"})
        assert texts(parts_of(data)[FIRST])["C4"] == "=1+1"


class TestLines:
    def test_repeat_and_push_down_what_is_below(self) -> None:
        data = filled({**LINE_ROW, "G6": "=SUM(G5)", "G7": "=G6*0.1"}, 3)
        found = texts(parts_of(data)[FIRST])
        assert [found[f"A{row}"] for row in (5, 6, 7)] == ["1", "2", "3"]
        assert [found[f"G{row}"] for row in (5, 6, 7)] == [f"=ROUND(E{row}*F{row},0)" for row in (5, 6, 7)]
        assert (found["G8"], found["G9"]) == ("=SUM(G5:G7)", "=G8*0.1")

    def test_leave_one_empty_row_where_there_are_none(self) -> None:
        data = fill_template(
            workbook({"견적": sheet({**LINE_ROW, "G6": "=SUM(G5)"})}), contents.with_panels(quotation(1), [])
        )
        found = texts(parts_of(data)[FIRST])
        assert (found["B5"], found["G5"], found["G6"]) == ("", "=ROUND(E5*F5,0)", "=SUM(G5)")

    def test_forget_the_results_of_the_template(self) -> None:
        data = filled({**LINE_ROW, "G6": "=SUM(G5)"})
        assert b"999" not in parts_of(data)[FIRST]
        assert b'fullCalcOnLoad="1"' in parts_of(data)["xl/workbook.xml"]

    def test_may_take_two_rows_each(self) -> None:
        data = filled({"B5": "{{line.item}}", "B6": "{{line.spec}}", "G6": "=G5*2", "A7": "끝"}, 2)
        found = texts(parts_of(data)[FIRST])
        assert [found[place] for place in ("B5", "B6", "B7", "B8", "A9")] == [
            "차단기 1",
            "ABN-1",
            "차단기 2",
            "ABN-2",
            "끝",
        ]
        assert (found["G6"], found["G8"]) == ("=G5*2", "=G7*2")

    def test_shared_formulas_are_written_out(self) -> None:
        xml = sheet({**LINE_ROW, "G6": "=x", "G7": "=y"})
        xml = xml.replace("<f>x</f>", '<f t="shared" si="0" ref="G6:G7">SUM(E$5:E5)</f>').replace(
            "<f>y</f>", '<f t="shared" si="0"/>'
        )
        data = fill_template(workbook({"견적": xml}), quotation(3))
        found = texts(parts_of(data)[FIRST])
        # dragged down one row, SUM(E$5:E5) reads SUM(E$5:E6); then two rows are put in below row 5
        assert (found["G8"], found["G9"]) == ("=SUM(E$5:E7)", "=SUM(E$5:E8)")

    def test_array_formulas_keep_to_their_cells(self) -> None:
        xml = sheet({**LINE_ROW, "G6": "=x"}).replace(
            "<f>x</f>", '<f t="array" ref="G6">SUM(E5:E5*F5:F5)</f>'
        )
        data = fill_template(workbook({"견적": xml}), quotation(3))
        array = next(
            each
            for each in etree.fromstring(parts_of(data)[FIRST]).iter(f"{{{MAIN}}}f")
            if each.get("t") == "array"
        )
        assert (array.get("ref"), array.text) == ("G8", "SUM(E5:E7*F5:F7)")

    def test_cells_without_a_place_are_counted(self) -> None:
        xml = sheet({"A5": "{{line.item}}", "A6": "끝"}).replace(' r="A5"', "").replace(' r="A6"', "")
        data = fill_template(workbook({"견적": xml}), quotation(2))
        assert texts(parts_of(data)[FIRST]) == {"A5": "차단기 1", "A6": "차단기 2", "A7": "끝"}


class TestWhatNamesRows:
    def test_merged_cells_are_copied_moved_or_stretched(self) -> None:
        after = '<mergeCells count="3"><mergeCell ref="B5:C5"/><mergeCell ref="A6:B7"/><mergeCell ref="H4:H6"/></mergeCells>'
        root = after_filling(after)
        assert attributes(root, "mergeCell", "ref") == ["B5:C5", "B6:C6", "B7:C7", "A8:B9", "H4:H8"]
        assert attributes(root, "mergeCells", "count") == ["5"]

    def test_formats_and_validations_take_in_all_lines(self) -> None:
        after = (
            '<conditionalFormatting sqref="A5:G5 A9"><cfRule type="expression" priority="1">'
            "<formula>$G5&gt;$G$6</formula></cfRule></conditionalFormatting>"
            '<dataValidations count="1"><dataValidation type="list" sqref="D5"><formula1>$J$5:$J$9</formula1>'
            "</dataValidation></dataValidations>"
        )
        root = after_filling(after)
        assert attributes(root, "conditionalFormatting", "sqref") == ["A5:G7 A11"]
        assert [each.text for each in root.iter(f"{{{MAIN}}}formula")] == ["$G5>$G$8"]
        assert attributes(root, "dataValidation", "sqref") == ["D5:D7"]
        assert [each.text for each in root.iter(f"{{{MAIN}}}formula1")] == ["$J$5:$J$11"]

    def test_breaks_links_and_panes_follow(self) -> None:
        after = (
            '<hyperlinks><hyperlink ref="B5" location="\'견적 서\'!G6"/></hyperlinks>'
            '<rowBreaks count="2" manualBreakCount="2"><brk id="4" max="16383"/><brk id="6" max="16383"/></rowBreaks>'
            '<colBreaks><brk id="6" max="1048575"/></colBreaks>'
        )
        root = after_filling(after)
        assert attributes(root, "hyperlink", "ref") == ["B5", "B6", "B7"]
        assert set(attributes(root, "hyperlink", "location")) == {"'견적 서'!G8"}
        assert attributes(root, "brk", "id") == ["4", "8", "6"]

    def test_extensions_follow(self) -> None:
        after = (
            '<extLst><ext uri="{x}" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidations>'
            "<x14:dataValidation><x14:formula1><xm:f>'견적 서'!$A$6</xm:f></x14:formula1><xm:sqref>D5 E9</xm:sqref>"
            "</x14:dataValidation></x14:dataValidations></ext></extLst>"
        )
        xml = etree.tostring(after_filling(after), encoding="unicode")
        assert "<xm:f>'견적 서'!$A$8</xm:f>" in xml
        assert "<xm:sqref>D5:D7 E11</xm:sqref>" in xml

    def test_names_follow(self) -> None:
        names = {
            "lines": "'견적 서'!$G$5",
            "area": "'견적 서'!$A$1:$G$6",
            "titles": "'견적 서'!$A:$B,'견적 서'!$4:$4",
            "rate": "0.1",
        }
        data = filled({**LINE_ROW, "G6": "=SUM(G5)"}, names=names)
        found = {
            str(each.get("name")): each.text
            for each in etree.fromstring(parts_of(data)["xl/workbook.xml"]).iter(f"{{{MAIN}}}definedName")
        }
        assert found == {
            "lines": "'견적 서'!$G$5:$G$7",
            "area": "'견적 서'!$A$1:$G$8",
            "titles": "'견적 서'!$A:$B,'견적 서'!$4:$4",
            "rate": "0.1",
        }

    def test_pictures_notes_charts_and_tables_of_the_samples_follow(self) -> None:
        # by-panel: four lines in two panels make 갑지 one row longer; its chart hangs at row 28 (27 from 0) below.
        parts = parts_of(fill_template((SAMPLES / "by-panel.xlsx").read_bytes(), quotation(3, 1)))
        drawing = parts["xl/drawings/drawing9.xml"].decode()
        assert "<xdr:row>28</xdr:row>" in drawing
        assert "<xdr:row>3</xdr:row>" in drawing  # the seal above stays
        chart = parts["xl/charts/chart9.xml"].decode()
        assert "<c:f>갑지!$G$12:$G$13</c:f>" in chart
        assert "<c:f>갑지!$B$12:$B$13</c:f>" in chart
        assert "1234567" not in chart
        assert "분전반별 금액 (KRW)" in chart
        # 내역서: rows 4–8 become 4, 5 6 7, 8 9 10 and 11, 12, 13 14 15; what was row 10 is row 17
        comments = parts["xl/comments/comment1.xml"].decode()
        assert 'ref="G5"' in comments
        assert 'ref="H17"' in comments
        assert "(KRW)" in comments
        notes = next(content for name, content in parts.items() if name.endswith("commentsDrawing1.vml"))
        assert b"Row>16</" in notes
        assert b"Row>4</" in notes
        table = parts_of(fill_template((SAMPLES / "with-delivery-note.xlsx").read_bytes(), quotation(5)))
        assert b'ref="A10:H15"' in table["xl/tables/table1.xml"]
        assert "견적!$G$22".encode() in table["xl/drawings/drawing7.xml"]  # what the text box shows


class TestDrawings:
    """Row 5 becomes three rows: what hangs below row 5 (4, counted from 0) moves by two."""

    @pytest.mark.parametrize(
        ("anchor", "start", "end", "expected"),
        [
            ('<xdr:twoCellAnchor editAs="oneCell">', 2, 7, (2, 7)),  # keeps its size
            ("<xdr:twoCellAnchor>", 2, 7, (2, 9)),  # grows with its cells
            ("<xdr:twoCellAnchor>", 7, 9, (9, 11)),
            ('<xdr:twoCellAnchor editAs="oneCell">', 7, 9, (9, 11)),
            ('<xdr:twoCellAnchor editAs="absolute">', 7, 9, (7, 9)),  # hangs on the page
            ("<xdr:twoCellAnchor>", 1, 4, (1, 4)),
        ],
    )
    def test_move_with_their_cells(
        self, anchor: str, start: int, end: int, expected: tuple[int, int]
    ) -> None:
        space = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"'
        drawing = (
            f"<xdr:wsDr {space}>{anchor}<xdr:from><xdr:row>{start}</xdr:row></xdr:from><xdr:to>"
            f"<xdr:row>{end}</xdr:row></xdr:to></xdr:twoCellAnchor></xdr:wsDr>"
        )
        found = self.related("drawing", "drawings/drawing1.xml", drawing)
        rows = [
            int(str(each.text)) for each in etree.fromstring(found).iter() if str(each.tag).endswith("}row")
        ]
        assert tuple(rows) == expected

    def test_boxes_of_notes_move_and_keep_their_size(self) -> None:
        vml = (
            '<xml xmlns:x="urn:x"><x:ClientData><x:Anchor> 2, 15, 8, 10, 4, 31, 12, 1</x:Anchor><x:Row>7</x:Row>'
            "<x:FmlaLink>$A$9</x:FmlaLink></x:ClientData><br></xml>"  # as some programs write it: not well-formed
        )
        found = self.related("vmlDrawing", "drawings/vmlDrawing1.vml", vml).decode()
        assert "<x:Anchor>2, 15, 10, 10, 4, 31, 14, 1</x:Anchor>" in found
        assert "<x:Row>9</x:Row>" in found
        assert "<x:FmlaLink>$A$11</x:FmlaLink>" in found

    def related(self, kind: str, target: str, content: str) -> bytes:
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="../{target}"/>'
            "</Relationships>"
        )
        parts = {f"xl/{target}": content, "xl/worksheets/_rels/sheet1.xml.rels": relations}
        template = workbook({"견적": sheet({**LINE_ROW, "A12": "끝"})}, parts=parts)
        data = fill_template(template, quotation(3))
        assert compare_template(template, data).losses == ()
        return parts_of(data)[f"xl/{target}"]


class TestGroups:
    def test_repeat_a_panel_with_its_lines(self) -> None:
        cells = {
            "A4": "{{panel.name}} {{panel.quantity}}면",
            "B5": "{{line.item}}",
            "G5": "=ROUND(E5*F5,0)",
            "A6": "{{panel.row}}소계",
            "G6": "=SUM(G5)",
            "A8": "합계",
            "G8": '=SUMIF(A4:A6,"소계",G4:G6)',
        }
        data = fill_template(workbook({"내역": sheet(cells)}), quotation(2, 1, quantities=(3, 1)))
        found = texts(parts_of(data)[FIRST])
        # LP-1: 4 | 5 6 | 7; LP-2: 8 | 9 | 10; the total was row 8 and is row 12
        assert (found["A4"], found["A8"]) == ("LP-1 3면", "LP-2 1면")
        assert (found["G7"], found["G10"]) == ("=SUM(G5:G6)", "=SUM(G9)")
        assert (found["A7"], found["A10"]) == ("소계", "소계")
        assert found["G12"] == '=SUMIF(A4:A10,"소계",G4:G10)'


class TestHeader:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("&L{{n}}&C&P", "&LA&&B 7&C&P"),
            ("&8{{d}}", "&8 2026-11-20"),
            ("&C&P / &N {{d}}", "&C&P / &N 2026-11-20"),
        ],
    )
    def test_doubles_its_sign_and_keeps_figures_from_font_sizes(self, text: str, expected: str) -> None:
        assert fill_header(text, {"n": "A&B 7", "d": "2026-11-20"}.__getitem__) == expected


@pytest.mark.parametrize("name", SAMPLE_NAMES)
class TestSamples:
    @pytest.mark.parametrize("counts", [(1,), (5,), (40,), (3, 1, 12)])
    def test_lose_nothing(self, name: str, counts: tuple[int, ...]) -> None:
        template = (SAMPLES / name).read_bytes()
        measure = compare_template(
            template, fill_template(template, quotation(*counts, extra=len(counts) > 1))
        )
        assert measure.losses == ()
        assert measure.formulas_expected >= 12
        assert measure.named_ranges_expected >= 8

    def test_are_the_same_every_time(self, name: str) -> None:
        template = (SAMPLES / name).read_bytes()
        assert fill_template(template, quotation(7)) == fill_template(template, quotation(7))

    def test_open_in_another_program(self, name: str) -> None:
        data = fill_template((SAMPLES / name).read_bytes(), quotation(5))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells what it does not keep; it is not asked to
            book = load_workbook(io.BytesIO(data))
        assert len(book.sheetnames) >= 2
        assert not any(
            "{{" in str(cell.value) for own in book.worksheets for row in own.iter_rows() for cell in row
        )

    def test_parts_that_ask_for_nothing_keep_every_byte(self, name: str) -> None:
        template = (SAMPLES / name).read_bytes()
        before, after = parts_of(template), parts_of(fill_template(template, quotation(5)))
        assert set(before) - set(after) == {"xl/calcChain.xml"}
        assert set(after) <= set(before)
        same = {part for part in after if after[part] == before[part]}
        assert {
            "xl/media/logo.png",
            "xl/media/seal.png",
            "xl/theme/theme1.xml",
            "xl/styles.xml",
            "xl/sharedStrings.xml",
            "docProps/core.xml",
        } <= same


def contents_with_values() -> QuotationContent:
    made = contents.content()
    assert made.quotation_date == date(2026, 11, 20)
    return replace(made, template_values=template_values(made))
