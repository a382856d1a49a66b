"""Tables of PDF manuals become rows of whole cells, whatever number of lines they have; what only looks like a table stays prose."""

import pytest

from kis.assistant.reading import read_document
from kis.assistant.things import UnitKind
from tests.factories.set_pages import pdf_of, read

TROUBLES = """[*Symptom*],[*Cause*],[*Remedy*],
  [Nothing lights up],[Fuse, plus and minus swapped],[Check fuse and polarity, then switch on again],
  [Goes off when starting],[Thin wire, flat battery],[Use a wire of 4 mm² and charge the battery],
  [Hum],[Ground loop],[Ground at one point only]"""
ROWS = [
    "Symptom | Cause | Remedy",
    "Nothing lights up | Fuse, plus and minus swapped | Check fuse and polarity, then switch on again",
    "Goes off when starting | Thin wire, flat battery | Use a wire of 4 mm² and charge the battery",
    "Hum | Ground loop | Ground at one point only",
]


def rows(source: str) -> list[str]:
    """Return the rows of the only table that is read."""
    (table,) = [unit for unit in read(source) if unit.kind is UnitKind.TABLE]
    return table.text.split("\n")


def kinds(source: str) -> set[UnitKind]:
    return {unit.kind for unit in read(source)}


class TestTables:
    """Rows of whole cells; columns of 90, 90 and 110 points, in which most cells have two lines or three."""

    @pytest.mark.parametrize(
        "look",
        [
            "stroke: .4pt, inset: 4pt",
            "stroke: (x: none, y: .4pt), inset: (x: 5pt, y: 2pt)",
            "stroke: (x: .4pt, y: none), inset: 5pt",
            "stroke: none, inset: 5pt",
            "stroke: none, inset: 5pt, fill: (_, y) => if calc.odd(y) { luma(220) }",
            "stroke: none, inset: 5pt, align: horizon",
        ],
        ids=["ruled", "between rows", "between columns", "by gaps", "striped", "centred"],
    )
    def test_rows_have_whole_cells(self, look: str) -> None:
        assert rows(f"#table(columns: (90pt, 90pt, 110pt), {look}, {TROUBLES})") == ROWS

    def test_a_row_begins_where_the_first_column_does(self) -> None:
        """No gap tells: all lines are equally far from each other."""
        cells = TROUBLES.replace("Nothing lights up", "No light").replace(
            "Goes off when starting", "Goes off"
        )
        read_rows = rows(
            f"#set par(leading: .5em)\n#grid(columns: (90pt, 90pt, 110pt), row-gutter: .5em, {cells})"
        )
        assert read_rows == [
            ROWS[0],
            ROWS[1].replace("Nothing lights up", "No light"),
            ROWS[2].replace("Goes off when starting", "Goes off"),
            ROWS[3],
        ]

    @pytest.mark.parametrize("stroke", ["none", ".4pt"])
    def test_two_narrow_columns_are_a_table(self, stroke: str) -> None:
        cells = "[*Channel*],[*Use*],[1],[Lead singer with the long cable],[2],[Guitar],[3],[Bass, taken directly]"
        assert rows(f"#table(columns: (50pt, 80pt), stroke: {stroke}, inset: 4pt, {cells})") == [
            "Channel | Use",
            "1 | Lead singer with the long cable",
            "2 | Guitar",
            "3 | Bass, taken directly",
        ]

    def test_a_cell_too_long_for_its_column_ends_where_the_next_begins(self) -> None:
        """``Channel`` goes over the border and into ``Use``: PDFium reads one word."""
        cells = "[*Channel*],[*Use*],[1],[Lead singer],[2],[Guitar]"
        assert rows(f"#table(columns: (36pt, 80pt), stroke: .4pt, inset: 4pt, {cells})") == [
            "Channel | Use",
            "1 | Lead singer",
            "2 | Guitar",
        ]

    def test_it_does_so_where_the_next_one_is_divided_at_the_end_of_its_line(self) -> None:
        cells = "[*No*],[*Use*],[F1293],[uncharacteristically large],[2],[Guitar]"
        made = rows(
            f'#set text(hyphenate: true, lang: "en")\n#table(columns: (26pt, 60pt), inset: 4pt, {cells})'
        )
        assert made[1] == "F1293 | uncharacteristically large"

    def test_cells_of_many_lines_are_one_table(self) -> None:
        """Each cell is written after the one before it, so that the lines rise on the page as they do between columns of prose."""
        cells = ", ".join(
            f"[Part {number}],[#lorem({14 - number})],[#lorem({22 + number})]" for number in range(3)
        )
        made = rows(f"#table(columns: (60pt, 70pt, 100pt), stroke: none, inset: 5pt, {cells})")
        assert [row.split(" | ")[0] for row in made] == ["Part 0", "Part 1", "Part 2"]
        assert all(cell.startswith("Lorem ipsum dolor") for row in made for cell in row.split(" | ")[1:])

    def test_korean_cells_are_joined_where_a_word_was_cut(self) -> None:
        cells = "[*증상*],[*조치*],[켜지지 않는다],[퓨즈와 극성을 확인하고 다시 켠다],[시동할 때 꺼진다],[배터리를 12 V로 충전한다]"
        assert rows(
            f'#set text(lang: "ko")\n#table(columns: (60pt, 80pt), stroke: .4pt, inset: 4pt, {cells})'
        ) == [
            "증상 | 조치",
            "켜지지 않는다 | 퓨즈와 극성을 확인하고 다시 켠다",
            "시동할 때 꺼진다 | 배터리를 12 V로 충전한다",
        ]

    @pytest.mark.parametrize("cell", ["12,000시간", "HN-7–HN-15", "켜짐/꺼짐", "폭(mm)"])
    def test_ranges_choices_and_units_are_joined_without_a_space(self, cell: str) -> None:
        """The column is 30 points wide: each of them has two lines."""
        table = f"#table(columns: (60pt, 38pt), stroke: .4pt, inset: 4pt, [항목],[값],[줄],[{cell}])"
        prose = "배터리를 다시 충전하기 전에 원인을 찾아야 한다. " * 8
        assert rows(f'#set text(lang: "ko")\n#box(width: 86pt)[{prose}]\n{table}')[1] == f"줄 | {cell}"

    def test_hyphens_of_line_ends_in_cells_are_undone(self) -> None:
        cells = "[*Name*],[*Use*],[thermostatically],[uncharacteristically large],[A],[B]"
        made = rows(
            f'#set text(hyphenate: true, lang: "en")\n#table(columns: (60pt, 60pt), inset: 4pt, {cells})'
        )
        assert made[1] == "thermostatically | uncharacteristically large"

    def test_what_goes_over_rows_and_columns_stands_in_each_row(self) -> None:
        cells = """table.cell(rowspan: 2)[*Type*], table.cell(colspan: 2)[*Current*], [*380 V*],[*460 V*],
          [A],[10 A],[8 A], table.cell(rowspan: 2)[B],[1 A],[2 A],[4 A],[5 A], table.cell(colspan: 3)[Options],[C],[1],[2]"""
        assert rows(f"#table(columns: 3, stroke: .4pt, {cells})") == [
            "Type | Current 380 V | Current 460 V",
            "A | 10 A | 8 A",
            "B | 1 A | 2 A",
            "B | 4 A | 5 A",
            "Options",
            "C | 1 | 2",
        ]

    def test_a_title_ruled_with_its_table_is_no_row(self) -> None:
        units = read(
            "#table(columns: 2, stroke: .4pt, table.cell(colspan: 2)[Weights],[Part],[kg],[Fan],[3])"
        )
        assert [(unit.kind, unit.text) for unit in units] == [
            (UnitKind.PARAGRAPH, "Weights"),
            (UnitKind.TABLE, "Part | kg\nFan | 3"),
        ]

    def test_a_form_keeps_its_empty_columns(self) -> None:
        assert rows("#table(columns: 3, [*Day*],[*On*],[*Off*],[Monday],[],[],[Tuesday],[],[])") == [
            "Day | On | Off",
            "Monday |  | ",
            "Tuesday |  | ",
        ]

    def test_a_table_that_goes_on_overleaf_has_its_header_there(self) -> None:
        cells = ", ".join(f"[E-{number}],[Fault {number}]" for number in range(40))
        tables = read(f"#table(columns: (90pt, 150pt), inset: 8pt, [*Code*],[*Meaning*], {cells})")
        assert [unit.text.split("\n")[0] for unit in tables] == ["Code | Meaning"] * 2
        assert sum(unit.text.count("Fault") for unit in tables) == 40
        assert all(len(unit.boxes) == unit.text.count("\n") + 1 for unit in tables)

    def test_a_table_at_the_edges_of_pages_is_no_running_header(self) -> None:
        """The header stands at the same place of three pages with the same words, and 0 to 9 look like numbers of pages."""
        cells = ", ".join(f"[{number}],[Fault {number}]" for number in range(80))
        header = "table.header([*Code*],[*Meaning*])"
        tables = read(
            f"#set page(margin: 20pt)\n#table(columns: (90pt, 150pt), inset: 8pt, {header}, {cells})"
        )
        texts = [unit.text for unit in tables]
        assert len(texts) >= 3
        assert all(text.startswith("Code | Meaning\n") for text in texts)
        assert [row for text in texts for row in text.split("\n")[1:]] == [
            f"{number} | Fault {number}" for number in range(80)
        ]

    def test_a_table_over_both_columns_of_a_page_parts_no_prose(self) -> None:
        wide = f'#place(top, scope: "parent", float: true, table(columns: 3, stroke: .4pt, {TROUBLES}))'
        units = read(f"#set page(columns: 2)\n#set par(justify: true)\n{wide}\n#lorem(120)")
        assert units[0].text.split("\n") == ROWS
        assert " ".join(unit.text for unit in units[1:]).startswith("Lorem ipsum dolor sit amet, consectetur")

    def test_a_table_on_a_turned_page_is_read(self) -> None:
        made = f"#table(columns: (90pt, 90pt, 110pt), stroke: .4pt, {TROUBLES})"
        assert rows(f"#rotate(-90deg, reflow: true)[{made}]") == ROWS

    def test_text_in_a_frame_is_no_table(self) -> None:
        assert kinds("#rect(width: 100%)[#lorem(30)]\n#rect(width: 100%)[#lorem(30)]") == {UnitKind.PARAGRAPH}

    def test_columns_of_prose_in_a_frame_stay_prose(self) -> None:
        assert kinds(
            "#grid(columns: (1fr, 1fr), stroke: .4pt, inset: 6pt, [News], [More], lorem(130), lorem(130))"
        ) == {UnitKind.PARAGRAPH}

    def test_columns_of_prose_with_a_line_between_them_stay_prose(self) -> None:
        stroke = "stroke: (x, _) => if x == 0 { (right: .4pt) }"
        assert kinds(f"#grid(columns: (1fr, 1fr), {stroke}, inset: 6pt, lorem(110), lorem(110))") == {
            UnitKind.PARAGRAPH
        }

    def test_short_columns_under_each_heading_stay_prose(self) -> None:
        parts = "\n".join(
            f"= Part\n#grid(columns: (1fr, 1fr), column-gutter: 14pt, lorem({words}), lorem({words - 3}))"
            for words in (40, 41, 44)
        )
        assert UnitKind.TABLE not in kinds(f"#set par(justify: true)\n{parts}")

    def test_a_row_is_marked_where_it_stands(self) -> None:
        table = read(f"#table(columns: (90pt, 90pt, 110pt), stroke: .4pt, inset: 5pt, {TROUBLES})")[0]
        assert len(table.boxes) == 4
        tops, bottoms = [box.top for box in table.boxes], [box.bottom for box in table.boxes]
        assert all(box.left == pytest.approx(55, abs=1) for box in table.boxes)  # 50 of margin and 5
        assert all(above < below for above, below in zip(bottoms, tops[1:], strict=False))
        assert bottoms[1] - tops[1] > 2 * (bottoms[0] - tops[0])  # three lines

    def test_the_same_bytes_are_the_same_document(self) -> None:
        content = pdf_of(f"#table(columns: (90pt, 90pt, 110pt), stroke: .4pt, {TROUBLES})")
        assert read_document(content) == read_document(content)
