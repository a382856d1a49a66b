"""Chains of dimensions as DIMENSION entities, one for every gap, each with the picture the sheet shows of it.

The picture is made of the sheet's own lines and letters and not by ezdxf, so that it shows what the SVG shows, labels that make room for each other included.
"""

from dataclasses import replace
from itertools import pairwise
from typing import Final

from ezdxf.layouts.blocklayout import BlockLayout

from kis.estimator.documents.drawings.cad import look, words
from kis.estimator.documents.drawings.cad.codes import measured_text
from kis.estimator.documents.drawings.cad.pen import CAPITAL, TEXT_STYLE, Pen, millimetres, point
from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.sheet import Axis, Dimension, Line, Text

USER_PLACED: Final = 128


def add_dimensions(pen: Pen, chain: Dimension, layer: str) -> None:
    """Add a dimension for every gap of a chain."""
    labels = iter([piece for piece in pieces(chain) if isinstance(piece, Text)])
    for (start, end), label in zip(pairwise(chain.stops), chain.labels, strict=True):
        text = next(labels) if label else None
        if start != end:
            _add(pen, replace(chain, stops=(start, end), labels=("",)), text, layer)


def _add(pen: Pen, gap: Dimension, text: Text | None, layer: str) -> None:
    upright = gap.axis is Axis.Y
    first, second = (point(gap.origin, stop) if upright else point(stop, gap.origin) for stop in gap.stops)
    start, end = gap.stops
    on_line = point(gap.line, end) if upright else point(end, gap.line)
    dimension = pen.model.add_linear_dim(
        on_line,
        first,
        second,
        text=measured_text(text.content if text else "", end - start),
        angle=90 if upright else 0,
        dimstyle=_style(pen, gap.size_mm),
        dxfattribs={**pen.on(layer), **look.ink_colour(gap.style.stroke, layer)},
    ).dimension
    dimension.dxf.dimtype |= USER_PLACED
    dimension.dxf.geometry = _picture(pen, gap, text, layer).name
    dimension.dxf.text_midpoint = _middle(text) if text else on_line
    dimension.dxf.actual_measurement = millimetres(end - start)


def _picture(pen: Pen, gap: Dimension, text: Text | None, layer: str) -> BlockLayout:
    block = pen.document.blocks.new_anonymous_block("D")
    for piece in pieces(gap):
        if isinstance(piece, Line):
            ends = point(piece.x0, piece.y0), point(piece.x1, piece.y1)
            block.add_line(*ends, dxfattribs=pen.ink(piece, layer))
    if text:
        words.write_into(pen, text, layer, block)
    return block


def _middle(text: Text) -> tuple[float, float]:
    """Return the middle of a label's letters."""
    lift = CAPITAL * text.size_mm / 2
    return point(text.x - lift, text.y) if text.rotated else point(text.x, text.y + lift)


def _style(pen: Pen, size_mm: float) -> str:
    """Return the name of a style whose measures are print millimetres, in the proportions in which the sheet draws a chain, times its scale."""
    size = round(size_mm / pen.scale, 3)
    name = f"KIS_{size:g}MM"
    if name not in pen.document.dimstyles:
        measures = {
            "dimscale": pen.scale,
            "dimexo": 0.6 * size,  # extension lines begin so far from the thing measured
            "dimexe": 0.6 * size,  # and end so far beyond the dimension line
            "dimtxt": CAPITAL * size,
            "dimtsz": 0.35 * size,  # oblique ticks
            "dimgap": 0.32 * size,  # from the line to the letters
        }
        pen.document.dimstyles.add(
            name,
            dxfattribs={
                **{name: millimetres(measure) for name, measure in measures.items()},
                "dimtad": 1,  # the text above its line
                "dimdec": 1,
                "dimzin": 8,  # no zeros at the end
                "dimdsep": ord("."),
                "dimtxsty": TEXT_STYLE,
                "dimlwd": look.weight(0.13),
                "dimlwe": look.weight(0.13),
            },
        )
    return name
