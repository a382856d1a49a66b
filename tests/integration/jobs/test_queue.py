"""Asking for jobs, taking them, and what a worker may write that no longer holds one."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select, update

from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from kis.platform.events import PostgresEventHub
from kis.platform.jobs import (
    TOPIC,
    Backoff,
    Executor,
    Handling,
    Job,
    JobContext,
    JobHandler,
    LeaseLost,
    OutboxMessage,
    Outcome,
    enqueue,
    repository,
    topic_of,
)
from kis.platform.outbox import post

LEASE_SECONDS = 30.0


@pytest.fixture
def kind() -> str:
    """A kind of jobs of this test's own."""
    return f"test.{uuid4().hex}"


def executor(
    database: Database, kind: str, handler: JobHandler, *, lease_seconds: float = LEASE_SECONDS
) -> Executor:
    return Executor(
        database,
        PostgresEventHub(database.url),
        {kind: handler},
        JobSettings(lease_seconds=lease_seconds),
        backoff=Backoff(0.0, 0.0),
        poll_seconds=0.05,
        stop_seconds=0.1,
    )


async def ask(database: Database, kind: str, **given: Any) -> UUID:
    async with database.service() as session:
        values = {"subject_id": None, "organization_id": None, "trace_id": "", **given}
        return await enqueue(session, kind=kind, **values)


async def row(database: Database, job_id: UUID) -> Job:
    async with database.service() as session:
        job = await session.get(Job, job_id)
        assert job is not None
        return job


async def expire(database: Database, job_id: UUID) -> None:
    """Let the lease of a job have run out a second ago."""
    async with database.service() as session:
        await session.execute(
            update(Job).where(Job.id == job_id).values(lease_until=func.now() - timedelta(seconds=1))
        )


async def effects(database: Database, kind: str) -> int:
    async with database.service() as session:
        return await session.scalar(select(func.count()).where(OutboxMessage.topic == kind)) or 0


class TestEnqueue:
    async def test_a_job_of_a_transaction_that_is_rolled_back_was_never_there(
        self, database: Database, kind: str
    ) -> None:
        async with database.service() as session:
            job_id = await enqueue(session, kind=kind, subject_id=None, organization_id=None, trace_id="")
            await session.rollback()
        async with database.service() as session:
            assert await session.get(Job, job_id) is None

    async def test_one_deduplication_key_is_one_job(self, database: Database, kind: str) -> None:
        asked = await asyncio.gather(*(ask(database, kind, dedup_key=f"{kind}:1") for _ in range(8)))
        assert len(set(asked)) == 1
        assert await ask(database, kind, dedup_key=f"{kind}:2") not in asked

    async def test_asking_wakes_the_workers(self, database: Database, kind: str) -> None:
        hub = PostgresEventHub(database.url)
        await hub.start()
        async with hub.subscribe(TOPIC) as wakeups:
            await wakeups.wait(0.05)
            await ask(database, kind)
            assert await wakeups.wait(5.0)
        await hub.stop()


class TestClaim:
    async def test_the_most_urgent_comes_first_then_the_oldest(self, database: Database, kind: str) -> None:
        early = datetime.now(UTC) - timedelta(minutes=2)
        late = early + timedelta(minutes=1)
        asked = {
            "late": await ask(database, kind, run_after=late),
            "early": await ask(database, kind, run_after=early),
            "urgent": await ask(database, kind, run_after=late, priority=10),
        }
        order = []

        async def note(context: JobContext) -> None:
            order.append(context.job_id)
            if len(order) == len(asked):
                worker.stop()

        worker = executor(database, kind, note)
        await worker.run_forever()
        assert order == [asked["urgent"], asked["early"], asked["late"]]

    async def test_a_job_waits_for_its_time(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind, run_after=datetime.now(UTC) + timedelta(hours=1))
        assert await executor(database, kind, nothing).run_job(job_id) is None
        assert (await row(database, job_id)).status == "queued"

    async def test_a_job_is_with_one_worker_however_many_ask(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)
        begun = []

        async def note(context: JobContext) -> None:
            begun.append(context.attempt)

        worker = executor(database, kind, note)
        outcomes = await asyncio.gather(*(worker.run_job(job_id) for _ in range(6)))
        assert sorted(map(str, outcomes)) == ["None"] * 5 + ["done"]
        assert begun == [1]

    async def test_workers_that_look_at_once_take_different_jobs(self, database: Database, kind: str) -> None:
        asked = {await ask(database, kind) for _ in range(3)}
        all_look = asyncio.Barrier(5)

        async def take(owner: str) -> UUID | None:
            async with database.service() as session:
                await all_look.wait()
                claimed = await repository.claim_next(
                    session, owner=owner, kinds=[kind], lease_seconds=LEASE_SECONDS, most_attempts=3
                )
            return None if claimed is None else claimed.id

        taken = await asyncio.gather(*(take(f"worker:{number}") for number in range(5)))
        assert {job_id for job_id in taken if job_id is not None} == asked
        assert taken.count(None) == 2

    async def test_a_job_that_is_done_is_not_done_again(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)
        worker = executor(database, kind, nothing)
        assert await worker.run_job(job_id) is Outcome.DONE
        assert await worker.run_job(job_id) is None

    async def test_other_kinds_are_left_to_those_who_know_them(self, database: Database, kind: str) -> None:
        job_id = await ask(database, f"{kind}.other")
        assert await executor(database, kind, nothing).run_job(job_id) is None


class TestFinishing:
    async def test_a_worker_that_lost_its_job_writes_nothing(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)
        second = executor(database, kind, effect)
        refused = []

        async def be_overtaken(context: JobContext) -> None:
            await expire(database, job_id)
            assert await second.run_job(job_id) is Outcome.DONE
            try:
                await effect(context)
            except LeaseLost as lost:
                refused.append(lost)
                raise

        assert await executor(database, kind, be_overtaken).run_job(job_id) is Outcome.ABANDONED
        assert len(refused) == 1
        assert (await effects(database, kind), (await row(database, job_id)).attempts) == (1, 2)

    async def test_the_second_holder_is_not_disturbed_by_the_first(
        self, database: Database, kind: str
    ) -> None:
        job_id = await ask(database, kind)
        overtaken, may_finish = asyncio.Event(), asyncio.Event()

        async def be_slow(context: JobContext) -> None:
            overtaken.set()
            await may_finish.wait()
            await effect(context)

        async def be_overtaken(context: JobContext) -> None:
            await expire(database, job_id)
            await overtaken.wait()
            await effect(context)

        first = asyncio.create_task(executor(database, kind, be_overtaken).run_job(job_id))
        second: asyncio.Task[Outcome | None] | None = None
        worker = executor(database, kind, be_slow)
        while second is None or (second.done() and second.result() is None):
            second = asyncio.create_task(worker.run_job(job_id))
            await asyncio.wait(
                {second, asyncio.create_task(overtaken.wait())}, return_when=asyncio.FIRST_COMPLETED
            )
        assert await first is Outcome.ABANDONED
        assert await effects(database, kind) == 0
        may_finish.set()
        assert await second is Outcome.DONE
        assert await effects(database, kind) == 1

    async def test_what_breaks_while_finishing_leaves_nothing(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)

        async def break_in_the_middle(context: JobContext) -> None:
            async with context.finishing() as session:
                await post(session, topic=context.kind, payload={})
                if context.attempt == 1:
                    raise RuntimeError

        worker = executor(database, kind, break_in_the_middle)
        assert await worker.run_job(job_id) is Outcome.RETRY
        assert (await effects(database, kind), (await row(database, job_id)).status) == (0, "queued")
        assert await worker.run_job(job_id) is Outcome.DONE
        assert await effects(database, kind) == 1

    async def test_what_breaks_after_finishing_changes_nothing(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)

        async def break_at_the_end(context: JobContext) -> None:
            await effect(context)
            raise RuntimeError

        assert await executor(database, kind, break_at_the_end).run_job(job_id) is Outcome.DONE
        assert (await effects(database, kind), (await row(database, job_id)).status) == (1, "done")

    async def test_a_handler_that_writes_nothing_is_done_when_it_returns(
        self, database: Database, kind: str
    ) -> None:
        job_id = await ask(database, kind)
        await executor(database, kind, nothing).run_job(job_id)
        assert (await row(database, job_id)).status == "done"


class TestProgress:
    async def test_it_is_kept_and_wakes_who_watches(self, database: Database, kind: str) -> None:
        hub = PostgresEventHub(database.url)
        await hub.start()
        job_id = await ask(database, kind)
        seen: list[object] = []

        async def report(context: JobContext) -> None:
            async with hub.subscribe(topic_of(context.job_id)) as watching:
                await context.progress(done=3, of=7)
                seen.append(await watching.wait(5.0))
            seen.append((await row(database, job_id)).progress)

        await executor(database, kind, report).run_job(job_id)
        await hub.stop()
        assert seen == [True, {"done": 3, "of": 7}]

    async def test_who_lost_the_job_is_told(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)

        async def report(context: JobContext) -> None:
            await expire(database, job_id)
            await executor(database, kind, nothing).run_job(job_id)
            await context.progress(done=1)

        assert await executor(database, kind, report).run_job(job_id) is Outcome.ABANDONED


class TestLosingTheLease:
    async def test_the_handler_is_broken_off(self, database: Database, kind: str) -> None:
        job_id = await ask(database, kind)
        broken_off = asyncio.Event()

        async def go_on_for_ever(context: JobContext) -> None:
            async with database.service() as session:
                values = {"lease_owner": "another"}
                await session.execute(update(Job).where(Job.id == context.job_id).values(**values))
            try:
                await asyncio.Event().wait()
            finally:
                broken_off.set()

        told: list[bool] = []
        worker = Executor(
            database,
            PostgresEventHub(database.url),
            {kind: Handling(go_on_for_ever)},
            JobSettings(lease_seconds=0.3),
            on_abandoned=lambda: told.append(True),
        )
        assert await worker.run_job(job_id) is Outcome.ABANDONED
        assert broken_off.is_set()
        assert told == [True]


class TestBackoff:
    def test_it_doubles_up_to_its_longest_with_full_jitter(self) -> None:
        backoff = Backoff(first_seconds=2.0, longest_seconds=10.0)
        for attempt, most in ((1, 2.0), (2, 4.0), (3, 8.0), (4, 10.0), (40, 10.0)):
            waits = [backoff.after(attempt) for _ in range(300)]
            assert 0.0 <= min(waits) < 0.2 * most
            assert 0.8 * most < max(waits) <= most


async def nothing(context: JobContext) -> None:
    """Do nothing."""


async def effect(context: JobContext) -> None:
    """Have an effect that can be counted."""
    async with context.finishing() as session:
        await post(session, topic=context.kind, payload={"attempt": context.attempt})
