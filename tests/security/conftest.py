"""A whole installation for each module of tests: its services live as long as the module."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio

from tests.factories.security import Installation, World, make_world, open_installation
from tests.integration.conftest import DatabaseUrls, copied, servers, template_urls

__all__ = ["servers", "template_urls"]  # fixtures of the integration tests


@pytest.fixture(scope="module")
def own_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A migrated database that nobody else writes into."""
    with copied(template_urls) as urls:
        yield urls


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def installation(
    own_database: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """The services, the API over them, and no worker but the test."""
    async with open_installation(own_database, tmp_path_factory.mktemp("installation")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(installation: Installation) -> World:
    """Two organisations; one has one of everything."""
    return await make_world(installation)
