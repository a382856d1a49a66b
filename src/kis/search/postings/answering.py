"""From ranked items to an answer: each thing once, in the asker's language where it has it, with what a list shows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from kis.platform.keyboard.jamo import is_syllable
from kis.search.highlights import snippets
from kis.search.models import SearchItem
from kis.search.postings.ranking import Ranked, Ranking, Reading, Terms
from kis.search.things import Facet, Found, Hit, Language, Query, Snippet, Source
from kis.search.tokens import TermKind, kind_of, shown

_BODY_CHARACTERS: Final = 200_000
_NOT_SHOWN: Final = (defer(SearchItem.lengths), defer(SearchItem.names))


async def found(session: AsyncSession, query: Query, reading: Reading, ranking: Ranking) -> Found:
    """Return the page that was asked for, with counts."""
    things = once(ranking.items, query.language)
    page = things[query.offset : query.offset + query.limit]
    return Found(
        hits=await hits(session, page, _marked(reading.terms) if query.highlights else ()),
        total=len(things),
        is_more=ranking.is_more,
        facets=await _facets(session, things, query.facets),
        text=reading.text,
        corrections=reading.corrections,
        engine="postings",
    )


async def hits(session: AsyncSession, page: Sequence[Ranked], words: Sequence[str] = ()) -> tuple[Hit, ...]:
    """Return things with what a list shows of them; with ``words``, also where these stand."""
    if not page:
        return ()
    unread = _NOT_SHOWN if words else (*_NOT_SHOWN, defer(SearchItem.body))
    wanted = select(SearchItem).where(_one_of(page)).options(*unread)
    items = {item.id: item for item in (await session.execute(wanted)).scalars()}
    return tuple(_hit(items[one.item_id], one.score, words) for one in page if one.item_id in items)


def _one_of(ranked: Sequence[Ranked]) -> ColumnElement[bool]:
    """Return the condition that an item is one of these: one value, however many they are."""
    return SearchItem.id == any_(literal([one.item_id for one in ranked], ARRAY(Integer)))


def _marked(terms: Terms) -> list[str]:
    """Return what is marked in the texts: words; where Korean has no morphemes, its bigrams."""
    kinds = {TermKind.MORPHEME, TermKind.WORD}
    if not any(kind_of(term) is TermKind.MORPHEME and is_syllable(term[-1]) for term in terms.typed):
        kinds.add(TermKind.BIGRAM)
    return [shown(one.term) for one in terms.asked if kind_of(one.term) in kinds]


def once(ranked: Iterable[Ranked], language: Language | None) -> list[Ranked]:
    """Return each thing once, where its best text stands; of its texts the one in ``language``, else the best."""
    chosen: dict[tuple[str, int], Ranked] = {}
    for one in ranked:
        key = (one.source, one.source_id.int)  # a UUID has no quick hash of its own
        known = chosen.get(key)
        if known is None:
            chosen[key] = one
        elif language is not None and known.language != language.value and one.language == language.value:
            chosen[key] = replace(one, score=known.score)
    return list(chosen.values())


def _hit(item: SearchItem, score: float, words: Sequence[str]) -> Hit:
    return Hit(
        item_id=item.id,
        source=Source(item.source),
        source_id=item.source_id,
        language=Language(item.language),
        score=round(score, 6),
        title=item.title,
        summary=item.summary,
        link=item.link,
        kind=item.kind,
        status=item.status,
        author=item.author,
        category_id=item.category_id,
        tags=tuple(item.tags),
        dated_at=item.dated_at,
        facts=item.facts,
        snippets=_snippets(item, words) if words else (),
    )


def _snippets(item: SearchItem, words: Sequence[str]) -> tuple[Snippet, ...]:
    return (
        *snippets(item.title, words, field="title", most=1),
        *snippets(item.summary, words, field="summary", most=1),
        *snippets(item.body[:_BODY_CHARACTERS], words, field="body", most=2),
    )


async def _facets(
    session: AsyncSession, things: Sequence[Ranked], wanted: Sequence[Facet]
) -> Mapping[Facet, Mapping[str, int]]:
    if not wanted or not things:
        return {}
    columns = (
        SearchItem.source,
        SearchItem.category_id,
        SearchItem.kind,
        SearchItem.language,
        SearchItem.status,
        SearchItem.tags,
        SearchItem.dated_at,
    )
    query = select(*columns).where(_one_of(things))
    counted: dict[Facet, Counter[str]] = {facet: Counter() for facet in wanted}
    for source, category, kind, language, status, tags, dated_at in await session.execute(query):
        values = {
            Facet.SOURCE: [source],
            Facet.CATEGORY: [str(category)] if category else [],
            Facet.KIND: [kind] if kind else [],
            Facet.LANGUAGE: [language],
            Facet.STATUS: [status] if status else [],
            Facet.TAG: tags,
            Facet.YEAR: [str(dated_at.year)],
        }
        for facet in wanted:
            counted[facet].update(values[facet])
    return {
        facet: dict(sorted(many.items(), key=lambda one: (-one[1], one[0])))
        for facet, many in counted.items()
    }
