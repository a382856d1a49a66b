"""Transactions: whose rows they see, how often they go to the server, and what happens when the server ended their connection."""

import asyncio
from typing import Any, cast
from uuid import UUID, uuid4

import pytest
from sqlalchemy import TextClause, event, text

from kis.platform.database import Database, Scope
from tests.integration.conftest import DatabaseUrls

_WHO = text(
    "SELECT current_user, current_setting('kis.organization_id', true), current_setting('kis.user_id', true)"
)
_BACKEND = text("SELECT pg_backend_pid()")


async def backends(database: Database, count: int) -> set[int]:
    """Return the server's processes behind ``count`` transactions that are open at once."""
    opened, all_open = 0, asyncio.Event()

    async def one() -> int:
        nonlocal opened
        async with database.service() as session:
            found = int(await session.scalar(_BACKEND) or 0)
            opened += 1
            if opened == count:
                all_open.set()
            await all_open.wait()
            return found

    return set(await asyncio.gather(*(one() for _ in range(count))))


async def fail_after(database: Database, statement: TextClause, **values: object) -> None:
    """Run a statement in a transaction that then fails."""
    async with database.service() as session:
        await session.execute(statement, values)
        raise ArithmeticError


async def test_a_transaction_has_the_role_and_the_scope_it_was_opened_with(database: Database) -> None:
    organization, user = uuid4(), uuid4()
    async with database.transaction(Scope(organization, user)) as session:
        assert tuple((await session.execute(_WHO)).one()) == ("authenticated", str(organization), str(user))
    async with database.service() as session:
        assert tuple((await session.execute(_WHO)).one()) == ("service_role", "", "")


async def test_nothing_of_a_transaction_is_left_on_its_connection(app_database_url: str) -> None:
    database = Database(app_database_url, pool_size=1)

    async def left() -> tuple[bool, str]:
        async with database.engine.connect() as connection:
            role, organization, _ = (await connection.execute(_WHO)).one()
            return role in {"authenticated", "service_role"}, organization

    async with database.transaction(Scope(uuid4())) as session:
        await session.execute(text("SELECT 1"))
    assert await left() == (False, "")
    with pytest.raises(ArithmeticError):
        await fail_after(database, text("SELECT 1"))
    assert await left() == (False, "")
    await database.close()


async def test_what_was_written_before_an_error_is_undone(database: Database) -> None:
    topic = f"test:{uuid4()}"
    insert = text("INSERT INTO shared.outbox (topic, payload) VALUES (:topic, '{}')")
    with pytest.raises(ArithmeticError):
        await fail_after(database, insert, topic=topic)
    async with database.service() as session:
        count = await session.scalar(
            text("SELECT count(*) FROM shared.outbox WHERE topic = :topic"), {"topic": topic}
        )
    assert count == 0


async def test_a_scope_holds_nothing_but_ids(database: Database) -> None:
    written = cast("UUID", "'; RESET ROLE; --")
    with pytest.raises(AttributeError):
        async with database.transaction(Scope(written)) as session:
            await session.execute(_WHO)


async def test_a_transaction_enters_with_one_statement(database: Database) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    async with database.transaction(Scope(uuid4())) as session:
        assert not asked, "nothing is asked for a transaction in which nothing is asked"
        await session.execute(text("SELECT 1"))
        await session.execute(text("SELECT 2"))
    assert [statement.partition(";")[0] for statement in asked] == ["BEGIN", "SELECT 1", "SELECT 2"]


async def test_connections_the_server_ended_are_noticed_before_they_are_used(
    fresh_database: DatabaseUrls,
) -> None:
    database = Database(fresh_database.app, pool_size=3)
    superuser = Database(fresh_database.superuser, pool_size=1)
    before = await backends(database, 3)
    assert len(before) == 3
    end = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE pid = ANY(:before)"
    )  # waits for the end
    async with superuser.engine.connect() as connection:
        assert all((await connection.execute(end, {"before": list(before)})).scalars())
    after = await backends(database, 3)
    assert len(after) == 3
    assert not after & before
    await database.close()
    await superuser.close()
