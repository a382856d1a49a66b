"""Products over a database of their own: what other tests ship for everybody would be seen here, too."""

import pytest

from kis.assistant.products.service import Products
from kis.catalog.store import CatalogStore
from kis.identity import Principal, Role
from kis.platform.database import Database
from tests.integration.conftest import MakeOrganization, MakePrincipal
from tests.integration.own_database import app_database_url, migrated_database

__all__ = ["app_database_url", "migrated_database"]


@pytest.fixture
async def catalogs(database: Database) -> CatalogStore:
    """The estimator's catalogue, laid down."""
    store = CatalogStore(database)
    await store.install()
    return store


@pytest.fixture
def products(database: Database, catalogs: CatalogStore) -> Products:
    """The service."""
    return Products(database, catalogs)


@pytest.fixture
async def editor(make_principal: MakePrincipal) -> Principal:
    """Somebody who keeps the catalogue."""
    return await make_principal(Role.EDITOR)


@pytest.fixture
async def stranger(make_principal: MakePrincipal, make_organization: MakeOrganization) -> Principal:
    """An administrator of another organisation."""
    return await make_principal(Role.ADMIN, of=await make_organization())
