"""One quotation from the command line, and every kind of its documents opened by a program that did not write it."""

import io
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree as ET

import pypdfium2  # type: ignore[import-untyped]  # comes without types
import pytest
from ezdxf.filemanagement import read
from openpyxl import load_workbook

from kis.cli import main

EXAMPLE: Final = Path(__file__).parents[3] / "examples" / "factory-motors.yaml"
OFFICE_SECONDS: Final = 120
KINDS: Final = ("outline", "layout", "single-line", "schedule")

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)
needs_gdal = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL (ogrinfo) is not installed")


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quote the example once, as a user does, with a home of its own."""
    folder = tmp_path_factory.mktemp("quotation")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KIS_HOME", str(folder / "home"))
        assert main(["quote", str(EXAMPLE), "--out", str(folder / "out")]) == 0
    (found,) = (entry for entry in (folder / "out/evidence").iterdir() if entry.is_dir())
    return found


def output(pack: Path) -> Any:
    return json.loads((pack / "output.json").read_bytes())


def drawings(pack: Path, form: str) -> list[Path]:
    return sorted((pack / "documents/drawings").glob(f"*.{form}"))


class TestWorkbook:
    @needs_office
    def test_libreoffice_calculates_the_totals_of_the_result(self, pack: Path, tmp_path: Path) -> None:
        subprocess.run(
            (
                "soffice",
                "--headless",
                f"-env:UserInstallation=file://{tmp_path}/profile",
                "--convert-to",
                "xlsx:Calc MS Excel 2007 XML",
                "--outdir",
                str(tmp_path / "again"),
                str(pack / "documents/quotation.xlsx"),
            ),
            check=True,
            capture_output=True,
            timeout=OFFICE_SECONDS,
        )
        workbook = load_workbook(tmp_path / "again/quotation.xlsx", data_only=True)
        totals = output(pack)["totals"]
        for name, key in (("Subtotal", "subtotal"), ("Vat", "vat"), ("TotalPrice", "total")):
            ((sheet, place),) = workbook.defined_names[name].destinations
            assert Decimal(str(workbook[sheet][place.replace("$", "")].value)) == Decimal(totals[key]), name


class TestPdf:
    def test_its_words_can_be_selected(self, pack: Path) -> None:
        result = output(pack)
        with pypdfium2.PdfDocument(pack / "documents/quotation.pdf") as document:
            pages = [page.get_textpage().get_text_bounded() for page in document]
        whole = "\n".join(pages)
        assert result["project"] in pages[0]
        assert f"{int(result['totals']['total']):,}" in pages[0]
        assert result["quotation"]["engineering_sha256"] in whole.replace("\n", "")
        for kind in ("외형도", "배치도", "단선결선도", "회로표"):
            assert kind in whole
        assert all(result["quotation"]["document_id"] in page for page in pages)


class TestSvg:
    def test_every_drawing_is_well_formed_and_carries_its_title(self, pack: Path) -> None:
        names = {path.stem.removeprefix("panel-001-").rstrip("-0123456789") for path in drawings(pack, "svg")}
        assert names == set(KINDS)
        for path in drawings(pack, "svg"):
            title = ET.parse(path).getroot().find("{http://www.w3.org/2000/svg}title")  # noqa: S314 - our own file
            assert title is not None
            assert "MP-1" in (title.text or ""), path.name


class TestDxf:
    def test_there_is_one_beside_every_svg(self, pack: Path) -> None:
        assert [path.stem for path in drawings(pack, "dxf")] == [path.stem for path in drawings(pack, "svg")]

    def test_the_audit_of_ezdxf_finds_nothing(self, pack: Path) -> None:
        for path in drawings(pack, "dxf"):
            auditor = read(io.StringIO(path.read_text(encoding="utf-8"))).audit()
            assert (auditor.errors, auditor.fixes) == ([], []), path.name

    @needs_gdal
    def test_gdal_opens_every_one(self, pack: Path) -> None:
        for path in drawings(pack, "dxf"):
            shown = subprocess.run(
                ("ogrinfo", "-ro", "-so", "-al", str(path)), check=True, capture_output=True, text=True
            )
            count = next(line for line in shown.stdout.splitlines() if line.startswith("Feature Count"))
            assert int(count.partition(":")[2]) > 50, path.name
            assert "ERROR" not in shown.stderr
