"""How a worker process ends: when it is asked to, with the process it serves, and in any case."""

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import Final

AGAIN: Final = 75
"""Exit code of a worker that wants to be started anew (EX_TEMPFAIL): a try was broken off and its thread may go on."""
LATE: Final = 70
"""Exit code of a worker that did not end in time by itself."""
GRACE_SECONDS: Final = 5.0
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

    threading.Thread(target=watch, name="worker.parent", daemon=True).start()


def end_in_any_case(seconds: float) -> None:
    """End the process after ``seconds``, though its loop may be blocked and its threads at work."""
    timer = threading.Timer(seconds, os._exit, args=(LATE,))
    timer.daemon = True
    timer.start()


def bound_process(seconds: float) -> None:
    """Have the kernel end the process after ``seconds`` of work on one job (SIGALRM); 0 takes that back.

    The job's own time limit is kept by the event loop; this is for a handler that blocks it.
    """
    signal.setitimer(signal.ITIMER_REAL, seconds)
