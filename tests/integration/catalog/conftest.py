"""The catalogue's services over the shared database."""

import pytest

from kis.catalog.store import CatalogStore
from kis.platform.database import Database
from kis.quotations import Rulebooks


@pytest.fixture
async def catalogs(database: Database) -> CatalogStore:
    """The catalogue, with what is shipped laid down."""
    store = CatalogStore(database)
    await store.install()
    return store


@pytest.fixture
async def rulebooks(database: Database) -> Rulebooks:
    """The rulebooks, with what is shipped laid down."""
    made = Rulebooks(database)
    await made.install()
    return made
