"""Morphemes from a process of its own, with the real Kiwi: the same, in time, or none."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from kis.platform.configuration import SearchSettings
from kis.platform.local_sockets import connected_to, socket_path
from kis.platform.telemetry.metrics import REGISTRY
from kis.search.opening import open_analyzer
from kis.search.tokens import Analyzer, Cutter, NoAnalyzer
from kis.search.tokens.connection import Connection, Lost
from kis.search.tokens.frames import HEAD, LARGEST_REQUEST_BYTES, MOST_CHARACTERS, Frame, Kind
from kis.search.tokens.kiwi import LoadedKiwi
from kis.search.tokens.links import WORDS, OwnProcess, SharedProcess
from kis.search.tokens.process import NOT_INSTALLED
from kis.search.tokens.remote import RemoteAnalyzer
from kis.search.tokens.words import shipped_words
from tests.factories.servers import ROOT, wait_until
from tests.factories.waiting import eventually

START_SECONDS: Final = 120.0
"""A tenth of it is enough on a machine that has nothing else to do."""
END_SECONDS: Final = 20.0
GAUGE: Final = "search_analyzer_ready"
QUERY: Final = "차단기 용량은 어떻게 선정하나요"
PARAGRAPH: Final = "누전차단기는 정격감도전류에 따라 고른다. 분전반의 부하를 먼저 계산하였다. " * 20


def started(data: Path) -> "subprocess.Popen[bytes]":
    """Start the process of a data folder."""
    return subprocess.Popen(
        [*WORDS, "--data", str(data)],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )


@contextmanager
def running(data: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """The process of a data folder, once it answers, until the end of the block."""
    with started(data) as process:
        try:
            wait_until(SharedProcess(data).is_there, seconds=START_SECONDS)
            yield process
        finally:
            process.kill()


@asynccontextmanager
async def closing(analyzer: Analyzer) -> AsyncIterator[Any]:
    try:
        yield analyzer
    finally:
        await analyzer.close()


@asynccontextmanager
async def connected(data: Path) -> AsyncIterator[RemoteAnalyzer]:
    """An analyzer that does not wait, connected."""
    async with closing(RemoteAnalyzer(SharedProcess(data))) as analyzer:
        analyzer.start()
        await ready(analyzer)
        yield analyzer


async def ready(analyzer: Analyzer) -> None:
    async def is_ready() -> bool:
        return analyzer.is_ready

    await eventually(is_ready, seconds=START_SECONDS)


async def gone() -> bool:
    return REGISTRY.get_sample_value(GAUGE) == 0


@pytest.fixture(autouse=True)
def _source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes find this source tree."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def process(data: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """One that the tests share that do it no harm."""
    with running(data) as process:
        yield process


@pytest.fixture(scope="module")
def kiwi() -> LoadedKiwi:
    return LoadedKiwi(shipped_words())


@pytest.mark.usefixtures("process")
class TestAnswers:
    async def test_are_those_of_kiwi_in_this_process(self, data: Path, kiwi: LoadedKiwi) -> None:
        texts = [QUERY, "", "a\0분", "😀 주차단기", "ABN-53b 누전차단기", PARAGRAPH]
        async with connected(data) as quick, closing(RemoteAnalyzer(SharedProcess(data), waits=True)) as bulk:
            assert await quick.analyze(texts) == kiwi.find(texts)
            assert await bulk.analyze(texts * 30) == kiwi.find_in_many(texts) * 30
            half = await quick.analyze(["분\ud800전"])
        assert half == kiwi.find(["분?전"])

    async def test_of_a_text_too_long_for_a_request_have_its_places(self, data: Path) -> None:
        text = PARAGRAPH * (2 * MOST_CHARACTERS // len(PARAGRAPH) + 2)
        async with closing(RemoteAnalyzer(SharedProcess(data), waits=True)) as analyzer:
            (found,) = await analyzer.analyze([text])
        breakers = [one for one in found if one.form == "차단기"]
        assert [text[one.start : one.start + one.length] for one in breakers] == ["차단기"] * text.count(
            "차단기"
        )

    async def test_become_terms(self, data: Path) -> None:
        async with connected(data) as analyzer:
            (cut,) = await Cutter(analyzer).cut(["차단기를 고른다"])
        assert cut.has_morphemes
        assert cut.terms["m차단기"] == 1
        assert cut.terms["m고르"] == 1

    async def test_to_a_query_do_not_wait_for_those_to_many_texts(self, data: Path) -> None:
        connection = await Connection.greeted(connected_to(socket_path(data)), seconds=END_SECONDS)
        many = [PARAGRAPH] * (MOST_CHARACTERS // len(PARAGRAPH))
        import_ = [connection.ask(Kind.BULK, many) for _ in range(3)]  # seconds of work
        queries = [await connection.ask(Kind.QUICK, [QUERY]) for _ in range(3)]
        assert not import_[-1].done()
        assert all(queries)
        await connection.close()

    async def test_go_to_those_who_asked(self, data: Path, kiwi: LoadedKiwi) -> None:
        one, other = kiwi.find(["분전반"]), kiwi.find(["배전반"])
        async with connected(data) as first, connected(data) as second:
            both = [(first, "분전반"), (second, "배전반"), (first, "배전반"), (second, "분전반")] * 25
            found = await asyncio.gather(*(analyzer.analyze([text]) for analyzer, text in both))
        assert found == [one, other, other, one] * 25


@pytest.mark.usefixtures("process")
class TestRefusals:
    @pytest.mark.parametrize(
        "said",
        [
            HEAD.pack(LARGEST_REQUEST_BYTES + 1, 1, Kind.BULK),
            HEAD.pack(2, 1, Kind.QUICK) + b"{}",
            HEAD.pack(2, 1, Kind.FOUND) + b"[]",
            HEAD.pack(0, 1, 9),
        ],
    )
    async def test_end_the_connection_and_no_other(self, data: Path, said: bytes) -> None:
        async with connected(data) as other:
            reader, writer = await asyncio.open_unix_connection(sock=connected_to(socket_path(data)))
            writer.write(said)
            hello = await asyncio.wait_for(reader.read(), END_SECONDS)
            writer.close()
            assert hello.count(b"kis") == 1, "said before it heard anything"
            assert await other.analyze([QUERY])

    async def test_of_a_socket_that_others_may_use(self, data: Path) -> None:
        path = socket_path(data)
        path.chmod(0o666)
        try:
            with pytest.raises(PermissionError):
                await SharedProcess(data).connect()
            assert not SharedProcess(data).is_there()
        finally:
            path.chmod(0o600)
        assert SharedProcess(data).is_there()

    async def test_of_who_speaks_another_language(self, data: Path) -> None:
        path = socket_path(data / "other")
        path.parent.mkdir(mode=0o700, parents=True)

        async def other(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            writer.close()

        async with await asyncio.start_unix_server(other, path):
            path.chmod(0o600)
            with pytest.raises(Lost):
                await SharedProcess(data / "other").connect()
        path.unlink()
        path.parent.rmdir()

    async def test_of_more_work_than_is_asked_for_keep_what_was(self, data: Path) -> None:
        connection = await Connection.greeted(connected_to(socket_path(data)), seconds=END_SECONDS)
        answers = [connection.ask(Kind.BULK, [QUERY]) for _ in range(500)]
        found = await asyncio.gather(*answers)
        await connection.close()
        assert {type(frame) for frame in found} == {Frame}
        assert connection.is_open is False
        with pytest.raises(Lost):
            connection.ask(Kind.QUICK, [QUERY])


class TestLife:
    async def test_none_before_it_has_loaded_and_again_whenever_it_is_gone(self, tmp_path: Path) -> None:
        link = SharedProcess(tmp_path)
        async with (
            closing(RemoteAnalyzer(link)) as reader,
            closing(RemoteAnalyzer(link, waits=True)) as importer,
        ):
            assert await reader.analyze([QUERY]) is None
            with running(tmp_path) as process:
                await ready(reader)
                found = await reader.analyze([QUERY])
                assert found is not None
                assert REGISTRY.get_sample_value(GAUGE) == 1
                asked = [asyncio.create_task(one.analyze([PARAGRAPH] * 60)) for one in (reader, importer)]
                await ready(importer)
                process.kill()
                assert await asked[0] is None, "who does not wait does without"
                await eventually(gone)
                assert await reader.analyze([QUERY]) is None
            with running(tmp_path):
                await ready(reader)
                assert await reader.analyze([QUERY]) == found
                assert len(await asked[1]) == 60, "who waits is served by the next"

    @pytest.mark.usefixtures("process")
    async def test_one_that_hangs_is_waited_for_once(
        self, data: Path, process: "subprocess.Popen[bytes]"
    ) -> None:
        async with connected(data) as analyzer:
            process.send_signal(signal.SIGSTOP)
            try:
                assert await analyzer.analyze([QUERY]) is None
                assert not analyzer.is_ready, "the next query does without it at once"
            finally:
                process.send_signal(signal.SIGCONT)
            await eventually(lambda: analyzer.analyze([QUERY]))

    async def test_work_in_the_background_waits_for_one_that_is_being_started(self, tmp_path: Path) -> None:
        async with closing(RemoteAnalyzer(SharedProcess(tmp_path), patience_seconds=START_SECONDS)) as worker:
            asked = asyncio.create_task(worker.analyze([QUERY]))
            with running(tmp_path):
                assert await asked

    async def test_one_that_does_not_come_is_waited_for_once(self, tmp_path: Path) -> None:
        async with closing(RemoteAnalyzer(SharedProcess(tmp_path), patience_seconds=0.05)) as worker:
            assert await worker.analyze([QUERY]) is None
            worker._patience_seconds = END_SECONDS * 1_000
            assert await worker.analyze([QUERY]) is None, "at once: else this test would not end"

    async def test_it_ends_at_once_when_asked_though_it_has_work(self, tmp_path: Path) -> None:
        with running(tmp_path) as process:
            connection = await Connection.greeted(connected_to(socket_path(tmp_path)), seconds=END_SECONDS)
            answer = connection.ask(Kind.BULK, ["가" * MOST_CHARACTERS])
            process.terminate()
            assert process.wait(END_SECONDS) == 0
            assert await answer is None
            await connection.close()
        assert not socket_path(tmp_path).exists()

    def test_it_ends_with_whoever_started_it_though_it_has_not_loaded(self, tmp_path: Path) -> None:
        with started(tmp_path) as process:
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(END_SECONDS) == 0
        assert not socket_path(tmp_path).exists()

    async def test_one_of_our_own_is_started_by_the_first_text_and_ends_with_us(
        self, kiwi: LoadedKiwi
    ) -> None:
        link = OwnProcess()
        async with closing(RemoteAnalyzer(link)) as analyzer:
            before = link.pid
            assert before is None
            assert await analyzer.analyze([QUERY]) is None
            await ready(analyzer)
            assert await analyzer.analyze([QUERY]) == kiwi.find([QUERY])
            first = link.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await eventually(lambda: analyzer.analyze([QUERY]), seconds=START_SECONDS)
            assert link.pid is not None
            second = psutil.Process(link.pid)
            assert second.pid != first
        assert not second.is_running()


class TestOpenAnalyzer:
    async def test_takes_nobody_where_that_is_wanted(self, tmp_path: Path) -> None:
        assert isinstance(opened("off", tmp_path), NoAnalyzer)

    @pytest.mark.usefixtures("process")
    async def test_shares_where_there_is_something_to_share(self, data: Path, tmp_path: Path) -> None:
        async with closing(opened("auto", data)) as shared, closing(opened("shared", tmp_path)) as waiting:
            await ready(shared)
            assert await shared.analyze([QUERY])
            assert await waiting.analyze([QUERY]) is None
        own = opened("auto", tmp_path)
        assert isinstance(own, RemoteAnalyzer)
        assert not own.is_ready, "nothing was started for it yet"
        await own.close()

    async def test_does_without_where_it_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr("kis.search.opening.is_installed", lambda: False)
        analyzer = opened("auto", tmp_path)
        assert isinstance(analyzer, NoAnalyzer)
        assert capfd.readouterr().err.count("search.analyzer_not_installed") == 1

    def test_its_process_says_so_too_and_that_another_would_not_help(self, tmp_path: Path) -> None:
        (tmp_path / "sitecustomize.py").write_text(
            "import sys\nfrom importlib.abc import MetaPathFinder\n"
            "class Without(MetaPathFinder):\n"
            "    def find_spec(self, name, path, target=None):\n"
            "        if name == 'kiwipiepy':\n"
            "            sys.path[:] = [one for one in sys.path if 'site-packages' not in one]\n"
            "sys.meta_path.insert(0, Without())\n",
            encoding="utf-8",
        )
        path = os.pathsep.join((str(tmp_path), str(ROOT / "src")))
        ended = subprocess.run(
            [*WORDS, "--data", str(tmp_path)],
            env={**os.environ, "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        assert ended.returncode == NOT_INSTALLED
        assert ended.stderr.count("search.analyzer_not_installed") == 1


def opened(morphemes: Any, data: Path) -> Analyzer:
    return open_analyzer(SearchSettings(morphemes=morphemes), data=data)
