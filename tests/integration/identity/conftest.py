"""People of identity's tests: each test has an organisation of its own."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import UUID, uuid4

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity import Identity, Login, Origin, Permission, Principal, Role, Via
from kis.platform.configuration import (
    ApplicationSettings,
    IdentitySettings,
    LimitSettings,
    Settings,
    SupabaseSettings,
)
from kis.platform.database import Database
from kis.platform.limits import InProcess
from kis.platform.mail import Mail, Mailer, NullMailer

POOL_SIZE: Final = 5
"""Connections of the fixture ``database``."""
SECRET = b"a secret of the tests, long enough"
PASSWORD = "seven maples by the river"
ORIGIN = Origin("192.0.2.1", "a test")
CHEAP = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Clock:
    """A clock the test moves."""

    ahead: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def go(self, **time: float) -> None:
        self.ahead += timedelta(**time)


@dataclass
class Postman:
    """A mailer that keeps what it was handed."""

    sends: bool = True
    mails: list[Mail] = field(default_factory=list)

    async def hand_over(
        self,
        session: AsyncSession,  # noqa: ARG002 - what a Mailer is handed
        mail: Mail,
        *,
        organization_id: UUID | None = None,  # noqa: ARG002 - as above
    ) -> None:
        self.mails.append(mail)


@dataclass
class World:
    """An identity service with one organisation and its administrator."""

    identity: Identity
    database: Database
    clock: Clock
    code: str
    admin: Principal
    admin_email: str

    async def person(self, role: Role, name: str = "person") -> tuple[str, Principal]:
        """Invite somebody who sets the password; return the address and the principal."""
        email = f"{name}-{secrets.token_hex(4)}@example.test"
        _, link = await self.identity.users.invite(self.admin, email, role)
        assert link
        login = await self.identity.links.use(link.token, Origin(secrets.token_hex(4)), password=PASSWORD)
        return email, await self.known(login)

    async def known(self, login: Login) -> Principal:
        return await self.identity.authenticate(bearer=login.access_token)


@pytest.fixture
def clock() -> Clock:
    return Clock()


class MakeIdentity(Protocol):
    """Makes a service; what is not given is as in an installation without settings."""

    def __call__(
        self,
        *,
        database: Database | None = None,
        identity: IdentitySettings | None = None,
        limits: LimitSettings | None = None,
        supabase: SupabaseSettings | None = None,
        mailer: Mailer | None = None,
    ) -> Identity: ...


@pytest.fixture
def make_identity(database: Database, clock: Clock) -> MakeIdentity:
    shared = database

    def make(
        *,
        database: Database | None = None,
        identity: IdentitySettings | None = None,
        limits: LimitSettings | None = None,
        supabase: SupabaseSettings | None = None,
        mailer: Mailer | None = None,
    ) -> Identity:
        settings = Settings(
            application=ApplicationSettings(public_url="https://kis.example.test"),
            identity=identity or IdentitySettings(),
            limits=limits or LimitSettings(login_per_minute=10),
            supabase=supabase or SupabaseSettings(),
        )
        return Identity(
            database or shared,
            settings,
            limiter=InProcess(),
            mailer=mailer or NullMailer(),
            secret=SECRET,
            hasher=CHEAP,
            now=clock,
        )

    return make


@pytest.fixture
async def world(make_identity: MakeIdentity, database: Database, clock: Clock) -> AsyncIterator[World]:
    identity = make_identity()
    yield await new_world(identity, database, clock)
    identity.close()


@pytest.fixture
async def other_world(world: World) -> World:
    return await new_world(world.identity, world.database, world.clock)


async def new_world(identity: Identity, database: Database, clock: Clock) -> World:
    """Make an organisation as an operator would."""
    code = secrets.token_hex(4).upper()
    email = f"admin-{code.lower()}@example.test"
    operator = an_operator()
    _, link = await identity.organizations.create(operator, f"Organisation {code}", code, email)
    assert link
    login = await identity.links.use(link.token, Origin(secrets.token_hex(4)), password=PASSWORD)
    admin = await identity.authenticate(bearer=login.access_token)
    return World(identity, database, clock, code, admin, email)


async def at_once(database: Database, *calls: Coroutine[Any, Any, Any]) -> list[Any]:
    """Return what the calls return or raise, each with a connection that is open already: without, the first is done before the next begins."""
    together = asyncio.Barrier(POOL_SIZE)

    async def open_connection() -> None:
        async with database.service():
            await together.wait()

    await asyncio.gather(*(open_connection() for _ in range(POOL_SIZE)))
    return await asyncio.gather(*calls, return_exceptions=True)


def an_operator() -> Principal:
    """Return the operator at the machine's command line."""
    return Principal(
        organization_id=uuid4(),
        role=Role.ADMIN,
        permissions=frozenset(Permission),
        via=Via.LOCAL,
    )
