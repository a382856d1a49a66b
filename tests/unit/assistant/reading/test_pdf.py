"""PDF manuals become what their writer set: headings, paragraphs, lists and tables, in reading order, with their places."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest

from kis.assistant.reading import joined, read_document, read_pages
from kis.assistant.things import DocumentState, ReadDocument, Unit, UnitKind
from kis.search import Language
from tests.factories.maker_manuals import (
    FONTS,
    blank_pdf,
    damaged_pdf,
    encrypted_pdf,
    long_pdf,
    manual_pdf,
    scanned_pdf,
)


@cache
def pdf_of(source: str) -> bytes:
    """Set Typst text on pages of 400 by 600 points, 50 points of margin."""
    import typst

    head = '#set page(width: 400pt, height: 600pt, margin: 50pt)\n#set text(font: "NanumBarunGothic", size: 10pt)\n'
    with TemporaryDirectory() as folder:
        file = Path(folder) / "page.typ"
        file.write_text(head + source, encoding="utf-8")
        return bytes(typst.compile(file, font_paths=[FONTS], ignore_system_fonts=True))


def read(source: str) -> list[Unit]:
    return list(read_document(pdf_of(source)).units)


def told(document: ReadDocument, page: int) -> list[tuple[str, str]]:
    return [(unit.kind.value, unit.text) for unit in document.units if unit.page == page]


class TestUnits:
    def test_headings_paragraphs_lists_and_tables_are_told_apart(self) -> None:
        assert told(read_document(manual_pdf("en")), 1) == [
            ("heading", "1 Safety"),
            (
                "paragraph",
                "Read this manual before you work on the switch. Work only on a switch that is without voltage.",
            ),
            (
                "list",
                "• Disconnect the supply and lock it.\n• Wait five minutes before you open the cover.\n• Wear gloves of class 0.",
            ),
            ("heading", "2 Mounting"),
            ("heading", "2.1 Fastening torque"),
            (
                "paragraph",
                "Tighten the main terminals with 12 N·m. Tighten the auxiliary terminals with 0.8 N·m.",
            ),
            (
                "table",
                "Type | Rated current | Torque\nKX-100 | 100 A | 6 N·m\nKX-250 | 250 A | 12 N·m\nKX-400 | 400 A | 24 N·m",
            ),
            ("heading", "2.2 Distances"),
            ("paragraph", "Keep 50 mm of free space above the arc chute."),
        ]

    def test_korean_is_read_as_well(self) -> None:
        document = read_document(manual_pdf("ko"))
        assert document.language is Language.KO
        assert told(document, 3) == [
            ("heading", "4 유지 보수"),
            (
                "list",
                "1. 마른 천으로 절연물을 닦으십시오.\n2. 접촉 저항을 측정하십시오. 80 µΩ보다 작아야 합니다.\n3. 10,000회 조작한 뒤에는 차단기를 교체하십시오.",
            ),
        ]

    def test_levels_follow_the_numbers_of_headings(self) -> None:
        headings = [unit for unit in read_document(manual_pdf()).units if unit.kind is UnitKind.HEADING]
        assert [unit.level for unit in headings] == [1, 1, 2, 2, 1, 1]

    def test_left_column_is_read_before_the_right_one(self) -> None:
        texts = [text for kind, text in told(read_document(manual_pdf()), 2) if kind == "paragraph"]
        assert [text[:16] for text in texts] == ["Push the lever u", "After a trip the"]
        assert texts[0].endswith("when the contacts are open.")

    def test_columns_written_line_by_line_are_read_column_by_column(self) -> None:
        left = [f"left line {number} fills its side" for number in range(8)]
        right = [f"right line {number} fills it too" for number in range(8)]
        cells = "".join(f"[{one}], [{other}]," for one, other in zip(left, right, strict=True))
        text = " ".join(
            unit.text for unit in read(f"#grid(columns: (150pt, 150pt), row-gutter: 6pt, {cells})")
        )
        assert text.index("left line 7") < text.index("right line 0")

    def test_running_headers_footers_and_page_numbers_are_left_out(self) -> None:
        text = "\n".join(unit.text for unit in read_document(manual_pdf()).units)
        assert "Instruction Manual" not in text
        assert "KIS Test Works" not in text

    def test_a_table_of_contents_is_left_out(self) -> None:
        units = read("#outline()\n#pagebreak()\n= First things\nBody.\n= Second things\nMore body.")
        assert [unit.text for unit in units if unit.page == 1] == []

    def test_words_divided_at_the_end_of_a_line_are_put_together(self) -> None:
        units = read(
            '#set text(hyphenate: true, lang: "en")\n#box(width: 60pt)[An uncharacteristically long word]'
        )
        assert "uncharacteristically" in " ".join(unit.text for unit in units)

    def test_korean_words_divided_at_the_end_of_a_line_are_put_together(self) -> None:
        units = read('#set text(lang: "ko")\n#box(width: 86pt)[차단기를 다시 올리기 전에 원인을 찾아야 한다]')
        assert units[0].text == "차단기를 다시 올리기 전에 원인을 찾아야 한다"


class TestPlaces:
    def test_a_line_stands_where_it_was_set(self) -> None:
        units = read("#place(top + left, dx: 30pt, dy: 100pt)[Torque]")
        box = units[0].boxes[0]
        assert box.left == pytest.approx(80, abs=2)  # 50 of margin and 30
        assert 146 <= box.top <= 152  # 50 of margin and 100, up to the height of the capital letters
        assert box.bottom - box.top == pytest.approx(10, abs=2)

    def test_each_line_has_a_box(self) -> None:
        paragraph = next(
            unit for unit in read_document(manual_pdf()).units if unit.page == 2 and unit.boxes[1:]
        )
        assert all(box.left == pytest.approx(60, abs=1) for box in paragraph.boxes)

    @pytest.mark.parametrize("rotation", [90, 180, 270])
    def test_places_are_those_of_the_page_as_it_is_shown(self, rotation: int) -> None:
        upright = read_document(manual_pdf())
        document = pypdfium2.PdfDocument(manual_pdf())
        for page in document:
            page.set_rotation(rotation)
        rotated = read_document(saved(document))
        assert [unit.text for unit in rotated.units] == [unit.text for unit in upright.units]
        before, after = upright.units[1].boxes[0], rotated.units[1].boxes[0]
        # Of a page of 595 by 842, turned clockwise.
        turned = {
            90: (842 - before.bottom, before.left, 842 - before.top, before.right),
            180: (595 - before.right, 842 - before.bottom, 595 - before.left, 842 - before.top),
            270: (before.top, 595 - before.right, before.bottom, 595 - before.left),
        }[rotation]
        assert list(rotated.page_sizes[0]) == ([595, 842] if rotation == 180 else [842, 595])
        assert (after.left, after.top, after.right, after.bottom) == pytest.approx(turned, abs=0.3)


def saved(document: pypdfium2.PdfDocument) -> bytes:
    import io

    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


class TestStates:
    @pytest.mark.parametrize(
        ("content", "state"),
        [
            (b"", DocumentState.EMPTY),
            (b"%PDF-1.7\nnothing", DocumentState.DAMAGED),
            (b"\x00\x01\x02", DocumentState.UNSUPPORTED),
        ],
    )
    def test_what_is_no_manual_has_a_state(self, content: bytes, state: DocumentState) -> None:
        assert read_document(content).state is state

    def test_bad_manuals_have_states(self) -> None:
        made = (scanned_pdf(), blank_pdf(), encrypted_pdf(), damaged_pdf())
        states = [read_document(content, "application/pdf").state.value for content in made]
        assert states == ["scanned", "empty", "encrypted", "damaged"]

    def test_what_is_given_as_pdf_and_is_none_is_damaged(self) -> None:
        assert read_document(b"no mark", "application/pdf").state is DocumentState.DAMAGED

    def test_every_beginning_of_a_manual_is_read_without_an_exception(self) -> None:
        content = manual_pdf()
        for end in range(0, len(content), max(len(content) // 40, 1)):
            assert read_document(content[:end], "application/pdf").state in DocumentState


class TestParts:
    def test_parts_read_by_several_make_the_document_that_one_reads(self) -> None:
        content = long_pdf(30)
        parts = [read_pages(content, 1, 15), read_pages(content, 16, 30)]
        assert joined(content, parts).units == read_document(content).units

    def test_pages_beyond_the_end_are_none(self) -> None:
        assert read_pages(manual_pdf(), 4, 9).pages == ()
