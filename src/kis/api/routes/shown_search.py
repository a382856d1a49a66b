"""Searches as the wire has them, both ways: for the routes of the search."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from kis.api.schemas.search import (
    ExplainedTerm,
    FacetCount,
    FacetName,
    MarkedSpan,
    MarkedText,
    PinBody,
    SearchAnswer,
    SearchHit,
    SearchRequest,
    SearchSuggestion,
)
from kis.search import Answer, Facet, Filters, Hit, Language, Pin, Query, Suggestion, TermShare

MOST_FACET_VALUES: Final = 50
_FACETS: Final[Mapping[FacetName, Facet]] = {
    "source": Facet.SOURCE,
    "category": Facet.CATEGORY,
    "type": Facet.KIND,
    "language": Facet.LANGUAGE,
    "status": Facet.STATUS,
    "tag": Facet.TAG,
    "year": Facet.YEAR,
}


def query_of(asked: SearchRequest, language: Language | None, categories: tuple[UUID, ...]) -> Query:
    """Return the query of a caller who reads ``language``, within ``categories``."""
    return Query(
        text=asked.q,
        filters=Filters(
            sources=tuple(asked.sources),
            categories=categories,
            kinds=tuple(asked.types),
            languages=tuple(asked.languages),
            statuses=tuple(asked.statuses),
            tags=tuple(asked.tags),
            authors=tuple(asked.authors),
            since=asked.since,
            until=asked.until,
        ),
        language=language,
        offset=asked.offset,
        limit=asked.limit,
        facets=tuple(dict.fromkeys(_FACETS[name] for name in asked.facets)),
        corrects=asked.corrects,
    )


def answer_body(answer: Answer, query: Query, trace_id: str) -> SearchAnswer:
    """Return what was found."""
    found = answer.found
    return SearchAnswer(
        hits=[hit_body(hit) for hit in found.hits],
        offset=query.offset,
        limit=query.limit,
        total=found.total,
        is_more=found.is_more,
        facets={
            name: _counts(found.facets.get(facet, {}))
            for name, facet in _FACETS.items()
            if facet in query.facets
        },
        text=found.text,
        corrections=list(found.corrections),
        search_id=answer.search_id,
        engine=found.engine,
        took_ms=round(answer.seconds * 1000, 3),
        trace_id=trace_id,
    )


def hit_body(hit: Hit) -> SearchHit:
    """Return a thing that was found."""
    return SearchHit(
        source=hit.source,
        source_id=hit.source_id,
        language=hit.language,
        title=hit.title,
        summary=hit.summary,
        link=hit.link,
        type=hit.kind,
        status=hit.status,
        author=hit.author,
        category_id=hit.category_id,
        tags=list(hit.tags),
        dated_at=hit.dated_at,
        facts=dict(hit.facts),
        snippets=[MarkedText.model_validate(snippet) for snippet in hit.snippets],
        is_pinned=hit.is_pinned,
        score=hit.score,
    )


def suggestion_body(suggestion: Suggestion) -> SearchSuggestion:
    """Return what a text may become."""
    marks = [MarkedSpan.model_validate(mark) for mark in suggestion.marks]
    return SearchSuggestion(
        text=suggestion.text, source=suggestion.source, source_id=suggestion.source_id, marks=marks
    )


def term_body(term: TermShare) -> ExplainedTerm:
    """Return what a term adds."""
    return ExplainedTerm(
        term=term.term,
        kind=term.kind,
        fields=list(term.fields),
        rarity=term.rarity,
        weight=term.weight,
        importance=term.importance,
        place=term.place,
        share=term.share,
    )


def pin_body(pin: Pin, titles: Mapping[UUID, str]) -> PinBody:
    """Return what stands first for which words."""
    return PinBody(
        id=pin.id,
        query=pin.query,
        source=pin.source,
        source_id=pin.source_id,
        title=titles.get(pin.id),
        place=pin.place,
        created_at=pin.created_at,
    )


def _counts(counted: Mapping[str, int]) -> list[FacetCount]:
    return [
        FacetCount(value=value, count=count) for value, count in list(counted.items())[:MOST_FACET_VALUES]
    ]
