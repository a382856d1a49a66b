"""The gateway as an ASGI application beside the API.

Each request must bring its credential; who it is goes with it to the tools. The server behind is made when the first one comes: most processes
of an API never see an agent, and its libraries take a second and some 40 MB.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from kis.application import Application
from kis.identity import Principal
from kis.mcp.errors import NoCaller
from kis.mcp.names import PRINCIPAL
from kis.mcp.policies import Policies, load_policies

if TYPE_CHECKING:
    from fastmcp.server.http import StarletteWithLifespan

_BEARER: Final = "bearer "


class McpApp:
    """The gateway for the address ``/mcp``. Its ``lifespan`` must be entered while it serves."""

    def __init__(self, application: Application, policies: Policies | None = None) -> None:
        self._application = application
        self._policies = policies or load_policies()
        self._stopping = asyncio.Event()
        self._started: asyncio.Future[ASGIApp] | None = None
        self._serving: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def lifespan(self) -> AsyncIterator[None]:
        """Serve while the block runs."""
        try:
            yield
        finally:
            self._stopping.set()
            if self._serving is not None:
                await self._serving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; what is not allowed is raised for the API to tell. Raises Unauthenticated."""
        caller = await self._caller(scope)
        inner = await self._opened()
        await inner({**scope, PRINCIPAL: caller}, receive, send)

    async def _caller(self, scope: Scope) -> Principal:
        headers = Headers(scope=scope)
        given = headers.get("authorization", "")
        bearer = given[len(_BEARER) :].strip() if given[: len(_BEARER)].lower() == _BEARER else None
        api_key = headers.get("x-api-key")
        if not bearer and not api_key:
            raise NoCaller
        client = scope.get("client")
        return await self._application.identity.authenticate(
            bearer=bearer,
            api_key=api_key,
            method=scope["method"],
            address=client[0] if client else "",
        )

    async def _opened(self) -> ASGIApp:
        if self._started is None:
            self._started = asyncio.get_running_loop().create_future()
            self._serving = asyncio.create_task(self._serve(self._started), name="mcp")
        return await asyncio.shield(self._started)  # who waits may go away; the others still want it

    async def _serve(self, started: asyncio.Future[ASGIApp]) -> None:
        """Hold the server open in a task of its own: what it opens must be closed by the same task."""
        try:
            inner = await asyncio.to_thread(self._made)
            async with inner.lifespan(inner):
                started.set_result(inner)
                await self._stopping.wait()
        except Exception as error:
            if started.done():
                raise
            self._started = None  # the next request tries again
            started.set_exception(error)

    def _made(self) -> "StarletteWithLifespan":
        from kis.mcp.server import http_app

        return http_app(self._application, self._policies)


def mcp_app(application: Application) -> McpApp:
    """Return the gateway for the API to serve at ``/mcp``. Raises BadInput for policies that do not hold together."""
    return McpApp(application)
