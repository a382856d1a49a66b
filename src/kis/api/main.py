"""``uvicorn kis.api.main:app``: the API of the installation that the environment describes.

Nothing is read and nothing is opened before the server starts.
"""

import asyncio
import os
import signal
import threading
from contextlib import AsyncExitStack
from types import FrameType
from typing import Any, Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kis.application import open_application
from kis.platform.collecting import short_collections
from kis.platform.configuration import load_settings, refuse_unsafe
from kis.platform.telemetry import start_telemetry, stop_telemetry


class FromEnvironment:
    """An ASGI application that becomes the API when the server starts it, and closes its services when it ends."""

    def __init__(self) -> None:
        self._app: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; or, for the lifespan, all there is between start and end."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        if self._app is None:
            raise RuntimeError("the server has not started the application: lifespan must be on")
        await self._app(scope, receive, send)

    async def _live(self, scope: Scope, receive: Receive, send: Send) -> None:
        from kis.api.app import create_app

        settings = load_settings()
        refuse_unsafe(settings, os.environ)
        start_telemetry(settings)
        async with AsyncExitStack() as closing:
            closing.callback(stop_telemetry)
            application = await closing.enter_async_context(open_application(settings, name="kis-api"))
            app = create_app(application)
            closing.callback(_tell_streams(app.state.stopping))
            self._app = app
            application.assistant.warm()
            await closing.enter_async_context(short_collections())
            await app(scope, receive, send)


def _tell_streams(stopping: asyncio.Event) -> Any:
    """Set ``stopping`` when the server is asked to stop: it waits for open streams before it ends the lifespan. Returns what undoes it."""
    if threading.current_thread() is not threading.main_thread():
        return lambda: None
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def told(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stopping.set)
        earlier = before[signal.Signals(number)]
        if callable(earlier):
            earlier(number, frame)

    for number in before:
        signal.signal(number, told)

    def undo() -> None:
        for number, earlier in before.items():
            signal.signal(number, earlier)

    return undo


app: Final = FromEnvironment()
