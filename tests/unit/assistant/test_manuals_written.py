"""The blind material of the assistant is what it says it is: its size, its frozen content, and that each question's page holds the fact."""

import json
import re
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from tests.factories.manuals_written import (
    DATA,
    Claim,
    WrittenQuestion,
    claims,
    manual_language,
    manual_names,
    manual_pages,
    manual_pdf,
    manual_sections,
    pages_holding,
    sections_holding,
    squashed,
    write_out,
    written_questions,
)

FROZEN = {
    "manuals/kestran": "5ae25f9c9628ffb70fb42427c60039b2341235a1594bf36f4a97e8a5fff75971",
    "manuals/osp": "6578969240f11eba7064ab0d092fcc83bfd0c0dadce72e432bc1ff1b58b877ea",
    "manuals/quarrix": "7893b13af5525a6d9c9de19f9e2bd467ebb50d0f67bc410c9a33ab61e5bd6a0d",
    "verification.jsonl": "0ff31b9594c0a3c1c7209e969f32d9cbb7339d5f9b1b893460cf804d3b327002",
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


class TestWriteOut:
    def test_each_manual_is_written_with_its_own_questions(self, tmp_path: Path) -> None:
        write_out(tmp_path)
        assert {path.name for path in tmp_path.iterdir()} == {
            f"{name}.{ending}" for name in ("kestran", "osp", "quarrix") for ending in ("pdf", "jsonl")
        }
        written = [
            json.loads(line) for line in (tmp_path / "osp.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        assert len(written) == 94 + 24
        assert written[1]["pages"] == [7]
        assert (tmp_path / "osp.pdf").read_bytes() == manual_pdf("osp")


class TestClaims:
    def test_there_are_enough_of_each_sort(self) -> None:
        altered = [claim for claim in claims() if not claim.is_true]
        assert len(altered) == 184
        assert len(claims()) - len(altered) == 123
        assert {claim.change for claim in altered} == {
            "number",
            "unit",
            "negation",
            "model",
            "page",
            "comparison",
        }
        assert min(Counter(claim.change for claim in altered).values()) >= 12
        assert {(claim.language, claim.is_true) for claim in claims()} == {
            ("ko", True),
            ("ko", False),
            ("en", True),
            ("en", False),
        }

    def test_no_claim_is_made_twice(self) -> None:
        assert len({(claim.passage, claim.sentence) for claim in claims()}) == len(claims())
        assert len({claim.cid for claim in claims()}) == len(claims())

    @pytest.mark.parametrize("claim", claims(), ids=lambda claim: str(claim.cid))
    def test_its_passage_stands_on_its_page(self, claim: Claim) -> None:
        lines = [squashed(line) for line in claim.passage.splitlines()]
        pages = (manual_pages(name)[claim.page - 1] for name in manual_names())
        assert any(all(line in squashed(page) for line in lines) for page in pages)

    def test_a_true_sentence_that_names_a_page_names_that_of_its_passage(self) -> None:
        naming = [claim for claim in claims() if claim.is_true and _named_page(claim.sentence)]
        assert len(naming) >= 6
        assert all(_named_page(claim.sentence) == claim.page for claim in naming)

    def test_a_changed_page_is_not_that_of_the_passage(self) -> None:
        changed = [claim for claim in claims() if claim.change == "page"]
        assert all(_named_page(claim.sentence) not in {None, claim.page} for claim in changed)


def _named_page(sentence: str) -> int | None:
    named = re.search(r"[Pp]age (\d+)|(\d+)쪽", sentence)
    return int(named[1] or named[2]) if named else None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
