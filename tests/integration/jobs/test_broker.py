"""Between the rows and RabbitMQ: what is handed over, again where it was lost, and what nobody can understand."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from celery import Celery
from pydantic import SecretStr
from sqlalchemy import func, select, update

from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from kis.platform.events import PostgresEventHub
from kis.platform.jobs import Dispatcher, Job, enqueue
from kis.platform.telemetry.metrics import exposition
from kis.worker.broker import DEAD, DEAD_EXCHANGE, DEAD_QUEUE, JOBS, QUEUE, TASK, Broker, create_celery
from tests.factories.processes import Supervised
from tests.factories.waiting import eventually
from tests.integration.jobs.conftest import Desk, worker_environment


@pytest.fixture
def celery(rabbitmq_server: str) -> Celery:
    """The Celery application, its queues there and empty."""
    celery = create_celery(JobSettings(broker_url=SecretStr(rabbitmq_server)))
    Broker(celery).declare()
    with celery.connection_for_write() as connection:
        for queue in (JOBS, DEAD):
            queue(connection.default_channel).purge()
    return celery


@pytest.fixture
def kind() -> str:
    """A kind of jobs of this test's own."""
    return f"test.{uuid4().hex}"


def dispatcher(
    database: Database, broker: Broker, kind: str, *, lost_after_seconds: float = 3600.0
) -> Dispatcher:
    async def publish(job_id: UUID) -> None:
        await asyncio.to_thread(broker.publish, str(job_id))

    async def depth() -> int:
        return await asyncio.to_thread(broker.depth)

    hub = PostgresEventHub(database.url)
    return Dispatcher(database, hub, publish, depth, kinds=[kind], lost_after_seconds=lost_after_seconds)


async def ask(database: Database, kind: str) -> UUID:
    async with database.service() as session:
        return await enqueue(session, kind=kind, subject_id=None, organization_id=None, trace_id="")


async def test_a_job_is_handed_over_once(database: Database, celery: Celery, kind: str) -> None:
    broker = Broker(celery)
    job_id = await ask(database, kind)
    dispatching = dispatcher(database, broker, kind)
    assert (await dispatching.dispatch_due(), await dispatching.dispatch_due()) == (1, 0)
    assert await asyncio.to_thread(messages, celery) == [str(job_id)]


async def test_a_job_that_is_to_be_tried_again_is_handed_over_again(
    database: Database, celery: Celery, kind: str
) -> None:
    job_id = await ask(database, kind)
    dispatching = dispatcher(database, Broker(celery), kind)
    await dispatching.dispatch_due()
    async with database.service() as session:
        await session.execute(update(Job).where(Job.id == job_id).values(dispatched_at=None))
    assert await dispatching.dispatch_due() == 1


async def test_the_job_of_a_dead_worker_is_handed_over_again_once(
    database: Database, celery: Celery, kind: str
) -> None:
    job_id = await ask(database, kind)
    dispatching = dispatcher(database, Broker(celery), kind)
    await dispatching.dispatch_due()
    async with database.service() as session:
        lost = {"status": "running", "lease_owner": "gone", "lease_until": func.clock_timestamp()}
        await session.execute(update(Job).where(Job.id == job_id).values(**lost))
    assert (await dispatching.dispatch_due(), await dispatching.dispatch_due()) == (1, 0)


async def test_what_the_broker_lost_is_handed_over_again(
    database: Database, celery: Celery, kind: str
) -> None:
    broker = Broker(celery)
    await ask(database, kind)
    dispatching = dispatcher(database, broker, kind, lost_after_seconds=0.0)
    await dispatching.dispatch_due()
    assert await dispatching.dispatch_due() == 0, "the broker has a message: nothing is lost"
    await asyncio.to_thread(messages, celery)
    assert await dispatching.dispatch_due() == 1


async def test_a_crash_before_the_mark_hands_over_twice_and_never_not_at_all(
    database: Database, celery: Celery, kind: str
) -> None:
    broker = Broker(celery)
    job_id = await ask(database, kind)

    async def publish_and_die(job: UUID) -> None:
        await asyncio.to_thread(broker.publish, str(job))
        raise ConnectionError

    async def depth() -> int:
        return 0

    dying = Dispatcher(database, PostgresEventHub(database.url), publish_and_die, depth, kinds=[kind])
    with pytest.raises(ConnectionError):
        await dying.dispatch_due()
    assert await dispatcher(database, broker, kind).dispatch_due() == 1
    assert await asyncio.to_thread(messages, celery) == [str(job_id)] * 2


async def test_the_dispatcher_waits_for_a_broker_that_is_away(database: Database, kind: str) -> None:
    away = create_celery(JobSettings(broker_url=SecretStr("amqp://guest:guest@127.0.0.1:9//")))
    job_id = await ask(database, kind)
    with pytest.raises(OSError, match=r".*"):
        await dispatcher(database, Broker(away), kind).dispatch_due()
    async with database.service() as session:
        assert await session.scalar(select(Job.dispatched_at).where(Job.id == job_id)) is None


async def test_both_queues_are_seen_in_the_metrics(celery: Celery) -> None:
    broker = Broker(celery)

    def shown() -> list[str]:
        lines = exposition().decode().splitlines()
        return sorted(line for line in lines if line.startswith("broker_messages{"))

    await asyncio.to_thread(broker.publish, str(uuid4()))
    with celery.connection_for_write() as connection:
        producer = connection.Producer()
        for _ in range(2):
            producer.publish("nonsense", exchange=DEAD_EXCHANGE, routing_key=DEAD_QUEUE)

    async def all_are_seen() -> bool:
        await asyncio.to_thread(broker.depth)
        return shown() == [
            'broker_messages{queue="kis.jobs"} 1.0',
            'broker_messages{queue="kis.jobs.dead"} 2.0',
        ]

    await eventually(all_are_seen)


@pytest.fixture(scope="module")
def worker(
    app_database_url: str, rabbitmq_server: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Supervised]:
    environment = worker_environment(app_database_url) | {"BROKER_URL": rabbitmq_server}
    log = tmp_path_factory.mktemp("worker") / "log"
    running = Supervised(["-m", "tests.factories.job_work", "celery"], environment, count=1, log=log).start()
    yield running
    running.stop()


@pytest.mark.usefixtures("worker")
class TestWorker:
    async def test_a_message_that_comes_again_has_no_second_effect(self, celery: Celery, desk: Desk) -> None:
        broker = Broker(celery)
        job = await desk.ended(await desk.ask("test.work"))
        for _ in range(3):
            await asyncio.to_thread(broker.publish, str(job.id))
        await desk.ended(await desk.ask("test.work"))  # its message stands behind those
        assert await desk.effects(job.id) == 1
        assert (await desk.job(job.id)).attempts == 1
        assert await asyncio.to_thread(broker.depth) == 0

    async def test_what_nobody_can_understand_is_put_aside_for_people(self, celery: Celery) -> None:
        await asyncio.to_thread(celery.send_task, TASK, args=("not-an-id",), queue=QUEUE)
        await asyncio.to_thread(celery.send_task, "unknown.task", args=("x",), queue=QUEUE)

        seen = 0

        async def both_are_there() -> bool:
            nonlocal seen
            seen += await asyncio.to_thread(dead, celery)
            return seen == 2

        await eventually(both_are_there)


def messages(celery: Celery) -> list[str]:
    """Take all messages out of the queue and return the ids of jobs they carry."""
    found = []
    with celery.connection_for_read() as connection:
        queue = JOBS(connection.default_channel)
        while message := queue.get(no_ack=True):
            found.append(str(message.payload[0][0]))
    return found


def dead(celery: Celery) -> int:
    """Take what is put aside out of its queue and return how much it was."""
    with celery.connection_for_read() as connection:
        return DEAD(connection.default_channel).purge() or 0
