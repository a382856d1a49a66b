"""The filled samples, calculated by another program: what the company's own formulas give is what the quotation says, to the won."""

import io
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest
from lxml import etree
from openpyxl import Workbook, load_workbook

from kis.estimator.documents.template import compare_template, fill_template
from tests.factories.templates import MAIN, SAMPLE_NAMES, SAMPLES, archive, parts_of, quotation

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice (soffice) is not installed"
)

QUOTATIONS = {
    "one-line": quotation(1),
    "five-lines": quotation(5),
    "forty-lines": quotation(40),
    "panels": quotation(3, 1, 12, quantities=(3, 1, 2), extra=True),
}
CASES = [(sample, name) for sample in SAMPLE_NAMES for name in QUOTATIONS]


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Workbook]:
    """Fill every sample with every quotation, and let LibreOffice calculate all of them in one run."""
    folder = tmp_path_factory.mktemp("templates")
    sources = []
    for sample, name in CASES:
        data = without_results(fill_template((SAMPLES / sample).read_bytes(), QUOTATIONS[name]))
        source = folder / f"{name}-{sample}"
        source.write_bytes(data)
        sources.append(str(source))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "out")]
    subprocess.run([*command, *sources], check=True, capture_output=True, timeout=300)
    return {(sample, name): opened(folder / "out" / f"{name}-{sample}") for sample, name in CASES}


def opened(path: Path, *, data_only: bool = True) -> Workbook:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells what it does not keep
        return load_workbook(io.BytesIO(path.read_bytes()), data_only=data_only)


def without_results(data: bytes) -> bytes:
    """Return the file without the results beside its formulas, so that the program must calculate each."""
    parts = parts_of(data)
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            root = etree.fromstring(content)
            for cell in root.iter(f"{{{MAIN}}}c"):
                stored = cell.find(f"{{{MAIN}}}v")
                if stored is not None and cell.find(f"{{{MAIN}}}f") is not None:
                    cell.remove(stored)
                    cell.attrib.pop("t", "")
            parts[name] = etree.tostring(root)
    return archive(parts)


def named(book: Workbook, name: str) -> object:
    title, place = next(iter(book.defined_names[name].destinations))
    return book[title][place.replace("$", "")].value


@pytest.mark.parametrize(("sample", "name"), CASES)
class TestTotals:
    def test_are_those_of_the_quotation(
        self, recalculated: dict[tuple[str, str], Workbook], sample: str, name: str
    ) -> None:
        book, totals = recalculated[sample, name], QUOTATIONS[name].totals
        assert named(book, "TotalPrice") == totals.total
        if sample != "with-delivery-note.xlsx":
            assert named(book, "Vat") == totals.vat
        if sample != "by-panel.xlsx":
            assert named(book, "Subtotal") == totals.subtotal

    def test_nothing_is_an_error(
        self, recalculated: dict[tuple[str, str], Workbook], sample: str, name: str
    ) -> None:
        wrong = [
            f"{sheet.title}!{cell.coordinate} {cell.value}"
            for sheet in recalculated[sample, name].worksheets
            for row in sheet.iter_rows()
            for cell in row
            if str(cell.value).startswith("#")
        ]
        assert wrong == []

    def test_stored_results_are_what_the_program_calculates(
        self, recalculated: dict[tuple[str, str], Workbook], sample: str, name: str, tmp_path: Path
    ) -> None:
        path = tmp_path / sample
        path.write_bytes(fill_template((SAMPLES / sample).read_bytes(), QUOTATIONS[name]))
        stored, formulas = opened(path), opened(path, data_only=False)
        calculated = recalculated[sample, name]
        places = [
            (sheet.title, cell.coordinate)
            for sheet in formulas.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and stored[sheet.title][cell.coordinate].value is not None
        ]
        assert (
            len(places) >= 9
        )  # all amounts; structured references, arrays and TEXT are left to the programs
        different = {
            f"{title}!{place}": (stored[title][place].value, calculated[title][place].value)
            for title, place in places
            if stored[title][place].value != pytest.approx(calculated[title][place].value)
            and (stored[title][place].value, calculated[title][place].value) != ("", None)
        }
        assert different == {}


class TestChecksOfTheForms:
    """Cells by which the forms check themselves, over all lines and both sheets."""

    @pytest.mark.parametrize("name", QUOTATIONS)
    def test_hold(self, recalculated: dict[tuple[str, str], Workbook], name: str) -> None:
        content = QUOTATIONS[name]
        lines = sum(len(panel.rows) for panel in content.panels) + len(content.extra)
        settings = recalculated["one-page.xlsx", name]["설정"]
        assert (settings["B3"].value, settings["B4"].value) == (lines, content.totals.subtotal)
        totals = recalculated["by-panel.xlsx", name]["내역서"]
        last = max(row for row in range(1, totals.max_row + 1) if totals.cell(row, 1).value == "내 역 합 계")
        assert totals.cell(last, 7).value == content.totals.subtotal
        assert totals.cell(last, 8).value == "갑지와 일치"
        check = recalculated["with-delivery-note.xlsx", name]["검산"]
        assert (check["A1"].value, check["A2"].value, check["A3"].value) == (content.totals.subtotal, 0, 0)
        assert check["A4"].value == lines

    @pytest.mark.parametrize("name", QUOTATIONS)
    def test_the_delivery_note_follows_the_quotation_line_by_line(
        self, recalculated: dict[tuple[str, str], Workbook], name: str
    ) -> None:
        book = recalculated["with-delivery-note.xlsx", name]
        quote, note = book["견적"], book["납품 확인서"]
        content = QUOTATIONS[name]
        lines = sum(len(panel.rows) for panel in content.panels) + len(content.extra)
        assert [note.cell(6 + at, 2).value for at in range(lines)] == [
            quote.cell(11 + at, 2).value for at in range(lines)
        ]
        running = sum(float(str(quote.cell(11 + at, 5).value)) for at in range(lines))
        assert note.cell(5 + lines, 8).value == pytest.approx(running)


class TestSecondProgram:
    def test_what_it_saves_is_found_to_differ(self, recalculated: dict[tuple[str, str], Workbook]) -> None:
        # a program that rewrites the file drops things; the comparison must not be blind to it
        book = recalculated["by-panel.xlsx", "five-lines"]
        output = io.BytesIO()
        book.save(output)
        measure = compare_template((SAMPLES / "by-panel.xlsx").read_bytes(), output.getvalue())
        assert (
            measure.formula_loss == measure.formulas_expected
        )  # opened for its values, it has no formulas left
        assert any(loss.kind == "image" for loss in measure.losses)
