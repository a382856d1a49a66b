"""A served KIS whose organisation has a few switches with manuals, in Korean and English."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Final

import orjson
import pytest
import structlog

from kis.api import ApiServer
from kis.api.app import create_app
from kis.application import Application, open_application
from kis.cli.assistant_chat.access import Access
from kis.identity import Origin, Principal
from kis.platform.configuration import (
    ApplicationSettings,
    AssistantSettings,
    DatabaseSettings,
    SearchSettings,
    Settings,
)
from kis.platform.database import Database
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, MakerSite, maker_site
from tests.factories.servers import held_port

SECONDS: Final = 120.0


class Running:
    """A served installation and somebody who works there. It can be away for a while, and comes back at the same address."""

    def __init__(self, application: Application, site: MakerSite, email: str, *, port: int) -> None:
        self.application, self.site, self.email = application, site, email
        self.url = ""
        self._port = port
        self._server: ApiServer | None = None
        self._task: asyncio.Task[None] | None = None

    async def access(self) -> Access:
        """Return a way in, good once."""
        login = await self.application.identity.sessions.open_at_this_machine(self.email, Origin())
        return Access(url=self.url, refresh_token=login.refresh_token)

    async def serve_again(self) -> None:
        """Listen, where it was before."""
        addresses: asyncio.Queue[str] = asyncio.Queue()
        settings = self.application.settings
        server = ApiServer(
            create_app(self.application), settings, ready=addresses.put_nowait, owns_signals=False
        )
        server.config.port = self._port
        self._server, self._task = server, asyncio.create_task(server.serve())
        async with asyncio.timeout(SECONDS):
            self.url = await addresses.get()

    async def stop_serving(self) -> None:
        """Listen no more; who is connected is sent away."""
        assert self._server is not None
        assert self._task is not None
        self._server.stop()
        async with asyncio.timeout(SECONDS):
            await self._task


def catalog(site: MakerSite) -> dict[str, Any]:
    """Return the catalog of a maker: two switches with manuals, and a lever."""

    def switch(code: str, path: str) -> dict[str, Any]:
        return {
            "id": f"kx-{code}",
            "name": f"KX-{code} Switch",
            "brand": "Kistest",
            "category": "Switches",
            "documentation": {"type": "pdf", "url": f"{site.url}{path}"},
            "relationships": [{"type": "accessory", "target_id": "kx-lever", "label": "손잡이 Lever"}],
        }

    lever = {
        "id": "kx-lever",
        "name": "Rotary lever 회전 손잡이",
        "brand": "Kistest",
        "category": "Accessories",
    }
    return {
        "brand_identity": {"id": "kistest", "name": "Kistest", "hq": "Seoul"},
        "products": [switch("250", "/en.pdf"), switch("400", "/ko.pdf"), lever],
    }


@pytest.fixture(autouse=True)
def server_logs() -> Iterator[None]:
    """Keep what the server logs away from what the program prints: both run in this process."""
    was_configured, before = structlog.is_configured(), structlog.get_config()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR),
        logger_factory=structlog.WriteLoggerFactory(sys.__stderr__),
    )
    yield
    structlog.reset_defaults()
    if was_configured:
        structlog.configure(**before)


@pytest.fixture
async def running(
    app_database_url: str, database: Database, principal: Principal, tmp_path: Path
) -> AsyncIterator[Running]:
    """A KIS that answers, on a real socket over a real database, with manuals on a maker's site."""
    from kis.identity.models import User

    async with database.service() as session:
        person = await session.get(User, principal.user_id)
        assert person is not None
        email = person.email
    with maker_site() as site, held_port() as port:
        site.put("/en.pdf", Answer(manual_pdf()))
        site.put("/ko.pdf", Answer(manual_pdf("ko")))
        settings = Settings(
            application=ApplicationSettings(data=tmp_path, secret_key="s" * 40, port=0),
            database=DatabaseSettings(url=app_database_url, pool_size=4),
            search=SearchSettings(morphemes="off"),
            assistant=AssistantSettings(
                private_hosts=site.host,
                reading_processes=1,
                manual_timeout_seconds=600,
                reading_timeout_seconds=600,
            ),
        )
        async with open_application(settings, listens=False) as application:
            await application.products.import_catalog(principal, "kistest.json", orjson.dumps(catalog(site)))
            made = Running(application, site, email, port=port)
            await made.serve_again()
            yield made
            await made.stop_serving()
