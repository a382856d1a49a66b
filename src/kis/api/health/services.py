"""Whether the cache, the broker and the schema are there."""

import asyncio
import ssl
from typing import Final
from urllib.parse import urlsplit

from kis.migrations import Kind, status
from kis.migrations.errors import MigrationFailed
from kis.platform.database import Database

_AMQP_HEADER: Final = b"AMQP\x00\x00\x09\x01"
_METHOD_FRAME: Final = 1
_PORTS: Final = {"amqp": 5672, "amqps": 5671}


class SchemaBehind(Exception):
    """The database lacks a revision this release needs."""


class NoBroker(Exception):
    """Whoever answers at the broker's address speaks no AMQP 0-9-1."""


async def check_cache_health(url: str) -> None:
    """Ping Redis. Raises what the client raises."""
    from redis.asyncio import Redis
    from redis.asyncio.retry import Retry
    from redis.backoff import NoBackoff

    async with Redis.from_url(url, retry=Retry(NoBackoff(), 0), client_name="kis-readyz") as client:
        await client.ping()


async def check_broker_health(url: str) -> None:
    """Begin a conversation with RabbitMQ; it introduces itself before anybody logs in. Raises OSError, NoBroker."""
    address = urlsplit(url)
    secure = ssl.create_default_context() if address.scheme == "amqps" else None
    reader, writer = await asyncio.open_connection(
        address.hostname, address.port or _PORTS.get(address.scheme, 5672), ssl=secure
    )
    try:
        writer.write(_AMQP_HEADER)
        answer = await reader.readexactly(1)
        if answer[0] != _METHOD_FRAME:
            raise NoBroker
    finally:
        writer.close()


async def check_migrations_health(database: Database) -> None:
    """Look whether every revision this release needs is applied: all but those that wait for the old release to go. Raises SchemaBehind."""
    try:
        revisions = await asyncio.to_thread(status, database.url.render_as_string(hide_password=False))
    except MigrationFailed:
        return  # the schema of a later release, on which this one must run while it is being replaced or brought back
    if any(revision.kind is Kind.PRE and not revision.is_applied for revision in revisions):
        raise SchemaBehind
