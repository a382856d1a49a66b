"""A database of its own for the search: what other tests publish for everybody would be found here, too."""

from collections.abc import Iterator

import pytest

from tests.integration.conftest import DatabaseUrls, copied


@pytest.fixture(scope="session")
def migrated_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """The database that the tests of the search share in this process."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture(scope="session")
def app_database_url(migrated_database: DatabaseUrls) -> str:
    """Its address for the application's own role."""
    return migrated_database.app
