"""Designs whose layout sheets are looked at, and what can be read off a sheet."""

from collections.abc import Iterator

import pytest

from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.sheet import (
    Axis,
    Box,
    Dimension,
    Layer,
    Rectangle,
    Sheet,
    Text,
)
from kis.platform.messages import Locale
from tests.factories import designs

LONG = "아주 긴 부하 이름이라서 어떤 칸에도 다 들어가지 않는 전등 WWWWWWWWWW"
DESIGNS = {
    "hand-drawn": designs.design(),
    "every kind": designs.every_kind(),
    "1 circuit": designs.board(1),
    "12 circuits": designs.board(12),
    "30 circuits": designs.board(30),
    "120 circuits in 3 columns": designs.board(120, columns=3),
    "200 circuits in 4 columns": designs.board(200, columns=4),
    "12 circuits at 1 to 20": designs.board(12, surplus_mm=3500),
    "120 circuits at 1 to 15": designs.board(120, columns=2, surplus_mm=1500),
    "long names": designs.board(24, load=LONG),
    "no names": designs.board(24, load=""),
}
LOCALES: tuple[Locale, ...] = ("ko", "en")
CASES = [pytest.param(name, locale, id=f"{name}-{locale}") for name in DESIGNS for locale in LOCALES]


def sheet_of(name: str, locale: Locale = "ko") -> Sheet:
    return layout_sheet(DESIGNS[name], designs.heading(locale))


def texts(sheet: Sheet) -> list[Text]:
    """Return every text of a sheet, those of its dimensions included."""
    found: list[Text] = []
    for shape in sheet.shapes:
        if isinstance(shape, Text):
            found.append(shape)
        elif isinstance(shape, Dimension):
            found += [piece for piece in pieces(shape) if isinstance(piece, Text)]
    return found


def words(sheet: Sheet) -> set[str]:
    return {text.content for text in texts(sheet)}


def rectangles(sheet: Sheet, layer: Layer) -> list[Rectangle]:
    return [shape for shape in sheet.shapes if isinstance(shape, Rectangle) and shape.layer is layer]


def chains(sheet: Sheet, axis: Axis) -> list[Dimension]:
    return [shape for shape in sheet.shapes if isinstance(shape, Dimension) and shape.axis is axis]


def overlapping(boxes: list[tuple[str, Box]], slack: float) -> Iterator[tuple[str, str]]:
    """Yield pairs that overlap by more than ``slack``; sorted by x so that only near ones are compared."""
    ordered = sorted(boxes, key=lambda item: item[1][0])
    for number, (name, box) in enumerate(ordered):
        for other_name, other in ordered[number + 1 :]:
            if other[0] >= box[2] - slack:
                break
            if box[1] < other[3] - slack and other[1] < box[3] - slack:
                yield name, other_name


def inside(inner: Box, outer: Box, slack: float = 1e-6) -> bool:
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def overlaps(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
