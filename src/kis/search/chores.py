"""What is done for the search every so often."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.jobs import Chore, Handling
from kis.search import vectors
from kis.search.cache import fold
from kis.search.clearing import Clearing
from kis.search.engine import SearchEngine

COUNT_SECONDS: Final = 20.0
REFINE_SECONDS: Final = 5.0
REFINED_AT_ONCE: Final = 100
FOLD_SECONDS: Final = 60.0
CLEAR_SECONDS: Final = 10.0
_TAKE_TIME: Final = text("SET LOCAL statement_timeout = '15min'")
"""Counting a hundred thousand articles takes longer than a caller would wait."""


def search_chores(engine: SearchEngine) -> tuple[Chore, ...]:
    """Return the chores.

    Counting how rare terms are, giving morphemes to what was cut before they were there, folding what changed into one row, clearing postings whose item is gone,
    and asking for vectors where they are missing.
    """

    async def count(session: AsyncSession) -> int:
        await session.execute(_TAKE_TIME)
        return await engine.count(session)

    async def refine(session: AsyncSession) -> int:
        await session.execute(_TAKE_TIME)
        return await engine.refine(session, most=REFINED_AT_ONCE)

    return (
        Chore("search.count", COUNT_SECONDS, count),
        Chore("search.refine", REFINE_SECONDS, refine),
        Chore("search.fold", FOLD_SECONDS, fold),
        Chore("search.clear", CLEAR_SECONDS, Clearing()),
        *vectors.chores(engine.embedder),
    )


def search_handlings(engine: SearchEngine) -> Mapping[str, Handling]:
    """Return who does the jobs of the search: making vectors, where there is a model."""
    return vectors.handlings(engine.embedder)
