"""The file around a drawing: units, layers, styles, and a layout that prints the sheet at its scale."""

from hashlib import sha256
from io import StringIO
from typing import Final

from ezdxf.document import CONST_GUID, Drawing
from ezdxf.filemanagement import new

from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.cad.codes import line_text
from kis.estimator.documents.drawings.cad.pen import (
    APPLICATION,
    BOLD_STYLE,
    TEXT_STYLE,
    Pen,
    millimetres,
    point,
)
from kis.estimator.documents.drawings.cad.shapes import draw
from kis.estimator.documents.drawings.sheet import Sheet

VERSION: Final = "R2010"
"""The oldest version whose texts are UTF-8 and whose colours are exact that every reader in use knows."""
MILLIMETRES: Final = 4
LOCKED: Final = 0x4000
EXTENTS: Final = 1

_PAPERS: Final = {(420, 297): "A3", (297, 420): "A3", (297, 210): "A4", (210, 297): "A4"}
_PAPER_SETTINGS: Final = (
    *("plot_configuration_file", "paper_size", "paper_width", "paper_height", "standard_scale_type"),
    *("left_margin", "right_margin", "top_margin", "bottom_margin"),
)


def written(sheet: Sheet) -> bytes:
    """Return ``sheet`` as the bytes of a DXF file; its ids are made from its content."""
    document = new(VERSION, units=MILLIMETRES)
    _set_up(document, sheet)
    patches = tuple(shape for shape in sheet.shapes if look.is_patch(shape))
    pen = Pen(document, document.modelspace(), float(sheet.scale), patches)
    for shape in sheet.shapes:
        draw(pen, shape)
    _add_layout(pen, sheet)
    _add_layers(pen)
    for kind in sorted(
        document.entitydb.dxf_types_in_use()
    ):  # a set: left to ezdxf, their order is another in every process
        document.classes.add_class(kind)
    stream = StringIO(newline="\r\n")
    document.write(stream)
    text = stream.getvalue()
    return document.encode(text.replace(CONST_GUID, _guid(text), 2))


def _guid(content: str) -> str:
    digest = sha256(content.encode()).hexdigest().upper()
    return f"{{{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}}}"


def _set_up(document: Drawing, sheet: Sheet) -> None:
    """Set the variables and styles of the drawing and what is on the screen when it is opened: the whole sheet."""
    document.encoding = "cp949"
    document.header["$PSLTSCALE"] = 0  # dashes are millimetres of the panel in the layout as well
    document.header["$LWDISPLAY"] = 1
    document.header["$TEXTSTYLE"] = TEXT_STYLE
    document.header.custom_vars.append("TITLE", line_text(sheet.title))
    document.header.custom_vars.append("SCALE", f"1:{float(sheet.scale):g}")
    document.appids.add(APPLICATION)
    # Malgun Gothic has come with every Windows since Vista; a program without it takes its own Korean font.
    document.styles.get("Standard").dxf.font = "malgun.ttf"
    document.styles.add(TEXT_STYLE, font="malgun.ttf").set_extended_font_data("Malgun Gothic")
    document.styles.add(BOLD_STYLE, font="malgunbd.ttf").set_extended_font_data("Malgun Gothic", bold=True)
    height = float(sheet.y1 - sheet.y0)
    document.set_modelspace_vport(1.05 * height, _centre(sheet))


def _add_layers(pen: Pen) -> None:
    """Add the layers that something stands on, by name; the areas of symbols are switched off."""
    for name in sorted(pen.layers - {"0"}):
        seen = look.look_of(name)
        layer = pen.document.layers.add(
            name,
            color=seen.aci,
            true_color=look.number_of(seen.colour) if seen.colour else None,
            lineweight=look.weight(seen.weight_mm),
            plot=name not in {look.AREAS, look.VIEWPORT},
        )
        if name == look.AREAS:
            layer.off()


def _add_layout(pen: Pen, sheet: Sheet) -> None:
    """Set up a sheet of paper with one locked window onto the model, and the model itself to be plotted on that paper at the scale.

    The window's scale is that of its height on paper to that in the model.
    """
    size = (sheet.print_width_mm, sheet.print_height_mm)
    name = _PAPERS.get((round(size[0]), round(size[1])), "SHEET")
    low, high = (float(sheet.x0), float(sheet.y0)), (float(sheet.x1), float(sheet.y1))
    pen.model.reset_extents((*low, 0), (*high, 0))
    pen.model.reset_limits(low, high)
    document, middle = pen.document, (size[0] / 2, size[1] / 2)
    document.layouts.rename("Layout1", name)
    paper = document.paperspace(name)
    paper.page_setup(size, name=f"ISO_full_bleed_{name}", device="DWG To PDF.pc3")
    paper.reset_extents((0, 0, 0), (*size, 0))
    window = paper.add_viewport(middle, size, _centre(sheet), millimetres(high[1] - low[1]))
    window.dxf.update({"id": 2, "flags": LOCKED})
    pen.model.dxf_layout.dxf.update({name: paper.dxf_layout.dxf.get(name) for name in _PAPER_SETTINGS})
    pen.model.dxf_layout.dxf.scale_denominator = pen.scale
    pen.model.print_lineweights(True)
    pen.model.set_plot_type(EXTENTS)
    for view in paper.viewports():
        view.dxf.layer = look.VIEWPORT
    pen.layers.add(look.VIEWPORT)


def _centre(sheet: Sheet) -> tuple[float, float]:
    return point(float(sheet.x0 + sheet.x1) / 2, float(sheet.y0 + sheet.y1) / 2)
