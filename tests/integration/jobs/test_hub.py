"""What every hub promises, held against PostgreSQL's LISTEN and against Redis."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from redis.asyncio import Redis
from sqlalchemy import text

from kis.platform.database import Database
from kis.platform.events import EventHub, PostgresEventHub, Subscription
from kis.platform.events.redis import Bridge, RedisEventHub
from tests.factories.waiting import eventually
from tests.integration.conftest import DatabaseUrls

LONG_SECONDS = 10.0
"""Time in which a wake-up surely comes."""
SHORT_SECONDS = 0.3
"""Time after which none is taken to come."""


@pytest.fixture(params=["postgresql", "redis"])
async def hubs(
    request: pytest.FixtureRequest, database: Database
) -> AsyncIterator[tuple[EventHub, EventHub]]:
    """Hubs of two processes."""
    async with AsyncExitStack() as closing:
        if request.param == "postgresql":
            pair: tuple[EventHub, EventHub] = (PostgresEventHub(database.url), PostgresEventHub(database.url))
        else:
            redis_url = request.getfixturevalue("redis_server")
            bridge = Bridge(database.url, redis_url)
            carrying = asyncio.create_task(bridge.run_forever())

            async def end_bridge() -> None:
                carrying.cancel()
                await asyncio.wait([carrying])

            closing.push_async_callback(end_bridge)

            async def works() -> bool:
                return bridge.is_working

            await eventually(works)
            pair = (RedisEventHub(redis_url), RedisEventHub(redis_url))
        for hub in pair:
            await hub.start()
            closing.push_async_callback(hub.stop)
        yield pair


async def say(database: Database, hub: EventHub, *topics: str) -> None:
    async with database.service() as session:
        for topic in topics:
            await hub.announce(session, topic)


async def test_a_topic_wakes_its_listeners_in_every_process(
    database: Database, hubs: tuple[EventHub, EventHub]
) -> None:
    here, there = hubs
    async with here.subscribe("quote:1") as near, there.subscribe("quote:1") as far:
        await drain(near, far)
        await say(database, here, "quote:1")
        assert await near.wait(LONG_SECONDS)
        assert await far.wait(LONG_SECONDS)


async def test_other_topics_do_not_wake(database: Database, hubs: tuple[EventHub, EventHub]) -> None:
    here, there = hubs
    async with there.subscribe("quote:1") as asked, there.subscribe("quote:2") as other:
        await drain(asked, other)
        await say(database, here, "quote:1")
        assert await asked.wait(LONG_SECONDS)
        assert not await other.wait(SHORT_SECONDS)


async def test_nothing_is_heard_before_the_commit(
    database: Database, hubs: tuple[EventHub, EventHub]
) -> None:
    here, there = hubs
    async with there.subscribe("quote:1") as subscription:
        await drain(subscription)
        async with database.service() as session:
            await here.announce(session, "quote:1")
            assert not await subscription.wait(SHORT_SECONDS)
        assert await subscription.wait(LONG_SECONDS)


async def test_nothing_is_heard_of_what_was_rolled_back(
    database: Database, hubs: tuple[EventHub, EventHub]
) -> None:
    here, there = hubs
    async with there.subscribe("quote:1") as subscription:
        await drain(subscription)
        async with database.service() as session:
            await here.announce(session, "quote:1")
            await session.rollback()
        assert not await subscription.wait(SHORT_SECONDS)


async def test_a_slow_listener_holds_one_wake_up_however_much_was_said(
    database: Database, hubs: tuple[EventHub, EventHub]
) -> None:
    here, there = hubs
    async with there.subscribe("quote:1") as slow, there.subscribe("end") as end:
        await drain(slow, end)
        for _ in range(50):
            await say(database, here, "quote:1")
        await say(database, here, "end")
        assert await end.wait(LONG_SECONDS)
        assert await slow.wait(LONG_SECONDS)
        assert not await slow.wait(SHORT_SECONDS)


async def test_a_thousand_listeners_are_woken(database: Database, hubs: tuple[EventHub, EventHub]) -> None:
    here, there = hubs
    async with AsyncExitStack() as subscribed:
        listeners = [await subscribed.enter_async_context(there.subscribe("quote:1")) for _ in range(1_000)]
        await drain(*listeners[:1])
        await say(database, here, "quote:1")
        assert all(await asyncio.gather(*(listener.wait(LONG_SECONDS) for listener in listeners)))


async def test_everybody_is_woken_after_the_connection_was_lost(
    database: Database,
    hubs: tuple[EventHub, EventHub],
    migrated_database: DatabaseUrls,
    request: pytest.FixtureRequest,
) -> None:
    here, there = hubs
    async with there.subscribe("quote:1") as subscription:
        await drain(subscription)
        await cut_listeners(migrated_database.superuser)
        assert await subscription.wait(LONG_SECONDS)
        if isinstance(there, RedisEventHub):
            await cut_redis(request.getfixturevalue("redis_server"))
            assert await subscription.wait(LONG_SECONDS)
        await say_until_heard(database, here, there)


async def test_the_last_word_is_a_wake_up(hubs: tuple[EventHub, EventHub]) -> None:
    here, _ = hubs
    async with here.subscribe("quote:1") as subscription:
        await drain(subscription)
        await here.stop()
        assert await subscription.wait(LONG_SECONDS)
        assert not here.is_listening


async def test_a_hub_starts_while_its_server_is_away_and_announces_a_missing_ear() -> None:
    hub = PostgresEventHub(Database("postgresql://kis_app@127.0.0.1:9/none").url)
    await hub.start()
    assert not hub.is_listening
    async with hub.subscribe("quote:1") as subscription:
        assert not await subscription.wait(0.01)
    await hub.stop()


async def test_an_unreasonable_topic_is_refused(database: Database) -> None:
    hub = PostgresEventHub(database.url)
    for topic in ("", "x" * 201):
        with pytest.raises(ValueError, match="topic"):
            await say(database, hub, topic)


async def drain(*subscriptions: Subscription) -> None:
    """Take the wake-up that the beginning of a bridge or a connection may have left."""
    for subscription in subscriptions:
        await subscription.wait(SHORT_SECONDS)


async def say_until_heard(database: Database, here: EventHub, there: EventHub) -> None:
    async with there.subscribe("again") as subscription:

        async def heard() -> bool:
            await say(database, here, "again")
            return await subscription.wait(SHORT_SECONDS)

        await eventually(heard)


async def cut_listeners(superuser_database_url: str) -> None:
    """End every LISTENing connection, as a restart of the server does."""
    superuser = Database(superuser_database_url, pool_size=1)
    async with superuser.engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'kis-events' AND datname = current_database()"
            )
        )
    await superuser.close()


async def cut_redis(url: str) -> None:
    """End every subscribed connection to Redis."""
    async with Redis.from_url(url) as redis:
        await redis.client_kill_filter(_type="pubsub")
