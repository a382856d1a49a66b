"""Every statement about runs and their rows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    String,
    bindparam,
    cast,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kis.knowledge.models import Article, ImportRow, ImportRun
from kis.knowledge.repository import table
from kis.knowledge.runs.errors import RunNotFound
from kis.knowledge.runs.things import (
    EVERYWHERE,
    UNFINISHED,
    NewRow,
    Outcome,
    Row,
    Run,
    RunStatus,
    Settled,
    ShownRow,
    stored_problem,
)
from kis.platform.errors import Problem
from kis.platform.messages import Message

_CHUNK: Final = 500
_SETTLE: Final = text(
    """
    UPDATE knowledge.import_rows AS r SET outcome = s.outcome, article_id = s.article_id, problems = s.problems
    FROM jsonb_to_recordset(:settled) AS s (number integer, outcome varchar, article_id uuid, problems jsonb)
    WHERE r.run_id = :run_id AND r.number = s.number
    """
).bindparams(bindparam("settled", type_=JSONB))
_SKIP: Final = text(
    """
    UPDATE knowledge.import_rows SET outcome = 'skipped', problems = jsonb_build_array(CAST(:problem AS jsonb) || jsonb_build_object('path', name))
    WHERE run_id = :run_id AND outcome IS NULL
    """
)


async def insert_run(session: AsyncSession, run: ImportRun) -> UUID:
    """Write a run and return its id."""
    session.add(run)
    await session.flush()
    return run.id


async def get(session: AsyncSession, run_id: UUID) -> ImportRun:
    """Return a run. Raises RunNotFound."""
    found = await session.get(ImportRun, run_id)
    if found is None:
        raise RunNotFound(run_id)
    return found


async def locked(session: AsyncSession, run_id: UUID) -> ImportRun:
    """Return a run that nobody else changes until the end of the transaction. Raises RunNotFound."""
    chosen = select(ImportRun).where(ImportRun.id == run_id).with_for_update()
    found = (await session.scalars(chosen)).one_or_none()
    if found is None:
        raise RunNotFound(run_id)
    return found


async def page(
    session: AsyncSession, *, kinds: Sequence[str] = (), everywhere: bool, offset: int, limit: int
) -> tuple[Sequence[ImportRun], int]:
    """Return one page of the runs of the session's organisation, the newest first, and how many there are; of some kinds alone where any are named, with those over the whole installation where ``everywhere``."""
    wanted = [ImportRun.kind.in_(kinds)] if kinds else []
    if not everywhere:
        wanted.append(func.coalesce(ImportRun.options[EVERYWHERE].as_boolean(), false()).is_(False))
    ordered = select(ImportRun).where(*wanted).order_by(ImportRun.created_at.desc(), ImportRun.id)
    total = await session.scalar(select(func.count()).select_from(ImportRun).where(*wanted))
    return (await session.scalars(ordered.offset(offset).limit(limit))).all(), int(total or 0)


async def outcomes(session: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, dict[str, int]]:
    """Return by run how many of its rows came to what."""
    chosen = (
        select(ImportRow.run_id, ImportRow.outcome, func.count())
        .where(ImportRow.run_id.in_(run_ids), ImportRow.outcome.is_not(None))
        .group_by(ImportRow.run_id, ImportRow.outcome)
    )
    found: dict[UUID, dict[str, int]] = {run_id: {} for run_id in run_ids}
    for run_id, outcome, count in await session.execute(chosen):
        found[run_id][str(outcome)] = count
    return found


async def add_rows(session: AsyncSession, run: ImportRun, rows: Sequence[NewRow]) -> None:
    """Write all rows of a run and count them."""
    values = [
        {
            "run_id": run.id,
            "number": number,
            "organization_id": run.organization_id,
            "name": row.name,
            "content": dict(row.content),
            "outcome": None if row.outcome is None else row.outcome.value,
            "problems": list(row.problems),
        }
        for number, row in enumerate(rows, start=1)
    ]
    for start in range(0, len(values), _CHUNK):
        await session.execute(insert(table(ImportRow)), values[start : start + _CHUNK])
    run.total = len(rows)
    run.done = sum(row.outcome is not None for row in rows)
    run.failed = sum(row.outcome is Outcome.FAILED for row in rows)


async def open_rows(session: AsyncSession, run_id: UUID, limit: int) -> list[Row]:
    """Return the next rows that have no outcome yet."""
    chosen = (
        select(ImportRow.number, ImportRow.name, ImportRow.content)
        .where(ImportRow.run_id == run_id, ImportRow.outcome.is_(None))
        .order_by(ImportRow.number)
        .limit(limit)
    )
    return [
        Row(number=number, name=name, content=content)
        for number, name, content in await session.execute(chosen)
    ]


async def still_open(session: AsyncSession, run_id: UUID, numbers: Sequence[int]) -> bool:
    """Tell whether none of these rows has an outcome yet."""
    chosen = select(func.count()).select_from(ImportRow)
    wanted = (ImportRow.run_id == run_id, ImportRow.number.in_(numbers), ImportRow.outcome.is_(None))
    return await session.scalar(chosen.where(*wanted)) == len(numbers)


async def settle(session: AsyncSession, run: ImportRun, settled: Sequence[Settled]) -> None:
    """Write what became of rows, and count them in their run."""
    values = [
        {
            "number": one.number,
            "outcome": one.outcome.value,
            "article_id": None if one.article_id is None else str(one.article_id),
            "problems": list(one.problems),
        }
        for one in settled
    ]
    await session.execute(_SETTLE, {"run_id": run.id, "settled": values})
    failed = sum(one.outcome is Outcome.FAILED for one in settled)
    run.done += len(settled)
    run.failed += failed


async def finish(
    session: AsyncSession, run_id: UUID, status: RunStatus, error: dict[str, Any] | None = None
) -> bool:
    """End a run that has not ended. False: it had."""
    ended = (
        update(ImportRun)
        .where(ImportRun.id == run_id, ImportRun.status.in_([one.value for one in UNFINISHED]))
        .values(status=status.value, error=error, finished_at=datetime.now(UTC))
        .returning(ImportRun.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(ended) is not None


async def skip_open_rows(session: AsyncSession, run_id: UUID) -> None:
    """Say of the rows that are still open that nothing becomes of them."""
    told = stored_problem(Problem("", Message("knowledge_files.run.cancelled")))
    await session.execute(_SKIP, {"run_id": run_id, "problem": orjson.dumps(told).decode()})


async def reported(
    session: AsyncSession, run_id: UUID, *, whole: bool, after: int, limit: int
) -> tuple[ShownRow, ...]:
    """Return the next rows of a run's report, with or without an outcome; unless ``whole``, as far as the session's caller may know of their articles."""
    wanted = (ImportRow.run_id == run_id, ImportRow.number > after)
    return await _rows(session, wanted, whole=whole, offset=0, limit=limit)


async def rows_page(
    session: AsyncSession, run_id: UUID, outcome: Outcome | None, *, whole: bool, offset: int, limit: int
) -> tuple[tuple[ShownRow, ...], int]:
    """Return one page of the rows of a run in their order, of one outcome alone where it is named, and how many there are; what they say as ``reported`` does."""
    wanted = [ImportRow.run_id == run_id]
    if outcome is not None:
        wanted.append(ImportRow.outcome == outcome.value)
    total = await session.scalar(select(func.count()).select_from(ImportRow).where(*wanted))
    return await _rows(session, wanted, whole=whole, offset=offset, limit=limit), int(total or 0)


async def _rows(
    session: AsyncSession, wanted: Sequence[ColumnElement[bool]], *, whole: bool, offset: int, limit: int
) -> tuple[ShownRow, ...]:
    """Return rows; of one whose article the caller does not see that it is there, and what became of it."""
    article = func.coalesce(cast(ImportRow.article_id, String), ImportRow.content["id"].astext)
    is_shown = literal(whole) | article.is_(None) | article.in_(select(cast(Article.id, String)))
    chosen = select(ImportRow, is_shown).where(*wanted).order_by(ImportRow.number)
    return tuple(
        ShownRow(
            number=row.number,
            name=row.name if shows else "",
            outcome=None if row.outcome is None else Outcome(row.outcome),
            article_id=row.article_id if shows else None,
            problems=row.problems if shows else (),
        )
        for row, shows in await session.execute(chosen.offset(offset).limit(limit))
    )


def shown(run: ImportRun, counts: dict[str, int]) -> Run:
    """Return a run as a face shows it."""
    return Run(
        id=run.id,
        kind=run.kind,
        name=str(run.options.get("name", "")),
        status=RunStatus(run.status),
        total=run.total,
        done=run.done,
        failed=run.failed,
        outcomes=counts,
        is_dry=bool(run.options.get("dry_run")),
        error=run.error,
        started_by=run.started_by,
        created_at=run.created_at,
        finished_at=run.finished_at,
    )
