"""Every query of quotations, but those that read for a face (``reading_queries``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Base
from kis.platform.jobs.models import IdempotencyKey, Job
from kis.quotations.errors import QuotationNotFound
from kis.quotations.life import Status
from kis.quotations.models import (
    Breaker,
    Document,
    GateAcceptance,
    GateResult,
    MixedException,
    Panel,
    Quote,
    QuoteEvent,
    QuoteItem,
)

KEPT_HOURS: Final = 24
"""How long the answer to an Idempotency-Key is kept."""


_HOUSE: Final = text("SELECT code, name, time_zone FROM identity.organizations WHERE id = :organization_id")
_NEXT_NUMBER: Final = text(
    """
    SELECT house.code, house.name, house.time_zone, chosen.day,
      estimator.next_running_number(house.id, extract(year FROM chosen.day)::integer)
    FROM identity.organizations AS house
    CROSS JOIN LATERAL (SELECT coalesce(CAST(:day AS date), (now() AT TIME ZONE house.time_zone)::date) AS day) AS chosen
    WHERE house.id = :organization_id
    """
)
_LIBRARY_FILES: Final = text(
    "SELECT name, path FROM estimator.evidence_blobs WHERE trace_id = :trace_id AND starts_with(name, 'library/')"
)
_APPROVE_MIXED: Final = text(
    "SELECT month, ordinal FROM estimator.approve_mixed_exception(:quote_id, :panel, :makes, :reason, :actor)"
)
_TO_EXPIRE: Final = text(
    """
    SELECT quote.id FROM estimator.quotes AS quote JOIN identity.organizations AS house ON house.id = quote.organization_id
    WHERE quote.status = 'sent' AND quote.valid_until < (now() AT TIME ZONE house.time_zone)::date
    ORDER BY quote.valid_until LIMIT :most FOR UPDATE OF quote SKIP LOCKED
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a quotation takes from its organisation."""

    code: str
    name: str
    time_zone: str


def _table(model: type[Base]) -> Table:
    """Return the table itself: rows are written as they are, many at a time, without the unit of work between."""
    return cast("Table", model.__table__)


async def house(session: AsyncSession, organization_id: UUID) -> House:
    """Return the organisation's code, name and time zone."""
    found = await session.execute(_HOUSE, {"organization_id": organization_id})
    code, name, time_zone = found.one()
    return House(code=code, name=name, time_zone=time_zone)


async def next_number(
    session: AsyncSession, organization_id: UUID, day: date | None
) -> tuple[House, date, int]:
    """Return the organisation, the day of a new quotation (``day``, else today's where the organisation is), and its running number in that year.

    The number is given out once the transaction commits.
    """
    row = (await session.execute(_NEXT_NUMBER, {"organization_id": organization_id, "day": day})).one()
    return House(code=row[0], name=row[1], time_zone=row[2]), row[3], row[4]


async def claim_key(session: AsyncSession, row: Mapping[str, Any]) -> bool:
    """Take an Idempotency-Key for this transaction. False: its first answer is there (waits for one that is being given right now)."""
    statement = upsert(IdempotencyKey).values(**row, status_code=0, body=b"")
    fresh = statement.on_conflict_do_update(
        index_elements=["organization_id", "caller", "key"],
        set_={
            "route": row["route"],
            "request_sha256": row["request_sha256"],
            "status_code": 0,
            "body": b"",
            "created_at": func.now(),
        },
        where=IdempotencyKey.created_at < func.now() - text(f"interval '{KEPT_HOURS} hours'"),
    ).returning(IdempotencyKey.key)
    return await session.scalar(fresh) is not None


async def keep_answer(session: AsyncSession, row: Mapping[str, Any], status_code: int, body: bytes) -> None:
    """Keep the answer given under a key that was claimed in this transaction."""
    await session.execute(_of_key(update(IdempotencyKey), row).values(status_code=status_code, body=body))


async def kept_answer(session: AsyncSession, row: Mapping[str, Any]) -> tuple[str, str, int, bytes]:
    """Return route, request digest, status and body of the first answer under a key."""
    chosen = select(
        IdempotencyKey.route, IdempotencyKey.request_sha256, IdempotencyKey.status_code, IdempotencyKey.body
    )
    found = await session.execute(_of_key(chosen, row))
    route, request_sha256, status_code, body = found.one()
    return route, request_sha256, status_code, body


def _of_key(statement: Any, row: Mapping[str, Any]) -> Any:
    return statement.where(
        IdempotencyKey.organization_id == row["organization_id"],
        IdempotencyKey.caller == row["caller"],
        IdempotencyKey.key == row["key"],
    )


async def add_quote(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Insert a quotation."""
    await session.execute(insert(_table(Quote)), dict(values))


async def quote(session: AsyncSession, quote_id: UUID, *, for_update: bool = False) -> Quote:
    """Return a quotation without its result, locked where asked. Raises QuotationNotFound."""
    statement = select(Quote).where(Quote.id == quote_id)
    if for_update:
        statement = statement.with_for_update()
    found = await session.scalar(statement)
    if found is None:
        raise QuotationNotFound(quote_id)
    return found


async def result_of(session: AsyncSession, quote_id: UUID) -> bytes | None:
    """Return the whole result of a quotation, canonical JSON."""
    return await session.scalar(select(Quote.result).where(Quote.id == quote_id))


async def move(
    session: AsyncSession,
    quote_id: UUID,
    *,
    of: Sequence[Status],
    to: Status,
    values: Mapping[str, Any] | None = None,
) -> bool:
    """Bring a quotation from one of the statuses ``of`` to ``to`` with ``values``. False: it is in another status."""
    statement = (
        update(Quote)
        .where(Quote.id == quote_id, Quote.status.in_([status.value for status in of]))
        .values(status=to.value, version=Quote.version + 1, **(values or {}))
        .returning(Quote.id)
        .execution_options(synchronize_session=False)
    )
    return await session.scalar(statement) is not None


async def change(session: AsyncSession, quote_id: UUID, values: Mapping[str, Any]) -> None:
    """Change columns of a quotation."""
    statement = update(Quote).where(Quote.id == quote_id).values(version=Quote.version + 1, **values)
    await session.execute(statement.execution_options(synchronize_session=False))


async def take_sequence(
    session: AsyncSession, quote_id: UUID, count: int, while_in: Sequence[Status] | None
) -> tuple[int, UUID] | None:
    """Raise the sequence of the quotation's events by ``count``; return its new end and the organisation, None where the status is another."""
    statement = update(Quote).where(Quote.id == quote_id)
    if while_in is not None:
        statement = statement.where(Quote.status.in_([status.value for status in while_in]))
    raised = statement.values(event_sequence=Quote.event_sequence + count).returning(
        Quote.event_sequence, Quote.organization_id
    )
    row = (await session.execute(raised.execution_options(synchronize_session=False))).one_or_none()
    return None if row is None else (row[0], row[1])


def event_row(
    quote_id: UUID, organization_id: UUID, seq: int, kind: str, data: Mapping[str, Any]
) -> dict[str, Any]:
    """Return an event as it is inserted."""
    return {
        "quote_id": quote_id,
        "organization_id": organization_id,
        "seq": seq,
        "kind": str(kind),
        "data": dict(data),
    }


async def add_events(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert events."""
    await session.execute(insert(_table(QuoteEvent)), [dict(row) for row in rows])


EventRow = tuple[int, str, Any, datetime]
"""Sequence, kind, data and time of an event."""


async def newest_event(session: AsyncSession, quote_id: UUID) -> tuple[int, str] | None:
    """Return sequence and kind of the newest event of a quotation (0 and nothing before the first), None where there is no such quotation."""
    statement = (
        select(Quote.event_sequence, func.coalesce(QuoteEvent.kind, ""))
        .outerjoin(QuoteEvent, (QuoteEvent.quote_id == Quote.id) & (QuoteEvent.seq == Quote.event_sequence))
        .where(Quote.id == quote_id)
    )
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], row[1])


async def events_after(
    session: AsyncSession, quote_id: UUID, seq: int, most: int
) -> tuple[int, str, list[EventRow]] | None:
    """Return the sequence of the newest event, the trace id, and up to ``most`` events after ``seq``, the oldest first; None where there is no such quotation."""
    statement = (
        select(
            Quote.event_sequence,
            Quote.trace_id,
            QuoteEvent.seq,
            QuoteEvent.kind,
            QuoteEvent.data,
            QuoteEvent.created_at,
        )
        .outerjoin(QuoteEvent, (QuoteEvent.quote_id == Quote.id) & (QuoteEvent.seq > seq))
        .where(Quote.id == quote_id)
        .order_by(QuoteEvent.seq)
        .limit(most)
    )
    rows = (await session.execute(statement)).all()
    if not rows:
        return None
    events = [(row[2], row[3], row[4], row[5]) for row in rows if row[2] is not None]
    return rows[0][0], rows[0][1], events


async def last_revision(session: AsyncSession, organization_id: UUID, number: str) -> int:
    """Return the highest revision of a number; locks the number, so that two revisions made at once get two numbers."""
    await session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"),
        {"name": f"quotation:{organization_id}:{number}"},
    )
    statement = select(func.max(Quote.revision)).where(
        Quote.organization_id == organization_id, Quote.number == number
    )
    return int(await session.scalar(statement) or 0)


async def earlier_issues(
    session: AsyncSession, organization_id: UUID, number: str, before: int
) -> list[tuple[int, date]]:
    """Return revision and day of the revisions before ``before`` that were issued, the first first."""
    statement = (
        select(Quote.revision, Quote.quotation_date)
        .where(
            Quote.organization_id == organization_id,
            Quote.number == number,
            Quote.revision < before,
            Quote.verdict.is_not(None),
        )
        .order_by(Quote.revision)
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def queued_at(session: AsyncSession, quote_id: UUID) -> datetime:
    """Return when the quotation was queued the last time."""
    statement = select(func.max(QuoteEvent.created_at)).where(
        QuoteEvent.quote_id == quote_id, QuoteEvent.data["phase"].astext == "queued"
    )
    moment: datetime = (await session.execute(statement)).scalar_one()
    return moment


async def acceptances(session: AsyncSession, quote_id: UUID) -> list[GateAcceptance]:
    """Return the gates people took on themselves, the first first."""
    statement = select(GateAcceptance).where(GateAcceptance.quote_id == quote_id)
    return list(await session.scalars(statement.order_by(GateAcceptance.created_at, GateAcceptance.id)))


async def replace_parts(
    session: AsyncSession, quote_id: UUID, parts: Mapping[str, Sequence[Mapping[str, Any]]]
) -> None:
    """Put panels, breakers, items and gate results of a quotation in place of those of an earlier issue."""
    await session.execute(delete(QuoteItem).where(QuoteItem.quote_id == quote_id))
    await session.execute(delete(GateResult).where(GateResult.quote_id == quote_id))
    await session.execute(delete(Panel).where(Panel.quote_id == quote_id))
    for name, table in (
        ("panels", Panel),
        ("breakers", Breaker),
        ("quote_items", QuoteItem),
        ("gate_results", GateResult),
        ("documents", Document),
    ):
        if parts[name]:
            await session.execute(insert(_table(table)), [dict(row) for row in parts[name]])


async def database_totals(session: AsyncSession, quote_id: UUID) -> dict[str, Any]:
    """Return what the database adds up the items of a quotation to."""
    found = await session.scalar(
        text("SELECT public.calculate_quote_totals(:quote_id)"), {"quote_id": quote_id}
    )
    totals: dict[str, Any] = found
    return totals


async def add_acceptance(session: AsyncSession, values: Mapping[str, Any]) -> None:
    """Insert a gate that somebody took on themselves."""
    await session.execute(insert(_table(GateAcceptance)), [dict(values)])


async def approve_mixed(session: AsyncSession, values: Mapping[str, Any]) -> tuple[date, int]:
    """Approve an exception for a panel of more than one make; return its month and place in it. The database raises KIS03 when the month has two."""
    row = (await session.execute(_APPROVE_MIXED, dict(values))).one()
    return row[0], row[1]


async def mixed_month(session: AsyncSession) -> date:
    """Return the first day of the month it is in Seoul."""
    month = await session.scalar(text("SELECT estimator.month_in_seoul(now())"))
    assert isinstance(month, date), "a function that returns a date"
    return month


async def mixed_used(session: AsyncSession, organization_id: UUID, month: date) -> list[str]:
    """Return the exceptions of ``month`` as people know them: number, revision, panel."""
    statement = (
        select(Quote.number, Quote.revision, MixedException.panel)
        .join(Quote, Quote.id == MixedException.quote_id)
        .where(MixedException.organization_id == organization_id, MixedException.month == month)
        .order_by(MixedException.ordinal)
    )
    return [f"{row[0]}-R{row[1]} ({row[2]})" for row in await session.execute(statement)]


async def documents(session: AsyncSession, quote_id: UUID, kinds: Sequence[str] = ()) -> list[Document]:
    """Return the documents of the newest issue of a quotation, of these kinds where some are named."""
    statement = (
        select(Document)
        .join(Quote, Quote.id == Document.quote_id)
        .where(Document.quote_id == quote_id, Document.trace_id == Quote.trace_id)
        .order_by(Document.name)
    )
    if kinds:
        statement = statement.where(Document.kind.in_(kinds))
    return list(await session.scalars(statement))


async def document(session: AsyncSession, document_id: UUID) -> Document | None:
    """Return a document by its id."""
    return await session.scalar(select(Document).where(Document.id == document_id))


async def task(session: AsyncSession, task_id: UUID) -> Job | None:
    """Return a job."""
    return await session.scalar(select(Job).where(Job.id == task_id))


async def to_expire(session: AsyncSession, most: int) -> list[UUID]:
    """Return sent quotations whose validity is over in the organisation's own day, locked."""
    return list(await session.scalars(_TO_EXPIRE, {"most": most}))


async def library_files(session: AsyncSession, trace_id: str) -> dict[str, str]:
    """Return where the objects of the library of a pack are, by their name in the pack."""
    rows = await session.execute(_LIBRARY_FILES, {"trace_id": trace_id})
    return {row[0]: row[1] for row in rows}
