"""Manuals, just in time: fetched safely, kept by their hash, read in processes of their own, opened once for all who ask."""

from typing import TYPE_CHECKING

from kis.platform.deferred import deferred

if TYPE_CHECKING:
    from kis.assistant.manuals.opened import OpenManual, Origin, Reading
    from kis.assistant.manuals.service import Manuals, Prefetch
else:
    __getattr__ = deferred(
        __name__,
        {
            "opened": ("OpenManual", "Origin", "Reading"),
            "service": ("Manuals", "Prefetch"),
        },
    )

__all__ = ["Manuals", "OpenManual", "Origin", "Prefetch", "Reading"]
