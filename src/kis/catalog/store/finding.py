"""What a part of the catalogue is found by: for the search, and for the assistant's products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPart:
    """A part as its row has it."""

    kind: str
    key: str
    make: str
    model: str
    columns: Mapping[str, Any]
    is_own: bool


async def held_parts(
    session: AsyncSession, organization_id: UUID | None, *, shipped: bool = True
) -> list[HeldPart]:
    """Return the parts that hold for an organisation, an own one in place of the shipped one of its key; for nobody's, the shipped ones.

    Without ``shipped`` the organisation's own alone.
    """
    of_whom = CatalogItem.organization_id == organization_id
    if shipped:
        of_whom = or_(CatalogItem.organization_id.is_(None), of_whom)
    wanted = (
        select(CatalogItem)
        .where(of_whom, CatalogItem.is_active.is_(True))
        # An own one comes last and so takes the place of the shipped one.
        .order_by(
            CatalogItem.organization_id.nulls_first(), CatalogItem.kind, CatalogItem.make, CatalogItem.key
        )
    )
    held = {
        (item.kind, item.key): HeldPart(
            kind=item.kind,
            key=item.key,
            make=item.make,
            model=item.model,
            columns=dict(item.columns),
            is_own=item.organization_id is not None,
        )
        for item in (await session.execute(wanted)).scalars()
    }
    return list(held.values())
