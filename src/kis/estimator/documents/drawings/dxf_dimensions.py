"""Chains of dimensions as DIMENSION entities, one for every gap, each with the picture the sheet shows of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.dxf_model import CAPITAL, Block, Model, ink
from kis.estimator.documents.drawings.dxf_tags import dimension_text, position, record
from kis.estimator.documents.drawings.dxf_words import words
from kis.estimator.documents.drawings.sheet import Axis, Dimension, Line, Text


def dimensions(model: Model, chain: Dimension, layer: str) -> Iterator[str]:
    """Yield a dimension for every gap of a chain."""
    labels = iter([piece for piece in pieces(chain) if isinstance(piece, Text)])
    for (start, end), label in zip(pairwise(chain.stops), chain.labels, strict=True):
        text = next(labels) if label else None
        if start != end:
            yield _dimension(model, replace(chain, stops=(start, end), labels=("",)), text, layer)


def _dimension(model: Model, gap: Dimension, text: Text | None, layer: str) -> str:
    """Return the dimension of one gap. Its picture is what the sheet shows; a CAD program that measures again finds the same."""
    block = _picture(model, gap, text, layer)
    start, end = gap.stops
    upright = gap.axis is Axis.Y
    ends = [(gap.origin, stop) if upright else (stop, gap.origin) for stop in gap.stops]
    on_line = (gap.line, end) if upright else (end, gap.line)
    middle = _middle(text) if text else on_line
    return record(
        "DIMENSION",
        *model.head(layer),
        *look.colour_tags(gap.style.stroke, layer),
        (100, "AcDbDimension"),
        (280, 0),
        (2, block.name),
        *position(*on_line),
        *position(*middle, 11),
        (70, 32 + 128),  # rotated, its block its own; the text where it was put
        (71, 5),
        (42, float(end - start)),
        (1, measured_text(text.content if text else "", end - start)),
        (3, model.dimension_style(gap.size_mm)),
        (100, "AcDbAlignedDimension"),
        *position(*ends[0], 13),
        *position(*ends[1], 14),
        (50, 90.0 if upright else 0.0),
        (100, "AcDbRotatedDimension"),
    )


def measured_text(label: str, measure_mm: float) -> str:
    """Return what a dimension says: ``<>`` stands for what it measures, a label with another figure as it is, none hides the figure."""
    figure = f"{measure_mm:.1f}".removesuffix(".0")
    found = list(re.finditer(rf"(?<![\d.,]){re.escape(figure)}(?![\d.,])", label))
    if not found:
        return dimension_text(label) or " "
    start, end = found[-1].span()
    return f"{dimension_text(label[:start])}<>{dimension_text(label[end:])}"


def _picture(model: Model, gap: Dimension, text: Text | None, layer: str) -> Block:
    handle = model.handle()
    lines = "".join(
        record(
            "LINE",
            *model.head(layer, handle),
            *ink(model, piece, layer),
            (100, "AcDbLine"),
            *position(piece.x0, piece.y0),
            *position(piece.x1, piece.y1, 11),
        )
        for piece in pieces(gap)
        if isinstance(piece, Line)
    )
    label = "".join(words(model, text, layer, handle)) if text else ""
    model.pictures += 1
    block = Block(f"*D{model.pictures}", handle, lines + label, anonymous=True)
    model.blocks[block.name] = block
    return block


def _middle(text: Text) -> tuple[float, float]:
    """Return the middle of a label's letters."""
    lift = CAPITAL * text.size_mm / 2
    return (text.x - lift, text.y) if text.rotated else (text.x, text.y + lift)
