"""PDF manuals become what their writer set: headings, paragraphs, lists and tables, in reading order, with their places."""

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest

from kis.assistant.reading import joined, read_document, read_pages
from kis.assistant.reading.blocks import Block
from kis.assistant.reading.lines import Line, is_bold_name, is_fixed_name
from kis.assistant.things import DocumentState, ReadDocument, UnitKind
from kis.search import Language
from tests.factories.maker_manuals import (
    blank_pdf,
    damaged_pdf,
    encrypted_pdf,
    long_pdf,
    manual_pdf,
    scanned_pdf,
)
from tests.factories.set_pages import read, typed_pdf


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
        assert [text[:16] for text in texts] == [
            "Push the lever u",
            "Push the lever d",
            "After a trip the",
            "Test the trip on",
        ]
        assert texts[1].endswith("when the contacts are open.")

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

    def test_text_at_the_edge_of_a_page_is_kept_though_some_pages_begin_alike(self) -> None:
        """Three pages begin with the same word, as high as the others do with other words."""
        begun = ["Example", "Air", "Brake", "Example", "Cable", "Door", "Earth", "Fuse", "Gear", "Example"]
        begun += ["Hub", "Inlet", "Joint", "Key"]
        units = read("\n#pagebreak()\n".join(f"{word}\n\n#v(40pt) Body." for word in begun))
        assert [unit.text for unit in units if unit.text != "Body."] == begun

    def test_headings_with_which_pages_begin_are_no_running_lines(self) -> None:
        """Their numbers stand apart, and are the same line on every page, figures aside."""
        names = ["Air", "Brake", "Cable", "Door", "Earth", "Fuse"]
        pages = [f"*{place}.1#h(20pt){name}*\n\n#v(40pt) Body." for place, name in enumerate(names, 1)]
        units = read("\n#pagebreak()\n".join(pages))
        titles = [f"{place}.1 {name}" for place, name in enumerate(names, 1)]
        assert [unit.text for unit in units if unit.text != "Body."] == titles

    def test_what_stands_beside_a_running_line_runs_though_it_changes(self) -> None:
        names = ["Air", "Brake", "Cable", "Door", "Earth", "Fuse"]
        head = (
            '#set page(header: context [KX Series #h(1fr) #("'
            + '", "'.join(names)
            + '").at(here().page() - 1)])\n'
        )
        units = read(head + "\n#pagebreak()\n".join(["#v(60pt) Body."] * 6))
        assert {unit.text for unit in units} == {"Body."}

    def test_signs_without_letters_do_not_move_the_places_of_what_follows(self) -> None:
        """PDFium counts a control character and leaves it out of its text: each word behind it would have the place of another."""
        units = read_document(
            typed_pdf("\u0096", ["Turn it down.", "\\001\\001", "Wait for the red lamp."])
        ).units
        assert [unit.text for unit in units] == ["Turn it down.", "Wait for the red lamp."]

    def test_letters_of_formulas_are_whole(self) -> None:
        """PDFium gives each in two halves, which no file nor answer may hold."""
        (unit,) = read("Take $x$ of the next table.")
        assert unit.text == "Take \U0001d465 of the next table."

    def test_half_a_letter_is_left_out(self) -> None:
        (unit,) = read_document(typed_pdf("\ud835", ["Turn \\001it down.", "\\001"])).units
        assert unit.text == "Turn it down."

    def test_a_title_that_is_no_text_is_none(self) -> None:
        document = read_document(typed_pdf("-", ["Turn it down."], title=b"\xfe\xff\xd8\x35"))
        assert (document.state, document.title) == (DocumentState.READY, "")

    def test_lines_of_code_are_one_paragraph_line_by_line(self) -> None:
        code = "```\napt update\napt install mend\n\n1: start\n- stop the drive\n```"
        for weight in ("regular", "bold"):
            show = f'#show raw: set text(weight: "{weight}")'
            units = read(f"{show}\nThen run, for example,\n#pad(left: 12pt)[\n{code}\n]\nwhich restarts it.")
            assert [(unit.kind, unit.text) for unit in units] == [
                (UnitKind.PARAGRAPH, "Then run, for example,"),
                (UnitKind.PARAGRAPH, "apt update\napt install mend\n1: start\n- stop the drive"),
                (UnitKind.PARAGRAPH, "which restarts it."),
            ]

    def test_columns_in_code_are_no_table(self) -> None:
        code = '#set text(font: "DejaVu Sans Mono", size: 9pt)'
        cells = "[PID],[TTY],[TIME],[101],[tty1],[00:01],[102],[tty2],[00:02]"
        units = read(
            f"Here they are:\n\n#[{code}\n#grid(columns: (60pt, 60pt, 60pt), row-gutter: 4pt, {cells})]"
        )
        assert [unit.text for unit in units] == [
            "Here they are:",
            "PID TTY TIME\n101 tty1 00:01\n102 tty2 00:02",
        ]

    def test_a_page_typed_in_one_width_is_prose(self) -> None:
        units = read(
            '#set text(font: "DejaVu Sans Mono", size: 9pt)\n1. Close the valve.\n\n2. Drain the tank.'
        )
        assert [(unit.kind, unit.text) for unit in units] == [
            (UnitKind.LIST, "1. Close the valve.\n2. Drain the tank.")
        ]

    def test_prose_that_is_all_bold_has_no_headings(self) -> None:
        lines = [f"Turn the lever of pump {name} down and wait for a while," for name in "ABCDEFGHIJ"]
        units = read(
            '#set text(font: "Libertinus Serif", weight: "bold")\n#set par(spacing: 2em)\n'
            + "\n\n".join(lines)
            + "\n\nShort one"
        )
        assert {unit.kind for unit in units} == {UnitKind.PARAGRAPH}

    @pytest.mark.parametrize(
        "look",
        ["spacing: .95em, leading: .65em", "spacing: .65em, leading: .65em, first-line-indent: 1.5em"],
        ids=["by a gap", "by the first line"],
    )
    def test_paragraphs_that_stand_close_are_told_apart(self, look: str) -> None:
        text = "Open the cover of the drive and look whether the belt is worn, torn or too loose. Then turn the wheel twice by hand and listen to it."
        texts = [f"{number} {text}" for number in ("First.", "Next.", "Last.")]
        units = read(f"#set par({look})\n= Belt\n" + "\n\n".join(texts))
        assert [unit.text for unit in units] == ["Belt", *texts]

    def test_a_line_after_a_divided_word_begins_no_paragraph(self) -> None:
        """PDFium gives the whole word to the line above, so that the line begins farther to the right."""
        (unit,) = read(
            '#set text(hyphenate: true, lang: "en")\n#box(width: 90pt)[An uncharacteristically thermostatically controlled oven]'
        )
        assert unit.text == "An uncharacteristically thermostatically controlled oven"

    def test_a_dash_within_a_sentence_begins_no_item(self) -> None:
        first = "The drive stops where the lever was put down by hand"
        (unit,) = read(f"{first} \\\n\\– do not worry about that – and starts again.")
        assert unit.text == f"{first} – do not worry about that – and starts again."

    @pytest.mark.parametrize("sign", ["\u0088", "\uf0b7", "➢", "▸", "-"])
    def test_signs_of_lists_are_known(self, sign: str) -> None:
        units = read_document(
            typed_pdf(sign, ["Do this:", "", "\\001 Open the cover.", "\\001 Close it again."])
        ).units
        mark = sign if sign in "➢▸-" else "•"
        assert [(unit.kind, unit.text) for unit in units] == [
            (UnitKind.PARAGRAPH, "Do this:"),
            (UnitKind.LIST, f"{mark} Open the cover.\n{mark} Close it again."),
        ]

    def test_a_sign_that_begins_a_word_is_no_mark_of_an_item(self) -> None:
        (unit,) = read_document(typed_pdf("\uf0b7", ["\\001pen the cover."])).units
        assert (unit.kind, unit.text) == (UnitKind.PARAGRAPH, "\uf0b7pen the cover.")

    def test_one_large_letter_is_no_heading(self) -> None:
        units = read("#text(30pt)[B]\n\nBolts hold it.")
        assert [unit.kind for unit in units] == [UnitKind.PARAGRAPH] * 2

    def test_a_bold_word_makes_no_heading_of_its_line(self) -> None:
        (unit,) = read('#text(font: "Libertinus Serif")[*Danger* of fire]')
        assert unit.kind is UnitKind.PARAGRAPH

    def test_a_raised_figure_makes_no_heading(self) -> None:
        low = Line("Never open the cover while the drive is running:", 50, 100, 300, 110, *(False,) * 3, 10.0)
        high = Line("see 8", 50, 112, 80, 124, *(False,) * 3, 11.5)
        assert Block(UnitKind.PARAGRAPH, 1, [low, high]).height == 10.0

    def test_the_word_over_a_remark_is_no_heading_but_leads_it(self) -> None:
        note = "#text(14pt)[*Note*]\n\n"
        units = read(
            f"= Belt\nIt turns.\n\n{note}The belt wears out.\n\n{note}It is made of rubber.\n\n#text(14pt)[*Caution*]\n\nHot."
        )
        assert [(unit.kind, unit.text) for unit in units] == [
            (UnitKind.HEADING, "Belt"),
            (UnitKind.PARAGRAPH, "It turns."),
            (UnitKind.PARAGRAPH, "Note: The belt wears out."),
            (UnitKind.PARAGRAPH, "Note: It is made of rubber."),
            (UnitKind.HEADING, "Caution"),  # a chapter: remarks recur
            (UnitKind.PARAGRAPH, "Hot."),
        ]
        assert len(units[2].boxes) == 2

    def test_a_remark_without_text_below_it_stays_as_it_is(self) -> None:
        """A list, code and another page do not take it in, nor does the end of the manual."""
        note, code = "#text(14pt)[*Note:*]\n\n", "#pad(left: 12pt)[\n```\nstop all\nrun one\n```\n]\n"
        units = read(
            f"{note}It turns.\n\n{note}- Open it.\n- Close it.\n\n{note}{code}\n{note}#pagebreak()\nTurn it.\n\n{note}"
        )
        assert [(unit.kind, unit.text) for unit in units] == [
            (UnitKind.PARAGRAPH, "Note: It turns."),
            (UnitKind.PARAGRAPH, "Note:"),
            (UnitKind.LIST, "• Open it.\n• Close it."),
            (UnitKind.PARAGRAPH, "Note:"),
            (UnitKind.PARAGRAPH, "stop all\nrun one"),
            (UnitKind.PARAGRAPH, "Note:"),
            (UnitKind.PARAGRAPH, "Turn it."),
            (UnitKind.PARAGRAPH, "Note:"),
        ]

    @pytest.mark.parametrize("titles", ["A simple case|I cannot start it", "A Simple Case|I Cannot Start It"])
    def test_a_word_of_one_letter_is_no_number_of_a_heading(self, titles: str) -> None:
        levels = [
            "= Manual",
            "== Using it",
            *(f"=== {title}" for title in titles.split("|")),
            "=== Stops",
            "=== Runs",
        ]
        units = read("\n".join(f"{title}\nIt turns." for title in levels))
        assert [unit.level for unit in units if unit.kind is UnitKind.HEADING] == [1, 2, 3, 3, 3, 3]

    def test_letters_of_appendices_are_numbers(self) -> None:
        units = read("= 1 Use\nIt turns.\n== A.1 Belts\nThin.\n== B Wheels\nRound.\n== C.2.1 Bolts\nShort.")
        assert [unit.level for unit in units if unit.kind is UnitKind.HEADING] == [1, 2, 1, 3]

    def test_few_numbers_tell_no_level_of_the_headings_that_have_none(self) -> None:
        parts = [
            f"#text(16pt)[{title}]\n\nIt turns the wheel of the drive."
            for title in ("Belt", "Wheel", "1.2.3 Door")
        ]
        units = read("#text(24pt)[Manual]\n\n" + "\n\n".join(parts))
        assert [unit.level for unit in units if unit.kind is UnitKind.HEADING] == [1, 2, 2, 3]

    def test_a_heading_without_a_number_stands_over_smaller_ones_that_have_one(self) -> None:
        units = read(
            "#text(30pt)[7 x]\n\n#text(24pt)[Belt drive]\n\nTurns.\n\n#text(16pt)[1.1 Wear]\n\nIt wears out."
        )
        assert [unit.level for unit in units if unit.kind is UnitKind.HEADING] == [1, 1, 2]

    def test_words_that_begin_a_sentence_are_put_together_as_well(self) -> None:
        units = read(
            '#set text(hyphenate: true, lang: "en")\nIt runs thermostatically here.\n\n#box(width: 62pt)[Thermostatically controlled]'
        )
        assert units[-1].text.endswith("Thermostatically controlled")

    def test_the_mark_of_a_footnote_stands_with_the_line_it_belongs_to(self) -> None:
        """Both are raised so far that they stand between the lines."""
        mark = "#h(2pt)#box(move(dy: -6pt, text(6pt)[7]))"
        units = read(
            f"Never open the cover while the drive is running and \\\nalways wait until it is still.{mark}"
            f"\n\n#v(60pt)#box(move(dy: -6pt, text(6pt)[7]))#h(2pt)This takes ten seconds."
        )
        assert [unit.text for unit in units] == [
            "Never open the cover while the drive is running and always wait until it is still. 7",
            "7 This takes ten seconds.",
        ]

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

    def test_a_sentence_with_names_in_other_fonts_is_one_paragraph(self) -> None:
        code = '#text(font: "DejaVu Sans Mono", size: 9pt)'
        sentence = f"{code}[strncmp] compares the first letters of both names, and {code}[strcmpi] all of them without regard to case; both give back one"
        (unit,) = read(f"#box(width: 170pt)[{sentence} where they are equal.]")
        assert unit.text == (
            "strncmp compares the first letters of both names, and strcmpi all of them without regard to case; "
            "both give back one where they are equal."
        )

    def test_the_end_of_a_korean_sentence_on_a_new_line_is_no_item_of_a_list(self) -> None:
        (unit,) = read(
            '#set text(lang: "ko")\n노트북을 도난당했을 때 안에 있는 자료를 보호하려는 목적으로 씁니 \\\n'
            "다. 올바른 암호를 모르면 자료는 임의의 문자로 보입니다."
        )
        assert (unit.kind, unit.text) == (
            UnitKind.PARAGRAPH,
            "노트북을 도난당했을 때 안에 있는 자료를 보호하려는 목적으로 씁니다. 올바른 암호를 모르면 자료는 임의의 문자로 보입니다.",
        )

    def test_lettered_items_under_a_full_line_stay_items(self) -> None:
        lead = "아래 두 항목을 모두 마친 다음에만 주 차단기를 다시 올릴 수 있으며 순서는 다음과 같습니다:"
        assert [unit.kind for unit in read(f"{lead}\n\n가. 부하를 모두 끕니다.\n\n나. 절연을 잽니다.")] == [
            UnitKind.PARAGRAPH,
            UnitKind.LIST,
        ]

    @pytest.mark.parametrize(
        ("font", "is_bold"),
        [
            ("ABCDEF+CMBX12", True),
            ("CMSSBX10", True),
            ("SFBX1000", True),
            ("NimbusRomNo9L-Medi", True),
            ("NotoSansCJKkr-Bold", True),
            ("CMR10", False),
            ("CMBSY10", False),
            ("Roboto-Medium", False),
        ],
    )
    def test_bold_fonts_are_known_by_their_names(self, font: str, *, is_bold: bool) -> None:
        assert is_bold_name(font) is is_bold

    @pytest.mark.parametrize(
        ("font", "is_fixed"),
        [
            ("ABCDEF+CMTT10", True),
            ("CMSLTT10", True),
            ("LMMonoLt10-Regular", True),
            ("MonotypeCorsiva", False),
            ("Courier", True),
            ("NanumGothicCoding", True),
            ("CMR10", False),
            ("Times-Roman", False),
        ],
    )
    def test_fonts_of_one_width_are_known_by_their_names(self, font: str, *, is_fixed: bool) -> None:
        assert is_fixed_name(font) is is_fixed


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
