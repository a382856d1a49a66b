"""Two ways to run the same jobs: worker processes beside the API, and Celery's processes behind RabbitMQ."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from kis.platform.database import Database
from kis.platform.jobs import Job, OutboxMessage, enqueue
from tests.factories.job_work import EFFECT, GIVEN_UP
from tests.factories.processes import Supervised
from tests.factories.waiting import eventually

ENDED = ("done", "failed")


class Desk:
    """Where a test asks for jobs and looks at what became of them."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.folder = folder

    async def ask(self, kind: str, *, dedup_key: str | None = None, **payload: Any) -> UUID:
        async with self.database.service() as session:
            return await enqueue(
                session,
                kind=kind,
                subject_id=None,
                organization_id=None,
                trace_id=uuid4().hex,
                payload={"folder": str(self.folder), **payload},
                dedup_key=dedup_key,
            )

    async def job(self, job_id: UUID) -> Job:
        async with self.database.service() as session:
            job = await session.get(Job, job_id)
            assert job is not None
            return job

    async def ended(self, job_id: UUID, *, seconds: float = 30.0) -> Job:
        async def check() -> Job | None:
            job = await self.job(job_id)
            return job if job.status in ENDED else None

        job = await eventually(check, seconds=seconds)
        assert job is not None
        return job

    async def effects(self, job_id: UUID) -> int:
        return await self._messages(EFFECT, job_id)

    async def given_up(self, job_id: UUID) -> int:
        return await self._messages(GIVEN_UP, job_id)

    async def begun(self, job_id: UUID, attempt: int = 1) -> None:
        """Wait until a handler is at work on that try."""

        async def check() -> bool:
            return (self.folder / f"{job_id}.{attempt}").exists()

        await eventually(check)

    async def _messages(self, topic: str, job_id: UUID) -> int:
        async with self.database.service() as session:
            wanted = (OutboxMessage.topic == topic, OutboxMessage.payload["job"].astext == str(job_id))
            return await session.scalar(select(func.count()).select_from(OutboxMessage).where(*wanted)) or 0


def pid_of(job: Job) -> int:
    """The process that holds a job, as its lease names it."""
    assert job.lease_owner is not None
    return int(job.lease_owner.split(":")[1])


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> Desk:
    return Desk(database, tmp_path)


@pytest.fixture(scope="module", params=["embedded", "celery"])
def workers(
    request: pytest.FixtureRequest, app_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Supervised]:
    """Two worker processes that last as long as the module's tests."""
    environment = worker_environment(app_database_url)
    arguments = ["-m", "tests.factories.job_work"]
    if request.param == "celery":
        environment["BROKER_URL"] = request.getfixturevalue("rabbitmq_server")
        arguments.append("celery")
    log = tmp_path_factory.mktemp("workers") / "log"
    running = Supervised(arguments, environment, count=2, log=log).start()
    yield running
    running.stop()


def worker_environment(database_url: str) -> dict[str, str]:
    """The environment of the test's worker processes: short times."""
    return {
        "DATABASE_URL": database_url,
        "JOB_LEASE_SECONDS": "1.2",
        "KIS_FAULT_POINTS": "",
        "REDIS_URL": os.environ.get("REDIS_URL", ""),
    }
