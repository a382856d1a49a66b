"""The search engine that the settings describe."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from kis.platform.configuration import SearchSettings
from kis.search.postings import PostingEngine
from kis.search.tokens import Analyzer, Cutter, NoAnalyzer
from kis.search.tokens.kiwi import KiwiAnalyzer, is_installed
from kis.search.tokens.links import OwnProcess, SharedProcess
from kis.search.tokens.remote import PATIENCE_SECONDS, RemoteAnalyzer
from kis.search.tokens.words import shipped_words
from kis.search.vectors import QueryVectors, embedder_of

log = structlog.get_logger(__name__)


@asynccontextmanager
async def open_engine(
    settings: SearchSettings, *, data: Path | None = None, waits: bool = False, is_background: bool = False
) -> AsyncIterator[PostingEngine]:
    """Yield the engine. ``data``: the folder of the installation, whose processes share one analyzer.

    ``waits``: until the morphemes are there, instead of doing without them (for programs that nobody waits for). ``is_background``: for workers, which
    wait a while for an analyzer that is being started. Raises BadInput where the settings lack something.
    """
    embedder = embedder_of(settings)
    patience_seconds = PATIENCE_SECONDS if is_background else 0.0
    analyzer = open_analyzer(settings, data=data, waits=waits, patience_seconds=patience_seconds)
    vectors = QueryVectors(embedder, seconds=settings.embeddings_timeout_seconds)
    engine = PostingEngine(Cutter(analyzer), vectors=vectors, waits=waits)
    try:
        yield engine
    finally:
        await engine.close()
        await analyzer.close()
        await embedder.close()


def open_analyzer(
    settings: SearchSettings, *, data: Path | None = None, waits: bool = False, patience_seconds: float = 0.0
) -> Analyzer:
    """Return what finds morphemes, as the settings and this machine have it; ``close`` it."""
    if settings.morphemes == "off":
        return NoAnalyzer()
    if not is_installed():
        log.warning("search.analyzer_not_installed", package="kiwipiepy")
        return NoAnalyzer()
    shared = SharedProcess(data) if data is not None and settings.morphemes != "own" else None
    if shared is not None and (settings.morphemes == "shared" or shared.is_there()):
        return RemoteAnalyzer(shared, waits=waits, patience_seconds=patience_seconds)
    if waits:  # nothing else is to be done meanwhile: this very process may load it
        return KiwiAnalyzer(shipped_words())
    return RemoteAnalyzer(OwnProcess())
