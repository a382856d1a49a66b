"""Products as callers see them: those of the catalogs that were taken in and the parts of the estimator's catalogue, shipped ones and an organisation's own.

An own product stands over the shipped one of its id. Nobody (``None`` as caller) sees what is shipped. What somebody sees is held in memory as long as its
revision is the same.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from kis.assistant.errors import ProductNotFound
from kis.assistant.models import StoredBrand, StoredProduct
from kis.assistant.products import importing, repository
from kis.assistant.products.catalog_file import written
from kis.assistant.products.lint import lint_catalogs, lint_manuals
from kis.assistant.products.manual_notes import ManualNotes
from kis.assistant.products.parts import brand_of_part, part_id, price_keys, product_of, relations_of
from kis.assistant.products.things import (
    Brand,
    BrandCatalog,
    CatalogReport,
    PastImport,
    ProductDetails,
    ProductFinding,
    ProductPage,
    ProductPrice,
    RelatedProduct,
    Surroundings,
)
from kis.assistant.things import Documentation, DocumentationType, Product, Relation
from kis.catalog.store import CatalogStore, HeldPart, held_parts
from kis.identity import Permission, Principal
from kis.platform.database import Database, Scope
from kis.quotations import today_of

HELD_SETS: Final = 16
"""Sets of products in memory: those of the organisations that asked last."""
MOST_RELATED: Final = 50
CURRENCY: Final = "KRW"


class Sight(NamedTuple):
    """Whose products are meant."""

    organization_id: UUID | None
    shipped: bool = True
    parts: bool = True
    """Whether the organisation's own parts of the estimator's catalogue are among them."""


@dataclass(frozen=True, slots=True)
class ProductSet:
    """All products that somebody sees, by id, with what belongs to them."""

    products: Mapping[str, Product]
    brands: Mapping[str, Brand]
    """By the id of the product."""
    parts: Mapping[str, HeldPart]
    """Those of the products that are parts."""
    own: frozenset[str]


def sight_of(caller: Principal | None) -> Sight:
    """Return what a caller sees; nobody sees what is shipped. Raises Forbidden."""
    if caller is None:
        return Sight(None)
    caller.require(Permission.ASSISTANT_USE)
    return Sight(caller.organization_id, parts=caller.may(Permission.CATALOG_READ))


class Products:
    """The use cases over products and the catalogs they come from."""

    def __init__(self, database: Database, catalogs: CatalogStore) -> None:
        self._database = database
        self._catalogs = catalogs
        self._held: OrderedDict[Sight, tuple[str, ProductSet]] = OrderedDict()
        self._loading = asyncio.Lock()

    # Looking

    async def revision(self, caller: Principal | None) -> str:
        """Return what changes when what the caller sees does."""
        return await self.revision_of(sight_of(caller))

    async def revision_of(self, sight: Sight) -> str:
        """Return what changes when these products do."""
        async with self._reading(sight) as session:
            return await self._revision(session, sight)

    async def all_for(self, caller: Principal | None) -> tuple[Product, ...]:
        """Return every product that the caller sees."""
        return await self.all_of(sight_of(caller))

    async def all_of(self, sight: Sight) -> tuple[Product, ...]:
        """Return these products."""
        return tuple((await self._set(sight)).products.values())

    async def get(self, caller: Principal | None, product_id: str) -> Product:
        """Return a product. Raises ProductNotFound."""
        found = (await self._set(sight_of(caller))).products.get(product_id)
        if found is None:
            raise ProductNotFound(product_id)
        return found

    async def details(self, caller: Principal | None, product_id: str) -> ProductDetails:
        """Return a product with its brand, and its price where the caller may read price books. Raises ProductNotFound."""
        held = await self._set(sight_of(caller))
        product = held.products.get(product_id)
        if product is None:
            raise ProductNotFound(product_id)
        part = held.parts.get(product_id)
        price = None
        if caller is not None and part is not None and caller.may(Permission.PRICE_BOOK_READ):
            price = await self._price(caller, part)
        return ProductDetails(
            product=product, brand=held.brands[product_id], is_own=product_id in held.own, price=price
        )

    async def part(self, caller: Principal | None, product_id: str) -> HeldPart | None:
        """Return the part of the estimator's catalogue that a product is; None for one that is none. Raises ProductNotFound."""
        held = await self._set(sight_of(caller))
        if product_id not in held.products:
            raise ProductNotFound(product_id)
        return held.parts.get(product_id)

    async def related(self, caller: Principal | None, product_id: str) -> tuple[RelatedProduct, ...]:
        """Return what is related to a product and there for the caller. Raises ProductNotFound."""
        held = await self._set(sight_of(caller))
        if product_id not in held.products:
            raise ProductNotFound(product_id)
        return _related(held, product_id)

    async def surroundings(
        self, caller: Principal | None, product_ids: Sequence[str]
    ) -> tuple[Surroundings, ...]:
        """Return products with their brands and what is related to them, by one look at what there is. Raises ProductNotFound."""
        held = await self._set(sight_of(caller))
        missing = next((each for each in product_ids if each not in held.products), None)
        if missing is not None:
            raise ProductNotFound(missing)
        return tuple(
            Surroundings(product=held.products[each], brand=held.brands[each], related=_related(held, each))
            for each in product_ids
        )

    async def find(
        self,
        caller: Principal | None,
        words: str = "",
        *,
        brand: str = "",
        category: str = "",
        page: int = 1,
        size: int = 20,
    ) -> ProductPage:
        """Return a page of the products that hold every word in name, brand, category or id, in the order of their catalogs."""
        wanted = words.casefold().split()
        found = [
            product
            for product in (await self._set(sight_of(caller))).products.values()
            if (not brand or product.brand.casefold() == brand.casefold())
            and (not category or product.category.casefold() == category.casefold())
            and _holds(product, wanted)
        ]
        return ProductPage(tuple(found[(page - 1) * size : page * size]), len(found))

    # Catalogs

    async def import_catalog(
        self,
        caller: Principal,
        name: str,
        data: bytes,
        *,
        shipped: bool = False,
        is_dry_run: bool = False,
        removes_missing: bool = False,
    ) -> CatalogReport:
        """Take a catalog in for the caller's organisation; ``shipped``: for everybody, by operators alone.

        The same file again changes nothing. ``removes_missing``: products of its brands that it does not hold are removed.
        Raises BadInput with every problem, TooLarge.
        """
        caller.require(Permission.INSTALLATION_OPERATE if shipped else Permission.CATALOG_WRITE)
        owner = None if shipped else caller.organization_id
        others = await self._set(Sight(owner))
        how = importing.Import(
            owner=owner,
            name=name,
            is_dry_run=is_dry_run,
            removes_missing=removes_missing,
            known_ids=frozenset(others.products),
        )
        return await importing.run(self._database, caller, how, data)

    async def imports(
        self, caller: Principal, *, page: int = 1, size: int = 20
    ) -> tuple[tuple[PastImport, ...], int]:
        """Return a page of the catalogs that were taken in, the newest first, and how many there are."""
        caller.require(Permission.CATALOG_READ)
        async with self._database.transaction(caller.scope) as session:
            rows, total = await repository.imports(session, caller.organization_id, page=page, size=size)
        return tuple(
            PastImport(
                id=row.id,
                name=row.name,
                sha256=row.sha256,
                brand=row.brand,
                added=row.added,
                changed=row.changed,
                unchanged=row.unchanged,
                removed=row.removed,
                findings=len(row.report),
                is_own=row.organization_id is not None,
                imported_by=row.imported_by,
                created_at=row.created_at,
            )
            for row in rows
        ), total

    async def export(self, caller: Principal, *, shipped: bool = False) -> list[dict[str, Any]]:
        """Return the catalogs of the organisation (``shipped``: those that are everybody's) in the shape they are taken in."""
        caller.require(Permission.CATALOG_READ)
        owner = None if shipped else caller.organization_id
        return [written(catalog) for catalog in await self._catalogs_of(owner)]

    async def lint(self, caller: Principal) -> tuple[ProductFinding, ...]:
        """Return what is not well in the catalogs that the caller's organisation has of its own; to operators also which manuals were not to be had."""
        caller.require(Permission.CATALOG_READ)
        known = (await self._set(Sight(caller.organization_id))).products
        catalogs = await self._catalogs_of(caller.organization_id)
        found = await asyncio.to_thread(lint_catalogs, catalogs, frozenset(known))
        if not caller.may(Permission.INSTALLATION_OPERATE):
            return found
        urls = {
            product.documentation.url
            for catalog in catalogs
            for product in catalog.products
            if product.documentation is not None
        }
        unavailable = await ManualNotes(self._database).unavailable(sorted(urls))
        return (*found, *lint_manuals(catalogs, unavailable))

    async def _catalogs_of(self, owner: UUID | None) -> list[BrandCatalog]:
        async with self._reading(Sight(owner)) as session:
            brands = {row.id: row for row in await repository.brands(session, owner, shipped=False)}
            rows = await repository.products(session, owner, shipped=False)
        listed: dict[UUID, list[Product]] = {brand_id: [] for brand_id in brands}
        for row in rows:
            listed[row.brand_id].append(_product(row))
        return [
            BrandCatalog(brand=_brand(brands[brand_id]), products=tuple(products))
            for brand_id, products in listed.items()
        ]

    async def _price(self, caller: Principal, part: HeldPart) -> ProductPrice | None:
        """Return the price in the first price book that holds today, where the organisation is, and prices the part: an own one before a shipped one, the newest in won first, as for a quotation."""
        async with self._database.transaction(caller.scope) as session:
            today = await today_of(session, caller.organization_id)
        keys = price_keys(part.kind, part.columns)
        heads = await self._catalogs.price_books.list(caller)
        newest = sorted(heads, key=lambda head: (head.valid_from, head.created_at), reverse=True)
        for head in sorted(newest, key=lambda head: (not head.is_own, head.currency != CURRENCY)):
            if head.valid_from <= today and (head.valid_to is None or today <= head.valid_to):
                book = (await self._catalogs.price_books.get(caller, head.name, head.version))[1]
                price = book.find_first(keys)
                if price is not None:
                    return ProductPrice(
                        amount=price.unit_price,
                        currency=book.currency,
                        unit=price.unit,
                        book=book.id,
                        digest=book.digest,
                        valid_from=book.valid_from,
                        is_illustrative=book.illustrative,
                    )
        return None

    async def _set(self, sight: Sight) -> ProductSet:
        found = self._held_as_of(sight, await self.revision_of(sight))
        if found is not None:
            return found
        async with self._loading:  # hundreds may ask at the moment when a catalog was taken in: one reads it
            async with self._reading(sight) as session:
                revision = await self._revision(session, sight)
                found = self._held_as_of(sight, revision)
                if found is not None:
                    return found
                found = await _loaded(session, sight)
            self._held[sight] = (revision, found)
            self._held.move_to_end(sight)
            while len(self._held) > HELD_SETS:
                self._held.popitem(last=False)
        return found

    def _held_as_of(self, sight: Sight, revision: str) -> ProductSet | None:
        held = self._held.get(sight)
        if held is None or held[0] != revision:
            return None
        self._held.move_to_end(sight)
        return held[1]

    @asynccontextmanager
    async def _reading(self, sight: Sight) -> AsyncIterator[AsyncSession]:
        """Yield a session of the organisation whose products are meant; what is nobody's the program reads itself."""
        if sight.organization_id is None:
            async with self._database.service() as session:
                yield session
        else:
            async with self._database.transaction(Scope(sight.organization_id)) as session:
                yield session

    async def _revision(self, session: AsyncSession, sight: Sight) -> str:
        return await repository.revision(
            session, sight.organization_id, shipped=sight.shipped, parts=sight.parts
        )


async def _loaded(session: AsyncSession, sight: Sight) -> ProductSet:
    """Read products; what comes later takes the place of what came before: own over shipped, a catalog's over a part."""
    owner, shipped = sight.organization_id, sight.shipped
    products: dict[str, Product] = {}
    brands: dict[str, Brand] = {}
    parts: dict[str, HeldPart] = {}
    own: set[str] = set()
    of_whom = owner if sight.parts else None
    held = await held_parts(session, of_whom, shipped=shipped) if shipped or sight.parts else ()
    neighbours = relations_of(held)
    for part in held:
        product = product_of(part, neighbours[part_id(part.kind, part.key)])
        products[product.id], brands[product.id], parts[product.id] = product, brand_of_part(part), part
        if part.is_own:
            own.add(product.id)
    known = {row.id: _brand(row) for row in await repository.brands(session, owner, shipped=shipped)}
    async for piece in repository.products_in_pieces(session, owner, shipped=shipped):
        for row in piece:
            products[row.code], brands[row.code] = _product(row), known[row.brand_id]
            if row.organization_id is not None:
                own.add(row.code)
    return ProductSet(products, brands, parts, frozenset(own))


def _related(held: ProductSet, product_id: str) -> tuple[RelatedProduct, ...]:
    """Return what is related to a product and there."""
    return tuple(
        RelatedProduct(kind=relation.kind, label=relation.label, product=held.products[relation.target_id])
        for relation in held.products[product_id].relations
        if relation.target_id in held.products
    )[:MOST_RELATED]


def _holds(product: Product, words: list[str]) -> bool:
    text = " ".join((product.name, product.brand, product.category, product.id, *product.names)).casefold()
    return all(word in text for word in words)


def _brand(row: StoredBrand) -> Brand:
    return Brand(
        id=row.code,
        name=row.name,
        hq=row.hq,
        founded=row.founded,
        website=row.website,
        logo_url=row.logo_url,
        description=row.description,
    )


def _product(row: StoredProduct | Row[Any]) -> Product:
    documentation = row.documentation
    return Product(
        id=row.code,
        name=row.name,
        brand=row.brand,
        category=row.category,
        country=row.country,
        names=tuple(row.names),
        images=dict(row.images),
        documentation=Documentation(
            DocumentationType(documentation["type"]), documentation["url"], documentation["backup_url"]
        )
        if documentation
        else None,
        relations=tuple(Relation(each["kind"], each["target_id"], each["label"]) for each in row.relations),
        facts=dict(row.facts),
    )
