from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from kis.assistant.manuals import Manuals, Reading
from kis.platform.configuration import AssistantSettings
from tests.factories.maker_site import MakerSite, maker_site

PLAIN = Reading("tests.factories.plain_reading", "plain")


@pytest.fixture
def site() -> Iterator[MakerSite]:
    with maker_site() as running:
        yield running


@pytest.fixture
async def manuals_of(site: MakerSite, tmp_path: Path) -> AsyncIterator[Callable[..., Manuals]]:
    """Make the manuals of a process; all share one disk."""
    async with AsyncExitStack() as stack:

        def made(*, settings: dict[str, Any] | None = None, **more: Any) -> Manuals:
            given: dict[str, Any] = {"reading_processes": 1, "private_hosts": site.host, **(settings or {})}
            manuals = Manuals(
                AssistantSettings(**given),
                more.pop("folder", tmp_path / "manuals"),
                **{"reading": PLAIN, "first_pause_seconds": 0.0, **more},
            )
            stack.push_async_callback(manuals.close)
            return manuals

        yield made


@pytest.fixture
def manuals(manuals_of: Callable[..., Manuals]) -> Manuals:
    return manuals_of()
