"""The blind material of the assistant is what it says it is: its size, its frozen content, and that each question's page holds the fact."""

import re
from collections import Counter
from hashlib import sha256

import pytest

from tests.factories.manuals_written import (
    DATA,
    WrittenQuestion,
    manual_language,
    manual_names,
    manual_pages,
    manual_pdf,
    manual_sections,
    pages_holding,
    sections_holding,
    written_questions,
)

FROZEN = {
    "manuals/kestran": "5ae25f9c9628ffb70fb42427c60039b2341235a1594bf36f4a97e8a5fff75971",
    "manuals/osp": "6578969240f11eba7064ab0d092fcc83bfd0c0dadce72e432bc1ff1b58b877ea",
    "manuals/quarrix": "7893b13af5525a6d9c9de19f9e2bd467ebb50d0f67bc410c9a33ab61e5bd6a0d",
    "questions.jsonl": "e5e9faf41389a13f6de0dde97a9ffac56cbc1ad865b263142831539159c35ef2",
}
"""SHA-256 of what others are measured with. It changes only by additions, and then all figures are measured anew."""

COPIED_WORDS = 6
"""So many words in a row out of the section that answers are a copy, not a question in other words."""


def digest(name: str) -> str:
    place = DATA / name
    files = sorted(place.glob("*.txt")) if place.is_dir() else [place]
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def answerable() -> list[WrittenQuestion]:
    return [question for question in written_questions() if question.answerable]


class TestFrozen:
    @pytest.mark.parametrize("name", FROZEN)
    def test_what_others_are_measured_with_is_unchanged(self, name: str) -> None:
        assert digest(name) == FROZEN[name]

    def test_no_file_is_over_a_megabyte(self) -> None:
        assert max(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) < 1_000_000


class TestManuals:
    def test_there_are_manuals_in_both_languages(self) -> None:
        assert {manual_language(name) for name in manual_names()} == {"ko", "en"}
        assert len(manual_names()) == 3

    @pytest.mark.parametrize("name", manual_names())
    def test_each_has_sixty_pages_or_more(self, name: str) -> None:
        assert len(manual_pages(name)) >= 60

    @pytest.mark.parametrize("name", manual_names())
    def test_setting_one_again_gives_the_same_bytes(self, name: str) -> None:
        first = manual_pdf(name)
        manual_pdf.cache_clear()
        assert manual_pdf(name) == first

    @pytest.mark.parametrize("name", manual_names())
    def test_each_is_cut_into_many_sections(self, name: str) -> None:
        assert sum(1 for section in manual_sections(name) if section.text) >= 50


class TestQuestions:
    def test_there_are_enough_of_each_sort(self) -> None:
        questions = written_questions()
        assert len(answerable()) == 299
        assert len(questions) - len(answerable()) == 72
        by_manual = Counter(question.manual for question in answerable())
        assert min(by_manual[name] for name in manual_names()) >= 90
        across = [
            question for question in answerable() if question.language != manual_language(question.manual)
        ]
        assert len(across) >= 30
        assert set(Counter(question.kind for question in answerable())) == {
            "fact",
            "procedure",
            "table",
            "limit",
            "error",
            "why",
            "comparison",
            "keywords",
        }

    def test_no_question_is_asked_twice(self) -> None:
        assert len({(question.manual, question.question) for question in written_questions()}) == len(
            written_questions()
        )
        assert len({question.qid for question in written_questions()}) == len(written_questions())

    @pytest.mark.parametrize("question", answerable(), ids=lambda question: str(question.qid))
    def test_its_pages_are_those_that_hold_its_facts(self, question: WrittenQuestion) -> None:
        holding = [pages_holding(question.manual, anchor) for anchor in question.anchors]
        assert all(holding), "a fact stands nowhere"
        assert question.pages == tuple(sorted({page for pages in holding for page in pages}))
        assert question.answer

    def test_an_unanswerable_one_names_no_page(self) -> None:
        for question in written_questions():
            if not question.answerable:
                assert (question.pages, question.anchors, question.answer) == ((), (), "")

    @pytest.mark.parametrize("question", answerable(), ids=lambda question: str(question.qid))
    def test_no_question_copies_its_section(self, question: WrittenQuestion) -> None:
        words = _words(question.question)
        runs = {tuple(words[at : at + COPIED_WORDS]) for at in range(len(words) - COPIED_WORDS + 1)}
        for anchor in question.anchors:
            (section,) = sections_holding(question.manual, anchor)
            told = _words(section.text)
            assert not runs & {
                tuple(told[at : at + COPIED_WORDS]) for at in range(len(told) - COPIED_WORDS + 1)
            }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
