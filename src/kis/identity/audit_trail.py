"""Who may read the audit log: administrators and reviewers what was done in their organisation, operators all of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.parts import Parts
from kis.identity.permissions import Permission
from kis.identity.principal import Principal
from kis.platform import audit
from kis.platform.audit import AuditForm, AuditLog, AuditQuery


class AuditTrail:
    """Reads the log for a caller."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def list(
        self, principal: Principal, query: AuditQuery, *, offset: int, limit: int, everywhere: bool = False
    ) -> tuple[Sequence[AuditLog], int]:
        """Return one page, the newest first, and how many rows there are; ``everywhere`` is the operators'."""
        async with self._opened(principal, everywhere=everywhere) as session:
            own = None if everywhere else principal.organization_id
            return await audit.page(session, query, offset=offset, limit=limit, organization_id=own)

    async def export(
        self, principal: Principal, query: AuditQuery, form: AuditForm, *, everywhere: bool = False
    ) -> AsyncIterator[bytes]:
        """Yield the rows as a file, the oldest first, each piece read in a transaction of its own: a slow reader holds none open."""
        own = None if everywhere else principal.organization_id
        yield audit.heading(form)
        after = 0
        while True:
            async with self._opened(principal, everywhere=everywhere) as session:
                rows = await audit.batch(session, query, after=after, organization_id=own)
            if rows:
                yield audit.lines(rows, form)
                after = rows[-1].sequence
            if len(rows) < audit.BATCH:
                return

    def require(self, principal: Principal, *, everywhere: bool) -> None:
        """Raise Forbidden unless the caller may read the log."""
        principal.require(Permission.INSTALLATION_OPERATE if everywhere else Permission.AUDIT_READ)

    def _opened(self, principal: Principal, *, everywhere: bool) -> AbstractAsyncContextManager[AsyncSession]:
        self.require(principal, everywhere=everywhere)
        database = self._parts.database
        return database.service(principal.scope) if everywhere else database.transaction(principal.scope)
