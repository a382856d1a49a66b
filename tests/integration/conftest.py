"""Real servers for the integration tests, and a migrated database.

One PostgreSQL serves the whole run (that of TEST_DATABASE_URL where it is set). Each process of the run has one database, copied from a migrated template;
its tests share it and each makes organisations of its own. A server whose program is not installed skips its tests by name.
"""

import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
import pytest

from kis.catalog.store import CatalogStore
from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via
from kis.platform.database import Database
from tests.factories.servers import LOCALHOST, NotInstalled, Reached, Servers, held_port, with_database


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The addresses of one database: of the application, of the owner of its schemas, of a superuser."""

    app: str
    owner: str
    superuser: str
    name: str


@dataclass(frozen=True, slots=True)
class SomeOrganization:
    """An organisation of one test."""

    id: UUID
    code: str


@dataclass(slots=True)
class Mailbox:
    """A mail server that keeps what it is sent."""

    host: str
    port: int
    messages: list[Any] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail in."""
        self.messages.append(envelope)
        return "250 OK"


MakeOrganization = Callable[..., Awaitable[SomeOrganization]]
MakePrincipal = Callable[..., Awaitable[Principal]]


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """The servers of this test run."""
    given = getattr(request.config, "workerinput", None)
    if given is None:
        return Servers(f"{os.getpid()}{secrets.token_hex(3)}", os.getpid())
    return Servers(str(given["testrunuid"]), os.getppid())


@pytest.fixture(scope="session")
def template_urls(servers: Servers) -> DatabaseUrls:
    """The migrated template; nobody may stay connected to it."""
    return _named(reach(servers, "postgresql"))


@pytest.fixture(scope="session")
def migrated_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """The database that the tests of this process share."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture(scope="session")
def app_database_url(migrated_database: DatabaseUrls) -> str:
    """The address of the shared database for the application's own role."""
    return migrated_database.app


@pytest.fixture
def fresh_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A migrated database for one test."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture
def empty_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A database for one test, with the roles and nothing else."""
    with copied(template_urls, template="template0") as urls:
        yield urls


@pytest.fixture
async def database(app_database_url: str) -> AsyncIterator[Database]:
    """The application's way to the shared database."""
    made = Database(app_database_url, pool_size=5)
    yield made
    await made.close()


@pytest.fixture
def make_organization(database: Database) -> MakeOrganization:
    """Make an organisation with a code nobody else has."""

    async def make(*, name: str = "", code: str = "") -> SomeOrganization:
        from kis.identity.models import Organization

        chosen = code or secrets.token_hex(4).upper()
        async with database.service() as session:
            row = Organization(code=chosen, name=name or f"조직 {chosen}")
            session.add(row)
            await session.flush()
            return SomeOrganization(row.id, chosen)

    return make


@pytest.fixture
async def organization(make_organization: MakeOrganization) -> SomeOrganization:
    """An organisation of this test."""
    return await make_organization()


@pytest.fixture
def make_principal(database: Database, organization: SomeOrganization) -> MakePrincipal:
    """Make a person of a role in this test's organisation, or in the one given, and return them as a caller."""

    async def make(role: Role = Role.ADMIN, *, of: SomeOrganization | None = None) -> Principal:
        from kis.identity.models import Membership, User

        home = of or organization
        async with database.service() as session:
            person = User(email=f"{role.value}-{secrets.token_hex(6)}@example.test", name=role.value)
            session.add(person)
            await session.flush()
            session.add(Membership(organization_id=home.id, user_id=person.id, role=role.value))
        return Principal(
            organization_id=home.id,
            role=role,
            permissions=frozenset[Permission](ROLE_PERMISSIONS[role]),
            via=Via.TOKEN,
            user_id=person.id,
            name=role.value,
        )

    return make


@pytest.fixture
async def principal(make_principal: MakePrincipal) -> Principal:
    """An administrator of this test's organisation."""
    return await make_principal()


@pytest.fixture
async def editor(make_principal: MakePrincipal) -> Principal:
    """Somebody of this test's organisation who keeps its catalogue and writes articles."""
    return await make_principal(Role.EDITOR)


@pytest.fixture
async def viewer(make_principal: MakePrincipal) -> Principal:
    """Somebody of this test's organisation who reads."""
    return await make_principal(Role.VIEWER)


@pytest.fixture
async def stranger(make_principal: MakePrincipal, make_organization: MakeOrganization) -> Principal:
    """An administrator of another organisation."""
    return await make_principal(Role.ADMIN, of=await make_organization())


@pytest.fixture
async def catalogs(database: Database) -> CatalogStore:
    """The catalogue, with what is shipped laid down."""
    store = CatalogStore(database)
    await store.install()
    return store


@pytest.fixture(scope="session")
def debian_postgresql(servers: Servers) -> str:
    """Address of a superuser of Debian's own PostgreSQL."""
    return reach(servers, "debian-postgresql")["superuser"]


@pytest.fixture(scope="session")
def redis_server(servers: Servers) -> str:
    """Address of a Redis that the run shares: use keys of your own."""
    return reach(servers, "redis")["url"]


@pytest.fixture(scope="session")
def rabbitmq_server(servers: Servers) -> str:
    """Address of a RabbitMQ that the run shares."""
    return reach(servers, "rabbitmq")["url"]


@pytest.fixture(scope="session")
def s3_server(servers: Servers) -> str:
    """Address of an S3-compatible server that the run shares: use a bucket of your own."""
    return reach(servers, "s3")["url"]


@pytest.fixture
def smtp_server() -> Iterator[Mailbox]:
    """A mail server of this test."""
    from aiosmtpd.controller import Controller

    with held_port() as port:
        box = Mailbox(LOCALHOST, port)
        controller = Controller(box, hostname=box.host, port=box.port)
        controller.start()
        try:
            yield box
        finally:
            controller.stop()


def reach(servers: Servers, kind: str) -> Reached:
    """Return how to reach a server; skip the test where its program is missing."""
    try:
        return servers.reach(kind)
    except NotInstalled as missing:
        pytest.skip(f"{missing} is not installed")


@contextmanager
def copied(source: DatabaseUrls, *, template: str | None = None) -> Iterator[DatabaseUrls]:
    """Copy a database for the block."""
    name = f"{source.name.removesuffix('template')}{secrets.token_hex(4)}"
    server = with_database(source.superuser, "postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} OWNER kis_owner TEMPLATE {template or source.name}".encode()
        )
        connection.execute(f"GRANT CONNECT ON DATABASE {name} TO kis_app, kis_owner".encode())
    try:
        yield DatabaseUrls(
            with_database(source.app, name),
            with_database(source.owner, name),
            with_database(source.superuser, name),
            name,
        )
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


def _named(reached: Reached) -> DatabaseUrls:
    name = psycopg.conninfo.conninfo_to_dict(reached["superuser"])["dbname"]
    return DatabaseUrls(reached["app"], reached["owner"], reached["superuser"], str(name))
