"""The morphemes of open Korean manuals: found behind the questions, and when they are there the manual's index is exchanged for one that knows them.

Pairs of syllables answer at once. An analyzer takes seconds for a long manual, and may be away: nobody waits for it. A question to an index with morphemes is
itself analysed, within a time that nobody notices.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import structlog

from kis.assistant.manuals.memory import Memory
from kis.assistant.manuals.opened import OpenManual
from kis.assistant.reading import PassageIndex, asked_text, stem_terms, texts_to_analyze
from kis.search import Analyzer, Language, Morpheme, NoAnalyzer

QUESTION_SECONDS: Final = 0.05
"""So long a question waits for its morphemes; it takes a few milliseconds."""
PORTION_CHARACTERS: Final = 8_000
"""Shown to the analyzer at a time: what it says of them is read within milliseconds, in which nobody else has the event loop."""
STEM_BYTES_EACH: Final = 8
"""What the stems of a manual are said to take in memory for each of its characters; counted object by object it is 4 to 5 and the stems' letters."""
REST_SECONDS: Final = 600.0
"""For so long a manual is not shown to an analyzer again that did not take it, or was not there; or whose morphemes are more than memory holds."""
_MOST_RESTING: Final = 1_000

log = structlog.get_logger(__name__)


class Stemming:
    """Gives the manuals that a process remembers their morphemes. It belongs to the event loop that it is used in."""

    def __init__(
        self,
        analyzer: Analyzer,
        memory: Memory[OpenManual],
        *,
        question_seconds: float = QUESTION_SECONDS,
    ) -> None:
        self._analyzer = analyzer
        self._memory = memory
        self._question_seconds = question_seconds
        self._turn = asyncio.Lock()
        self._finding: dict[str, asyncio.Task[None]] = {}
        self._resting: OrderedDict[str, float] = OrderedDict()

    @property
    def is_busy(self) -> bool:
        """Tell whether morphemes are being found for some manual."""
        return bool(self._finding)

    def begin(self, manual: OpenManual) -> None:
        """See to it that the morphemes of a manual are found, if it is Korean and has none."""
        index, name = manual.index, manual.sha256
        if index.has_morphemes or index.language is not Language.KO or isinstance(self._analyzer, NoAnalyzer):
            return
        if name in self._finding or time.monotonic() < self._resting.get(name, 0.0):
            return
        task = asyncio.create_task(self._exchange(name))
        self._finding[name] = task
        task.add_done_callback(lambda _: self._finding.pop(name, None))

    async def of_question(self, manual: OpenManual, question: str) -> Sequence[Morpheme]:
        """Return the morphemes of a question to a manual; none where its index knows none, or the analyzer does not answer in time."""
        if not manual.index.has_morphemes:
            return ()
        try:
            async with asyncio.timeout(self._question_seconds):
                found = await self._analyzer.analyze([asked_text(question)])
        except TimeoutError:
            return ()
        except Exception as error:  # noqa: BLE001 - whatever an analyzer does, the question has its words
            log.warning("manuals.question_without_morphemes", reason=type(error).__name__)
            return ()
        return found[0] if found else ()

    async def close(self) -> None:
        """Give up what is being found."""
        tasks = tuple(self._finding.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _exchange(self, name: str) -> None:
        """Put an index with morphemes in the place of the one without. What waits for its turn keeps no index in memory that is forgotten meanwhile."""
        async with self._turn:  # of several manuals the first is not to be as late as the last
            manual = self._memory.look(name)
            if manual is not None:
                await self._exchange_now(name, manual.index)

    async def _exchange_now(self, name: str, index: PassageIndex) -> None:
        texts = await asyncio.to_thread(texts_to_analyze, index.passages)
        try:
            stems = await self._stems(name, texts)
        except Exception as error:  # noqa: BLE001 - whatever an analyzer does, the manual has its index
            self._rest(name, type(error).__name__)
            return
        if stems is None:
            return
        stemmed = await asyncio.to_thread(index.with_stems, stems)
        # Whoever read the manual anew meanwhile has the same passages: they are made of the same bytes by the same program.
        manual = self._memory.look(name)
        if manual is not None:
            more_bytes = sum(map(len, texts)) * STEM_BYTES_EACH
            if not self._memory.exchange(name, replace(manual, index=stemmed), more_bytes=more_bytes):
                self._rest(name, "too large")

    async def _stems(self, name: str, texts: Sequence[str]) -> dict[str, tuple[str, ...]] | None:
        """Return the stems of each text; None where the manual is forgotten meanwhile, or nobody told them."""
        stems: dict[str, tuple[str, ...]] = {}
        for portion in _portions(texts):
            if self._memory.look(name) is None:
                return None
            found = await self._analyzer.analyze(portion, waits=True)
            if found is None:
                self._rest(name, "no answer")
                return None
            stems |= await asyncio.to_thread(_told, portion, found)
        return stems

    def _rest(self, name: str, reason: str) -> None:
        log.warning("manuals.without_morphemes", sha256=name, reason=reason)
        self._resting[name] = time.monotonic() + REST_SECONDS
        self._resting.move_to_end(name)
        if len(self._resting) > _MOST_RESTING:
            self._resting.popitem(last=False)


def _told(texts: Sequence[str], found: Sequence[Sequence[Morpheme]]) -> dict[str, tuple[str, ...]]:
    return {text: tuple(stem_terms(morphemes)) for text, morphemes in zip(texts, found, strict=True)}


def _portions(texts: Sequence[str]) -> Iterator[list[str]]:
    """Yield texts together, so many that they are just longer than a portion."""
    portion: list[str] = []
    characters = 0
    for text in texts:
        portion.append(text)
        characters += len(text)
        if characters >= PORTION_CHARACTERS:
            yield portion
            portion, characters = [], 0
    if portion:
        yield portion
