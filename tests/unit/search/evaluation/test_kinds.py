import random

import pytest

from kis.platform.keyboard.layout import to_hangul, to_latin
from kis.search.evaluation.kinds import Kind, Slip, asked, neighbours, one_slip, slipped, without_spaces
from kis.search.evaluation.sets import Passage, Question
from kis.search.things import Language

PASSAGE = Passage(id="p", title="차단기", text="차단기의 정격을 본다. 부하의 종류.", language=Language.KO)


def question(text: str, language: Language = Language.KO, name: str = "q") -> Question:
    return Question(id=name, text=text, relevant=frozenset({"p"}), language=language)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - no secret


def texts(kind: Kind, *questions: Question, seed: int = 1) -> list[str]:
    return [each.text for each in asked([PASSAGE], questions, [kind], seed=seed)]


class TestAsked:
    def test_as_written_changes_nothing(self) -> None:
        assert texts(Kind.AS_WRITTEN, question("차단기 정격은?")) == ["차단기 정격은?"]

    def test_without_spaces(self) -> None:
        assert without_spaces(" 차단기 용량\t선정 ") == "차단기용량선정"

    def test_leaves_out_a_question_that_stays_as_it_was(self) -> None:
        assert texts(Kind.WITHOUT_SPACES, question("차단기"), question("분기 회로")) == ["분기회로"]

    def test_on_the_wrong_layout_is_korean_in_latin_letters(self) -> None:
        # ㅊㅏㄷㅏㄴㄱㅣ: c k e k s r l; a code is the same on both
        assert texts(Kind.WRONG_LAYOUT, question("차단기 MCCB")) == ["ckeksrl MCCB"]
        assert texts(Kind.WRONG_LAYOUT, question("breaker", Language.EN)) == []

    def test_keywords_are_two_at_least(self) -> None:
        asked_for = (question("차단기의 정격은?"), question("차단기는 왜 그래요?"))
        assert texts(Kind.KEYWORDS, *asked_for) == ["차단기 정격"]

    def test_is_the_same_for_the_same_seed(self) -> None:
        many = [question("차단기의 정격은 얼마인가요?", name=str(number)) for number in range(30)]
        first = texts(Kind.ONE_SLIP, *many)
        assert texts(Kind.ONE_SLIP, *many) == first
        assert texts(Kind.ONE_SLIP, *many, seed=2) != first
        assert texts(Kind.ONE_SLIP, *reversed(many)) == list(reversed(first)), "whatever else is asked"


class TestSlipped:
    @pytest.mark.parametrize(
        ("slip", "expected"),
        [
            (Slip.MISSING, {"ckksrl"}),
            (Slip.SWAPPED, {"ckkesrl"}),
            (Slip.TOO_MANY, {f"cke{key}ksrl" for key in "ewrds"}),
            (Slip.BESIDE, {f"ck{key}ksrl" for key in "wrds"}),
        ],
    )
    def test_is_wrong_at_one_key(self, slip: Slip, expected: set[str]) -> None:
        made = {slipped("ckeksrl", slip, 2, chance(number)) for number in range(200)}
        assert made == expected

    def test_beside_a_key_are_those_a_finger_can_hit(self) -> None:
        assert sorted(neighbours("g")) == ["b", "f", "h", "t", "v", "y"]
        assert sorted(neighbours("Q")) == ["a", "w"]


class TestOneSlip:
    def test_of_korean_is_one_key_of_one_word(self) -> None:
        before = ["왜", "차단기", "옆", "중성선은", "22파이,", "MCCB인가요?"]
        for number in range(300):
            after = one_slip(question(" ".join(before)), chance(number)).split(" ")
            changed = [
                place for place, (one, other) in enumerate(zip(before, after, strict=True)) if one != other
            ]
            assert len(changed) == 1
            assert changed[0] in {1, 3, 4, 5}, "왜 and 옆 have one syllable"
            assert distance(to_latin(before[changed[0]]), to_latin(after[changed[0]])) == 1
            assert "22" in after[4]
            assert "MCCB" in after[5]

    def test_of_english_is_one_letter_of_a_word_with_two_syllables(self) -> None:
        for number in range(100):
            made = one_slip(question("Why MCCB trips at one breaker", Language.EN), chance(number))
            *others, word = made.split(" ")
            assert " ".join(others) == "Why MCCB trips at one"
            assert distance("breaker", word) == 1

    def test_leaves_what_has_no_word_long_enough(self) -> None:
        assert one_slip(question("왜 MCCB?"), chance(1)) == "왜 MCCB?"

    def test_gives_back_what_a_keyboard_makes_of_it(self) -> None:
        made = {one_slip(question("차단"), chance(number)) for number in range(500)}
        assert to_hangul("ckeka") in made, "차담: ㄴ and ㅁ lie beside one another"
        assert "차다" in made, "one letter missing"


def distance(one: str, other: str) -> int:
    """Letters too many, missing, wrong or swapped between two words (restricted Damerau-Levenshtein)."""
    table = {(row, 0): row for row in range(len(one) + 1)} | {
        (0, column): column for column in range(len(other) + 1)
    }
    for row in range(1, len(one) + 1):
        for column in range(1, len(other) + 1):
            table[row, column] = min(
                table[row - 1, column] + 1,
                table[row, column - 1] + 1,
                table[row - 1, column - 1] + (one[row - 1] != other[column - 1]),
            )
            if one[row - 2 : row] == other[column - 2 : column][::-1] and min(row, column) > 1:
                table[row, column] = min(table[row, column], table[row - 2, column - 2] + 1)
    return table[len(one), len(other)]
