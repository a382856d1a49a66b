"""A served assistant for the tests of sockets."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.factories.conversing import Teller, means_of
from tests.integration.assistant.conversing.installed import (
    asked_model,
    installed,
    model,
    process_of,
    site,
)
from tests.integration.assistant.conversing.served import Served, serving

__all__ = ["asked_model", "installed", "model", "process_of", "shared", "site"]


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Served]:
    """A server that answers everything with one sentence."""
    async with serving(tmp_path, means_of(teller=Teller(("Yes.",)))) as running:
        yield running
