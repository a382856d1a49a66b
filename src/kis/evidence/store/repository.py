"""Every query of the evidence store."""

from collections.abc import Collection, Sequence
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import Table, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_or_not
from sqlalchemy.ext.asyncio import AsyncSession

from kis.evidence.store.models import EvidenceBlob, EvidenceHead, EvidencePack

_PACKS: Final = cast("Table", EvidencePack.__table__)
_BLOBS: Final = cast("Table", EvidenceBlob.__table__)
_HEADS: Final = cast("Table", EvidenceHead.__table__)
"""Written to as tables: as entities SQLAlchemy would ask for the tables of other contexts, to find an order."""

NOBODY: Final = ""
"""Trace id and digest of a head before the first pack."""


async def lock_quote(session: AsyncSession, quote_id: UUID) -> None:
    """Let nobody else add to or clear the objects of a quotation until this transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"evidence:{quote_id}", 0)))
    )


async def locked_head(session: AsyncSession, organization_id: UUID) -> EvidenceHead:
    """Return the organisation's head, made if it is the first, held until this transaction ends."""
    first = {"organization_id": organization_id, "sequence": 0, "trace_id": NOBODY, "sha256": NOBODY}
    await session.execute(insert_or_not(_HEADS).values(first).on_conflict_do_nothing())
    found = await session.execute(
        select(EvidenceHead).where(EvidenceHead.organization_id == organization_id).with_for_update()
    )
    return found.scalar_one()


async def move_head(
    session: AsyncSession, organization_id: UUID, *, sequence: int, trace_id: str, sha256: str
) -> None:
    """Make a pack the newest of its organisation."""
    await session.execute(
        update(_HEADS)
        .where(_HEADS.c.organization_id == organization_id)
        .values(sequence=sequence, trace_id=trace_id, sha256=sha256)
    )


async def insert_pack(session: AsyncSession, pack: dict[str, Any], files: Sequence[dict[str, Any]]) -> None:
    """Write a pack and its files."""
    await session.execute(insert(_PACKS), [pack])
    await session.execute(insert(_BLOBS), files)


async def find_pack(session: AsyncSession, trace_id: str) -> EvidencePack | None:
    """Return the pack of a trace id, of those the session may see."""
    return await session.get(EvidencePack, trace_id)


async def files_of(session: AsyncSession, trace_ids: Collection[str]) -> Sequence[EvidenceBlob]:
    """Return the files of some packs, pack by pack, by name."""
    found = await session.scalars(
        select(EvidenceBlob)
        .where(EvidenceBlob.trace_id.in_(trace_ids))
        .order_by(EvidenceBlob.trace_id, EvidenceBlob.name)
    )
    return found.all()


async def named_paths(session: AsyncSession, paths: Sequence[str]) -> frozenset[str]:
    """Return those of ``paths`` that a row names."""
    found = await session.scalars(select(EvidenceBlob.path).where(EvidenceBlob.path.in_(paths)).distinct())
    return frozenset(found)


async def paths_of_quote(session: AsyncSession, quote_id: UUID) -> frozenset[str]:
    """Return the paths that a quotation's rows name."""
    found = await session.scalars(select(EvidenceBlob.path).where(EvidenceBlob.quote_id == quote_id))
    return frozenset(found)


async def pack_of_digest(session: AsyncSession, sha256: str) -> bool:
    """Tell whether a pack has this digest."""
    return (
        await session.scalar(select(EvidencePack.trace_id).where(EvidencePack.sha256 == sha256)) is not None
    )


async def stages_of_digest(session: AsyncSession, sha256: str) -> frozenset[str]:
    """Return the stages of the files with this digest."""
    found = await session.scalars(select(EvidenceBlob.stage).where(EvidenceBlob.sha256 == sha256).distinct())
    return frozenset(found)


async def count_packs(session: AsyncSession) -> int:
    """Return how many packs there are."""
    return await session.scalar(select(func.count()).select_from(EvidencePack)) or 0


async def packs_after(
    session: AsyncSession, organization_id: UUID, sequence: int, *, most: int
) -> Sequence[EvidencePack]:
    """Return the packs of an organisation that follow a place in its chain."""
    found = await session.scalars(
        select(EvidencePack)
        .where(EvidencePack.organization_id == organization_id, EvidencePack.sequence > sequence)
        .order_by(EvidencePack.sequence)
        .limit(most)
    )
    return found.all()


async def lines(session: AsyncSession) -> Sequence[tuple[UUID, EvidenceHead | None, int]]:
    """Return every organisation that has packs or a head, with its head and the place of its newest pack."""
    newest = (
        select(EvidencePack.organization_id, func.max(EvidencePack.sequence).label("sequence"))
        .group_by(EvidencePack.organization_id)
        .subquery()
    )
    organization = func.coalesce(newest.c.organization_id, EvidenceHead.organization_id)
    found = await session.execute(
        select(
            organization,
            EvidenceHead,
            func.coalesce(newest.c.sequence, 0),
        )
        .select_from(newest)
        .join(EvidenceHead, EvidenceHead.organization_id == newest.c.organization_id, full=True)
        .order_by(organization)
    )
    return [(organization_id, head, sequence) for organization_id, head, sequence in found]
