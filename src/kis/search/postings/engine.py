"""The engine over posting tables in PostgreSQL."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from kis.search.asking.folding import fold
from kis.search.asking.parser import Asked, parse
from kis.search.engine import Prepared
from kis.search.models import SearchItem
from kis.search.postings import answering, corrections, counting, writing
from kis.search.postings.filtering import conditions_of
from kis.search.postings.ranking import Ranking, Reading, Terms, known_terms, listed, rank, shares_of
from kis.search.postings.suggesting import suggestions
from kis.search.postings.weights import Field
from kis.search.synonyms import Thesaurus, shipped_groups
from kis.search.things import (
    Document,
    Found,
    Hit,
    Query,
    Source,
    Suggestion,
    TermShare,
)
from kis.search.tokens import Cutter, TermKind, kind_of, shown
from kis.search.typing.layout import other_layout

NAME = "postings"
SIMILAR_TERMS = 25
"""By so many of its most telling terms a thing is compared with others."""
SIMILAR_CHARACTERS = 2_000
KINDS = {
    TermKind.MORPHEME: "morpheme",
    TermKind.BIGRAM: "bigram",
    TermKind.WORD: "word",
    TermKind.PAIR: "pair",
}


class PostingEngine:
    """Finds by terms whose weights were worked out when they were written."""

    name = NAME

    def __init__(self, cutter: Cutter) -> None:
        self._cutter = cutter
        self._thesaurus: Thesaurus | None = None

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
        reading, ranking = await self._ranked(session, query)
        return await answering.found(session, query, reading, ranking)

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
        start = f"{item.title}\n{item.summary}\n{item.body}"[:SIMILAR_CHARACTERS]
        cut = (await self._cutter.cut([start]))[0]
        terms = await known_terms(session, {term: float(times) for term, times in cut.terms.items()})
        telling = sorted(terms.asked, key=lambda one: (-one.worth, one.term))[:SIMILAR_TERMS]
        rarest_first = sorted(telling, key=lambda one: (one.items, one.term))
        ranking = await rank(session, replace(terms, asked=tuple(rarest_first)))
        others = [one for one in ranking.items if (one.source, one.source_id) != (source.value, source_id)]
        return await answering.hits(session, answering.once(others, None)[:limit])

    async def explain(
        self, session: AsyncSession, query: Query, source: Source, source_id: UUID
    ) -> tuple[Hit | None, Sequence[TermShare]]:
        """Tell why a thing stands where it stands, term by term."""
        reading, ranking = await self._ranked(session, query)
        texts = [one for one in ranking.items if (one.source, one.source_id) == (source.value, source_id)]
        if not texts:
            return None, ()
        shares = [
            TermShare(
                term=shown(one.term),
                kind=KINDS[kind_of(one.term)],
                rarity=one.rarity,
                weight=weight,
                importance=one.importance,
                fields=tuple(field.name.lower() for field in Field if fields & field and field.name),
            )
            for one, weight, fields in await shares_of(session, reading.terms, ranking, texts[0])
        ]
        found = await answering.hits(session, answering.once(texts, query.language))
        return found[0], sorted(shares, key=lambda share: -share.share)

    async def _ranked(self, session: AsyncSession, query: Query) -> tuple[Reading, Ranking]:
        asked = parse(query.text)
        reading = await self._read(session, query, asked)
        conditions = conditions_of(query.filters, asked)
        ranking = await rank(session, reading.terms, conditions)
        if not ranking.items and not asked.text and (asked.titles or asked.tags or asked.authors):
            ranking = await listed(session, reading.terms, conditions)
        return reading, ranking

    async def _item(self, session: AsyncSession, source: Source, source_id: UUID) -> SearchItem | None:
        wanted = (
            select(SearchItem)
            .where(SearchItem.source == source.value, SearchItem.source_id == source_id)
            .where(or_(SearchItem.expires_at.is_(None), SearchItem.expires_at > func.now()))
            .order_by(SearchItem.id)
            .limit(1)
        )
        return (await session.execute(wanted)).scalar_one_or_none()

    async def _read(self, session: AsyncSession, query: Query, asked: Asked) -> Reading:
        """Read a query as it was typed; where the index does not know its words, as it was probably meant."""
        typed = asked.text or " ".join((*asked.titles, *asked.tags))
        folded = fold(typed)
        terms = await self._terms(session, folded)
        if not query.corrects or corrections.knows_most(terms):
            return Reading(folded, terms)
        other = other_layout(typed)
        if other is not None:
            meant = fold(other)
            there = await self._terms(session, meant, before=terms)
            if corrections.share_known(there) > corrections.share_known(terms):
                return Reading(meant, there, (meant,))
        found = await corrections.slips(session, folded, terms) or await corrections.spacings(
            session, folded, terms
        )
        if not found:
            return Reading(folded, terms)
        meant = corrections.corrected(folded, found)
        return Reading(folded, await self._terms(session, folded, also=meant, before=terms), (meant,))

    async def _terms(
        self, session: AsyncSession, folded: str, *, also: str = "", before: Terms | None = None
    ) -> Terms:
        cuts = await self._cutter.cut([folded, also] if also else [folded])
        asked: dict[str, float] = {term: float(times) for term, times in cuts[0].terms.items()}
        if also:
            for term in cuts[1].terms:
                asked.setdefault(term, corrections.CORRECTED)
        typed = frozenset(asked)
        thesaurus = await self._synonyms()
        for cut in cuts:
            for term, share in thesaurus.expand(cut).items():
                asked.setdefault(term, share)
        return await known_terms(session, asked, typed=typed, before=before)

    async def _synonyms(self) -> Thesaurus:
        """Return the groups as they are cut now: anew when there are morphemes and were none."""
        if self._thesaurus is None or (self._cutter.analyzer.is_ready and not self._thesaurus.has_morphemes):
            self._thesaurus = await Thesaurus.of(shipped_groups(), self._cutter)
        return self._thesaurus
