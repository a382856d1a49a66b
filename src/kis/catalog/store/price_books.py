"""Price books of an organisation beside the shipped ones: taken in once, never overwritten, chosen by name or day."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog.diff import Change, diff_price_books
from kis.catalog.lint import CatalogFinding, Severity, lint_prices
from kis.catalog.price_book_table import is_price_table, price_table, read_price_table
from kis.catalog.price_books import price_book_bytes, price_book_from_bytes, shipped_price_books
from kis.catalog.prices import PriceBook
from kis.catalog.store import repository
from kis.catalog.store.editions import edition_of
from kis.catalog.store.errors import NoSuchPriceBook, PriceBookTaken
from kis.catalog.store.models import StoredPriceBook
from kis.catalog.uploads import FileForm, file_label, form_of
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceBookHead:
    """A price book without its prices."""

    id: UUID
    name: str
    version: str
    title: Mapping[str, str]
    currency: str
    valid_from: date
    valid_to: date | None
    is_illustrative: bool
    digest: str
    is_own: bool
    created_at: datetime


class PriceBooks:
    """The use cases over price books."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def install(self) -> int:
        """Lay down the shipped price books; return how many were new or other than before. Idempotent."""
        changed = 0
        async with self._database.service() as session:
            await repository.lock_installation(session)
            stored = await repository.price_books(session, None)
            held = {(book.name, book.version): book for book in stored}
            for book in shipped_price_books():
                row = held.get((book.id, book.version))
                if row is not None and row.digest == book.digest:
                    continue
                if row is not None:
                    await session.delete(row)
                    await session.flush()
                session.add(_row(book, price_book_bytes(None, book), None, None))
                changed += 1
        return changed

    async def list(self, principal: Principal) -> tuple[PriceBookHead, ...]:
        """Return all price books the caller's organisation may use, its own first."""
        principal.require(Permission.PRICE_BOOK_READ)
        async with self._database.transaction(principal.scope) as session:
            return tuple(map(_head, await repository.price_books(session, principal.organization_id)))

    async def get(
        self, principal: Principal, name: str, version: str | None = None
    ) -> tuple[PriceBookHead, PriceBook]:
        """Return a price book, without ``version`` the one that begins last. Raises NoSuchPriceBook."""
        principal.require(Permission.PRICE_BOOK_READ)
        async with self._database.transaction(principal.scope) as session:
            row = await _named(session, principal.organization_id, name, version)
            content = await repository.price_book_content(session, row.id)
        return _head(row), price_book_from_bytes(name, content)

    async def content(self, principal: Principal, name: str, version: str | None = None) -> bytes:
        """Return the file of a price book, byte for byte. Raises NoSuchPriceBook."""
        principal.require(Permission.PRICE_BOOK_READ)
        async with self._database.transaction(principal.scope) as session:
            row = await _named(session, principal.organization_id, name, version)
            return await repository.price_book_content(session, row.id)

    async def table(self, principal: Principal, name: str, version: str | None = None) -> bytes:
        """Return a price book as a CSV table, which can be uploaded again. Raises NoSuchPriceBook."""
        return await asyncio.to_thread(price_table, (await self.get(principal, name, version))[1])

    async def upload(
        self, principal: Principal, file_name: str, data: bytes
    ) -> tuple[PriceBookHead, tuple[CatalogFinding, ...]]:
        """Take in a price book, and return it with what the catalogue needs that it does not price; the same file again changes nothing.

        Raises:
            BadInput: it cannot be used; names every fault.
            PriceBookTaken: the organisation has another file of that name and version.
        """
        principal.require(Permission.PRICE_BOOK_WRITE)
        label = file_label(file_name)
        book, content = await asyncio.to_thread(_read, label, data)
        async with self._database.transaction(principal.scope) as session:
            edition = await edition_of(session, principal.organization_id)
            findings = await asyncio.to_thread(lint_prices, edition.catalog, book)
            _refuse_errors(label, findings)
            row = await self._kept(session, principal, book, content)
            await session.refresh(row, ["created_at"])
            return _head(row), findings

    async def diff(
        self,
        principal: Principal,
        old: tuple[str, str | None],
        new: tuple[str, str | None],
    ) -> tuple[Change, ...]:
        """Return what changed from one price book (name and version) to another. Raises NoSuchPriceBook."""
        before, after = await self.get(principal, *old), await self.get(principal, *new)
        return await asyncio.to_thread(diff_price_books, before[1], after[1])

    async def _kept(
        self, session: AsyncSession, principal: Principal, book: PriceBook, content: bytes
    ) -> StoredPriceBook:
        own = await repository.price_books(session, principal.organization_id, name=book.id, shipped=False)
        held = next((row for row in own if row.version == book.version), None)
        if held is not None:
            if held.digest != book.digest:
                raise PriceBookTaken(book.id, book.version)
            return held
        row = _row(book, content, principal.organization_id, principal.user_id)
        session.add(row)
        try:
            await session.flush()
        except IntegrityError as error:  # the same name and version arrived twice at one moment
            raise PriceBookTaken(book.id, book.version) from error
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action="price_book.added",
            target=f"price_book:{row.id}",
            after={"name": book.id, "version": book.version, "sha256": book.digest},
            address=principal.address,
        )
        return row


async def find_price_book(
    session: AsyncSession, organization_id: UUID, name: str
) -> tuple[PriceBook, bytes] | None:
    """Return the price book of that name that holds for an organisation (its own before a shipped one), with its file."""
    rows = await repository.price_books(session, organization_id, name=name)
    if not rows:
        return None
    content = await repository.price_book_content(session, rows[0].id)
    return price_book_from_bytes(name, content), content


async def own_price_book_on(
    session: AsyncSession, organization_id: UUID, currency: str, day: date
) -> bytes | None:
    """Return the file of an organisation's own newest price book in that currency valid on that day."""
    row = await repository.price_book_on(session, organization_id, currency, day)
    return None if row is None else row.content


async def _named(
    session: AsyncSession, organization_id: UUID, name: str, version: str | None
) -> StoredPriceBook:
    rows = await repository.price_books(session, organization_id)
    for row in rows:
        if row.name == name and version in (None, row.version):
            return row
    raise NoSuchPriceBook(name, [row.name for row in rows])


def _read(file_name: str, data: bytes) -> tuple[PriceBook, bytes]:
    """Return the book in a file of YAML, CSV or XLSX, and the YAML it is kept as."""
    is_workbook = form_of(file_name, data) is FileForm.WORKBOOK
    if is_workbook or is_price_table(data):
        return read_price_table(file_name, data, is_workbook=is_workbook)
    return price_book_from_bytes(file_name, data), data


def _refuse_errors(file_name: str, findings: tuple[CatalogFinding, ...]) -> None:
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        raise BadInput(file_name, [Problem(finding.path, finding.message) for finding in errors])


def _row(
    book: PriceBook, content: bytes, organization_id: UUID | None, created_by: UUID | None
) -> StoredPriceBook:
    return StoredPriceBook(
        organization_id=organization_id,
        name=book.id,
        version=book.version,
        title=dict(book.title),
        currency=book.currency,
        valid_from=book.valid_from,
        valid_to=book.valid_to,
        digest=sha256(content).hexdigest(),
        content=content,
        is_illustrative=book.illustrative,
        created_by=created_by,
    )


def _head(row: StoredPriceBook) -> PriceBookHead:
    return PriceBookHead(
        id=row.id,
        name=row.name,
        version=row.version,
        title=row.title,
        currency=row.currency,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        is_illustrative=row.is_illustrative,
        digest=row.digest,
        is_own=row.organization_id is not None,
        created_at=row.created_at,
    )
