"""Which charts there are and what stands in them: finished words, and places from 0 to 1. How it is drawn is :mod:`.drawing`'s to know."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeAlias

from kis.knowledge.analytics.scales import some_of, steps
from kis.knowledge.analytics.things import (
    Concern,
    DayFigures,
    Helpfulness,
    Period,
    QueryFigures,
    Standing,
)
from kis.platform.messages import Locale, Message
from kis.search import Language

MOST_BARS: Final = 10
LONGEST_LABEL: Final = 80
"""Letters; the drawing shows what there is room for."""
_MOST_DAY_MARKS: Final = 10


class Chart(StrEnum):
    """The charts."""

    USAGE = "usage"
    """Searches and articles read, by day."""
    ANSWERS = "answers"
    """Searches with and without hits, by day."""
    QUERIES = "queries"
    """The most frequent queries."""
    HELPFULNESS = "helpfulness"
    """The articles that surely help least."""
    CONTENT = "content"
    """Articles by status, and what should be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Numbers of one colour."""

    label: str
    color: str
    """``first``, ``second``, ``bad``: the drawing knows which they are."""
    values: tuple[float, ...]
    """From 0 to 1, of the axis."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place of an axis, 0 to 1, and what is written there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A row: what it is of, its parts from 0 to 1 with their colours, what is written at its end."""

    label: str
    parts: tuple[tuple[float, str], ...]
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart as the drawing takes it: over days (``lines``, ``columns``) or in rows (``bars``)."""

    kind: str
    title: str
    subtitle: str
    empty: str
    """What is said instead, where there is nothing to show."""
    summary: str
    """For who hears it."""
    series: tuple[Series, ...] = ()
    bars: tuple[Bar, ...] = ()
    across: tuple[Mark, ...] = ()
    up: tuple[Mark, ...] = ()

    @property
    def shape(self) -> dict[str, Any]:
        """Return it as the drawing reads it."""
        return asdict(self)


Words: TypeAlias = Mapping[str, object]


class Drawer:
    """Makes pictures of a period's figures in a language."""

    def __init__(self, period: Period, locale: Locale) -> None:
        self._period = period
        self._locale = locale

    def usage(self, days: Sequence[DayFigures]) -> Picture:
        """Return searches and articles read by day."""
        up = steps(max(max(day.searches, day.articles_read) for day in days))
        series = (
            self._series("searches", "first", [day.searches for day in days], up[-1]),
            self._series("articles_read", "second", [day.articles_read for day in days], up[-1]),
        )
        totals = {
            "searches": sum(day.searches for day in days),
            "read": sum(day.articles_read for day in days),
        }
        return self._over_days("usage", "lines", days, series, up, totals)

    def answers(self, days: Sequence[DayFigures]) -> Picture:
        """Return searches by day, those without a hit on top."""
        up = steps(max(day.searches for day in days))
        series = (
            self._series("with_hit", "first", [day.searches - day.without_hit for day in days], up[-1]),
            self._series("without_hit", "bad", [day.without_hit for day in days], up[-1]),
        )
        totals = {
            "searches": sum(day.searches for day in days),
            "without": sum(day.without_hit for day in days),
        }
        return self._over_days("answers", "columns", days, series, up, totals)

    def queries(self, found: Sequence[QueryFigures]) -> Picture:
        """Return the most frequent queries, of each how often it found nothing."""
        most = max((each.times for each in found), default=1)
        bars = tuple(
            Bar(
                label=each.query[:LONGEST_LABEL],
                parts=(
                    ((each.times - each.without_hit) / most, "first"),
                    (each.without_hit / most, "bad"),
                ),
                value=_number(each.times),
            )
            for each in found
        )
        legend = (self._series("with_hit", "first", (), 1), self._series("without_hit", "bad", (), 1))
        return self._rows("queries", bars, legend, self._days, {"count": len(bars)})

    def helpfulness(self, found: Sequence[Helpfulness]) -> Picture:
        """Return the articles that surely help least, and how many said so."""
        bars = tuple(
            Bar(
                label=self._title(each.titles, each.slug),
                parts=((each.helpful_share, "first"), (1 - each.helpful_share, "bad")),
                value=f"{round(each.helpful_share * 100)} % ({_number(each.helpful)}/{_number(each.helpful + each.unhelpful)})",
            )
            for each in found
        )
        legend = (self._series("helpful", "first", (), 1), self._series("unhelpful", "bad", (), 1))
        return self._rows("helpfulness", bars, legend, self._days, {"count": len(bars)})

    def content(self, standing: Standing, concerns: Mapping[Concern, int], today: date) -> Picture:
        """Return how many articles stand where, and how many should be looked at."""
        counts = [
            *((f"status.{name}", count, "first") for name, count in standing.statuses.items()),
            *((f"concern.{concern.value}", count, "bad") for concern, count in concerns.items()),
        ]
        most = max(1, *(count for _, count, _ in counts))
        bars = tuple(
            Bar(label=self._text(name), parts=((count / most, color),), value=_number(count))
            for name, count, color in counts
        )
        legend = (self._series("articles", "first", (), 1), self._series("concerns", "bad", (), 1))
        articles = sum(standing.statuses.values())
        return self._rows("content", bars if articles else (), legend, today.isoformat(), {"count": articles})

    def _over_days(
        self,
        name: str,
        kind: str,
        days: Sequence[DayFigures],
        series: tuple[Series, ...],
        up: Sequence[int],
        totals: Words,
    ) -> Picture:
        shown = some_of([day.day for day in days], _MOST_DAY_MARKS)
        is_empty = not any(any(each.values) for each in series)
        return Picture(
            kind=kind,
            title=self._text(f"title.{name}"),
            subtitle=self._days,
            empty=self._text(f"empty.{name}") if is_empty else "",
            summary=self._text(f"summary.{name}", **totals),
            series=series,
            across=tuple(
                Mark(at=(place + 0.5) / len(days), label=f"{days[place].day:%m-%d}") for place in shown
            ),
            up=tuple(Mark(at=step / up[-1], label=_number(step)) for step in up),
        )

    def _rows(
        self, name: str, bars: tuple[Bar, ...], legend: tuple[Series, ...], subtitle: str, totals: Words
    ) -> Picture:
        return Picture(
            kind="bars",
            title=self._text(f"title.{name}"),
            subtitle=subtitle,
            empty="" if bars else self._text(f"empty.{name}"),
            summary=self._text(f"summary.{name}", **totals),
            series=legend,
            bars=bars,
        )

    def _series(self, label: str, color: str, values: Sequence[int], largest: int) -> Series:
        parts = tuple(value / largest for value in values)
        return Series(label=self._text(f"label.{label}"), color=color, values=parts)

    def _title(self, titles: Mapping[Language, str], slug: str) -> str:
        title = titles.get(Language(self._locale)) or next(iter(titles.values()), slug)
        return title[:LONGEST_LABEL]

    @property
    def _days(self) -> str:
        return self._text("period", first=self._period.first, last=self._period.last)

    def _text(self, name: str, **values: object) -> str:
        shown = {key: _number(value) if isinstance(value, int) else value for key, value in values.items()}
        return Message(f"analytics.chart.{name}", shown).text(self._locale)


def _number(value: int) -> str:
    return f"{value:,}"
