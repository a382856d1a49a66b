"""Lines, outlines, circles, fills, words and references to blocks: what a sheet has thousands of, written as one piece.

ezdxf builds and writes the document: its tables, blocks, layouts and dimensions. For a plain shape it would take as long to make an entity, check
each of its attributes and look up which of forty optional ones to write as everything else together takes. So a run of plain shapes is one entity
of the model to ezdxf, which writes itself. Group codes after the DXF reference of AutoCAD 2010.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.layouts.layout import Modelspace
from ezdxf.lldxf.tagwriter import AbstractTagWriter

from kis.estimator.documents.drawings.cad.look import Attributes

Point = tuple[float, float]
Corner = tuple[float, float, float]
"""x, y and the bulge of the way to the next corner."""

_ENTITY_CODES: Final = {"layer": 8, "linetype": 6, "color": 62, "lineweight": 370, "true_color": 420}
_EXTERNAL_POLYLINE: Final = 1 | 2
_CLOSED: Final = 1
_INVISIBLE: Final = 1

Tag = tuple[int, object]


class Said(NamedTuple):
    """An attribute of a device: its tag and text, and how it would be set where somebody makes it visible."""

    tag: str
    text: str
    place: Point
    height: float
    style: str


class PlainRun(DXFEntity):
    """Plain shapes that follow each other, in the words of the file."""

    DXFTYPE = "KIS_PLAIN_RUN"

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def export_dxf(self, tagwriter: AbstractTagWriter) -> None:
        """Write the shapes."""
        tagwriter.write_str("".join(self.written))


class PlainShapes:
    """Adds plain shapes to a model, in the order in which they are drawn."""

    def __init__(self, model: Modelspace, application: str) -> None:
        self._model = model
        self._application = application

    def line(self, start: Point, end: Point, attributes: Attributes) -> None:
        """Add a straight line."""
        self._add("LINE", attributes, ((100, "AcDbLine"), *_point(10, start), *_point(11, end)))

    def circle(self, centre: Point, radius: float, attributes: Attributes) -> None:
        """Add a circle."""
        self._add("CIRCLE", attributes, ((100, "AcDbCircle"), *_point(10, centre), (40, radius)))

    def arc(self, centre: Point, radius: float, degrees: tuple[float, float], attributes: Attributes) -> None:
        """Add an arc, anticlockwise from the first of the ``degrees`` to the second."""
        circle = ((100, "AcDbCircle"), *_point(10, centre), (40, radius))
        self._add("ARC", attributes, (*circle, (100, "AcDbArc"), (50, degrees[0]), (51, degrees[1])))

    def outline(
        self, corners: Sequence[Corner], attributes: Attributes, *, closed: bool, part: str = ""
    ) -> None:
        """Add a line from corner to corner; ``part`` is the id of the part that it outlines."""
        flags = _CLOSED if closed else 0
        head = ((100, "AcDbPolyline"), (90, len(corners)), (70, flags), (43, 0.0))
        self._add("LWPOLYLINE", attributes, (*head, *_corners(corners)), part)

    def fill(self, corners: Sequence[Corner], attributes: Attributes) -> None:
        """Add a filled area."""
        path = ((92, _EXTERNAL_POLYLINE), (72, 1), (73, 1), (93, len(corners)))
        tags = (
            *((100, "AcDbHatch"), *_point(10, (0.0, 0.0)), (210, 0.0), (220, 0.0), (230, 1.0)),
            *((2, "SOLID"), (70, 1), (71, 0), (91, 1), *path),
            *(tag for x, y, bulge in corners for tag in ((10, x), (20, y), (42, bulge))),
            *((97, 0), (75, 1), (76, 1), (98, 0)),
        )
        self._add("HATCH", attributes, tags)

    def text(
        self, content: str, place: Point, height: float, *, align: int, degrees: float, attributes: Attributes
    ) -> None:
        """Add a line of text at ``place``, its left end (``align`` 0), middle (1) or right end (2)."""
        style = str(attributes["style"])
        tags: list[Tag] = [(100, "AcDbText"), *_point(10, place), (40, height), (1, content)]
        tags += [(50, degrees)] if degrees else []
        tags += [(7, style)]
        tags += [(72, align), *_point(11, place)] if align else []
        self._add("TEXT", attributes, (*tags, (100, "AcDbText")))

    def device(
        self, block: str, place: Point, said: Iterable[Said], attributes: Attributes, part: str = ""
    ) -> None:
        """Add a reference to a block at ``place``, with what it says of itself as invisible attributes."""
        self._add(
            "INSERT", attributes, ((100, "AcDbBlockReference"), (66, 1), (2, block), *_point(10, place)), part
        )
        layer = {"layer": attributes["layer"]}
        for one in said:
            words: tuple[Tag, ...] = (
                *((100, "AcDbText"), *_point(10, one.place), (40, one.height), (1, one.text), (7, one.style)),
                *((100, "AcDbAttribute"), (2, one.tag), (70, _INVISIBLE)),
            )
            self._add("ATTRIB", layer, words)
        self._add("SEQEND", layer, ())

    def _add(self, kind: str, attributes: Attributes, tags: Iterable[Tag], part: str = "") -> None:
        document = self._model.doc
        assert document is not None, "a model belongs to a document"
        head: tuple[Tag, ...] = (
            *((0, kind), (5, document.entitydb.next_handle())),
            *((330, self._model.layout_key), (100, "AcDbEntity")),
            *((code, attributes[name]) for name, code in _ENTITY_CODES.items() if name in attributes),
        )
        named: tuple[Tag, ...] = ((1001, self._application), (1000, part)) if part else ()
        self._run().written.append("".join(f"{code:>3}\n{value}\n" for code, value in (*head, *tags, *named)))

    def _run(self) -> PlainRun:
        """Return the run to go on with: the last of the model, a new one after anything else."""
        space = self._model.entity_space
        if len(space) and isinstance(space[-1], PlainRun):
            return space[-1]
        run = PlainRun()
        space.add(run)
        return run


def _point(code: int, place: Point) -> tuple[Tag, ...]:
    return ((code, place[0]), (code + 10, place[1]), (code + 20, 0.0))


def _corners(corners: Sequence[Corner]) -> Iterable[Tag]:
    for x, y, bulge in corners:
        yield from ((10, x), (20, y))
        if bulge:
            yield (42, bulge)
