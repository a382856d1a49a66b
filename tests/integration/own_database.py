"""Fixtures for folders whose tests would find what others publish for everybody: a database for each of their modules."""

from collections.abc import Iterator

import pytest

from tests.integration.conftest import DatabaseUrls, copied


@pytest.fixture(scope="module")
def migrated_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """A migrated database for the tests of a module."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture(scope="module")
def app_database_url(migrated_database: DatabaseUrls) -> str:
    """Its address for the application's own role."""
    return migrated_database.app
