"""A quotation from its request to its documents."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import orjson
from pydantic import Field

from kis.mcp import following, stored
from kis.mcp.answers import Answer, answer
from kis.mcp.desk import Desk
from kis.mcp.engine import FullRequest, Request, gates_of, understood
from kis.mcp.preview import preview
from kis.mcp.stored import OptionalQuoteId, QuoteId, one_of

Forms = Annotated[
    list[Literal["xlsx", "pdf", "svg", "dxf"]] | None,
    Field(max_length=4, description="Forms of documents to write; without it all."),
]


async def create(
    desk: Desk,
    request: FullRequest,
    documents: Forms = None,
    idempotency_key: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=200,
            description="A call again with the same key within a day returns the first quotation.",
        ),
    ] = None,
) -> Answer:
    """Make a quotation and wait until it is finished: design, prices, documents, signed evidence. Reports progress. A failing gate puts it into review; the answer says which."""
    accepted = await desk.application.quotations.accept(
        desk.principal,
        await understood(request),
        idempotency_key=idempotency_key or f"mcp:{desk.call_id}",
        documents=documents,
    )
    quote_id = accepted.quote_id
    await following.until_finished(desk, quote_id)
    shown = await stored.read(desk, quote_id)
    if shown["failure"]:
        raise following.QuotationFailed(shown["failure"], str(quote_id))
    quotation = stored.stored(shown)
    return answer(desk.tool, _summary(quotation.shown), quotation.gates, desk.locale, proof=quotation.proof)


async def format_documents(
    desk: Desk,
    quote_id: OptionalQuoteId = None,
    request: Request | None = None,
    documents: Forms = None,
) -> Answer:
    """Tell what documents a quotation has, or would have for a request, and whether every formula and named range of the workbook is whole."""
    one_of(quote_id, request)
    if quote_id is not None:
        quotation = await stored.finished(desk, quote_id)
        desk.admit(quotation.gates)
        record = await stored.stage_record(desk, quotation.trace_id, "format")
        gates, proof = quotation.gates, quotation.proof
    else:
        assert request is not None
        product = await preview(desk, request, documents=documents)
        record, gates, proof = (
            orjson.loads(product.files["pipeline/format.json"]),
            gates_of(product.output),
            None,
        )
    result = {
        "quote_id": quote_id and str(quote_id),
        "documents": record["documents"],
        "losses": record["losses"],
    }
    return answer(
        desk.tool, result, [gate for gate in gates if gate.stage == "format"], desk.locale, proof=proof
    )


async def export(
    desk: Desk,
    quote_id: QuoteId,
    kinds: Annotated[
        list[Annotated[str, Field(max_length=40)]] | None,
        Field(
            max_length=20,
            description="Kinds of documents: quotation_pdf, quotation_xlsx, drawing_svg, drawing_dxf; without it all.",
        ),
    ] = None,
) -> Answer:
    """Return a link to each document of a quotation whose gates hold; links end after some minutes. Each document can be held against its SHA-256."""
    quotation = await stored.finished(desk, quote_id)
    desk.admit(quotation.gates)
    found = await desk.application.quotations.documents(desk.principal, quote_id, kinds=kinds or ())
    result = {
        "quote_id": str(quote_id),
        "documents": [
            {
                "kind": one.kind,
                "name": one.name,
                "media_type": one.media_type,
                "size": one.size,
                "sha256": one.sha256,
                "signed_url": one.signed_url,
                "expires_in_seconds": one.expires_in_seconds,
            }
            for one in found
        ],
    }
    return answer(desk.tool, result, quotation.gates, desk.locale, proof=quotation.proof)


def _summary(shown: Mapping[str, Any]) -> dict[str, Any]:
    names = {
        "quote_id": "quoteId",
        "number": "number",
        "revision": "revision",
        "status": "status",
        "trace_id": "traceId",
        "customer": "customer",
        "project": "project",
        "currency": "currency",
        "quotation_date": "quotationDate",
        "valid_until": "validUntil",
        "totals": "totals",
        "panels": "panels",
        "documents": "documents",
        "links": "links",
    }
    return {name: shown[wire] for name, wire in names.items()}
