"""A sheet as DXF, read again: what becomes of each shape, and of words a CAD program would take for codes."""

from pathlib import Path

import pytest
from ezdxf.entities.arc import Arc as CadArc
from ezdxf.entities.circle import Circle as CadCircle
from ezdxf.entities.hatch import Hatch
from ezdxf.entities.line import Line as CadLine
from ezdxf.entities.lwpolyline import LWPolyline
from ezdxf.entities.text import Text as CadText

from kis.estimator.documents.drawings import palette
from kis.estimator.documents.drawings.cad import look
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.sheet import (
    Anchor,
    Arc,
    Circle,
    Layer,
    Line,
    Polyline,
    Style,
)
from tests.factories import cad, designs, drawings
from tests.unit.estimator.documents.drawings.cad.shapes import INKED, box, one, read, sheet_of, words


class TestFile:
    def test_is_release_2010_in_metric_millimetres(self) -> None:
        header = read(box()).header
        assert (header["$ACADVER"], header["$INSUNITS"], header["$MEASUREMENT"]) == ("AC1024", 4, 1)

    def test_names_the_korean_code_page_and_shows_weights_and_dashes_as_they_are(self) -> None:
        header = read(box()).header
        assert (header["$DWGCODEPAGE"], header["$LWDISPLAY"], header["$PSLTSCALE"]) == ("ANSI_949", 1, 0)

    def test_opens_on_the_whole_sheet(self) -> None:
        # Half of 2100 by 1485 mm from (-100, -50), with a twentieth of its height around it.
        (view,) = read(box()).viewports
        assert (tuple(view.dxf.center), view.dxf.height) == ((950, 692.5, 0), pytest.approx(1.05 * 1485))

    def test_lists_the_application_of_its_part_ids(self) -> None:
        assert read(box(part="main1")).appids.has_entry("KIS")

    def test_knows_how_far_it_reaches(self) -> None:
        # 420 mm and 297 mm of paper at 1 : 5 from (-100, -50).
        header = read(box()).header
        assert tuple(header["$EXTMIN"]) == (-100, -50, 0)
        assert tuple(header["$EXTMAX"]) == (2000, 1435, 0)

    def test_says_its_title_and_scale(self) -> None:
        properties = dict(read(box()).header.custom_vars)
        assert properties == {"TITLE": "배치도", "SCALE": "1:5"}

    def test_has_a_layout_that_prints_at_the_scale(self) -> None:
        paper = read(box()).paperspace("A3")
        window = next(port for port in paper.viewports() if port.dxf.id == 2)
        assert (window.dxf.width, window.dxf.height) == (420, 297)
        assert window.dxf.view_height / window.dxf.height == 5
        assert window.dxf.flags & 0x4000  # its scale is locked

    def test_plots_its_model_at_the_scale_too(self) -> None:
        settings = read(box()).modelspace().dxf_layout.dxf
        assert (settings.paper_width, settings.paper_height) == (420, 297)
        assert settings.scale_denominator / settings.scale_numerator == 5
        assert settings.plot_layout_flags & 128  # with line weights

    def test_lays_no_border_on_the_print(self) -> None:
        document = read(box())
        layers = {view.dxf.layer for view in document.paperspace("A3").viewports()}
        assert layers == {"KIS_VIEWPORT"}
        assert document.layers.get("KIS_VIEWPORT").dxf.plot == 0

    def test_is_found_faultless(self) -> None:
        auditor = cad.written(layout_sheet(designs.every_kind(), designs.heading())).audit()
        assert (auditor.errors, auditor.fixes) == ([], [])


class TestShapes:
    def test_keep_true_places(self) -> None:
        outline = one(LWPolyline, box(part="main1"))
        assert [tuple(point) for point in outline.get_points("xy")] == [
            (10.5, 20),
            (85.5, 20),
            (85.5, 150),
            (10.5, 150),
        ]
        assert (outline.closed, cad.part_of(outline)) == (True, "main1")

    def test_are_lines_circles_and_arcs(self) -> None:
        model = read(
            Line(layer=Layer.WIRE, x0=1, y0=2, x1=3, y1=4, style=INKED),
            Circle(layer=Layer.SYMBOL, x=5, y=6, radius=7, style=INKED),
            Arc(layer=Layer.SYMBOL, x=8, y=9, radius=10, start_deg=30, end_deg=120, style=INKED),
            Polyline(layer=Layer.WIRE, points=((0, 0), (1, 1), (2, 0)), style=INKED),
        ).modelspace()
        (line,), (arc,) = cad.all_of(model, CadLine), cad.all_of(model, CadArc)
        (path,) = cad.all_of(model, LWPolyline)
        (circle,) = (item for item in cad.all_of(model, CadCircle) if item is not arc)
        assert (tuple(line.dxf.start), tuple(line.dxf.end)) == ((1, 2, 0), (3, 4, 0))
        assert (tuple(circle.dxf.center), circle.dxf.radius) == ((5, 6, 0), 7)
        assert (tuple(arc.dxf.center), arc.dxf.radius) == ((8, 9, 0), 10)
        assert (arc.dxf.start_angle, arc.dxf.end_angle) == (30, 120)
        assert (len(path), path.closed) == (3, False)

    def test_are_drawn_at_the_nearest_line_weight(self) -> None:
        # 0.27 mm lies between 0.25 and 0.30 and nearer to the first; weights are hundredths of a millimetre.
        (line,) = read(
            Line(layer=Layer.WIRE, x0=0, y0=0, x1=1, y1=0, style=Style(stroke="#000000", weight_mm=0.27))
        ).modelspace()
        assert line.dxf.lineweight == 25

    def test_are_dashed_in_millimetres_of_the_panel(self) -> None:
        # 1.2 and 0.8 mm on a print at 1 : 5.
        style = Style(stroke="#000000", weight_mm=0.13, dash_mm=(1.2, 0.8))
        document = read(Line(layer=Layer.LANE, x0=0, y0=0, x1=100, y1=0, style=style))
        (line,) = document.modelspace()
        pattern = document.linetypes.get(line.dxf.linetype).pattern_tags.tags
        assert [tag.value for tag in pattern if tag.code == 49] == [6, -4]

    def test_stand_on_layers_by_kind(self) -> None:
        document = read(*(box(layer) for layer in Layer))
        layers = {entity.dxf.layer for entity in document.modelspace()}
        assert {cad.kind_of(layer) for layer in layers} == {layer.value for layer in Layer}
        assert {"KIS_BREAKER", "KIS_MAIN_BREAKER", "KIS_CUTOUT", "KIS_TITLE_BLOCK"} <= layers
        assert all(document.layers.has_entry(layer) for layer in layers)

    @pytest.mark.parametrize(
        ("layer", "part", "name"),
        [
            (Layer.BUSBAR, "column1.barR", "KIS_BUSBAR_R"),
            (Layer.BUSBAR, "main1.headerN", "KIS_BUSBAR_N"),
            (Layer.CROSS_BAR, "B007.L1", "KIS_CROSS_BAR_L1"),
            (Layer.BUSBAR, "", "KIS_BUSBAR"),
        ],
    )
    def test_of_bars_have_a_layer_per_line(self, layer: Layer, part: str, name: str) -> None:
        (outline,) = read(box(layer, part=part)).modelspace()
        assert outline.dxf.layer == name

    def test_of_terminal_bars_are_told_by_their_colour(self) -> None:
        document = read(
            box(Layer.TERMINAL_BAR, palette.bar_style("N"), part="neutral"),
            box(Layer.TERMINAL_BAR, palette.EARTH_BAR, part="earth"),
        )
        assert {entity.dxf.layer for entity in document.modelspace()} == {
            "KIS_TERMINAL_BAR_N",
            "KIS_TERMINAL_BAR_E",
        }


class TestColours:
    def test_of_ink_follow_the_ground(self) -> None:
        # Colour 7 is white on a dark screen and black on paper; 256 is the layer's colour.
        document = read(box(Layer.BRANCH))
        (outline,) = document.modelspace()
        assert (outline.dxf.color, outline.rgb) == (256, None)
        assert document.layers.get("KIS_BREAKER").color == 7

    def test_of_conductors_are_exact(self) -> None:
        (line,) = read(
            Line(layer=Layer.WIRE, x0=0, y0=0, x1=1, y1=0, style=Style(stroke="#1f62b0", weight_mm=0.5))
        ).modelspace()
        assert line.rgb == (0x1F, 0x62, 0xB0)
        assert line.dxf.color not in {7, 256}

    def test_have_the_nearest_number_for_programs_without_them(self) -> None:
        # The colour index turns by 15 degrees every ten numbers from red, 10: blue, at 240 degrees, is 170.
        assert [look.aci_of(colour) for colour in ("#ff0000", "#0000ff", "#fe0102")] == [10, 170, 10]

    def test_leave_out_pale_fills_only(self) -> None:
        pale = box(Layer.BRANCH, Style(stroke="#15181b", weight_mm=0.25, fill="#f7e9da"))
        mark = box(Layer.PHASE_MARK, palette.mark_style("R"))
        hatch = one(Hatch, pale, mark)
        assert hatch.dxf.layer == "KIS_PHASE_MARK"
        assert (hatch.dxf.solid_fill, hatch.rgb) == (1, (0x8B, 0x55, 0x23))

    def test_of_letters_stay_on_a_fill_and_follow_the_ground_beside_it(self) -> None:
        mark = box(Layer.PHASE_MARK, palette.mark_style("T"))
        letters = words("T", x=20.0, y=30.0, layer=Layer.PHASE_MARK), words("1", x=200.0)
        on, beside = cad.all_of(read(mark, *letters).modelspace(), CadText)
        assert on.rgb == (0x15, 0x18, 0x1B)
        assert (beside.rgb, beside.dxf.color) == (None, 256)

    def test_fill_a_black_arrow_with_ink(self) -> None:
        arrow = Polyline(layer=Layer.LABEL, points=((0, 0), (2, 0), (1, 2)), style=palette.ARROW, closed=True)
        hatch = one(Hatch, arrow)
        assert (hatch.dxf.color, hatch.rgb) == (256, None)

    def test_stripe_a_spare_way_but_not_its_word(self) -> None:
        way = box(Layer.SPARE_WAY, palette.SPARE_WAY, part="E01")
        patch = box(Layer.LABEL, Style(fill=palette.PAPER), x0=30, y0=70, x1=60, y1=90)
        document = read(way, patch)
        (hatch,) = cad.all_of(document.modelspace(), Hatch)
        assert hatch.dxf.solid_fill == 0
        assert [len(path.vertices) for path in hatch.paths] == [4, 4]
        # A polyline (2) that is the outer edge (1), and one that is a hole in it (16); style 0 leaves holes free.
        assert [path.path_type_flags for path in hatch.paths] == [2 + 1, 2 + 16]
        assert hatch.dxf.hatch_style == 0
        # 2 mm from stripe to stripe on the print, at 1 : 5.
        assert hatch.pattern is not None
        (stripes,) = hatch.pattern.lines
        assert stripes.angle == 45
        assert stripes.offset.magnitude == pytest.approx(10, abs=0.001)
        assert cad.places(document).total() == 1


class TestWords:
    @pytest.mark.parametrize(("anchor", "aligned"), [(Anchor.START, 0), (Anchor.MIDDLE, 1), (Anchor.END, 2)])
    def test_stand_on_their_baseline(self, anchor: Anchor, aligned: int) -> None:
        text = one(CadText, words(anchor=anchor))
        assert (text.dxf.halign, text.dxf.valign) == (aligned, 0)
        assert tuple(text.get_placement()[1]) == (10, 20, 0)

    def test_are_as_high_as_their_capitals(self) -> None:
        # Capitals of Korean sans-serifs are 0.7 of the size.
        text = one(CadText, words())
        assert text.dxf.height == pytest.approx(7)

    def test_read_upwards_when_turned(self) -> None:
        text = one(CadText, words(rotated=True, anchor=Anchor.MIDDLE))
        assert (text.dxf.rotation, tuple(text.get_placement()[1])) == (90, (10, 20, 0))

    def test_are_set_in_a_korean_face(self) -> None:
        document = read(words(), words(bold=True))
        fonts = [document.styles.get(text.dxf.style).dxf.font for text in document.modelspace()]
        assert fonts == ["malgun.ttf", "malgunbd.ttf"]

    @pytest.mark.parametrize(
        "content",
        [
            "전등·전열 (예비) 옥내노출 꽳뷁",
            "%%c %%d100%%p %%%",
            "100% ^J ^ a^b",
            r"{\fArial;x} \P \\U",
            "<>&'\"",
            "부하 😀 m²",
        ],
    )
    def test_come_back_as_they_were(self, content: str) -> None:
        text = one(CadText, words(content))
        assert text.plain_text() == content

    def test_that_no_line_can_hold_are_replaced(self) -> None:
        text = one(CadText, words("전등\n1\t2\u2028\x00\x1b\ud800."))
        assert text.plain_text() == "전등 1 2 \ufffd\ufffd\ufffd."

    def test_that_are_none_are_left_out(self) -> None:
        assert list(read(words("  \n")).modelspace()) == []

    def test_cannot_end_their_value(self) -> None:
        hostile = "x\r\n  0\r\nEOF\r\n"
        document = read(words(hostile), box(part=hostile), box(Layer.MAIN, attributes=(("TAG", hostile),)))
        assert len(document.modelspace()) == 3
        assert document.audit().errors == []


class TestReferencePage:
    PAGE = Path(__file__).resolve().parents[6] / "docs" / "reference" / "drawings.md"

    @pytest.mark.parametrize("layer", list(Layer))
    def test_tells_every_layer_as_it_is(self, layer: Layer) -> None:
        name = look.base_layer(layer)
        seen = look.look_of(name)
        bar = layer in {Layer.BUSBAR, Layer.CROSS_BAR, Layer.TERMINAL_BAR}
        (row,) = (
            [cell.strip() for cell in line.strip("| ").split("|")]
            for line in self.PAGE.read_text(encoding="utf-8").splitlines()
            if line.startswith((f"| `{name}` ", f"| `{name}`,"))
        )
        assert row[1] == f"`{layer.value}`"
        assert row[3:] == ["by line" if bar else str(seen.aci), f"{seen.weight_mm:g}"]


class TestAgreement:
    @pytest.mark.parametrize("locale", ["ko", "en"])
    def test_with_svg_on_every_rectangle(self, locale: str) -> None:
        sheet = layout_sheet(designs.every_kind(), designs.heading(locale))  # type: ignore[arg-type]  # ko or en
        in_dxf, in_svg = cad.places(cad.written(sheet)), cad.svg_places(sheet)
        assert in_svg.total() > 50
        assert cad.differing(in_svg, in_dxf) == []
        assert cad.differing(in_dxf, in_svg) == []

    def test_is_missed_where_a_rectangle_moves(self) -> None:
        here, there = sheet_of(box(part="main1")), sheet_of(box(part="main1", x1=85.6))
        assert cad.differing(cad.svg_places(here), cad.places(cad.written(there)))

    def test_with_the_drawing_on_every_part(self) -> None:
        design = designs.every_kind()
        found = cad.places(cad.written(layout_sheet(design, designs.heading())))
        places = {(place.part, *place[2:]) for place in found}
        for part in design.drawing.parts:
            assert (part.id, part.x0, part.y0, part.x1, part.y1) in places


def test_hostile_words_stay_words_in_a_whole_drawing() -> None:
    hostile = "</>%%c{\\P}^J\r\n  0\r\nEOF\x07"
    devices = tuple(drawings.lighting(f"B{serial:03d}", load=hostile) for serial in (3, 4))
    problem = drawings.problem(devices=(*drawings.problem().devices[:2], *devices))
    sheet = layout_sheet(designs.design(problem=problem), designs.heading(project=hostile, panel=hostile))
    document = cad.written(sheet)
    assert (document.audit().errors, document.audit().fixes) == ([], [])
    texts = {text.plain_text() for text in cad.all_of(document.modelspace(), CadText)}
    assert any("%%c{\\P}^J" in text for text in texts)
