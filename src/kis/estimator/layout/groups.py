"""A main with its columns or rails: rows cut, positions kept, bars and lanes chosen, heights A to D (engine geometry 3–13)."""

from fractions import Fraction

from kis.catalog import Breaker, Grade
from kis.estimator.layout.drawing import Zones
from kis.estimator.layout.plans import ColumnPlan, GroupPlan
from kis.estimator.layout.positions import keep_positions
from kis.estimator.layout.rails import rails_of
from kis.estimator.layout.ways import Row, cut_into_columns
from kis.estimator.problem import PanelProblem
from kis.estimator.request_forms import BUSBAR
from kis.estimator.rulebook import Rulebook
from kis.estimator.rulebook.schema import BarStep


def lane_of(breaker: Breaker, rules: Rulebook) -> int:
    """Return the wiring lane a breaker needs at its end (rules enclosure.lanes, enclosure.small_lane)."""
    return (
        rules.enclosure.small_lane.value
        if breaker.grade is Grade.SMALL
        else rules.enclosure.lanes.value.at(breaker.frame_af)
    )


def bar_step(current_a: Fraction | int, rules: Rulebook) -> BarStep:
    """Return the step of the bar ladder for a current; the last step also stands for more (the critic then refuses it)."""
    ladder = rules.layout.bar_ladder.value
    return next((step for step in ladder if current_a <= step.up_to), ladder[-1])


def plate_margin(problem: PanelProblem, rules: Rulebook) -> int:
    """Return the margin between box and plate; ready-made boxes have a smaller one."""
    ready_made = problem.request.enclosure_series in rules.enclosure.ready_made_series.value
    return (rules.enclosure.plate_margin_ready_made if ready_made else rules.enclosure.plate_margin).value


def group_of(
    problem: PanelProblem, index: int, rows: tuple[Row, ...], count: int, rules: Rulebook
) -> GroupPlan:
    """Return the main ``index`` with its ``rows`` cut into ``count`` columns; without rows it stands alone between its lanes."""
    main, bars = problem.mains[index], len(problem.network.bars)
    height_a = rules.enclosure.wiring_above_main.value.at(main.breaker.frame_af) + main.breaker.height_mm
    bottom = rules.enclosure.bottom_space.value.at(main.rating_a)
    whole = _bar_override(problem, bar_step(main.rating_a, rules))
    if not rows:
        lane = lane_of(main.breaker, rules)
        zones = Zones(a_mm=height_a, b_mm=0, c_mm=0, e_mm=0, d_mm=bottom)
        return GroupPlan(
            main=main, columns=(), bar=whole, zones=zones, width_mm=main.breaker.width_mm + 2 * lane
        )
    per_column = (
        whole if count == 1 else _bar_override(problem, bar_step(Fraction(main.rating_a, count), rules))
    )
    pitch = (
        Fraction(main.breaker.width_mm, main.breaker.poles) if count == 1 else Fraction(per_column.pitch_mm)
    )
    seating = keep_positions(cut_into_columns(rows, count))
    columns = tuple(_column(cut, per_column, pitch, bars, rules) for cut in seating.columns)
    header = bars * (whole.width_mm + rules.enclosure.header_bar_gap.value) if count > 1 else 0
    zones = Zones(
        a_mm=height_a,
        b_mm=rules.enclosure.bar_space.value + header,
        c_mm=max(column.height_mm for column in columns),
        e_mm=0,
        d_mm=bottom,
    )
    return GroupPlan(
        main=main,
        columns=columns,
        bar=whole,
        zones=zones,
        width_mm=sum(column.width_mm for column in columns),
        relaxations=seating.relaxations,
        unmet_positions=seating.unmet,
    )


def rail_group_of(
    problem: PanelProblem, index: int, width_mm: int, margin_mm: int, rules: Rulebook
) -> GroupPlan:
    """Return the main ``index`` with its rails in a box ``width_mm`` wide; they begin below those of the mains before it."""
    main = problem.mains[index]
    before = [rails_of(problem, earlier, width_mm, margin_mm, rules) or () for earlier in range(index + 1)]
    strips = sum(len(rails) for rails in before)
    zones = Zones(
        a_mm=rules.enclosure.wiring_above_main.value.at(main.breaker.frame_af) + main.breaker.height_mm,
        b_mm=rules.enclosure.bar_space.value if strips else 0,
        c_mm=strips * rules.layout.rail_pitch.value,
        e_mm=0,
        d_mm=rules.enclosure.bottom_space.value.at(main.rating_a),
    )
    return GroupPlan(
        main=main,
        columns=(),
        bar=_bar_override(problem, bar_step(main.rating_a, rules)),
        zones=zones,
        width_mm=main.breaker.width_mm + 2 * lane_of(main.breaker, rules),
        rails=before[-1],
    )


def _column(rows: tuple[Row, ...], bar: BarStep, pitch: Fraction, bars: int, rules: Rulebook) -> ColumnPlan:
    left = [row.left.breaker for row in rows if row.left is not None]
    right = [row.right.breaker for row in rows if row.right is not None]
    empty_lane = rules.enclosure.small_lane.value
    corridor = pitch * bars
    return ColumnPlan(
        rows=rows,
        left_reach_mm=max((breaker.height_mm for breaker in left), default=0),
        right_reach_mm=max((breaker.height_mm for breaker in right), default=0),
        left_lane_mm=max((lane_of(breaker, rules) for breaker in left), default=empty_lane),
        right_lane_mm=max((lane_of(breaker, rules) for breaker in right), default=empty_lane),
        corridor_mm=-(-corridor.numerator // corridor.denominator),
        bar_pitch=pitch,
        bar=bar,
        device_gap_mm=rules.layout.device_to_corridor.value,
    )


def _bar_override(problem: PanelProblem, step: BarStep) -> BarStep:
    """Return the bar the request insists on in place of the ladder's, at the ladder's pitch."""
    section = BUSBAR.fullmatch(problem.request.busbar or "")
    if section is None:
        return step
    return step.model_copy(
        update={"width_mm": int(section["width_mm"]), "thickness_mm": int(section["thickness_mm"])}
    )
