"""How an article looks in Word: lists that count for themselves, tables within the page, documents of a sensible size."""

import io
from datetime import UTC, datetime
from typing import Any

import docx
import pytest

from kis.knowledge.exporting.blocks import Span, Spans
from kis.knowledge.exporting.things import Item
from kis.knowledge.exporting.word import docx_file
from kis.knowledge.exporting.word_look import FAMILY, NARROWEST_MM, TEXT_WIDTH_MM, widths_mm
from kis.knowledge.texts import Text, TextState, Words
from kis.search import Language

MOST_BYTES = 120_000
LISTS = "1. 하나\n2. 둘\n\n가운데\n\n3. 셋\n4. 넷\n\n- 점\n"
TABLE = "| 열 | 값 |\n| --- | --- |\n| 가 | 나 |\n\n다음 문단\n"


def written(body: str) -> Any:
    """Return the document of an article, opened again."""
    text = Text(words=Words(title="제목", body=body), state=TextState.CURRENT)
    item = Item(
        slug="a",
        category=None,
        shared={},
        texts={Language.KO: text},
        saved_at=datetime(2026, 11, 20, tzinfo=UTC),
        pictures={},
    )
    data = docx_file(item, Language.KO)
    assert len(data) < MOST_BYTES
    return docx.Document(io.BytesIO(data))


def cells(*words: str) -> list[Spans]:
    return [(Span(text=one),) for one in words]


class TestLists:
    def test_each_counts_from_where_it_begins(self) -> None:
        document = written(LISTS)
        counted = {
            paragraph.text: paragraph._p.pPr.numPr.numId.val
            for paragraph in document.paragraphs
            if paragraph._p.pPr is not None and paragraph._p.pPr.numPr is not None
        }
        assert set(counted) == {"하나", "둘", "셋", "넷"}
        assert counted["하나"] == counted["둘"] != counted["셋"] == counted["넷"]
        numbering = document.part.numbering_part.element
        starts = [
            numbering.num_having_numId(counted[word]).lvlOverride_lst[0].startOverride.val
            for word in ("하나", "셋")
        ]
        assert starts == [1, 3]


class TestTables:
    def test_have_a_head_that_comes_again_and_room_below(self) -> None:
        document = written(TABLE)
        (table,) = document.tables
        assert [row._tr.xpath("count(w:trPr/w:tblHeader)") for row in table.rows] == [1.0, 0.0]
        after = next(paragraph for paragraph in document.paragraphs if paragraph.text == "다음 문단")
        assert after.paragraph_format.space_before > 0

    def test_keep_the_order_of_the_schema(self) -> None:
        """ECMA-376, 17.4.59: Word does not open a document whose properties of a table stand in another order."""
        (table,) = written(TABLE).tables
        names = [child.tag.rpartition("}")[2] for child in table._tbl.tblPr]
        order = ["tblStyle", "tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
        assert names == order

    @pytest.mark.parametrize(
        "rows",
        [
            [cells("짧음", "가" * 200), cells("가" * 90, "나" * 90)],
            [cells(*["긴 낱말 여럿이 있는 칸이다" * 3] * 6)],
            [cells(*["가"] * 9)],
        ],
    )
    def test_fit_between_the_margins(self, rows: list[list[Spans]]) -> None:
        widths = widths_mm(rows)
        assert sum(widths) <= TEXT_WIDTH_MM + 0.01
        assert min(widths) >= NARROWEST_MM

    def test_a_short_column_is_not_divided_for_a_long_one(self) -> None:
        """정격 전류 are 9 half letters and 4.5 mm of padding: 9 × 1.95 + 4.5 = 22.05 mm."""
        short, long = widths_mm([cells("정격 전류", "가" * 200)])
        assert short == pytest.approx(22.05)
        assert long == pytest.approx(TEXT_WIDTH_MM - 22.05)


class TestLetters:
    def test_are_of_one_family_whatever_the_script(self) -> None:
        styles = written("# 제목\n\n글\n").styles
        for name in ("Normal", "Heading 1", "Heading 2"):
            fonts = styles[name].element.rPr.rFonts
            assert {value for key, value in fonts.attrib.items()} == {FAMILY}, name
