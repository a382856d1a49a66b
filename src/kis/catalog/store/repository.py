"""Every question to the tables of the catalogue. Whose rows are meant is always said here, whatever the role of the session sees."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, func, literal_column, or_, select, text
from sqlalchemy.dialects.postgresql import TSQUERY, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased, undefer

from kis.catalog.store.models import CatalogEdition, CatalogItem, StoredPriceBook
from kis.catalog.store.words import question

_WORDS: Final[ColumnElement[Any]] = literal_column("array_to_tsvector(string_to_array(search, ' '))")
"""Written out as in the index, so that the index answers."""
_INSTALL_LOCK = text("SELECT pg_advisory_xact_lock(hashtext('kis.catalog.install'))")


ITEM_COLUMNS: Final[Mapping[str, InstrumentedAttribute[str]]] = {
    "kind": CatalogItem.kind,
    "make": CatalogItem.make,
    "model": CatalogItem.model,
    "key": CatalogItem.key,
    "source": CatalogItem.source,
}
"""What a list of parts can be sorted and filtered by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemQuery:
    """Which parts are wanted, and in which order. Each of ``words`` must begin a word of the part; ``equal`` by :data:`ITEM_COLUMNS`."""

    kind: str | None = None
    words: str = ""
    equal: Mapping[str, str] = field(default_factory=dict)
    order: str = "kind"
    falling: bool = False


async def lock_installation(session: AsyncSession) -> None:
    """Wait until no other process lays down what is shipped."""
    await session.execute(_INSTALL_LOCK)


async def find_items(
    session: AsyncSession, organization_id: UUID, wanted: ItemQuery, *, page: int, size: int
) -> tuple[Sequence[CatalogItem], int]:
    """Return a page of the parts that hold for an organisation, and how many there are in all."""
    asked = question(wanted.words)
    if wanted.words.strip() and not asked:
        return (), 0
    conditions = [_holds_for(organization_id)]
    if wanted.kind is not None:
        conditions.append(CatalogItem.kind == wanted.kind)
    if asked:
        conditions.append(_WORDS.op("@@")(cast(asked, TSQUERY)))
    conditions += [ITEM_COLUMNS[name] == value for name, value in wanted.equal.items()]
    first = ITEM_COLUMNS[wanted.order]
    total = await session.scalar(select(func.count()).select_from(CatalogItem).where(*conditions))
    found = await session.scalars(
        select(CatalogItem)
        .where(*conditions)
        .order_by(
            first.desc() if wanted.falling else first,
            CatalogItem.kind,
            CatalogItem.make,
            CatalogItem.key,
            CatalogItem.id,
        )
        .limit(size)
        .offset((page - 1) * size)
    )
    return found.all(), total or 0


async def find_item(
    session: AsyncSession, organization_id: UUID, item_id: UUID, *, to_change: bool = False
) -> CatalogItem | None:
    """Return a part by id, an inactive one too; ``to_change`` keeps others from changing it meanwhile."""
    wanted = select(CatalogItem).where(
        CatalogItem.id == item_id,
        or_(CatalogItem.organization_id.is_(None), CatalogItem.organization_id == organization_id),
    )
    item = await session.scalar(wanted)
    if item is None or not to_change or item.organization_id is None:
        return item
    return await session.scalar(
        wanted.with_for_update().execution_options(populate_existing=True)
    )  # a shipped one is read only: locking it is not even allowed


async def find_named(
    session: AsyncSession, organization_id: UUID, kind: str, model: str
) -> CatalogItem | None:
    """Return the part that holds under a key or, failing that, a model."""
    found = await session.scalars(
        select(CatalogItem)
        .where(
            _holds_for(organization_id),
            CatalogItem.kind == kind,
            or_(CatalogItem.key == model, CatalogItem.model == model),
        )
        .order_by((CatalogItem.key == model).desc(), CatalogItem.key)
        .limit(1)
    )
    return found.first()


async def own_item(session: AsyncSession, organization_id: UUID, kind: str, key: str) -> CatalogItem | None:
    """Return an organisation's own part of that key, an inactive one too."""
    return await session.scalar(
        select(CatalogItem)
        .where(
            CatalogItem.organization_id == organization_id, CatalogItem.kind == kind, CatalogItem.key == key
        )
        .with_for_update()
    )


async def own_items(
    session: AsyncSession, organization_id: UUID, *, inactive: bool = False
) -> Sequence[CatalogItem]:
    """Return an organisation's own parts, with ``inactive`` all that were ever there, in an order that does not change."""
    wanted = select(CatalogItem).where(CatalogItem.organization_id == organization_id)
    if not inactive:
        wanted = wanted.where(CatalogItem.is_active)
    found = await session.scalars(wanted.order_by(CatalogItem.kind, CatalogItem.key))
    return found.all()


async def own_fingerprint(session: AsyncSession, organization_id: UUID) -> str | None:
    """Return a digest over an organisation's own active parts; None when it has none."""
    line = func.concat(CatalogItem.kind, "/", CatalogItem.key, "=", CatalogItem.columns)
    listed = func.string_agg(line, text("E'\\n' ORDER BY kind, key"))
    return await session.scalar(
        select(func.md5(listed)).where(CatalogItem.organization_id == organization_id, CatalogItem.is_active)
    )


async def shipped_items(session: AsyncSession) -> Sequence[CatalogItem]:
    """Return every part that came with the program, inactive ones too."""
    found = await session.scalars(select(CatalogItem).where(CatalogItem.organization_id.is_(None)))
    return found.all()


async def keep_edition(
    session: AsyncSession,
    organization_id: UUID | None,
    *,
    digest: str,
    version: str,
    files: Mapping[str, str],
) -> None:
    """Keep the files of an edition, where they are not kept yet."""
    if await session.scalar(select(CatalogEdition.digest).where(CatalogEdition.digest == digest)):
        return
    values = {"digest": digest, "organization_id": organization_id, "version": version, "files": dict(files)}
    await session.execute(insert(CatalogEdition).values(values).on_conflict_do_nothing())


async def price_books(
    session: AsyncSession, organization_id: UUID | None, *, name: str | None = None, shipped: bool = True
) -> Sequence[StoredPriceBook]:
    """Return the heads of price books, own ones first, each name's newest first; without content."""
    whose: ColumnElement[bool] = StoredPriceBook.organization_id == organization_id
    if shipped:
        whose = or_(whose, StoredPriceBook.organization_id.is_(None))
    wanted = select(StoredPriceBook).where(whose)
    if name is not None:
        wanted = wanted.where(StoredPriceBook.name == name)
    found = await session.scalars(
        wanted.order_by(
            StoredPriceBook.organization_id.is_(None),
            StoredPriceBook.name,
            StoredPriceBook.valid_from.desc(),
            StoredPriceBook.created_at.desc(),
            StoredPriceBook.id,
        )
    )
    return found.all()


async def price_book_content(session: AsyncSession, book_id: UUID) -> bytes:
    """Return the file of a price book."""
    return (await session.scalars(select(StoredPriceBook.content).where(StoredPriceBook.id == book_id))).one()


async def price_book_on(
    session: AsyncSession, organization_id: UUID, currency: str, day: date
) -> StoredPriceBook | None:
    """Return an organisation's own newest price book in that currency valid on that day."""
    return await session.scalar(
        select(StoredPriceBook)
        .where(
            StoredPriceBook.organization_id == organization_id,
            StoredPriceBook.currency == currency,
            StoredPriceBook.valid_from <= day,
            or_(StoredPriceBook.valid_to.is_(None), StoredPriceBook.valid_to >= day),
        )
        .order_by(
            StoredPriceBook.valid_from.desc(),
            StoredPriceBook.created_at.desc(),
            StoredPriceBook.name.desc(),
        )
        .limit(1)
        .options(undefer(StoredPriceBook.content))
    )


def new_item(organization_id: UUID | None, values: Mapping[str, Any]) -> CatalogItem:
    """Return a row for a part."""
    return CatalogItem(organization_id=organization_id, is_active=True, **values)


def _holds_for(organization_id: UUID) -> ColumnElement[bool]:
    """An own active part, or a shipped one that no own one stands over."""
    own = aliased(CatalogItem)
    covered = (
        select(own.id)
        .where(
            own.organization_id == organization_id,
            own.is_active,
            own.kind == CatalogItem.kind,
            own.key == CatalogItem.key,
        )
        .exists()
    )
    return and_(
        CatalogItem.is_active,
        or_(
            CatalogItem.organization_id == organization_id,
            and_(CatalogItem.organization_id.is_(None), ~covered),
        ),
    )
