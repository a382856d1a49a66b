"""The evaluation of pages: figures as counted by hand, and each wrong line of the questions named."""

import json
from pathlib import Path

import pytest

from kis.assistant.evaluation.pages import PageQuestion, load_questions, measured, read_manual
from kis.cli.commands.assistant_pages import evaluate_pages
from kis.cli.session import session_of
from kis.platform.errors import BadInput
from tests.factories.maker_manuals import encrypted_pdf, manual_pdf


def written(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def call(*arguments: str) -> None:
    given = [*arguments, "--json"]
    with evaluate_pages.make_context("evaluate-pages", given, obj=session_of(given)) as context:
        evaluate_pages.invoke(context)


class TestFigures:
    def test_shares_are_of_the_answerable_questions(self) -> None:
        questions = [
            PageQuestion("a", "contact resistance", frozenset({3}), "fact"),
            PageQuestion("b", "arc chute", frozenset({2}), "fact"),  # it stands on page 1 alone
            PageQuestion("c", "zebra", frozenset(), "none"),
        ]
        outcome = measured(read_manual(manual_pdf()), questions, tell=lambda _done: None)
        every, fact, none = outcome.figures
        assert (every.questions, every.hits) == (3, {1: 0.5, 3: 0.5, 5: 0.5})
        assert (fact.kind, fact.hits[1]) == ("fact", 0.5)
        assert none.hits[1] is None
        assert [one.question.id for one in outcome.failures] == ["b"]


class TestQuestions:
    def test_every_wrong_line_is_named_at_once(self, tmp_path: Path) -> None:
        path = written(
            tmp_path / "q.jsonl",
            "no json",
            {"question": "", "pages": [1]},
            {"question": "x", "pages": "1"},
            {"question": "x", "pages": [9]},
            {"question": "x", "pages": [], "answerable": True},
            {"question": "x", "pages": [True]},
            {"question": "good", "pages": [1]},
        )
        with pytest.raises(BadInput) as raised:
            load_questions(path, pages=3)
        assert [problem.path for problem in raised.value.problems] == [f"q.jsonl:{at}" for at in range(1, 7)]

    def test_an_empty_file_holds_no_question(self, tmp_path: Path) -> None:
        with pytest.raises(BadInput, match="holds no question"):
            load_questions(written(tmp_path / "q.jsonl", ""), pages=3)


class TestCommand:
    def test_figures_and_failures_are_shown_as_json(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "m.pdf").write_bytes(manual_pdf())
        rows = (
            {"qid": "r", "question": "contact resistance", "pages": [3]},
            {"question": "arc chute", "pages": [2]},
        )
        questions = written(tmp_path / "q.jsonl", *rows)
        call("--pdf", str(tmp_path / "m.pdf"), "--questions", str(questions), "--failures", "5")
        shown = json.loads(capsys.readouterr().out)
        assert (shown["pages"], shown["questions"], shown["hit_at_1"], shown["hit_at_5"]) == (3, 2, 0.5, 0.5)
        assert [(one["qid"], one["pages"]) for one in shown["failures"]] == [("2", [2])]

    def test_a_manual_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "m.pdf").write_bytes(encrypted_pdf())
        with pytest.raises(BadInput, match="encrypted"):
            call("--pdf", str(tmp_path / "m.pdf"), "--questions", str(tmp_path / "q.jsonl"))
