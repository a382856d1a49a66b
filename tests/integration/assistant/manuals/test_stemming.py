"""A Korean manual answers by pairs of syllables at once, and by morphemes when they are there; without an analyzer it stays as it is."""

import asyncio
import gc
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kis.assistant.manuals import Manuals, OpenManual
from kis.assistant.manuals.memory import Memory
from kis.assistant.manuals.opened import USUAL
from kis.assistant.manuals.stemming import PORTION_CHARACTERS, Stemming
from kis.assistant.reading import PassageIndex
from kis.assistant.things import Documentation, DocumentationType
from kis.search import Analyzer, Language, Morpheme, NoAnalyzer
from kis.search.tokens.kiwi import KiwiAnalyzer
from kis.search.tokens.links import OwnProcess, SharedProcess
from kis.search.tokens.remote import RemoteAnalyzer
from tests.factories.maker_manuals import manual_pdf, pdf_of
from tests.factories.maker_site import Answer, MakerSite
from tests.factories.small_manuals import SHA256, small_manual
from tests.factories.waiting import eventually

BODY = """
= 날짜
출력할 때마다 표지에 날짜가 찍힌다.
#pagebreak()
= 덮개
덮개를 닫은 다음에 전원을 켜십시오.
#pagebreak()
= 보관
마른 곳에 두십시오.
"""
QUESTION = "안 찍히게"
"""It has no pair of syllables with what answers it."""


class Watched:
    """An analyzer that a test can look at and hold up: what it is shown waits until ``gate`` is set."""

    def __init__(self, analyzer: Analyzer | None = None, *, fails: Exception | None = None) -> None:
        self.analyzer = analyzer
        self.fails = fails
        self.is_ready = True
        self.gate = asyncio.Event()
        self.manuals: list[str] = []
        self.questions: list[str] = []

    async def analyze(
        self, texts: Sequence[str], *, waits: bool = False
    ) -> Sequence[Sequence[Morpheme]] | None:
        (self.manuals if waits else self.questions).extend(texts)
        await self.gate.wait()
        if self.fails is not None:
            raise self.fails
        return None if self.analyzer is None else await self.analyzer.analyze(texts)

    async def close(self) -> None:
        """Do nothing: who made the analyzer closes it."""


@pytest.fixture(scope="session")
def kiwi() -> KiwiAnalyzer:
    """Kiwi, loaded once for all tests of the process."""
    return KiwiAnalyzer()


def korean(site: MakerSite, path: str = "/ko.pdf") -> Documentation:
    return Documentation(DocumentationType.PDF, site.put(path, Answer(pdf_of(BODY, "ko"))), None)


async def stemmed(manuals: Manuals, documentation: Documentation) -> OpenManual:
    """Return a manual once it has its morphemes."""

    async def opened() -> OpenManual | None:
        manual = await manuals.open(documentation)
        return manual if manual.index.has_morphemes else None

    found = await eventually(opened)
    assert found is not None
    return found


async def until(is_true: Callable[[], bool]) -> None:
    async def told() -> bool:
        return is_true()

    await eventually(told)


async def pages(manuals: Manuals, manual: OpenManual, question: str) -> list[int]:
    return [one.passage.page for one in await manuals.passages(manual, question, 3)]


class TestManuals:
    async def test_it_answers_at_once_and_finds_other_endings_when_the_morphemes_are_there(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], kiwi: KiwiAnalyzer
    ) -> None:
        analyzer = Watched(kiwi)
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        documentation = korean(site)
        first = await manuals.open(documentation)
        assert not first.index.has_morphemes
        assert await pages(manuals, first, "덮개") == [2]
        assert await pages(manuals, first, QUESTION) == []
        analyzer.gate.set()
        second = await stemmed(manuals, documentation)

        async def found() -> list[int]:
            return await pages(manuals, second, QUESTION)

        assert await eventually(found) == [1]  # a busy machine takes longer than a question waits
        assert await pages(manuals, second, "덮개") == [2]
        assert await pages(manuals, first, QUESTION) == []  # who holds the first one is not disturbed

    async def test_a_process_of_its_own_tells_them(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        analyzer = RemoteAnalyzer(OwnProcess())
        try:
            manuals = manuals_of(reading=USUAL, analyzer=analyzer)
            documentation = korean(site)
            second = await stemmed(manuals, documentation)

            async def found() -> list[int]:
                return await pages(manuals, second, QUESTION)

            assert await eventually(found) == [1]
        finally:
            await analyzer.close()

    async def test_indexes_are_exchanged_once_for_all_who_open_it(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], kiwi: KiwiAnalyzer
    ) -> None:
        analyzer = Watched(kiwi)
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        places = [korean(site), korean(site, "/same.pdf")]
        await asyncio.gather(*(manuals.open(place) for place in places * 3))
        analyzer.gate.set()
        found = [await stemmed(manuals, place) for place in places * 2]
        assert len({id(one.index) for one in found}) == 1
        assert len(analyzer.manuals) == len(set(analyzer.manuals))

    async def test_an_english_manual_is_not_shown(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        analyzer = Watched()
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        documentation = Documentation(
            DocumentationType.PDF, site.put("/en.pdf", Answer(manual_pdf("en"))), None
        )
        opened = await manuals.open(documentation)
        assert await manuals.passages(opened, "접촉 저항", 1)
        assert (analyzer.manuals, analyzer.questions) == ([], [])

    async def test_while_no_process_is_there_words_answer(
        self, site: MakerSite, manuals_of: Callable[..., Manuals], tmp_path: Path
    ) -> None:
        analyzer = RemoteAnalyzer(SharedProcess(tmp_path))
        try:
            manuals = manuals_of(reading=USUAL, analyzer=analyzer)
            opened = await manuals.open(korean(site))
            assert await pages(manuals, opened, "덮개") == [2]
            await manuals.close()  # which does not wait for it
        finally:
            await analyzer.close()

    @pytest.mark.parametrize("fails", [None, RuntimeError("no model")], ids=["refuses", "raises"])
    async def test_an_analyzer_that_fails_leaves_it_as_it_is_and_is_not_asked_again_at_once(
        self, fails: Exception | None, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        analyzer = Watched(fails=fails)
        analyzer.gate.set()
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        documentation = korean(site)
        for _ in range(3):
            opened = await manuals.open(documentation)
            assert await pages(manuals, opened, "덮개") == [2]
        assert not opened.index.has_morphemes
        assert analyzer.manuals
        assert len(analyzer.manuals) == len(set(analyzer.manuals))

    async def test_closing_gives_up_what_is_being_found(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        analyzer = Watched()
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        await manuals.open(korean(site))
        await until(lambda: bool(analyzer.manuals))
        await manuals.close()
        assert [task for task in asyncio.all_tasks() if "Stemming._exchange" in repr(task)] == []

    async def test_whoever_opens_it_after_a_while_lets_it_be_tried_again(
        self,
        site: MakerSite,
        manuals_of: Callable[..., Manuals],
        kiwi: KiwiAnalyzer,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("kis.assistant.manuals.stemming.REST_SECONDS", 0.0)
        analyzer = Watched()
        analyzer.gate.set()
        manuals = manuals_of(reading=USUAL, analyzer=analyzer)
        documentation = korean(site)
        await manuals.open(documentation)
        await until(lambda: bool(analyzer.manuals))
        analyzer.analyzer = kiwi
        assert (await stemmed(manuals, documentation)).index.has_morphemes


class TestStemming:
    TEXTS = ("날짜가 찍힌다.", "덮개를 닫는다.", "가" * PORTION_CHARACTERS, "두 번째 묶음.")
    """Of two portions."""

    def manual(self) -> OpenManual:
        return small_manual(*self.TEXTS, language=Language.KO)

    def remembered(self, analyzer: Analyzer, **more: float) -> tuple[Memory[OpenManual], Stemming]:
        memory: Memory[OpenManual] = Memory(1_000_000)
        memory.put(SHA256, self.manual(), 100)
        return memory, Stemming(analyzer, memory, **more)

    async def test_what_needs_no_morphemes_is_not_begun(self) -> None:
        _, stemming = self.remembered(Watched())
        plain = self.manual()
        for one in (small_manual("Close it."), replace(plain, index=plain.index.with_stems({}))):
            stemming.begin(one)
            assert not stemming.is_busy
        _, stemming = self.remembered(NoAnalyzer())
        stemming.begin(plain)
        assert not stemming.is_busy

    async def test_what_is_forgotten_meanwhile_is_not_shown_any_further_nor_remembered_again(
        self, kiwi: KiwiAnalyzer
    ) -> None:
        analyzer = Watched(kiwi)
        memory, stemming = self.remembered(analyzer)
        asked = self.manual()
        stemming.begin(asked)
        await until(lambda: bool(analyzer.manuals))
        memory.forget(SHA256)
        analyzer.gate.set()
        await until(lambda: not stemming.is_busy)
        assert self.TEXTS[-1] not in analyzer.manuals
        assert memory.look(SHA256) is None

    async def test_what_is_forgotten_when_all_is_told_is_not_remembered_again(
        self, kiwi: KiwiAnalyzer
    ) -> None:
        analyzer = Watched(kiwi)
        memory: Memory[OpenManual] = Memory(1_000_000)
        plain = small_manual("날짜가 찍힌다.", language=Language.KO)
        memory.put(SHA256, plain, 100)
        Stemming(analyzer, memory).begin(plain)
        (task,) = [task for task in asyncio.all_tasks() if "Stemming._exchange" in repr(task)]
        await until(lambda: bool(analyzer.manuals))
        memory.forget(SHA256)
        analyzer.gate.set()
        await task
        assert memory.look(SHA256) is None

    async def test_of_those_that_rest_the_first_is_tried_again_where_there_are_too_many(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("kis.assistant.manuals.stemming._MOST_RESTING", 1)
        analyzer = Watched()
        analyzer.gate.set()
        memory, stemming = self.remembered(analyzer)
        first = self.manual()
        second = replace(first, sha256="cd" * 32)
        memory.put(second.sha256, second, 100)
        for one in (first, second):
            stemming.begin(one)
            await until(lambda: not stemming.is_busy)
        begun: list[bool] = []
        for one in (second, first):
            stemming.begin(one)
            begun.append(stemming.is_busy)
        assert begun == [False, True]
        await stemming.close()

    async def test_an_analyzer_that_dies_half_way_leaves_the_first_index(self, kiwi: KiwiAnalyzer) -> None:
        analyzer = Watched(kiwi)
        memory, stemming = self.remembered(analyzer)
        before = memory.look(SHA256)
        assert before is not None
        stemming.begin(before)
        await until(lambda: bool(analyzer.manuals))
        analyzer.analyzer = None
        analyzer.gate.set()
        await until(lambda: not stemming.is_busy)
        assert memory.look(SHA256) is before

    async def test_what_the_stems_take_is_counted(self, kiwi: KiwiAnalyzer) -> None:
        memory, stemming = self.remembered(kiwi)
        before = memory.look(SHA256)
        assert before is not None
        stemming.begin(before)
        await until(lambda: not stemming.is_busy)
        after = memory.look(SHA256)
        assert after is not None
        assert after.index.has_morphemes
        assert memory.size_bytes > PORTION_CHARACTERS

    async def test_what_is_too_large_with_its_stems_stays_and_is_not_shown_again_at_once(
        self, kiwi: KiwiAnalyzer
    ) -> None:
        analyzer = Watched(kiwi)
        analyzer.gate.set()
        memory: Memory[OpenManual] = Memory(1_000)
        plain = self.manual()
        memory.put(SHA256, plain, 100)
        stemming = Stemming(analyzer, memory)
        for _ in range(2):
            stemming.begin(plain)
            await until(lambda: not stemming.is_busy)
        assert memory.look(SHA256) is plain
        assert len(analyzer.manuals) == len(set(analyzer.manuals))

    async def test_what_waits_for_its_turn_and_is_forgotten_takes_no_memory(self, kiwi: KiwiAnalyzer) -> None:
        analyzer = Watched(kiwi)
        memory, stemming = self.remembered(analyzer)
        first = memory.look(SHA256)
        assert first is not None
        stemming.begin(first)
        other = "cd" * 32
        memory.put(other, replace(small_manual("뚜껑을 연다.", language=Language.KO), sha256=other), 100)
        stemming.begin(memory.look(other) or first)
        await until(lambda: bool(analyzer.manuals))
        memory.forget(other)
        gc.collect()
        indexes = [one for one in gc.get_objects() if isinstance(one, PassageIndex)]
        assert [one for one in indexes if one.passages[0].text == "뚜껑을 연다."] == []
        analyzer.gate.set()
        await until(lambda: not stemming.is_busy)
        assert "뚜껑을 연다." not in analyzer.manuals

    async def test_closing_gives_up_what_is_being_found(self) -> None:
        memory, stemming = self.remembered(Watched())
        before = memory.look(SHA256)
        assert before is not None
        stemming.begin(before)
        await stemming.close()
        assert not stemming.is_busy
        assert memory.look(SHA256) is before

    async def test_a_question_does_not_wait_longer_than_it_may(self) -> None:
        _, stemming = self.remembered(Watched(), question_seconds=0.0)
        plain = self.manual()
        analysed = replace(plain, index=plain.index.with_stems({}))
        assert await stemming.of_question(analysed, QUESTION) == ()
        assert await stemming.of_question(plain, QUESTION) == ()

    async def test_a_question_that_an_analyzer_fails_at_is_asked_by_its_words(self) -> None:
        analyzer = Watched(fails=RuntimeError("no model"))
        analyzer.gate.set()
        _, stemming = self.remembered(analyzer)
        plain = self.manual()
        assert await stemming.of_question(replace(plain, index=plain.index.with_stems({})), QUESTION) == ()
        assert analyzer.questions
