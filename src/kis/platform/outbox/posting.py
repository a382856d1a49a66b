"""Asking for something to leave."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.events import announce
from kis.platform.jobs.models import OutboxMessage

TOPIC: Final = "outbox"
"""Announced when there may be something to send."""


async def post(
    session: AsyncSession, *, topic: str, payload: dict[str, Any], organization_id: UUID | None = None
) -> None:
    """Have ``payload`` given to the handler of ``topic`` once the transaction of ``session`` commits.

    Reads nothing back: the caller's role may write messages and not see them.
    """
    values = {"topic": topic, "payload": payload, "organization_id": organization_id}
    await session.execute(insert(OutboxMessage).values(values).inline())
    await announce(session, TOPIC)
