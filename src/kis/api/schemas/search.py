"""Shapes of the search: what is asked, what is found, and what administrators decide about it."""

import re
from datetime import date
from typing import Annotated, Any, Final, Literal
from uuid import UUID

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from kis.api.schemas.common import JsonObject, Time, TraceIdText, WireModel
from kis.search import (
    LAST_OFFSET,
    LAST_PLACE,
    LONGEST_QUERY,
    LONGEST_QUESTION,
    LONGEST_WORD,
    MOST_HITS,
    MOST_PLACES,
    MOST_WORDS,
    Language,
    Source,
)

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written_day(given: Any) -> Any:
    """Refuse what pydantic would take for a day as well: a number of seconds, a time."""
    if given is None or isinstance(given, date) or (isinstance(given, str) and _DAY.fullmatch(given)):
        return given
    raise PydanticCustomError("date_parsing", "not a day of ISO 8601")


FacetName = Literal["source", "category", "type", "language", "status", "tag", "year"]
Day = Annotated[date, BeforeValidator(_written_day)]
QuestionText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_QUESTION),
    Field(
        description='What to find: words, `"phrases"`, `-without`, `title:`, `tag:`, `author:` (`제목:` `태그:` `작성자:`).',
        examples=["차단기용량선정"],
    ),
]
Word = Annotated[str, StringConstraints(min_length=1, max_length=60)]
PersonText = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Sources = Annotated[
    list[Source], Field(max_length=3, description="Only things of these sources; else of all.")
]
Categories = Annotated[
    list[UUID], Field(max_length=20, description="Only articles of these categories and of those below them.")
]
Kinds = Annotated[
    list[Word],
    Field(max_length=20, description="`article`, `faq`, `guide` … of an article, `breaker` … of a part.", examples=[["guide"]]),
]  # fmt: skip
Languages = Annotated[list[Language], Field(max_length=2, description="Only texts in these languages.")]
Statuses = Annotated[
    list[Word],
    Field(max_length=20, description="Of an article or a quotation.", examples=[["published"]]),
]
Tags = Annotated[list[Word], Field(max_length=20, description="Only what has one of these tags.")]
Authors = Annotated[list[PersonText], Field(max_length=20, description="Only what one of these wrote.")]
FirstDay = Annotated[Day | None, Field(description="Not before this day, in UTC.")]
LastDay = Annotated[Day | None, Field(description="Not after this day, in UTC.")]
FacetNames = Annotated[
    list[FacetName], Field(max_length=7, description="By what to count all that is found.")
]
Corrects = Annotated[
    bool,
    Field(
        description="Whether other readings are tried where the words are not known: the other keyboard layout, other spaces, one slip."
    ),
]
Offset = Annotated[int, Field(ge=0, le=LAST_OFFSET, description="So many hits are passed over.")]
Limit = Annotated[int, Field(ge=1, le=MOST_HITS, description="Most hits of the answer.")]


class SearchRequest(WireModel):
    """What is asked. Values of one choice are alternatives; all choices together must hold."""

    q: QuestionText
    sources: Sources = Field(default=[])
    categories: Categories = Field(default=[])
    types: Kinds = Field(default=[])
    languages: Languages = Field(default=[])
    statuses: Statuses = Field(default=[])
    tags: Tags = Field(default=[])
    authors: Authors = Field(default=[])
    since: FirstDay = None
    until: LastDay = None
    facets: FacetNames = Field(default=[])
    corrects: Annotated[Corrects, Field(strict=True)] = True
    offset: Annotated[Offset, Field(strict=True)] = 0
    limit: Annotated[Limit, Field(strict=True)] = 10


class SearchParameters(SearchRequest):
    """The same as parameters of an address: a choice of several is repeated."""

    model_config = ConfigDict(extra="ignore")  # `locale` is no part of the question

    sources: Sources = Field(default=[], alias="source")
    categories: Categories = Field(default=[], alias="category")
    types: Kinds = Field(default=[], alias="type")
    languages: Languages = Field(default=[], alias="language")
    statuses: Statuses = Field(default=[], alias="status")
    tags: Tags = Field(default=[], alias="tag")
    authors: Authors = Field(default=[], alias="author")
    facets: FacetNames = Field(default=[], alias="facet")
    corrects: Corrects = True
    offset: Offset = 0
    limit: Limit = 10


class MarkedSpan(WireModel):
    """A place that was found: from character `start` to before `end`, counted in characters of Unicode."""

    start: int
    end: int


class MarkedText(WireModel):
    """A piece of a text with the places that were found in it."""

    field: Literal["title", "summary", "body"]
    text: str
    marks: list[MarkedSpan]


class SearchHit(WireModel):
    """A thing that was found."""

    source: Source
    source_id: UUID
    language: Language = Field(description="Of the text that is shown.")
    title: str
    summary: str
    link: str = Field(description="The path of the API that gives the whole of it.")
    type: str = Field(description="Within its source: `article`, `guide` …; `quotation`; `breaker` ….")
    status: str
    author: str
    category_id: UUID | None
    tags: list[str]
    dated_at: Time
    facts: JsonObject = Field(description="What a list shows beside the text, by source.")
    snippets: list[MarkedText]
    is_pinned: bool = Field(description="An administrator put it first for these words.")
    score: float = Field(description="To be compared within one answer alone.")


class FacetCount(WireModel):
    """How many of all that is found have a value."""

    value: str
    count: int


class SearchAnswer(WireModel):
    """What was found, the best first."""

    hits: list[SearchHit]
    offset: int
    limit: int
    total: int = Field(description="Things that were found; with `isMore` there are more than were counted.")
    is_more: bool
    facets: dict[FacetName, list[FacetCount]] = Field(description="The most frequent 50 values of each.")
    text: str = Field(description="The text that was searched for in the end.")
    corrections: list[str] = Field(description="Other readings that find something: did you mean.")
    search_id: UUID | None = Field(
        description="What a click names; null on a page that is not the first, and where searches are not noted."
    )
    engine: str
    took_ms: float
    trace_id: TraceIdText


class SearchSuggestion(WireModel):
    """What the text that is being typed may become."""

    text: str
    source: Source | None
    source_id: UUID | None
    marks: list[MarkedSpan]


class SearchSuggestions(WireModel):
    """Suggestions, the likeliest first."""

    items: list[SearchSuggestion]
    trace_id: TraceIdText


class SimilarHits(WireModel):
    """Things that are like one, the most similar first."""

    items: list[SearchHit]
    trace_id: TraceIdText


class ExplainedTerm(WireModel):
    """What a term adds to a score: `rarity × weight × importance`."""

    term: str
    kind: str = Field(
        description="How the text was cut: `morpheme`, `bigram`, `word`, `pair`; `vector`: the share of its meaning."
    )
    fields: list[str] = Field(description="Where it stands.")
    rarity: float
    weight: float = Field(description="How much it says in this text.")
    importance: float = Field(
        description="1 for a term of the question, less for a synonym or another reading."
    )
    place: int | None = Field(
        description="Where meaning ranks, too: the place of the thing by all terms together, or by meaning."
    )
    share: float  # fmt: skip


class Explanation(WireModel):
    """Why a thing stands where it stands."""

    hit: SearchHit | None = Field(description="null: the question does not find it.")
    terms: list[ExplainedTerm] = Field(description="The largest share first.")
    trace_id: TraceIdText


class OpenedHit(WireModel):
    """A hit that was opened."""

    source: Source
    source_id: UUID
    place: int = Field(strict=True, ge=1, le=LAST_PLACE, description="Where it stood, 1 the first.")


class NewPinBody(WireModel):
    """What is to stand first for which words."""

    query: str = Field(
        min_length=1, max_length=LONGEST_QUERY, description="As somebody types it; case and spaces do not matter."
    )  # fmt: skip
    source: Source
    source_id: UUID
    place: int = Field(1, strict=True, ge=1, le=MOST_PLACES, description="The lowest first.")


class PinBody(WireModel):
    """What stands first for which words."""

    id: UUID
    query: str
    source: Source
    source_id: UUID
    title: str | None = Field(description="null: the thing is gone, or is not the caller's to read.")
    place: int
    created_at: Time


class NewSynonyms(WireModel):
    """Words that are to mean the same, in either language."""

    words: list[Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORD)]] = Field(
        min_length=2, max_length=MOST_WORDS, examples=[["차단기", "브레이커", "MCCB"]]
    )
    is_active: bool = Field(default=True, strict=True, description="false: kept, and not used.")


class SynonymsBody(WireModel):
    """Words that mean the same."""

    id: UUID
    words: list[str]
    is_active: bool


class ShippedSynonyms(WireModel):
    """Words that mean the same; they came with the program."""

    words: list[str]
