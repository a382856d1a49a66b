"""Manuals, just in time: fetched safely, kept by their hash, read in processes of their own, opened once for all who ask."""

from kis.assistant.manuals.opened import OpenManual, Origin, Reading
from kis.assistant.manuals.service import Manuals, Prefetch

__all__ = ["Manuals", "OpenManual", "Origin", "Prefetch", "Reading"]
