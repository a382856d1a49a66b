"""Messages leave after the commit, at least once, in the end."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from kis.platform.database import Database
from kis.platform.events import PostgresEventHub
from kis.platform.jobs import Backoff, OutboxMessage, Permanent
from kis.platform.messages import Message
from kis.platform.outbox import Delivery, Relay, TopicHandler, post


@pytest.fixture
def topic() -> str:
    """A topic of this test's own."""
    return f"test.{uuid4().hex}"


def relay(database: Database, topic: str, handler: TopicHandler, *, most_attempts: int = 3) -> Relay:
    return Relay(
        database,
        PostgresEventHub(database.url),
        {topic: handler},
        backoff=Backoff(0.0, 0.0),
        most_attempts=most_attempts,
        poll_seconds=0.05,
    )


async def put(database: Database, topic: str, *numbers: int) -> None:
    async with database.service() as session:
        for number in numbers:
            await post(session, topic=topic, payload={"number": number})


async def rows(database: Database, topic: str) -> list[OutboxMessage]:
    async with database.service() as session:
        found = await session.scalars(
            select(OutboxMessage).where(OutboxMessage.topic == topic).order_by(OutboxMessage.id)
        )
        return list(found.all())


async def let_time_pass(database: Database, topic: str) -> None:
    """Let the time be over for which messages that were taken are hidden."""
    async with database.service() as session:
        await session.execute(
            update(OutboxMessage).where(OutboxMessage.topic == topic).values(run_after=func.now())
        )


class Receiver:
    """Takes what it is given and notes it; breaks as often as it is told."""

    def __init__(self, *, failures: int = 0) -> None:
        self.numbers: list[int] = []
        self.ids: list[str] = []
        self._failures = failures

    async def __call__(self, delivery: Delivery) -> None:
        self.ids.append(delivery.message_id)
        if self._failures:
            self._failures -= 1
            raise ConnectionError
        self.numbers.append(delivery.payload["number"])


class TestRelay:
    async def test_nothing_leaves_of_a_transaction_that_is_rolled_back(
        self, database: Database, topic: str
    ) -> None:
        receiver = Receiver()
        async with database.service() as session:
            await post(session, topic=topic, payload={"number": 1})
            await session.rollback()
        assert await relay(database, topic, receiver).send_waiting() == 0
        assert receiver.numbers == []

    async def test_a_message_leaves_once(self, database: Database, topic: str) -> None:
        receiver = Receiver()
        await put(database, topic, 1)
        relaying = relay(database, topic, receiver)
        assert await relaying.send_waiting() == 1
        assert await relaying.send_waiting() == 0
        assert (await rows(database, topic))[0].sent_at is not None
        await let_time_pass(database, topic)
        assert await relaying.send_waiting() == 0
        assert receiver.numbers == [1]

    async def test_two_relays_do_not_send_the_same(self, database: Database, topic: str) -> None:
        receiver = Receiver()
        await put(database, topic, *range(60))
        relays = [relay(database, topic, receiver) for _ in range(3)]
        while sum(await asyncio.gather(*(one.send_waiting() for one in relays))):
            pass
        assert sorted(receiver.numbers) == list(range(60))

    async def test_what_could_not_leave_is_sent_again_under_the_same_id(
        self, database: Database, topic: str
    ) -> None:
        receiver = Receiver(failures=2)
        await put(database, topic, 1)
        relaying = relay(database, topic, receiver)
        for _ in range(3):
            await relaying.send_waiting()
        assert receiver.numbers == [1]
        assert len(receiver.ids) == 3
        assert len(set(receiver.ids)) == 1
        assert ((await rows(database, topic))[0].attempts, (await rows(database, topic))[0].error) == (
            3,
            None,
        )

    async def test_after_the_last_try_it_is_kept_as_failed(self, database: Database, topic: str) -> None:
        await put(database, topic, 1)
        relaying = relay(database, topic, Receiver(failures=99))
        while await relaying.send_waiting():
            pass
        message = (await rows(database, topic))[0]
        assert (message.attempts, message.error, message.sent_at) == (3, "ConnectionError", None)
        assert message.failed_at is not None

    async def test_what_can_never_leave_is_not_tried_again(self, database: Database, topic: str) -> None:
        async def refuse(delivery: Delivery) -> None:
            raise Permanent(Message("jobs.failed"), topic=delivery.topic)

        await put(database, topic, 1)
        relaying = relay(database, topic, refuse)
        assert (await relaying.send_waiting(), await relaying.send_waiting()) == (1, 0)
        assert (await rows(database, topic))[0].failed_at is not None

    async def test_one_that_breaks_does_not_hold_up_the_others(self, database: Database, topic: str) -> None:
        sent = []

        async def refuse_the_second(delivery: Delivery) -> None:
            if delivery.payload["number"] == 2:
                raise ConnectionError
            sent.append(delivery.payload["number"])

        await put(database, topic, 1, 2, 3)
        await relay(database, topic, refuse_the_second).send_waiting()
        assert sorted(sent) == [1, 3]

    async def test_a_message_whose_relay_died_is_sent_again(self, database: Database, topic: str) -> None:
        await put(database, topic, 1)

        async def die(_: Delivery) -> None:
            raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await relay(database, topic, die).send_waiting()
        receiver = Receiver()
        assert await relay(database, topic, receiver).send_waiting() == 0
        await let_time_pass(database, topic)
        assert await relay(database, topic, receiver).send_waiting() == 1
        assert receiver.numbers == [1]

    async def test_it_hears_of_messages_and_stops_when_asked(self, database: Database, topic: str) -> None:
        received = asyncio.Event()

        async def note(_: Delivery) -> None:
            received.set()

        hub = PostgresEventHub(database.url)
        await hub.start()
        relaying = Relay(database, hub, {topic: note}, poll_seconds=60.0)
        running = asyncio.create_task(relaying.run_forever())
        await asyncio.sleep(0)
        await put(database, topic, 1)
        async with asyncio.timeout(5):
            await received.wait()
            relaying.stop()
            await running
        await hub.stop()
