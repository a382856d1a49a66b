"""A manual that can be asked, and what makes one of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from kis.assistant.reading import PARSER_VERSION, PassageIndex
from kis.assistant.things import ReadDocument, Source


class Origin(StrEnum):
    """Where a manual was found."""

    MEMORY = "memory"
    DISK = "disk"
    REDIS = "redis"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Reading:
    """What reads documents."""

    module: str
    """Has ``read_document`` and ``page_png``; the reading processes load it."""
    parser_version: str
    """Another one when documents are read otherwise than before: what was kept is then read again."""


USUAL: Final = Reading("kis.assistant.reading", PARSER_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenManual:
    """A manual, read and indexed."""

    sha256: str
    document: ReadDocument
    index: PassageIndex
    url: str
    """Where it came from: the address in the catalog, or its backup."""
    fetched_at: datetime
    origin: Origin

    @property
    def source(self) -> Source:
        """Return it as a citation names it."""
        return Source(
            sha256=self.sha256,
            title=self.document.title,
            url=self.url,
            media_type=self.document.media_type,
        )
