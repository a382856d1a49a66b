"""Products over a database of their own: what other tests ship for everybody would be seen here, too."""

import pytest

from kis.assistant.products.service import Products
from kis.catalog.store import CatalogStore
from kis.platform.database import Database
from tests.integration.own_database import app_database_url, migrated_database

__all__ = ["app_database_url", "migrated_database"]


@pytest.fixture
def products(database: Database, catalogs: CatalogStore) -> Products:
    """The service."""
    return Products(database, catalogs)
