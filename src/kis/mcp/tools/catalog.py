"""Finding parts."""

from typing import Annotated, Literal

from pydantic import Field

from kis.catalog.store import ItemQuery
from kis.mcp.answers import Answer, answer
from kis.mcp.desk import Desk


async def search(
    desk: Desk,
    words: Annotated[
        str,
        Field(
            max_length=200,
            description="Each must begin a word of the part: model, make, kind in Korean or English, rating (30a), poles (3p), frame (50af).",
        ),
    ] = "",
    kind: Annotated[
        Literal["breaker", "enclosure", "accessory"] | None, Field(description="Only parts of this kind.")
    ] = None,
    page: Annotated[int, Field(ge=1, le=10_000)] = 1,
    size: Annotated[int, Field(ge=1, le=100)] = 20,
) -> Answer:
    """Search the catalogue: the organisation's own parts and those that came with the program."""
    items = desk.application.catalogs.items
    found = await items.search(desk.principal, ItemQuery(kind=kind, words=words), page=page, size=size)
    result = {
        "total": found.total,
        "page": page,
        "items": [
            {
                "uri": f"kis://catalog/{item.kind}/{item.key}",
                "kind": item.kind,
                "key": item.key,
                "make": item.make,
                "model": item.model,
                "is_own": item.is_own,
                "columns": dict(item.columns),
            }
            for item in found.items
        ],
    }
    return answer(desk.tool, result, (), desk.locale)
