"""A whole installation in one process for the tests of the gateway: API, worker, storage in a folder; and clients of the official library."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
import yaml
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.types import ReadResourceResult, TextResourceContents

from kis.api.app import create_app
from kis.application import Application, open_application
from kis.identity import Principal, Role
from kis.platform.configuration import (
    ApplicationSettings,
    DatabaseSettings,
    JobSettings,
    Settings,
)
from kis.platform.jobs import Executor
from kis.quotations import handlings
from tests.factories.servers import LOCALHOST
from tests.factories.waiting import eventually
from tests.integration.own_database import app_database_url, migrated_database

__all__ = ["app_database_url", "migrated_database"]

EXAMPLES = Path(__file__).parents[3] / "examples"
Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """Where the API listens: on a port that the system gave it."""
    with socket.create_server((LOCALHOST, 0)) as made:
        yield made


@pytest.fixture
async def application(
    app_database_url: str, tmp_path: Path, listening: socket.socket
) -> AsyncIterator[Application]:
    """The services, with a worker that makes what is accepted."""
    port = listening.getsockname()[1]
    settings = Settings(
        application=ApplicationSettings(data=tmp_path, host=LOCALHOST, port=port, secret_key="s" * 40),
        database=DatabaseSettings(url=app_database_url, pool_size=8),
        jobs=JobSettings(),
    )
    async with open_application(settings) as opened:
        await opened.storage.ensure()
        await opened.catalogs.install()
        await opened.rulebooks.install()
        executor = Executor(opened.database, opened.hub, handlings(opened.means), settings.jobs)
        working = asyncio.create_task(executor.run_forever())
        yield opened
        executor.stop()
        await working


@pytest.fixture
async def address(application: Application, listening: socket.socket) -> AsyncIterator[str]:
    """The address of the running API."""
    own = application.settings.application
    config = uvicorn.Config(create_app(application), host=own.host, port=own.port, log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))

    async def has_started() -> bool:
        return server.started

    await eventually(has_started)
    yield f"http://{own.host}:{own.port}"
    server.should_exit = True
    await serving


async def key_of(application: Application, principal: Principal, role: Role) -> str:
    """Return an API key of a role in the organisation of an administrator."""
    made = await application.identity.api_keys.create(principal, f"test {role}", role)
    return made.key


@pytest.fixture
def connect(address: str) -> Connect:
    """Open a client of the official library with an API key."""

    @asynccontextmanager
    async def opened(key: str, language: str = "en", **options: Any) -> AsyncIterator[Client]:
        headers = {"X-API-Key": key, "Accept-Language": language}
        async with httpx2.AsyncClient(headers=headers, timeout=120) as http:
            transport = streamable_http_client(f"{address}/mcp", http_client=http)
            async with Client(transport, **options) as client:
                yield client

    return opened


class Agent:
    """An agent with one key: opens a client for each thing it asks, as the gateway keeps no session."""

    def __init__(self, connect: Connect, key: str, language: str = "en") -> None:
        self._connect = connect
        self._key = key
        self._language = language

    async def call(self, tool: str, **arguments: Any) -> Any:
        """Call a tool."""
        async with self._connect(self._key, self._language) as client:
            return await client.call_tool(tool, arguments)

    def client(self) -> AbstractAsyncContextManager[Client]:
        """Open a client."""
        return self._connect(self._key, self._language)

    async def read(self, address: str) -> str:
        """Return the text of a resource."""
        async with self._connect(self._key, self._language) as client:
            return text_of(await client.read_resource(address))


def office() -> dict[str, Any]:
    """A request whose gates hold."""
    return example("office-lighting-panel")


def example(name: str) -> dict[str, Any]:
    """A request of the examples."""
    given: dict[str, Any] = yaml.safe_load((EXAMPLES / f"{name}.yaml").read_text(encoding="utf-8"))
    return given


def text_of(read: ReadResourceResult) -> str:
    """Return the text that a resource is."""
    (content,) = read.contents
    assert isinstance(content, TextResourceContents)
    return content.text


def told(result: Any) -> dict[str, Any]:
    """Return the structured answer of a call that must have gone well."""
    assert not result.is_error, result.content
    answer: dict[str, Any] = result.structured_content
    return answer


def refused(result: Any) -> dict[str, Any]:
    """Return the structured error of a call that must have been refused."""
    assert result.is_error, result.structured_content
    error: dict[str, Any] = result.structured_content
    return error
