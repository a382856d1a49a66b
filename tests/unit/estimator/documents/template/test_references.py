from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.documents.template.places import Block, RowPlan, Spot, plan_rows
from kis.estimator.documents.template.references import parse_formula

HOME = "견적 서"
LINE = 10
"""The one repeated row of the sheet these formulas are about."""


def plans(count: int) -> dict[str, RowPlan]:
    block = Block(sheet=HOME, kind="line", first=LINE, last=LINE, lines=(LINE, LINE))
    return {HOME.lower(): plan_rows(HOME, [(block, (count,))])}


def moved(
    text: str, count: int = 4, line: int | None = None, *, widen: bool = False, home: str = HOME
) -> str:
    plan = plans(count)
    spot = None if line is None else Spot(plan[HOME.lower()].repetitions[0], 0, line)
    parsed = parse_formula(text)
    assert parsed is not None
    return parsed.text(home, spot, plan, widen=widen)


class TestFormulasOutsideTheLines:
    """Row 10 becomes rows 10 to 13: what is below moves by three."""

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("A9+A10+A11", "A9+A10+A14"),
            ("$A$11", "$A$14"),
            ("A$11*$B11", "A$14*$B14"),
            ("SUM(G10:G10)", "SUM(G10:G13)"),
            ("SUM(G10)", "SUM(G10:G13)"),
            ("SUM($G$10)", "SUM($G$10:$G$13)"),
            ("SUM(G10, H11)", "SUM(G10:G13, H14)"),
            ("SUM(G10*2)", "SUM(G10*2)"),
            ("SUM(G5:G20)", "SUM(G5:G23)"),
            ("SUM(G9:G10)", "SUM(G9:G13)"),
            ("SUM(G:G)+SUM($A:$C)", "SUM(G:G)+SUM($A:$C)"),
            ("SUM(10:10)+SUM($11:12)", "SUM(10:13)+SUM($14:15)"),
            ('"G11"&G11&"SUM(G10:G10)"', '"G11"&G14&"SUM(G10:G10)"'),
            ("LOG10(G11)", "LOG10(G14)"),
            ("'견적 서'!G11", "'견적 서'!G14"),
            ("다른시트!G11", "다른시트!G11"),
            ("'It''s'!G11", "'It''s'!G11"),
            ("SUM('견적 서'!G10:'견적 서'!G11)", "SUM('견적 서'!G10:'견적 서'!G14)"),
            ("표1[[#This Row],[금액]]+표1[A11]", "표1[[#This Row],[금액]]+표1[A11]"),
            ("단가율*G11", "단가율*G14"),
            ("Sheet1:Sheet3!G11", "Sheet1:Sheet3!G11"),
            ("'견적 서:마감'!G11", "'견적 서:마감'!G11"),
            ("[1]외부!G11", "[1]외부!G11"),
            ("INDEX(G10:G10,2):G20", "INDEX(G10:G13,2):G23"),
            ("G11:INDEX(G:G,20)", "G14:INDEX(G:G,20)"),
            ('IF( G11 = "", "",\n  G12)', 'IF( G14 = "", "",\n  G15)'),
            ("{1,2;3,4}*G11", "{1,2;3,4}*G14"),
            ("#REF!+G11", "#REF!+G14"),
            ("1.5E+10+G11%", "1.5E+10+G14%"),
            ("-G11^2", "-G14^2"),
            ("G11 H12", "G14 H15"),
            ("XFE11+G11", "XFE11+G14"),
            ("G1048576", "G1048576"),
            ("SUM((G10:G10,H10:H10))", "SUM((G10:G13,H10:H13))"),
        ],
    )
    def test_follow_as_a_spreadsheet_would(self, written: str, expected: str) -> None:
        assert moved(written) == expected

    def test_of_other_sheets_follow_the_sheet_they_name(self) -> None:
        assert moved("G11+'견적 서'!G11", home="갑지") == "G11+'견적 서'!G14"

    def test_names_of_one_line_become_all_lines(self) -> None:
        assert moved("'견적 서'!$G$10", widen=True, home="") == "'견적 서'!$G$10:$G$13"
        assert moved("'견적 서'!$A:$B,'견적 서'!$9:$10", widen=True) == "'견적 서'!$A:$B,'견적 서'!$9:$13"

    def test_names_that_compute_keep_their_cells(self) -> None:
        text = "OFFSET('견적 서'!$G$10,0,0,COUNTA('견적 서'!$G$10:$G$10))"
        assert moved(text, widen=True) == text.replace(":$G$10", ":$G$13")


class TestFormulasInALine:
    """The third line stands in row 12."""

    @pytest.mark.parametrize(
        ("written", "expected"),
        [
            ("E10*F10", "E12*F12"),
            ("ROUND($E10*F10,0)", "ROUND($E12*F12,0)"),
            ("A9+1", "A11+1"),
            ("A8+A$9", "A8+A$9"),
            ("G10/$G$11", "G12/$G$14"),
            ("G10/G11", "G12/G14"),
            ("SUM(G$10:G10)", "SUM(G$10:G12)"),
            ("G10/SUM(G$10:G$10)", "G12/SUM(G$10:G$13)"),
            ("SUM(E10)", "SUM(E12)"),
            ("SUM(E10:F10)", "SUM(E12:F12)"),
            ("품목[[#This Row],[수량]]", "품목[[#This Row],[수량]]"),
        ],
    )
    def test_mean_their_own_line(self, written: str, expected: str) -> None:
        assert moved(written, line=2) == expected


class TestUnreadableFormulas:
    @pytest.mark.parametrize("text", ["A1#", 'IF("', "SUM(A1"])
    def test_are_left_alone(self, text: str) -> None:
        parsed = parse_formula(text)
        assert parsed is None or parsed.text(HOME, None, {}) == text


@dataclass(frozen=True)
class Written:
    """A reference as it is written, and by hand what it must become."""

    before: str
    after: str


def by_hand(row: int, *, absolute: bool, count: int, line: int | None, last: bool) -> int:
    """Where a row goes, said in words: above stays; below moves; the line itself is the own one, the first, or (ending a range) the last."""
    if line is not None and not absolute:
        if row == LINE:
            return LINE + line
        if row == LINE - 1:
            return LINE - 1 + line
    if row < LINE:
        return row
    if row > LINE:
        return row + count - 1
    return LINE + count - 1 if last else LINE


@st.composite
def references(draw: st.DrawFn, count: int, line: int | None) -> Written:
    column = draw(st.sampled_from(["A", "$A", "XFD", "$AB"]))
    first, second = sorted(draw(st.tuples(st.integers(1, 30), st.integers(1, 30))))
    one, two = draw(st.booleans()), draw(st.booleans())
    prefix, follows = draw(
        st.sampled_from([("", True), ("'견적 서'!", True), ("갑지!", False), ("'a b'!", False)])
    )
    signs = ("$" if one else "", "$" if two else "")

    def place(row: int, *, absolute: bool, last: bool) -> int:
        return by_hand(row, absolute=absolute, count=count, line=line, last=last) if follows else row

    if draw(st.booleans()):
        row = place(first, absolute=one, last=False)
        return Written(f"{prefix}{column}{signs[0]}{first}", f"{prefix}{column}{signs[0]}{row}")
    start = place(first, absolute=one, last=False)
    end = place(second, absolute=two, last=True)
    return Written(
        f"{prefix}{column}{signs[0]}{first}:B{signs[1]}{second}",
        f"{prefix}{column}{signs[0]}{start}:B{signs[1]}{end}",
    )


PADDING = st.sampled_from(['"A10:A11"', "표1[금액]", "LOG10(2)", "1.5", "TRUE", "단가율", "A:A"])


@st.composite
def formulas(draw: st.DrawFn) -> tuple[Written, int, int | None]:
    count = draw(st.integers(1, 40))
    line = draw(st.none() | st.integers(0, count - 1))
    before, after = "0", "0"
    for _ in range(draw(st.integers(1, 5))):
        operator = draw(st.sampled_from(["+", "*", "&", ">=", " - ", "/"]))
        if draw(st.booleans()):
            padding = draw(PADDING)
            before, after = f"{before}{operator}{padding}", f"{after}{operator}{padding}"
        own = draw(references(count, line))
        wrapped = draw(st.booleans())
        left, right = ("IF(1=1,", ",0)") if wrapped else ("", "")
        before = f"{before}{operator}{left}{own.before}{right}"
        after = f"{after}{operator}{left}{own.after}{right}"
    return Written(before, after), count, line


class TestAnyFormula:
    @given(formulas())
    def test_becomes_what_the_rule_says(self, case: tuple[Written, int, int | None]) -> None:
        written, count, line = case
        assert moved(written.before, count, line) == written.after
