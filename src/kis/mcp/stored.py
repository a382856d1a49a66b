"""Quotations that are there already, as tools look at them: through the services, under the caller's rights."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import orjson
from pydantic import Field

from kis.evidence.store import PackFacts
from kis.identity import Permission
from kis.mcp.answers import GateFacts, Proof
from kis.mcp.desk import Desk
from kis.mcp.engine import gates_of
from kis.platform.errors import BadInput, Conflict, Problem
from kis.platform.messages import Message

QuoteId = Annotated[UUID, Field(description="The quotation, as estimate.create returned it.")]
OptionalQuoteId = Annotated[UUID | None, Field(description="A quotation, as estimate.create returned it.")]


class NotFinished(Conflict):
    """The quotation has no result yet, or failed."""

    code = "quotation_not_finished"

    def __init__(self, status: str) -> None:
        super().__init__(Message("mcp.not_finished", {"status": status}), status=status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A finished quotation: as the API shows it, its gates, and the newest of its packs."""

    shown: Mapping[str, Any]
    gates: list[GateFacts]
    proof: Proof

    @property
    def trace_id(self) -> str:
        """Return the trace id of the newest pack."""
        return str(self.shown["traceId"])


async def read(desk: Desk, quote_id: UUID) -> dict[str, Any]:
    """Return a quotation as the API shows it. Raises NotFound, also for another organisation's."""
    whole = await desk.application.quotations.get(desk.principal, quote_id, locale=desk.locale)
    shown: dict[str, Any] = orjson.loads(whole.body)
    return shown


async def finished(desk: Desk, quote_id: UUID) -> Stored:
    """Return a quotation with its result. Raises NotFound, NotFinished."""
    return stored(await read(desk, quote_id))


def stored(shown: Mapping[str, Any]) -> Stored:
    """Return a quotation with its result. Raises NotFinished."""
    if not shown["result"] or not shown["evidence"]:
        raise NotFinished(str(shown["status"]))
    pack = shown["evidence"][0]
    proof = Proof(kind="pack", sha256=pack["sha256"], trace_id=pack["traceId"])
    return Stored(shown=shown, gates=gates_of(shown["result"]), proof=proof)


async def pack_facts(desk: Desk, trace_id: str) -> PackFacts:
    """Return what is known about a pack of the caller's organisation. Raises EvidenceMissing."""
    desk.principal.require(Permission.EVIDENCE_READ)
    async with desk.application.database.transaction(desk.principal.scope) as session:
        return await desk.application.evidence.facts(session, trace_id)


async def pack_files(desk: Desk, facts: PackFacts, names: Sequence[str] | None = None) -> dict[str, bytes]:
    """Return files of a pack by name, all of them where none is named."""
    wanted = [file for file in facts.files if names is None or file.name in names]
    storage = desk.application.storage
    found = await asyncio.gather(*(storage.get(file.path) for file in wanted))
    return {file.name: data for file, data in zip(wanted, found, strict=True)}


async def stage_record(desk: Desk, trace_id: str, stage: str) -> dict[str, Any]:
    """Return the record of a stage from a pack."""
    name = f"pipeline/{stage}.json"
    files = await pack_files(desk, await pack_facts(desk, trace_id), [name])
    record: dict[str, Any] = orjson.loads(files[name])
    return record


def one_of(quote_id: UUID | None, request: dict[str, Any] | str | None) -> None:
    """Raise BadInput unless exactly one of the two is given."""
    if (quote_id is None) == (request is None):
        raise BadInput("arguments", [Problem("quote_id", Message("mcp.quote_or_request"))])
