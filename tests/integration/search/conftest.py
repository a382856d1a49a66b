"""A database of its own for the search: what other tests publish for everybody would be found here, too."""

import secrets
from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from kis import migrations
from kis.platform.embedded import Passwords, ensure_database, ensure_roles
from tests.factories.servers import Servers, with_database, with_role
from tests.integration.conftest import DatabaseUrls, copied, reach
from tests.integration.search.library import Library, library_of


@pytest.fixture(scope="session")
def migrated_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """The database that the tests of the search share in this process."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture(scope="session")
def app_database_url(migrated_database: DatabaseUrls) -> str:
    """Its address for the application's own role."""
    return migrated_database.app


@pytest.fixture(scope="module")
def wheel_template(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A database of the server that KIS brings, with the extension, as the embedded server makes it."""
    with copied(template_urls, template="template0") as urls:
        with psycopg.connect(urls.superuser, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION vector")
        migrations.push(urls.owner)
        yield urls


@pytest.fixture(scope="module")
def debian_template(servers: Servers) -> Iterator[DatabaseUrls]:
    """A database of Debian's own server, which has no such extension."""
    server = reach(servers, "debian-postgresql")["superuser"]
    name = f"kis_vectors_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        ensure_roles(connection, Passwords(owner="kis", application="kis"), renew=True)
        ensure_database(connection, name)
    urls = DatabaseUrls(
        with_database(with_role(server, "kis_app"), name),
        with_database(with_role(server, "kis_owner"), name),
        with_database(server, name),
        name,
    )
    try:
        migrations.push(urls.owner)
        yield urls
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@pytest.fixture(params=["wheel_template", "debian_template"])
async def library(request: pytest.FixtureRequest) -> AsyncIterator[Library]:
    """An empty index, on either server."""
    template: DatabaseUrls = request.getfixturevalue(request.param)
    async with library_of(template, has_pgvector=request.param == "wheel_template") as made:
        yield made


@pytest.fixture
async def indexed(wheel_template: DatabaseUrls) -> AsyncIterator[Library]:
    """An empty index on the server with pgvector."""
    async with library_of(wheel_template, has_pgvector=True) as made:
        yield made


@pytest.fixture
async def plain(debian_template: DatabaseUrls) -> AsyncIterator[Library]:
    """An empty index on the server without."""
    async with library_of(debian_template, has_pgvector=False) as made:
        yield made
