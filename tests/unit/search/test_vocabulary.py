"""Groups are cut while nobody waits: what a query is given at once, and what later ones are."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest

from kis.search import vocabulary
from kis.search.synonyms import Thesaurus
from kis.search.tokens import Cutter, NoAnalyzer
from kis.search.tokens.analyzer import Morpheme
from kis.search.vocabulary import OwnGroups, Vocabulary

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

SHIPPED = (("차단기", "breaker"), ("외함", "enclosure"))
NONE = OwnGroups(None, None)


class Gate:
    """An analyzer that takes a text for one noun, when it is let."""

    def __init__(self) -> None:
        self.is_ready = True
        self.answers = True
        self.asked: list[str] = []
        self.open = asyncio.Event()

    async def analyze(self, texts: Sequence[str], **_: object) -> list[list[Morpheme]] | None:
        self.asked.extend(texts)
        await self.open.wait()
        return [[Morpheme(words, "NNG", 0, len(words))] for words in texts] if self.answers else None

    async def close(self) -> None: ...


class Groups:
    """A session that shows groups; ``read``: how often they were read."""

    def __init__(self, *groups: Sequence[str]) -> None:
        self.organization_id = uuid4()
        self.groups = groups
        self.read = 0

    @property
    def own(self) -> OwnGroups:
        return OwnGroups(self.organization_id, repr(self.groups) if self.groups else None)

    async def execute(self, _statement: object) -> "Groups":
        self.read += 1
        return self

    def one(self) -> "Groups":
        return self

    @property
    def digest(self) -> str | None:
        return self.own.digest

    async def thesauri(self, words: Vocabulary) -> tuple[Thesaurus, ...]:
        return await words.thesauri(cast("AsyncSession", self), self.own)


@pytest.fixture(autouse=True)
def shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "shipped_groups", lambda: SHIPPED)


async def settled(words: Vocabulary) -> Thesaurus:
    """Return the shipped groups once nothing is under way any more."""
    while tasks := asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}:
        await asyncio.wait(tasks)
    return (await Groups().thesauri(words))[-1]


async def expanded(thesauri: Sequence[Thesaurus], query: str) -> set[str]:
    cut = (await Cutter(NoAnalyzer()).cut([query]))[0]
    return {term for each in thesauri for term in each.expand(cut)}


class TestShipped:
    async def test_no_query_waits_for_them(self) -> None:
        gate = Gate()
        words = Vocabulary(Cutter(gate))

        first = await asyncio.wait_for(Groups().thesauri(words), 30)

        assert await expanded(first, "breaker") == set()
        gate.open.set()
        there = await settled(words)
        assert "m차단기" in await expanded([there], "breaker")
        await words.close()

    async def test_without_an_analyzer_they_are_cut_as_they_are(self) -> None:
        words = Vocabulary(Cutter(NoAnalyzer()))
        await Groups().thesauri(words)

        there = await settled(words)

        assert await expanded([there], "breaker") == {"b차단", "b단기"}
        assert await settled(words) is there, "once"

    async def test_they_are_cut_anew_when_there_are_morphemes(self) -> None:
        gate = Gate()
        gate.is_ready = False
        gate.open.set()
        words = Vocabulary(Cutter(gate))
        await Groups().thesauri(words)
        plain = await settled(words)
        assert not plain.has_morphemes
        assert gate.asked == []

        gate.is_ready = True
        assert (await Groups().thesauri(words))[-1] is plain, "the first query uses what is there"

        assert (await settled(words)).has_morphemes
        assert "외함" in gate.asked

    async def test_an_analyzer_that_gives_nothing_is_left_alone_for_a_while(self) -> None:
        gate = Gate()
        gate.answers = False
        gate.open.set()
        words = Vocabulary(Cutter(gate))
        for _ in range(3):
            await Groups().thesauri(words)
            await settled(words)

        assert len(gate.asked) == 2, "the Korean words, once"

    async def test_who_waits_has_them_at_once(self) -> None:
        gate = Gate()
        gate.is_ready = False  # it is asked nevertheless: that loads it
        gate.open.set()
        words = Vocabulary(Cutter(gate), waits=True)

        both = await asyncio.gather(Groups().thesauri(words), Groups().thesauri(words))

        assert [each[-1].has_morphemes for each in both] == [True, True]

    async def test_closing_leaves_off(self) -> None:
        words = Vocabulary(Cutter(Gate()))
        await Groups().thesauri(words)
        await asyncio.sleep(0)

        await asyncio.wait_for(words.close(), 30)

        assert len(asyncio.all_tasks()) == 1


class TestOwn:
    @pytest.fixture
    def words(self) -> Vocabulary:
        return Vocabulary(Cutter(NoAnalyzer()))

    async def test_are_read_once_while_they_are_the_same(self, words: Vocabulary) -> None:
        mine = Groups(("jar", "panel"))

        for _ in range(3):
            assert await expanded(await mine.thesauri(words), "jar") == {"mpanel"}

        assert mine.read == 1

    async def test_are_read_again_when_they_are_others(self, words: Vocabulary) -> None:
        mine = Groups(("jar", "panel"))
        await mine.thesauri(words)
        mine.groups = (("jar", "box"),)

        assert await expanded(await mine.thesauri(words), "jar") == {"mbox"}
        mine.groups = ()
        assert await expanded(await mine.thesauri(words), "jar") == set()

    async def test_of_another_organisation_are_others_though_their_digest_is_the_same(
        self, words: Vocabulary
    ) -> None:
        mine, theirs = Groups(("jar", "panel")), Groups(("jar", "box"))
        await mine.thesauri(words)

        found = await words.thesauri(
            cast("AsyncSession", theirs), OwnGroups(theirs.organization_id, mine.digest)
        )

        assert await expanded(found, "jar") == {"mbox"}

    async def test_only_new_words_are_cut(self) -> None:
        gate = Gate()
        gate.open.set()
        words = Vocabulary(Cutter(gate))
        mine = Groups(("단지", "분전반"))
        await mine.thesauri(words)
        await settled(words)
        gate.asked.clear()
        mine.groups = (("단지", "분전반"), ("곳간", "창고"))

        await mine.thesauri(words)

        assert sorted(gate.asked) == ["곳간", "창고"]

    async def test_many_new_words_are_found_at_once_and_have_their_morphemes_later(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(vocabulary, "QUICK_WORDS", 1)
        gate = Gate()
        words = Vocabulary(Cutter(gate))
        mine = Groups(("곳간", "panel"))

        first = await asyncio.wait_for(mine.thesauri(words), 30)

        assert await expanded(first, "panel") == {"b곳간"}
        gate.open.set()
        await settled(words)
        assert "m곳간" in await expanded(await mine.thesauri(words), "panel")
        await words.close()

    async def test_those_not_asked_for_longest_are_forgotten(
        self, words: Vocabulary, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(vocabulary, "REMEMBERED_WORDS", 4)
        first, second, third = (Groups((f"jar{name}", "panel")) for name in "abc")
        for each in (first, second, first, third):
            await each.thesauri(words)
        assert (first.read, second.read, third.read) == (1, 1, 1)

        await first.thesauri(words)
        await second.thesauri(words)

        assert (first.read, second.read) == (1, 2)
