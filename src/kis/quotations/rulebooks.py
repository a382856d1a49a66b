"""Rulebooks of an organisation beside the shipped ones: taken in once, never overwritten, in force from their day."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.catalog import FileForm, file_label, form_of
from kis.estimator import (
    Rulebook,
    RulebookFinding,
    RuleChange,
    diff_rulebooks,
    lint_rulebook,
    rulebook_bytes,
    rulebook_from_bytes,
    shipped_rulebooks,
)
from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.database import Database
from kis.platform.errors import BadInput, Conflict, NotFound, Problem
from kis.platform.messages import Message
from kis.quotations.models import StoredRulebook

MOST_BYTES = 2 * 2**20
"""The shipped rulebook is a tenth of it."""


class NoSuchRulebook(NotFound):
    """No rulebook goes by that name."""

    code = "rulebook_not_found"


class RulebookTaken(Conflict):
    """The rulebook of that name and version has other content."""

    code = "rulebook_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class RulebookHead:
    """A rulebook without its rules."""

    id: UUID
    name: str
    version: str
    valid_from: date
    digest: str
    is_own: bool
    created_at: datetime


class Rulebooks:
    """The use cases over rulebooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def install(self) -> int:
        """Lay down the shipped rulebooks; return how many were new or other than before. Idempotent."""
        changed = 0
        async with self._database.service() as session:
            await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("kis.rulebooks.install"))))
            held = {(row.name, row.version): row for row in await _rows(session, None)}
            for rules in shipped_rulebooks():
                row = held.get((rules.id, rules.version))
                if row is not None and row.digest == rules.digest:
                    continue
                if row is not None:
                    await session.delete(row)
                    await session.flush()
                session.add(_row(rules, rulebook_bytes(None, rules), None, None))
                changed += 1
        return changed

    async def list(self, principal: Principal) -> tuple[RulebookHead, ...]:
        """Return all rulebooks the caller's organisation may use, its own first."""
        principal.require(Permission.RULEBOOK_READ)
        async with self._database.transaction(principal.scope) as session:
            return tuple(map(_head, await _rows(session, principal.organization_id)))

    async def get(
        self, principal: Principal, name: str, version: str | None = None
    ) -> tuple[RulebookHead, Rulebook]:
        """Return a rulebook, without ``version`` the one that begins last. Raises NoSuchRulebook."""
        head, content = await self._content(principal, name, version)
        return head, await asyncio.to_thread(rulebook_from_bytes, name, content)

    async def content(self, principal: Principal, name: str, version: str | None = None) -> bytes:
        """Return the file of a rulebook, byte for byte. Raises NoSuchRulebook."""
        return (await self._content(principal, name, version))[1]

    async def upload(
        self, principal: Principal, file_name: str, data: bytes
    ) -> tuple[RulebookHead, tuple[RulebookFinding, ...]]:
        """Take in a rulebook and return it with what its lint remarks; the same file again changes nothing.

        Raises:
            BadInput: it cannot be used; names every fault with its line.
            RulebookTaken: the name and version belong to other content, of the organisation or shipped.
        """
        principal.require(Permission.RULEBOOK_WRITE)
        label = file_label(file_name)
        if form_of(label, data, most_bytes=MOST_BYTES) is not FileForm.TEXT:
            raise BadInput(label, [Problem(label, Message("rulebooks.not_text"))])
        rules = await asyncio.to_thread(rulebook_from_bytes, label, data)
        findings = await asyncio.to_thread(lint_rulebook, rules)
        async with self._database.transaction(principal.scope) as session:
            return _head(await self._kept(session, principal, rules, data)), findings

    async def diff(
        self, principal: Principal, old: tuple[str, str | None], new: tuple[str, str | None]
    ) -> tuple[RuleChange, ...]:
        """Return what changed from one rulebook (name and version) to another. Raises NoSuchRulebook."""
        before, after = await self.get(principal, *old), await self.get(principal, *new)
        return await asyncio.to_thread(diff_rulebooks, before[1], after[1])

    async def _content(
        self, principal: Principal, name: str, version: str | None
    ) -> tuple[RulebookHead, bytes]:
        principal.require(Permission.RULEBOOK_READ)
        async with self._database.transaction(principal.scope) as session:
            rows = await _rows(session, principal.organization_id)
            for row in rows:
                if name in (row.name, f"{row.name}-{row.version}") and version in (None, row.version):
                    return _head(row), row.content
            known = ", ".join(f"{row.name}-{row.version}" for row in rows)
            raise NoSuchRulebook(Message("rulebooks.not_found", {"name": name, "known": known}))

    async def _kept(
        self, session: AsyncSession, principal: Principal, rules: Rulebook, content: bytes
    ) -> StoredRulebook:
        for held in await _rows(session, principal.organization_id):
            if (held.name, held.version) == (rules.id, rules.version):
                if held.digest != rules.digest:
                    raise _taken(rules)
                return held
        row = _row(rules, content, principal.organization_id, principal.user_id)
        session.add(row)
        try:
            await session.flush()
        except IntegrityError as error:  # the same name and version arrived twice at one moment
            raise _taken(rules) from error
        await session.refresh(row, ["created_at"])
        await audit.record(
            session,
            organization_id=principal.organization_id,
            actor=principal.actor,
            action="rulebook.added",
            target=f"rulebook:{row.id}",
            after={"name": rules.id, "version": rules.version, "sha256": rules.digest},
            address=principal.address,
        )
        return row


async def find_rulebook(session: AsyncSession, organization_id: UUID, name: str) -> bytes | None:
    """Return the file of the rulebook that a request names (``id`` or ``id-version``), an organisation's own before a shipped one."""
    for row in await _rows(session, organization_id):
        if name in (row.name, f"{row.name}-{row.version}"):
            return row.content
    return None


async def own_rulebook_on(session: AsyncSession, organization_id: UUID, day: date) -> bytes | None:
    """Return the file of an organisation's own newest rulebook in force on that day."""
    rows = await session.scalars(
        select(StoredRulebook)
        .where(StoredRulebook.organization_id == organization_id, StoredRulebook.valid_from <= day)
        .order_by(*_NEWEST)
    )
    for row in rows:
        rules = await asyncio.to_thread(rulebook_from_bytes, row.name, row.content)
        if rules.valid_to is None or day <= rules.valid_to:
            return row.content
    return None


_NEWEST = (
    StoredRulebook.valid_from.desc(),
    StoredRulebook.created_at.desc(),
    StoredRulebook.name,
    StoredRulebook.id,
)


async def _rows(session: AsyncSession, organization_id: UUID | None) -> Sequence[StoredRulebook]:
    """Return the rulebooks an organisation may use: its own, then those that came with the program, each the newest first."""
    found = await session.scalars(
        select(StoredRulebook)
        .where(
            or_(StoredRulebook.organization_id == organization_id, StoredRulebook.organization_id.is_(None))
        )
        .order_by(StoredRulebook.organization_id.is_(None), *_NEWEST)
    )
    return found.all()


def _taken(rules: Rulebook) -> RulebookTaken:
    values = {"name": rules.id, "version": rules.version}
    return RulebookTaken(Message("rulebooks.taken", values), hint=Message("rulebooks.taken_hint"))


def _row(
    rules: Rulebook, content: bytes, organization_id: UUID | None, created_by: UUID | None
) -> StoredRulebook:
    return StoredRulebook(
        organization_id=organization_id,
        name=rules.id,
        version=rules.version,
        valid_from=rules.valid_from,
        digest=rules.digest,
        content=content,
        created_by=created_by,
    )


def _head(row: StoredRulebook) -> RulebookHead:
    return RulebookHead(
        id=row.id,
        name=row.name,
        version=row.version,
        valid_from=row.valid_from,
        digest=row.digest,
        is_own=row.organization_id is not None,
        created_at=row.created_at,
    )
