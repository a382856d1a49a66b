"""Devices, dimensions and cut-outs of a sheet, as a DXF holds them."""

import pytest
from ezdxf.entities.attrib import AttDef
from ezdxf.entities.dimension import Dimension as CadDimension
from ezdxf.entities.insert import Insert
from ezdxf.entities.lwpolyline import LWPolyline

from kis.estimator.documents.drawings.sheet import (
    ATTRIBUTE_TAGS,
    Arc,
    Axis,
    Circle,
    Layer,
    Line,
    Polyline,
    Style,
)
from tests.factories import cad
from tests.unit.estimator.documents.drawings.cad.shapes import DEVICE, INKED, box, chain, one, read, words


class TestDevices:
    def test_say_what_they_are(self) -> None:
        device = one(Insert, box(Layer.BRANCH, attributes=DEVICE, part="L1.B001"))
        assert cad.attributes(device) == dict(DEVICE)
        assert (cad.part_of(device), device.dxf.layer) == ("L1.B001", "KIS_BREAKER")
        assert all(attribute.is_invisible for attribute in device.attribs)
        assert {attribute.dxf.layer for attribute in device.attribs} == {"KIS_BREAKER"}

    def test_leave_open_what_is_not_known(self) -> None:
        device = one(Insert, box(Layer.BRANCH, attributes=(("TAG", "F1"),)))
        assert cad.attributes(device) == {**dict.fromkeys(ATTRIBUTE_TAGS, ""), "TAG": "F1"}

    def test_of_one_size_share_a_block_of_that_size(self) -> None:
        document = read(
            box(Layer.BRANCH, attributes=DEVICE),
            box(Layer.BRANCH, attributes=DEVICE, y0=200, y1=330),
            box(Layer.MAIN, attributes=DEVICE, x1=100.5),
        )
        names = [device.dxf.name for device in document.modelspace()]
        assert names == ["KIS_75X130", "KIS_75X130", "KIS_90X130"]
        block = document.blocks["KIS_75X130"]
        (outline,) = cad.all_of(block, LWPolyline)
        assert {tuple(point) for point in outline.get_points("xy")} == {(0, 0), (75, 0), (75, 130), (0, 130)}
        assert [definition.dxf.tag for definition in cad.all_of(block, AttDef)] == list(ATTRIBUTE_TAGS)
        # It looks as the reference does: layer 0, colour 0, weight -2.
        look_of_block = (outline.dxf.layer, outline.dxf.color, outline.dxf.linetype, outline.dxf.lineweight)
        assert look_of_block == ("0", 0, "ByBlock", -2)

    def test_drawn_as_symbols_have_their_outline_switched_off(self) -> None:
        document = read(box(Layer.SYMBOL, Style(), attributes=DEVICE))
        (device,) = document.modelspace()
        (outline,) = cad.all_of(document.blocks[device.dxf.name], LWPolyline)
        layer = document.layers.get(outline.dxf.layer)
        assert (layer.is_off(), layer.dxf.plot) == (True, 0)
        assert device.dxf.layer == "KIS_SYMBOL"


class TestDimensions:
    @pytest.mark.parametrize("axis", list(Axis))
    def test_measure_every_gap(self, axis: Axis) -> None:
        document = read(chain((0, 50, 162.5), ("50", "112.5"), axis))
        found = cad.all_of(document.modelspace(), CadDimension)
        assert [dimension.get_measurement() for dimension in found] == pytest.approx([50, 112.5])
        assert [dimension.dxf.text for dimension in found] == ["<>", "<>"]
        assert {dimension.dxf.angle for dimension in found} == {0 if axis is Axis.X else 90}

    def test_show_the_sheets_own_lines_and_label(self) -> None:
        document = read(chain((0, 50), ("W 50",)))
        (dimension,) = document.modelspace()
        block = document.blocks[dimension.dxf.geometry]
        # The line itself, an extension line and a tick at each end.
        assert len(block.query("LINE")) == 5
        assert [text.dxf.text for text in block.query("TEXT")] == ["W 50"]

    def test_keep_their_measure_and_their_label_where_it_stands(self) -> None:
        # The label's foot stands 3.2 above the line at -35, its capitals are 7 high.
        dimension = one(CadDimension, chain((0, 50), ("50",)))
        assert dimension.dxf.actual_measurement == 50
        assert dimension.dxf.dimtype == 32 + 128  # its own picture, the label where it was put
        assert tuple(dimension.dxf.text_midpoint) == pytest.approx((25, -28.3, 0))

    def test_would_be_drawn_the_same_by_a_cad_program(self) -> None:
        # The style's print millimetres times its scale are what the sheet draws: letters 7 high, ticks 3.5 to each side,
        # extension lines from 6 off the thing to 6 beyond the line.
        document = read(chain((0, 50), ("50",)))
        (dimension,) = document.modelspace()
        style = document.dimstyles.get(dimension.dxf.dimstyle).dxf
        lines = [
            (line.dxf.start, line.dxf.end) for line in document.blocks[dimension.dxf.geometry].query("LINE")
        ]
        tick = next(abs(end.x - start.x) for start, end in lines if start.x != end.x and start.y != end.y)
        extension = next((start, end) for start, end in lines if start.x == end.x)
        (text,) = document.blocks[dimension.dxf.geometry].query("TEXT")
        assert (style.dimscale, style.dimdec, style.dimtad) == (5, 1, 1)
        assert document.styles.get(style.dimtxsty).dxf.font == "malgun.ttf"
        assert text.dxf.height == pytest.approx(style.dimtxt * 5)
        assert tick == pytest.approx(2 * style.dimtsz * 5)
        assert extension[0].y == pytest.approx(-style.dimexo * 5)
        assert extension[1].y == pytest.approx(-35 - style.dimexe * 5)
        assert text.dxf.insert.y + 35 == pytest.approx(style.dimgap * 5)

    def test_leave_out_a_gap_of_nothing(self) -> None:
        assert len(read(chain((0, 0, 50), ("0", "50"))).modelspace()) == 1


class TestCutOuts:
    def test_are_closed_outlines_and_nothing_else(self) -> None:
        document = read(
            box(Layer.CUT_OUT, Style(stroke="#ff0000", fill="#ff0000", hatch="#000000"), attributes=DEVICE),
            Circle(layer=Layer.CUT_OUT, x=40, y=50, radius=11, style=INKED),
            Polyline(layer=Layer.CUT_OUT, points=((0, 0), (9, 0), (9, 9)), style=INKED, closed=True),
            Polyline(layer=Layer.CUT_OUT, points=((0, 0), (9, 0)), style=INKED),
            Line(layer=Layer.CUT_OUT, x0=0, y0=0, x1=1, y1=1, style=INKED),
            Arc(layer=Layer.CUT_OUT, x=0, y=0, radius=5, start_deg=0, end_deg=90, style=INKED),
            words("P1", layer=Layer.CUT_OUT),
        )
        cut = list(document.modelspace().query('*[layer=="KIS_CUTOUT"]'))
        assert [outline.closed for outline in cad.all_of(cut, LWPolyline)] == [True, True, True]
        assert len(cut) == 3
        assert len(document.modelspace().query('*[layer=="KIS_CUTOUT_NOTES"]')) == 4

    def test_of_a_hole_are_a_true_circle(self) -> None:
        hole = one(LWPolyline, Circle(layer=Layer.CUT_OUT, x=40, y=50, radius=11, style=INKED))
        # Half a turn has bulge 1: the tangent of a quarter of 180 degrees.
        assert [tuple(point) for point in hole.get_points("xyb")] == [(29, 50, 1), (51, 50, 1)]
