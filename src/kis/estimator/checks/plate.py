"""The box and its plate: the drawn box is the quoted one, parts lie on the plate and clear of the door (checks ii and vi)."""

from collections.abc import Iterator

from kis.estimator.checks.check import found
from kis.estimator.checks.context import Area, CheckContext
from kis.estimator.checks.rectangles import covers
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import DOOR_PARTS, Part, PartKind


def box(context: CheckContext) -> Iterator[Finding]:
    """The drawing has the size of the chosen box, within what the customer and the shop allow."""
    drawing, enclosure, asked = context.drawing, context.enclosure, context.problem.request.limits
    rules = context.rules.enclosure
    drawn = (drawing.width_mm, drawing.height_mm, drawing.depth_mm)
    quoted = (enclosure.width_mm, enclosure.height_mm, enclosure.depth_mm)
    if drawn != quoted:
        yield found(
            "box.differs",
            Severity.VIOLATION,
            "enclosure.custom_step",
            figure="×".join(map(str, drawn)),
            limit="×".join(map(str, quoted)),
            unit="mm",
        )
    limits = (
        ("W", drawing.width_mm, asked.width_mm, rules.width_limit.value, "enclosure.width_limit"),
        ("H", drawing.height_mm, asked.height_mm, rules.height_limit.value, "enclosure.height_limit"),
        ("D", drawing.depth_mm, asked.depth_mm, drawing.depth_mm, "enclosure.custom_depth_limit"),
    )
    for name, size, wish, greatest, rule in limits:
        limit = min(wish or greatest, greatest)
        if size > limit:
            yield found(
                "box.too_large", Severity.VIOLATION, rule, figure=size, limit=limit, unit="mm", where=name
            )


def inside_plate(context: CheckContext) -> Iterator[Finding]:
    """Everything but door parts lies on the plate, and but for rails in front of it; door parts lie within the door."""
    door = Area(0, 0, context.drawing.width_mm, context.drawing.height_mm)
    for part in context.drawing.parts:
        on_door = part.kind in DOOR_PARTS
        beyond = _beyond(part, door if on_door else context.plate)
        if beyond > 0:
            yield found(
                "inside_plate.door" if on_door else "inside_plate",
                Severity.VIOLATION,
                "enclosure.plate_margin",
                figure=beyond,
                limit=0,
                unit="mm",
                subjects=(part.id,),
            )
        face = context.rules.enclosure.plate_face.value
        if part.z0 < face and part.kind is not PartKind.RAIL:
            yield found(
                "inside_plate.behind",
                Severity.VIOLATION,
                "enclosure.plate_face",
                figure=part.z0,
                limit=face,
                unit="mm",
                subjects=(part.id,),
            )


def door_clearance(context: CheckContext) -> Iterator[Finding]:
    """What stands on the plate keeps its clearance to the inside of the door; unpublished depths are named elsewhere."""
    limit = context.rules.enclosure.door_clearance.value
    for part in context.inner_parts:
        if part.z1 is not None and context.door_inside_mm - part.z1 < limit:
            yield found(
                "door_clearance",
                Severity.VIOLATION,
                "enclosure.door_clearance",
                figure=context.door_inside_mm - part.z1,
                limit=limit,
                unit="mm",
                subjects=(part.id,),
            )


def door_part_gap(context: CheckContext) -> Iterator[Finding]:
    """A door part keeps its gap to what stands behind it; one that reaches into it is an overlap."""
    limit = context.rules.enclosure.door_part_gap.value
    for part in context.door_parts:
        for behind in context.inner_parts:
            if behind.z1 is not None and covers(part, behind) and 0 <= part.z0 - behind.z1 < limit:
                yield found(
                    "door_part_gap",
                    Severity.VIOLATION,
                    "enclosure.door_part_gap",
                    figure=part.z0 - behind.z1,
                    limit=limit,
                    unit="mm",
                    subjects=(part.id, behind.id),
                )


def least_door_clearance(context: CheckContext) -> tuple[int, str] | None:
    """Return the least clearance to the door and the part that has it; None where no depth is known."""
    known = [
        (context.door_inside_mm - part.z1, part.id) for part in context.inner_parts if part.z1 is not None
    ]
    return min(known, default=None)


def _beyond(part: Part, area: Area) -> int:
    """Return how far a part reaches beyond an area."""
    return max(area.x0 - part.x0, part.x1 - area.x1, area.y0 - part.y0, part.y1 - area.y1)
