"""Parts as people see them: searched, added, changed, switched off, taken in from a file and handed out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog.lint import row_key
from kis.catalog.store import editions, repository
from kis.catalog.store.errors import ItemTaken, NoSuchItem, ShippedReadOnly
from kis.catalog.store.exporting import CatalogForm, ExportedFile, exported
from kis.catalog.store.importing import ImportedParts, read_parts
from kis.catalog.store.models import CatalogItem
from kis.catalog.store.repository import ItemQuery
from kis.catalog.store.rows import KIND_TABLES, part_of, stored_values
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_OWN_ITEMS: Final = 5000
"""Parts of its own an organisation keeps; the engine looks at each of them for each panel."""
KINDS: Final = tuple(KIND_TABLES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A part. ``is_own`` tells an organisation's own from what came with the program."""

    id: UUID
    kind: str
    key: str
    make: str
    model: str
    columns: Mapping[str, Any]
    source: str
    is_own: bool
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """Some of the parts found, and how many were found in all."""

    items: tuple[Item, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did: parts by what became of them. ``shipped`` are rows that say what the shipped ones say anyway."""

    added: int
    changed: int
    unchanged: int
    shipped: int


class CatalogItems:
    """The use cases over single parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def install(self) -> int:
        """Lay down the parts of the shipped edition, and the edition itself; return how many rows changed. Idempotent."""
        edition = editions.shipped_edition()
        wanted = {
            (values["kind"], values["key"]): values
            for kind, table in KIND_TABLES.items()
            for row in getattr(edition.catalog, table.name)
            for values in (stored_values(kind, row),)
        }
        async with self._database.service() as session:
            await repository.lock_installation(session)
            await repository.keep_edition(
                session,
                None,
                digest=edition.digest,
                version=edition.version,
                files={name: data.decode() for name, data in edition.files.items()},
            )
            return _lay_down(session, await repository.shipped_items(session), wanted)

    async def search(
        self, principal: Principal, wanted: ItemQuery, *, page: int = 1, size: int = 50
    ) -> ItemPage:
        """Return a page of the parts that hold for the caller's organisation."""
        principal.require(Permission.CATALOG_READ)
        async with self._database.transaction(principal.scope) as session:
            found, total = await repository.find_items(
                session, principal.organization_id, wanted, page=page, size=size
            )
            return ItemPage(items=tuple(map(_item, found)), total=total)

    async def get(self, principal: Principal, item_id: UUID) -> Item:
        """Return a part. Raises NoSuchItem."""
        principal.require(Permission.CATALOG_READ)
        async with self._database.transaction(principal.scope) as session:
            return _item(await _found(session, principal, item_id))

    async def find_named(self, principal: Principal, kind: str, model: str) -> Item | None:
        """Return the part of a model (or key) that holds for the caller's organisation."""
        principal.require(Permission.CATALOG_READ)
        async with self._database.transaction(principal.scope) as session:
            item = await repository.find_named(session, principal.organization_id, kind, model)
            return None if item is None else _item(item)

    async def add(self, principal: Principal, kind: str, columns: Mapping[str, Any]) -> Item:
        """Add a part of the organisation's own. Raises BadInput with every fault, ItemTaken."""
        principal.require(Permission.CATALOG_WRITE)
        part = part_of(kind, columns)
        async with self._database.transaction(principal.scope) as session:
            held = await repository.own_item(session, principal.organization_id, kind, row_key(part))
            if held is not None and held.is_active:
                raise ItemTaken(held.key)
            before = None if held is None else _facts(held)
            if held is None:
                held = repository.new_item(principal.organization_id, stored_values(kind, part))
                session.add(held)
            else:
                _write(held, stored_values(kind, part))
            await _settled(session, held.key)
            await self._check(session, principal.organization_id)
            await _record(session, principal, "catalog_item.added", held, before)
            return _item(held)

    async def change(self, principal: Principal, item_id: UUID, columns: Mapping[str, Any]) -> Item:
        """Change columns of an own part; those left out stay. Raises NoSuchItem, ShippedReadOnly, BadInput, ItemTaken."""
        principal.require(Permission.CATALOG_WRITE)
        if not columns:
            raise BadInput("columns", [Problem("columns", Message("catalog_store.item_without_change"))])
        async with self._database.transaction(principal.scope) as session:
            item = await _own(session, principal, item_id)
            before = _facts(item)
            part = part_of(item.kind, {**item.columns, **columns})
            _write(item, stored_values(item.kind, part))
            await _settled(session, item.key)
            await self._check(session, principal.organization_id)
            await _record(session, principal, "catalog_item.changed", item, before)
            return _item(item)

    async def deactivate(self, principal: Principal, item_id: UUID) -> None:
        """Switch an own part off: a shipped one of the same key holds again. Raises NoSuchItem, ShippedReadOnly."""
        principal.require(Permission.CATALOG_WRITE)
        async with self._database.transaction(principal.scope) as session:
            item = await _own(session, principal, item_id)
            if not item.is_active:
                return
            before = _facts(item)
            item.is_active = False
            await session.flush()
            await _record(session, principal, "catalog_item.deactivated", item, before)

    async def import_file(self, principal: Principal, name: str, data: bytes) -> ImportReport:
        """Add or change all parts of a CSV or XLSX file, or none. Raises BadInput with every fault by row and column."""
        principal.require(Permission.CATALOG_WRITE)
        taken = await asyncio.to_thread(read_parts, name, data)
        async with self._database.transaction(principal.scope) as session:
            report = await self._take_in(session, principal, taken)
            await self._check(session, principal.organization_id)
            await audit.record(
                session,
                organization_id=principal.organization_id,
                actor=principal.actor,
                action="catalog.imported",
                target=f"organization:{principal.organization_id}",
                after={
                    "file": name,
                    "sha256": taken.sha256,
                    "added": report.added,
                    "changed": report.changed,
                },
                address=principal.address,
            )
            return report

    async def export(self, principal: Principal, form: CatalogForm, kind: str | None = None) -> ExportedFile:
        """Return the organisation's catalogue (shipped and own parts) as a file that can be imported again."""
        principal.require(Permission.CATALOG_READ)
        async with self._database.transaction(principal.scope) as session:
            own = await repository.own_items(session, principal.organization_id)
            parts = [(item.kind, item.columns) for item in own]
        edition = editions.shipped_edition()
        if parts:
            edition = await asyncio.to_thread(editions.make_edition, principal.organization_id, parts)
        return await asyncio.to_thread(exported, edition.catalog, form, kind)

    async def _take_in(
        self, session: AsyncSession, principal: Principal, taken: ImportedParts
    ) -> ImportReport:
        own = {
            (item.kind, item.key): item
            for item in await repository.own_items(session, principal.organization_id, inactive=True)
        }
        counts = {"added": 0, "changed": 0, "unchanged": 0}
        for kind, row in taken.parts:
            values = stored_values(kind, row)
            item = own.get((kind, values["key"]))
            if item is None:
                session.add(repository.new_item(principal.organization_id, values))
                counts["added"] += 1
            elif item.is_active and item.columns == values["columns"]:
                counts["unchanged"] += 1
            else:
                counts["changed" if item.is_active else "added"] += 1
                _write(item, values)
        await _settled(session, "")
        return ImportReport(**counts, shipped=taken.shipped)

    async def _check(self, session: AsyncSession, organization_id: UUID) -> None:
        """Raise BadInput when the catalogue as it would now be contradicts itself."""
        own = [(item.kind, item.columns) for item in await repository.own_items(session, organization_id)]
        if len(own) > MOST_OWN_ITEMS:
            values = {"most": MOST_OWN_ITEMS, "count": len(own)}
            raise BadInput("catalog", [Problem("", Message("catalog_store.too_many_items", values))])
        edition = await asyncio.to_thread(editions.make_edition, organization_id, own)
        found = await asyncio.to_thread(editions.contradictions, edition)
        if found:
            raise BadInput("catalog", [Problem(finding.path, finding.message) for finding in found])


def _lay_down(
    session: AsyncSession, held: Sequence[CatalogItem], wanted: Mapping[tuple[str, str], dict[str, Any]]
) -> int:
    """Bring the shipped rows to what the edition says; a part that is no longer shipped is switched off."""
    changed = 0
    waiting = dict(wanted)
    for item in held:
        values = waiting.pop((item.kind, item.key), None)
        if values is None:
            changed += item.is_active
            item.is_active = False
        elif not item.is_active or any(getattr(item, name) != value for name, value in values.items()):
            changed += 1
            _write(item, values)
    session.add_all(repository.new_item(None, values) for values in waiting.values())
    return changed + len(waiting)


def _write(item: CatalogItem, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(item, name, value)
    item.is_active = True


async def _found(
    session: AsyncSession, principal: Principal, item_id: UUID, *, to_change: bool = False
) -> CatalogItem:
    item = await repository.find_item(session, principal.organization_id, item_id, to_change=to_change)
    if item is None:
        raise NoSuchItem(item_id)
    return item


async def _own(session: AsyncSession, principal: Principal, item_id: UUID) -> CatalogItem:
    item = await _found(session, principal, item_id, to_change=True)
    if item.organization_id is None:
        raise ShippedReadOnly(item.key)
    return item


async def _settled(session: AsyncSession, key: str) -> None:
    """Write what is pending; another caller may have added the same part a moment before."""
    try:
        await session.flush()
    except IntegrityError as error:
        raise ItemTaken(key) from error


async def _record(
    session: AsyncSession,
    principal: Principal,
    action: str,
    item: CatalogItem,
    before: dict[str, Any] | None,
) -> None:
    await audit.record(
        session,
        organization_id=principal.organization_id,
        actor=principal.actor,
        action=action,
        target=f"catalog_item:{item.id}",
        before=before,
        after=_facts(item),
        address=principal.address,
    )


def _facts(item: CatalogItem) -> dict[str, Any]:
    return {"kind": item.kind, "key": item.key, "columns": dict(item.columns), "is_active": item.is_active}


def _item(item: CatalogItem) -> Item:
    return Item(
        id=item.id,
        kind=item.kind,
        key=item.key,
        make=item.make,
        model=item.model,
        columns=dict(item.columns),
        source=item.source,
        is_own=item.organization_id is not None,
        is_active=item.is_active,
    )
