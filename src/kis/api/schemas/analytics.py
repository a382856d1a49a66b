"""Shapes of the analytics. A share is from 0 to 1, null where there is nothing to take it of."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from kis.api.schemas.common import TraceIdText, WireModel
from kis.api.schemas.search import Day
from kis.knowledge import Concern, Failure
from kis.search import Language, Source

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Titles = Annotated[dict[Language, str], Field(description="Of the version that readers have, by language.")]


class FiguresBody(WireModel):
    """What happened in a period."""

    searches: Count
    visits: Count = Field(description="Whoever searched, counted once a day.")
    clicked: Count = Field(description="Searches of which a hit was opened.")
    without_hit: Count
    click_through: Share | None = Field(
        description="Of the searches that found something, those of which a hit was opened."
    )
    median_milliseconds: float | None
    p95_milliseconds: float | None
    articles_read: Count
    articles_published: Count = Field(description="For the first time.")
    versions_saved: Count


class StandingBody(WireModel):
    """Where the articles stand now."""

    published: Count = Field(description="Readers have a version of them.")
    drafts: Count = Field(description="The current version is on its way to the readers.")
    statuses: dict[str, int] = Field(description="By the status of the current version.")


class AnalyticsOverview(WireModel):
    """A period, the one of the same length before it, and where the articles stand now."""

    from_day: Day = Field(alias="from")
    to_day: Day = Field(alias="to")
    now: FiguresBody
    before: FiguresBody
    standing: StandingBody
    trace_id: TraceIdText


class DayBody(WireModel):
    """What happened on a day."""

    day: Day
    searches: Count
    visits: Count
    clicked: Count
    without_hit: Count
    articles_read: Count


class LanguageBody(WireModel):
    """What happened in a language; null: searches that named none."""

    language: Language | None
    searches: Count
    without_hit: Count
    articles_read: Count


class SourceBody(WireModel):
    """A source: searches that named it, and hits of it that were opened."""

    source: Source
    searches: Count
    clicks: Count


class UsageBody(WireModel):
    """Every day of a period, the languages and the sources."""

    days: list[DayBody]
    languages: list[LanguageBody]
    sources: list[SourceBody]
    trace_id: TraceIdText


class QueryBody(WireModel):
    """A query, without regard to capitals, as it was written most often."""

    query: str
    times: Count
    visits: Count
    hits: Count = Field(description="The last time it was asked.")
    without_hit: Count
    clicked: Count
    click_through: Share | None
    mean_place: float | None = Field(description="Of the hits that were opened; 1 the first.")
    corrected: str = Field(description="Another reading that found something; empty where there was none.")
    last_on: Day
    failure: Failure | None = Field(
        description="`no_hit`: the last time it found nothing. `no_click`: it finds something that nobody opened."
    )


class ReadArticleBody(WireModel):
    """How an article is read by the organisation's people."""

    id: UUID
    slug: str
    titles: Titles
    is_own: bool = Field(description="false: a public one of another organisation.")
    views: Count
    views_ko: Count
    views_en: Count
    clicks: Count = Field(description="How often it was opened from a search.")
    helpful: Count
    unhelpful: Count
    helpful_share: Share | None


class HelpfulnessBody(WireModel):
    """Whether an article helps, and between which bounds (95 %, Wilson) the share lies."""

    id: UUID
    slug: str
    titles: Titles
    helpful: Count
    unhelpful: Count
    helpful_share: Share
    lower_bound: Share
    upper_bound: Share


class ConcernBody(WireModel):
    """An article that should be looked at, and why."""

    id: UUID
    slug: str
    titles: Titles
    concern: Concern
    language: Language | None = Field(description="The one it is about.")
    day: Day = Field(
        description="When its review is due, when it expires; else since when readers have the version."
    )
    owner: str
    owner_name: str


class AuthorBody(WireModel):
    """What somebody did for the knowledge base."""

    person: str = Field(examples=["user:0b0e7c1e-5f4e-4d8e-9a53-d9a3c7b0f1aa"])
    name: str
    versions: Count = Field(description="Versions saved.")
    articles: Count = Field(description="Articles they were of.")
    published: Count
    approved: Count
    given_back: Count


TableForm = Literal["json", "csv"]
