"""Readiness: every check at once, the whole answer within a second, kept for a second.

A check that hangs keeps its own task: the answers meanwhile say "timeout" and no second one is begun, so that nobody can pile up work by asking.
After ``HOPELESS_SECONDS`` it is let go of and the next answer begins anew; so the answer is right again soon after the service is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final

import structlog

from kis.api.health.db import check_db_health
from kis.api.health.services import (
    SchemaBehind,
    check_broker_health,
    check_cache_health,
    check_migrations_health,
)
from kis.api.health.storage import check_storage_health
from kis.api.schemas.common import rfc3339
from kis.migrations import head
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.storage import ObjectStore
from kis.platform.telemetry import metrics

ANSWER_SECONDS: Final = 0.8
KEPT_SECONDS: Final = 1.0
HOPELESS_SECONDS: Final = 10.0
FIRST_SECONDS: Final = 5.0
"""The round before anybody may ask loads libraries and opens connections, which takes a slow machine longer than an answer may."""
SCHEMA_KEPT_SECONDS: Final = 30.0
"""A schema that was right stays right for a while: it changes only with a release."""

NEEDED: Final = frozenset({"db", "migrations"})
"""Without these nothing works (``not_ready``); without the others some things do (``degraded``)."""

Check = Callable[[], Awaitable[Any]]
_LOG: Final = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class State:
    """What the last round found."""

    status: str
    faults: Mapping[str, str]
    """Check and one word why it failed."""
    checks: tuple[str, ...]
    moment: datetime

    @property
    def is_ready(self) -> bool:
        """Tell whether everything is there."""
        return not self.faults

    def shape(self) -> dict[str, Any]:
        """Return the body of /readyz, its trace id and message left out."""
        shown: dict[str, Any] = {"status": self.status}
        shown.update({name: "error" if name in self.faults else "ok" for name in self.checks})
        shown.update({f"{name}_error": why for name, why in self.faults.items()})
        return shown | {"ts": rfc3339(self.moment)}


class Readiness:
    """Runs the checks of one process."""

    def __init__(self, settings: Settings, database: Database, storage: ObjectStore) -> None:
        self._database = database
        self._storage = storage
        self._has_bucket = False
        self._schema_good_until = 0.0
        self._checks: dict[str, Check] = {
            "db": lambda: check_db_health(database),
            "storage": self._bucket,
            "migrations": self._schema,
        }
        redis_url = settings.jobs.redis_url.get_secret_value()
        broker_url = settings.jobs.broker_url.get_secret_value()
        if redis_url:
            self._checks["cache"] = lambda: check_cache_health(redis_url)
        if settings.jobs.executor == "celery":
            self._checks["broker"] = lambda: check_broker_health(broker_url)
        self._tasks: dict[str, tuple[asyncio.Task[Any], float]] = {}
        self._round: asyncio.Task[State] | None = None
        self._last: State | None = None
        self._good_until = 0.0

    async def prepare(self) -> None:
        """Look once, before anybody may ask, so that the first answer is as quick and as right as the others."""
        await asyncio.to_thread(head)
        await self._look(FIRST_SECONDS)

    async def state(self) -> State:
        """Return what was found at most a second ago; callers who come together share one round."""
        if self._last is not None and monotonic() < self._good_until:
            metrics.CACHE_HITS.labels("readiness").inc()
            return self._last
        metrics.CACHE_MISSES.labels("readiness").inc()
        if self._round is None or self._round.done():
            self._round = asyncio.create_task(self._look(ANSWER_SECONDS), name="readiness")
        return await asyncio.shield(self._round)

    async def close(self) -> None:
        """Let go of checks that still hang."""
        tasks = [task for task, _ in self._tasks.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=ANSWER_SECONDS)

    async def _look(self, patience_seconds: float) -> State:
        for name, check in self._checks.items():
            self._begin(name, check)
        tasks = {name: task for name, (task, _) in self._tasks.items()}
        await asyncio.wait(tasks.values(), timeout=patience_seconds)
        faults = {name: why for name, task in tasks.items() if (why := _fault(task))}
        status = "ok" if not faults else "not_ready" if NEEDED & faults.keys() else "degraded"
        state = State(status, faults, tuple(self._checks), datetime.now(UTC))
        for name in self._checks:
            metrics.READINESS.labels(name).set(name not in faults)
        if self._last is None or self._last.faults != faults:
            tell = _LOG.warning if faults else _LOG.info
            tell("readiness.changed", status=status, faults=faults)
        self._last, self._good_until = state, monotonic() + KEPT_SECONDS
        return state

    def _begin(self, name: str, check: Check) -> None:
        task, begun = self._tasks.get(name, (None, 0.0))
        if task is not None and not task.done():
            if monotonic() - begun < HOPELESS_SECONDS:
                return
            task.cancel()
        self._tasks[name] = (asyncio.create_task(_quiet(check), name=f"readiness.{name}"), monotonic())

    async def _bucket(self) -> None:
        """Make the bucket where it is missing, the first time the storage answers; then look."""
        if not self._has_bucket:
            await self._storage.ensure()
            self._has_bucket = True
        await check_storage_health(self._storage)

    async def _schema(self) -> None:
        if monotonic() < self._schema_good_until:
            return
        await check_migrations_health(self._database)
        self._schema_good_until = monotonic() + SCHEMA_KEPT_SECONDS


async def _quiet(check: Check) -> str:
    """Return one word for what is wrong, empty where nothing is; details, which may hold addresses, go to the log for those who debug."""
    try:
        await check()
    except SchemaBehind:
        return "behind"
    except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
        _LOG.debug("readiness.check_failed", exc_info=error)
        return "timeout" if isinstance(error, TimeoutError) else "unreachable"
    return ""


def _fault(task: asyncio.Task[str]) -> str:
    return task.result() if task.done() and not task.cancelled() else "timeout"
