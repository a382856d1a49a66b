"""DXF files as two programs read them: ezdxf, which also writes them, and GDAL's ``ogrinfo``, which had no hand in that."""

import io
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar
from xml.etree import ElementTree as ET

from ezdxf.document import Drawing as CadDrawing
from ezdxf.entities.dxfentity import DXFEntity
from ezdxf.entities.insert import Insert
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.filemanagement import read

from kis.estimator.documents.drawings.cad import dxf
from kis.estimator.documents.drawings.sheet import Sheet
from kis.estimator.documents.drawings.svg import svg

Entity = TypeVar("Entity", bound=DXFEntity)

SVG = "{http://www.w3.org/2000/svg}"
OTHER_NAMES = {"MAIN_BREAKER": "main", "BREAKER": "branch", "CUTOUT": "cut_out"}
BARS = ("BUSBAR", "CROSS_BAR", "TERMINAL_BAR")


class Place(NamedTuple):
    """A rectangle as both files must have it, to a hundredth of a millimetre."""

    layer: str
    part: str
    x0: float
    y0: float
    x1: float
    y1: float


def opened(data: bytes) -> CadDrawing:
    """Return what ezdxf reads."""
    return read(io.StringIO(data.decode().replace("\r\n", "\n")))


def written(sheet: Sheet) -> CadDrawing:
    """Return a sheet, written and read again."""
    return opened(dxf(sheet))


def kind_of(layer: str) -> str:
    """Return the sheet's name of a layer."""
    name = layer.removeprefix("KIS_")
    name = next((bar for bar in BARS if name.startswith(bar)), name)
    return OTHER_NAMES.get(name, name.lower())


def places(document: CadDrawing) -> Counter[Place]:
    """Return every rectangle of a DXF file: closed outlines of four corners, and devices by the outline of their block."""
    return Counter(_places(document))


def _places(document: CadDrawing) -> Iterator[Place]:
    for entity in document.modelspace():
        if isinstance(entity, LWPolyline) and entity.closed:
            yield from _place(entity, _corners(entity))
        elif isinstance(entity, Insert):
            (outline,) = all_of(document.blocks[entity.dxf.name], LWPolyline)
            at = entity.dxf.insert
            yield from _place(entity, [(x + at.x, y + at.y) for x, y in _corners(outline)])


def _corners(outline: LWPolyline) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in outline.get_points("xy")]


def _place(entity: DXFEntity, corners: list[tuple[float, float]]) -> Iterator[Place]:
    if upright(corners):
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        box = (round(value, 2) for value in (min(xs), min(ys), max(xs), max(ys)))
        yield Place(kind_of(entity.dxf.layer), part_of(entity), *box)


def upright(corners: list[tuple[float, float]]) -> bool:
    """Tell whether points are the corners of an upright rectangle."""
    xs, ys = {round(x, 2) for x, _ in corners}, {round(y, 2) for _, y in corners}
    return len(corners) == 4 and len(xs) == 2 and len(ys) == 2


def part_of(entity: DXFEntity) -> str:
    """Return the id of the part an entity is, from its extended data."""
    if not entity.has_xdata("KIS"):
        return ""
    return str(next(value for code, value in entity.get_xdata("KIS") if code == 1000))


def svg_places(sheet: Sheet) -> Counter[Place]:
    """Return every rectangle of a sheet's SVG that shows something, in the sheet's own coordinates."""
    root = ET.fromstring(svg(sheet))  # noqa: S314 - what is read here was written by the line before
    layers = (layer for layer in root.iter(f"{SVG}g") if layer.get("class"))
    return Counter(
        place
        for layer in layers
        for ink in layer
        for place in _svg_places(sheet, str(layer.get("class")), ink)
    )


def _svg_places(sheet: Sheet, kind: str, ink: ET.Element) -> Iterator[Place]:
    inks = {ink.get("fill"), ink.get("stroke") or "none"}
    for item in ink.iter():
        part, corners = item.get("data-part") or "", _svg_corners(item)
        bare_paper = inks == {"#ffffff", "none"} and not part
        if bare_paper or (item.get("fill") or "").startswith("url(") or not upright(corners):
            continue
        xs, ys = [x + sheet.x0 for x, _ in corners], [sheet.y1 - y for _, y in corners]
        box = (round(float(value), 2) for value in (min(xs), min(ys), max(xs), max(ys)))
        yield Place("area" if inks == {"none"} and not part else kind, part, *box)


def _svg_corners(item: ET.Element) -> list[tuple[float, float]]:
    if item.tag == f"{SVG}rect":
        x, y, width, height = (float(item.get(key) or 0) for key in ("x", "y", "width", "height"))
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    if item.tag == f"{SVG}polygon":
        points = (point.split(",") for point in str(item.get("points")).split())
        return [(float(x), float(y)) for x, y in points]
    return []


def differing(one: Counter[Place], other: Counter[Place]) -> list[Place]:
    """Return the rectangles of one that have no partner in the other within two hundredths of a millimetre (both files round)."""
    left = sorted(other.elements())
    lonely = []
    for place in sorted(one.elements()):
        partner = next((item for item in left if _close(place, item)), None)
        if partner is None:
            lonely.append(place)
        else:
            left.remove(partner)
    return lonely


def _close(one: Place, other: Place) -> bool:
    return one[:2] == other[:2] and all(
        abs(here - there) <= 0.021 for here, there in zip(one[2:], other[2:], strict=True)
    )


def attributes(insert: Insert) -> dict[str, str]:
    """Return what a block reference says of its device."""
    return {attribute.dxf.tag: attribute.plain_text() for attribute in insert.attribs}


def all_of(space: Iterable[DXFEntity], kind: type[Entity]) -> list[Entity]:
    """Return the entities of a kind, in the order of the file."""
    return [entity for entity in space if isinstance(entity, kind)]


def ogrinfo(path: Path, *words: str) -> str:
    """Return what GDAL says of a file. It must be told that texts are UTF-8: up to 3.12 it goes by the code page, as before R2007."""
    done = subprocess.run(
        ("ogrinfo", "--config", "DXF_ENCODING", "UTF-8", *words, str(path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not done.stderr.strip()
    return done.stdout
