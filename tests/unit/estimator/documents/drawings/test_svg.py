"""A sheet as SVG: what is written where, and that nothing a customer wrote can leave its place."""

import subprocess
import sys
from fractions import Fraction
from xml.etree import ElementTree as ET

import pytest

from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.sheet import (
    Anchor,
    Arc,
    Circle,
    Layer,
    Line,
    Polyline,
    Rectangle,
    Shape,
    Sheet,
    Style,
    Text,
)
from kis.estimator.documents.drawings.svg import escaped, svg
from tests.factories import designs, drawings

SVG = "{http://www.w3.org/2000/svg}"
INKED = Style(stroke="#112233", weight_mm=0.25, fill="#445566", dash_mm=(1.0, 0.5))


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - what is read here was written by the line before


def written(*shapes: Shape, title: str = "t", description: str = "d", scale: str = "2") -> ET.Element:
    """Return the root of a sheet from (-10, -20) to (90, 80), printed at 1 : ``scale``."""
    sheet = Sheet(
        title=title,
        description=description,
        locale="ko",
        x0=-10,
        y0=-20,
        x1=90,
        y1=80,
        scale=Fraction(scale),
        shapes=shapes,
    )
    return parsed(svg(sheet))


def label(content: str, *, rotated: bool = False) -> Text:
    return Text(
        layer=Layer.LABEL,
        x=0,
        y=0,
        content=content,
        size_mm=4,
        colour="#000000",
        anchor=Anchor.MIDDLE,
        rotated=rotated,
    )


class TestSvg:
    def test_prints_at_the_sheets_scale(self) -> None:
        root = written()
        assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("50mm", "50mm", "0 0 100 100")

    def test_counts_y_from_the_top(self) -> None:
        # From (0, 0) to (30, 40): 10 from the left edge at -10, and 40 below the upper edge at 80.
        box = Rectangle(layer=Layer.BOX, x0=0, y0=0, x1=30, y1=40, style=INKED, part="main1")
        (found,) = [item for item in written(box).iter(f"{SVG}rect") if item.get("data-part")]
        assert [found.get(name) for name in ("x", "y", "width", "height", "data-part")] == [
            "10",
            "40",
            "30",
            "40",
            "main1",
        ]

    def test_inks_in_print_millimetres(self) -> None:
        # 0.25 mm on a print at 1:2 is 0.5 mm of the sheet.
        (group,) = [
            item
            for item in written(Line(layer=Layer.BOX, x0=0, y0=0, x1=1, y1=0, style=INKED)).iter(f"{SVG}g")
            if item.get("stroke")
        ]
        assert (group.get("stroke-width"), group.get("stroke-dasharray"), group.get("fill")) == (
            "0.5",
            "2 1",
            "#445566",
        )

    def test_draws_lines_circles_and_polygons(self) -> None:
        root = written(
            Line(layer=Layer.BOX, x0=0, y0=0, x1=5, y1=10, style=INKED),
            Circle(layer=Layer.BOX, x=0, y=0, radius=2.5, style=INKED),
            Polyline(layer=Layer.BOX, points=((0, 0), (5, 5)), style=INKED),
            Polyline(layer=Layer.BOX, points=((0, 0), (5, 5), (5, 0)), style=INKED, closed=True),
        )
        line, circle = root.find(f".//{SVG}line"), root.find(f".//{SVG}circle")
        assert line is not None
        assert [line.get(name) for name in ("x1", "y1", "x2", "y2")] == ["10", "80", "15", "70"]
        assert circle is not None
        assert [circle.get(name) for name in ("cx", "cy", "r")] == ["10", "80", "2.5"]
        assert [item.get("points") for item in root.iter(f"{SVG}polyline")] == ["10,80 15,75"]
        assert [item.get("points") for item in root.iter(f"{SVG}polygon")] == ["10,80 15,75 15,80"]

    @pytest.mark.parametrize(
        ("start", "end", "path"),
        [
            # Radius 5 about (0, 0): (5, 0) is 15 from the left and 80 from the top, (0, 5) is 10 and 75.
            (0, 90, "M15,80 A5,5 0 0 0 10,75"),
            (90, 0, "M10,75 A5,5 0 1 0 15,80"),
        ],
    )
    def test_draws_arcs_counter_clockwise(self, start: float, end: float, path: str) -> None:
        arc = Arc(layer=Layer.SYMBOL, x=0, y=0, radius=5, start_deg=start, end_deg=end, style=INKED)
        found = written(arc).find(f".//{SVG}path")
        assert found is not None
        assert found.get("d") == path

    def test_keeps_a_devices_attributes_for_cad_programs(self) -> None:
        box = Rectangle(
            layer=Layer.MAIN, x0=0, y0=0, x1=1, y1=1, style=INKED, attributes=(("TAG", "M1 secret"),)
        )
        assert "secret" not in ET.tostring(written(box), encoding="unicode")

    def test_turns_rotated_words_about_their_anchor(self) -> None:
        (found,) = written(label("H 600", rotated=True)).iter(f"{SVG}text")
        assert found.get("transform") == "rotate(-90 10 80)"

    def test_defines_one_pattern_per_hatching_colour(self) -> None:
        style = Style(fill="#ffffff", hatch="#c3cad1")
        boxes = [Rectangle(layer=Layer.SPARE_WAY, x0=0, y0=i, x1=9, y1=i + 1, style=style) for i in range(3)]
        root = written(*boxes)
        assert [item.get("id") for item in root.iter(f"{SVG}pattern")] == ["hatch-c3cad1"]
        assert sum(item.get("fill") == "url(#hatch-c3cad1)" for item in root.iter(f"{SVG}rect")) == 3

    def test_tells_title_and_description_to_those_who_cannot_see(self) -> None:
        root = written(title="배치도 & <b>", description="정면도")
        assert root.get("role") == "img"
        assert root.get("lang") == "ko"
        found = {item.get("id"): item.text for item in root if item.get("id")}
        assert [found[name] for name in (root.get("aria-labelledby") or "").split()] == [
            "배치도 & <b>",
            "정면도",
        ]

    def test_falls_back_through_korean_fonts_to_any(self) -> None:
        fonts = (written().get("font-family") or "").split(",")
        assert fonts[0] == "'Noto Sans KR'"
        assert "'Malgun Gothic'" in fonts
        assert fonts[-1] == "sans-serif"


class TestEscaping:
    @pytest.mark.parametrize(
        "hostile",
        [
            "<script>alert(1)</script>",
            "a & b",
            '"><img src=x onerror=alert(1)>',
            "]]>",
            "<!--",
            "&#x3c;script&#x3e;",
            "' onload='alert(1)",
        ],
    )
    def test_keeps_words_words(self, hostile: str) -> None:
        part = Rectangle(layer=Layer.BRANCH, x0=0, y0=0, x1=1, y1=1, style=INKED, part=hostile, hint=hostile)
        root = written(label(hostile), part, title=hostile, description=hostile)
        names = {item.tag.removeprefix(SVG) for item in root.iter()}
        assert names == {"svg", "title", "desc", "rect", "g", "text"}
        (words,) = root.iter(f"{SVG}text")
        assert words.text == hostile
        assert [item.get("data-part") for item in root.iter(f"{SVG}rect") if item.get("data-part")] == [
            hostile
        ]

    @pytest.mark.parametrize("illegal", ["\x00", "\x08", "\x1b", "\ud800", "\ufffe"])
    def test_replaces_what_xml_cannot_hold(self, illegal: str) -> None:
        assert escaped(f"a{illegal}b") == "a\ufffdb"
        (words,) = written(label(f"a{illegal}b")).iter(f"{SVG}text")
        assert words.text == "a\ufffdb"

    def test_holds_for_a_whole_drawing(self) -> None:
        hostile = '<script>alert("전등")</script>&\x07'
        devices = tuple(drawings.lighting(f"B{number:03d}", load=hostile) for number in (3, 4))
        problem = drawings.problem(devices=(*drawings.problem().devices[:2], *devices))
        sheet = layout_sheet(designs.design(problem=problem), designs.heading(project=hostile, panel=hostile))
        root = parsed(svg(sheet))
        assert not [item for item in root.iter() if item.tag.endswith("script")]
        assert "<script" not in svg(sheet)


class TestDeterminism:
    def test_writes_the_same_bytes_in_every_process(self) -> None:
        program = (
            "from kis.estimator.documents.drawings.layout.view import layout_sheet\n"
            "from kis.estimator.documents.drawings.svg import svg\n"
            "from tests.factories import designs\n"
            "import hashlib\n"
            "text = svg(layout_sheet(designs.every_kind(), designs.heading()))\n"
            "print(hashlib.sha256(text.encode()).hexdigest())\n"
        )
        digests = {
            subprocess.run(
                [sys.executable, "-c", program],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:."},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed in ("0", "1", "4711")
        }
        assert len(digests) == 1

    def test_writes_no_number_with_more_than_two_decimals(self) -> None:
        root = parsed(svg(layout_sheet(designs.every_kind(), designs.heading())))
        numbers = [
            item.get(name) or ""
            for item in root.iter()
            for name in ("x", "y", "x1", "y2", "width", "r", "font-size", "cx")
        ]
        assert len([number for number in numbers if number]) > 500
        assert not [
            number
            for number in numbers
            if "e" in number or (len(number.partition(".")[2]) > 2 and "mm" not in number)
        ]
