"""Telling listeners of a quotation what happens: rows first, then a wake-up with the same commit.

``seq`` rises by one within a quotation. It is taken from the quotation's row, so whoever writes an event holds that row until the commit, and no
listener can see a later event before an earlier one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.crossing import crossing
from kis.platform.events import announce
from kis.quotations import repository
from kis.quotations.life import EventKind, Status, topic


@dataclass(frozen=True, slots=True)
class Event:
    """Something to tell: its kind and the facts."""

    kind: EventKind
    data: Mapping[str, Any]


async def tell(
    session: AsyncSession,
    quote_id: UUID,
    events: Sequence[Event],
    *,
    while_in: Sequence[Status] | None = None,
) -> bool:
    """Write ``events`` and wake the listeners at the commit. With ``while_in`` nothing is written, and False returned, when the quotation is in another status."""
    place = await repository.take_sequence(session, quote_id, len(events), while_in)
    if place is None:
        return False
    last, organization_id = place
    first = last - len(events) + 1
    await repository.add_events(
        session,
        [
            repository.event_row(quote_id, organization_id, first + offset, event.kind, event.data)
            for offset, event in enumerate(events)
        ],
    )
    await announce(session, topic(quote_id))
    crossing("event.written")
    return True
