"""Documents of quotations, with links that end, and many of them as one archive."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.schemas.documents import Documents, ExportWanted, Kind, LinkedDocument, TaskStarted

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("", responses=errors(401, 403, 404))
async def list_documents(
    app: App,
    caller: Caller,
    trace_id: TraceId,
    quote_id: Annotated[UUID, Query(alias="quoteId", description="Id of the quotation.")],
    kind: Annotated[
        list[Kind] | None,
        Query(
            max_length=20,
            description="Only documents of these kinds: quotation_pdf, quotation_xlsx, view, …",
            examples=[["quotation_pdf"]],
        ),
    ] = None,
) -> Documents:
    """List the documents of the newest issue of a quotation; each `signedUrl` works for a while, without any other credential."""
    found = await app.quotations.documents(caller, quote_id, kinds=kind or ())
    items = [LinkedDocument.model_validate(document) for document in found]
    return Documents(items=items, total=len(items), trace_id=trace_id)


@router.post("/export", status_code=202, responses=errors(401, 403, 404, 409))
async def export_documents(app: App, caller: Caller, trace_id: TraceId, body: ExportWanted) -> TaskStarted:
    """Have the documents of quotations packed into one archive."""
    task_id = await app.quotations.export(caller, body.quote_ids, kinds=body.kinds)
    return TaskStarted(task_id=task_id, trace_id=trace_id, links={"self": f"/v1/tasks/{task_id}"})
