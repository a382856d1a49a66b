"""One process's way to PostgreSQL.

What a transaction costs is counted in journeys to the server and back. It begins, takes its role and its scope in one journey, with its first query's
(``after_begin``); and a connection that lay in the pool is not asked whether it still stands: its socket tells.
"""

import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from kis.platform.database.rules import rule_held

AUTHENTICATED: Final = "authenticated"
SERVICE_ROLE: Final = "service_role"

_ENTER: Final = "enter"
"""Where a session holds the SQL its transactions begin with."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction sees: those of one organisation, as its member of ``role`` may; ``user_id`` is who acts, where a person does."""

    organization_id: UUID
    user_id: UUID | None = None
    role: str = ""
    """What the caller is in the organisation."""
    sees_drafts: bool = False
    """Whether the caller reads articles that are not published."""


class Database:
    """A pool of connections, and transactions over it. Make one per process (and per event loop)."""

    def __init__(
        self, url: str, *, pool_size: int = 20, statement_timeout_seconds: float = 15.0, name: str = "kis"
    ) -> None:
        self.url = driver_url(url)
        self._engine = create_async_engine(
            self.url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=10,
            pool_use_lifo=True,  # few connections are in use, and those know the statements
            pool_recycle=1800,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={
                "autocommit": True,  # the driver's own BEGIN would be a journey of its own
                "application_name": name,
                "connect_timeout": 5,
                "options": f"-c timezone=UTC -c statement_timeout={int(statement_timeout_seconds * 1000)} "
                "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=10000",
            },
        )
        event.listen(self._engine.sync_engine, "checkout", _check_out)
        self._sessions = async_sessionmaker(
            self._engine, sync_session_class=_EnteringSession, expire_on_commit=False, autoflush=True
        )

    @property
    def engine(self) -> AsyncEngine:
        """Return the engine, for health checks and tools."""
        return self._engine

    @asynccontextmanager
    async def transaction(self, scope: Scope) -> AsyncIterator[AsyncSession]:
        """Yield a session that sees and writes the rows of ``scope`` alone; committed at the end, rolled back on an error."""
        async with self._entered(AUTHENTICATED, scope) as session:
            yield session

    @asynccontextmanager
    async def service(self, scope: Scope | None = None) -> AsyncIterator[AsyncSession]:
        """Yield a session of the program's own work, across organisations: login, workers, outbox, audit. Never for a caller's query."""
        async with self._entered(SERVICE_ROLE, scope) as session:
            yield session

    @asynccontextmanager
    async def _entered(self, role: str, scope: Scope | None) -> AsyncIterator[AsyncSession]:
        try:
            async with self._sessions(info={_ENTER: _entering(role, scope)}) as session, session.begin():
                yield session
        except DBAPIError as error:
            held = rule_held(error)
            if held is None:
                raise
            raise held from error

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


class _EnteringSession(Session):
    """A session whose transactions begin as its maker said."""


@event.listens_for(_EnteringSession, "after_begin")
def _enter(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    connection.exec_driver_sql(session.info[_ENTER])


def _entering(role: str, scope: Scope | None) -> str:
    """Return the SQL that begins a transaction of ``role`` in ``scope``. Several commands at once take no parameters: what is written into them are ids and words."""
    organization = "" if scope is None else _written(scope.organization_id)
    user = "" if scope is None or scope.user_id is None else _written(scope.user_id)
    acting = "" if scope is None else _word(scope.role)
    drafts = "on" if scope is not None and scope.sees_drafts else "off"
    return (
        f"BEGIN; SET LOCAL role = {role}; SET LOCAL kis.organization_id = '{organization}'; "
        f"SET LOCAL kis.user_id = '{user}'; SET LOCAL kis.role = '{acting}'; SET LOCAL kis.sees_drafts = {drafts}"
    )


def _written(value: UUID) -> str:
    """Return an id as text; anything else fails here, whatever a caller was told it holds."""
    return str(UUID(int=value.int))


def _word(value: str) -> str:
    """Return the name of a role; anything but letters fails here."""
    if value and not (value.isascii() and value.isalpha()):
        raise ValueError(f"{value!r} is no name of a role")
    return value


def _check_out(connection: Any, _record: object, _fairy: object) -> None:
    """Refuse a connection the server has ended: nothing was asked of it, yet there is something to read. Then no other of its age is good either."""
    driver = connection.driver_connection
    if driver.closed or _is_readable(driver.fileno()):
        raise InvalidatePoolError("the server ended the connection")


def _is_readable(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def driver_url(url: str) -> URL:
    """Return ``url`` for the driver in use; operators write postgres:// or postgresql://."""
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
