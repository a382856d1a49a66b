"""The documents of a quotation, or of a request: cover, brand, and what the rules of documents say about them."""

from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import Field

from kis.estimator import brand_gaps
from kis.mcp import stored
from kis.mcp.answers import Answer, GateFacts, Proof, answer
from kis.mcp.desk import Desk
from kis.mcp.engine import Request, gates_of
from kis.mcp.preview import brand_for, preview
from kis.mcp.stored import OptionalQuoteId, one_of

PDF = "documents/quotation.pdf"
Number = Annotated[
    str,
    Field(
        max_length=40,
        description="For a request: the number its documents would bear.",
        examples=["HB-2026-0042-R0"],
    ),
]
WithFile = Annotated[bool, Field(description="For a request: attach the PDF to the answer.")]
BrandFile = Annotated[
    dict[str, Any] | Annotated[str, Field(max_length=200_000)] | None,
    Field(
        description="A brand file (schema kis.brand/1), as an object or its YAML, without pictures; without it the organisation's own brand."
    ),
]


async def cover_generate(
    desk: Desk,
    quote_id: OptionalQuoteId = None,
    request: Request | None = None,
    number: Number = "",
    *,
    with_file: WithFile = False,
) -> Answer:
    """Return the cover of a quotation, the first page of its PDF, with what the cover's policy says; for a request it is made and not kept."""
    record, gates, proof = await _record(desk, "cover", quote_id, request, number=number, with_file=with_file)
    result: dict[str, Any] = {"findings": record["findings"]}
    if quote_id is not None:
        found = await desk.application.quotations.documents(desk.principal, quote_id, kinds=["quotation_pdf"])
        result["documents"] = [
            {"name": one.name, "sha256": one.sha256, "size": one.size, "signed_url": one.signed_url}
            for one in found
        ]
    return answer(desk.tool, result, gates, desk.locale, proof=proof)


async def apply_branding(
    desk: Desk,
    request: Request,
    brand: BrandFile = None,
    number: Number = "",
    *,
    with_file: WithFile = False,
) -> Answer:
    """Write the documents of a request under a brand (supplier, colours, texts, terms) and judge them; nothing is kept. Says what the brand still lacks for a Korean quotation."""
    product = await preview(desk, request, documents=["pdf", "xlsx"], brand=brand, number=number)
    if with_file:
        desk.attach("quotation.pdf", "application/pdf", product.files[PDF])
    used = await brand_for(desk, brand)
    result = {
        "supplier": {"ko": used.file.supplier.name.ko, "en": used.file.supplier.name.en},
        "illustrative": used.file.illustrative,
        "lacks": [{"field": gap.field, "message": gap.message.text(desk.locale)} for gap in brand_gaps(used)],
        "documents": product.output["documents"],
        "findings": orjson.loads(product.files["pipeline/cover.json"])["findings"],
    }
    return answer(desk.tool, result, _of(gates_of(product.output), "cover"), desk.locale)


async def lint(
    desk: Desk, quote_id: OptionalQuoteId = None, request: Request | None = None, number: Number = ""
) -> Answer:
    """Hold every document of a quotation, or those a request would get, against the rules of documents: numbers that agree, text that fits, nothing left open."""
    record, gates, proof = await _record(desk, "lint", quote_id, request, number=number)
    return answer(desk.tool, {"findings": record["findings"]}, gates, desk.locale, proof=proof)


async def policy_check(
    desk: Desk, quote_id: OptionalQuoteId = None, request: Request | None = None, number: Number = ""
) -> Answer:
    """Hold the cover against the company's policy: what a Korean quotation must show, and claims nobody can keep."""
    record, gates, proof = await _record(desk, "cover", quote_id, request, number=number)
    return answer(desk.tool, {"findings": record["findings"]}, gates, desk.locale, proof=proof)


async def _record(
    desk: Desk,
    stage: str,
    quote_id: UUID | None,
    request: dict[str, Any] | str | None,
    *,
    number: str,
    with_file: bool = False,
) -> tuple[dict[str, Any], list[GateFacts], Proof | None]:
    """Return the record of a stage of the documents, and its gates: of a quotation from its pack, of a request made now."""
    one_of(quote_id, request)
    if quote_id is not None:
        quotation = await stored.finished(desk, quote_id)
        desk.admit(quotation.gates)
        record = await stored.stage_record(desk, quotation.trace_id, stage)
        return record, _of(quotation.gates, stage), quotation.proof
    assert request is not None
    product = await preview(desk, request, number=number)
    if with_file:
        desk.attach("quotation.pdf", "application/pdf", product.files[PDF])
    return orjson.loads(product.files[f"pipeline/{stage}.json"]), _of(gates_of(product.output), stage), None


def _of(gates: list[GateFacts], stage: str) -> list[GateFacts]:
    return [gate for gate in gates if gate.stage == stage]
