"""Bodies in space: nothing overlaps, everything has its catalogue outline and keeps its distance (checks i and body gap)."""

from collections.abc import Iterator

from kis.estimator.checks.check import found
from kis.estimator.checks.context import BODIES, CheckContext
from kis.estimator.checks.figures import root_mm
from kis.estimator.checks.rectangles import apart_x, apart_y, close_pairs, covers, gap_squared
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import LIVE_BARS, Part, PartKind

_ZONES = frozenset(
    {PartKind.DUCT, PartKind.BUSBAR, PartKind.HEADER_BAR, PartKind.EARTH_BAR, PartKind.NEUTRAL_BAR}
)
"""What devices keep the body gap to, besides each other."""


def overlap(context: CheckContext) -> Iterator[Finding]:
    """No two parts take the same space; an empty rectangle would hide from this and is refused."""
    for part in context.drawing.parts:
        if part.width_mm <= 0 or part.height_mm <= 0 or context.front_mm(part) < part.z0:
            yield found("overlap.empty", Severity.VIOLATION, "layout.body_gap", subjects=(part.id,))
    for one, other in close_pairs(context.drawing.parts, 0):
        if _share_depth(context, one, other) and not _clipped(one, other):
            reach = min(-apart_x(one, other), -apart_y(one, other))
            yield found(
                "overlap",
                Severity.VIOLATION,
                "layout.body_gap",
                figure=reach,
                limit=0,
                unit="mm",
                subjects=(one.id, other.id),
            )


def outline(context: CheckContext) -> Iterator[Finding]:
    """Breakers and empty ways are drawn at their catalogue size: lying beside bars, upright as a main or on a rail."""
    for part in context.drawing.of(PartKind.MAIN, PartKind.BREAKER, PartKind.SPARE_WAY):
        breaker = context.breakers.get(part.device)
        if breaker is None:
            continue
        lying = part.kind is not PartKind.MAIN and not context.on_rails
        extents = (breaker.height_mm, breaker.width_mm) if lying else (breaker.width_mm, breaker.height_mm)
        wanted = (*extents, breaker.front_mm)
        drawn = (part.width_mm, part.height_mm, context.front_mm(part) - part.z0)
        if drawn != wanted:
            yield found(
                "outline",
                Severity.VIOLATION,
                "layout.pairing",
                figure="×".join(map(str, drawn)),
                limit="×".join(map(str, wanted)),
                unit="mm",
                where=part.place,
                subjects=(part.id,),
                model=breaker.model,
            )


def body_gap(context: CheckContext) -> Iterator[Finding]:
    """Devices keep 5 mm to ducts, bars and other columns; bodies of one column, or on one rail, may touch."""
    limit = context.rules.layout.body_gap.value
    rails = context.drawing.of(PartKind.RAIL)
    solid = [part for part in context.drawing.parts if part.kind in BODIES or part.kind in _ZONES]
    for one, other in close_pairs(solid, limit):
        if covers(one, other) or not _keep_apart(one, other, rails):
            continue
        squared = gap_squared(one, other)
        if squared < limit**2:
            yield found(
                "body_gap",
                Severity.VIOLATION,
                "layout.body_gap",
                figure=root_mm(squared),
                limit=limit,
                unit="mm",
                subjects=(one.id, other.id),
            )


def _share_depth(context: CheckContext, one: Part, other: Part) -> bool:
    return one.z0 < context.front_mm(other) and other.z0 < context.front_mm(one)


def _clipped(one: Part, other: Part) -> bool:
    """Tell whether one of two parts is a rail and the other what it carries."""
    kinds = {one.kind, other.kind}
    return PartKind.RAIL in kinds and not kinds.isdisjoint(BODIES)


def _keep_apart(one: Part, other: Part, rails: tuple[Part, ...]) -> bool:
    """Tell whether two parts owe each other the gap: a device to any part, but for its neighbours and a main's own bars."""
    bodies = [part for part in (one, other) if part.kind in BODIES]
    if len(bodies) == 2:
        return not (_on_one_rail(one, other, rails) if rails else one.column == other.column != -1)
    kinds = {one.kind, other.kind}
    connected = one.group == other.group and PartKind.MAIN in kinds and not kinds.isdisjoint(LIVE_BARS)
    return bool(bodies) and not connected


def _on_one_rail(one: Part, other: Part, rails: tuple[Part, ...]) -> bool:
    return any(covers(rail, one) and covers(rail, other) for rail in rails)
