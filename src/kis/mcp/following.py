"""Waiting for a quotation, and telling how far it is."""

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final
from uuid import UUID

import orjson

from kis.mcp.desk import Desk
from kis.platform.errors import KisError
from kis.platform.messages import Message

_DATA: Final = b"data: "
_LAST: Final = frozenset({"DONE", "ERROR"})


class QuotationFailed(KisError):
    """The quotation could not be made; its own code and words say why."""

    status_code = 422

    def __init__(self, failure: Mapping[str, Any], quote_id: str) -> None:
        super().__init__(
            Message("mcp.quotation_failed", {"why": failure["message"]}),
            quoteId=quote_id,
            failure=dict(failure),
        )

    code = "quotation_failed"


async def until_finished(desk: Desk, quote_id: UUID) -> None:
    """Return when the quotation is finished, whatever came of it; each event meanwhile is told as progress.

    The stream ends by itself after a while, or when this process stops; it is then taken up after the last event seen.
    """
    last_event_id: int | None = None
    told = 0
    while True:
        frames = await desk.application.quotations.stream(
            desk.principal, quote_id, last_event_id=last_event_id
        )
        if frames is None:
            return
        async for kind, data in _events(frames):
            if kind == "HEARTBEAT":
                continue
            told += 1
            last_event_id = data["meta"]["seq"]
            await desk.report(told, None, _words(kind, data).text(desk.locale))
            if kind in _LAST and data.get("status") not in ("queued", "processing"):
                return


async def _events(frames: AsyncIterator[bytes]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    async for frame in frames:
        kind = ""
        for line in frame.splitlines():
            if line.startswith(b"event: "):
                kind = line.removeprefix(b"event: ").decode()
            elif line.startswith(_DATA) and kind:
                yield kind, orjson.loads(line.removeprefix(_DATA))


def _words(kind: str, data: Mapping[str, Any]) -> Message:
    if kind == "GATE_RESULT":
        return Message(
            "mcp.progress.gate", {"gate": data.get("gate", ""), "verdict": data.get("verdict", "")}
        )
    if kind == "PROGRESS":
        phase = str(data.get("phase", ""))
        if phase == "designing":
            values = {
                "done": data.get("done", 0),
                "total": data.get("total", 0),
                "panel": data.get("panel", ""),
            }
            return Message("mcp.progress.designing", values)
        if phase == "documents":
            return Message("mcp.progress.documents", {"document": data.get("document", "")})
        return Message(f"mcp.progress.{phase}" if phase in _PHASES else "mcp.progress.working")
    return Message("mcp.progress.done" if kind == "DONE" else "mcp.progress.failed")


_PHASES: Final = frozenset({"queued", "started", "storing"})
