"""What the assistant speaks of: products, documents read into units with their places on the page, passages, and answers that cite them.

Pages count from 1. Boxes are in points (1/72 inch) from the upper left corner of the page as it is shown, whatever its rotation.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from kis.search import Language

WHOLE_PAGE: Final = ()
"""The boxes of a passage that stands on no place of its own, such as that of a web page."""


class DocumentationType(StrEnum):
    """What a product's documentation is."""

    PDF = "pdf"
    HTML = "html"
    HTML_SCRAPE = "html_scrape"
    """As HTML; the name older catalogs give it."""


@dataclass(frozen=True, slots=True)
class Documentation:
    """Where a product's manual is."""

    type: DocumentationType
    url: str
    backup_url: str | None = None


def documentation_shape(documentation: Documentation | None) -> dict[str, str | None]:
    """Return where a manual is as catalogs write it; empty for none."""
    if documentation is None:
        return {}
    return {
        "type": documentation.type.value,
        "url": documentation.url,
        "backup_url": documentation.backup_url,
    }


@dataclass(frozen=True, slots=True)
class Relation:
    """What another product is to this one."""

    kind: str
    target_id: str
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as it is predicted and shown. ``id`` is the catalog's own and unique among what one caller sees."""

    id: str
    name: str
    brand: str
    category: str = ""
    country: str = ""
    names: tuple[str, ...] = ()
    """Other names it goes by, such as that in the other language."""
    images: dict[str, str] = field(default_factory=dict)
    documentation: Documentation | None = None
    relations: tuple[Relation, ...] = ()
    facts: dict[str, str] = field(default_factory=dict)


class DocumentState(StrEnum):
    """What became of reading a document."""

    READY = "ready"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    SCANNED = "scanned"
    """Pictures of pages without a text: nothing can be found in it."""
    EMPTY = "empty"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class UnitKind(StrEnum):
    """What a unit of a document is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A piece of a document as its writer set it."""

    kind: UnitKind
    text: str
    page: int
    """1 for documents without pages."""
    boxes: tuple[Box, ...] = WHOLE_PAGE
    """One for each line."""
    level: int = 0
    """Of a heading, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDocument:
    """A document taken apart."""

    sha256: str
    parser_version: str
    state: DocumentState
    media_type: str
    title: str = ""
    language: Language = Language.EN
    pages: int = 0
    page_sizes: tuple[tuple[float, float], ...] = ()
    """Width and height of each page, in points."""
    units: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """So much of a document as is found and cited in one piece; never over the border of a page."""

    number: int
    """Its place in the document, from 0."""
    title_path: tuple[str, ...]
    """The headings it stands under, the outermost first."""
    text: str
    page: int
    boxes: tuple[Box, ...] = WHOLE_PAGE
    kind: UnitKind = UnitKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with how well it fits a question."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The document that passages are of, as a citation names it."""

    sha256: str
    title: str
    url: str
    media_type: str = "application/pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a sentence of an answer stands on."""

    number: int
    """As it stands in the answer: ``[1]``."""
    source: Source
    page: int
    excerpt: str
    passage: int
    boxes: tuple[Box, ...] = WHOLE_PAGE


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer with the numbers of its citations."""

    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the answer's text, to be shown at once."""

    text: str


class AnswerMode(StrEnum):
    """Who words the answer."""

    EXTRACTIVE = "extractive"
    MODEL = "model"
    CALCULATED = "calculated"
    """Worked out by a tool, or looked up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The answer is whole."""

    mode: AnswerMode
    sentences: tuple[Sentence, ...] = ()
    refusal: str | None = None
    """The key of the message that says why nothing is answered and what was searched; None where there is an answer."""
    dropped: int = 0
    """Sentences of a model that no passage supports."""
    is_sure: bool = True
    """No: these are the passages that come nearest, and they may answer something else; the text says so."""


AnswerEvent = Chunk | Citation | Finished
"""In this order: chunks, each citation before the chunk that first names it or with it, one ``Finished`` at the end."""
