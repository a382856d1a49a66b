"""A process that is started when somebody first comes for it, and not before: what nobody uses costs no memory."""

import select
import socket
import threading
from collections.abc import Callable

from kis.platform.local_sockets import Listening


class FirstAsked:
    """Listens in place of a process that is not there yet. Whoever comes waits in the queue of the socket, which the process inherits."""

    def __init__(self, listening: Listening) -> None:
        self._listening = listening
        self._ended, self._end = socket.socketpair()

    @property
    def descriptor(self) -> int:
        """Return the socket, to be handed on."""
        return self._listening.socket.fileno()

    def wait(self, came: Callable[[], None]) -> None:
        """Have ``came`` called, in a thread, once somebody waits to be answered; not after the end."""
        threading.Thread(target=self._wait, args=(came,), name="up.asked", daemon=True).start()

    def close(self) -> None:
        """Listen no more, and leave nothing behind."""
        self._end.close()
        self._listening.remove()
        self._listening.socket.close()

    def _wait(self, came: Callable[[], None]) -> None:
        ended = self._ended.fileno()
        waiting, _, _ = select.select([self.descriptor, ended], [], [])
        if ended not in waiting:
            came()
