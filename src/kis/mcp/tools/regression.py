"""Regression: does this version of the program still make the quotations that were made before?"""

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from kis import estimator  # whole: the function replay has the name of its module
from kis.identity import Permission
from kis.mcp import stored
from kis.mcp.answers import Answer, GateFacts, answer
from kis.mcp.desk import Desk
from kis.platform.messages import Message

STATUSES = "completed|review|sent|won|lost|expired"
MOST_SHOWN = 20
"""Differences told of one quotation."""


async def run(
    desk: Desk,
    quote_ids: Annotated[
        list[UUID] | None,
        Field(max_length=20, description="Quotations to make again; without it the newest."),
    ] = None,
    newest: Annotated[int, Field(ge=1, le=20, description="How many, where none is named.")] = 5,
) -> Answer:
    """Make finished quotations again from what their packs recorded (request, catalogue, prices, rules) and compare every byte. Nothing is stored."""
    desk.principal.require(Permission.EVIDENCE_READ)
    wanted = quote_ids or await _newest(desk, newest)
    cases, gates = [], []
    for done, quote_id in enumerate(wanted):
        await desk.report(done, len(wanted), Message("mcp.progress.replay").text(desk.locale))
        case, gate = await _case(desk, quote_id)
        cases.append(case)
        gates.append(gate)
    await desk.report(len(wanted), len(wanted), Message("mcp.progress.done").text(desk.locale))
    return answer(desk.tool, {"cases": cases}, gates, desk.locale)


async def _newest(desk: Desk, count: int) -> list[UUID]:
    found = await desk.application.quotations.list(
        desk.principal, size=count, conditions=[("status", STATUSES)]
    )
    return [one.quote_id for one in found.items]


async def _case(desk: Desk, quote_id: UUID) -> tuple[dict[str, Any], GateFacts]:
    quotation = await stored.finished(desk, quote_id)
    facts = await stored.pack_facts(desk, quotation.trace_id)
    files = await stored.pack_files(desk, facts)
    made = await desk.work(lambda: _replayed(files))
    number = f"{quotation.shown['number']}-R{quotation.shown['revision']}"
    case = {
        "quote_id": str(quote_id),
        "number": number,
        "trace_id": quotation.trace_id,
        "pack_sha256": facts.sha256,
        "agrees": made.agrees,
        "files": made.files,
        "recorded_engine": made.recorded_engine,
        "same_engine": made.same_engine,
        "differences": [
            {"file": one.path, "message": one.message.text(desk.locale)}
            for one in made.differences[:MOST_SHOWN]
        ],
    }
    # What another version of the program makes otherwise is worth a look; what the same one does is a fault.
    verdict = "pass" if made.agrees else "fail" if made.same_engine else "remark"
    gate = GateFacts(
        id="regression.replay",
        stage="regression",
        panel=number,
        verdict=verdict,
        measured=len(made.differences),
        operator="=",
        limit=0,
    )
    return case, gate


def _replayed(files: dict[str, bytes]) -> estimator.Replay:
    with TemporaryDirectory(prefix="kis-replay-") as folder:
        pack = Path(folder)
        for name, data in files.items():
            path = pack / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return estimator.replay(pack)
