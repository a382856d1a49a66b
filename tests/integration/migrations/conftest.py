"""Two servers: the one that comes with KIS, and an older one; and databases on them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from kis.migrations import push
from tests.factories.postgres import Server, newest_programs, older_programs, server


@pytest.fixture(scope="session")
def newest() -> Iterator[Server]:
    with server(newest_programs()) as running:
        yield running


@pytest.fixture(scope="session")
def older() -> Iterator[Server]:
    with server(older_programs()) as running:
        yield running


@pytest.fixture(params=["newest", "older"])
def either(request: pytest.FixtureRequest) -> Server:
    found: Server = request.getfixturevalue(request.param)
    return found


@dataclass(frozen=True)
class Migrated:
    """A database with every revision."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        return self.server.address(self.name)

    def connect(self, **options: Any) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, **options)


@pytest.fixture(scope="session")
def template(newest: Server) -> str:
    name = newest.make_database()
    with psycopg.connect(newest.address(), autocommit=True) as connection:
        connection.execute("CREATE ROLE kis_app LOGIN NOINHERIT")
    push(newest.address(name))
    return name


@pytest.fixture(scope="module")
def database(newest: Server, template: str) -> Migrated:
    """One for all tests of a module; each makes an organisation of its own."""
    return Migrated(newest, newest.make_database(template=template))


@pytest.fixture
def connection(database: Migrated) -> Iterator[psycopg.Connection[Any]]:
    """The superuser's connection; what a test does not commit is rolled back."""
    with database.connect() as opened:
        yield opened
        opened.rollback()
