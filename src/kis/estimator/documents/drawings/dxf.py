"""A sheet as DXF R2010: the same shapes as its SVG, at true size in millimetres, as CAD, laser and punching programs read them.

The file is written here and not by a library: a sheet takes milliseconds, its bytes depend on nothing but the sheet (no clock, no
settings or fonts of the machine, no version of a library), and the tests read it with two libraries that had no hand in it.
"""

from collections.abc import Iterable
from hashlib import sha256
from itertools import chain
from typing import Final

from kis.estimator.documents.drawings import dxf_look as look
from kis.estimator.documents.drawings.dxf_entities import draw
from kis.estimator.documents.drawings.dxf_model import APPLICATION, Block, Model
from kis.estimator.documents.drawings.dxf_objects import objects, viewports
from kis.estimator.documents.drawings.dxf_tables import (
    LAST_OWN_HANDLE,
    MODEL_SPACE,
    PAPER_SPACE,
    tables,
)
from kis.estimator.documents.drawings.dxf_tags import Tag, line_text, record
from kis.estimator.documents.drawings.sheet import Sheet

VERSION: Final = "AC1024"
"""AutoCAD 2010, the oldest version whose texts are UTF-8 and whose colours are exact that every reader in use knows."""
MILLIMETRES: Final = 4
METRIC: Final = 1


def dxf(sheet: Sheet) -> bytes:
    """Return ``sheet`` as the bytes of a DXF file."""
    patches = tuple(shape for shape in sheet.shapes if look.is_patch(shape))
    model = Model(scale=float(sheet.scale), owner=MODEL_SPACE, next_handle=LAST_OWN_HANDLE, patches=patches)
    for shape in sheet.shapes:
        draw(model, shape)
    entities = "".join((*model.entities, *viewports(sheet)))
    blocks = "".join(_blocks(model))
    body = "".join(
        (
            _section("CLASSES", _classes()),
            _section("TABLES", tables(sheet, model)),
            _section("BLOCKS", (blocks,)),
            _section("ENTITIES", (entities,)),
            _section("OBJECTS", objects(sheet)),
        )
    )
    text = "".join((_section("HEADER", _header(sheet, model, entities)), body, "  0\nEOF\n"))
    return text.replace("\n", "\r\n").encode()


def _section(name: str, content: Iterable[str]) -> str:
    return "".join(("  0\nSECTION\n  2\n", name, "\n", *content, "  0\nENDSEC\n"))


def _header(sheet: Sheet, model: Model, entities: str) -> Iterable[str]:
    """Yield the variables of the drawing; its two ids are made from what is drawn."""
    low, high = ((10, float(sheet.x0)), (20, float(sheet.y0))), ((10, float(sheet.x1)), (20, float(sheet.y1)))
    dimension_style = next(iter(model.dimension_sizes.values()), "Standard")
    variables: tuple[tuple[str, tuple[Tag, ...]], ...] = (
        ("ACADVER", ((1, VERSION),)),
        ("DWGCODEPAGE", ((3, "ANSI_949"),)),
        ("INSBASE", ((10, 0.0), (20, 0.0), (30, 0.0))),
        ("EXTMIN", (*low, (30, 0.0))),
        ("EXTMAX", (*high, (30, 0.0))),
        ("LIMMIN", low),
        ("LIMMAX", high),
        ("FILLMODE", ((70, 1),)),
        ("LTSCALE", ((40, 1.0),)),
        ("PSLTSCALE", ((70, 0),)),  # dashes are millimetres of the panel in the layout as well
        ("ATTMODE", ((70, 1),)),
        ("TEXTSTYLE", ((7, APPLICATION),)),
        ("DIMSTYLE", ((2, dimension_style),)),
        ("CLAYER", ((8, "0"),)),
        ("CELTYPE", ((6, "ByLayer"),)),
        ("CECOLOR", ((62, 256),)),
        ("LUNITS", ((70, 2),)),
        ("LUPREC", ((70, 2),)),
        ("INSUNITS", ((70, MILLIMETRES),)),
        ("MEASUREMENT", ((70, METRIC),)),
        ("LWDISPLAY", ((290, 1),)),
        ("TILEMODE", ((70, 1),)),
        ("HANDSEED", ((5, f"{model.next_handle + 1:X}"),)),
        ("FINGERPRINTGUID", ((2, _guid(sheet.title)),)),
        ("VERSIONGUID", ((2, _guid(entities)),)),
        ("CUSTOMPROPERTYTAG", ((1, "TITLE"),)),
        ("CUSTOMPROPERTY", ((1, line_text(sheet.title)),)),
        ("CUSTOMPROPERTYTAG", ((1, "SCALE"),)),
        ("CUSTOMPROPERTY", ((1, f"1:{float(sheet.scale):g}"),)),
    )
    for name, tags in variables:
        yield f"  9\n${name}\n"
        yield "".join(f"{code:>3}\n{value}\n" for code, value in tags)


def _guid(content: str) -> str:
    digest = sha256(content.encode()).hexdigest().upper()
    return f"{{{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}}}"


def _classes() -> Iterable[str]:
    """Yield the kinds of objects that are no part of the oldest format."""
    for name, of_program in (
        ("ACDBDICTIONARYWDFLT", "AcDbDictionaryWithDefault"),
        ("ACDBPLACEHOLDER", "AcDbPlaceHolder"),
        ("LAYOUT", "AcDbLayout"),
    ):
        yield record(
            "CLASS",
            (1, name),
            (2, of_program),
            (3, "ObjectDBX Classes"),
            (90, 0),
            (91, 0),
            (280, 0),
            (281, 0),
        )


def _blocks(model: Model) -> Iterable[str]:
    """Yield what every block holds; the drawing itself and its layout are blocks that hold nothing here."""
    spaces = (Block("*Model_Space", MODEL_SPACE, ""), Block("*Paper_Space", PAPER_SPACE, ""))
    for block in chain(spaces, model.blocks.values()):
        head = ((330, block.handle), (100, "AcDbEntity"), (8, "0"))
        flags = (1 if block.anonymous else 0) + (2 if block.attributes else 0)
        yield record(
            "BLOCK",
            (5, model.handle()),
            *head,
            (100, "AcDbBlockBegin"),
            (2, block.name),
            (70, flags),
            (10, 0.0),
            (20, 0.0),
            (30, 0.0),
            (3, block.name),
            (1, ""),
        )
        yield block.body
        yield record("ENDBLK", (5, model.handle()), *head, (100, "AcDbBlockEnd"))
