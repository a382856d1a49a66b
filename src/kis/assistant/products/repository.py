"""Every question to the tables of products. Whose rows are meant is always said here, whatever the role of the session sees."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.assistant.models import CatalogImport, StoredBrand, StoredProduct

Picked = TypeVar("Picked", bound=Select[Any])

MOST_AT_ONCE: Final = 1000
"""Rows of one statement."""
PIECE: Final = 250
"""Rows read at once where others are answered meanwhile: some 5 ms of work."""
_LOCK: Final = text("SELECT pg_advisory_xact_lock(hashtextextended('assistant.catalogs:' || :owner, 0))")
_REVISION: Final = text(
    """
    SELECT count(*) || '.' || coalesce(bit_xor(hashtextextended(concat_ws(' ', r.source, r.id, r.changed), 0)), 0)
    FROM (
        SELECT 'product' AS source, id, updated_at AS changed FROM assistant.products
        WHERE organization_id = CAST(:owner AS uuid) OR organization_id IS NULL AND CAST(:shipped AS boolean)
        UNION ALL
        SELECT 'brand', id, updated_at FROM assistant.brands
        WHERE organization_id = CAST(:owner AS uuid) OR organization_id IS NULL AND CAST(:shipped AS boolean)
        UNION ALL
        SELECT 'part', id, updated_at FROM shared.catalog_items
        WHERE is_active AND (organization_id = CAST(:owner AS uuid) AND CAST(:parts AS boolean)
            OR organization_id IS NULL AND CAST(:shipped AS boolean))
    ) AS r
    """
)


async def lock(session: AsyncSession, organization_id: UUID | None) -> None:
    """Wait until no other import of the same owner is under way."""
    await session.execute(_LOCK, {"owner": str(organization_id or "")})


async def revision(session: AsyncSession, organization_id: UUID | None, *, shipped: bool, parts: bool) -> str:
    """Return what is the same as long as the products are: how many there are, and a digest of their ids and times."""
    values = {"owner": organization_id, "shipped": shipped, "parts": parts}
    return str((await session.execute(_REVISION, values)).scalar_one())


async def brands(
    session: AsyncSession, organization_id: UUID | None, *, shipped: bool
) -> Sequence[StoredBrand]:
    """Return the brands of an organisation (None: the shipped ones), with ``shipped`` those before its own."""
    wanted = (
        select(StoredBrand)
        .where(_of(StoredBrand.organization_id, organization_id, shipped=shipped))
        .order_by(StoredBrand.organization_id.nulls_first(), StoredBrand.code)
    )
    return (await session.scalars(wanted)).all()


async def products(
    session: AsyncSession, organization_id: UUID | None, *, shipped: bool
) -> Sequence[StoredProduct]:
    """Return the products of an organisation (None: the shipped ones), with ``shipped`` those before its own."""
    wanted = _in_order(select(StoredProduct), organization_id, shipped=shipped)
    return (await session.scalars(wanted)).all()


async def products_in_pieces(
    session: AsyncSession, organization_id: UUID | None, *, shipped: bool
) -> AsyncIterator[Sequence[Row[Any]]]:
    """Yield what :func:`products` returns, piece by piece and to be read alone: rows with the columns of :class:`StoredProduct`."""
    wanted = _in_order(select(*StoredProduct.__table__.columns), organization_id, shipped=shipped)
    found = await session.stream(wanted, execution_options={"yield_per": PIECE})
    async for piece in found.partitions():
        yield piece


async def add_products(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert products, all with the same columns."""
    for first in range(0, len(rows), MOST_AT_ONCE):
        await session.execute(insert(StoredProduct), list(rows[first : first + MOST_AT_ONCE]))


async def change_product(session: AsyncSession, product_id: UUID, values: Mapping[str, Any]) -> None:
    """Change a product's columns."""
    await session.execute(update(StoredProduct).where(StoredProduct.id == product_id).values(**values))


async def remove_products(session: AsyncSession, product_ids: Sequence[UUID]) -> None:
    """Remove products."""
    for first in range(0, len(product_ids), MOST_AT_ONCE):
        part = product_ids[first : first + MOST_AT_ONCE]
        await session.execute(delete(StoredProduct).where(StoredProduct.id.in_(part)))


async def imports(
    session: AsyncSession, organization_id: UUID, *, page: int, size: int
) -> tuple[Sequence[CatalogImport], int]:
    """Return a page of the catalogs that were taken in, the newest first, and how many there are: the organisation's own and the shipped ones."""
    whose = _of(CatalogImport.organization_id, organization_id, shipped=True)
    wanted = (
        select(CatalogImport)
        .where(whose)
        .order_by(CatalogImport.created_at.desc(), CatalogImport.id)
        .limit(size)
        .offset((page - 1) * size)
    )
    total = await session.scalar(select(func.count()).select_from(CatalogImport).where(whose))
    return (await session.scalars(wanted)).all(), total or 0


def _in_order(wanted: Picked, organization_id: UUID | None, *, shipped: bool) -> Picked:
    return (
        wanted.join(StoredBrand, StoredBrand.id == StoredProduct.brand_id)
        .where(_of(StoredProduct.organization_id, organization_id, shipped=shipped))
        .order_by(
            StoredProduct.organization_id.nulls_first(),
            StoredBrand.code,
            StoredProduct.position,
            StoredProduct.code,
        )
    )


def _of(column: Any, organization_id: UUID | None, *, shipped: bool) -> ColumnElement[bool]:
    if organization_id is None:
        found: ColumnElement[bool] = column.is_(None)
    elif shipped:
        found = or_(column.is_(None), column == organization_id)
    else:
        found = column == organization_id
    return found
