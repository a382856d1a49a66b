"""Long texts are cut where a reader would, and nothing of them is lost."""

from kis.search.vectors.parts import MOST_PARTS, PART_CHARACTERS, TITLE_CHARACTERS, parts_of

TITLE = "차단기 용량 선정"


def paragraph(letter: str, length: int) -> str:
    return letter * length


class TestPartsOf:
    def test_leaves_a_short_text_whole(self) -> None:
        assert parts_of(TITLE, "첫 문단.\n\n둘째 문단.") == [f"{TITLE}\n\n첫 문단.\n둘째 문단."]

    def test_gives_one_part_to_a_title_alone(self) -> None:
        assert parts_of(TITLE, "  \n\n ") == [TITLE]

    def test_puts_paragraphs_together_while_they_fit(self) -> None:
        # 400 + 1 + 500 = 901 fit, 901 + 1 + 200 = 1102 do not.
        text = "\n\n".join([paragraph("a", 400), paragraph("b", 500), paragraph("c", 200)])

        first, second = parts_of(TITLE, text)

        assert first == f"{TITLE}\n\n{paragraph('a', 400)}\n{paragraph('b', 500)}"
        assert second == f"{TITLE}\n\n{paragraph('c', 200)}"

    def test_names_the_title_in_each_part(self) -> None:
        text = "\n\n".join(paragraph(letter, 900) for letter in "abc")

        assert [part.partition("\n\n")[0] for part in parts_of(TITLE, text)] == [TITLE] * 3

    def test_cuts_a_long_paragraph_after_a_sentence(self) -> None:
        sentences = [f"{paragraph(letter, 698)}." for letter in "abc"]

        parts = parts_of("", " ".join(sentences))

        assert parts == sentences

    def test_cuts_where_a_line_ends_rather_than_a_sentence(self) -> None:
        text = f"{paragraph('a', 600)}\n{paragraph('b', 200)}. {paragraph('c', 400)}"

        assert parts_of("", text)[0] == paragraph("a", 600)

    def test_cuts_between_words_and_in_the_end_anywhere(self) -> None:
        words = f"{paragraph('a', 600)} {paragraph('b', 600)}"
        assert parts_of("", words) == [paragraph("a", 600), paragraph("b", 600)]

        assert parts_of("", paragraph("가", 2500)) == [
            paragraph("가", PART_CHARACTERS),
            paragraph("가", PART_CHARACTERS),
            paragraph("가", 500),
        ]

    def test_loses_nothing(self) -> None:
        text = "\n\n".join(f"문단 {number}: {'말 ' * (number * 37 % 900)}" for number in range(60))

        joined = "".join("".join(parts_of("", text)).split())

        assert joined == "".join(text.split())

    def test_keeps_parts_and_their_number_within_bounds(self) -> None:
        parts = parts_of("제목" * 500, paragraph("가", PART_CHARACTERS * (MOST_PARTS + 5)))

        assert len(parts) == MOST_PARTS
        assert all(len(part) <= TITLE_CHARACTERS + 2 + PART_CHARACTERS for part in parts)
