"""The embedded worker: one process that does one job at a time, sends what waits in the outbox and keeps house."""

import asyncio
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import structlog

from kis.platform.jobs import Executor, Handling, Housekeeping, JobContext, JobHandler
from kis.platform.outbox import Relay
from kis.platform.parent import when_input_closes
from kis.worker import ending
from kis.worker.priority import give_way
from kis.worker.work import Work, WorkFactory

LATER: Final = 1.5
"""So many times a job's time limit, and a little more, may pass before the kernel ends the process."""

log = structlog.get_logger(__name__)


def run(factory: WorkFactory, *, is_served: bool = False) -> int:
    """Work until asked to stop and return the exit code. ``is_served``: stop also when standard input closes."""
    give_way()
    return asyncio.run(_serve(factory, is_served=is_served))


def leave(code: int) -> None:
    """End the process now: a thread of a job that was broken off is not waited for."""
    import sys

    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


@dataclass(slots=True)
class _End:
    code: int = 0


async def _serve(factory: WorkFactory, *, is_served: bool) -> int:
    end = _End()
    loop = asyncio.get_running_loop()
    async with factory() as work:
        await work.hub.start()
        relay = Relay(work.database, work.hub, work.topics)

        def stop() -> None:
            ending.end_in_any_case(work.stop_seconds + ending.GRACE_SECONDS)
            executor.stop()
            relay.stop()

        def parent_gone() -> None:
            ending.end_in_any_case(
                work.stop_seconds + ending.GRACE_SECONDS
            )  # from its thread: the loop may be blocked
            loop.call_soon_threadsafe(stop)

        def start_anew() -> None:
            end.code = ending.AGAIN
            stop()

        executor = Executor(
            work.database,
            work.hub,
            _bounded(work),
            work.settings,
            backoff=work.backoff,
            poll_seconds=work.poll_seconds,
            stop_seconds=work.stop_seconds,
            on_abandoned=start_anew,
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop)
        if is_served:
            when_input_closes(parent_gone)
        log.info("worker.started", pid=os.getpid(), kinds=sorted(work.handlers))
        await _until_stopped(work, executor, relay)
        await work.hub.stop()
    log.info("worker.stopped", pid=os.getpid(), code=end.code)
    return end.code


async def _until_stopped(work: Work, executor: Executor, relay: Relay) -> None:
    async with asyncio.TaskGroup() as group:
        background = [group.create_task(Housekeeping(work.database, work.chores).run_forever())]
        redis_url = work.settings.redis_url.get_secret_value()
        if redis_url:
            from kis.platform.events.redis import Bridge

            background.append(group.create_task(Bridge(work.database.url, redis_url).run_forever()))
        sending = group.create_task(relay.run_forever())
        await executor.run_forever()
        relay.stop()
        await sending
        for task in background:
            task.cancel()


def _bounded(work: Work) -> Mapping[str, Handling]:
    """Return the handlers, each within a bound that holds even when it blocks the event loop."""
    return {
        kind: _bounded_one(handler, work.settings.timeout_seconds) for kind, handler in work.handlers.items()
    }


def _bounded_one(handler: Handling | JobHandler, timeout_seconds: float) -> Handling:
    handling = handler if isinstance(handler, Handling) else Handling(handler)
    bound_seconds = LATER * (handling.timeout_seconds or timeout_seconds) + ending.GRACE_SECONDS

    async def run_bounded(context: JobContext) -> None:
        ending.bound_process(bound_seconds)
        try:
            await handling.run(context)
        finally:
            ending.bound_process(0)

    return replace(handling, run=run_bounded)
