"""A process that serves another ends with it, however that one went."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent() -> None:
    """Have the kernel send SIGTERM when the thread that started this process ends (Linux)."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def when_input_closes(act: Callable[[], object]) -> None:
    """Call ``act``, in a thread, when standard input ends: whoever started this process holds the other end and is gone."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        act()

    threading.Thread(target=watch, name="parent", daemon=True).start()
