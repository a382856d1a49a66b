"""The search: find, suggest, similar, explain, and what was opened of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.routes.shown_search import answer_body, hit_body, query_of, suggestion_body, term_body
from kis.api.schemas.search import (
    Explanation,
    OpenedHit,
    QuestionText,
    SearchAnswer,
    SearchParameters,
    SearchRequest,
    SearchSuggestions,
    SimilarHits,
    Sources,
)
from kis.search import Language, Source
from kis.search import Query as Question

router = APIRouter(prefix="/v1/search", tags=["search"])

SourceOf = Annotated[Source, Query(alias="source", description="The source of the thing.")]
ThingId = Annotated[
    UUID, Query(alias="id", description="The id of the thing within its source: `sourceId` of a hit.")
]


async def _asker(request: Request, reading: Reading) -> Language | None:
    says = "locale" in request.query_params or "accept-language" in request.headers
    return Language(reading.locale) if says else None


Asker = Annotated[Language | None, Depends(_asker)]
"""The language the caller reads; None where they do not say: then that of the text that answers best."""


@router.get("", responses=errors(401, 403))
async def search_texts(
    app: App, caller: Caller, asker: Asker, trace_id: TraceId, asked: Annotated[SearchParameters, Query()]
) -> SearchAnswer:
    """Find articles, quotations and parts, the best first. What the caller may not read is neither found nor counted; a source that they may not read at all is left out. A choice of several repeats its parameter; of an article in two languages the caller's is shown, for who names none the one that answers best."""
    return await _answered(app, caller, asker, asked, trace_id)


@router.post("", responses=errors(401, 403))
async def search_texts_by_body(
    app: App, caller: Caller, asker: Asker, trace_id: TraceId, body: SearchRequest
) -> SearchAnswer:
    """Find the same by a body, for questions that are long or not to stand in an address."""
    return await _answered(app, caller, asker, body, trace_id)


@router.get("/suggest", responses=errors(401, 403))
async def suggest_texts(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    q: Annotated[
        str, Query(min_length=1, max_length=200, description="What is typed so far.", examples=["차단"])
    ],
    source: Annotated[Sources, Query()] = [],  # noqa: B006 - read only
    limit: Annotated[int, Query(ge=1, le=20, description="Most suggestions.")] = 8,
) -> SearchSuggestions:
    """Tell what a text that is being typed may become: titles, names and tags that go on like it, from any of their words."""
    found = await app.search.suggest(caller, q, sources=source, limit=limit)
    return SearchSuggestions(items=[suggestion_body(each) for each in found], trace_id=trace_id)


@router.get("/similar", responses=errors(401, 403, 404))
async def find_similar(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    source: SourceOf,
    thing_id: ThingId,
    limit: Annotated[int, Query(ge=1, le=50, description="Most hits.")] = 5,
) -> SimilarHits:
    """Find things that are like one."""
    found = await app.search.similar(caller, source, thing_id, limit=limit)
    return SimilarHits(items=[hit_body(hit) for hit in found], trace_id=trace_id)


@router.get("/explain", responses=errors(401, 403, 404))
async def explain_hit(
    app: App,
    caller: Caller,
    asker: Asker,
    trace_id: TraceId,
    q: Annotated[QuestionText, Query()],
    source: SourceOf,
    thing_id: ThingId,
) -> Explanation:
    """Tell why a thing stands where it stands for a question, term by term."""
    question = Question(text=q, language=asker)
    hit, terms = await app.search.explain(caller, question, source, thing_id)
    return Explanation(
        hit=None if hit is None else hit_body(hit),
        terms=[term_body(term) for term in terms],
        trace_id=trace_id,
    )


@router.post("/{search_id}/clicks", status_code=204, responses=errors(401, 403, 404))
async def note_opened_hit(
    app: App,
    caller: Caller,
    search_id: Annotated[UUID, Path(description="`searchId` of the answer.")],
    body: OpenedHit,
) -> None:
    """Note that a hit was opened: what is often opened, and what never, shows how good the search is."""
    await app.search.clicked(caller, search_id, body.source, body.source_id, body.place)


async def _answered(
    app: App, caller: Caller, asker: Asker, asked: SearchRequest, trace_id: str
) -> SearchAnswer:
    categories = await app.knowledge.with_below(caller, asked.categories)
    query = query_of(asked, asker, categories)
    return answer_body(await app.search.search(caller, query), query, trace_id)
