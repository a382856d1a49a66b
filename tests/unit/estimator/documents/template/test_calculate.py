import io

import pytest
from lxml import etree
from openpyxl import load_workbook

from kis.estimator.documents.template.calculate import store_results
from tests.factories.templates import MAIN, opened, parts_of, sheet, workbook

CELLS: dict[str, str | int] = {
    "A1": 2,
    "A2": 3,
    "A3": "글",
    "A4": 5,
    "B1": "계",
    "B2": "소계",
    "B4": "계",
    "C1": "=A1*A2",
}


def result(formula: str) -> object:
    """Return what is stored beside a formula in D9; None where nothing is."""
    book = opened(workbook({"견적": sheet({**CELLS, "D9": f"={formula}"})}, {"단가": "견적!$A$4"}))
    for cell in book.package.tree("xl/worksheets/sheet1.xml").iter(f"{{{MAIN}}}c"):
        for stored in cell.findall(f"{{{MAIN}}}v"):
            if cell.find(f"{{{MAIN}}}f") is not None:
                cell.remove(stored)
    store_results(book)
    data = book.package.to_bytes()
    return load_workbook(io.BytesIO(data), data_only=True).worksheets[0]["D9"].value


class TestResults:
    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            ("1+2*3^2", 19),
            ("(1+2)*3", 9),
            ("-2^2", 4),
            ("10%*50", 5),
            ("8/2/2", 2),
            ("7-2-1", 4),
            ("A1*A4", 10),
            ("C1+1", 7),
            ("C7", 0),
            ("SUM(A1:A4)", 10),
            ("SUM(A1:A4,A1,1)", 13),
            ("MAX(A1:A4)-MIN(A1:A2)", 3),
            ('COUNT(A1:A4)&COUNTA(A1:A5)&"개"', "34개"),
            ("PRODUCT(A1:A2)", 6),
            ('SUMIF(B1:B4,"계",A1:A4)', 7),
            ("SUMPRODUCT(A1:A2,A1:A2)", 13),
            ("ROUND(2.5,0)+ROUND(-2.5,0)", 0),
            ("ROUND(1234.5678,-2)", 1200),
            ("ROUND(2.05*1290,0)", 2645),
            ("ROUNDUP(1.1,0)*10+ROUNDDOWN(1.9,0)", 21),
            ("ABS(-3)+N(A3)", 3),
            ('IF(A1>=2,"예","아니오")', "예"),
            ('IF(B1="계",단가,0)', 5),
            ('IF(C7="",1,2)', 1),
            ("A1=2", True),
            ("A1<>2", False),
        ],
    )
    def test_are_those_of_a_spreadsheet(self, formula: str, expected: object) -> None:
        assert result(formula) == expected

    @pytest.mark.parametrize(
        "formula",
        [
            "D9+1",
            "A3+1",
            "1/0",
            'TEXT(A1,"0%")',
            "A1&0.5",
            "SUBTOTAL(9,A1:A2)",
            "A1:A2+1",
            "없는이름",
            "다른시트!A1",
            "{1,2}",
            'SUMIF(A1:A4,">2")',
            "IF(A1)",
            "SUM(A1",
            "A1 A2",
        ],
    )
    def test_are_left_out_where_there_is_doubt(self, formula: str) -> None:
        assert result(formula) is None

    def test_follow_tables(self) -> None:
        table = (
            f'<table xmlns="{MAIN}" id="1" displayName="표" ref="A1:B3"><tableColumns count="2">'
            '<tableColumn id="1" name="수량"/><tableColumn id="2" name="금액"/></tableColumns></table>'
        )
        cells: dict[str, str | int] = {"A1": "수량", "B1": "금액", "A2": 2, "A3": 3}
        cells |= {
            "B2": "=표[[#This Row],[수량]]*10",
            "B3": "=표[[#This Row],[수량]]*10",
            "B5": "=SUM(표[금액])",
        }
        relations = (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
            'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/table" Target="../tables/t.xml"/>'
            "</Relationships>"
        )
        parts = {"xl/tables/t.xml": table, "xl/worksheets/_rels/sheet1.xml.rels": relations}
        book = opened(workbook({"견적": sheet(cells)}, parts=parts))
        for stored in list(book.package.tree("xl/worksheets/sheet1.xml").iter(f"{{{MAIN}}}v")):
            parent = stored.getparent()
            if stored.text == "999" and parent is not None:
                parent.remove(stored)
        store_results(book)
        written = etree.fromstring(parts_of(book.package.to_bytes())["xl/worksheets/sheet1.xml"])
        values = {cell.get("r"): cell.findtext(f"{{{MAIN}}}v") for cell in written.iter(f"{{{MAIN}}}c")}
        assert (values["B2"], values["B3"], values["B5"]) == ("20", "30", "50")
