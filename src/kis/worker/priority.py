"""Workers wait for everybody else: people wait for the API, nobody for the second in which a quotation is made."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

NICENESS: Final = 10
"""A ninth of what others get where all are busy: enough to renew a lease in time, and for a quotation not to starve."""
_AUTOGROUP: Final = Path("/proc/self/autogroup")


def give_way() -> None:
    """Take a low priority, for this process and those it starts from now on.

    Where Linux schedules by session (sched_autogroup_enabled, see sched(7)) the niceness of a process counts among those of its session alone, and all sessions
    share the processors evenly. A process that leads a session therefore lowers the session too; in somebody's terminal it leaves that as it is.
    """
    with suppress(OSError):
        os.nice(NICENESS)
    if os.getsid(0) == os.getpid():
        with suppress(OSError):
            _AUTOGROUP.write_text(str(NICENESS), encoding="ascii")
