"""The engine over posting tables in PostgreSQL."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.telemetry import metrics
from kis.search.asking.parser import Asked, parse
from kis.search.engine import Prepared
from kis.search.models import SearchItem
from kis.search.postings import answering, counting, writing
from kis.search.postings.filtering import Conditions, conditions_of
from kis.search.postings.fusing import (
    TERMS,
    VECTORS,
    Fusion,
    Thing,
    fused,
    meeting,
    near_enough,
    thing_of,
)
from kis.search.postings.preference import language_of, preferring, worth_of
from kis.search.postings.ranking import (
    Ranked,
    Ranking,
    Reading,
    known_terms,
    listed,
    rank,
    shares_of,
)
from kis.search.postings.reading import QueryReader, part_of
from kis.search.postings.suggesting import suggestions
from kis.search.postings.weights import Field
from kis.search.things import (
    Document,
    Found,
    Hit,
    Language,
    Query,
    Source,
    Suggestion,
    TermShare,
)
from kis.search.tokens import Analyzer, Cutter, TermKind, kind_of, shown
from kis.search.vectors import Embedder, QueryVectors, Way, nearest, share, vector_of
from kis.search.vocabulary import Vocabulary

NAME = "postings"
SIMILAR_TERMS = 25
"""By so many of its most telling terms a thing is compared with others."""
SIMILAR_CHARACTERS = 2_000
NEAREST: Final = 50
"""Texts that are found by their meaning, at most: the model has something to say of every text, and beyond some pages nothing worth hearing."""
NEAREST_READ: Final = 100
"""So many are looked at where phrases must stand in them, or must not: those are looked for in their whole texts."""
KINDS = {
    TermKind.MORPHEME: "morpheme",
    TermKind.BIGRAM: "bigram",
    TermKind.WORD: "word",
    TermKind.PAIR: "pair",
}


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a query was read as and found."""

    reading: Reading
    language: Language | None
    """Of the question."""
    by_terms: Ranking
    fusion: Fusion


class PostingEngine:
    """Finds by terms whose weights were worked out when they were written, and by vectors where there are some.

    ``waits``: until all is there that it works with, for programs that nobody waits for.
    """

    name = NAME

    def __init__(self, cutter: Cutter, *, vectors: QueryVectors | None = None, waits: bool = False) -> None:
        self._cutter = cutter
        self._vocabulary = Vocabulary(cutter, waits=waits)
        self._reader = QueryReader(cutter, self._vocabulary)
        self._vectors = vectors or QueryVectors()

    @property
    def analyzer(self) -> Analyzer:
        """Return what finds the morphemes of Korean texts."""
        return self._cutter.analyzer

    @property
    def embedder(self) -> Embedder:
        """Return the model that makes the vectors."""
        return self._vectors.embedder

    async def prepare(self, documents: Sequence[Document], *, wakes: bool = True) -> writing.PreparedPostings:
        """Cut documents into terms."""
        return await writing.prepared(self._cutter, documents, wakes=wakes)

    async def put(
        self, session: AsyncSession, source: Source, source_ids: Sequence[UUID], prepared: Prepared
    ) -> None:
        """Put the prepared documents in place of all that is indexed of these things."""
        assert isinstance(prepared, writing.PreparedPostings)
        await writing.put(session, source, source_ids, prepared)

    async def refine(self, session: AsyncSession, *, most: int = 100) -> int:
        """Give things that were cut without morphemes theirs; return how many. For the program's own role."""
        return await writing.refine(session, self._cutter, most=most)

    async def count(self, session: AsyncSession) -> int:
        """Count how rare terms are. For the program's own role."""
        return await counting.count(session)

    async def search(self, session: AsyncSession, query: Query) -> Found:
        """Find what answers a query, the best first."""
        outcome = await self._ranked(session, query)
        return await answering.found(session, query, outcome.reading, outcome.fusion.ranking)

    async def suggest(
        self, session: AsyncSession, typed: str, *, sources: Sequence[Source] = (), limit: int = 8
    ) -> Sequence[Suggestion]:
        """Return what a text that is being typed may become."""
        return await suggestions(session, typed, sources=sources, limit=limit)

    async def similar(
        self, session: AsyncSession, source: Source, source_id: UUID, *, limit: int = 5
    ) -> Sequence[Hit]:
        """Return things that are like this one, itself left out."""
        item = await self._item(session, source, source_id)
        if item is None:
            return ()
        mine = (source.value, source_id)
        by_terms = await self._like(session, item)
        near = await self._near(session, await self._vector_of(session, item), most=max(NEAREST, limit + 1))
        fusion = fused(
            replace(by_terms, items=tuple(one for one in by_terms.items if thing_of(one) != mine)),
            [one for one in near if thing_of(one) != mine],
        )
        return await answering.hits(session, answering.once(fusion.ranking.items, None)[:limit])

    async def explain(
        self, session: AsyncSession, query: Query, source: Source, source_id: UUID
    ) -> tuple[Hit | None, Sequence[TermShare]]:
        """Tell why a thing stands where it stands: term by term, and by its place among those that mean something like it."""
        thing = (source.value, source_id)
        outcome = await self._ranked(session, query)
        texts = [one for one in outcome.fusion.ranking.items if thing_of(one) == thing]
        if not texts:
            return None, ()
        shares = await self._shares(session, outcome, thing)
        found = await answering.hits(session, answering.once(texts, query.language))
        return found[0], sorted(shares, key=lambda one: -one.share)

    async def close(self) -> None:
        """Leave off what is done in the background."""
        await self._vocabulary.close()

    async def _ranked(self, session: AsyncSession, query: Query) -> _Outcome:
        asked = parse(query.text)
        reading = await self._reader.read(session, query, asked)
        language = language_of(reading.text if reading.is_other_layout else asked.text)
        conditions = conditions_of(query.filters, asked)
        # The model is asked while the terms are looked up.
        asking = asyncio.create_task(self._vectors.of(self._wanted(query, asked, reading)))
        try:
            ranking = await rank(session, reading.terms, conditions)
            if not ranking.items and not asked.text and (asked.titles or asked.tags or asked.authors):
                ranking = await listed(session, reading.terms, conditions)
            ranking = preferring(ranking, language)
            near = await self._near(session, await asking, conditions)
        finally:
            asking.cancel()
        return _Outcome(reading, language, ranking, fused(ranking, near))

    def _wanted(self, query: Query, asked: Asked, reading: Reading) -> str:
        """Return the text whose meaning is looked for; nothing where there is none or nobody wants it."""
        if not asked.text or not query.by_meaning:
            return ""
        return reading.text if reading.is_other_layout else asked.text

    async def _near(
        self,
        session: AsyncSession,
        vector: Sequence[float],
        conditions: Conditions | None = None,
        *,
        most: int = NEAREST,
    ) -> list[Ranked]:
        """Return the texts that lie near a vector and meet the conditions, the nearest first."""
        if not vector:
            return []
        conditions = conditions or Conditions()
        found = await nearest(
            session,
            vector,
            model=self.embedder.name,
            conditions=conditions.columns,
            values=conditions.values,
            limit=NEAREST_READ if conditions.texts else most,
        )
        if found.way is Way.SKIPPED:
            metrics.SEARCH_VECTORS.labels(found.reason).inc()
        near = near_enough(found.items)
        return (await meeting(session, near, conditions))[:most] if conditions.texts else near

    async def _vector_of(self, session: AsyncSession, item: SearchItem) -> Sequence[float]:
        if not self._vectors.is_on:
            return ()
        return await vector_of(session, item.id, model=self.embedder.name)

    async def _like(self, session: AsyncSession, item: SearchItem) -> Ranking:
        """Return what has the terms that tell most of an item."""
        start = f"{item.title}\n{item.summary}\n{item.body}"[:SIMILAR_CHARACTERS]
        cut = (await self._cutter.cut([start]))[0]
        part = await part_of(session)
        asked = {term: float(times) for term, times in cut.terms.items()}
        terms = await known_terms(session, asked, part=part.terms)
        telling = sorted(terms.asked, key=lambda one: (-one.worth, one.term))[:SIMILAR_TERMS]
        rarest_first = sorted(telling, key=lambda one: (one.items, one.term))
        return await rank(session, replace(terms, asked=tuple(rarest_first)))

    async def _shares(self, session: AsyncSession, outcome: _Outcome, thing: Thing) -> list[TermShare]:
        """Return what makes the score of a thing. Where meaning ranks too, what all terms add is what their place is worth, divided among them."""
        places = outcome.fusion.places.get(thing, {})
        texts = [one for one in outcome.by_terms.items if thing_of(one) == thing]
        shares = []
        if texts:
            place = places.get(TERMS)
            worth = worth_of(texts[0], outcome.language) * (
                1.0 if place is None else share(place) / texts[0].score
            )
            shares = [
                TermShare(
                    term=shown(one.term),
                    kind=KINDS[kind_of(one.term)],
                    rarity=one.rarity,
                    weight=weight,
                    importance=one.importance * worth,
                    fields=tuple(field.name.lower() for field in Field if fields & field and field.name),
                    place=place,
                )
                for one, weight, fields in await shares_of(
                    session, outcome.reading.terms, outcome.by_terms, texts[0]
                )
            ]
        if VECTORS in places:
            near = places[VECTORS]
            shares.append(
                TermShare(
                    term=self.embedder.name,
                    kind=VECTORS,
                    rarity=1.0,
                    weight=share(near),
                    importance=1.0,
                    fields=(),
                    place=near,
                )
            )
        return shares

    async def _item(self, session: AsyncSession, source: Source, source_id: UUID) -> SearchItem | None:
        wanted = (
            select(SearchItem)
            .where(SearchItem.source == source.value, SearchItem.source_id == source_id)
            .where(or_(SearchItem.expires_at.is_(None), SearchItem.expires_at > func.now()))
            .order_by(SearchItem.id)
            .limit(1)
        )
        return (await session.execute(wanted)).scalar_one_or_none()
