"""An installation whose assistant answers with its tools."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from kis.application import Application, open_application
from kis.platform.configuration import ApplicationSettings, DatabaseSettings, Settings
from kis.platform.database import Database
from tests.integration.conftest import SomeOrganization


@pytest.fixture
async def application(app_database_url: str, tmp_path: Path) -> AsyncIterator[Application]:
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, public_url="http://localhost"),
        database=DatabaseSettings(url=app_database_url, pool_size=4),
    )
    async with open_application(settings, listens=False) as opened:
        yield opened


@pytest.fixture
def move_to(database: Database, organization: SomeOrganization) -> Callable[[str], Awaitable[None]]:
    """Move this test's organisation to another time zone."""

    async def move(time_zone: str) -> None:
        async with database.service() as session:
            await session.execute(
                text("UPDATE identity.organizations SET time_zone = :time_zone WHERE id = :id"),
                {"time_zone": time_zone, "id": organization.id},
            )

    return move
