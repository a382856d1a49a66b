"""An installation whose assistant answers with its tools."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import text

from kis.platform.database import Database
from tests.integration.conftest import SomeOrganization


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
