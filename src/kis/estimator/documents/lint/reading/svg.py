"""A finished drawing as its reader sees it: texts and shapes with their boxes on the sheet, and what it says to those who cannot see it.

Boxes are in user units from the upper left corner of the sheet, y downwards, as SVG counts.
"""

import re
from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Final, NamedTuple

from kis.estimator.documents.drawings.text_fit import ASCENT, DESCENT, text_width
from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.texts import Texts, texts_of
from kis.estimator.documents.lint.reading.xml import read_xml
from kis.platform.messages import Message

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST_FILE_BYTES: Final = 32 * 2**20
DEEPEST: Final = 64
"""Groups inside groups; a drawing of KIS has three."""

_LEAST_SIDE, _MOST_SIDE = 0.1, 1e6
"""Bounds for the sides of a sheet, in millimetres and in units."""

_SVG: Final = "{http://www.w3.org/2000/svg}"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_RUNNING: Final = (b"<script", b"<foreignobject", b"<iframe", b"@import", b"<!entity")
_REACHING: Final = {
    b"on": re.compile(rb"on[a-z]{3,20}\s*=\s*[\"']"),
    b"href": re.compile(rb"href\s*=\s*[\"'](?!#|data:image/)[^\"']{0,60}"),
    b"url(": re.compile(rb"url\(\s*[\"']?(?!#)[\w.:/]{1,60}"),
}
"""What runs something, and references to anything but parts of the drawing and pictures inside it; under the letters each begins with, to be found fast."""
_MM: Final = {"mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72, "px": 25.4 / 96, "": 25.4 / 96}
_LENGTH: Final = re.compile(r"^\s*(\d+(?:\.\d+)?)(mm|cm|in|pt|px|)\s*$")
_TURN: Final = re.compile(r"(matrix|translate|scale|rotate)\s*\(([^)]*)\)")
_NUMBER: Final = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

_TEXT: Final = f"{_SVG}text"
_GROUPS: Final = frozenset({f"{_SVG}g", f"{_SVG}a", f"{_SVG}svg"})
_BOLD_WEIGHTS: Final = frozenset({"bold", "600", "700", "800", "900"})

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
_UNTURNED: Final[Matrix] = (1, 0, 0, 1, 0, 0)


class DrawnText(NamedTuple):
    """A text and the most room it takes. ``number`` counts the texts of the file from 1; ``size`` are user units."""

    number: int
    content: str
    box: Box
    size: float

    @property
    def place(self) -> str:
        """Return how a finding names the text."""
        return f"text {self.number}"


class DrawnShape(NamedTuple):
    """A rectangle, line, circle or polygon; ``number`` counts the shapes of the file from 1."""

    kind: str
    number: int
    box: Box

    @property
    def place(self) -> str:
        """Return how a finding names the shape."""
        return f"{self.kind} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SvgView:
    """A whole drawing. ``reaching_out`` are elements that run or fetch something."""

    title: str
    description: str
    language: str
    width_mm: float
    height_mm: float
    sheet: Box
    drawn: tuple[DrawnText, ...]
    shapes: tuple[DrawnShape, ...]
    reaching_out: tuple[str, ...]

    @property
    def mm_per_unit(self) -> float:
        """Return how large a user unit is on the print."""
        return self.width_mm / (self.sheet[2] - self.sheet[0])

    def texts(self) -> Texts:
        """Return title, description and every text."""
        named = (("title", self.title), ("desc", self.description))
        return texts_of([*named, *((f"text {number}", content) for number, content, _, _ in self.drawn)])


class _Inherited(NamedTuple):
    """What an element takes from the groups around it."""

    matrix: Matrix = _UNTURNED
    size: float = 16.0
    anchor: str = "start"
    bold: bool = False


def read_svg(data: bytes) -> SvgView:
    """Return the view of a drawing. Raises Unreadable."""
    if len(data) > LARGEST_FILE_BYTES:
        raise Unreadable(Message("lint.reading.large"))
    root = read_xml(data)
    if root.tag != f"{_SVG}svg":
        raise Unreadable(Message("lint.reading.no_svg"))
    try:
        return _view(root, data)
    except (ValueError, OverflowError) as error:
        raise Unreadable(Message("lint.reading.no_svg")) from error


def _view(root: "_Element", data: bytes) -> SvgView:
    corner = [float(number) for number in _NUMBER.findall(root.get("viewBox", ""))]
    width, height = _millimetres(root.get("width", "")), _millimetres(root.get("height", ""))
    if len(corner) != 4 or not all(_LEAST_SIDE < side < _MOST_SIDE for side in (width, height, *corner[2:])):
        raise ValueError("no sheet")
    walk = _Walk()
    walk.into(root, _Inherited(), 0)
    return SvgView(
        title=root.findtext(f"{_SVG}title") or "",
        description=root.findtext(f"{_SVG}desc") or "",
        language=root.get("lang") or root.get(_XML_LANG) or "",
        width_mm=width,
        height_mm=height,
        sheet=(corner[0], corner[1], corner[0] + corner[2], corner[1] + corner[3]),
        drawn=tuple(walk.texts),
        shapes=tuple(walk.shapes),
        reaching_out=_reaching_out(data),
    )


def _reaching_out(data: bytes) -> tuple[str, ...]:
    lowered = data.lower()
    running = [mark for mark in _RUNNING if mark in lowered]
    reaching = [
        found[0]
        for start, pattern in _REACHING.items()
        if start in lowered
        for found in pattern.finditer(lowered)
    ]
    return tuple(found.decode("ascii", "replace") for found in (*running, *reaching))


class _Walk:
    """Goes through the elements of a drawing in their order and keeps what is painted."""

    def __init__(self) -> None:
        self.texts: list[DrawnText] = []
        self.shapes: list[DrawnShape] = []

    def into(self, group: "_Element", around: _Inherited, depth: int) -> None:
        if depth > DEEPEST:
            raise ValueError("endless groups")
        for element in group:
            tag = element.tag  # that of a comment is a function
            if tag == _TEXT:
                self._text(element, _inherited(element, around))
            elif tag in _GROUPS:
                self.into(element, _inherited(element, around), depth + 1)
            elif tag in _SHAPES:
                box = _SHAPES[tag](element)
                if box is not None:
                    box = _moved(box, _turned(element, around.matrix))
                    self.shapes.append(DrawnShape(tag.removeprefix(_SVG), len(self.shapes) + 1, box))

    def _text(self, element: "_Element", look: _Inherited) -> None:
        content = (
            element.text or "" if not len(element) else "".join(str(part) for part in element.itertext())
        )
        if not content.strip():
            return
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        matrix, size, anchor, bold = look
        width = text_width(content, size, bold=bold)
        if anchor != "start":
            x -= {"middle": width / 2, "end": width}.get(anchor, 0.0)
        box = (x, y - ASCENT * size, x + width, y + DESCENT * size)
        if matrix is not _UNTURNED:
            box, size = _moved(box, matrix), size * hypot(matrix[0], matrix[1])
        self.texts.append(DrawnText(len(self.texts) + 1, content, box, size))


def _inherited(element: "_Element", around: _Inherited) -> _Inherited:
    get = element.get
    size, anchor, weight, turn = get("font-size"), get("text-anchor"), get("font-weight"), get("transform")
    if size is None and anchor is None and weight is None and turn is None:
        return around
    return _Inherited(
        around.matrix if turn is None else _times(around.matrix, _matrix(turn)),
        around.size if size is None else float(size.removesuffix("px")),
        around.anchor if anchor is None else anchor,
        around.bold if weight is None else weight in _BOLD_WEIGHTS,
    )


def _turned(element: "_Element", around: Matrix) -> Matrix:
    turn = element.get("transform")
    return around if turn is None else _times(around, _matrix(turn))


def _matrix(turn: str) -> Matrix:
    """Return a transform attribute as one matrix."""
    from math import cos, radians, sin

    whole = _UNTURNED
    for kind, given in _TURN.findall(turn):
        numbers = [float(number) for number in _NUMBER.findall(given)]
        if kind == "matrix":
            a, b, c, d, e, f = numbers
            step: Matrix = (a, b, c, d, e, f)
        elif kind == "translate":
            step = (1, 0, 0, 1, numbers[0], numbers[1] if len(numbers) > 1 else 0)
        elif kind == "scale":
            step = (numbers[0], 0, 0, numbers[-1], 0, 0)
        else:
            turned, (x, y) = radians(numbers[0]), (numbers[1:] if len(numbers) == 3 else (0, 0))
            ahead: Matrix = (cos(turned), sin(turned), -sin(turned), cos(turned), x, y)
            step = _times(ahead, (1, 0, 0, 1, -x, -y))
        whole = _times(whole, step)
    return whole


def _times(left: Matrix, right: Matrix) -> Matrix:
    a, b, c, d, e, f = left
    g, h, i, j, k, m = right
    return (a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * m + e, b * k + d * m + f)


def _moved(box: Box, matrix: Matrix) -> Box:
    """Return the upright box around a turned one."""
    if matrix is _UNTURNED:
        return box
    a, b, c, d, e, f = matrix
    corners = [(box[i], box[j]) for i in (0, 2) for j in (1, 3)]
    xs, ys = [a * x + c * y + e for x, y in corners], [b * x + d * y + f for x, y in corners]
    return (min(xs), min(ys), max(xs), max(ys))


def _millimetres(length: str) -> float:
    found = _LENGTH.match(length)
    if found is None or float(found[1]) == 0:
        raise ValueError("no length")
    return float(found[1]) * _MM[found[2]]


def _number(element: "_Element", name: str) -> float:
    return float(element.get(name, "0"))


def _rectangle(element: "_Element") -> Box | None:
    if element.get("width", "").endswith("%"):
        return None
    x, y = _number(element, "x"), _number(element, "y")
    return (x, y, x + _number(element, "width"), y + _number(element, "height"))


def _line(element: "_Element") -> Box:
    get = element.get
    x1, y1 = float(get("x1", "0")), float(get("y1", "0"))
    x2, y2 = float(get("x2", "0")), float(get("y2", "0"))
    if x1 > x2:
        x1, x2 = x2, x1
    return (x1, y1, x2, y2) if y1 <= y2 else (x1, y2, x2, y1)


def _circle(element: "_Element") -> Box:
    x, y, radius = _number(element, "cx"), _number(element, "cy"), _number(element, "r")
    return (x - radius, y - radius, x + radius, y + radius)


def _points(element: "_Element") -> Box | None:
    numbers = [float(number) for number in _NUMBER.findall(element.get("points", ""))]
    xs, ys = numbers[::2], numbers[1::2]
    return (min(xs), min(ys), max(xs), max(ys)) if ys else None


_SHAPES: Final = {
    f"{_SVG}rect": _rectangle,
    f"{_SVG}line": _line,
    f"{_SVG}circle": _circle,
    f"{_SVG}polyline": _points,
    f"{_SVG}polygon": _points,
}
