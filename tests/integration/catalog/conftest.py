"""The services of the rulebooks over the shared database."""

import pytest

from kis.platform.database import Database
from kis.quotations import Rulebooks


@pytest.fixture
async def rulebooks(database: Database) -> Rulebooks:
    """The rulebooks, with what is shipped laid down."""
    made = Rulebooks(database)
    await made.install()
    return made
