"""Templates nobody thought of: whatever is filled loses nothing, and whatever is then taken away is found."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from kis.estimator.documents.template import compare_template, fill_template
from kis.estimator.documents.template.align import infer_plans
from kis.estimator.documents.template.rows import plans_for
from tests.factories.templates import changed, opened, quotation, sheet, workbook

SHEET = "견적 서"
FIRST = "xl/worksheets/sheet1.xml"

PLACES = st.builds(lambda letter, row: f"{letter}{row}", st.sampled_from("JKLM"), st.integers(1, 24))
REFERENCES = st.builds(
    lambda one, row, two, last: f"{one}G{row}:{two}G{max(row, last)}" if last else f"{one}G{row}",
    st.sampled_from(["", "$", "'견적 서'!"]),
    st.integers(1, 24),
    st.sampled_from(["", "$"]),
    st.sampled_from([0, 0, 6, 12, 24]),
)
FORMULAS = st.lists(REFERENCES, min_size=1, max_size=3).map(
    lambda found: "=" + "+".join(f"SUM({each})" if ":" in each else each for each in found)
)
BLOCKS = st.sampled_from(
    [
        {"B5": "{{line.item}}", "E5": "{{line.quantity}}", "G5": "=ROUND(E5*3,0)"},
        {"B5": "{{panel.name}}", "E5": "{{panel.quantity}}", "G5": "=E5*2"},
        {
            "A5": "{{panel.name}}",
            "B6": "{{line.item}}",
            "E6": "{{line.quantity}}",
            "G6": "=ROUND(E6*E$5,0)",
            "A7": "{{panel.row}}계",
            "G7": "=SUM(G6)",
        },
        {"B5": "{{line.item}}", "B6": "{{line.spec}}", "E6": "{{line.quantity}}", "G6": "=E6"},
    ]
)
SECOND = st.sampled_from(
    [{}, {"B12": "{{line.item}}", "G12": "=E12"}, {"A12": "{{panel.name}}", "G12": "=G11"}]
)


@st.composite
def templates(draw: st.DrawFn) -> bytes:
    cells: dict[str, str | int] = {"A1": "제목", "A9": "소계", "A15": "끝", "G9": "=SUM(G5)", "G15": 7}
    cells |= draw(BLOCKS)
    cells |= draw(SECOND)
    cells |= draw(st.dictionaries(PLACES, FORMULAS, max_size=5))
    names = {
        f"name{at}": f"'{SHEET}'!$G${row}"
        for at, row in enumerate(draw(st.lists(st.integers(1, 20), max_size=3)))
    }
    other = sheet({"A1": f"=SUM('{SHEET}'!G5:G9)", "A2": "합계", "A3": f"='{SHEET}'!G15"})
    return workbook({SHEET: sheet(_in_order(cells)), "갑지": other}, names)


def _in_order(cells: dict[str, str | int]) -> dict[str, str | int]:
    return dict(sorted(cells.items(), key=lambda each: (int(re.sub(r"\D", "", each[0])), each[0])))


COUNTS = st.lists(st.integers(0, 6), min_size=1, max_size=4)


class TestAnyTemplate:
    @given(templates(), COUNTS)
    @settings(max_examples=60, deadline=None)
    def test_loses_nothing_and_is_read_back_as_it_was_filled(
        self, template: bytes, counts: list[int]
    ) -> None:
        filled = fill_template(template, quotation(*counts))
        before, after = opened(template), opened(filled)
        assert infer_plans(before, after) == plans_for(before, counts)
        measure = compare_template(template, filled)
        assert measure.losses == ()
        assert measure.named_range_damage == 0

    @given(templates(), COUNTS, st.data())
    @settings(max_examples=60, deadline=None)
    def test_a_formula_taken_away_is_found_with_its_cell(
        self, template: bytes, counts: list[int], data: st.DataObject
    ) -> None:
        filled = fill_template(template, quotation(*counts))
        xml = opened(filled).package.content(FIRST)
        found = data.draw(st.sampled_from(list(re.finditer(rb'<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>', xml))))
        place = found[1].decode()
        broken = changed(filled, FIRST, lambda old: old.replace(found[0], found[0].split(b"<f>")[0], 1))
        losses = [loss.where for loss in compare_template(template, broken).losses if loss.kind == "formula"]
        assert losses == [f"{SHEET}!{place}"]
