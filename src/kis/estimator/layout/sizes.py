"""Width and depth that a set-up needs (rules ``enclosure.width_step`` … ``enclosure.depth_floor_400af``)."""

from kis.catalog import Grade
from kis.estimator.layout.accessories import AccessoryPlan
from kis.estimator.layout.groups import lane_of, plate_margin
from kis.estimator.layout.plans import GroupPlan
from kis.estimator.layout.rails import RAIL_DEPTH_MM
from kis.estimator.problem import MainDevice, PanelProblem
from kis.estimator.request import Style
from kis.estimator.rulebook import Rulebook


def geometry_width(problem: PanelProblem, groups: tuple[GroupPlan, ...], rules: Rulebook) -> int:
    """Return the width from geometry: both plate margins, every group, and a lane more where the cables of the main come from below."""
    width = 2 * plate_margin(problem, rules) + sum(group.width_mm for group in groups)
    if problem.request.feed == "bottom":
        width += rules.enclosure.feed_from_below.value * max(
            lane_of(main.breaker, rules) for main in problem.mains
        )
    return width


def least_width(
    problem: PanelProblem, groups: tuple[GroupPlan, ...], geometry_mm: int, rules: Rulebook
) -> int:
    """Return max(step by main frame, geometry) rounded up; a main-only box follows geometry alone (rule enclosure.width_step)."""
    step = 0 if problem.is_main_only else max(_width_step(problem, group.main, rules) for group in groups)
    rounding = rules.enclosure.width_rounding.value
    return -(-max(step, geometry_mm) // rounding) * rounding


def _width_step(problem: PanelProblem, main: MainDevice, rules: Rulebook) -> int:
    enclosure, frame = rules.enclosure, main.breaker.frame_af
    step = enclosure.width_step.value.at(frame)
    breakers = [device.breaker for device in problem.devices]
    if frame <= enclosure.width_step.value.steps[0].up_to:
        if problem.ways >= enclosure.many_ways.value:
            return enclosure.many_ways_width.value
        if all(
            breaker.grade is Grade.SMALL
            for breaker in [*breakers, *(way.breaker for way in problem.spare_ways)]
        ):
            return enclosure.small_only_width.value
        return step
    large = sum(breaker.frame_af >= enclosure.large_branch_frame.value for breaker in breakers)
    above = frame > enclosure.large_branch_frame.value and large >= enclosure.large_branch_count.value
    return step + (enclosure.large_branches_extra.value if above else 0)


def bay_width(width_mm: int, groups: tuple[GroupPlan, ...], rules: Rulebook) -> int:
    """Return the room beside a single main, from the plate's edge to the main (rules layout.bay_inset, layout.bay_to_main); 0 with several mains."""
    if len(groups) > 1:
        return 0
    half = (width_mm - groups[0].main.breaker.width_mm) // 2
    return (
        half
        - rules.enclosure.plate_margin.value
        - rules.layout.bay_inset.value
        - rules.layout.bay_to_main.value
    )


def depth_of(problem: PanelProblem, plan: AccessoryPlan, rules: Rulebook) -> tuple[int, bool]:
    """Return the depth needed and whether every depth it rests on is known (rules enclosure.door_clearance, enclosure.push_button_depth).

    Without push buttons: plate face + deepest front + door clearance + door sheet. With them: plate face + front behind + button + gap + clearance of
    the standing part of the door: 30 + 87 + 71 + 10 + 2 over an MC-22.
    """
    enclosure = rules.enclosure
    fronts = [main.breaker.front_mm for main in problem.mains]
    behind_device = RAIL_DEPTH_MM if problem.request.style is Style.DIN_RAIL else 0
    branches = [device.breaker for device in problem.devices] + [way.breaker for way in problem.spare_ways]
    fronts += [breaker.front_mm + behind_device for breaker in branches]
    inside = [item for item in problem.accessories if item not in plan.door]
    known = [item.part.depth_mm for item in inside if item.part.depth_mm is not None]
    depth = (
        enclosure.plate_face.value
        + max(fronts + known)
        + enclosure.door_clearance.value
        + enclosure.door_sheet.value
    )
    if any(item.kind == "push_button" for item in plan.door):
        behind = max(known) if known else max(fronts)
        depth = max(
            depth,
            enclosure.plate_face.value
            + behind
            + enclosure.push_button_depth.value
            + enclosure.door_part_gap.value
            + enclosure.door_sheet.value,
        )
    return depth, len(known) == len(inside) and all(item.part.depth_mm is not None for item in plan.door)


def depth_floor(problem: PanelProblem, rules: Rulebook) -> int:
    """Return the shop's least depth: 200 from a 225 A main, 250 from 400AF."""
    floor = 0
    for main in problem.mains:
        if main.rating_a >= 225:
            floor = max(floor, rules.enclosure.depth_floor_225a.value)
        if main.breaker.frame_af >= 400:
            floor = max(floor, rules.enclosure.depth_floor_400af.value)
    return floor
