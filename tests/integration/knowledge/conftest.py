"""A knowledge base over a database of its own, and the people of one organisation."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.identity import Principal, Role
from tests.factories.knowledge import Library, open_library
from tests.integration.conftest import MakeOrganization, MakePrincipal
from tests.integration.own_database import app_database_url, migrated_database

__all__ = ["app_database_url", "migrated_database"]


@pytest.fixture
async def library(app_database_url: str, tmp_path: Path) -> AsyncIterator[Library]:
    """A knowledge base whose worker is the test itself."""
    async with open_library(app_database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
async def editor(make_principal: MakePrincipal) -> Principal:
    """Somebody who writes."""
    return await make_principal(Role.EDITOR)


@pytest.fixture
async def reviewer(make_principal: MakePrincipal) -> Principal:
    """Somebody who reviews."""
    return await make_principal(Role.REVIEWER)


@pytest.fixture
async def viewer(make_principal: MakePrincipal) -> Principal:
    """Somebody who reads."""
    return await make_principal(Role.VIEWER)


@pytest.fixture
async def stranger(make_principal: MakePrincipal, make_organization: MakeOrganization) -> Principal:
    """An administrator of another organisation."""
    return await make_principal(Role.ADMIN, of=await make_organization())
