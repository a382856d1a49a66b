"""The names of the source marks that stand in ``*_source`` columns."""

from typing import Final

from kis.platform.messages import Message

KNOWN_SOURCES: Final = (
    "maker-catalogue",
    "maker-sheet",
    "earlier-system",
    "public-table",
    "unverified",
    "assumed",
)


def source_name(mark: str) -> Message | str:
    """Return what a person should read for ``mark``; a mark of a shop's own is shown as it was written."""
    return Message(f"catalog.source.{mark}") if mark in KNOWN_SOURCES else mark
