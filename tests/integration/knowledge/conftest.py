"""A knowledge base over a database of its own, and the people of one organisation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.identity import Principal, Role
from tests.factories.knowledge import Library, open_library
from tests.integration.conftest import MakePrincipal
from tests.integration.own_database import app_database_url, migrated_database

__all__ = ["app_database_url", "migrated_database"]


@pytest.fixture
async def library(app_database_url: str, tmp_path: Path) -> AsyncIterator[Library]:
    """A knowledge base whose worker is the test itself."""
    async with open_library(app_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def reviewer(make_principal: MakePrincipal) -> Principal:
    """Somebody who reviews."""
    return await make_principal(Role.REVIEWER)
