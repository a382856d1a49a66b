"""The ways to an analyzer's process: the one of the data folder, or one of our own."""

import asyncio
import socket
import subprocess
import sys
from pathlib import Path
from typing import Final, Protocol

from kis.platform.local_sockets import awake_path, connected_to, socket_path
from kis.search.tokens.connection import Connection

GREETING_SECONDS: Final = 20.0
"""Of a process that others keep: most have loaded by then, and of one that has not, or hangs, it is asked again."""
LOAD_SECONDS: Final = 120.0
"""Of a process that was just started, on a slow and busy machine. Whoever comes to its socket meanwhile is greeted as soon as it has loaded."""
WORDS: Final = (sys.executable, "-P", "-m", "kis.search.tokens.process")
_STANDARD_ERROR: Final = 2
"""Standard output is for what a command answers."""


class Link(Protocol):
    """How to come to a process that finds morphemes."""

    @property
    def longest_pause_seconds(self) -> float:
        """Return how long to wait at most between two tries."""
        ...

    def is_awake(self) -> bool:
        """Tell whether the process has loaded already: coming to it costs nothing then."""
        ...

    async def connect(self) -> Connection:
        """Return a new connection. Raises Lost and OSError."""
        ...

    async def close(self) -> None:
        """Leave nothing behind."""
        ...


class SharedProcess:
    """The process that others keep running for a data folder."""

    longest_pause_seconds = 1.0

    def __init__(self, data: Path) -> None:
        self._path = socket_path(data)

    def is_there(self) -> bool:
        """Tell whether somebody listens now."""
        try:
            connected_to(self._path).close()
        except OSError:
            return False
        return True

    def is_awake(self) -> bool:
        """Tell whether the process says that it has loaded."""
        return awake_path(self._path).exists()

    async def connect(self) -> Connection:
        """Return a connection to whoever listens there."""
        return await Connection.greeted(connected_to(self._path), seconds=GREETING_SECONDS)

    async def close(self) -> None:
        """Do nothing."""


class OwnProcess:
    """A process of our own, started anew with each connection: its end is the end of the process, and the other way round."""

    longest_pause_seconds = 60.0

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def is_awake(self) -> bool:
        """Tell whether there is a process."""
        return self._process is not None

    @property
    def pid(self) -> int | None:
        """Return the process, None while there is none."""
        return self._process.pid if self._process is not None else None

    async def connect(self) -> Connection:
        """Start a process and return the connection to it once it has loaded."""
        await self.close()
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = _started(theirs)
        return await Connection.greeted(ours, seconds=LOAD_SECONDS)

    async def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            await asyncio.to_thread(process.wait)


def _started(connection: socket.socket) -> "subprocess.Popen[bytes]":
    """Start a process in the calling thread, which must live as long as the event loop does: the process ends with it."""
    return subprocess.Popen(WORDS, stdin=connection.fileno(), stdout=_STANDARD_ERROR, start_new_session=True)
