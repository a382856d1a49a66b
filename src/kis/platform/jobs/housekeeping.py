"""Small recurring chores that any process may do and one at a time does."""

import asyncio
import random
import zlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Database
from kis.platform.errors import KisError
from kis.platform.jobs import cleaning

HOUR_SECONDS: Final = 3600.0
BETWEEN_BATCHES_SECONDS: Final = 1.0
"""A chore that touched as many rows as it may has more to do: it goes on at once, but lets others in between."""
LOCK_SPACE: Final = 0x6B69
"""First half of the chores' advisory locks; the second is made of the chore's name."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to be done every so often."""

    name: str
    every_seconds: float
    run: Callable[[AsyncSession], Awaitable[int]]
    """Does it in one transaction (service role) and returns how many rows it touched."""


class Housekeeping:
    """Does chores when they are due. Several processes may: a chore that another is at is left to that one."""

    def __init__(self, database: Database, chores: Sequence[Chore]) -> None:
        self._database = database
        self._chores = tuple(chores)

    async def run_forever(self) -> None:
        """Do each chore every so often until cancelled, the first time at a random moment of the first period."""
        await asyncio.gather(*(self._repeat(chore) for chore in self._chores))

    async def run_once(self) -> dict[str, int]:
        """Do every chore now and return how many rows each touched; one that another process is at is not among them."""
        touched = {}
        for chore in self._chores:
            count = await self._do(chore)
            if count is not None:
                touched[chore.name] = count
        return touched

    async def _repeat(self, chore: Chore) -> None:
        await asyncio.sleep(random.uniform(0.0, chore.every_seconds))  # noqa: S311 - spreads the processes, hides nothing
        while True:
            try:
                count = await self._do(chore)
            except (SQLAlchemyError, OSError, KisError) as error:
                log.warning("housekeeping.failed", chore=chore.name, error=type(error).__name__)
                count = None
            is_full = count is not None and count >= cleaning.MOST_ROWS
            await asyncio.sleep(
                min(BETWEEN_BATCHES_SECONDS, chore.every_seconds) if is_full else chore.every_seconds
            )

    async def _do(self, chore: Chore) -> int | None:
        async with self._database.service() as session:
            if not await cleaning.take_lock(session, LOCK_SPACE, zlib.crc32(chore.name.encode()) - 2**31):
                return None
            count = await chore.run(session)
        if count:
            log.info("housekeeping.done", chore=chore.name, count=count)
        return count


def standard_chores() -> tuple[Chore, ...]:
    """Return the chores of the platform's own tables."""
    return (
        Chore("jobs.clean", HOUR_SECONDS, cleaning.remove_old_jobs),
        Chore("outbox.clean", HOUR_SECONDS, cleaning.remove_old_messages),
        Chore("idempotency_keys.clean", HOUR_SECONDS / 4, cleaning.remove_old_idempotency_keys),
        Chore("api_metrics.clean", HOUR_SECONDS, cleaning.remove_old_metrics),
    )
