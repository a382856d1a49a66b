"""What became of fetching manuals, told to whoever keeps it: beside the work, never before it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kis.assistant.errors import ManualUnavailable
from kis.assistant.manuals.disk import Kept, utc_now
from kis.assistant.things import Documentation, DocumentState, ReadDocument
from kis.platform.telemetry import tell_fault

READY = DocumentState.READY.value


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedManual:
    """What became of a manual when it was last fetched, by its first address. ``state`` is ``ready``, or the reason why there is no manual."""

    url: str
    state: str
    fetched_at: datetime
    sha256: str | None = None
    etag: str = ""
    last_modified: str = ""
    media_type: str = ""
    size_bytes: int = 0
    pages: int = 0
    title: str = ""


class Notes(Protocol):
    """Keeps what became of fetching manuals."""

    async def note(self, noted: NotedManual) -> None:
        """Keep it in place of what was known of the address."""
        ...


class Noting:
    """Tells notes. What goes wrong there is logged: a manual is no worse for it."""

    def __init__(self, notes: Notes | None) -> None:
        self._notes = notes
        self._under_way: set[asyncio.Task[None]] = set()

    def found(
        self, documentation: Documentation, kept: Kept, document: ReadDocument, size_bytes: int
    ) -> None:
        """Tell that a manual was opened, be it from its backup address."""
        self._tell(
            NotedManual(
                url=documentation.url,
                state=READY,
                fetched_at=kept.fetched_at,
                sha256=kept.sha256,
                etag=kept.stamp.etag,
                last_modified=kept.stamp.last_modified,
                media_type=kept.media_type,
                size_bytes=size_bytes,
                pages=document.pages,
                title=document.title,
            )
        )

    def failed(self, documentation: Documentation, error: ManualUnavailable) -> None:
        """Tell that there was no manual to be had."""
        state = str(error.meta.get("reason", error.code))
        self._tell(NotedManual(url=documentation.url, state=state, fetched_at=utc_now()))

    async def close(self) -> None:
        """Wait until all is told."""
        await asyncio.gather(*self._under_way)

    def _tell(self, noted: NotedManual) -> None:
        if self._notes is not None:
            task = asyncio.ensure_future(self._told(self._notes, noted))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)

    @staticmethod
    async def _told(notes: Notes, noted: NotedManual) -> None:
        try:
            await notes.note(noted)
        except Exception as error:  # noqa: BLE001 - whatever the keeper's fault is, the manual was had
            tell_fault("assistant.manual_not_noted", error)
