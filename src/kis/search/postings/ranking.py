"""Ranking: which items have the terms of a query, and how well.

A term that many items have is not looked up in full when rarer ones have named enough candidates already: for it only the best candidates are asked. So a query costs what
its rare terms cost, whatever the size of the base.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.postings.weights import rarity
from kis.search.tokens import TermKind, kind_of

POSTINGS_IN_FULL: Final = 40_000
"""So many postings are read at most before the rest of the terms only add to what was found; the rarest term is always read in full."""
CANDIDATES: Final = 1_000
"""The most that are counted, filtered into facets and shown page by page."""
RESCORED: Final = 400
"""So many of the best get the share of the common terms."""
IMPORTANCE: Final[Mapping[TermKind, float]] = {
    TermKind.MORPHEME: 1.0,
    TermKind.BIGRAM: 0.7,
    TermKind.WORD: 1.0,
    TermKind.PAIR: 0.25,
}
WEAKEST_SHARE: Final = 0.1
"""Of the best score: what is below has a syllable in common and no more."""

_AUDIENCES: Final = text(
    "SELECT coalesce(array_agg(a.id), '{}') AS audiences, "
    "coalesce((SELECT sum(s.items) FROM knowledge.search_statistics AS s), 0) AS items FROM knowledge.audiences AS a"
)
_RARITY: Final = text(
    "SELECT t.term, sum(t.items) FROM knowledge.search_terms AS t WHERE t.term = ANY(:terms) AND t.audience_id = ANY(:audiences) "
    "GROUP BY t.term"
)
_ASKED: Final = "WITH asked AS MATERIALIZED (SELECT * FROM unnest(CAST(:terms AS text[]), CAST(:weights AS real[])) AS q (term, weight)), "
_CANDIDATES: Final = (
    "named AS (SELECT p.item_id, min(p.audience_id) AS audience_id, sum(p.weight * q.weight) AS score, bit_or(p.fields) AS fields FROM asked AS q "
    "JOIN knowledge.search_postings AS p ON p.term = q.term AND p.audience_id = ANY(:audiences) GROUP BY p.item_id)"
)
_PLAIN: Final = (
    ", best AS MATERIALIZED (SELECT * FROM named ORDER BY score DESC, item_id LIMIT :most) "
    "SELECT b.item_id, b.audience_id, b.score, i.source, i.source_id, i.language FROM best AS b "
    "JOIN knowledge.search_items AS i ON i.id = b.item_id WHERE (i.expires_at IS NULL OR i.expires_at > now()) "
    "ORDER BY b.score DESC, b.item_id"
)
_FILTERED: Final = (
    " SELECT b.item_id, b.audience_id, b.score, i.source, i.source_id, i.language FROM named AS b "
    "JOIN knowledge.search_items AS i ON i.id = b.item_id WHERE (i.expires_at IS NULL OR i.expires_at > now()) AND {conditions} "
    "ORDER BY b.score DESC, b.item_id LIMIT :most"
)
_MORE: Final = text(
    "SELECT p.item_id, sum(p.weight * q.weight) FROM unnest(CAST(:items AS integer[]), CAST(:owners AS integer[])) AS c (item, owner), "
    "unnest(CAST(:terms AS text[]), CAST(:weights AS real[])) AS q (term, weight), knowledge.search_postings AS p "
    "WHERE p.term = q.term AND p.audience_id = c.owner AND p.item_id = c.item GROUP BY p.item_id"
)
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

    @property
    def unknown(self) -> frozenset[str]:
        """Return the terms no counted item has."""
        return frozenset(one.term for one in self.asked if one.items == 0)


@dataclass(slots=True)
class Ranked:
    """An item with its score."""

    item_id: int
    audience_id: int
    score: float
    source: str
    source_id: UUID
    language: str


async def known_terms(session: AsyncSession, terms: Mapping[str, float]) -> Terms:
    """Return ``terms`` (with how much each is asked for) as the caller may know them."""
    state = (await session.execute(_AUDIENCES)).one()
    having: dict[str, int] = {}
    if state.audiences:
        found = await session.execute(_RARITY, {"terms": list(terms), "audiences": state.audiences})
        having = {term: int(items) for term, items in found}
    total = max(1, int(state.items))
    asked = [
        Asked(
            term, having.get(term, 0), rarity(total, having.get(term, 0)), IMPORTANCE[kind_of(term)] * times
        )
        for term, times in terms.items()
    ]
    return Terms(tuple(state.audiences), total, tuple(sorted(asked, key=lambda one: (one.items, one.term))))


async def rank(
    session: AsyncSession,
    terms: Terms,
    conditions: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
) -> list[Ranked]:
    """Return the best items that meet ``conditions`` (SQL over ``i``, the item, and ``b.fields``), the best first."""
    if not terms.audiences or not terms.asked:
        return []
    in_full, in_part = _divided(terms.asked)
    query = (
        _ASKED
        + _CANDIDATES
        + (_FILTERED.format(conditions=" AND ".join(conditions)) if conditions else _PLAIN)
    )
    found = await session.execute(
        text(query),
        {
            "terms": [one.term for one in in_full],
            "weights": [one.worth for one in in_full],
            "audiences": list(terms.audiences),
            "most": CANDIDATES,
            **(values or {}),
        },
    )
    ranked = [Ranked(*row) for row in found]
    if in_part and ranked:
        await _add(session, ranked[:RESCORED], in_part)
        ranked.sort(key=lambda one: (-one.score, one.item_id))
    if not ranked:
        return []
    least = ranked[0].score * WEAKEST_SHARE
    return [one for one in ranked if one.score >= least]


def _divided(asked: Sequence[Asked]) -> tuple[list[Asked], list[Asked]]:
    """Return the terms to be read in full and those of which only the candidates' postings are read."""
    read = 0
    for place, one in enumerate(asked):
        read += one.items
        if place > 0 and read > POSTINGS_IN_FULL:
            return list(asked[:place]), list(asked[place:])
    return list(asked), []


async def _add(session: AsyncSession, ranked: Sequence[Ranked], asked: Sequence[Asked]) -> None:
    found = await session.execute(
        _MORE,
        {
            "items": [one.item_id for one in ranked],
            "owners": [one.audience_id for one in ranked],
            "terms": [one.term for one in asked],
            "weights": [one.worth for one in asked],
        },
    )
    more: dict[int, float] = {row[0]: row[1] for row in found}
    for one in ranked:
        one.score += more.get(one.item_id, 0.0)


async def shares_of(session: AsyncSession, terms: Terms, item_id: int) -> list[tuple[Asked, float, int]]:
    """Return the terms an item has, each with its weight there and its fields."""
    found = await session.execute(
        _OF_ITEM,
        {
            "terms": [one.term for one in terms.asked],
            "audiences": list(terms.audiences),
            "item": item_id,
        },
    )
    by_term = {row.term: (row.weight, row.fields) for row in found}
    return [(one, *by_term[one.term]) for one in terms.asked if one.term in by_term]
