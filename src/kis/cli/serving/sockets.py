"""The sockets the API listens on. They belong to the supervisor, so an API process that is started again finds its callers waiting.

Several processes have a socket each on the same port: Linux deals the connections out among those that listen. Of one socket that all share, the process that
is woken first would take most.
"""

import errno
import socket
import sys
import time
from contextlib import ExitStack
from typing import Final

from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message

BACKLOG: Final = 2048
PATIENCE_SECONDS: Final = 3.0
"""An API that lost its supervisor lets go of the port within this time."""
_POLL_SECONDS: Final = 0.05
_DEALS_OUT: Final = sys.platform == "linux"
"""Elsewhere several sockets on one port are refused, or one of them is given everything."""


class PortTaken(Conflict):
    """Another program listens on the port."""

    code = "port_taken"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(Message("up_cli.port_taken", {"host": host, "port": port}), port=port)


def listening_sockets(host: str, port: int, processes: int = 1) -> list[socket.socket]:
    """Return sockets on one port for so many processes in turn: the first listens, another as soon as its process has it do so.

    Where the system deals nothing out, one socket is for all. Raises PortTaken; BadInput for a host that is no address of this machine.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _listening(host, port, processes)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                problem = Problem("--host", Message("up_cli.no_such_host", {"host": host, "reason": error}))
                raise BadInput("kis up", [problem]) from None
            if time.monotonic() > deadline:
                raise PortTaken(host, port) from None
            time.sleep(_POLL_SECONDS)


def address_of(listening: socket.socket, host: str) -> tuple[int, str]:
    """Return the port, and the address to open in a browser on this machine."""
    port = int(listening.getsockname()[1])
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - looked up, not listened on
    return port, f"http://{shown}:{port}"


def _listening(host: str, port: int, processes: int) -> list[socket.socket]:
    with ExitStack() as closing:
        # Only a socket that shares with none finds out that the port is taken: others who share, another installation for one, would let us in beside them.
        alone = closing.enter_context(_bound(host, port))
        alone.listen(BACKLOG)
        if processes == 1 or not _DEALS_OUT:
            closing.pop_all()
            return [alone]
        own_port = int(alone.getsockname()[1])
        alone.close()
        made = [closing.enter_context(_bound(host, own_port, shares=True)) for _ in range(processes)]
        made[0].listen(BACKLOG)
        closing.pop_all()
        return made


def _bound(host: str, port: int, *, shares: bool = False) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shares:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        made.bind(address)
    except OSError:
        made.close()
        raise
    return made
