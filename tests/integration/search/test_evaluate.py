"""``kis knowledge evaluate`` as somebody calls it: a set in two files, a PostgreSQL of its own, nothing left behind."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import psutil
import pytest

from kis.cli import main
from kis.platform.embedded import running_instance
from kis.search.evaluation import Passage, TextSearchRank
from kis.search.things import Language
from tests.factories.waiting import eventually
from tests.integration.conftest import DatabaseUrls

PASSAGES = (
    ("k1", "차단기 선정", "배선용차단기의 정격차단용량은 설치점의 단락전류보다 커야 한다."),
    ("k2", "외함", "옥외에 두는 외함은 빗물이 들지 않도록 IP54 이상으로 한다."),
    ("k3", "중성선", "컴퓨터가 많은 사무실에서는 고조파 때문에 중성선이 뜨거워진다."),
    ("e1", "Neutral bars", "The neutral bar is as thick as the phase bars unless harmonics ask for more."),
    ("e2", "Quotations", "A quotation stays valid for thirty days and names the exchange rate."),
    ("e3", "Doors", "Doors of metal are earthed by a braided conductor."),
)
QUESTIONS = (
    ("q1", "배선용차단기 정격차단용량은 무엇보다 커야 하나요?", "k1"),
    ("q2", "옥외 외함 등급은 IP54 이상인가요?", "k2"),
    ("q3", "How long does a quotation stay valid?", "e2"),
)
START_SECONDS = 60.0


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """The options that name a small set."""
    passages, questions = tmp_path / "p.jsonl", tmp_path / "q.jsonl"
    _write(passages, [{"paragraph_id": name, "title": title, "text": text} for name, title, text in PASSAGES])
    _write(questions, [{"qid": name, "question": text, "paragraph_id": of} for name, text, of in QUESTIONS])
    return ["--passages", str(passages), "--questions", str(questions)]


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made, in this process and those it starts."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setenv("KIS_LANG", "en")
    return folder


def _write(path: Path, lines: list[dict[str, str]]) -> None:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def _shown(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


class TestEvaluate:
    def test_asks_a_set_of_everybody_and_leaves_nothing(
        self, files: list[str], scratch: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        details = tmp_path / "details.jsonl"
        code = main(["knowledge", "evaluate", *files, "--kinds", "all", "--details", str(details), "--json"])
        report = _shown(capsys)
        assert code == 0
        assert list(scratch.iterdir()) == []
        assert (report["passages"], report["questions"]) == (6, 3)
        by = {(row["engine"], row["language"], row["kind"]): row for row in report["results"]}
        search = next(name for name, _, _ in by if name not in {"whitespace_bm25", "ts_rank_cd"})
        # Each question shares its words with one passage alone: the search finds all of them, typed well or badly.
        for language, count in (("ko", 2), ("en", 1)):
            assert by[search, language, "as_written"]["questions"] == count
            assert by[search, language, "as_written"]["mrr_at_10"] == 1
        assert by[search, "ko", "without_spaces"]["mrr_at_10"] == 1
        assert by[search, "ko", "wrong_layout"]["mrr_at_10"] == 1
        # Words between spaces: 배선용차단기 against 배선용차단기의 is another word, 커야 is the same one; without spaces there is none.
        assert by["whitespace_bm25", "ko", "as_written"]["mrr_at_10"] == 1
        assert by["whitespace_bm25", "ko", "without_spaces"]["mrr_at_10"] == 0
        assert by["ts_rank_cd", "en", "as_written"]["mrr_at_10"] == 1
        lines = [json.loads(line) for line in details.read_text(encoding="utf-8").splitlines()]
        assert len(lines) == 3 * report["asked"]
        first = next(line for line in lines if line["engine"] == "whitespace_bm25" and line["qid"] == "q3")
        assert (first["place"], first["ranking"][0], first["paragraph_ids"]) == (1, "e2", ["e2"])

    def test_asks_files_as_they_are_and_shows_a_table(
        self, files: list[str], scratch: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["knowledge", "evaluate", *files, "--engine", "whitespace_bm25"]) == 0
        shown = capsys.readouterr().out
        assert "q.jsonl: 6 passages, 3 questions" in shown
        rows = [line.split() for line in shown.splitlines() if "whitespace_bm25" in line]
        assert [row[:5] for row in rows] == [
            ["as", "written", "Korean", "whitespace_bm25", "2"],
            ["as", "written", "English", "whitespace_bm25", "1"],
        ]
        assert list(scratch.iterdir()) == []

    def test_names_every_bad_line_before_anything_is_started(
        self, files: list[str], scratch: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with Path(files[3]).open("a", encoding="utf-8") as file:
            file.write('{"qid": "q4"}\n{"qid": "q5", "question": "?", "paragraph_id": "k9"}\n')
        assert main(["knowledge", "evaluate", *files]) == 2
        shown = capsys.readouterr().err
        assert f"{files[3]}:4: missing or unusable: paragraph_id, question" in shown
        assert f"{files[3]}:5: the passages hold no paragraph_id k9" in shown
        assert list(scratch.iterdir()) == []

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (["nothing"], "nothing: there is no such question set; shipped: panels"),
            (["--passages", "p"], "--questions: give --passages and --questions together"),
            (["panels", "--passages", "p", "--questions", "q"], "panels: give either SET or files"),
            (["--kinds", "loud"], "--kinds: there is no such kind; there are all, as_written"),
            (["--engine", "ts_rank_cd", "--no-baselines"], "--engine: nothing is left to evaluate"),
            (
                ["--details", "/nowhere/at/all"],
                "/nowhere/at/all: cannot be written: No such file or directory",
            ),
        ],
    )
    def test_explains_wrong_usage(
        self, arguments: list[str], reason: str, scratch: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["knowledge", "evaluate", *arguments]) == 2
        assert reason in capsys.readouterr().err
        assert list(scratch.iterdir()) == []


class TestInterrupted:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_leaves_neither_a_server_nor_a_file(
        self, files: list[str], scratch: Path, number: signal.Signals
    ) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "kis", "knowledge", "evaluate", *files],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        server = _server(process, scratch)
        process.send_signal(number)
        _, told = process.communicate(timeout=START_SECONDS)
        assert (process.returncode, told.strip()) == (130, "Interrupted.")
        assert list(scratch.iterdir()) == []
        assert not psutil.pid_exists(server)


def _server(process: "subprocess.Popen[str]", scratch: Path) -> int:
    """Return the process of the server once it is in use."""

    async def found() -> int | None:
        assert process.poll() is None, process.communicate()[1]
        return _ready_server(scratch)

    return asyncio.run(eventually(found, seconds=START_SECONDS)) or 0


def _ready_server(scratch: Path) -> int | None:
    """Return the process of the server that a start has left running, not of one that is still being started."""
    for folder in scratch.iterdir():
        instance = running_instance(folder) if (folder / "instance.json").exists() else None
        if instance is not None and instance.socket:
            return int(
                (folder / "postgres/cluster/postmaster.pid").read_text(encoding="utf-8").split("\n")[0]
            )
    return None


class TestTextSearchRank:
    async def test_ranks_what_holds_any_of_the_words_by_how_near_they_stand(
        self, migrated_database: DatabaseUrls
    ) -> None:
        # ts_rank_cd counts covers: the words beside one another in "near", far apart in "far", one of them in "one".
        texts = {
            "far": "neutral a b c d e f g h bar",
            "near": "neutral bar a b c d e f g h",
            "one": "bar",
            "none": "a b c",
        }
        passages = tuple(
            Passage(id=name, title="", text=text, language=Language.EN) for name, text in texts.items()
        )
        contestant = TextSearchRank(passages=passages, database_url=migrated_database.superuser)
        async with contestant.opened() as rank:
            assert set(await rank("Neutral bar?")) == {"near", "far", "one"}
            assert (await rank("neutral"))[0] in {"near", "far"}
            assert await rank("it's a \\ 'strange' | & question") == ["far", "near", "none"]
            assert await rank("?!") == []
