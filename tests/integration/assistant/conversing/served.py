"""An API on a real socket whose assistant has small means of the tests' own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import orjson
from websockets.asyncio.client import ClientConnection, connect

from kis.api import ApiServer
from kis.api.app import create_app
from kis.application import Application
from kis.assistant import Assistant, Means
from kis.identity import Principal
from kis.platform.configuration import AssistantSettings, Settings
from kis.platform.limits import InProcess
from tests.factories.api import services

SECONDS = 120.0
GOOD = {"Authorization": "Bearer good"}


class Served:
    """One running server."""

    def __init__(self, server: ApiServer, port: int, application: Application) -> None:
        self.server, self.port, self.application = server, port, application

    @asynccontextmanager
    async def client(self, path: str = "/ws", **options: Any) -> AsyncIterator["Client"]:
        given = {"additional_headers": GOOD, **options}
        async with connect(f"ws://127.0.0.1:{self.port}{path}", **given, proxy=None) as socket:
            yield Client(socket)


class Client:
    """A client that says objects, texts and bytes."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def say(self, message: dict[str, Any] | str | bytes) -> None:
        await self.socket.send(orjson.dumps(message).decode() if isinstance(message, dict) else message)

    async def hear(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            told: dict[str, Any] = orjson.loads(await self.socket.recv())
        return told

    async def hear_type(self, kind: str) -> dict[str, Any]:
        while True:
            told = await self.hear()
            if told["type"] == kind:
                return told

    async def close_code(self) -> int | None:
        async with asyncio.timeout(SECONDS):
            await self.socket.wait_closed()
        return self.socket.close_code


class KnowsAgain:
    """Knows the same person by the same token."""

    def __init__(self, first: Any) -> None:
        self._first = first
        self._known: dict[str | None, Principal] = {}

    async def authenticate(self, *, bearer: str | None = None, **more: Any) -> Principal:
        found: Principal = await self._first.authenticate(bearer=bearer, **more)
        return self._known.setdefault(bearer, found)


@asynccontextmanager
async def serving(
    home: Path, means: Means, *, assistant: dict[str, Any] | None = None, port: int = 0, **settings: Any
) -> AsyncIterator[Served]:
    """Yield a server on a free port."""
    base = services(home, port=port, **{"public_url": "", **settings})
    made: Settings = replace(base.settings, assistant=AssistantSettings.model_validate(assistant or {}))
    speaking = Assistant(means, made)
    named = {name: getattr(base, name) for name in ("database", "storage")}
    named["identity"] = KnowsAgain(base.identity)
    application = cast(
        "Application", SimpleNamespace(**named, limiter=InProcess(), settings=made, assistant=speaking)
    )
    addresses: asyncio.Queue[str] = asyncio.Queue()
    server = ApiServer(create_app(application), made, ready=addresses.put_nowait, owns_signals=False)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(SECONDS):
        address = await addresses.get()
    try:
        yield Served(server, int(address.rpartition(":")[2]), application)
    finally:
        server.stop()
        async with asyncio.timeout(SECONDS):
            await task
        await speaking.close()
