"""How a worker process ends: with which exit code, and in any case."""

import os
import signal
import threading
from typing import Final

AGAIN: Final = 75
"""Exit code of a worker that wants to be started anew (EX_TEMPFAIL): a try was broken off and its thread may go on."""
LATE: Final = 70
"""Exit code of a worker that did not end in time by itself."""
GRACE_SECONDS: Final = 5.0


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
