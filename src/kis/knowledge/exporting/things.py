"""What is handed out of an article, in whatever form."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from kis.knowledge.texts import Texts
from kis.search import Language


class ExportForm(StrEnum):
    """What articles are handed out as."""

    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"


MEDIA_TYPES: Final[Mapping[ExportForm, str]] = {
    ExportForm.CSV: "text/csv; charset=utf-8",
    ExportForm.JSON: "application/json",
    ExportForm.HTML: "text/html; charset=utf-8",
    ExportForm.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ExportForm.PDF: "application/pdf",
}
ZIP: Final = "application/zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file to hand out, a piece at a time."""

    name: str
    media_type: str
    articles: int
    pieces: AsyncIterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A category as files name it."""

    slug: str
    name_ko: str
    name_en: str
    icon: str
    position: int
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file that a text shows."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as the caller may read it: ``shared`` is what it says of itself in every language, by the names an import knows."""

    slug: str
    category: str | None
    shared: Mapping[str, Any]
    texts: Texts
    saved_at: datetime
    pictures: Mapping[str, Picture]
    """Of its texts, by digest."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What is handed out together: the folder of each article, and the languages its files are in."""

    folders: Mapping[str, str]
    languages: Mapping[str, frozenset[Language]]

    def file(self, slug: str, language: Language, ending: str) -> str | None:
        """Return the path of an article's file in a language, or in the one it is in; None where it is not handed out."""
        known = self.languages.get(slug)
        if not known:
            return None
        chosen = language if language in known else min(known)
        return path_of(self.folders[slug], slug, chosen, ending)


def path_of(folder: str, slug: str, language: Language, ending: str) -> str:
    """Return the path of a file: ``panels/busbar.ko.md``."""
    name = f"{slug}.{language.value}.{ending}"
    return f"{folder}/{name}" if folder else name


def up_from(folder: str) -> str:
    """Return the way from a folder to the top."""
    return "../" if folder else ""
