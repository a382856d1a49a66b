"""A sheet as SVG 1.1: one file that prints at its scale, stands alone (no fonts, images or scripts) and is always the same bytes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.sheet import (
    Anchor,
    Arc,
    Circle,
    Dimension,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Sheet,
    Style,
    Text,
)

FONTS: Final = (
    "'Noto Sans KR','Noto Sans CJK KR','Malgun Gothic','Apple SD Gothic Neo',NanumGothic,sans-serif"
)
"""Korean fonts of the usual systems; the widths in text_fit hold for all of them."""

_ILLEGAL: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters XML 1.0 does not allow at all, not even escaped."""
_ANCHORS: Final = {Anchor.START: "start", Anchor.MIDDLE: "middle", Anchor.END: "end"}

_Drawn = Rectangle | Line | Polyline | Circle | Arc | Text


def svg(sheet: Sheet) -> str:
    """Return ``sheet`` as the text of an SVG file."""
    return "\n".join(_document(sheet)) + "\n"


def escaped(text: str) -> str:
    """Return ``text`` so that it can stand between tags and inside quotes, whatever a customer wrote."""
    legal = _ILLEGAL.sub("\ufffd", text)
    return legal.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _document(sheet: Sheet) -> Iterator[str]:
    width, height = _number(sheet.x1 - sheet.x0), _number(sheet.y1 - sheet.y0)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_number(sheet.print_width_mm)}mm" height="{_number(sheet.print_height_mm)}mm"'
        f' viewBox="0 0 {width} {height}" lang="{sheet.locale}" xml:lang="{sheet.locale}" role="img" aria-labelledby="title description"'
        f' font-family="{FONTS}">'
    )
    yield f'<title id="title">{escaped(sheet.title)}</title>'
    yield f'<desc id="description">{escaped(sheet.description)}</desc>'
    yield from _hatches(sheet)
    yield f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
    drawn = tuple(piece for shape in sheet.shapes for piece in _taken_apart(shape))
    for layer, of_layer in groupby(drawn, key=lambda shape: shape.layer):
        yield from _layer(sheet, layer, of_layer)
    yield "</svg>"


def _taken_apart(shape: Shape) -> Iterator[_Drawn]:
    if isinstance(shape, Dimension):
        yield from pieces(shape)
    else:
        yield shape


def _layer(sheet: Sheet, layer: Layer, shapes: Iterator[_Drawn]) -> Iterator[str]:
    """Yield the shapes of a layer that follow each other, those of one ink together."""
    yield f'<g class="{layer.value}">'
    for ink, of_ink in groupby(shapes, key=lambda shape: _ink(sheet, shape)):
        yield f"<g{ink}>"
        for shape in of_ink:
            yield _element(sheet, shape)
            if isinstance(shape, Rectangle) and shape.style.hatch is not None:
                yield _hatched(sheet, shape, shape.style.hatch)
        yield "</g>"
    yield "</g>"


def _ink(sheet: Sheet, shape: _Drawn) -> str:
    if isinstance(shape, Text):
        weight = ' font-weight="700"' if shape.bold else ""
        return f' fill="{shape.colour}" font-size="{_number(shape.size_mm)}" text-anchor="{_ANCHORS[shape.anchor]}"{weight} pointer-events="none"'
    return _style(shape.style, float(sheet.scale))


def _style(style: Style, scale: float) -> str:
    ink = f' fill="{style.fill or "none"}"'
    if style.stroke is not None:
        ink += f' stroke="{style.stroke}" stroke-width="{_number(style.weight_mm * scale)}"'
    if style.dash_mm:
        ink += f' stroke-dasharray="{" ".join(_number(dash * scale) for dash in style.dash_mm)}"'
    return ink


def _element(sheet: Sheet, shape: _Drawn) -> str:
    if isinstance(shape, Rectangle):
        return _rectangle(sheet, shape)
    if isinstance(shape, Line):
        return f'<line x1="{_x(sheet, shape.x0)}" y1="{_y(sheet, shape.y0)}" x2="{_x(sheet, shape.x1)}" y2="{_y(sheet, shape.y1)}"/>'
    if isinstance(shape, Polyline):
        points = " ".join(f"{_x(sheet, x)},{_y(sheet, y)}" for x, y in shape.points)
        return f'<{"polygon" if shape.closed else "polyline"} points="{points}"/>'
    if isinstance(shape, Circle):
        return f'<circle cx="{_x(sheet, shape.x)}" cy="{_y(sheet, shape.y)}" r="{_number(shape.radius)}"/>'
    if isinstance(shape, Arc):
        return _arc(sheet, shape)
    x, y = _x(sheet, shape.x), _y(sheet, shape.y)
    turned = f' transform="rotate(-90 {x} {y})"' if shape.rotated else ""
    return f'<text x="{x}" y="{y}"{turned}>{escaped(shape.content)}</text>'


def _rectangle(sheet: Sheet, shape: Rectangle) -> str:
    named = f' data-part="{escaped(shape.part)}"' if shape.part else ""
    size = f'width="{_number(shape.x1 - shape.x0)}" height="{_number(shape.y1 - shape.y0)}"'
    start = f'<rect x="{_x(sheet, shape.x0)}" y="{_y(sheet, shape.y1)}" {size}{named}'
    return f"{start}><title>{escaped(shape.hint)}</title></rect>" if shape.hint else f"{start}/>"


def _arc(sheet: Sheet, shape: Arc) -> str:
    """Return an arc as a path; counter-clockwise to the eye, in SVG sweep flag 0."""
    (x0, y0), (x1, y1) = shape.point(shape.start_deg), shape.point(shape.end_deg)
    radius, large = _number(shape.radius), int(shape.turn_deg > 180)
    start, end = f"{_x(sheet, x0)},{_y(sheet, y0)}", f"{_x(sheet, x1)},{_y(sheet, y1)}"
    return f'<path d="M{start} A{radius},{radius} 0 {large} 0 {end}"/>'


def _hatched(sheet: Sheet, shape: Rectangle, colour: str) -> str:
    size = f'width="{_number(shape.x1 - shape.x0)}" height="{_number(shape.y1 - shape.y0)}"'
    where = f'x="{_x(sheet, shape.x0)}" y="{_y(sheet, shape.y1)}"'
    return f'<rect {where} {size} fill="url(#{_hatch_id(colour)})" stroke="none" pointer-events="none"/>'


def _hatches(sheet: Sheet) -> Iterator[str]:
    """Yield one pattern of diagonal stripes, 2 mm apart on the print, for each colour that hatches something."""
    colours = {shape.style.hatch for shape in sheet.shapes if not isinstance(shape, Text | Dimension)} - {
        None
    }
    scale = float(sheet.scale)
    pitch, middle, weight = _number(2 * scale), _number(scale), _number(0.2 * scale)
    for colour in sorted(colour for colour in colours if colour is not None):
        yield (
            f'<defs><pattern id="{_hatch_id(colour)}" patternUnits="userSpaceOnUse" width="{pitch}" height="{pitch}"'
            f' patternTransform="rotate(45)"><line x1="{middle}" y1="0" x2="{middle}" y2="{pitch}" stroke="{colour}" stroke-width="{weight}"/>'
            "</pattern></defs>"
        )


def _hatch_id(colour: str) -> str:
    return f"hatch-{colour.removeprefix('#')}"


def _x(sheet: Sheet, x: float) -> str:
    return _number(x - sheet.x0)


def _y(sheet: Sheet, y: float) -> str:
    """Return a y as SVG counts it, from the top."""
    return _number(sheet.y1 - y)


@lru_cache(maxsize=65536)
def _number(value: float) -> str:
    """Return a number with at most two decimals and no useless zeros; minus zero is zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
