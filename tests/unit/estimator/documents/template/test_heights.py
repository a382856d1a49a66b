from dataclasses import replace

from lxml import etree

from kis.estimator.documents.template import compare_template, fill_template
from tests.factories.templates import MAIN, archive, parts_of, quotation, sheet, workbook

WRAPPED = b'<xf numFmtId="0"/>', b'<xf numFmtId="0"><alignment wrapText="1"/></xf>'
COLUMNS = '<cols><col min="1" max="1" width="20"/><col min="2" max="2" width="30"/></cols>'


def height(
    project: str, *, wraps: bool = True, after: str = "", own: str = ' ht="20" customHeight="1"'
) -> str | None:
    """Return the height of the one row, 20 points high in the template, its first column 20 letters wide, in 11 point letters."""
    xml = sheet({"A1": "{{quotation.project}}"}, after)
    xml = xml.replace("<sheetData>", f"{COLUMNS}<sheetData>").replace('<row r="1">', f'<row r="1"{own}>')
    parts = parts_of(workbook({"견적": xml}))
    if wraps:
        parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(*WRAPPED, 1)
    template = archive(parts)
    base = quotation(1)
    content = replace(base, template_values={**base.template_values, "quotation.project": project})
    filled = fill_template(template, content)
    assert compare_template(template, filled).losses == ()
    row = etree.fromstring(parts_of(filled)["xl/worksheets/sheet1.xml"]).find(f".//{{{MAIN}}}row")
    assert row is not None
    return row.get("ht")


class TestRows:
    def test_stay_where_the_text_fits(self) -> None:
        assert height("짧은 이름") == "20"

    def test_grow_with_the_lines_of_the_text(self) -> None:
        # 3 lines · 11 pt · 1.4 + 2 = 48.2
        assert height("하나\n둘\n셋") == "48.2"

    def test_grow_where_a_long_text_wraps(self) -> None:
        # 15 Korean letters are 30 wide, and 19 go into the column: 2 lines · 15.4 + 2
        assert height("가" * 15) == "32.8"

    def test_reckon_with_merged_cells(self) -> None:
        merged = '<mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'
        assert height("가" * 15, after=merged) == "20"  # 49 letters wide

    def test_merged_over_several_rows_stay(self) -> None:
        merged = '<mergeCells count="1"><mergeCell ref="A1:A4"/></mergeCells>'
        assert height("가" * 15, after=merged) == "20"

    def test_stay_where_the_cell_does_not_wrap(self) -> None:
        assert height("하나\n둘\n셋", wraps=False) == "20"

    def test_without_a_height_are_given_one(self) -> None:
        assert height("하나\n둘", own="") == "32.8"
        assert height("하나", own="") is None
