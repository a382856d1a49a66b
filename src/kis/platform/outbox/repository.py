"""Every statement about messages."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.jobs.models import OutboxMessage


async def take(
    session: AsyncSession, *, topics: Collection[str], limit: int, hidden_seconds: float
) -> Sequence[OutboxMessage]:
    """Take the messages that wait longest and hide them from other relays for ``hidden_seconds``."""
    waiting = (
        select(OutboxMessage.id)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.failed_at.is_(None),
            OutboxMessage.run_after <= func.now(),
            OutboxMessage.topic.in_(topics),
        )
        .order_by(OutboxMessage.run_after, OutboxMessage.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = (await session.scalars(waiting)).all()
    if not ids:
        return []
    statement = (
        update(OutboxMessage)
        .where(OutboxMessage.id.in_(ids))
        .values(attempts=OutboxMessage.attempts + 1, run_after=func.now() + timedelta(seconds=hidden_seconds))
        .returning(OutboxMessage)
        .execution_options(synchronize_session=False)
    )
    taken = (await session.scalars(statement)).all()
    return sorted(taken, key=lambda message: message.id)


async def mark_sent(session: AsyncSession, message_id: int) -> None:
    """Note that a message has left."""
    await _change(session, message_id, sent_at=func.now(), error=None)


async def mark_failed(session: AsyncSession, message_id: int, error: str) -> None:
    """Note that a message will never leave."""
    await _change(session, message_id, failed_at=func.now(), error=error)


async def put_back(session: AsyncSession, message_id: int, error: str, delay_seconds: float) -> None:
    """Have a message sent again after a while."""
    await _change(session, message_id, run_after=func.now() + timedelta(seconds=delay_seconds), error=error)


async def _change(session: AsyncSession, message_id: int, **values: Any) -> None:
    await session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
        .values(**values)
        .execution_options(synchronize_session=False)
    )
