"""Passages are cut at headings, lists and pages, and bear the headings they stand under."""

from kis.assistant.reading import passages_of, read_document
from kis.assistant.things import Box, DocumentState, Passage, ReadDocument, Unit, UnitKind
from tests.factories.maker_manuals import long_pdf, manual_pdf


def heading(text: str, level: int) -> Unit:
    return Unit(kind=UnitKind.HEADING, text=text, page=1, level=level)


def paragraph(text: str, page: int = 1) -> Unit:
    return Unit(kind=UnitKind.PARAGRAPH, text=text, page=page)


def cut(*units: Unit) -> tuple[Passage, ...]:
    state = DocumentState.READY
    return passages_of(
        ReadDocument(sha256="0", parser_version="1", state=state, media_type="application/pdf", units=units)
    )


def test_a_passage_bears_its_headings_the_outermost_first() -> None:
    passages = cut(
        heading("2 Mounting", 1),
        heading("2.1 Torque", 2),
        paragraph("12 N·m."),
        heading("3 Use", 1),
        paragraph("On."),
    )
    assert [(one.title_path, one.text) for one in passages] == [
        (("2 Mounting", "2.1 Torque"), "12 N·m."),
        (("3 Use",), "On."),
    ]


def test_no_passage_goes_over_a_page() -> None:
    assert [one.page for one in cut(paragraph("one", 1), paragraph("two", 2))] == [1, 2]


def test_short_paragraphs_are_put_together_until_there_is_enough() -> None:
    passages = cut(*(paragraph("x" * 200) for _ in range(4)))
    assert [len(one.text) for one in passages] == [401, 401]  # 200 and 200 with an end of line; 400 is enough


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    passages = cut(paragraph(" ".join(f"Sentence {number:03} is here." for number in range(80))))
    assert all(len(one.text) <= 900 and one.text.endswith("here.") for one in passages)
    assert "".join(one.text for one in passages).count("Sentence") == 80


def test_long_code_is_cut_between_its_lines() -> None:
    lines = [f"say -n {number:03}. # Sentence. Another one" for number in range(60)]
    passages = cut(paragraph("\n".join(lines)))
    assert len(passages) > 1
    assert [one for passage in passages for one in passage.text.split("\n")] == lines


def test_a_list_stands_with_what_leads_into_it() -> None:
    passages = cut(
        paragraph("y" * 280 + ". Do this:"), Unit(kind=UnitKind.LIST, text="1. Open.\n2. Close.", page=1)
    )
    assert len(passages) == 1


def test_each_part_of_a_long_table_has_the_header_and_its_own_boxes() -> None:
    rows = ["Type | Torque", *(f"KX-{number} | {number} N·m" for number in range(30))]
    boxes = tuple(Box(0, at, 100, at + 1) for at in range(31))
    passages = cut(Unit(kind=UnitKind.TABLE, text="\n".join(rows), page=1, boxes=boxes))
    assert [one.text.splitlines()[0] for one in passages] == ["Type | Torque"] * 3  # of 12, 12 and 6 rows
    assert passages[2].text.splitlines()[1:] == rows[25:]
    assert passages[2].boxes == (boxes[0], *boxes[25:])


def test_a_row_too_long_for_a_passage_keeps_the_box_it_has() -> None:
    long = "word " * 240  # 1,200 characters
    rows = ["Type | Use", "KX-1 | short", f"KX-2 | {long}".strip(), "KX-3 | short"]
    boxes = tuple(Box(0, at, 100, at + 1) for at in range(4))
    passages = cut(Unit(kind=UnitKind.TABLE, text="\n".join(rows), page=1, boxes=boxes))
    assert [one.boxes for one in passages] == [
        boxes[:2],
        (boxes[0], boxes[2]),
        (boxes[0], *boxes[2:]),
    ]
    assert all(one.text.startswith("Type | Use\n") for one in passages)
    assert "".join(one.text for one in passages).count("word") == 240


def test_a_header_taken_over_from_the_page_before_is_not_marked() -> None:
    rows = ["Type | Torque", *(f"KX-{number} | {number} N·m" for number in range(20))]
    places = tuple(Box(0, at, 100, at + 1) for at in range(20))
    passages = cut(Unit(kind=UnitKind.TABLE, text="\n".join(rows), page=1, boxes=(places[0], *places)))
    assert [one.boxes for one in passages] == [places[:12], places[12:]]


def test_a_table_that_goes_on_from_the_page_before_has_no_header_to_repeat() -> None:
    rows = [f"F-{number} | Fault {number}" for number in range(20)]
    passages = cut(Unit(kind=UnitKind.TABLE, text="\n".join(rows), page=1))
    assert "\n".join(one.text for one in passages).splitlines() == rows


def test_numbers_count_through_a_real_manual() -> None:
    for content in (manual_pdf(), manual_pdf("ko"), long_pdf(20)):
        passages = passages_of(read_document(content))
        assert [one.number for one in passages] == list(range(len(passages)))
        assert all(one.text and len(one.text) <= 1000 for one in passages)
