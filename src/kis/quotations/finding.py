"""What a quotation is found by: for the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.quotations.life import Status
from kis.quotations.models import Panel, Quote, QuoteItem

FINDABLE = frozenset(Status) - {Status.DRAFT, Status.QUEUED, Status.PROCESSING, Status.FAILED}
"""Finished: what is being made is found by its number in the list of quotations."""
MOST_PARTS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class FindableQuotation:
    """A finished quotation in words."""

    id: UUID
    organization_id: UUID
    number: str
    revision: int
    status: str
    locale: str
    customer: str
    project: str
    currency: str
    total: Decimal | None
    created_at: datetime
    created_by: str
    panels: tuple[str, ...]
    parts: tuple[str, ...]
    """Each once: its name and its make and model."""


async def findable(session: AsyncSession, quote_ids: Sequence[UUID]) -> list[FindableQuotation]:
    """Return those of the quotations that are finished."""
    statuses = [status.value for status in FINDABLE]
    wanted = select(Quote).where(Quote.id.in_(quote_ids), Quote.status.in_(statuses)).order_by(Quote.id)
    quotes = (await session.execute(wanted)).scalars().all()
    ids = [quote.id for quote in quotes]
    panels = (
        select(Panel.quote_id, Panel.name, Panel.enclosure_model)
        .where(Panel.quote_id.in_(ids))
        .order_by(Panel.position)
    )
    items = (
        select(QuoteItem.quote_id, QuoteItem.item, QuoteItem.spec)
        .where(QuoteItem.quote_id.in_(ids))
        .order_by(QuoteItem.position)
    )
    named: dict[UUID, dict[str, None]] = {quote_id: {} for quote_id in ids}
    parts: dict[UUID, dict[str, None]] = {quote_id: {} for quote_id in ids}
    for quote_id, name, enclosure in await session.execute(panels):
        named[quote_id][" ".join(word for word in (name, enclosure) if word)] = None
    for quote_id, item, spec in await session.execute(items):
        parts[quote_id][f"{item} {spec}".strip()] = None
    return [
        FindableQuotation(
            id=quote.id,
            organization_id=quote.organization_id,
            number=quote.number,
            revision=quote.revision,
            status=quote.status,
            locale=quote.locale,
            customer=quote.customer_name,
            project=quote.project_name,
            currency=quote.currency,
            total=quote.total,
            created_at=quote.created_at,
            created_by=quote.created_by,
            panels=tuple(named[quote.id]),
            parts=tuple(parts[quote.id])[:MOST_PARTS],
        )
        for quote in quotes
    ]
