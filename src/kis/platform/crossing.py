"""Named points at which a process can be made to die, so that it can be proved that dying there loses nothing.

``crossing("outbox.published.before_mark")`` does nothing. Only in a process *started* with ``KIS_FAULT_POINTS=<folder>`` outside production it looks
for a file of the point's name in that folder, removes it and kills the process (SIGKILL: no cleaning up, as when the machine takes it away); so
one file is one death, in one process. Nothing that arrives from outside (a request, a row, a message) can bring it about, and the variable
is not read after the start. ``tests/faults`` and ``benchmarks/faults.py`` use it.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "KIS_FAULT_POINTS"
POINTS: Final = (
    "quotation.accept.before_commit",
    "quotation.accept.after_commit",
    "job.claimed",
    "event.written",
    "quotation.computed",
    "storage.written",
    "quotation.uploaded",
    "job.finishing.before_commit",
    "job.finished.before_acknowledgement",
    "outbox.published.before_mark",
)
"""Where a quotation's life can be cut, in the order it passes them; the last only where a broker or a mail server has its part in it."""
KNOWLEDGE_POINTS: Final = (
    "knowledge.batch.before_commit",
    "knowledge.batch.after_commit",
    "search.reindex.before_commit",
)
"""Where an import of articles or an indexing anew can be cut besides."""


def folder_of(environment: Mapping[str, str]) -> Path | None:
    """Return where the files of points are looked for; None, which means never, without the variable and in production."""
    given = environment.get(VARIABLE, "")
    is_production = environment.get("APP_ENV", "").strip().lower() == "production"
    return Path(given) if given and not is_production else None


_folder: Final = folder_of(os.environ)


def crossing(point: str) -> None:
    """Say that the process passes ``point``, one of POINTS or KNOWLEDGE_POINTS. Returns, unless the process was started to die there."""
    if _folder is None:
        return
    try:
        (_folder / point).unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
