"""``kis worker --celery``: one process that hands jobs to RabbitMQ, sends the outbox and keeps house, with Celery's worker below it.

Two programs, because Celery makes its processes by forking, and a process that forks should have no threads and no event loop.
"""

import asyncio
import os
import signal
import sys
from typing import Final
from uuid import UUID

import structlog
from celery import Celery

from kis.platform.jobs import Dispatcher, Housekeeping
from kis.platform.outbox import Relay
from kis.worker import ending
from kis.worker.broker import Broker
from kis.worker.work import Work, WorkFactory

DECLARE_SECONDS: Final = 2.0

log = structlog.get_logger(__name__)


def run(factory: WorkFactory, celery: Celery, *, application: str, processes: int) -> int:
    """Carry and work until asked to stop; return the exit code. ``application`` is where Celery's program finds ``celery``: ``module:name``."""
    return asyncio.run(_Carrier(celery, application, processes).run(factory))


class _Carrier:
    def __init__(self, celery: Celery, application: str, processes: int) -> None:
        self._broker = Broker(celery)
        self._command = [
            *(sys.executable, "-m", "celery", "--app", application, "--quiet", "worker"),
            *("--concurrency", str(processes), "--hostname", f"kis-{os.getpid()}@%h"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
        ]
        self._stop_requested = asyncio.Event()

    async def run(self, factory: WorkFactory) -> int:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop_requested.set)
        async with factory() as work:
            await work.hub.start()
            if not await self._declared():
                return 0
            # A session of its own: a terminal's interrupt comes here alone, and what it means is decided here.
            worker = await asyncio.create_subprocess_exec(*self._command, start_new_session=True)
            try:
                async with asyncio.TaskGroup() as group:
                    background = self._background(group, work)
                    code = await self._until_stopped(worker, work.stop_seconds)
                    for task in background:
                        task.cancel()
            finally:
                if worker.returncode is None:
                    worker.kill()
                    await worker.wait()
            await work.hub.stop()
        return code

    async def _declared(self) -> bool:
        """Wait until the broker is there and has the queues; False when asked to stop meanwhile."""
        while not self._stop_requested.is_set():
            try:
                await asyncio.to_thread(self._broker.declare)
            except OSError as error:
                log.warning("worker.broker_away", error=type(error).__name__)
                await self._asked_to_stop(DECLARE_SECONDS)
            else:
                return True
        return False

    def _background(self, group: asyncio.TaskGroup, work: Work) -> list[asyncio.Task[None]]:
        dispatcher = Dispatcher(
            work.database,
            work.hub,
            self._publish,
            self._depth,
            kinds=work.handlers,
            lost_after_seconds=work.lost_after_seconds,
        )
        duties = [
            dispatcher.run_forever(),
            Relay(work.database, work.hub, work.topics).run_forever(),
            Housekeeping(work.database, work.chores).run_forever(),
        ]
        redis_url = work.settings.redis_url.get_secret_value()
        if redis_url:
            from kis.platform.events.redis import Bridge

            duties.append(Bridge(work.database.url, redis_url).run_forever())
        return [group.create_task(duty) for duty in duties]

    async def _until_stopped(self, worker: asyncio.subprocess.Process, stop_seconds: float) -> int:
        """Return Celery's exit code when it ends by itself, else 0 after it was stopped: softly, then at once."""
        ended = asyncio.create_task(worker.wait())
        stopping = asyncio.create_task(self._stop_requested.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if ended.done():
            log.error("worker.celery_ended", code=worker.returncode)
            return worker.returncode or 1
        worker.send_signal(signal.SIGTERM)  # finishes what runs
        await asyncio.wait({ended}, timeout=stop_seconds)
        if not ended.done():
            worker.send_signal(signal.SIGQUIT)  # stops at once: its processes hand their jobs back
            await asyncio.wait({ended}, timeout=ending.GRACE_SECONDS)
        return 0

    async def _asked_to_stop(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stop_requested.wait()
        except TimeoutError:
            pass

    async def _publish(self, job_id: UUID) -> None:
        await asyncio.to_thread(self._broker.publish, str(job_id))

    async def _depth(self) -> int:
        return await asyncio.to_thread(self._broker.depth)
