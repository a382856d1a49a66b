"""Every sheet of real panels as DXF, opened by ezdxf and by a program that had no hand in writing it, and compared with its SVG."""

import re
import shutil
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from ezdxf.document import Drawing as CadDrawing
from ezdxf.entities.dimension import Dimension as CadDimension
from ezdxf.entities.dxfgfx import DXFGraphic
from ezdxf.entities.insert import Insert
from ezdxf.entities.text import Text as CadText

from kis.estimator import estimate, load_request
from kis.estimator.documents.drawings.cad import dxf
from kis.estimator.documents.drawings.sheet import Dimension, Layer, Rectangle, Sheet
from kis.estimator.issuing.drawings import panel_drawings
from kis.estimator.issuing.issue import Issue
from tests.factories import cad

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
REQUESTS = ("office-lighting-panel", "english-usd", "tenant-building", "many-branches")
KINDS = ("outline", "layout", "single_line", "schedule")
CASES = [(request, kind) for request in REQUESTS for kind in KINDS]

needs_gdal = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL (ogrinfo) is not installed")


@cache
def drawings_of(request: str) -> tuple[tuple[str, Sheet], ...]:
    """Return every sheet of a request's panels with its kind."""
    made = estimate(load_request(EXAMPLES / f"{request}.yaml"))
    return tuple(
        (drawing.kind, drawing.sheet)
        for panel in made.panels
        for drawing in panel_drawings(made, panel, Issue())
    )


@cache
def sheets(request: str, kind: str) -> tuple[tuple[Sheet, CadDrawing], ...]:
    """Return a request's sheets of a kind, each with what ezdxf reads of it."""
    found = tuple((sheet, cad.written(sheet)) for own, sheet in drawings_of(request) if own == kind)
    assert found
    return found


class TestEzdxf:
    @pytest.mark.parametrize(("request_name", "kind"), CASES)
    def test_finds_no_fault(self, request_name: str, kind: str) -> None:
        for _, document in sheets(request_name, kind):
            auditor = document.audit()
            assert (auditor.errors, auditor.fixes) == ([], [])

    @pytest.mark.parametrize(("request_name", "kind"), CASES)
    def test_finds_the_rectangles_of_the_svg(self, request_name: str, kind: str) -> None:
        for sheet, document in sheets(request_name, kind):
            in_dxf, in_svg = cad.places(document), cad.svg_places(sheet)
            assert in_svg.total() >= 5
            assert cad.differing(in_svg, in_dxf) == []
            assert cad.differing(in_dxf, in_svg) == []

    @pytest.mark.parametrize(("request_name", "kind"), CASES)
    def test_finds_the_words_and_devices(self, request_name: str, kind: str) -> None:
        for sheet, document in sheets(request_name, kind):
            model = document.modelspace()
            said = Counter(text.plain_text() for text in cad.all_of(model, CadText))
            wanted = Counter(shape.content for shape in sheet.shapes if hasattr(shape, "content"))
            assert said == Counter({word: count for word, count in wanted.items() if word.strip()})
            told = [cad.attributes(device) for device in cad.all_of(model, Insert)]
            devices = [shape for shape in sheet.shapes if isinstance(shape, Rectangle) and shape.attributes]
            devices = [shape for shape in devices if shape.layer is not Layer.CUT_OUT]
            assert len(told) == len(devices)
            for device, shape in zip(told, devices, strict=True):
                assert {tag: value for tag, value in device.items() if value} == {
                    tag: value for tag, value in shape.attributes if value
                }

    @pytest.mark.parametrize("request_name", REQUESTS)
    def test_measures_what_the_chains_measure(self, request_name: str) -> None:
        for kind in ("outline", "layout"):
            for sheet, document in sheets(request_name, kind):
                measured = [
                    dimension.get_measurement()
                    for dimension in cad.all_of(document.modelspace(), CadDimension)
                ]
                gaps = [
                    end - start
                    for shape in sheet.shapes
                    if isinstance(shape, Dimension)
                    for start, end in zip(shape.stops, shape.stops[1:], strict=False)
                    if end > start
                ]
                assert measured == pytest.approx(gaps, abs=0.001)
                assert len(gaps) > 3

    @pytest.mark.parametrize(("request_name", "kind"), CASES)
    def test_finds_cut_outs_alone_on_their_layer(self, request_name: str, kind: str) -> None:
        for sheet, document in sheets(request_name, kind):
            cut = list(document.modelspace().query('*[layer=="KIS_CUTOUT"]'))
            assert {entity.dxftype() for entity in cut} <= {"LWPOLYLINE"}
            assert all(entity.closed for entity in cut)
            assert bool(cut) == any(shape.layer is Layer.CUT_OUT for shape in sheet.shapes)


@needs_gdal
class TestGdal:
    @pytest.mark.parametrize(("request_name", "kind"), CASES)
    def test_sees_the_same_layers_words_and_devices(
        self, request_name: str, kind: str, tmp_path: Path
    ) -> None:
        for number, (sheet, document) in enumerate(sheets(request_name, kind)):
            path = tmp_path / f"{number}.dxf"
            path.write_bytes(dxf(sheet))
            seen = cad.ogrinfo(path, "--config", "DXF_INLINE_BLOCKS", "FALSE", "-al", "-geom=NO")
            _, _, entities = seen.rpartition("Layer name: entities")
            features, model = entities.split("OGRFeature(entities)")[1:], document.modelspace()
            assert {self.value(feature, "Layer") for feature in features} == {
                entity.dxf.layer for entity in cad.all_of(model, DXFGraphic)
            }
            assert self.count(features, "AcDbBlockReference") == len(cad.all_of(model, Insert))
            assert self.words(features) == Counter(
                (text.dxf.layer, text.plain_text().strip())
                for text in cad.all_of(model, CadText)
                if "DIMENSION" not in text.dxf.layer
            )
            assert self.extent(entities) == pytest.approx(self.frame(sheet), abs=0.01)

    def test_reads_what_a_device_says(self, tmp_path: Path) -> None:
        ((sheet, _),) = sheets("office-lighting-panel", "layout")
        path = tmp_path / "layout.dxf"
        path.write_bytes(dxf(sheet))
        seen = cad.ogrinfo(path, "--config", "DXF_INLINE_BLOCKS", "FALSE", "-al", "-geom=NO")
        assert re.search(r"BlockAttributes .*TAG M1,MODEL SBE-104,MAKER .+,AF 100,AT 100,POLE 4,PHASE", seen)

    def extent(self, entities: str) -> list[float]:
        found = re.search(r"Extent: \((.+), (.+)\) - \((.+), (.+)\)", entities)
        assert found is not None
        return [float(value) for value in found.groups()]

    def frame(self, sheet: Sheet) -> list[float]:
        """Return the frame around a sheet: all of it, and nothing beyond."""
        frames = [
            shape for shape in sheet.shapes if isinstance(shape, Rectangle) and shape.layer is Layer.FRAME
        ]
        return [
            min(shape.x0 for shape in frames),
            min(shape.y0 for shape in frames),
            max(shape.x1 for shape in frames),
            max(shape.y1 for shape in frames),
        ]

    def value(self, feature: str, field: str) -> str:
        found = re.search(rf"^  {field} \(String\) = (.*)$", feature, re.MULTILINE)
        return found.group(1) if found else ""

    def count(self, features: list[str], kind: str) -> int:
        return sum(kind in self.value(feature, "SubClasses") for feature in features)

    def words(self, features: list[str]) -> Counter[tuple[str, str]]:
        return Counter(
            (self.value(feature, "Layer"), self.value(feature, "Text").strip())
            for feature in features
            if self.value(feature, "SubClasses").endswith("AcDbText")
            and "DIMENSION" not in self.value(feature, "Layer")
        )
