"""Running the engine for an agent: the request alone decides, nothing is stored.

The library is the one a quotation of the caller's organisation would be made from. The engine works in a few threads of its own; a call that ran out
of time leaves its thread to end by the solver's guard, and keeps its place until then.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from fastmcp.utilities.json_schema import dereference_refs
from pydantic import Field, WithJsonSchema

from kis.catalog import Enclosure
from kis.estimator import (
    Estimate,
    EstimateRequest,
    Issue,
    Library,
    ParsedRequest,
    Product,
    estimate,
    output_of,
    parse_request,
    produce,
    stage_records,
)
from kis.identity import Permission
from kis.mcp.answers import GateFacts, gate_facts
from kis.mcp.desk import Desk
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id
from kis.quotations import library_for, read_body

SEOUL: Final = ZoneInfo("Asia/Seoul")

Request = Annotated[
    dict[str, Any] | Annotated[str, Field(max_length=1_000_000)],
    Field(
        description="The request: an object as in the resource kis://request-schema, or the text of a request file in YAML or JSON."
    ),
]
PanelName = Annotated[
    str | None, Field(max_length=60, description="Which panel of the request; without it the first.")
]
FullRequest = Annotated[
    dict[str, Any] | str,
    WithJsonSchema(
        {
            "anyOf": [
                dereference_refs(EstimateRequest.model_json_schema()),
                {
                    "type": "string",
                    "maxLength": 1_000_000,
                    "description": "The text of a request file, YAML or JSON.",
                },
            ]
        }
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Designed:
    """What the engine made of a request: its estimate, the result as data, and the record of each stage."""

    estimate: Estimate
    output: dict[str, Any]
    records: Mapping[str, dict[str, Any]]
    gates: list[GateFacts]


async def understood(given: dict[str, Any] | str) -> ParsedRequest:
    """Return a request as the engine reads it. Raises BadInput with every problem."""
    if isinstance(given, str):
        form = "json" if given.lstrip().startswith("{") else "yaml"
        return await read_body(given.encode(errors="replace"), "json" if form == "json" else "yaml")
    return await asyncio.to_thread(parse_request, given)


async def one_panel(given: dict[str, Any] | str, name: str | None) -> ParsedRequest:
    """Return the request for one of its panels alone. Raises BadInput, also where there is no panel of that name."""
    parsed = await understood(given)
    panels = parsed.request.panels
    chosen = panels[0] if name is None else next((one for one in panels if one.name == name), None)
    if chosen is None:
        names = ", ".join(one.name for one in panels)
        raise BadInput("panel", [Problem("panel", Message("mcp.no_panel", {"name": name, "names": names}))])
    return replace(parsed, request=parsed.request.model_copy(update={"panels": (chosen,)}))


async def library_of(desk: Desk, parsed: ParsedRequest) -> Library:
    """Return what a quotation of the caller's organisation would be made from today."""
    desk.principal.require(Permission.QUOTATION_CREATE)
    day = parsed.request.quotation_date or datetime.now(SEOUL).date()
    async with desk.application.database.transaction(desk.principal.scope) as session:
        return await library_for(session, desk.principal.organization_id, parsed.request, day)


async def designed(desk: Desk, parsed: ParsedRequest, library: Library | None = None) -> Designed:
    """Run the engine for a request, telling which panel it is at."""
    held = library or await library_of(desk, parsed)
    loop, count = asyncio.get_running_loop(), len(parsed.request.panels)

    def telling(done: int, panels: int, name: str) -> None:
        asyncio.run_coroutine_threadsafe(desk.report(done, panels, name or None), loop)

    def run() -> Designed:
        day = parsed.request.quotation_date or datetime.now(SEOUL).date()
        made = estimate(
            parsed,
            library=held,
            on=day,
            progress=telling if count > 1 else None,
            guard_seconds=desk.application.settings.engine.timeout_seconds,
        )
        output = output_of(made, trace_id=current_trace_id(), created_at="", reader=desk.locale)
        return Designed(
            estimate=made, output=output, records=stage_records(made, output), gates=gates_of(output)
        )

    return await desk.work(run)


async def produced(desk: Desk, parsed: ParsedRequest, issue: Issue) -> Product:
    """Run the engine and write the documents, as a quotation would; nothing is kept."""
    made = await designed(desk, parsed)
    desk.admit(made.gates)
    loop = asyncio.get_running_loop()

    def telling(path: str) -> None:
        asyncio.run_coroutine_threadsafe(desk.report(0, None, path), loop)

    created_at = f"{made.estimate.quotation_date.isoformat()}T00:00:00Z"
    return await desk.work(
        partial(
            produce,
            made.estimate,
            trace_id=current_trace_id(),
            created_at=created_at,
            issue=issue,
            tell=telling,
        )
    )


def gates_of(output: Mapping[str, Any]) -> list[GateFacts]:
    """Return the gates of a result: those of each panel, then those of the whole."""
    found = [gate_facts(gate, panel["name"]) for panel in output["panels"] for gate in panel["gates"]]
    return found + [gate_facts(gate) for gate in output["gates"]]


def only_box(library: Library, box: Enclosure) -> Library:
    """Return the library with ``box`` as the only enclosure there is."""
    return replace(library, catalog=replace(library.catalog, enclosures=(box,)))
