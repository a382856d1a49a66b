"""What openpyxl cannot put into the sample templates: pictures, text boxes, charts, header images, stored results, and parts of other programs.

Each of these is a thing a company's own form has and that filling it must not lose.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_DRAWING_SPACES: Final = (
    'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    f'xmlns:r="{RELATIONS}"'
)
_AFTER_DRAWINGS: Final = frozenset(
    {"picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst"}
)
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DATE: Final = (1980, 1, 1, 0, 0, 0)

Point = tuple[float, float]
Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity."""


class Parts:
    """The parts of a workbook while things are added to it."""

    def __init__(self, archive: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(archive)) as old:
            self._parts = {entry.filename: old.read(entry) for entry in old.infolist()}

    def add(self, name: str, content: bytes | str, content_type: str = "") -> None:
        """Put a part in, with its content type where its ending does not tell it."""
        self._parts[name] = content.encode() if isinstance(content, str) else content
        if content_type:
            self._edit(
                "[Content_Types].xml",
                lambda root: root.append(
                    etree.Element(f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)
                ),
            )

    def default_type(self, ending: str, content_type: str) -> None:
        """Say what all parts of an ending are."""

        def edit(root: etree._Element) -> None:
            if all(each.get("Extension") != ending for each in root):
                made = etree.Element(f"{{{_TYPES}}}Default", Extension=ending, ContentType=content_type)
                root.insert(0, made)

        self._edit("[Content_Types].xml", edit)

    def relate(self, part: str, target: str, kind: str) -> str:
        """Let ``part`` refer to ``target`` and return the id it does so by."""
        folder, _, name = part.rpartition("/")
        path = f"{folder}/_rels/{name}.rels"
        if path not in self._parts:
            self._parts[path] = f'{_HEAD}<Relationships xmlns="{_PACKAGE_RELATIONS}"/>'.encode()
        made = ""

        def edit(root: etree._Element) -> None:
            nonlocal made
            made = f"rIdK{len(root) + 1}"
            etree.SubElement(
                root,
                f"{{{_PACKAGE_RELATIONS}}}Relationship",
                Id=made,
                Type=kind if "//" in kind else f"{RELATIONS}/{kind}",
                Target=f"/{target}",
            )

        self._edit(path, edit)
        return made

    def edit_sheet(self, number: int, edit: Callable[[etree._Element], None]) -> None:
        """Change a worksheet's XML."""
        self._edit(sheet_part(number), edit)

    def edit_workbook(self, edit: Callable[[etree._Element], None]) -> None:
        """Change the workbook's XML."""
        self._edit("xl/workbook.xml", edit)

    def to_bytes(self) -> bytes:
        """Return the archive: the same bytes on every machine."""
        output = io.BytesIO()
        with zipfile.ZipFile(output, "w") as archive:
            for name, content in self._parts.items():
                entry = zipfile.ZipInfo(name, date_time=_DATE)
                entry.create_system = 3
                entry.external_attr = 0o600 << 16
                archive.writestr(entry, content)
        return output.getvalue()

    def _edit(self, name: str, edit: Callable[[etree._Element], None]) -> None:
        root = etree.fromstring(self._parts[name])
        edit(root)
        self._parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def sheet_part(number: int) -> str:
    """Return the part of a sheet, counted from 1."""
    return f"xl/worksheets/sheet{number}.xml"


@dataclass(frozen=True, slots=True)
class Box:
    """Where a drawing lies: (column, row) of its corners, counted from 0, and what moves it (twoCell, oneCell, absolute)."""

    left: int
    top: int
    right: int
    bottom: int
    edit_as: str = "oneCell"

    def anchor(self, inside: str) -> str:
        """Return the anchor around what is drawn."""

        def end(name: str, column: int, row: int) -> str:
            return (
                f"<xdr:{name}><xdr:col>{column}</xdr:col><xdr:colOff>36000</xdr:colOff>"
                f"<xdr:row>{row}</xdr:row><xdr:rowOff>36000</xdr:rowOff></xdr:{name}>"
            )

        return (
            f'<xdr:twoCellAnchor editAs="{self.edit_as}">{end("from", self.left, self.top)}'
            f"{end('to', self.right, self.bottom)}{inside}<xdr:clientData/></xdr:twoCellAnchor>"
        )


def picture(number: int, name: str, relation: str, cell: tuple[int, int], size_mm: Point) -> str:
    """Return a picture of a fixed size that hangs on a cell (column, row, from 0)."""
    column, row = cell
    width, height = (round(side * 36_000) for side in size_mm)  # English metric units: 36 000 to the mm
    return (
        f"<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>72000</xdr:colOff>"
        f"<xdr:row>{row}</xdr:row><xdr:rowOff>72000</xdr:rowOff></xdr:from>"
        f'<xdr:ext cx="{width}" cy="{height}"/>'
        f'<xdr:pic><xdr:nvPicPr><xdr:cNvPr id="{number}" name="{name}" descr="{name}"/><xdr:cNvPicPr>'
        '<a:picLocks noChangeAspect="1"/></xdr:cNvPicPr></xdr:nvPicPr><xdr:blipFill>'
        f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>'
        f'<a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
    )


def text_box(number: int, name: str, runs: Sequence[str], box: Box, link: str = "") -> str:
    """Return a text box. ``runs`` are the pieces of its one line, every second one bold; ``link`` is the cell it shows."""
    pieces = "".join(
        f'<a:r><a:rPr lang="ko-KR" altLang="en-US" sz="900" b="{at % 2}">'
        f'<a:solidFill><a:srgbClr val="1F3A5F"/></a:solidFill></a:rPr><a:t>{text}</a:t></a:r>'
        for at, text in enumerate(runs)
    )
    linked = f' textlink="{link}"' if link else ""
    return box.anchor(
        f'<xdr:sp macro=""{linked}><xdr:nvSpPr><xdr:cNvPr id="{number}" name="{name}"/><xdr:cNvSpPr txBox="1"/>'
        '</xdr:nvSpPr><xdr:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="100" cy="100"/></a:xfrm>'
        '<a:prstGeom prst="roundRect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="EEF1F4"/>'
        '</a:solidFill><a:ln w="9525"><a:solidFill><a:srgbClr val="1F3A5F"/></a:solidFill></a:ln></xdr:spPr>'
        '<xdr:txBody><a:bodyPr vertOverflow="clip" wrap="square" lIns="72000" tIns="36000" rIns="72000" '
        f'bIns="36000" anchor="ctr"/><a:lstStyle/><a:p>{pieces}</a:p></xdr:txBody></xdr:sp>'
    )


def chart_frame(number: int, name: str, relation: str, box: Box) -> str:
    """Return an anchored chart."""
    return box.anchor(
        f'<xdr:graphicFrame macro=""><xdr:nvGraphicFramePr><xdr:cNvPr id="{number}" name="{name}"/>'
        '<xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr><xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/>'
        "</xdr:xfrm><a:graphic><a:graphicData "
        'uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></xdr:graphicFrame>"
    )


def bar_chart(title: str, categories: str, values: str) -> str:
    """Return a chart's part, with remembered values that are no longer true."""
    return (
        f"{_HEAD}<c:chartSpace "
        'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:roundedCorners val="0"/><c:chart>'
        '<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1000" b="1"/></a:pPr>'
        f'<a:r><a:rPr lang="ko-KR" sz="1000" b="1"/><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx>'
        '<c:overlay val="0"/></c:title><c:autoTitleDeleted val="0"/><c:plotArea><c:layout/><c:barChart>'
        '<c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/><c:ser><c:idx val="0"/>'
        '<c:order val="0"/><c:spPr><a:solidFill><a:srgbClr val="1F3A5F"/></a:solidFill></c:spPr>'
        f'<c:invertIfNegative val="0"/><c:cat><c:strRef><c:f>{categories}</c:f><c:strCache>'
        '<c:ptCount val="1"/><c:pt idx="0"><c:v>분전반</c:v></c:pt></c:strCache></c:strRef></c:cat>'
        f"<c:val><c:numRef><c:f>{values}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        '<c:ptCount val="1"/><c:pt idx="0"><c:v>1234567</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser>'
        '<c:gapWidth val="60"/><c:axId val="111"/><c:axId val="112"/></c:barChart><c:catAx>'
        '<c:axId val="111"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:crossAx val="112"/><c:crosses val="autoZero"/></c:catAx><c:valAx>'
        '<c:axId val="112"/><c:scaling><c:orientation val="minMax"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="t"/><c:numFmt formatCode="#,##0" sourceLinked="0"/><c:crossAx val="111"/>'
        '<c:crosses val="max"/></c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart></c:chartSpace>'
    )


def add_drawing(parts: Parts, sheet: int, number: int, anchors: Callable[[str], Sequence[str]]) -> None:
    """Put a drawing on a sheet. ``anchors`` is given the drawing's part, to relate pictures and charts to it."""
    part = f"xl/drawings/drawing{number}.xml"
    inside = "".join(anchors(part))
    parts.add(
        part,
        f"{_HEAD}<xdr:wsDr {_DRAWING_SPACES}>{inside}</xdr:wsDr>",
        "application/vnd.openxmlformats-officedocument.drawing+xml",
    )
    _hang(parts, sheet, "drawing", parts.relate(sheet_part(sheet), part, "drawing"))


def add_header_image(parts: Parts, sheet: int, image: str, position: str = "LH") -> None:
    """Put a picture into a page header; the header's text says where, by ``&G``."""
    part = f"xl/drawings/vmlDrawingHF{sheet}.vml"
    relation = parts.relate(part, image, "image")
    parts.add(
        part,
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
        '<o:idmap v:ext="edit" data="9"/></o:shapelayout><v:shapetype id="_x0000_t75" coordsize="21600,21600" '
        'o:spt="75" path="m@4@5l@4@11@9@11@9@5xe" filled="f" stroked="f"><v:path o:extrusionok="f"/>'
        f'</v:shapetype><v:shape id="{position}" o:spid="_x0000_s9217" type="#_x0000_t75" '
        'style="position:absolute;margin-left:0;margin-top:0;width:72pt;height:21.6pt;z-index:1">'
        f'<v:imagedata o:relid="{relation}" o:title="logo"/><o:lock v:ext="edit" rotation="t"/></v:shape></xml>',
    )
    parts.default_type("vml", "application/vnd.openxmlformats-officedocument.vmlDrawing")
    _hang(parts, sheet, "legacyDrawingHF", parts.relate(sheet_part(sheet), part, "vmlDrawing"))


def share_strings(parts: Parts, sheets: int) -> None:
    """Keep the texts of all sheets in one table, as spreadsheet programs do."""
    table = etree.fromstring(f'<sst xmlns="{MAIN}"/>')
    known: dict[bytes, int] = {}

    def edit(root: etree._Element) -> None:
        for cell in root.iter(f"{{{MAIN}}}c"):
            text = cell.find(f"{{{MAIN}}}is")
            if text is None:
                continue
            cell.remove(text)
            text.tag = f"{{{MAIN}}}si"
            index = known.setdefault(etree.tostring(text), len(known))
            if index == len(table):
                table.append(text)
            cell.set("t", "s")
            etree.SubElement(cell, f"{{{MAIN}}}v").text = str(index)

    for number in range(1, sheets + 1):
        parts.edit_sheet(number, edit)
    parts.add(
        "xl/sharedStrings.xml",
        etree.tostring(table, xml_declaration=True, encoding="UTF-8", standalone=True),
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml",
    )
    parts.relate("xl/workbook.xml", "xl/sharedStrings.xml", "sharedStrings")


def store_results(parts: Parts, sheets: int) -> None:
    """Write a result beside every formula and the order of calculation, as a program does that has calculated; both are out of date once filled."""
    order: list[str] = []
    for number in range(1, sheets + 1):

        def edit(root: etree._Element, number: int = number) -> None:
            for cell in root.iter(f"{{{MAIN}}}c"):
                if cell.find(f"{{{MAIN}}}f") is None:
                    continue
                value = cell.find(f"{{{MAIN}}}v")
                if value is None:
                    value = etree.SubElement(cell, f"{{{MAIN}}}v")
                value.text = "1234567"
                order.append(f'<c r="{cell.get("r")}" i="{number}"/>')

        parts.edit_sheet(number, edit)
    parts.add(
        "xl/calcChain.xml",
        f'{_HEAD}<calcChain xmlns="{MAIN}">{"".join(order)}</calcChain>',
        "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml",
    )
    parts.relate("xl/workbook.xml", "xl/calcChain.xml", "calcChain")


def png(width: int, height: int, shapes: Sequence[tuple[Colour, Sequence[Point]]]) -> bytes:
    """Return a PNG of filled polygons (corners as fractions of width and height), the later above the earlier.

    Stored without compression, so that the same picture is the same file whatever packs it.
    """
    palette = list(dict.fromkeys([(255, 255, 255, 0), *(colour for colour, _corners in shapes)]))
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows.append(palette.index(_pixel((x + 0.5) / width, (y + 0.5) / height, shapes)))
    chunks = (
        _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        _chunk(b"PLTE", b"".join(bytes(colour[:3]) for colour in palette)),
        _chunk(b"tRNS", bytes(colour[3] for colour in palette)),
        _chunk(b"IDAT", zlib.compress(bytes(rows), 0)),
        _chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _pixel(x: float, y: float, shapes: Sequence[tuple[Colour, Sequence[Point]]]) -> Colour:
    colour: Colour = (255, 255, 255, 0)
    for own, corners in shapes:
        if _inside(x, y, corners):
            colour = own
    return colour


def _inside(x: float, y: float, corners: Sequence[Point]) -> bool:
    """Tell whether a point lies in a polygon (even–odd rule)."""
    inside = False
    for (x0, y0), (x1, y1) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y0 > y) != (y1 > y) and x < x0 + (y - y0) * (x1 - x0) / (y1 - y0):
            inside = not inside
    return inside


def _hang(parts: Parts, sheet: int, name: str, relation: str) -> None:
    """Put a reference to a drawing where the schema wants it: after everything but tables and extensions."""

    def edit(root: etree._Element) -> None:
        made = etree.Element(f"{{{MAIN}}}{name}")
        made.set(f"{{{RELATIONS}}}id", relation)
        later = [
            place
            for place, child in enumerate(root)
            if str(child.tag).rpartition("}")[2] in _AFTER_DRAWINGS
            or (name == "drawing" and str(child.tag).rpartition("}")[2].startswith("legacyDrawing"))
        ]
        root.insert(min(later, default=len(root)), made)

    parts.edit_sheet(sheet, edit)
