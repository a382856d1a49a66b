"""A shop over the shared database: its worker is the test itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.factories.quotations import Shop, open_shop


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder that the tests of this process share: its key is made once."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
async def shop(app_database_url: str, home: Path) -> AsyncIterator[Shop]:
    """A shop that hears nothing."""
    async with open_shop(app_database_url, home) as opened:
        yield opened


@pytest.fixture
async def hearing_shop(app_database_url: str, home: Path) -> AsyncIterator[Shop]:
    """A shop whose process hears of events at once."""
    async with open_shop(app_database_url, home, listens=True) as opened:
        yield opened
