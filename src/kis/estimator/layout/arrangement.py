"""Arrangements: every way a panel can be set up (columns, accessory bands) with the width, height and depth it needs.

An arrangement knows no box yet. W = max(step by main frame, width from geometry) rounded up, H = A + B + C + E + D, and the depth that holds what
stands deepest (rules ``enclosure.*``; engine geometry 3–17).
"""

from collections.abc import Iterator
from dataclasses import replace

from kis.estimator.layout.accessories import AccessoryPlan, plan_accessories
from kis.estimator.layout.groups import group_of, lane_of, plate_margin, rail_group_of
from kis.estimator.layout.plans import Arrangement, GroupPlan
from kis.estimator.layout.rails import least_rail_width_mm
from kis.estimator.layout.sizes import bay_width, depth_floor, depth_of, geometry_width, least_width
from kis.estimator.layout.ways import Row, cut_into_columns, rows_of
from kis.estimator.problem import PanelProblem
from kis.estimator.request import Style
from kis.estimator.rulebook import Rulebook


def arrangements(
    problem: PanelProblem, rules: Rulebook, width_limit_mm: int, height_limit_mm: int
) -> tuple[Arrangement, ...]:
    """Return the arrangements with the fewest columns that fit the limits, or the closest ones where none fits.

    Columns are added only when a lower number is too tall: the copper formula does not see the bars, so a free choice would sell two columns for
    28 circuits (rule ``enclosure.columns``).
    """
    if problem.request.style is Style.DIN_RAIL:
        return tuple(_on_rails(problem, rules, width_limit_mm))
    rows = tuple(_rows_of_main(problem, index, rules) for index in range(len(problem.mains)))
    counts = [1] * len(problem.mains)
    closest: tuple[Arrangement, ...] = ()
    while True:
        found = tuple(_widths(problem, rules, rows, counts, width_limit_mm))
        fitting = tuple(
            item for item in found if item.height_mm <= height_limit_mm and item.width_mm <= width_limit_mm
        )
        if fitting:
            return fitting
        if found and (not closest or min(item.width_mm for item in found) <= width_limit_mm):
            closest = found
        tallest = max(range(len(counts)), key=lambda index: (_tallest(rows[index], counts[index]), -index))
        if (
            counts[tallest] >= len(rows[tallest])
            or not found
            or min(item.width_geometry_mm for item in found) > width_limit_mm
        ):
            return closest
        counts[tallest] += 1


def _rows_of_main(problem: PanelProblem, main: int, rules: Rulebook) -> tuple[Row, ...]:
    spares = tuple(way for way in problem.spare_ways if way.main == main)
    return rows_of(problem.devices_of(main), spares, problem.network, rules)


def _tallest(rows: tuple[Row, ...], count: int) -> int:
    return max(sum(row.pitch_mm for row in column) for column in cut_into_columns(rows, count)) if rows else 0


def _widths(
    problem: PanelProblem,
    rules: Rulebook,
    rows: tuple[tuple[Row, ...], ...],
    counts: list[int],
    width_limit_mm: int,
) -> Iterator[Arrangement]:
    """Yield one arrangement for each height that a wider box can reach (accessories need fewer bands in a wider one), narrowest first."""
    groups = tuple(
        group_of(problem, index, rows[index], counts[index], rules) for index in range(len(counts))
    )
    geometry = geometry_width(problem, groups, rules)
    step, start = rules.enclosure.width_rounding.value, least_width(problem, groups, geometry, rules)
    lowest: int | None = None
    for width in range(start, max(start, width_limit_mm) + 1, step):
        plan = plan_accessories(problem.accessories, width, bay_width(width, groups, rules), rules)
        if plan is None or (lowest is not None and plan.height_mm >= lowest):
            continue
        lowest = plan.height_mm
        yield _arranged(problem, rules, groups, plan, geometry, width)
        if plan.height_mm == 0:
            return


def _on_rails(problem: PanelProblem, rules: Rulebook, width_limit_mm: int) -> Iterator[Arrangement]:
    """Yield one arrangement for each height a wider box can reach, narrowest first: wider rails mean fewer of them.

    All mains stand side by side at the top and the rails of the second begin below those of the first.
    """
    margin, step = plate_margin(problem, rules), rules.enclosure.width_rounding.value
    mains = 2 * margin + sum(
        main.breaker.width_mm + 2 * lane_of(main.breaker, rules) for main in problem.mains
    )
    geometry = max(mains, least_rail_width_mm(problem, margin, rules))
    start = -(-geometry // step) * step
    lowest: int | None = None
    for width in range(start, max(start, width_limit_mm) + 1, step):
        groups = tuple(
            rail_group_of(problem, index, width, margin, rules) for index in range(len(problem.mains))
        )
        plan = plan_accessories(problem.accessories, width, bay_width(width, groups, rules), rules)
        if plan is None:
            continue
        found = _arranged(problem, rules, groups, plan, geometry, width)
        if lowest is None or found.height_mm < lowest:
            lowest = found.height_mm
            yield found


def _arranged(
    problem: PanelProblem,
    rules: Rulebook,
    groups: tuple[GroupPlan, ...],
    plan: AccessoryPlan,
    geometry_mm: int,
    width_mm: int,
) -> Arrangement:
    bodies = max(group.zones.a_mm + group.zones.b_mm + group.zones.c_mm for group in groups)
    bottom = max(group.zones.d_mm for group in groups)
    with_accessories = tuple(_with_accessories(group, plan.height_mm) for group in groups)
    depth_geometry, verified = depth_of(problem, plan, rules)
    return Arrangement(
        groups=with_accessories,
        accessories=plan,
        width_geometry_mm=geometry_mm,
        width_mm=width_mm,
        height_mm=bodies + plan.height_mm + bottom,
        depth_geometry_mm=depth_geometry,
        depth_mm=max(depth_geometry, depth_floor(problem, rules)),
        depth_verified=verified,
    )


def _with_accessories(group: GroupPlan, height_mm: int) -> GroupPlan:
    return replace(group, zones=replace(group.zones, e_mm=height_mm))
