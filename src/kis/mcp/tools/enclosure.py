"""The box of a panel: choose the cheapest that passes, or hold one against the panel."""

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from kis.catalog import Enclosure
from kis.estimator import Library, ParsedRequest
from kis.mcp.answers import Answer, answer
from kis.mcp.desk import Desk
from kis.mcp.engine import Designed, PanelName, Request, designed, library_of, one_panel, only_box
from kis.platform.errors import BadInput, NotFound, Problem
from kis.platform.messages import Message

STAGES = ("selection", "enclosure")
LongestMm = Annotated[int | None, Field(ge=1, le=10_000)]


async def solve(desk: Desk, request: Request, panel: PanelName = None) -> Answer:
    """Choose the enclosure of one panel: the cheapest arrangement and box that passes, with the figures that decided it and the size the panel needs."""
    made = await designed(desk, await one_panel(request, panel))
    desk.admit(made.gates)
    return _answered(desk, made, {})


async def validate(
    desk: Desk,
    request: Request,
    panel: PanelName = None,
    model: Annotated[
        str | None, Field(max_length=120, description="An enclosure of the catalogue, by its model.")
    ] = None,
    width_mm: LongestMm = None,
    height_mm: LongestMm = None,
    depth_mm: LongestMm = None,
) -> Answer:
    """Tell whether one panel fits a given enclosure: a model of the catalogue, or the largest width, height and depth. Where it does not, the gates say by how much."""
    parsed = await one_panel(request, panel)
    library = await library_of(desk, parsed)
    sizes = (width_mm, height_mm, depth_mm)
    if (model is None) == (sizes == (None, None, None)):
        raise BadInput("enclosure", [Problem("model", Message("mcp.model_or_size"))])
    if model is not None:
        box = _box(library, model)
        library, sizes = only_box(library, box), (box.width_mm, box.height_mm, box.depth_mm)
        parsed = _with(parsed, {"enclosure_series": box.series})
    made = await designed(desk, _within(parsed, sizes), library)
    desk.admit(made.gates)
    chosen = made.records["pipeline/enclosure.json"]["panels"][0]["enclosure"]
    fits = chosen is not None and (model is None or chosen["model"] == model)
    given = {"model": model, "width_mm": sizes[0], "height_mm": sizes[1], "depth_mm": sizes[2]}
    return _answered(desk, made, {"given": given, "fits": fits})


def _answered(desk: Desk, made: Designed, more: dict[str, Any]) -> Answer:
    shown = made.records["pipeline/enclosure.json"]["panels"][0]
    result = {
        **more,
        "panel": shown["name"],
        "enclosure": shown["enclosure"],
        "zones": shown["zones"],
        "findings": made.output["panels"][0]["findings"],
    }
    gates = [gate for gate in made.gates if gate.stage in STAGES]
    return answer(desk.tool, result, gates, desk.locale)


def _box(library: Library, model: str) -> Enclosure:
    plain = _plain(model)
    for box in library.catalog.enclosures:
        if _plain(box.model) == plain:
            return box
    raise NotFound(Message("mcp.no_enclosure", {"model": model}))


def _plain(model: str) -> str:
    return "".join(model.upper().split())


def _within(parsed: ParsedRequest, sizes: tuple[int | None, int | None, int | None]) -> ParsedRequest:
    limits = parsed.request.panels[0].limits
    names = ("width_mm", "height_mm", "depth_mm")
    given = {name: size for name, size in zip(names, sizes, strict=True) if size is not None}
    return _with(parsed, {"limits": limits.model_copy(update=given)})


def _with(parsed: ParsedRequest, update: dict[str, Any]) -> ParsedRequest:
    changed = parsed.request.panels[0].model_copy(update=update)
    return replace(parsed, request=parsed.request.model_copy(update={"panels": (changed,)}))
