"""Rankings by terms and by meaning made one: by the places of things, which have a text in each of their languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.postings.filtering import TEXTS, Conditions
from kis.search.postings.ranking import Ranked, Ranking
from kis.search.vectors import Near, fuse
from kis.search.vectors import Ranking as Places

TERMS: Final = "terms"
VECTORS: Final = "vector"
LEAST_SIMILARITY: Final = 0.2
"""Texts less alike have nothing to do with each other, whatever the model: most give unlike texts no less than this, none gives like ones so little."""
_MEETING: Final = "SELECT i.id FROM knowledge.search_items AS i CROSS JOIN LATERAL ({folded}) AS f WHERE i.id = ANY(:items) AND {texts}"

Thing = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Fusion:
    """One ranking, and where each thing stands in those it was made of, from 1."""

    ranking: Ranking
    places: Mapping[Thing, Mapping[str, int]]
    """Empty: nothing was fused, the ranking is that by terms."""


def thing_of(ranked: Ranked) -> Thing:
    """Return which thing a text belongs to."""
    return (ranked.source, ranked.source_id)


def near_enough(near: Sequence[Near]) -> list[Ranked]:
    """Return the texts that mean something like what was asked for, the nearest first."""
    return [
        Ranked(one.item_id, one.audience_id, one.similarity, one.source, one.source_id, one.language)
        for one in near
        if one.similarity >= LEAST_SIMILARITY
    ]


def fused(by_terms: Ranking, by_meaning: Sequence[Ranked]) -> Fusion:
    """Return the ranking of all that either found. A thing stands in a ranking where its best text does, and all its texts have its score."""
    if not by_meaning:
        return Fusion(by_terms, {})
    texts: dict[Thing, dict[int, Ranked]] = {}
    for one in (*by_terms.items, *by_meaning):
        texts.setdefault(thing_of(one), {}).setdefault(one.item_id, one)
    things = list(texts)
    numbers = {thing: number for number, thing in enumerate(things)}
    rankings = [
        Places(TERMS, [numbers[thing_of(one)] for one in by_terms.items]),
        Places(VECTORS, [numbers[thing_of(one)] for one in by_meaning]),
    ]
    best_first = fuse(rankings)
    items = tuple(
        replace(each, score=one.score) for one in best_first for each in texts[things[one.item]].values()
    )
    return Fusion(replace(by_terms, items=items), {things[one.item]: one.places for one in best_first})


async def meeting(session: AsyncSession, near: Sequence[Ranked], conditions: Conditions) -> list[Ranked]:
    """Return those of some texts that meet the conditions over the whole of a text."""
    if not near:
        return []
    query = text(_MEETING.format(folded=TEXTS, texts=" AND ".join(conditions.texts)))
    found = await session.scalars(query, {**conditions.values, "items": [one.item_id for one in near]})
    met = set(found)
    return [one for one in near if one.item_id in met]
