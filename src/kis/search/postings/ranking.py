"""Ranking: which items have the terms of a query, and how well.

A term that many items have is not looked up in full when more telling ones have named enough candidates already: for it only the best candidates are asked. So a query costs
what its rare terms cost, whatever the size of the base.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.postings.filtering import TEXTS, Conditions
from kis.search.postings.weights import rarity
from kis.search.tokens import TermKind, kind_of

POSTINGS_IN_FULL: Final = 10_000
"""So many postings are read at most before the rest of the terms only add to what was found; the rarest term is always read in full."""
ENOUGH: Final = 20
"""When the rare terms find fewer items than this, the others are read in full as well."""
CANDIDATES: Final = 500
"""The most that are counted, filtered into facets and shown page by page."""
RESCORED: Final = 120
"""So many of the best get the share of the common terms."""
MOST_IN_PART: Final = 6
"""So many of the common terms are shared out at most, those that can add most. What is left of a long question stands everywhere and tells least."""
IMPORTANCE: Final[Mapping[TermKind, float]] = {
    TermKind.MORPHEME: 1.0,
    TermKind.BIGRAM: 0.7,
    TermKind.WORD: 1.0,
    TermKind.PAIR: 0.25,
}
WEAKEST_SHARE: Final = 0.1
"""Of the best score: what is below has a syllable in common and no more."""

_RARITY: Final = text(
    "SELECT q.term, coalesce("
    "(SELECT sum(t.items) FROM knowledge.search_terms AS t WHERE t.term = q.term AND t.audience_id = ANY(:audiences)), "
    "(SELECT 1 FROM knowledge.search_postings AS p JOIN knowledge.search_items AS i ON i.id = p.item_id "
    "WHERE p.term = q.term AND p.audience_id = ANY(:audiences) LIMIT 1), 0) FROM unnest(CAST(:terms AS text[])) AS q (term)"
)
"""What was written since the last count is known, too: as one item's."""
_ASKED: Final = "WITH asked AS MATERIALIZED (SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) AS q (term, weight)), "
_CANDIDATES: Final = (
    "named AS (SELECT p.item_id, round(sum(p.weight * q.weight) * 1048576) / 1048576 AS score FROM asked AS q "
    "JOIN knowledge.search_postings AS p ON p.term = q.term AND p.audience_id = ANY(:audiences) GROUP BY p.item_id{having})"
)
"""Scores are rounded: sums of the same numbers in another order must not change places from one page to the next."""
_HAVING: Final = " HAVING count(*) FILTER (WHERE p.term = ANY(:needed)) = :needed_terms"
_BEST: Final = (
    ", best AS MATERIALIZED (SELECT * FROM named ORDER BY score DESC, item_id LIMIT :most) "
    "SELECT b.item_id, i.audience_id, b.score, i.source, i.source_id, i.language FROM best AS b "
    "LEFT JOIN knowledge.search_items AS i ON i.id = b.item_id AND (i.expires_at IS NULL OR i.expires_at > now()) "
    "ORDER BY b.score DESC, b.item_id"
)
_PLAIN: Final = text(_ASKED + _CANDIDATES.format(having="") + _BEST)
_FILTERED: Final = (
    ", best AS MATERIALIZED (SELECT n.*, i.audience_id, i.source, i.source_id, i.language FROM named AS n JOIN knowledge.search_items AS i ON i.id = n.item_id "
    "WHERE (i.expires_at IS NULL OR i.expires_at > now()) AND {columns} ORDER BY n.score DESC, n.item_id LIMIT :most) "
    "SELECT b.item_id, b.audience_id, b.score, b.source, b.source_id, b.language, (SELECT count(*) FROM best) AS looked_at FROM best AS b {standing} "
    "ORDER BY b.score DESC, b.item_id"
)
_STANDING: Final = (
    "JOIN knowledge.search_items AS i ON i.id = b.item_id CROSS JOIN LATERAL ({folded}) AS f WHERE {texts}"
)
_LISTED: Final = (
    "SELECT i.id, i.audience_id, CAST(0 AS float8), i.source, i.source_id, i.language FROM knowledge.search_items AS i "
    "CROSS JOIN LATERAL ({folded}) AS f WHERE (i.expires_at IS NULL OR i.expires_at > now()) AND {conditions} "
    "ORDER BY i.dated_at DESC, i.id LIMIT :most"
)
_MORE: Final = text(
    "SELECT p.item_id, sum(p.weight * q.weight) FROM unnest(CAST(:terms AS text[]), CAST(:weights AS float8[])) AS q (term, weight), "
    "LATERAL (SELECT s.item_id, s.weight FROM knowledge.search_postings AS s WHERE s.term = q.term AND s.audience_id = ANY(:audiences) "
    "AND s.item_id = ANY(CAST(:items AS integer[])) OFFSET 0) AS p GROUP BY p.item_id"
)
"""Term by term, and of each the postings of these items alone (``OFFSET``): else PostgreSQL may read all postings of terms that are common by their nature."""
_OF_ITEM: Final = text(
    "SELECT p.term, p.weight, p.fields FROM knowledge.search_postings AS p "
    "WHERE p.term = ANY(:terms) AND p.audience_id = ANY(:audiences) AND p.item_id = :item"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A term of a query: how often the caller's items have it, and what it is worth."""

    term: str
    items: int
    rarity: float
    importance: float

    @property
    def worth(self) -> float:
        """Return what a posting's weight is multiplied by."""
        return self.rarity * self.importance


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a query as this caller's part of the index knows them, the rarest first."""

    audiences: tuple[int, ...]
    items: int
    asked: tuple[Asked, ...]
    typed: frozenset[str] = frozenset()
    """Those that stand in the query itself, not added for what it means."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was read: the terms to ask for, and what was changed about it."""

    text: str
    terms: Terms
    corrections: tuple[str, ...] = ()

    @property
    def is_other_layout(self) -> bool:
        """Whether the text is not what was typed, but what the same keys give on the other keyboard layout."""
        return self.text in self.corrections


@dataclass(slots=True)
class Ranked:
    """An item with its score."""

    item_id: int
    audience_id: int
    score: float
    source: str
    source_id: UUID
    language: str
    is_whole: bool = True
    """Whether all terms of the query are in the score, not the rare ones alone."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Items, the best first."""

    items: tuple[Ranked, ...] = ()
    is_more: bool = False
    """Whether there are more than were looked at."""
    left_out: frozenset[str] = frozenset()
    """The terms that are in no score."""
    in_part: frozenset[str] = frozenset()
    """The terms that are in a score only where it is whole."""


async def known_terms(
    session: AsyncSession,
    terms: Mapping[str, float],
    *,
    part: Terms,
    typed: Iterable[str] = (),
    beside: Mapping[str, Collection[str]] | None = None,
) -> Terms:
    """Return ``terms`` (with how much each is asked for) as the caller may know them. ``part``: what part of the index that is.

    ``beside``: the typed terms that others stand for. Such a one is no rarer than they are: the seldom name of a common thing is not what was asked for.
    """
    audiences, total = part.audiences, part.items
    having: dict[str, int] = {}
    if audiences and terms:
        found = await session.execute(_RARITY, {"terms": list(terms), "audiences": list(audiences)})
        having = {term: int(items) for term, items in found}
    rarities = {term: rarity(total, having.get(term, 0)) for term in terms}
    for term, others in (beside or {}).items():
        rarities[term] = min(rarities[term], max(rarities[other] for other in others))
    asked = [
        Asked(term, having.get(term, 0), rarities[term], IMPORTANCE[kind_of(term)] * times)
        for term, times in terms.items()
    ]
    rarest_first = sorted(asked, key=lambda one: (one.items, one.term))
    return Terms(audiences, total, tuple(rarest_first), frozenset(typed))


async def rank(session: AsyncSession, terms: Terms, conditions: Conditions | None = None) -> Ranking:
    """Return the best items that meet ``conditions``, the best first."""
    if not terms.audiences or not terms.asked:
        return Ranking()
    conditions = conditions or Conditions()
    in_full, in_part = divided(terms.asked)
    found, is_more = await _read(session, terms, in_full, conditions)
    if in_part and len(found) < ENOUGH:
        in_full, in_part = terms.asked, ()
        found, is_more = await _read(session, terms, in_full, conditions)
    shared_out = sorted(in_part, key=lambda one: -one.worth)[:MOST_IN_PART]
    await _complete(session, found, shared_out)
    best_first = _best_first(found)
    least = best_first[0].score * WEAKEST_SHARE if best_first else 0.0
    kept = tuple(one for one in best_first if one.score >= least)
    return Ranking(
        kept,
        is_more and len(kept) == len(found),
        left_out=_names(in_part) - _names(shared_out),
        in_part=_names(shared_out),
    )


async def listed(session: AsyncSession, terms: Terms, conditions: Conditions) -> Ranking:
    """Return all items that meet ``conditions``, whether they have the terms or not; of equals the newest first."""
    if not terms.audiences or conditions.are_none:
        return Ranking()
    met = " AND ".join((*conditions.columns, *conditions.texts))
    query = text(_LISTED.format(folded=TEXTS, conditions=met))
    rows = await session.execute(query, {"most": CANDIDATES, **conditions.values})
    found = [Ranked(*row) for row in rows]
    await _complete(session, found, terms.asked)
    return Ranking(tuple(_best_first(found)), len(found) == CANDIDATES, in_part=_names(terms.asked))


def _names(asked: Iterable[Asked]) -> frozenset[str]:
    return frozenset(one.term for one in asked)


def divided(asked: Sequence[Asked]) -> tuple[tuple[Asked, ...], tuple[Asked, ...]]:
    """Return the terms to be read in full and those of which only the candidates' postings are read.

    The rarest is read in full, and then those that can add most to a score, as many as there is room for (MaxScore: Turtle, Flood: Query evaluation, 1995).
    """
    read = sum(one.items for one in asked[:1])
    in_full = {one.term for one in asked[:1]}
    for one in sorted(asked[1:], key=lambda each: (-each.worth, each.items)):
        if read + one.items <= POSTINGS_IN_FULL:
            read += one.items
            in_full.add(one.term)
    return tuple(one for one in asked if one.term in in_full), tuple(
        one for one in asked if one.term not in in_full
    )


async def _read(
    session: AsyncSession, terms: Terms, asked: Sequence[Asked], conditions: Conditions
) -> tuple[list[Ranked], bool]:
    """Return the best items that have one of ``asked``, and whether there are more.

    Without conditions only the best are looked up. Some of their items may be gone or expired; when it is most of them, all are looked up, as with conditions.
    """
    given = {
        "terms": [one.term for one in asked],
        "weights": [one.worth for one in asked],
        "audiences": list(terms.audiences),
        "most": CANDIDATES,
    }
    if conditions.are_none:
        rows = (await session.execute(_PLAIN, given)).all()
        alive = [Ranked(*row) for row in rows if row[3] is not None]
        if len(rows) < CANDIDATES or 2 * len(alive) >= CANDIDATES:
            return alive, len(rows) == CANDIDATES
    syllables = {TermKind.BIGRAM + pair for pair in conditions.syllables}
    needed = [one.term for one in asked if one.term in syllables]
    if needed:
        given |= {"needed": needed, "needed_terms": len(needed)}
    candidates = _CANDIDATES.format(having=_HAVING if needed else "")
    query = text(_ASKED + candidates + _filtered(conditions))
    rows = (await session.execute(query, given | conditions.values)).all()
    return [Ranked(*row[:-1]) for row in rows], bool(rows) and rows[0].looked_at == CANDIDATES


def _filtered(conditions: Conditions) -> str:
    standing = (
        _STANDING.format(folded=TEXTS, texts=" AND ".join(conditions.texts)) if conditions.texts else ""
    )
    return _FILTERED.format(columns=" AND ".join(conditions.columns) or "true", standing=standing)


async def _complete(session: AsyncSession, found: Sequence[Ranked], in_part: Sequence[Asked]) -> None:
    """Give the best of what was found the share of the terms that were not read in full."""
    if not in_part or not found:
        return
    await _add(session, found[:RESCORED], in_part)
    for one in found[RESCORED:]:
        one.is_whole = False


def _best_first(found: Iterable[Ranked]) -> list[Ranked]:
    return sorted(found, key=lambda one: -one.score)


async def _add(session: AsyncSession, ranked: Sequence[Ranked], asked: Sequence[Asked]) -> None:
    found = await session.execute(
        _MORE,
        {
            "items": sorted(one.item_id for one in ranked),
            "audiences": sorted({one.audience_id for one in ranked}),
            "terms": [one.term for one in asked],
            "weights": [one.worth for one in asked],
        },
    )
    more: dict[int, float] = {row[0]: row[1] for row in found}
    for one in ranked:
        one.score += more.get(one.item_id, 0.0)


async def shares_of(
    session: AsyncSession, terms: Terms, ranking: Ranking, item: Ranked
) -> list[tuple[Asked, float, int]]:
    """Return the terms that make the score of an item, each with its weight there and its fields."""
    missing = ranking.left_out if item.is_whole else ranking.left_out | ranking.in_part
    counted = [one for one in terms.asked if one.term not in missing]
    found = await session.execute(
        _OF_ITEM,
        {
            "terms": [one.term for one in counted],
            "audiences": list(terms.audiences),
            "item": item.item_id,
        },
    )
    by_term = {row.term: (row.weight, row.fields) for row in found}
    return [(one, *by_term[one.term]) for one in counted if one.term in by_term]
