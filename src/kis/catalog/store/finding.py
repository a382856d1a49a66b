"""What a part of the catalogue is found by: for the search."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog.store.models import CatalogItem


@dataclass(frozen=True, slots=True, kw_only=True)
class FindablePart:
    """A part that may be chosen, in words."""

    id: UUID
    organization_id: UUID | None
    """None: it came with the program."""
    kind: str
    key: str
    make: str
    model: str
    words: str
    updated_at: datetime


async def findable_parts(session: AsyncSession, item_ids: Sequence[UUID]) -> list[FindablePart]:
    """Return those of the parts that are still offered."""
    wanted = (
        select(CatalogItem)
        .where(CatalogItem.id.in_(item_ids), CatalogItem.is_active.is_(True))
        .order_by(CatalogItem.id)
    )
    return [
        FindablePart(
            id=item.id,
            organization_id=item.organization_id,
            kind=item.kind,
            key=item.key,
            make=item.make,
            model=item.model,
            words=item.search,
            updated_at=item.updated_at,
        )
        for item in (await session.execute(wanted)).scalars()
    ]
