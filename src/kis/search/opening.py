"""The search engine that the settings describe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kis.platform.configuration import SearchSettings
from kis.search.postings import PostingEngine
from kis.search.synonyms import shipped_words
from kis.search.tokens import Analyzer, Cutter, NoAnalyzer
from kis.search.tokens.kiwi import KiwiAnalyzer


@asynccontextmanager
async def open_engine(settings: SearchSettings, *, waits: bool = False) -> AsyncIterator[PostingEngine]:
    """Yield the engine. ``waits``: until the morphemes are there, instead of doing without them (for programs that nobody waits for)."""
    analyzer = _analyzer(settings, waits=waits)
    try:
        yield PostingEngine(Cutter(analyzer))
    finally:
        await analyzer.close()


def _analyzer(settings: SearchSettings, *, waits: bool) -> Analyzer:
    if settings.morphemes == "off":
        return NoAnalyzer()
    return KiwiAnalyzer(shipped_words(), waits=waits)
