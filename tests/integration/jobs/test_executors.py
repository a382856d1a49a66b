"""What both executors promise: a job may be tried more than once and has its effect once."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from kis.platform.jobs import Job
from tests.factories.processes import Supervised
from tests.factories.waiting import eventually
from tests.integration.jobs.conftest import Desk, pid_of

pytestmark = pytest.mark.usefixtures("workers")


async def test_a_job_has_its_effect_once_and_its_row_says_so(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.work"))
    assert (job.status, job.attempts, job.error) == ("done", 1, None)
    assert job.lease_owner is None
    assert job.started_at is not None
    assert job.finished_at is not None
    assert await desk.effects(job.id) == 1


async def test_a_job_that_breaks_is_tried_again(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.fail", failures=2))
    assert (job.status, job.attempts, job.error) == ("done", 3, None)
    assert await desk.effects(job.id) == 1


async def test_a_job_that_breaks_each_time_fails_after_three_tries(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.fail", failures=99))
    assert (job.status, job.attempts) == ("failed", 3)
    assert (await desk.effects(job.id), await desk.given_up(job.id)) == (0, 1)


async def test_a_row_tells_no_secret_of_what_broke(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.fail", failures=99))
    assert job.error is not None
    assert job.error["code"] == "job_failed"
    assert job.error["meta"] == {"exception": "RuntimeError"}
    assert set(job.error["message"]) == {"ko", "en"}
    assert "hunter2" not in str(job.error)


async def test_a_refusal_is_not_tried_again(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.refuse", quantity=4))
    assert (job.status, job.attempts) == ("failed", 1)
    assert job.error is not None
    assert job.error["meta"] == {"quantity": 4}
    assert await desk.given_up(job.id) == 1


async def test_a_try_ends_when_its_time_is_over_though_its_thread_does_not(
    desk: Desk, workers: Supervised
) -> None:
    before = set(workers.pids)
    job = await desk.ended(await desk.ask("test.endless"))
    assert (job.status, job.attempts) == ("failed", 3)
    assert job.error is not None
    assert job.error["code"] == "job_timed_out"
    assert await desk.given_up(job.id) == 1
    assert before, "the workers ran"
    follower = await desk.ended(await desk.ask("test.work"))
    assert follower.status == "done"


async def test_a_job_that_kills_its_worker_is_not_tried_for_ever(desk: Desk) -> None:
    job = await desk.ended(await desk.ask("test.kill"))
    assert (job.status, job.attempts) == ("failed", 3)
    assert job.error is not None
    assert job.error["code"] == "job_worker_lost"
    assert await desk.given_up(job.id) == 1


async def test_another_takes_up_the_job_of_a_worker_that_was_killed(desk: Desk, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    job_id = await desk.ask("test.work", gate=str(gate))
    await desk.begun(job_id)
    os.kill(pid_of(await desk.job(job_id)), signal.SIGKILL)
    await desk.begun(job_id, attempt=2)
    gate.touch()
    job = await desk.ended(job_id)
    assert (job.status, job.attempts) == ("done", 2)
    assert await desk.effects(job_id) == 1


async def test_another_takes_up_the_job_of_a_machine_that_is_gone(
    desk: Desk, workers: Supervised, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    job_id = await desk.ask("test.work", gate=str(gate))
    await desk.begun(job_id)
    kill_machine(pid_of(await desk.job(job_id)), workers)
    await desk.begun(job_id, attempt=2)
    gate.touch()
    assert (await desk.ended(job_id)).status == "done"
    assert await desk.effects(job_id) == 1


async def test_a_worker_keeps_its_job_for_longer_than_a_lease(desk: Desk, tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    job_id = await desk.ask("test.work", gate=str(gate))
    await desk.begun(job_id)
    first = (await desk.job(job_id)).lease_until

    async def renewed() -> Job | None:
        job = await desk.job(job_id)
        assert first is not None
        assert job.lease_until is not None
        return job if (job.lease_until - first).total_seconds() > 1.5 else None

    held = await eventually(renewed)
    assert held is not None
    assert held.attempts == 1
    gate.touch()
    assert (await desk.ended(job_id)).attempts == 1
    assert await desk.effects(job_id) == 1


async def test_two_hundred_jobs_have_two_hundred_effects(desk: Desk) -> None:
    jobs = [await desk.ask("test.work") for _ in range(200)]
    for job_id in jobs:
        assert (await desk.ended(job_id, seconds=60)).status == "done"
    assert await asyncio.gather(*(desk.effects(job_id) for job_id in jobs)) == [1] * 200


async def test_workers_that_are_stopped_hand_back_what_they_cannot_finish(
    desk: Desk, workers: Supervised, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    job_id = await desk.ask("test.work", gate=str(gate))
    await desk.begun(job_id)
    workers.stop()
    job = await desk.job(job_id)
    assert (job.status, job.attempts, job.lease_owner) == ("queued", 0, None)
    gate.touch()
    workers.start()
    job = await desk.ended(job_id)
    assert (job.status, job.attempts) == ("done", 1)
    assert await desk.effects(job_id) == 1


async def test_workers_that_are_stopped_finish_what_ends_soon(
    desk: Desk, workers: Supervised, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    job_id = await desk.ask("test.work", gate=str(gate))
    await desk.begun(job_id)
    stopping = asyncio.create_task(asyncio.to_thread(workers.stop))
    gate.touch()
    await stopping
    job = await desk.job(job_id)
    assert (job.status, job.attempts) == ("done", 1)
    workers.start()


def kill_machine(pid: int, workers: Supervised) -> None:
    """Kill the process, the one that started it, and all that belongs to it, at once."""
    worker = psutil.Process(pid)
    top = next(process for process in (worker, *worker.parents()) if process.pid in workers.pids)
    for process in (top, *top.children(recursive=True)):
        process.kill()
