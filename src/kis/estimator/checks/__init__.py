"""The independent checks of a drawn panel.

They see the request's circuits, the drawing's rectangles and labels, the rulebook and the catalogue, and work everything out
again from these; what the solver or the arrangement thought is unknown to them. ``CHECKS`` lists them in the order of
their findings.
"""

from typing import Final

from kis.estimator.checks import (
    bars,
    bodies,
    breaking_capacity,
    busbar,
    circuits,
    corridors,
    diversity,
    heat,
    insulation,
    plate,
    protective_conductor,
    rows,
    surroundings,
    unbalance,
)
from kis.estimator.checks.check import Check, Topic, found
from kis.estimator.checks.conductors import BarVerdict, BusbarReport
from kis.estimator.checks.context import CheckContext, examine
from kis.estimator.checks.imbalance import MainUnbalance
from kis.estimator.checks.thermal import DeviceHeat, HeatReport, MainHeat, RowHeat

CHECKS: Final = (
    Check(id="overlap", topic=Topic.CLEARANCE, evaluate=bodies.overlap),
    Check(id="outline", topic=Topic.CLEARANCE, evaluate=bodies.outline),
    Check(id="body_gap", topic=Topic.CLEARANCE, evaluate=bodies.body_gap),
    Check(id="box", topic=Topic.CLEARANCE, evaluate=plate.box),
    Check(id="inside_plate", topic=Topic.CLEARANCE, evaluate=plate.inside_plate),
    Check(id="door_clearance", topic=Topic.CLEARANCE, evaluate=plate.door_clearance),
    Check(id="door_part_gap", topic=Topic.CLEARANCE, evaluate=plate.door_part_gap),
    Check(id="corridors", topic=Topic.CLEARANCE, evaluate=corridors.corridors, on_rails=False),
    Check(id="corridor_gap", topic=Topic.CLEARANCE, evaluate=corridors.corridor_gap, on_rails=False),
    Check(id="lanes", topic=Topic.CLEARANCE, evaluate=corridors.lanes, on_rails=False),
    Check(id="bars", topic=Topic.CLEARANCE, evaluate=bars.bars, on_rails=False),
    Check(id="bar_gap", topic=Topic.CLEARANCE, evaluate=bars.bar_gap),
    Check(id="cross_bars", topic=Topic.CLEARANCE, evaluate=bars.cross_bars, on_rails=False),
    Check(id="clearance", topic=Topic.CLEARANCE, evaluate=insulation.clearance),
    Check(id="creepage", topic=Topic.CLEARANCE, evaluate=insulation.creepage),
    Check(id="crossings", topic=Topic.CLEARANCE, evaluate=insulation.crossings),
    Check(id="order", topic=Topic.ORDER, evaluate=rows.order),
    Check(id="same_outline", topic=Topic.ORDER, evaluate=rows.same_outline, on_rails=False),
    Check(id="row_sums", topic=Topic.ORDER, evaluate=rows.row_sums, on_rails=False),
    Check(id="free_spaces", topic=Topic.CLEARANCE, evaluate=rows.free_spaces, on_rails=False),
    Check(id="circuits", topic=Topic.CIRCUITS, evaluate=circuits.circuits),
    Check(id="phase_sums", topic=Topic.CIRCUITS, evaluate=circuits.phase_sums),
    Check(id="fixed", topic=Topic.CIRCUITS, evaluate=circuits.fixed),
    Check(id="unbalance", topic=Topic.CIRCUITS, evaluate=unbalance.unbalance),
    Check(id="korean_limit", topic=Topic.CIRCUITS, evaluate=unbalance.korean_limit),
    Check(id="load_factor", topic=Topic.THERMAL, evaluate=heat.load_factor),
    Check(id="air_temperature", topic=Topic.THERMAL, evaluate=heat.air_temperature),
    Check(id="busbar", topic=Topic.THERMAL, evaluate=busbar.busbar),
    Check(id="losses", topic=Topic.THERMAL, evaluate=heat.losses),
    Check(id="heat_scope", topic=Topic.THERMAL, evaluate=heat.heat_scope),
    Check(id="panel_heat", topic=Topic.THERMAL, evaluate=heat.panel_heat),
    Check(id="row_heat", topic=Topic.THERMAL, evaluate=heat.row_heat),
    Check(id="breaking_capacity", topic=Topic.SAFETY, evaluate=breaking_capacity.breaking_capacity),
    Check(id="diversity", topic=Topic.SAFETY, evaluate=diversity.diversity),
    Check(id="branch_load", topic=Topic.SAFETY, evaluate=diversity.branch_load),
    Check(id="protective_conductor", topic=Topic.SAFETY, evaluate=protective_conductor.protective_conductor),
    Check(id="solar", topic=Topic.SURROUNDINGS, evaluate=surroundings.solar),
    Check(id="mounting", topic=Topic.SURROUNDINGS, evaluate=surroundings.mounting),
    Check(id="ingress_protection", topic=Topic.SURROUNDINGS, evaluate=surroundings.ingress_protection),
    Check(id="unpublished_depths", topic=Topic.SURROUNDINGS, evaluate=surroundings.unpublished_depths),
    Check(id="unverified_outlines", topic=Topic.SURROUNDINGS, evaluate=surroundings.unverified_outlines),
    Check(id="main_only", topic=Topic.SURROUNDINGS, evaluate=surroundings.main_only),
    Check(id="maintenance_space", topic=Topic.SURROUNDINGS, evaluate=surroundings.maintenance_space),
)

__all__ = [
    "CHECKS",
    "BarVerdict",
    "BusbarReport",
    "Check",
    "CheckContext",
    "DeviceHeat",
    "HeatReport",
    "MainHeat",
    "MainUnbalance",
    "RowHeat",
    "Topic",
    "examine",
    "found",
]
