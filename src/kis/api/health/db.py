"""Whether the database answers."""

from typing import TypedDict

from kis.api.schemas.common import rfc3339
from kis.platform.database import Database
from kis.platform.monitoring.repository import database_time


class DatabaseHealth(TypedDict):
    """What the check found."""

    status: str
    connected: bool
    timestamp: str


async def check_db_health(database: Database) -> DatabaseHealth:
    """Ask the database for its time. Raises what the database raises."""
    async with database.service() as session:
        moment = await database_time(session)
    return {"status": "ok", "connected": True, "timestamp": rfc3339(moment)}
