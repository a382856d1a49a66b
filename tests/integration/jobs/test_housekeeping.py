"""What has been kept long enough goes, what has not stays, and one process at a time sees to it."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.database import Database
from kis.platform.jobs import (
    ApiMetric,
    Chore,
    Housekeeping,
    IdempotencyKey,
    Job,
    OutboxMessage,
    cleaning,
    standard_chores,
)
from tests.integration.conftest import SomeOrganization


def ago(**given: float) -> datetime:
    return datetime.now(UTC) - timedelta(**given)


async def add_job(database: Database, **values: Any) -> UUID:
    job_id = uuid4()
    async with database.service() as session:
        await session.execute(insert(Job).values(id=job_id, kind=f"test.{job_id.hex}", **values))
    return job_id


async def left(database: Database, jobs: list[UUID]) -> set[UUID]:
    async with database.service() as session:
        return set((await session.scalars(select(Job.id).where(Job.id.in_(jobs)))).all())


class TestStandardChores:
    async def test_jobs_go_a_week_after_they_are_done_and_a_quarter_after_they_failed(
        self, database: Database
    ) -> None:
        old = await add_job(database, status="done", finished_at=ago(days=7, minutes=1))
        fresh = await add_job(database, status="done", finished_at=ago(days=6, hours=23))
        looked_into = await add_job(database, status="failed", finished_at=ago(days=89))
        forgotten = await add_job(database, status="failed", finished_at=ago(days=91))
        waiting = await add_job(database, status="queued", created_at=ago(days=400), run_after=ago(days=400))
        await Housekeeping(database, standard_chores()).run_once()
        kept = await left(database, [old, fresh, looked_into, forgotten, waiting])
        assert kept == {fresh, looked_into, waiting}

    async def test_messages_go_when_they_have_left_and_never_before(self, database: Database) -> None:
        topic = f"test.{uuid4().hex}"
        async with database.service() as session:
            for number, values in enumerate(
                (
                    {"sent_at": ago(days=8)},
                    {"sent_at": ago(days=6)},
                    {"failed_at": ago(days=91)},
                    {"created_at": ago(days=400), "run_after": ago(days=400)},
                )
            ):
                await session.execute(
                    insert(OutboxMessage).values(topic=topic, payload={"number": number}, **values).inline()
                )
        await Housekeeping(database, standard_chores()).run_once()
        async with database.service() as session:
            found = await session.scalars(select(OutboxMessage.payload).where(OutboxMessage.topic == topic))
        assert sorted(payload["number"] for payload in found) == [1, 3]

    async def test_answers_to_retries_are_kept_for_a_day(
        self, database: Database, organization: SomeOrganization
    ) -> None:
        async with database.service() as session:
            for key, hours in (("old", 24.1), ("fresh", 23.9)):
                values = {"route": "POST /x", "request_sha256": "0" * 64, "status_code": 201, "body": b"{}"}
                await session.execute(
                    insert(IdempotencyKey).values(
                        organization_id=organization.id,
                        caller="user:1",
                        key=key,
                        created_at=ago(hours=hours),
                        **values,
                    )
                )
        await Housekeeping(database, standard_chores()).run_once()
        async with database.service() as session:
            kept = await session.scalars(
                select(IdempotencyKey.key).where(IdempotencyKey.organization_id == organization.id)
            )
        assert kept.all() == ["fresh"]

    async def test_response_times_are_kept_for_a_week(self, database: Database) -> None:
        route = f"/{uuid4().hex}"
        async with database.service() as session:
            for days in (6, 8):
                values = {"route": route, "method": "GET", "status": 200, "response_time_ms": float(days)}
                await session.execute(insert(ApiMetric).values(timestamp=ago(days=days), **values).inline())
        await Housekeeping(database, standard_chores()).run_once()
        async with database.service() as session:
            kept = await session.scalars(select(ApiMetric.response_time_ms).where(ApiMetric.route == route))
        assert kept.all() == [6.0]


class TestHousekeeping:
    async def test_a_chore_that_another_process_is_at_is_left_to_it(self, database: Database) -> None:
        begun, may_end = asyncio.Event(), asyncio.Event()

        async def take_long(_: AsyncSession) -> int:
            begun.set()
            await may_end.wait()
            return 3

        name = f"test.{uuid4().hex}"
        first = asyncio.create_task(Housekeeping(database, [Chore(name, 60.0, take_long)]).run_once())
        await begun.wait()
        assert await Housekeeping(database, [Chore(name, 60.0, take_long)]).run_once() == {}
        may_end.set()
        assert await first == {name: 3}

    async def test_what_did_not_fit_into_one_batch_does_not_wait_for_the_next_hour(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(random, "uniform", lambda *_: 0.0)
        left, done = [cleaning.MOST_ROWS, cleaning.MOST_ROWS, 3], asyncio.Event()

        async def clean(_: AsyncSession) -> int:
            count = left.pop(0)
            if not left:
                done.set()
            return count

        chore = Chore(f"test.{uuid4().hex}", 3600.0, clean)
        keeping = asyncio.create_task(Housekeeping(database, [chore]).run_forever())
        async with asyncio.timeout(30):
            await done.wait()
        keeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeping

    async def test_a_chore_is_done_again_and_again(self, database: Database) -> None:
        enough = asyncio.Event()
        done = 0

        async def count(_: AsyncSession) -> int:
            nonlocal done
            done += 1
            if done == 3:
                enough.set()
            return 0

        chore = Chore(f"test.{uuid4().hex}", 0.01, count)
        keeping = asyncio.create_task(Housekeeping(database, [chore]).run_forever())
        async with asyncio.timeout(10):
            await enough.wait()
        keeping.cancel()
        with pytest.raises(asyncio.CancelledError):
            await keeping
