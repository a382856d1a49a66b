"""The pipeline of one panel: selection → enclosure → breaker → critic → pricing. Each stage takes the state and returns the next.

A stage that cannot do its work leaves its part of the state empty and says why in its gates; the stages after it then have nothing to do.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from kis.catalog import Catalog
from kis.estimator.design import GroupPhases, PanelDesign
from kis.estimator.findings import Gate
from kis.estimator.layout.arrangement import arrangements
from kis.estimator.layout.placement import Box, draw
from kis.estimator.pricing.bill import bill
from kis.estimator.pricing.line import Line, LineMaker
from kis.estimator.request import PanelRequest
from kis.estimator.rulebook import Rulebook
from kis.estimator.solver import SOLVER_GUARD_SECONDS
from kis.estimator.stages.breaker import balance_panel, phase_gates, position_gates
from kis.estimator.stages.critic import Criticism, criticise
from kis.estimator.stages.enclosure import EnclosureOutcome, choose_enclosure, limits_of
from kis.estimator.stages.gates import selection_gates
from kis.estimator.stages.selection import Selection, select

Timer = Callable[[], float]
"""Seconds from any start; the only clock the engine ever sees, and only to report durations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a panel is designed from."""

    panel: PanelRequest
    index: int
    catalog: Catalog
    make: LineMaker
    rules: Rulebook
    guard_seconds: float = SOLVER_GUARD_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelState:
    """How far a panel has come."""

    job: Job
    selection: Selection | None = None
    outcome: EnclosureOutcome | None = None
    phases: tuple[GroupPhases, ...] = ()
    design: PanelDesign | None = None
    criticism: Criticism | None = None
    lines: tuple[Line, ...] = ()
    gates: tuple[Gate, ...] = ()
    durations_ms: dict[str, float] = field(default_factory=dict)


def selection_stage(state: PanelState) -> PanelState:
    """Choose every part."""
    job = state.job
    selection = select(job.panel, job.index, job.catalog, job.rules)
    return replace(state, selection=selection, gates=(*state.gates, *selection_gates(selection, job.rules)))


def enclosure_stage(state: PanelState) -> PanelState:
    """Enumerate arrangements and boxes and choose the cheapest that passes."""
    job = state.job
    if state.selection is None or state.selection.problem is None:
        return state
    problem = state.selection.problem
    width_limit, height_limit, _ = limits_of(problem, job.rules)
    found = arrangements(problem, job.rules, width_limit, height_limit)
    outcome = choose_enclosure(problem, found, job.catalog, job.make, job.rules)
    return replace(state, outcome=outcome, gates=(*state.gates, *outcome.gates))


def breaker_stage(state: PanelState) -> PanelState:
    """Put every circuit on its phase and seat, and draw the panel."""
    job, outcome = state.job, state.outcome
    if (
        state.selection is None
        or state.selection.problem is None
        or outcome is None
        or outcome.enclosure is None
        or outcome.arrangement is None
    ):
        return state
    problem = state.selection.problem
    phases, arrangement = balance_panel(problem, outcome.arrangement, job.rules, job.guard_seconds)
    lines = {device: names for group in phases for device, names in group.lines.items()}
    enclosure = outcome.enclosure
    box = Box(width_mm=enclosure.width_mm, height_mm=enclosure.height_mm, depth_mm=enclosure.depth_mm)
    drawing = draw(problem, arrangement, box, lines, job.rules)
    design = PanelDesign(
        problem=problem, enclosure=enclosure, arrangement=arrangement, phases=phases, drawing=drawing
    )
    return replace(
        state,
        phases=phases,
        design=design,
        gates=(
            *state.gates,
            *phase_gates(problem, phases, job.rules),
            *position_gates(problem, arrangement),
        ),
    )


def critic_stage(state: PanelState) -> PanelState:
    """Check the drawing independently of everything that made it."""
    if state.design is None:
        return state
    criticism = criticise(state.design, state.job.rules, state.job.catalog)
    return replace(state, criticism=criticism, gates=(*state.gates, *criticism.gates))


def pricing_stage(state: PanelState) -> PanelState:
    """Make the priced lines."""
    if state.design is None:
        return state
    return replace(state, lines=bill(state.design, state.job.make, state.job.rules))


STAGES: tuple[tuple[str, Callable[[PanelState], PanelState]], ...] = (
    ("selection", selection_stage),
    ("enclosure", enclosure_stage),
    ("breaker", breaker_stage),
    ("critic", critic_stage),
    ("pricing", pricing_stage),
)


def run(job: Job, timer: Timer | None = None) -> PanelState:
    """Take a panel through all stages; with a ``timer`` the state also tells how long each took."""
    state = PanelState(job=job)
    durations: dict[str, float] = {}
    for name, stage in STAGES:
        started = timer() if timer is not None else 0.0
        state = stage(state)
        if timer is not None:
            durations[name] = round((timer() - started) * 1000, 3)
    return replace(state, durations_ms=durations)
