"""One process's way to PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from kis.platform.database.rules import rule_held

AUTHENTICATED: Final = "authenticated"
SERVICE_ROLE: Final = "service_role"

_ENTER: Final = text(
    "SELECT set_config('role', :role, true), set_config('kis.organization_id', :organization, true), "
    "set_config('kis.user_id', :user, true)"
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows a transaction sees: those of one organisation; ``user_id`` is who acts, where a person does."""

    organization_id: UUID
    user_id: UUID | None = None


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
            pool_pre_ping=True,
            pool_recycle=1800,
            json_serializer=lambda value: orjson.dumps(value).decode(),
            json_deserializer=orjson.loads,
            connect_args={
                "application_name": name,
                "connect_timeout": 5,
                "options": f"-c timezone=UTC -c statement_timeout={int(statement_timeout_seconds * 1000)} "
                "-c idle_in_transaction_session_timeout=60000 -c lock_timeout=10000",
            },
        )
        self._sessions = async_sessionmaker(self._engine, expire_on_commit=False, autoflush=True)

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
        values: dict[str, Any] = {
            "role": role,
            "organization": "" if scope is None else str(scope.organization_id),
            "user": "" if scope is None or scope.user_id is None else str(scope.user_id),
        }
        try:
            async with self._sessions.begin() as session:
                await session.execute(_ENTER, values)
                yield session
        except DBAPIError as error:
            held = rule_held(error)
            if held is None:
                raise
            raise held from error

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def driver_url(url: str) -> URL:
    """Return ``url`` for the driver in use; operators write postgres:// or postgresql://."""
    return make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
