"""Processes of one installation that are one at /metrics: each writes its figures into files of a common folder, and whoever is asked adds them up."""

import shutil
from pathlib import Path
from typing import Final

VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Read by prometheus_client when it is imported, so it must stand in the environment a process is started with."""


def share_metrics(folder: Path) -> dict[str, str]:
    """Return what belongs into the environment of the processes; what earlier ones left in ``folder`` is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    return {VARIABLE: str(folder)}
