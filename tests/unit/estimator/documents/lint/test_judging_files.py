"""Files judged one by one: in any order, in any process, with the same findings."""

import pickle
from itertools import permutations
from typing import Any

import pytest

from kis.estimator.documents.lint import (
    DocumentFile,
    cover_findings,
    findings_of_all,
    judge_file,
    lint_documents,
)
from tests.factories.finished_files import dxf_file, lint_context, pdf_file, svg_file, xlsx_file

BAD_WORDS = "규격 600x800 mm"
FILES = (
    xlsx_file(lambda _, sheet: sheet.__setitem__("A16", BAD_WORDS)),
    svg_file(f'<text x="10" y="20" font-size="3">{BAD_WORDS}</text>'),
    dxf_file("배치도", BAD_WORDS),
    pdf_file(),
)
DAMAGED = DocumentFile("quotation_pdf", "documents/quotation.pdf", b"%PDF-1.7 and no more")


def travelled(thing: Any) -> Any:
    """Return ``thing`` as another process gets it."""
    return pickle.loads(pickle.dumps(thing))  # noqa: S301  # written here, a line before it is read


class TestJudgeFile:
    def test_finds_for_each_file_what_is_found_for_all_together(self) -> None:
        context = lint_context()
        found = findings_of_all(judge_file(file, context) for file in FILES)
        assert found.lint == lint_documents(FILES, context)
        assert found.cover == cover_findings(FILES, context)

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_finds_the_same_words_in_every_file_whichever_came_first(self, order: tuple[int, ...]) -> None:
        found = [finding.file for file in order for finding in judge_file(FILES[file], lint_context()).lint]
        assert found == [FILES[file].path for file in order]

    def test_judges_words_anew_in_another_language(self) -> None:
        file = dxf_file("general arrangement")
        assert judge_file(file, lint_context("en")).lint == ()
        assert [finding.rule for finding in judge_file(file, lint_context("ko")).lint] == [
            "english_in_korean",
            "english_in_korean",
        ]

    def test_judges_words_anew_when_they_are_quoted_no_more(self) -> None:
        file = dxf_file("general arrangement")
        quoted = lint_context(quoted=frozenset({"general arrangement"}))
        assert judge_file(file, quoted).lint == ()
        assert len(judge_file(file, lint_context()).lint) == 2

    def test_can_be_handed_to_another_process(self) -> None:
        context = lint_context()
        work, file, given = travelled((judge_file, FILES[0], context))
        found = travelled(work(file, given))
        assert found == judge_file(FILES[0], context)
        assert [finding.rule for finding in found.lint] == ["times_sign"]

    def test_finds_an_unreadable_file_for_cover_and_lint(self) -> None:
        found = judge_file(DAMAGED, lint_context())
        assert [finding.rule for finding in found.cover] == ["cover.unreadable"]
        assert [finding.rule for finding in found.lint] == ["unreadable"]
