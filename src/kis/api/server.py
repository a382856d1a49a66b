"""Serving: uvicorn with our bounds, and an end in good order."""

import contextlib
from collections.abc import Callable, Iterator, Sequence
from socket import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

from kis.api.app import create_app
from kis.api.protocol import BoundedProtocol
from kis.api.sockets import LARGEST_MESSAGE_BYTES, SocketProtocol
from kis.application import Application
from kis.platform.configuration import Settings

BACKLOG: Final = 2048
KEEP_ALIVE_SECONDS: Final = 75
"""A little longer than nginx and the load balancers keep theirs (60 s), so that they and not we close first."""

Ready = Callable[[str], None]


class ApiServer(uvicorn.Server):
    """uvicorn's server: tells when it listens, and tells streams to end before it waits for them."""

    def __init__(
        self, app: FastAPI, settings: Settings, *, ready: Ready | None = None, owns_signals: bool = True
    ) -> None:
        super().__init__(config_of(app, settings))
        self._app = app
        self._ready = ready
        self._owns_signals = owns_signals

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM, unless whoever runs the server does that."""
        if not self._owns_signals:
            yield
            return
        with super().capture_signals():
            yield

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to listen, and say where."""
        await super().startup(sockets)
        if self.started and self._ready is not None:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self._ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Ask streams to end with a hint to resume, then wait for what runs, as long as the settings say."""
        self._app.state.stopping.set()
        await super().shutdown(sockets)

    def stop(self) -> None:
        """Begin the end; :meth:`serve` returns when it is done."""
        self.should_exit = True


def config_of(app: FastAPI, settings: Settings) -> uvicorn.Config:
    """Return uvicorn's configuration: what a stranger may send is bounded, and nothing tells what serves."""
    own = settings.application
    return uvicorn.Config(
        app,
        host=own.host,
        port=own.port,
        http=BoundedProtocol,
        ws=SocketProtocol,
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_per_message_deflate=False,  # a prediction fits into one packet, and packing it would cost more than making it
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # TRUSTED_PROXIES decides, in the application itself
        backlog=BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(own.stop_timeout_seconds),
    )


async def serve(
    application: Application,
    *,
    ready: Ready | None = None,
    sockets: Sequence[socket] | None = None,
    owns_signals: bool = True,
) -> None:
    """Serve ``application`` until SIGINT or SIGTERM; ``ready`` is called once with the address when it listens."""
    server = ApiServer(create_app(application), application.settings, ready=ready, owns_signals=owns_signals)
    await server.serve(list(sockets) if sockets is not None else None)
