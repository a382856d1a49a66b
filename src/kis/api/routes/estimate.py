"""Quotations: accept a request, show, list, follow, and everything that happens in the life of one."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from kis.api.dependencies import App, Caller, DaysIn, PageRequest, Reading, ShownIn, Stopping, TraceId
from kis.api.errors import errors
from kis.api.headers import IdempotencyKey, unchanged
from kis.api.routes.request_bodies import REQUEST_BODY, read_request
from kis.api.schemas.common import Page
from kis.api.schemas.estimate import (
    Accepted,
    Closing,
    GateAccepted,
    GateToAccept,
    OpenGate,
    Quotation,
    QuotationSummary,
    Requote,
    SentNow,
    StatusNow,
)
from kis.estimator import DocumentForm
from kis.quotations import FILTERS, SORTS, Answer, Otherwise

router = APIRouter(prefix="/v1/estimate", tags=["quotations"])

QuoteId = Annotated[UUID, Path(description="Id of the quotation.")]
DocumentForms = Annotated[
    list[DocumentForm] | None,
    Query(description="Forms of documents to make; all where none is named.", max_length=4),
]
LARGEST_EVENT_ID: Final = 2**62

_REPLAYED: Final[dict[str, Any]] = {
    "Idempotent-Replayed": {
        "description": "`true` where this is the first answer to a request of the same Idempotency-Key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Location": {"description": "Address of the quotation.", "schema": {"type": "string"}},
}
_CREATED: Final[dict[int | str, dict[str, Any]]] = {
    201: {"model": Accepted, "headers": _REPLAYED, "description": "Accepted; it is made from now on."}
}
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Server-sent events PROGRESS, GATE_RESULT, DONE, ERROR and HEARTBEAT, until the quotation is finished.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    204: {"description": "The last event is known to the caller; there is nothing to wait for."},
}


def _created(answer: Answer) -> Response:
    headers = {"Location": f"/v1/estimate/{answer.quote_id}"}
    if answer.is_replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(answer.body, answer.status_code, headers, media_type="application/json")


@router.post(
    "",
    status_code=201,
    response_model=Accepted,
    responses={**_CREATED, **errors(401, 403, 409)},
    openapi_extra=REQUEST_BODY,
)
async def accept_request(
    request: Request,
    app: App,
    caller: Caller,
    documents: DocumentForms = None,
    draft: Annotated[bool, Query(description="Keep it as a draft that can still be changed.")] = False,  # noqa: FBT002 - a query parameter
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Accept a request: the quotation has its number and is queued when this answers."""
    answer = await app.quotations.accept(
        caller,
        await read_request(request),
        idempotency_key=idempotency_key,
        documents=_words(documents),
        draft=draft,
    )
    return _created(answer)


@router.get("", responses=errors(401, 403))
async def list_quotations(
    app: App,
    caller: Caller,
    page: PageRequest,
    time_zone: DaysIn,
    trace_id: TraceId,
    currency: ShownIn = None,
) -> Page[QuotationSummary]:
    """List quotations, the newest first. `status` takes several values divided by `|`; `customer` and `project` are contained, `number` is how it begins; `from`, `to` (days of quotations), `createdFrom`, `createdTo` (days in `tz`), `totalFrom`, `totalTo` (in the quotation's own currency) are bounds. `total` counts up to 10,000."""
    found = await app.quotations.list(
        caller,
        page=page.page,
        size=page.size,
        order=page.order(SORTS, "-createdAt"),
        conditions=page.conditions(FILTERS),
        currency=currency,
        time_zone=time_zone,
    )
    items = [QuotationSummary.model_validate(item) for item in found.items]
    return Page(items=items, page=page.page, size=page.size, total=found.total, trace_id=trace_id)


@router.get("/stream", responses={**_STREAM, **errors(401, 403, 404)}, response_class=StreamingResponse)
async def stream_quotation(
    app: App,
    caller: Caller,
    stopping: Stopping,
    quote_id: Annotated[UUID, Query(alias="quoteId", description="Id of the quotation.")],
    last_event_id: Annotated[
        int | None,
        Header(
            alias="Last-Event-ID", ge=0, le=LARGEST_EVENT_ID, description="The `id:` of the last event seen."
        ),
    ] = None,
    last_event: Annotated[
        int | None,
        Query(
            alias="lastEventId", ge=0, le=LARGEST_EVENT_ID, description="As Last-Event-ID, which goes first."
        ),
    ] = None,
) -> Response:
    """Follow a quotation: every event so far and each new one, until it is finished. `meta.seq` of every frame rises; come again with `Last-Event-ID` and nothing is lost."""
    seen = last_event if last_event_id is None else last_event_id
    app.quotations.stop_with(stopping)
    frames = await app.quotations.stream(caller, quote_id, last_event_id=seen)
    if frames is None:
        return Response(status_code=204)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(frames, media_type="text/event-stream", headers=headers)


@router.get(
    "/{quote_id}",
    response_model=Quotation,
    responses={304: {"description": "The caller has it already."}, **errors(401, 403, 404)},
)
async def get_quotation(
    request: Request,
    app: App,
    caller: Caller,
    reading: Reading,
    quote_id: QuoteId,
    currency: ShownIn = None,
) -> Response:
    """Return a quotation whole: panels, gates, totals, documents, evidence, acceptances, revisions, and the engine's result."""
    whole = await app.quotations.get(caller, quote_id, locale=reading.locale, currency=currency)
    same = unchanged(request, whole.etag)
    if same is not None:
        return same
    headers = {"ETag": whole.etag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    return Response(whole.body, headers=headers, media_type="application/json")


@router.patch("/{quote_id}", responses=errors(401, 403, 404, 409), openapi_extra=REQUEST_BODY)
async def change_draft(
    request: Request,
    app: App,
    caller: Caller,
    trace_id: TraceId,
    quote_id: QuoteId,
    documents: DocumentForms = None,
) -> StatusNow:
    """Put another request in place of a draft's; its number stays."""
    given = await read_request(request)
    await app.quotations.replace_draft(caller, quote_id, given, documents=_words(documents))
    return StatusNow(quote_id=quote_id, status="draft", trace_id=trace_id)


@router.post("/{quote_id}/submit", responses=errors(401, 403, 404, 409))
async def submit_draft(app: App, caller: Caller, trace_id: TraceId, quote_id: QuoteId) -> StatusNow:
    """Queue a draft."""
    await app.quotations.submit(caller, quote_id)
    return StatusNow(quote_id=quote_id, status="queued", trace_id=trace_id)


@router.post(
    "/{quote_id}/revise",
    status_code=201,
    response_model=Accepted,
    responses={**_CREATED, **errors(401, 403, 404, 409)},
    openapi_extra=REQUEST_BODY,
)
async def revise_quotation(
    request: Request,
    app: App,
    caller: Caller,
    quote_id: QuoteId,
    documents: DocumentForms = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Quote another request as the next revision of the number; the one before stays as it is."""
    answer = await app.quotations.revise(
        caller,
        quote_id,
        await read_request(request),
        idempotency_key=idempotency_key,
        documents=_words(documents),
    )
    return _created(answer)


@router.post(
    "/{quote_id}/requote",
    status_code=201,
    response_model=Accepted,
    responses={**_CREATED, **errors(401, 403, 404, 409)},
)
async def requote_quotation(
    app: App,
    caller: Caller,
    quote_id: QuoteId,
    body: Requote,
    documents: DocumentForms = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Quote the same request again as the next revision, under other prices or in another make; its `comparison` tells what changed."""
    answer = await app.quotations.requote(
        caller,
        quote_id,
        Otherwise(
            make=body.make, price_book=body.price_book, rulebook=body.rulebook, day=body.quotation_date
        ),
        idempotency_key=idempotency_key,
        documents=_words(documents),
    )
    return _created(answer)


@router.post("/{quote_id}/accept-gate", responses=errors(401, 403, 404, 409))
async def accept_gate(app: App, caller: Caller, quote_id: QuoteId, body: GateToAccept) -> GateAccepted:
    """Take a failing gate on oneself. With the last one the quotation is issued again, with the acceptances in its evidence."""
    accepted = await app.quotations.accept_gate(
        caller, quote_id, gate=body.gate, panel=body.panel or "", reason=body.reason
    )
    return GateAccepted(
        quote_id=quote_id,
        status=accepted.status.value,
        trace_id=accepted.trace_id,
        open_gates=[OpenGate(panel=panel or None, gate=gate) for panel, gate in accepted.open_gates],
    )


@router.post("/{quote_id}/send", responses=errors(401, 403, 404, 409))
async def send_quotation(app: App, caller: Caller, trace_id: TraceId, quote_id: QuoteId) -> SentNow:
    """Send a completed quotation: it is frozen, and the customer is mailed where the installation can and the request names an address."""
    sent = await app.quotations.send(caller, quote_id)
    return SentNow(
        quote_id=quote_id, status="sent", trace_id=trace_id, sent_at=sent.sent_at, mailed_to=sent.mailed_to
    )


@router.post("/{quote_id}/close", responses=errors(401, 403, 404, 409))
async def close_quotation(
    app: App, caller: Caller, trace_id: TraceId, quote_id: QuoteId, body: Closing
) -> StatusNow:
    """Note what the customer decided about a quotation that was sent."""
    status = await app.quotations.close(caller, quote_id, won=body.outcome == "won")
    return StatusNow(quote_id=quote_id, status=status.value, trace_id=trace_id)


def _words(forms: list[DocumentForm] | None) -> list[str] | None:
    return None if not forms else [form.value for form in forms]
