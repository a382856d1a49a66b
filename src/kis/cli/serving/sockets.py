"""The socket the API listens on. It belongs to the supervisor, so an API process that is started again finds the callers waiting."""

import errno
import socket
import time
from typing import Final

from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message

BACKLOG: Final = 2048
PATIENCE_SECONDS: Final = 3.0
"""An API that lost its supervisor lets go of the port within this time."""
_POLL_SECONDS: Final = 0.05


class PortTaken(Conflict):
    """Another program listens on the port."""

    code = "port_taken"

    def __init__(self, host: str, port: int) -> None:
        super().__init__(Message("up_cli.port_taken", {"host": host, "port": port}), port=port)


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises PortTaken; BadInput for a host that is no address of this machine."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return _listen(host, port)
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


def _listen(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen(BACKLOG)
    except OSError:
        made.close()
        raise
    return made
