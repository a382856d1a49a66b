"""An installation whose assistant answers with its tools."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.application import Application, open_application
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with open_application(settings, listens=False) as opened:
        yield opened
