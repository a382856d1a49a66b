"""The services of an installation, over the test's own database and folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.application import Application, open_application
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, SearchSettings, Settings


@pytest.fixture
def settings(app_database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
        search=SearchSettings(morphemes="off"),  # loading them holds the interpreter for seconds
    )


@pytest.fixture
async def application(settings: Settings) -> AsyncIterator[Application]:
    async with open_application(settings, listens=False) as opened:
        yield opened
