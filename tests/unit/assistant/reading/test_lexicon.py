"""Texts are read as the concepts they name, by any of their names, in both languages."""

from importlib import resources

import pytest

from kis.assistant.reading.lexicon import NAMED, NEAR, Lexicon, lexicon, read_lexicon
from kis.assistant.reading.terms import folded, pieces_of

SMALL = """
# A comment names nothing.
[things]
battery, 배터리 | charge, 충전
battery life, running time, 사용 시간
gas spring, gas strut, 가스 쇼바

[doings]
switch off, turn off, 끄, 꺼
switch on, turn on, 켜
"""


@pytest.fixture(scope="module")
def small() -> Lexicon:
    return read_lexicon(SMALL)


def told(words: Lexicon, text: str) -> list[tuple[str, float]]:
    """Return what a text names, in its order."""
    return [
        (words.names[concept], weight)
        for mention in words.mentions(pieces_of(folded(text)))
        for concept, weight in mention.concepts
    ]


class TestMentions:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("Replace the gas struts.", "gas spring"),
            ("가스 쇼바를 갈아요", "gas spring"),
            ("Turn it off", "switch off"),
            ("switching off the set", "switch off"),
            ("전원을 꺼야 하나요", "switch off"),
            ("켜지지 않아요", "switch on"),
            ("배터리가 없어요", "battery"),
        ],
    )
    def test_any_name_in_any_form_names_the_concept(self, small: Lexicon, text: str, named: str) -> None:
        assert (named, NAMED) in told(small, text)

    def test_on_and_off_are_not_the_same(self, small: Lexicon) -> None:
        assert told(small, "turn it on") == [("switch on", NAMED)]

    def test_the_longest_name_that_begins_at_a_word_is_meant(self, small: Lexicon) -> None:
        assert told(small, "battery life") == [("battery life", NAMED)]
        assert told(small, "battery door") == [("battery", NAMED)]

    def test_a_word_near_to_a_concept_counts_less_than_its_name(self, small: Lexicon) -> None:
        assert told(small, "How do I charge it?") == [("battery", NEAR)]
        assert small.named(folded("charge the battery")) == {0: pytest.approx(NAMED + NEAR)}

    def test_a_word_near_to_too_many_concepts_shows_none_of_them(self) -> None:
        many = [f"size {letter}, {letter} size | mm" for letter in "abcdefghi"]
        words = read_lexicon("\n".join(["[things]", *many, "reel, 릴 | turns"]))
        assert told(words, "12 mm") == []
        assert told(words, "turns") == [("reel", NEAR)]

    def test_words_too_far_apart_are_no_name(self, small: Lexicon) -> None:
        assert told(small, "switch the big red light off") == []

    def test_only_things_are_what_a_manual_may_not_treat(self, small: Lexicon) -> None:
        assert [small.names[concept] for concept in sorted(small.things)] == [
            "battery",
            "battery life",
            "gas spring",
        ]


class TestShipped:
    def test_it_is_well_formed(self) -> None:
        wrong = []
        for file in (resources.files("kis.assistant.reading") / "data" / "lexicon").iterdir():
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                if not line or line.startswith("#") or line in {"[things]", "[doings]"}:
                    continue
                entries = [entry.strip() for part in line.split("|") for entry in part.split(",")]
                if (
                    line.count("|") > 1
                    or len(entries) < 2
                    or len(set(entries)) < len(entries)
                    or not all(0 < len(entry.split()) <= 4 for entry in entries)
                ):
                    wrong.append(f"{file.name}:{number}: {line}")
        assert wrong == []

    def test_nearly_every_concept_has_names_in_both_languages(self) -> None:
        lines = [
            line.partition("|")[0]
            for file in (resources.files("kis.assistant.reading") / "data" / "lexicon").iterdir()
            for line in file.read_text(encoding="utf-8").splitlines()
            if line and line[0] not in "#["
        ]
        both = [
            line
            for line in lines
            if any("가" <= one <= "힣" for one in line) and any("a" <= one <= "z" for one in line)
        ]
        assert len(lines) == len(lexicon().names) > 6000
        assert len(both) / len(lines) > 0.99
