"""The end of a quotation that was sent: won, lost, or run out."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Permission, Principal
from kis.platform import audit
from kis.platform.jobs import Chore
from kis.quotations import repository
from kis.quotations.errors import StatusConflict
from kis.quotations.life import CLOSABLE, Status
from kis.quotations.means import Means

MOST_AT_ONCE: Final = 500
HOUR_SECONDS: Final = 3600.0


async def close(means: Means, principal: Principal, quote_id: UUID, *, won: bool) -> Status:
    """Note what the customer decided about a quotation that was sent, also after its validity."""
    principal.require(Permission.QUOTATION_CLOSE)
    outcome = Status.WON if won else Status.LOST
    async with means.database.transaction(principal.scope) as session:
        quote = await repository.quote(session, quote_id, for_update=True)
        closed = {"closed_at": datetime.now(UTC)}
        if not await repository.move(session, quote_id, of=CLOSABLE, to=outcome, values=closed):
            raise StatusConflict("close", quote.status, CLOSABLE)
        await audit.record(
            session,
            organization_id=quote.organization_id,
            actor=principal.actor,
            action=f"quotation.{outcome.value}",
            target=f"quotation:{quote_id}",
            before={"status": quote.status},
            after={"status": outcome.value},
            address=principal.address,
        )
    return outcome


async def expire(session: AsyncSession) -> int:
    """Let quotations run out whose last day of validity is over where their organisation is; return how many."""
    overdue = await repository.to_expire(session, MOST_AT_ONCE)
    for quote_id in overdue:
        await repository.move(session, quote_id, of=[Status.SENT], to=Status.EXPIRED)
    for quote_id in overdue:  # after all the changes: the log is held until the end of the transaction
        quote = await repository.quote(session, quote_id)
        await audit.record(
            session,
            organization_id=quote.organization_id,
            actor="system",
            action="quotation.expired",
            target=f"quotation:{quote_id}",
            before={"status": Status.SENT.value},
            after={"status": Status.EXPIRED.value},
            trace_id=quote.trace_id,
        )
    return len(overdue)


def chores() -> tuple[Chore, ...]:
    """Return what is to be done for quotations every so often."""
    return (Chore("quotations.expire", HOUR_SECONDS, expire),)
