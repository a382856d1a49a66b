"""What Celery's processes run: the one task, on the one event loop each process keeps for its whole life."""

import asyncio
import os
import signal
from math import ceil
from typing import Any, Final
from uuid import UUID

import structlog
from celery import Celery
from celery.exceptions import Reject
from celery.signals import setup_logging, worker_init, worker_process_init, worker_process_shutdown

from kis.platform.jobs import Executor, Outcome
from kis.platform.parent import die_with_parent
from kis.worker import ending
from kis.worker.broker import TASK
from kis.worker.priority import give_way
from kis.worker.work import Work, WorkFactory

OUTER_LIMIT: Final = 1.5
"""Celery ends a process after so many times a job's own time limit: for a handler that blocks the event loop."""

log = structlog.get_logger(__name__)


class WorkerProcess:
    """One of Celery's processes: its event loop, its work, its executor."""

    def __init__(self, factory: WorkFactory) -> None:
        self._factory = factory
        self._runner: asyncio.Runner | None = None
        self._executor: Executor | None = None
        self._stack: Any = None

    def start(self, **_: Any) -> None:
        """Open the work, after the fork: connections are not shared between processes."""
        self._runner = asyncio.Runner()
        self._executor = self._runner.run(self._open())

    def stop(self, **_: Any) -> None:
        """Close the work."""
        if self._runner is not None:
            self._runner.run(self._stack.__aexit__(None, None, None))
            self._runner.close()
            self._runner = None

    def run(self, job_id: UUID) -> Outcome | None:
        """Do one job. A SIGTERM in the middle of it (Celery stops at once) hands it back."""
        assert self._runner is not None, "a process is started before it gets a task"
        return self._runner.run(self._run(job_id))

    async def _open(self) -> Executor:
        self._stack = self._factory()
        work: Work = await self._stack.__aenter__()
        return Executor(work.database, work.hub, work.handlers, work.settings, backoff=work.backoff)

    async def _run(self, job_id: UUID) -> Outcome | None:
        assert self._executor is not None, "a process is started before it gets a task"
        task = asyncio.create_task(self._executor.run_job(job_id))
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, task.cancel)
        try:
            await asyncio.wait({task})
        finally:
            loop.remove_signal_handler(signal.SIGTERM)
        if task.cancelled():
            log.info("worker.stopped_in_a_job", job_id=str(job_id))
            raise SystemExit(0)
        return task.result()


def add_tasks(celery: Celery, factory: WorkFactory, *, timeout_seconds: float) -> None:
    """Give ``celery`` its task, done with what ``factory`` opens."""
    process = WorkerProcess(factory)
    setup_logging.connect(_keep_logging, weak=False)
    worker_init.connect(_begin, weak=False)
    worker_process_init.connect(process.start, weak=False)
    worker_process_shutdown.connect(process.stop, weak=False)

    @celery.task(name=TASK, time_limit=ceil(OUTER_LIMIT * timeout_seconds + ending.GRACE_SECONDS))
    def run_job(job_id: str) -> None:
        try:
            wanted = UUID(job_id)
        except ValueError as error:
            raise Reject(error, requeue=False) from error
        if process.run(wanted) is Outcome.ABANDONED:
            # Its thread may go on for ever. The message comes back and finds that the job waits or has failed.
            os._exit(ending.AGAIN)


def _begin(**_: Any) -> None:
    """Celery's first process leads the session of all of them, and those that work inherit from it."""
    die_with_parent()
    give_way()


def _keep_logging(**_: Any) -> None:
    """Leave logging as the program has set it up: Celery sets up its own only where nobody answers this signal."""
