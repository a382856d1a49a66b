"""The inside of a panel: where breakers sit, whether everything keeps its distance, how the phases share the load."""

from collections.abc import Iterable
from typing import Any

from kis.mcp.answers import Answer, answer
from kis.mcp.desk import Desk
from kis.mcp.engine import Designed, PanelName, Request, designed, one_panel

PHASE_GATES = frozenset({"breaker.imbalance", "breaker.korean_unbalance"})


async def place_breakers(desk: Desk, request: Request, panel: PanelName = None) -> Answer:
    """Seat every breaker of one panel and draw it: each part with its place in millimetres, its phase, and the objectives the seating was decided by."""
    made = await _designed(desk, request, panel)
    shown = made.records["pipeline/breaker.json"]["panels"][0]
    result = {name: shown[name] for name in ("phases", "objectives", "drawing")}
    return _answered(desk, made, result, ("selection", "enclosure", "breaker"))


async def check_clearance(desk: Desk, request: Request, panel: PanelName = None) -> Answer:
    """Check the drawing of one panel independently of what made it: distances, insulation, busbars, heat, loads. Every violation is a finding with its figures."""
    made = await _designed(desk, request, panel)
    shown = made.records["pipeline/critic.json"]["panels"][0]
    result = {name: shown[name] for name in ("findings", "busbars", "heat")}
    return _answered(desk, made, result, ("breaker", "critic"))


async def balance_phases(desk: Desk, request: Request, panel: PanelName = None) -> Answer:
    """Put every circuit of one panel on its phase: the current of each phase and the unbalance, proven least where it is not within the limit."""
    made = await _designed(desk, request, panel)
    shown = made.records["pipeline/breaker.json"]["panels"][0]
    result = {"phases": shown["phases"], "objectives": shown["objectives"]}
    gates = [gate for gate in made.gates if gate.stage == "selection" or gate.id in PHASE_GATES]
    return answer(desk.tool, {"panel": shown["name"], **result}, gates, desk.locale)


async def _designed(desk: Desk, request: dict[str, Any] | str, panel: str | None) -> Designed:
    made = await designed(desk, await one_panel(request, panel))
    desk.admit(made.gates)
    return made


def _answered(desk: Desk, made: Designed, result: dict[str, Any], stages: Iterable[str]) -> Answer:
    wanted = frozenset(stages)
    gates = [gate for gate in made.gates if gate.stage in wanted]
    return answer(desk.tool, {"panel": made.output["panels"][0]["name"], **result}, gates, desk.locale)
