"""The evaluation of pages: figures as counted by hand, and each wrong line of the questions named."""

import asyncio
import json
from pathlib import Path

import pytest

from kis.assistant.evaluation.pages import PageQuestion, load_questions, measured, read_manual
from kis.assistant.evaluation.pages.measuring import bears
from kis.assistant.things import Citation, Passage, UnitKind
from kis.cli.commands.assistant_pages import evaluate_pages
from kis.cli.session import session_of
from kis.platform.errors import BadInput
from tests.factories.answers import SOURCE
from tests.factories.embedding_server import EmbeddingServer
from tests.factories.maker_manuals import encrypted_pdf, manual_pdf, pdf_of


def written(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def call(*arguments: str, as_json: bool = True) -> None:
    given = [*arguments, "--json"] if as_json else [*arguments]
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

    def test_answers_and_refusals_are_counted(self) -> None:
        questions = [
            PageQuestion("a", "What is the limit of the contact resistance?", frozenset({3}), "fact"),
            PageQuestion("b", "arc chute", frozenset({1}), "fact"),
            PageQuestion("c", "What is the price of the Bluetooth zebra?", frozenset(), "none"),
        ]
        outcome = measured(read_manual(manual_pdf()), questions, tell=lambda _done: None)
        every, fact, none = outcome.figures
        assert (every.refused_answerable, every.refused_unanswerable) == (0.0, 1.0)
        assert (every.unsure_answerable, every.unsure_unanswerable) == (0.0, 0.0)
        assert (fact.refused_unanswerable, none.refused_answerable) == (None, None)
        assert none.citation_support is None
        assert fact.citation_support == every.citation_support == 1.0
        assert [one.refusal is None for one in outcome.asked] == [True, True, False]
        assert all(one.answer_ms > 0 for one in outcome.asked)


class TestBears:
    PASSAGE = Passage(
        number=0,
        title_path=(),
        text="Model | Weight\nQX-100 | 1.4 kg\nQX-200 | 2.6 kg",
        page=4,
        kind=UnitKind.TABLE,
    )

    @pytest.mark.parametrize(
        ("excerpt", "page", "sentence", "expected"),
        [
            ("QX-100 | 1.4 kg", 4, "Model: QX-100, Weight: 1.4 kg", True),
            ("QX-100 | 1.4 kg", 5, "Model: QX-100, Weight: 1.4 kg", False),
            ("QX-100 | 1.5 kg", 4, "Model: QX-100, Weight: 1.5 kg", False),
            ("QX-100 | 1.4 kg", 4, "The QX-100 weighs 2.6 kg.", False),
        ],
    )
    def test_it_quotes_what_stands_there_and_the_sentence_says_no_more(
        self, excerpt: str, page: int, sentence: str, *, expected: bool
    ) -> None:
        citation = Citation(number=1, source=SOURCE, page=page, excerpt=excerpt, passage=0)
        assert bears(citation, self.PASSAGE, sentence) is expected


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
        assert (shown["refused_answerable"], shown["refused_unanswerable"]) == (0.0, None)
        assert shown["citation_support"] == 1.0
        assert shown["answer_p95_ms"] >= shown["answer_median_ms"] > 0

    @pytest.mark.usefixtures("unhurried_models")
    async def test_with_a_model_pages_are_also_found_by_meaning_and_it_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "m.pdf").write_bytes(manual_pdf())
        questions = written(tmp_path / "q.jsonl", {"question": "guzzle", "pages": [3]})
        given = ("--pdf", str(tmp_path / "m.pdf"), "--questions", str(questions))
        await asyncio.to_thread(call, *given)
        assert json.loads(capsys.readouterr().out)["hit_at_1"] == 0.0
        async with EmbeddingServer(256).running() as server:
            server.same = {"guzzle": "resistance"}
            monkeypatch.setenv("SEARCH_EMBEDDINGS", "openai")
            monkeypatch.setenv("SEARCH_EMBEDDINGS_URL", server.url)
            monkeypatch.setenv("SEARCH_EMBEDDINGS_MODEL", "small")
            await asyncio.to_thread(call, *given)
            shown = json.loads(capsys.readouterr().out)
            await asyncio.to_thread(call, *given, as_json=False)
        assert (shown["model"], shown["hit_at_1"]) == ("small", 1.0)
        assert shown["passages_ms"] > 0
        assert "small" in capsys.readouterr().out

    def test_with_an_analyzer_korean_verbs_are_found_with_other_endings_and_it_is_named(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        body = "= 덮개\n덮개를 닫으십시오.\n#pagebreak()\n= 날짜\n표지에 날짜가 찍힌다."
        (tmp_path / "m.pdf").write_bytes(pdf_of(body, "ko"))
        questions = written(tmp_path / "q.jsonl", {"question": "안 찍히게 하려면?", "pages": [2]})
        given = ("--pdf", str(tmp_path / "m.pdf"), "--questions", str(questions))
        monkeypatch.setenv("SEARCH_MORPHEMES", "off")
        call(*given)
        plain = json.loads(capsys.readouterr().out)
        assert (plain["analyzer"], plain["hit_at_5"]) == (None, 0.0)
        monkeypatch.delenv("SEARCH_MORPHEMES")
        call(*given)
        shown = json.loads(capsys.readouterr().out)
        assert (shown["analyzer"].split()[0], shown["hit_at_1"]) == ("kiwipiepy", 1.0)
        assert shown["morphemes_ms"] > 0
        call(*given, as_json=False)
        assert shown["analyzer"] in capsys.readouterr().out

    def test_an_english_manual_needs_no_analyzer(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "m.pdf").write_bytes(manual_pdf())
        questions = written(tmp_path / "q.jsonl", {"question": "접촉 저항", "pages": [3]})
        call("--pdf", str(tmp_path / "m.pdf"), "--questions", str(questions))
        assert json.loads(capsys.readouterr().out)["analyzer"] is None

    def test_the_table_has_a_row_for_each_kind(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "m.pdf").write_bytes(manual_pdf())
        rows = (
            {"question": "contact resistance", "pages": [3], "kind": "fact"},
            {"question": "the price of the Bluetooth zebra", "pages": [], "kind": "none"},
        )
        questions = written(tmp_path / "q.jsonl", *rows)
        call("--pdf", str(tmp_path / "m.pdf"), "--questions", str(questions), as_json=False)
        shown = capsys.readouterr().out
        rows_of = [line.split() for line in shown.splitlines() if line.split()[:1] in (["fact"], ["none"])]
        # Of the pages first, then of the answers: citations, refused of the answerable and of the others.
        assert [row[:5] for row in rows_of] == [
            ["fact", "1", "1.000", "1.000", "1.000"],
            ["none", "1", "–", "–", "–"],
            ["fact", "1", "1.000", "0.000", "–"],
            ["none", "1", "–", "–", "1.000"],
        ]

    def test_a_manual_that_cannot_be_read_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "m.pdf").write_bytes(encrypted_pdf())
        with pytest.raises(BadInput, match="encrypted"):
            call("--pdf", str(tmp_path / "m.pdf"), "--questions", str(tmp_path / "q.jsonl"))
