"""One try of one job: from the moment it is held until its row says how it ended."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.configuration import JobSettings
from kis.platform.crossing import crossing
from kis.platform.database import Database
from kis.platform.errors import KisError
from kis.platform.events import announce
from kis.platform.jobs import repository
from kis.platform.jobs.backoff import Backoff
from kis.platform.jobs.context import JobContext
from kis.platform.jobs.errors import HandlerFailed, JobTimedOut, LeaseLost, Permanent, WorkerLost, described
from kis.platform.jobs.handling import Handling
from kis.platform.jobs.queue import TOPIC, topic_of
from kis.platform.jobs.repository import Claimed
from kis.platform.telemetry import bind_trace, span
from kis.platform.telemetry.metrics import JOB_SECONDS, JOBS_FINISHED, KIND

RENEWALS: Final = 3
"""A lease is renewed so many times before it would run out: two may be missed."""
LAST_WORD_SECONDS: Final = 5.0
"""Longest time to write how a try ended; if that cannot be written, the lease runs out and says it."""

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    """How a try ended."""

    DONE = "done"
    RETRY = "retry"
    FAILED = "failed"
    HANDED_BACK = "handed_back"
    ABANDONED = "abandoned"
    """Broken off while the handler was at work: a thread of it may still be running."""


class JobRunner:
    """Runs jobs that are held, one at a time or side by side."""

    def __init__(
        self, database: Database, handlers: Mapping[str, Handling], settings: JobSettings, backoff: Backoff
    ) -> None:
        self._database = database
        self._handlers = handlers
        self._settings = settings
        self._backoff = backoff

    async def run(self, claimed: Claimed) -> Outcome:
        """Run the handler and write how it ended; never raises but for a cancellation, which hands the job back first."""
        outcome = Outcome.HANDED_BACK
        begun = time.perf_counter()
        try:
            with (
                bind_trace(claimed.trace_id),
                span(f"job.{claimed.kind}", trace_id=claimed.trace_id, attempt=claimed.attempt),
            ):
                outcome = await self._run(JobContext(claimed, self._database))
        finally:
            kind = KIND(claimed.kind)
            JOB_SECONDS.labels(kind).observe(time.perf_counter() - begun)
            JOBS_FINISHED.labels(kind, outcome.value).inc()
        crossing("job.finished.before_acknowledgement")
        return outcome

    async def _run(self, context: JobContext) -> Outcome:
        claimed = context.claimed
        crossing("job.claimed")
        if claimed.is_exhausted:
            tries = claimed.attempt - 1
            return await self._give_up(context, WorkerLost(tries), attempts=tries)
        try:
            return await self._try(context, self._handlers[claimed.kind])
        except asyncio.CancelledError:
            if not context.is_finished:
                await self._say(context, lambda session: repository.hand_back(session, claimed))
                log.info("job.handed_back", **_facts(claimed))
            raise

    async def _try(self, context: JobContext, handling: Handling) -> Outcome:
        claimed = context.claimed
        try:
            await self._work(context, handling)
            if not context.is_finished:
                async with context.finishing():
                    pass
        except LeaseLost:
            log.warning("job.lease_lost", **_facts(claimed))
            return Outcome.ABANDONED
        except JobTimedOut as error:
            await self._again(context, error)
            return Outcome.ABANDONED
        except Permanent as error:
            return await self._give_up(context, error, attempts=claimed.attempt)
        except KisError as error:
            return await self._again(context, error)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises ends its try, not the worker
            return await self._again(context, HandlerFailed(error))
        log.info("job.done", **_facts(claimed))
        return Outcome.DONE

    async def _work(self, context: JobContext, handling: Handling) -> None:
        """Run the handler as long as the job is ours and its time is not over."""
        timeout_seconds = handling.timeout_seconds or self._settings.timeout_seconds
        handler = asyncio.ensure_future(_awaited(handling.run(context)))
        keeper = asyncio.create_task(self._keep_lease(context))
        try:
            await asyncio.wait(
                {handler, keeper}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if handler.cancelled():  # something below the handler cancelled it; nobody here did
                raise HandlerFailed(asyncio.CancelledError())
            if handler.done():
                handler.result()
            elif keeper.done():
                raise LeaseLost
            else:
                raise JobTimedOut(timeout_seconds)
        finally:
            for task in (handler, keeper):
                task.cancel()
            await asyncio.wait({handler, keeper})

    async def _keep_lease(self, context: JobContext) -> None:
        """Renew the lease until it is lost."""
        is_ours = True
        while is_ours:
            await asyncio.sleep(self._settings.lease_seconds / RENEWALS)
            if context.is_finishing:  # its transaction holds the row locked, which is more than a lease
                continue
            try:
                async with self._database.service() as session:
                    is_ours = await repository.renew(session, context.claimed, self._settings.lease_seconds)
            except (SQLAlchemyError, OSError) as error:
                log.warning("job.lease_not_renewed", error=type(error).__name__, **_facts(context.claimed))
            is_ours = is_ours or context.is_finishing or context.is_finished

    async def _again(self, context: JobContext, error: KisError) -> Outcome:
        claimed = context.claimed
        if context.is_finished:  # what broke came after the result: nothing is left to do again
            log.warning("job.broke_after_finishing", **_facts(claimed), exc_info=error)
            return Outcome.DONE
        if claimed.attempt >= self._settings.most_attempts:
            return await self._give_up(context, error, attempts=claimed.attempt)
        delay_seconds = self._backoff.after(claimed.attempt)
        log.warning(
            "job.retried", error=error.code, delay_seconds=delay_seconds, **_facts(claimed), exc_info=error
        )

        async def put_back(session: AsyncSession) -> bool:
            return await repository.put_back(
                session, claimed, delay_seconds=delay_seconds, error=described(error)
            )

        await self._say(context, put_back)
        return Outcome.RETRY

    async def _give_up(self, context: JobContext, error: KisError, *, attempts: int) -> Outcome:
        claimed = context.claimed
        log.error("job.failed", error=error.code, **_facts(claimed), exc_info=error)
        on_give_up = self._handlers[claimed.kind].on_give_up

        async def mark_failed(session: AsyncSession) -> bool:
            is_ours = await repository.mark_failed(session, claimed, described(error), attempts=attempts)
            if is_ours and on_give_up is not None:
                await on_give_up(context, error, session)
            return is_ours

        await self._say(context, mark_failed)
        return Outcome.FAILED

    async def _say(self, context: JobContext, write: Callable[[AsyncSession], Awaitable[bool]]) -> None:
        """Write the last word about this try. When that fails the lease runs out, and the job is taken up again."""
        try:
            async with asyncio.timeout(LAST_WORD_SECONDS), self._database.service(context.scope) as session:
                if await write(session):
                    await announce(session, topic_of(context.job_id))
                    await announce(session, TOPIC)
        except Exception:  # the row still says "running" and is taken up when the lease has run out
            log.exception("job.last_word_failed", **_facts(context.claimed))


async def _awaited(work: Awaitable[None]) -> None:
    await work


def _facts(claimed: Claimed) -> dict[str, object]:
    return {
        "job_id": str(claimed.id),
        "kind": claimed.kind,
        "subject_id": str(claimed.subject_id),
        "attempt": claimed.attempt,
    }
