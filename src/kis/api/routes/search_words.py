"""What administrators of the search decide: what stands first for a query, and which words mean the same."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPage, PlainPageRequest
from kis.api.routes.shown_search import pin_body
from kis.api.schemas.common import Page
from kis.api.schemas.search import NewPinBody, NewSynonyms, PinBody, ShippedSynonyms, SynonymsBody
from kis.search import NewPin

router = APIRouter(prefix="/v1/search", tags=["search"])

PinId = Annotated[UUID, Path(description="Id of the pin.")]
SynonymsId = Annotated[UUID, Path(description="Id of the group.")]
Containing = Annotated[
    str, Query(alias="q", max_length=200, description="Only those with a word or a query that contains this.")
]


@router.get("/pins", responses=errors(401, 403))
async def list_pins(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId, containing: Containing = ""
) -> Page[PinBody]:
    """List what stands first for which words, by the words."""
    found = await app.search.pins(caller, containing=containing)
    shown = found[page.offset : page.offset + page.size]
    titles = await app.search.titles_of(caller, shown)
    items = [pin_body(pin, titles) for pin in shown]
    return Page(items=items, page=page.page, size=page.size, total=len(found), trace_id=trace_id)


@router.post("/pins", status_code=201, responses=errors(401, 403, 409))
async def add_pin(app: App, caller: Caller, body: NewPinBody, response: Response) -> PinBody:
    """Put a thing first for words, for everybody in the organisation who may read it and whose filters let it pass."""
    pin = await app.search.add_pin(caller, _pin(body))
    response.headers["Location"] = f"/v1/search/pins/{pin.id}"
    return pin_body(pin, await app.search.titles_of(caller, [pin]))


@router.put("/pins/{pin_id}", responses=errors(401, 403, 404, 409))
async def change_pin(app: App, caller: Caller, pin_id: PinId, body: NewPinBody) -> PinBody:
    """Put another pin in place of one."""
    pin = await app.search.change_pin(caller, pin_id, _pin(body))
    return pin_body(pin, await app.search.titles_of(caller, [pin]))


@router.delete("/pins/{pin_id}", status_code=204, responses=errors(401, 403, 404))
async def remove_pin(app: App, caller: Caller, pin_id: PinId) -> None:
    """Take a pin away."""
    await app.search.remove_pin(caller, pin_id)


@router.get("/synonyms", responses=errors(401, 403))
async def list_synonyms(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId, containing: Containing = ""
) -> Page[SynonymsBody]:
    """List the organisation's own groups of words that mean the same, by their first word."""
    found = await app.search.synonyms(caller, containing=containing)
    return Page(**_of(page, [SynonymsBody.model_validate(group) for group in found], trace_id))


@router.post("/synonyms", status_code=201, responses=errors(401, 403))
async def add_synonyms(app: App, caller: Caller, body: NewSynonyms, response: Response) -> SynonymsBody:
    """Let words mean the same: who searches for one finds the others, too, a little lower."""
    group = await app.search.add_synonyms(caller, body.words, is_active=body.is_active)
    response.headers["Location"] = f"/v1/search/synonyms/{group.id}"
    return SynonymsBody.model_validate(group)


@router.get("/synonyms/shipped", responses=errors(401, 403))
async def list_shipped_synonyms(
    app: App, caller: Caller, page: PlainPageRequest, trace_id: TraceId, containing: Containing = ""
) -> Page[ShippedSynonyms]:
    """List the groups that came with the program; they hold everywhere."""
    found = app.search.shipped_synonyms(caller, containing=containing)
    return Page(**_of(page, [ShippedSynonyms(words=list(words)) for words in found], trace_id))


@router.put("/synonyms/{synonyms_id}", responses=errors(401, 403, 404))
async def change_synonyms(
    app: App, caller: Caller, synonyms_id: SynonymsId, body: NewSynonyms
) -> SynonymsBody:
    """Put other words in place of a group's."""
    group = await app.search.change_synonyms(caller, synonyms_id, body.words, is_active=body.is_active)
    return SynonymsBody.model_validate(group)


@router.delete("/synonyms/{synonyms_id}", status_code=204, responses=errors(401, 403, 404))
async def remove_synonyms(app: App, caller: Caller, synonyms_id: SynonymsId) -> None:
    """Take a group away."""
    await app.search.remove_synonyms(caller, synonyms_id)


def _pin(body: NewPinBody) -> NewPin:
    return NewPin(query=body.query, source=body.source, source_id=body.source_id, place=body.place)


def _of(page: PlainPage, found: Sequence[Any], trace_id: str) -> dict[str, Any]:
    """Return a page of what was found."""
    items = list(found[page.offset : page.offset + page.size])
    return {"items": items, "page": page.page, "size": page.size, "total": len(found), "trace_id": trace_id}
