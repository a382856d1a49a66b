"""Which day it is where an organisation is: that of its quotations, and of all that is told as for one."""

from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from kis.quotations import repository


async def today_of(session: AsyncSession, organization_id: UUID) -> date:
    """Return today's date in the organisation's time zone."""
    house = await repository.house(session, organization_id)
    return datetime.now(UTC).astimezone(ZoneInfo(house.time_zone)).date()
