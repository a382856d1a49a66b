"""Taking a catalog in: what is new, other than before or gone is worked out first, then written, all or nothing."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from kis.assistant.models import CatalogImport, StoredBrand
from kis.assistant.products import repository
from kis.assistant.products.catalog_file import read_catalogs
from kis.assistant.products.lint import lint_catalogs, with_lines
from kis.assistant.products.things import Brand, BrandCatalog, CatalogReport, ProductFinding
from kis.assistant.things import Product, documentation_shape
from kis.identity import Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_OWNED: Final = 200_000
"""Products of one owner, all catalogs together."""
MOST_KEPT_FINDINGS: Final = 1000
"""Of a report, in the database; the answer to the import has all."""
_BRAND_COLUMNS: Final = ("name", "hq", "founded", "website", "logo_url", "description")


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """How a catalog is to be taken in."""

    owner: UUID | None
    name: str
    is_dry_run: bool
    removes_missing: bool
    known_ids: frozenset[str]
    """Products that are there already: relations may lead to them."""


@dataclass(slots=True)
class _Plan:
    """What is to be written."""

    brands: dict[str, StoredBrand]
    new_brands: list[StoredBrand] = field(default_factory=list)
    changed_brands: list[tuple[StoredBrand, Brand]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[UUID, dict[str, Any]]] = field(default_factory=list)
    removed: list[UUID] = field(default_factory=list)
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.new_brands or self.changed_brands or self.added or self.changed or self.removed)


async def run(database: Database, caller: Principal, how: Import, data: bytes) -> CatalogReport:
    """Take a catalog in and tell what became of it. Raises BadInput with every problem, TooLarge."""
    catalogs, findings, digest = await asyncio.to_thread(_read, how, data)
    async with _session(database, caller, how.owner) as session:
        await repository.lock(session, how.owner)
        plan = await _planned(session, how, catalogs)
        if plan.problems:
            raise BadInput(how.name, plan.problems)
        report = CatalogReport(
            name=how.name,
            sha256=digest,
            brands=tuple(catalog.brand.name for catalog in catalogs),
            added=len(plan.added),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            removed=len(plan.removed),
            findings=findings,
            is_dry_run=how.is_dry_run,
        )
        if how.is_dry_run or plan.is_empty:
            return report
        await _write(session, plan)
        return await _told(session, caller, how, report)


def _read(how: Import, data: bytes) -> tuple[tuple[BrandCatalog, ...], tuple[ProductFinding, ...], str]:
    catalogs = read_catalogs(how.name, data)
    findings = with_lines(lint_catalogs(catalogs, how.known_ids), data)
    return catalogs, findings, sha256(data).hexdigest()


@asynccontextmanager
async def _session(database: Database, caller: Principal, owner: UUID | None) -> AsyncIterator[AsyncSession]:
    """Yield a session that may write the owner's rows: what is everybody's the program alone writes."""
    if owner is None:
        async with database.service() as session:
            yield session
    else:
        async with database.transaction(caller.scope) as session:
            yield session


async def _planned(session: AsyncSession, how: Import, catalogs: Sequence[BrandCatalog]) -> _Plan:
    held = {row.code: row for row in await repository.products(session, how.owner, shipped=False)}
    plan = _Plan({row.code: row for row in await repository.brands(session, how.owner, shipped=False)})
    names = {row.id: row.name for row in plan.brands.values()}
    given = {product.id for catalog in catalogs for product in catalog.products}
    for catalog in catalogs:
        brand = _brand_row(plan, how.owner, catalog.brand)
        for place, product in enumerate(catalog.products):
            row = held.get(product.id)
            values = _values(product, place, brand.id)
            if row is None:
                plan.added.append({"id": uuid4(), "organization_id": how.owner, "code": product.id, **values})
            elif row.brand_id != brand.id:
                fault = {"id": product.id, "brand": names[row.brand_id]}
                plan.problems.append(
                    Problem(catalog.pointers[place], Message("assistant_products.invalid.other_brand", fault))
                )
            elif any(getattr(row, name) != value for name, value in values.items()):
                plan.changed.append((row.id, values))
            else:
                plan.unchanged += 1
        if how.removes_missing:
            plan.removed += [
                row.id for row in held.values() if row.brand_id == brand.id and row.code not in given
            ]
    if len(held) + len(plan.added) - len(plan.removed) > MOST_OWNED:
        many = Message("assistant_products.invalid.many_own", {"most": MOST_OWNED})
        plan.problems.append(Problem("/products", many))
    return plan


def _brand_row(plan: _Plan, owner: UUID | None, brand: Brand) -> StoredBrand:
    row = plan.brands.get(brand.id)
    if row is None:
        row = StoredBrand(id=uuid4(), organization_id=owner, code=brand.id, **_brand_values(brand))
        plan.brands[brand.id] = row
        plan.new_brands.append(row)
    elif any(getattr(row, name) != value for name, value in _brand_values(brand).items()):
        plan.changed_brands.append((row, brand))
    return row


def _brand_values(brand: Brand) -> dict[str, str]:
    return {name: getattr(brand, name) for name in _BRAND_COLUMNS}


def _values(product: Product, place: int, brand_id: UUID) -> dict[str, Any]:
    return {
        "brand_id": brand_id,
        "position": place,
        "name": product.name,
        "brand": product.brand,
        "category": product.category,
        "country": product.country,
        "names": list(product.names),
        "images": dict(product.images),
        "documentation": documentation_shape(product.documentation),
        "facts": dict(product.facts),
        "relations": [
            {"kind": relation.kind, "target_id": relation.target_id, "label": relation.label}
            for relation in product.relations
        ],
    }


async def _write(session: AsyncSession, plan: _Plan) -> None:
    session.add_all(plan.new_brands)
    for row, brand in plan.changed_brands:
        for name, value in _brand_values(brand).items():
            setattr(row, name, value)
    await session.flush()
    await repository.remove_products(session, plan.removed)
    await repository.add_products(session, plan.added)
    for product_id, values in plan.changed:
        await repository.change_product(session, product_id, values)


async def _told(
    session: AsyncSession, caller: Principal, how: Import, report: CatalogReport
) -> CatalogReport:
    """Keep what the import did, with an entry in the audit log."""
    row = CatalogImport(
        id=uuid4(),
        organization_id=how.owner,
        name=how.name,
        sha256=report.sha256,
        brand=", ".join(report.brands)[:300],
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        removed=report.removed,
        report=[_kept(finding) for finding in report.findings[:MOST_KEPT_FINDINGS]],
        imported_by=caller.actor,
    )
    session.add(row)
    await session.flush()
    await audit.record(
        session,
        organization_id=how.owner,
        actor=caller.actor,
        action="product_catalog.imported",
        target=f"product_catalog:{row.id}",
        after=_audited(report),
        address=caller.address,
    )
    return replace(report, import_id=row.id)


def _kept(finding: ProductFinding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "pointer": finding.pointer,
        "line": finding.line,
        "values": {name: str(value) for name, value in finding.message.values.items()},
    }


def _audited(report: CatalogReport) -> Mapping[str, Any]:
    return {
        "file": report.name,
        "sha256": report.sha256,
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
    }
