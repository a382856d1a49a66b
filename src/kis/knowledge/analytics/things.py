"""What the analytics tell, as values. A share is from 0 to 1, and None where there is nothing to take it of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final, Generic, TypeVar
from uuid import UUID

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.search import Language, Source

Row = TypeVar("Row")

MOST_DAYS: Final = 400
USUAL_DAYS: Final = 30
EARLIEST: Final = date(2000, 1, 1)
LATEST: Final = date(2200, 1, 1)
MOST_LISTED: Final = 10_000
"""Rows of a table, in a file too."""
UNCHANGED_DAYS: Final = 365
"""What readers have been shown for so long is worth another look."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC, both included. Raises BadInput with everything that is wrong."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse what is no period."""
        problems = [
            Problem(name, Message("analytics.day", {"earliest": EARLIEST, "latest": LATEST}))
            for name, day in (("from", self.first), ("to", self.last))
            if not EARLIEST <= day <= LATEST
        ]
        if self.last < self.first:
            problems.append(Problem("to", Message("analytics.backwards")))
        elif self.days > MOST_DAYS:
            problems.append(Problem("from", Message("analytics.too_long", {"most": MOST_DAYS})))
        if problems:
            raise BadInput("request", problems)

    @classmethod
    def of(cls, first: date | None, last: date | None) -> "Period":
        """Return the period that is asked for: to today where no end is given, thirty days long where no begin is."""
        end = last or datetime.now(UTC).date()
        usual = end - timedelta(days=min(USUAL_DAYS - 1, (end - date.min).days))
        return cls(first or usual, end)

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    @property
    def since(self) -> datetime:
        """Return its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """Return the first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), UTC)

    @property
    def before(self) -> date:
        """Return the first day of the period of the same length before it."""
        return self.first - timedelta(days=self.days)


@dataclass(frozen=True, slots=True)
class Listed(Generic[Row]):
    """A page of a table; ``total`` counts up to MOST_LISTED."""

    items: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened in a period."""

    searches: int = 0
    visits: int = 0
    """Whoever searched, counted once a day."""
    clicked: int = 0
    """Searches of which a hit was opened."""
    without_hit: int = 0
    median_milliseconds: float | None = None
    p95_milliseconds: float | None = None
    articles_read: int = 0
    articles_published: int = 0
    """For the first time."""
    versions_saved: int = 0

    @property
    def click_through(self) -> float | None:
        """Return of how many searches that found something a hit was opened."""
        return share(self.clicked, self.searches - self.without_hit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where the articles stand now."""

    published: int
    """Readers have a version of them."""
    statuses: Mapping[str, int]
    """By the status of the current version; every status is there."""

    @property
    def drafts(self) -> int:
        """Return of how many the current version is on its way to the readers."""
        return sum(self.statuses[name] for name in ("draft", "in_review", "approved", "scheduled"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A period, the one before it, and where the articles stand now."""

    now: Figures
    before: Figures
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """What happened on a day."""

    day: date
    searches: int = 0
    visits: int = 0
    clicked: int = 0
    without_hit: int = 0
    articles_read: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFigures:
    """What happened in a language; None: it was not said."""

    language: Language | None
    searches: int
    without_hit: int
    articles_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFigures:
    """What was searched for in a source alone (or with others), and how many hits of it were opened."""

    source: Source
    searches: int
    clicks: int


class Failure(StrEnum):
    """Why a query is one that fails."""

    NO_HIT = "no_hit"
    """The last time it found nothing."""
    NO_CLICK = "no_click"
    """It finds something that nobody opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFigures:
    """A query, without regard to capitals, as it was written most often."""

    query: str
    times: int
    visits: int
    hits: int
    """The last time it was asked."""
    without_hit: int
    clicked: int
    mean_place: float | None
    """Of the hits that were opened; 1 the first."""
    corrected: str
    """Another reading that found something."""
    last_on: date
    failure: Failure | None

    @property
    def click_through(self) -> float | None:
        """Return of how many searches that found something a hit was opened."""
        return share(self.clicked, self.times - self.without_hit)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFigures:
    """How an article is read by the organisation's people."""

    id: UUID
    slug: str
    titles: Mapping[Language, str]
    is_own: bool
    """False: a public one of another organisation."""
    views: int
    views_ko: int
    views_en: int
    clicks: int
    """Of them it was opened from a search."""
    helpful: int
    unhelpful: int

    @property
    def helpful_share(self) -> float | None:
        """Return how many of those who said so it helped."""
        return share(self.helpful, self.helpful + self.unhelpful)


@dataclass(frozen=True, slots=True, kw_only=True)
class Helpfulness:
    """Whether an article helps, and between which bounds (95 %, Wilson) the share lies if many more said so."""

    id: UUID
    slug: str
    titles: Mapping[Language, str]
    helpful: int
    unhelpful: int
    helpful_share: float
    lower_bound: float
    upper_bound: float


class Concern(StrEnum):
    """Why an article that readers have should be looked at."""

    REVIEW_DUE = "review_due"
    EXPIRING = "expiring"
    OUT_OF_DATE = "out_of_date"
    """One language was not changed with the other."""
    MISSING = "missing"
    """Readers do not have it in one language."""
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentConcern:
    """An article that should be looked at, and why. ``day``: when its review is due, when it expires, else since when it stands so."""

    id: UUID
    slug: str
    titles: Mapping[Language, str]
    concern: Concern
    language: Language | None
    day: date
    owner: str
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorFigures:
    """What somebody did for the knowledge base; ``person`` as the audit log names them."""

    person: str
    name: str
    versions: int
    articles: int
    published: int
    approved: int
    given_back: int


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, None of nothing."""
    return round(part / whole, 4) if whole > 0 else None
