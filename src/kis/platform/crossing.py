"""Named points at which a process can be made to die, so that it can be proved that dying there loses nothing.

``crossing("outbox.publish.before_mark")`` does nothing. Only a process *started* with ``KIS_FAULT_POINT=<point>:<n>:<file>`` outside production
kills itself (SIGKILL: no cleaning up, as when the machine takes the process away) at the n-th crossing of that point, once: it makes ``<file>``
first, and a process that finds the file there goes on. Nothing that arrives from outside (a request, a row, a message) can turn it on, and
the variable is not read after the start. ``tests/faults`` and ``benchmarks/faults.py`` use it.
"""

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

VARIABLE: Final = "KIS_FAULT_POINT"
POINTS: Final = (
    "quotation.accept.before_commit",
    "quotation.accept.after_commit",
    "quotation.computed",
    "quotation.uploaded",
    "job.claimed",
    "job.finishing.before_commit",
    "job.finished.before_acknowledgement",
    "outbox.published.before_mark",
    "event.written",
    "storage.written",
)
"""Where a quotation's life can be cut, in the order it passes them first (the last two it passes often)."""


@dataclass(slots=True)
class _Fault:
    point: str
    crossings_left: int
    mark: Path


def _of_environment(environment: Mapping[str, str]) -> _Fault | None:
    given = environment.get(VARIABLE, "")
    if not given or environment.get("APP_ENV", "").strip().lower() == "production":
        return None
    point, count, mark = given.split(":", 2)
    if point not in POINTS:
        raise ValueError(f"{VARIABLE} names no point: {point}")
    return _Fault(point, int(count), Path(mark))


_fault: Final = _of_environment(os.environ)


def crossing(point: str) -> None:
    """Say that the process passes ``point``, one of POINTS. Returns, unless the process was started to die there."""
    if _fault is None or _fault.point != point:
        return
    _fault.crossings_left -= 1
    if _fault.crossings_left > 0:
        return
    try:
        _fault.mark.touch(exist_ok=False)
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
