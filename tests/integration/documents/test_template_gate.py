"""The gates over a filled template: sound files pass, and a mutated one is caught with the cell, name or part that was hurt."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import pytest
import yaml

from kis.cli import main
from kis.estimator.documents.brand import load_brand, read_brand
from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.template import fill_template
from kis.estimator.findings import Gate, Verdict
from kis.estimator.stages.format import format_gates, measure
from tests.factories import contents

EXAMPLES: Final = Path(__file__).parents[3] / "examples"
TEMPLATES: Final = sorted((EXAMPLES / "templates").glob("*.xlsx"))


@cache
def quotation(name: str) -> QuotationContent:
    """Return the quotation of the factory, issued on a sample template."""
    shipped = load_brand()
    text = shipped.files["brand.yaml"].decode() + f"template: {name}\n"
    found = {**shipped.files, "brand.yaml": text.encode(), name: (EXAMPLES / "templates" / name).read_bytes()}
    return replace(contents.content(), brand=read_brand(found))


@cache
def filled(name: str) -> bytes:
    content = quotation(name)
    assert content.brand.template is not None
    return fill_template(content.brand.template, content)


def judged(name: str, workbook: bytes) -> dict[str, Gate]:
    return {gate.id: gate for gate in format_gates(measure(quotation(name), workbook))}


def mutated(workbook: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """Return the file with every part changed; a part of which nothing is left is dropped."""
    output = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(output, "w") as new:
        for entry in old.infolist():
            data = change(entry.filename, old.read(entry))
            if data is not None:
                new.writestr(entry, data)
    assert output.getvalue() != workbook
    return output.getvalue()


class TestSoundFile:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_passes_all_three_gates(self, path: Path) -> None:
        gates = judged(path.name, filled(path.name))
        assert {name: gate.verdict for name, gate in gates.items()} == {
            "format.formula_loss": Verdict.PASS,
            "format.named_range_damage": Verdict.PASS,
            "format.part_loss": Verdict.PASS,
        }
        assert all(gate.measured == 0 for gate in gates.values())


class TestMutatedFile:
    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_a_removed_formula_fails_its_gate_with_the_cell_named(self, path: Path) -> None:
        cells: list[str] = []

        def without_first_formula(name: str, data: bytes) -> bytes:
            found = re.search(rb'<c r="([A-Z]+\d+)"[^>]*><f>[^<]*</f>', data)
            if cells or found is None or not name.startswith("xl/worksheets/"):
                return data
            cells.append(found[1].decode())
            return data.replace(found[0], re.sub(rb"<f>[^<]*</f>", b"", found[0]), 1)

        gate = judged(path.name, mutated(filled(path.name), without_first_formula))["format.formula_loss"]
        assert (gate.verdict, gate.measured) == (Verdict.FAIL, 1)
        assert f"!{cells[0]}" in gate.explanation.text("ko")

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_a_broken_name_fails_its_gate_by_name(self, path: Path) -> None:
        names: list[str] = []

        def with_broken_name(part: str, data: bytes) -> bytes:
            if part != "xl/workbook.xml":
                return data
            found = re.search(rb'<definedName name="([A-Za-z]\w+)"[^>]*>([^<]+)</definedName>', data)
            assert found is not None
            names.append(found[1].decode())
            return data.replace(found[0], found[0].replace(b">" + found[2] + b"<", b">#REF!<"), 1)

        gate = judged(path.name, mutated(filled(path.name), with_broken_name))["format.named_range_damage"]
        assert gate.verdict is Verdict.FAIL
        assert names[0] in gate.explanation.text("ko")

    @pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
    def test_a_lost_picture_fails_its_gate_with_the_part_named(self, path: Path) -> None:
        dropped: list[str] = []

        def without_first_picture(part: str, data: bytes) -> bytes | None:
            if dropped or not part.startswith("xl/media/"):
                return data
            dropped.append(part)
            return None

        gate = judged(path.name, mutated(filled(path.name), without_first_picture))["format.part_loss"]
        assert gate.verdict is Verdict.FAIL
        assert dropped[0] in gate.explanation.text("ko")


class TestQuotation:
    def test_on_a_companys_template_is_whole(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("KIS_HOME", str(tmp_path / "home"))
        assert main(["brand", "init", str(tmp_path / "brand")]) == 0
        file = tmp_path / "brand/brand.yaml"
        given = yaml.safe_load(file.read_text(encoding="utf-8")) | {"template": "form.xlsx"}
        file.write_text(yaml.safe_dump(given, allow_unicode=True), encoding="utf-8")
        (tmp_path / "brand/form.xlsx").write_bytes((EXAMPLES / "templates/by-panel.xlsx").read_bytes())
        words = ("--brand", str(tmp_path / "brand"), "--documents", "xlsx", "--out", str(tmp_path / "out"))
        assert main(["quote", str(EXAMPLES / "office-lighting-panel.yaml"), *words]) == 0
        (pack,) = (entry for entry in (tmp_path / "out/evidence").iterdir() if entry.is_dir())
        assert (pack / "library/brand/form.xlsx").is_file()
        assert main(["evidence", "verify", str(pack)]) == 0
        assert main(["documents", "rebuild", str(pack)]) == 0
