"""Evidence: whether a pack is what was signed."""

from typing import Annotated

from pydantic import Field

from kis.mcp import stored
from kis.mcp.answers import Answer, GateFacts, Proof, answer
from kis.mcp.desk import Desk
from kis.mcp.stored import OptionalQuoteId
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


async def verify(
    desk: Desk,
    quote_id: OptionalQuoteId = None,
    trace_id: Annotated[
        str | None,
        Field(pattern="^[0-9a-f]{32}$", description="A pack; without it the newest of the quotation."),
    ] = None,
) -> Answer:
    """Hold every file of an evidence pack against its checksums, its signature and its place in the organisation's chain. Every fault is named at once."""
    if trace_id is None and quote_id is None:
        raise BadInput("arguments", [Problem("quote_id", Message("mcp.quote_or_trace"))])
    if trace_id is None:
        assert quote_id is not None
        trace_id = (await stored.finished(desk, quote_id)).trace_id
    facts = await stored.pack_facts(desk, trace_id)
    found = await desk.application.evidence.verify(facts)
    gate = GateFacts(
        id="evidence.faults",
        stage="evidence",
        verdict="pass" if found.ok else "fail",
        measured=len(found.findings),
        operator="=",
        limit=0,
    )
    result = {
        "trace_id": trace_id,
        "quote_id": str(facts.quote_id),
        "ok": found.ok,
        "files": len(facts.files),
        "sequence": facts.sequence,
        "key_fingerprint": facts.key_fingerprint,
        "signed": dict(facts.signed),
        "findings": [
            {"file": finding.path, "message": finding.message.text(desk.locale)} for finding in found.findings
        ],
    }
    proof = Proof(kind="pack", sha256=facts.sha256, trace_id=trace_id)
    return answer(desk.tool, result, [gate], desk.locale, proof=proof)
