"""Kinds of jobs whose behaviour a test chooses, for the worker processes of the job tests.

Run as a program this is an embedded worker; ``celery_app`` is what Celery's processes load. Settings come from the environment, as always.
A job's payload says what its handler does; its effect is a message in the outbox, written while it finishes, so that effects can be counted.
"""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.configuration import load_settings
from kis.platform.database import Database
from kis.platform.errors import KisError
from kis.platform.events import open_hub
from kis.platform.jobs import Backoff, Handling, JobContext, Permanent
from kis.platform.messages import Message
from kis.platform.outbox import post
from kis.worker import carrier
from kis.worker.broker import create_celery
from kis.worker.process import leave, run
from kis.worker.tasks import add_tasks
from kis.worker.work import Work

EFFECT = "test.effect"
GIVEN_UP = "test.given_up"
APPLICATION = "tests.factories.job_work:celery_app"
TIMEOUT_SECONDS = 0.6
STOP_SECONDS = 1.5


async def work_once(context: JobContext) -> None:
    """Wait for the gate, where the payload names one, and have the effect."""
    await _begin(context)
    await asyncio.to_thread(_wait_for, context.payload.get("gate"))
    await _finish(context)


async def fail_at_first(context: JobContext) -> None:
    """Break as often as the payload says, then have the effect."""
    if context.attempt <= context.payload["failures"]:
        raise RuntimeError("a password: hunter2")
    await _finish(context)


async def refuse(context: JobContext) -> None:
    """Fail for good."""
    raise Permanent(Message("jobs.lease_lost"), quantity=context.payload["quantity"])


async def never_end(context: JobContext) -> None:
    """Block a thread for ever, as a computation that does not converge."""
    await _begin(context)
    await asyncio.to_thread(threading.Event().wait)


async def kill_the_worker(context: JobContext) -> None:
    """Take the process down, as the kernel does when memory is short."""
    await _begin(context)
    os.kill(os.getpid(), signal.SIGKILL)


async def note_giving_up(context: JobContext, error: KisError, session: AsyncSession) -> None:
    """Leave a trace in the transaction that marks the job failed."""
    await post(session, topic=GIVEN_UP, payload={"job": str(context.job_id), "code": error.code})


HANDLERS = {
    "test.work": Handling(work_once, note_giving_up),
    "test.fail": Handling(fail_at_first, note_giving_up),
    "test.refuse": Handling(refuse, note_giving_up),
    "test.endless": Handling(never_end, note_giving_up, timeout_seconds=TIMEOUT_SECONDS),
    "test.kill": Handling(kill_the_worker, note_giving_up),
}


@asynccontextmanager
async def chosen_work() -> AsyncIterator[Work]:
    """Open the work of the tests."""
    settings = load_settings()
    database = Database(settings.database.url.get_secret_value(), pool_size=4, name="kis-test-worker")
    try:
        yield Work(
            database=database,
            hub=open_hub(database, settings.jobs),
            settings=settings.jobs,
            handlers=HANDLERS,
            chores=(),
            stop_seconds=STOP_SECONDS,
            backoff=Backoff(first_seconds=0.05, longest_seconds=0.2),
            poll_seconds=0.2,
            lost_after_seconds=0.5,
        )
    finally:
        await database.close()


async def _begin(context: JobContext) -> None:
    begun = Path(context.payload["folder"], f"{context.job_id}.{context.attempt}")
    await asyncio.to_thread(begun.touch)


def _wait_for(gate: str | None) -> None:
    while gate and not Path(gate).exists():
        threading.Event().wait(0.01)


async def _finish(context: JobContext) -> None:
    async with context.finishing() as session:
        await post(session, topic=EFFECT, payload={"job": str(context.job_id), "attempt": context.attempt})


celery_app = create_celery(load_settings().jobs)
add_tasks(celery_app, chosen_work, timeout_seconds=60.0)

if __name__ == "__main__":
    if sys.argv[1:] == ["celery"]:
        leave(carrier.run(chosen_work, celery_app, application=APPLICATION, processes=1))
    leave(run(chosen_work, is_served=True))
