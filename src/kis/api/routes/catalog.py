"""The catalogue: search parts, keep parts of one's own, take a file in and hand one out."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, File, Query, Response, UploadFile

from kis.api.dependencies import App, Caller, PageRequest, TraceId
from kis.api.errors import errors
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.catalog import CatalogItem, ImportDone, ItemChange, NewItem, PartKind
from kis.api.schemas.common import Page
from kis.catalog.store import ITEM_COLUMNS, CatalogForm, ItemQuery

router = APIRouter(prefix="/v1/catalog", tags=["catalog"])


@router.get("", responses=errors(401, 403))
async def search_catalog(
    app: App,
    caller: Caller,
    page: PageRequest,
    trace_id: TraceId,
    kind: Annotated[PartKind | None, Query(description="Only parts of this kind.")] = None,
    q: Annotated[
        str,
        Query(
            max_length=200,
            description="Words, each of which must begin a word of the part: model, make, kind in Korean or English, rating (30a), poles (3p), frame (50af).",
            examples=["ABN 3p 누전"],
        ),
    ] = "",
) -> Page[CatalogItem]:
    """Search parts: the organisation's own and those that came with the program."""
    names = {name: name for name in ITEM_COLUMNS}
    order, falling = page.order(names, "kind")
    wanted = ItemQuery(kind=kind, words=q, equal=dict(page.conditions(names)), order=order, falling=falling)
    found = await app.catalogs.items.search(caller, wanted, page=page.page, size=page.size)
    items = [CatalogItem.model_validate(item) for item in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.post("/items", status_code=201, responses=errors(401, 403, 409))
async def add_catalog_item(app: App, caller: Caller, body: NewItem, response: Response) -> CatalogItem:
    """Add a part of the organisation's own. With the model of a shipped one it is taken instead of that."""
    item = await app.catalogs.items.add(caller, body.kind, body.columns)
    response.headers["Location"] = f"/v1/catalog/items/{item.id}"
    return CatalogItem.model_validate(item)


@router.get("/items/{item_id}", responses=errors(401, 403, 404))
async def get_catalog_item(app: App, caller: Caller, item_id: UUID) -> CatalogItem:
    """Return a part."""
    return CatalogItem.model_validate(await app.catalogs.items.get(caller, item_id))


@router.patch("/items/{item_id}", responses=errors(401, 403, 404, 409))
async def change_catalog_item(app: App, caller: Caller, item_id: UUID, body: ItemChange) -> CatalogItem:
    """Change columns of a part of the organisation's own. Quotations made before keep the part as it was."""
    return CatalogItem.model_validate(await app.catalogs.items.change(caller, item_id, body.columns))


@router.delete("/items/{item_id}", status_code=204, responses=errors(401, 403, 404, 409))
async def deactivate_catalog_item(app: App, caller: Caller, item_id: UUID) -> None:
    """Switch a part of the organisation's own off. A shipped one of the same model holds again."""
    await app.catalogs.items.deactivate(caller, item_id)


@router.post("/import", responses=errors(401, 403, 409))
async def import_catalog(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    file: Annotated[UploadFile, File(description="CSV of one table, or XLSX.")],
) -> ImportDone:
    """Add or change all parts of a file, or none: every fault is named by row and column."""
    name, data = await uploaded(app, file)
    report = await app.catalogs.items.import_file(caller, name, data)
    return ImportDone(
        added=report.added,
        changed=report.changed,
        unchanged=report.unchanged,
        shipped=report.shipped,
        trace_id=trace_id,
    )


_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            media: {"schema": {"type": "string", "format": "binary"}}
            for media in (
                "text/csv",
                "application/zip",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
        },
    }
}


@router.get("/export", response_class=Response, responses={**_FILE, **errors(401, 403)})
async def export_catalog(
    app: App,
    caller: Caller,
    format: Annotated[CatalogForm, Query(description="csv or xlsx.")] = CatalogForm.XLSX,  # noqa: A002 - a name of the wire
    kind: Annotated[
        PartKind | None, Query(description="With csv: the table of this kind; without, all tables as a ZIP.")
    ] = None,
) -> Response:
    """Hand out the catalogue as a file that can be imported again. Nothing in it computes when a spreadsheet opens it."""
    file = await app.catalogs.items.export(caller, format, kind)
    disposition = f"attachment; filename*=UTF-8''{quote(file.name)}"
    return Response(file.data, media_type=file.media_type, headers={"Content-Disposition": disposition})
