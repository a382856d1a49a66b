"""Cross-bars: the flat bars from the vertical busbars to the poles of each lying device.

Poles of facing devices stand at the same levels, and a left device's bar ends where the right one's begins, so no two cross-bars overlap as long as
the left target lies not right of the right target (engine geometry 22, viii).
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from kis.estimator.layout.drawing import Column, Part, PartKind
from kis.estimator.layout.plans import ColumnPlan
from kis.estimator.rulebook import Rulebook

CROSS_BAR_THICKNESS_MM: Final = 3
"""Drawn thickness of a cross-bar; it lies in front of the vertical bars."""


def cross_bars(
    device: Part,
    level_pitch: Fraction,
    column: Column,
    plan: ColumnPlan,
    bars: tuple[str, ...],
    rules: Rulebook,
) -> Iterator[Part]:
    """Yield one bar per pole, from the device's edge to the centre of its busbar."""
    width = (
        rules.layout.cross_bar_width.value
        if level_pitch > rules.layout.small_row_pitch.value // 2
        else rules.layout.cross_bar_width_small.value
    )
    z0 = rules.layout.bar_front.value + plan.bar.thickness_mm + rules.layout.cross_bar_gap.value
    middle = Fraction(device.y0 + device.y1, 2)
    for number, name in enumerate(device.poles):
        level = middle + (Fraction(len(device.poles) - 1, 2) - number) * level_pitch
        y0 = _nearest(level - Fraction(width, 2))
        target = bar_centre(column, bars.index(name), len(bars), plan.bar_pitch)
        x0, x1 = (device.x1, target) if device.side == "L" else (target, device.x0)
        yield Part(
            id=f"{device.id}.{name}",
            kind=PartKind.CROSS_BAR,
            label="",
            x0=x0,
            x1=x1,
            y0=y0,
            y1=y0 + width,
            z0=z0,
            z1=z0 + CROSS_BAR_THICKNESS_MM,
            phase=name,
            device=device.device,
            group=device.group,
            column=device.column,
            row=device.row,
            side=device.side,
        )


def bar_centre(column: Column, number: int, bars: int, pitch: Fraction) -> int:
    """Return the x of a bar's centre: column centre + (j − (n − 1)/2)·q, to the nearest millimetre."""
    offset = (number - Fraction(bars - 1, 2)) * pitch
    return column.centre_x + _nearest(offset)


def _nearest(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
