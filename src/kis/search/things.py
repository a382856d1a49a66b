"""What is indexed, asked for and found: the words every engine, source and face of the search shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Source(StrEnum):
    """What kind of thing a hit is."""

    ARTICLE = "article"
    QUOTATION = "quotation"
    CATALOG_ITEM = "catalog_item"


class Language(StrEnum):
    """The language of a text."""

    KO = "ko"
    EN = "en"


class Visibility(StrEnum):
    """Who may read what is published."""

    PUBLIC = "public"
    """Everybody who is logged in, of whatever organisation."""
    ORGANIZATION = "organization"
    ROLE = "role"


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Who may read something; without an organisation, everybody who is logged in."""

    organization_id: UUID | None
    visibility: Visibility = Visibility.ORGANIZATION
    roles: tuple[str, ...] = ()
    """Sorted; with ``Visibility.ROLE`` alone."""
    is_published: bool = True
    """False: those who write and review."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text in one language to be found as one thing. All of it is plain text."""

    readers: Readers
    source: Source
    source_id: UUID
    language: Language
    title: str
    dated_at: datetime
    summary: str = ""
    body: str = ""
    names: tuple[str, ...] = ()
    """Names and codes to be found whole: ABN-53, Q-2026-0001."""
    tags: tuple[str, ...] = ()
    category_id: UUID | None = None
    kind: str = ""
    status: str = ""
    author: str = ""
    link: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What hits must be; an empty choice takes all. Choices within one are alternatives, all of them together must hold."""

    sources: tuple[Source, ...] = ()
    categories: tuple[UUID, ...] = ()
    kinds: tuple[str, ...] = ()
    languages: tuple[Language, ...] = ()
    statuses: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """Both days included, UTC."""


class Facet(StrEnum):
    """By what hits are counted."""

    SOURCE = "source"
    CATEGORY = "category"
    KIND = "kind"
    LANGUAGE = "language"
    STATUS = "status"
    TAG = "tag"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody asks for."""

    text: str
    filters: Filters = Filters()
    language: Language | None = None
    """Of the asker: of an article in two languages this one is shown."""
    offset: int = 0
    limit: int = 10
    facets: tuple[Facet, ...] = ()
    corrects: bool = True
    """Whether other readings of the text are tried where it finds little: the other keyboard layout, joined and split words, one slip."""
    by_meaning: bool = True
    """Whether what means the same is found too, where vectors are made."""
    highlights: bool = True
    """Whether it is told where in the texts the words stand, which is half the work of an answer."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where a term stands in a text: from character ``start`` to before ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of a text with the places that were found."""

    field: str
    text: str
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermShare:
    """What a term adds to a score: ``rarity × weight × importance``."""

    term: str
    kind: str
    """``morpheme``, ``bigram``, ``word``, ``pair``; ``vector``: the share of meaning, ``term`` then is the model's name."""
    rarity: float
    weight: float
    importance: float
    fields: tuple[str, ...]
    place: int | None = None
    """Where vectors rank too: the place, from 1, of the thing by all terms together, or by its vector. What either adds is ``1 ÷ (60 + place)``."""

    @property
    def share(self) -> float:
        """Return the product."""
        return self.rarity * self.weight * self.importance


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A thing that was found."""

    item_id: int
    source: Source
    source_id: UUID
    language: Language
    score: float
    title: str
    summary: str
    link: str
    kind: str
    status: str
    author: str
    category_id: UUID | None
    tags: tuple[str, ...]
    dated_at: datetime
    facts: Mapping[str, Any]
    is_pinned: bool = False
    snippets: tuple[Snippet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to a query. ``total`` counts up to ``MOST_COUNTED`` things; with ``is_more`` there are more."""

    hits: tuple[Hit, ...]
    total: int
    is_more: bool
    facets: Mapping[Facet, Mapping[str, int]]
    text: str
    """The text that was searched for in the end."""
    corrections: tuple[str, ...] = ()
    """Other readings that find something: did you mean."""
    engine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What the text that is being typed may become."""

    text: str
    source: Source | None = None
    source_id: UUID | None = None
    marks: Sequence[Span] = ()
