"""Finding what is written, quoted and sold."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from kis.mcp.answers import Answer, answer
from kis.mcp.desk import Desk
from kis.search import LAST_OFFSET, LONGEST_QUESTION, Filters, Hit, Language, Query, Source

Word = Annotated[str, Field(max_length=200)]


async def search(  # noqa: PLR0913 - what the route takes
    desk: Desk,
    q: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_QUESTION,
            description='What to find, in Korean or English: words or a question; "phrases", -without, title:, tag:, author:.',
        ),
    ],
    *,
    sources: Annotated[
        list[Literal["article", "quotation", "catalog_item"]] | None,
        Field(max_length=3, description="Only things of these sources; else of all that you may read."),
    ] = None,
    categories: Annotated[
        list[UUID] | None, Field(max_length=20, description="Only articles of these and of those below them.")
    ] = None,
    types: Annotated[
        list[Word] | None, Field(max_length=20, description="article, faq, guide …; breaker, enclosure ….")
    ] = None,
    languages: Annotated[
        list[Literal["ko", "en"]] | None, Field(max_length=2, description="Only texts in these languages.")
    ] = None,
    statuses: Annotated[list[Word] | None, Field(max_length=20)] = None,
    tags: Annotated[
        list[Word] | None, Field(max_length=20, description="Only what has one of these.")
    ] = None,
    authors: Annotated[list[Word] | None, Field(max_length=20)] = None,
    since: Annotated[date | None, Field(description="Not before this day, in UTC.")] = None,
    until: Annotated[date | None, Field(description="Not after this day, in UTC.")] = None,
    offset: Annotated[int, Field(ge=0, le=LAST_OFFSET)] = 0,
    limit: Annotated[int, Field(ge=1, le=20)] = 5,
) -> Answer:
    """Search articles of the knowledge base, finished quotations and parts of the catalogue: what the caller may read, the best first."""
    services, caller = desk.application, desk.principal
    filters = Filters(
        sources=tuple(map(Source, sources or ())),
        categories=await services.knowledge.with_below(caller, categories or ()),
        kinds=tuple(types or ()),
        languages=tuple(map(Language, languages or ())),
        statuses=tuple(statuses or ()),
        tags=tuple(tags or ()),
        authors=tuple(authors or ()),
        since=since,
        until=until,
    )
    # Of an article in two languages the text that answers best is shown: agents ask in the language they work in.
    query = Query(text=q, filters=filters, offset=offset, limit=limit)
    found = (await services.search.search(caller, query)).found
    result = {
        "total": found.total,
        "is_more": found.is_more,
        "offset": offset,
        "searched_for": found.text,
        "did_you_mean": list(found.corrections),
        "hits": [_shown(hit) for hit in found.hits],
    }
    return answer(desk.tool, result, (), desk.locale)


def _shown(hit: Hit) -> dict[str, Any]:
    return {
        "uri": _address(hit),
        "source": hit.source.value,
        "id": str(hit.source_id),
        "language": hit.language.value,
        "title": hit.title,
        "summary": hit.summary,
        "snippets": [snippet.text for snippet in hit.snippets if snippet.field != "title"],
        "type": hit.kind,
        "status": hit.status,
        "tags": list(hit.tags),
        "dated_at": hit.dated_at.isoformat(),
        "facts": dict(hit.facts),
        "is_pinned": hit.is_pinned,
    }


def _address(hit: Hit) -> str:
    """Return where the whole of a hit is read."""
    if hit.source is Source.CATALOG_ITEM:
        return f"kis://catalog/{hit.kind}/{hit.facts.get('key', hit.title)}"
    return f"kis://{hit.source.value}/{hit.source_id}"
