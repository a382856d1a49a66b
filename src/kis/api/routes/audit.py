"""The audit log."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.pages import PlainPageRequest
from kis.api.schemas.common import Page, Time
from kis.api.schemas.identity import AuditEntry
from kis.platform.audit import AuditForm, AuditQuery

router = APIRouter(prefix="/v1/audit", tags=["identity"])

_MEDIA_TYPES: Final = {
    AuditForm.JSONL: "application/jsonl",
    AuditForm.CSV: "text/csv; charset=utf-8",
}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for media in _MEDIA_TYPES.values()
        },
    }
}

Everywhere = Annotated[
    bool,
    Query(description="For operators: the log of the whole installation, not only of this organisation."),
]


async def _query(
    actor: Annotated[str, Query(max_length=200, examples=["user:0b0e7c1e-5f4e-4d8e-9a53-d9a3c7b0f1aa"])] = "",
    action: Annotated[str, Query(max_length=200, examples=["quotation.sent"])] = "",
    target: Annotated[str, Query(max_length=200)] = "",
    since: Annotated[Time | None, Query(description="Not before this moment.")] = None,
    until: Annotated[Time | None, Query(description="Before this moment.")] = None,
) -> AuditQuery:
    return AuditQuery(
        actor=_storable(actor), action=_storable(action), target=_storable(target), since=since, until=until
    )


Wanted = Annotated[AuditQuery, Depends(_query)]


@router.get("", responses=errors(401, 403))
async def list_audit_log(
    app: App,
    caller: Caller,
    wanted: Wanted,
    page: PlainPageRequest,
    trace_id: TraceId,
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> Page[AuditEntry]:
    """List what was done, the newest first. For administrators and reviewers."""
    rows, total = await app.identity.audit.list(
        caller, wanted, offset=page.offset, limit=page.size, everywhere=everywhere
    )
    items = [AuditEntry.model_validate(row) for row in rows]
    return Page(items=items, page=page.page, size=page.size, total=total, trace_id=trace_id)


@router.get("/export", response_class=StreamingResponse, responses={**_FILE, **errors(401, 403)})
async def export_audit_log(
    app: App,
    caller: Caller,
    wanted: Wanted,
    format: Annotated[AuditForm, Query(description="jsonl or csv.")] = AuditForm.JSONL,  # noqa: A002 - a name of the wire
    everywhere: Everywhere = False,  # noqa: FBT002 - a query parameter
) -> StreamingResponse:
    """Hand out the log as a file, the oldest first. Nothing in it computes when a spreadsheet opens it."""
    app.identity.audit.require(caller, everywhere=everywhere)
    pieces = app.identity.audit.export(caller, wanted, format, everywhere=everywhere)
    disposition = f'attachment; filename="audit.{format.value}"'
    return StreamingResponse(
        pieces, media_type=_MEDIA_TYPES[format], headers={"Content-Disposition": disposition}
    )


def _storable(text: str) -> str:
    """Return a text as the database could hold it; one that it cannot hold stands in no row."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
