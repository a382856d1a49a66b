"""A wire between a client and a server that a test can cut, or hold so that nothing comes through."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from sqlalchemy.engine import make_url


class Wire:
    """Passes bytes on both ways while it is whole."""

    def __init__(self, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._flows = asyncio.Event()
        self._flows.set()
        self._server: asyncio.Server | None = None
        self._pairs: set[asyncio.Task[None]] = set()
        self.port = 0

    def hold(self) -> None:
        """Let nothing through, and close nothing: as a server that is stopped, or a network that swallows."""
        self._flows.clear()

    def free(self) -> None:
        """Let everything through again, also what was held."""
        self._flows.set()

    async def cut(self) -> None:
        """Close every connection and accept none."""
        assert self._server is not None
        self._server.close()
        for pair in list(self._pairs):
            pair.cancel()
        await asyncio.gather(*self._pairs, return_exceptions=True)

    async def mend(self) -> None:
        """Accept connections, at the same address as before."""
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._pairs.add(task)
        try:
            if self._host.startswith("/"):
                far = await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
            else:
                far = await asyncio.open_connection(self._host, self._port)
            try:
                await asyncio.gather(self._pass(reader, far[1]), self._pass(far[0], writer))
            finally:
                far[1].close()
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            self._pairs.discard(task)
            writer.close()

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._flows.wait()
            target.write(data)
            with suppress(ConnectionError):
                await target.drain()
        with suppress(OSError):
            target.write_eof()


@asynccontextmanager
async def wired(database_url: str) -> AsyncIterator[tuple[Wire, str]]:
    """Yield a wire to the server of ``database_url`` and the address that leads over it."""
    parts = psycopg.conninfo.conninfo_to_dict(database_url)
    wire = Wire(str(parts["host"]), int(str(parts.get("port", 5432))))
    await wire.mend()
    through = make_url(database_url).set(host="127.0.0.1", port=wire.port, query={})
    try:
        yield wire, through.render_as_string(hide_password=False)
    finally:
        wire.free()
        await wire.cut()
