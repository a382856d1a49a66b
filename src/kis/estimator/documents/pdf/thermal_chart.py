"""The air temperature over the height of a box as a small chart: height upwards as in the box, temperature to the right."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

from kis.estimator.documents.brand.schema import Colours
from kis.estimator.documents.content import ThermalContent
from kis.estimator.documents.drawings.svg import escaped
from kis.estimator.documents.pdf.figures import tenths
from kis.platform.messages import Locale, Message

WIDTH_MM: Final = 96.0
HEIGHT_MM: Final = 52.0
LETTER_MM: Final = 2.5
"""7 points."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 12.0, 94.0, 11.0, 42.0
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
_LABEL_MM: Final = 11.0
"""Room for "100.0 °C"."""
_BESIDE: Final = 0.25
"""What the axis goes on beyond the highest temperature, so that there is room for the figure of the hottest point."""
_LIMIT_INK: Final = "#b3261e"


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis: values from ``low`` to ``high`` on the way from ``start`` to ``end``, marked every ``step``."""

    low: float
    high: float
    step: float
    start: float
    end: float

    def place(self, value: float) -> float:
        """Return where ``value`` stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def marks(self) -> Iterator[float]:
        """Yield the values that are written at the axis."""
        for number in range(round((self.high - self.low) / self.step) + 1):
            yield self.low + number * self.step


def thermal_chart(thermal: ThermalContent, colours: Colours, locale: Locale) -> str:
    """Return the chart as SVG, ``WIDTH_MM`` × ``HEIGHT_MM``."""
    shown = [temperature for _, temperature in thermal.points] + [thermal.ambient_c]
    if thermal.limit_c is not None:
        shown.append(thermal.limit_c)
    low, high = min(shown) - 2, max(shown)
    across = _scale(low, high + _BESIDE * (high - low), 6, (_LEFT, _RIGHT))
    upwards = _scale(0.0, max(height for height, _ in thermal.points), 5, (_BOTTOM, _TOP))
    pieces = (
        *_axes(across, upwards, colours, locale),
        *_level(across, thermal.ambient_c, "ambient", colours.muted, locale),
        *(() if thermal.limit_c is None else _level(across, thermal.limit_c, "limit", _LIMIT_INK, locale)),
        *_curve(thermal, across, upwards, colours, locale),
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm" viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}"'
        f' font-size="{LETTER_MM}">{"".join(pieces)}</svg>'
    )


def chart_description(panel: str, thermal: ThermalContent, locale: Locale) -> str:
    """Return in words what the chart shows, for those who cannot see it."""
    limit = (
        Message("pdf.thermal.no_limit")
        if thermal.limit_c is None
        else Message("pdf.thermal.degrees", {"value": f"{thermal.limit_c:.0f}"})
    )
    values = {
        "panel": panel,
        "bottom": tenths(thermal.points[0][1]),
        "top": tenths(max(temperature for _, temperature in thermal.points)),
        "ambient": f"{thermal.ambient_c:.0f}",
        "limit": limit,
    }
    return Message("pdf.thermal.description", values).text(locale)


def _scale(low: float, high: float, most_steps: int, ends: tuple[float, float]) -> Scale:
    """Return the axis with the finest usual step that marks it at most ``most_steps`` times."""
    step = next(
        (step for step in _STEPS if ceil(high / step) - floor(low / step) <= most_steps), float(_STEPS[-1])
    )
    first, last = floor(low / step) * step, ceil(high / step) * step
    return Scale(first, last if last > first else first + step, step, *ends)


def _axes(across: Scale, upwards: Scale, colours: Colours, locale: Locale) -> Iterator[str]:
    for mark in across.marks:
        x = across.place(mark)
        yield _line((x, _TOP), (x, _BOTTOM), colours.rule, 0.12)
        yield _text((x, _BOTTOM + 3.6), f"{mark:.0f}", colours.muted, "middle")
    for mark in upwards.marks:
        y = upwards.place(mark)
        yield _line((_LEFT, y), (_RIGHT, y), colours.rule, 0.12)
        yield _text((_LEFT - 1.5, y + 0.9), f"{mark:.0f}", colours.muted, "end")
    yield _line((_LEFT, _BOTTOM), (_RIGHT, _BOTTOM), colours.ink, 0.25)
    yield _line((_LEFT, _TOP), (_LEFT, _BOTTOM), colours.ink, 0.25)
    air, height = (Message(f"pdf.thermal.{axis}").text(locale) for axis in ("air", "height"))
    yield _text(((_LEFT + _RIGHT) / 2, _BOTTOM + 8.4), air, colours.ink, "middle")
    yield _text((0.0, 3.2), height, colours.ink, "start")


def _level(across: Scale, value: float, name: str, ink: str, locale: Locale) -> Iterator[str]:
    """Yield an upright line with its name above the chart, pushed in where it would leave the picture."""
    x = across.place(value)
    label = Message(f"pdf.thermal.{name}", {"value": f"{value:.0f}"}).text(locale)
    yield _line((x, _TOP - 1.5), (x, _BOTTOM), ink, 0.4, ' stroke-dasharray="1.6 1"')
    near_end = x > (_LEFT + _RIGHT) / 2
    yield _text((x + (1.0 if near_end else -1.0), _TOP - 2.6), label, ink, "end" if near_end else "start")


def _curve(
    thermal: ThermalContent, across: Scale, upwards: Scale, colours: Colours, locale: Locale
) -> Iterator[str]:
    places = [(across.place(temperature), upwards.place(height)) for height, temperature in thermal.points]
    path = " ".join(f"{_number(x)},{_number(y)}" for x, y in places)
    yield f'<polyline points="{path}" fill="none" stroke="{colours.primary}" stroke-width="0.7" stroke-linejoin="round"/>'
    for x, y in (places[0], places[-1]):
        yield f'<circle cx="{_number(x)}" cy="{_number(y)}" r="0.8" fill="{colours.primary}"/>'
    hottest = max(temperature for _, temperature in thermal.points)
    x, y = next(
        place
        for place, (_, temperature) in zip(places, thermal.points, strict=True)
        if temperature == hottest
    )
    label = Message("pdf.thermal.top", {"value": tenths(hottest)}).text(locale)
    limit = x if thermal.limit_c is None else across.place(thermal.limit_c)
    left = (
        limit if x <= limit < x + _LABEL_MM else x
    ) + 1.6  # the curve comes from the left: its right is free
    yield f'<rect x="{_number(left)}" y="{_number(y + 0.6)}" width="{_LABEL_MM}" height="3.6" fill="#ffffff"/>'
    yield _text((left + 0.6, y + 3.3), label, colours.primary, "start", ' font-weight="700"')


def _line(
    start: tuple[float, float], end: tuple[float, float], ink: str, weight: float, more: str = ""
) -> str:
    ends = f'x1="{_number(start[0])}" y1="{_number(start[1])}" x2="{_number(end[0])}" y2="{_number(end[1])}"'
    return f'<line {ends} stroke="{ink}" stroke-width="{_number(weight)}"{more}/>'


def _text(place: tuple[float, float], content: str, ink: str, anchor: str, more: str = "") -> str:
    start = (
        f'<text x="{_number(place[0])}" y="{_number(place[1])}" fill="{ink}" text-anchor="{anchor}"{more}>'
    )
    return f"{start}{escaped(content)}</text>"


def _number(value: float) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
