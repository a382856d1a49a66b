"""The evaluation: passages are indexed, every question is asked of every contestant, and their answers are kept with their times."""

import asyncio
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import text

from kis.platform.configuration import Settings
from kis.platform.database import Database, Scope
from kis.platform.spread import Spread
from kis.search.engine import SearchEngine
from kis.search.evaluation.contestants import PARAGRAPH, Contestant, SearchContestant
from kis.search.evaluation.kinds import Asked
from kis.search.evaluation.sets import Passage
from kis.search.evaluation.tally import Tally
from kis.search.opening import open_engine
from kis.search.things import Document, Readers, Source

AT_A_TIME: Final = 2_000
"""Passages of one transaction."""
WORTH_A_PROCESS: Final = 600
"""Fewer questions are asked before another process has opened the engine."""
_NAMESPACE: Final = UUID("6f1d2ba4-7c5e-4bb0-9a4c-53c0a9d54d1b")
_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""All are of one day: which one is newer is not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a contestant gave for a question."""

    contestant: str
    asked: Asked
    ranking: tuple[str, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Piece:
    """Questions for one process to ask of one contestant."""

    contestant: Contestant
    asked: tuple[Asked, ...]
    tally: Path | None = None
    """Where each answer is counted, see :class:`Tally`."""


async def indexed(
    passages: Sequence[Passage], settings: Settings, database_url: str, *, role: str
) -> SearchContestant:
    """Index passages in an organisation made for them; return the search over them, asked by its member of ``role``."""
    database = Database(database_url, pool_size=1, name="kis-evaluation")
    try:
        async with open_engine(settings.search, waits=True) as engine:
            organization_id = await _make_organization(database)
            await index_passages(engine, database, organization_id, passages)
            return SearchContestant(
                name=engine.name,
                settings=settings,
                database_url=database_url,
                scope=Scope(organization_id, role=role),
            )
    finally:
        await database.close()


async def index_passages(
    engine: SearchEngine, database: Database, organization_id: UUID, passages: Sequence[Passage]
) -> None:
    """Index each passage as an article that the organisation has published.

    It is counted twice, since weights are worked out by the averages that were counted last: after the first passages and at the end.
    """
    for begin in range(0, len(passages), AT_A_TIME):
        documents = [_document(passage, organization_id) for passage in passages[begin : begin + AT_A_TIME]]
        prepared = await engine.prepare(documents)
        async with database.service() as session:
            await engine.put(session, Source.ARTICLE, [each.source_id for each in documents], prepared)
        if begin == 0:
            await _count(engine, database)
    await _count(engine, database)


async def _count(engine: SearchEngine, database: Database) -> None:
    async with database.service() as session:
        await engine.count(session)


def answers(
    contestants: Sequence[Contestant],
    asked: Sequence[Asked],
    *,
    processes: int,
    spread: Spread,
    tally: Path | None = None,
) -> Iterator[list[Answer]]:
    """Yield what the contestants give, piece by piece; each answer is counted in ``tally`` as it comes."""
    pieces = [piece for contestant in contestants for piece in _pieces(contestant, asked, processes)]
    yield from spread(answered, [replace(piece, tally=tally) for piece in pieces])


def piece_count(contestants: Sequence[Contestant], asked: Sequence[Asked], *, processes: int) -> int:
    """Return how many pieces there will be."""
    return sum(len(_pieces(contestant, asked, processes)) for contestant in contestants)


def answered(piece: Piece) -> list[Answer]:
    """Ask the questions of a piece."""
    return asyncio.run(_answered(piece))


async def _answered(piece: Piece) -> list[Answer]:
    waiting = iter(piece.asked)
    found: list[Answer] = []

    with Tally(piece.tally) as tally:
        async with piece.contestant.opened() as rank:

            async def ask() -> None:
                for asked in waiting:
                    started = time.perf_counter()
                    ranking = await rank(asked.text)
                    milliseconds = (time.perf_counter() - started) * 1000
                    found.append(
                        Answer(
                            contestant=piece.contestant.name,
                            asked=asked,
                            ranking=tuple(ranking),
                            milliseconds=milliseconds,
                        )
                    )
                    tally.count()

            async with asyncio.TaskGroup() as group:
                for _ in range(piece.contestant.at_once):
                    group.create_task(ask())
    return found


def _pieces(contestant: Contestant, asked: Sequence[Asked], processes: int) -> list[Piece]:
    """Return the pieces for a contestant, of about one size, their questions dealt out in turn: no process has all of the slow ones."""
    count = max(1, min(processes, math.floor(len(asked) / WORTH_A_PROCESS)))
    return [Piece(contestant, tuple(asked[begin::count])) for begin in range(count)]


async def _make_organization(database: Database) -> UUID:
    async with database.service() as session:
        made = await session.execute(
            text("INSERT INTO identity.organizations (code, name) VALUES ('EVAL', 'Evaluation') RETURNING id")
        )
        return UUID(str(made.scalar_one()))


def _document(passage: Passage, organization_id: UUID) -> Document:
    return Document(
        readers=Readers(organization_id=organization_id),
        source=Source.ARTICLE,
        source_id=uuid5(_NAMESPACE, passage.id),
        language=passage.language,
        title=passage.title,
        body=passage.text,
        kind="article",
        status="published",
        facts={PARAGRAPH: passage.id},
        dated_at=_DAY,
    )
