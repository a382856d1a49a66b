"""``kis documents`` and ``kis brand``, and what ``kis quote`` is told about documents, number and brand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import Run

Edit = Callable[[Path, Callable[[Any], None]], None]

FORMS = {"xlsx", "pdf", "svg", "dxf"}


def forms(pack: Path) -> set[str]:
    """Return the endings of the documents of a pack."""
    return {path.suffix[1:] for path in (pack / "documents").rglob("*") if path.is_file()}


def output(pack: Path) -> Any:
    return json.loads((pack / "output.json").read_bytes())


class TestQuote:
    def test_writes_every_form_and_lists_each_with_its_digest(self, pack: Path) -> None:
        assert forms(pack) == FORMS
        listed = {document["path"] for document in output(pack)["documents"]}
        written = {str(path.relative_to(pack)) for path in (pack / "documents").rglob("*") if path.is_file()}
        assert listed == written | {"visual.svg"}

    def test_gives_the_first_number_of_the_year(self, pack: Path) -> None:
        assert output(pack)["quotation"]["number"] == "KIS-2026-0001-R0"
        assert output(pack)["quotation"]["document_id"].encode() in _strings(pack / "documents/quotation.pdf")

    @pytest.mark.parametrize(("asked", "written"), [("svg", {"svg"}), ("pdf, xlsx", {"pdf", "xlsx"})])
    def test_writes_only_what_is_asked_for(
        self, pack: Path, run: Run, tmp_path: Path, asked: str, written: set[str]
    ) -> None:
        assert pack.is_dir()
        shown = run("quote", "request.yaml", "--documents", asked, "--out", "other", "--json")
        made = tmp_path / shown.data["evidence"]["path"]
        assert shown.code == 0
        assert forms(made) == written
        assert (made / "visual.svg").is_file()

    def test_gates_of_documents_nobody_asked_for_are_not_checked(self, pack: Path, run: Run) -> None:
        assert pack.is_dir()
        shown = run("quote", "request.yaml", "--documents", "dxf", "--out", "other", "--json")
        verdicts = {gate["id"]: gate["verdict"] for gate in shown.data["gates"]}
        assert verdicts["format.formula_loss"] == "not_checked"
        assert verdicts["cover.violations"] == "not_checked"

    def test_an_unknown_form_is_refused_before_anything_is_written(
        self, pack: Path, run: Run, tmp_path: Path
    ) -> None:
        assert pack.is_dir()
        shown = run("quote", "request.yaml", "--documents", "pdf,docx", "--out", "other")
        assert shown.code == 2
        assert "docx" in shown.err
        assert "xlsx, pdf, svg, dxf" in shown.err
        assert not (tmp_path / "other").exists()

    def test_a_number_given_by_hand_stands_on_the_quotation(self, pack: Path, run: Run) -> None:
        assert pack.is_dir()
        shown = run("quote", "request.yaml", "--number", "HB-2026-0042-R3", "--documents", "svg", "--json")
        assert shown.data["quotation"]["number"] == "HB-2026-0042-R3"

    def test_a_number_of_another_form_is_refused(self, pack: Path, run: Run) -> None:
        assert pack.is_dir()
        shown = run("quote", "request.yaml", "--number", "42", "--documents", "svg")
        assert shown.code == 2
        assert "HB-2026-0042-R0" in shown.err


class TestRequote:
    def test_gives_the_next_revision_of_the_recorded_number(
        self, pack: Path, run: Run, tmp_path: Path
    ) -> None:
        shown = run("requote", pack, "--make", "Sangdo", "--documents", "svg", "--json")
        made = tmp_path / shown.data["evidence"]["path"]
        assert output(made)["quotation"]["number"] == "KIS-2026-0001-R1"
        drawing = (made / "documents/drawings/panel-001-outline.svg").read_text(encoding="utf-8")
        assert ">R0<" in drawing
        assert ">R1<" in drawing
        assert run("documents", "rebuild", made).code == 0


class TestRebuild:
    def test_every_document_comes_out_again_to_the_byte(self, pack: Path, run: Run, tmp_path: Path) -> None:
        shown = run("documents", "rebuild", pack, "--out", tmp_path / "again", "--json")
        assert shown.code == 0
        assert shown.data["agrees"] is True
        for document in output(pack)["documents"]:
            assert (tmp_path / "again" / document["path"]).read_bytes() == (
                pack / document["path"]
            ).read_bytes()

    def test_a_changed_brand_shows_in_the_documents_that_carry_it(self, pack: Path, run: Run) -> None:
        brand = pack / "library/brand/brand.yaml"
        brand.write_text(brand.read_text(encoding="utf-8").replace("홍길동", "김길동"), encoding="utf-8")
        shown = run("documents", "rebuild", pack, "--json")
        differing = {document["path"] for document in shown.data["documents"] if not document["agrees"]}
        assert shown.code == 3
        assert differing == {"documents/quotation.xlsx", "documents/quotation.pdf"}

    def test_what_is_there_is_not_overwritten(self, pack: Path, run: Run, tmp_path: Path) -> None:
        (tmp_path / "again/documents").mkdir(parents=True)
        (tmp_path / "again/documents/quotation.pdf").write_text("mine")
        shown = run("documents", "rebuild", pack, "--out", tmp_path / "again")
        assert shown.code == 2
        assert "quotation.pdf" in shown.err
        assert (tmp_path / "again/documents/quotation.pdf").read_text() == "mine"
        assert not (tmp_path / "again/visual.svg").exists()


class TestVerify:
    def test_a_result_with_another_engineering_digest_is_found(
        self, pack: Path, run: Run, edit: Edit
    ) -> None:
        edit(pack / "output.json", lambda result: result["quotation"].update(engineering_sha256="0" * 64))
        shown = run("evidence", "verify", pack, "--json")
        told = json.dumps(shown.data, ensure_ascii=False)
        assert shown.code == 3
        assert "quotation/engineering_sha256" in told

    def test_a_touched_drawing_is_named(self, pack: Path, run: Run) -> None:
        drawing = pack / "documents/drawings/panel-001-outline.dxf"
        drawing.write_bytes(drawing.read_bytes() + b" ")
        shown = run("evidence", "verify", pack)
        assert shown.code == 3
        assert "panel-001-outline.dxf" in shown.out


class TestBrand:
    def test_init_makes_the_brand_of_the_installation(self, pack: Path, run: Run, home: Path) -> None:
        assert pack.is_dir()
        assert run("brand", "init").code == 0
        file = home / "brand/brand.yaml"
        text = file.read_text(encoding="utf-8")
        file.write_text(
            text.replace("illustrative: true", "illustrative: false")
            .replace("예시전기제작소(주)", "한빛전기(주)")
            .replace("000-00-00000", "123-45-67891")
            .replace("organisation: KIS", "organisation: HB"),
            encoding="utf-8",
        )
        assert run("brand", "check").code == 0
        shown = run("quote", "request.yaml", "--json")
        assert shown.code == 0
        assert shown.data["quotation"]["number"] == "HB-2026-0001-R0"

    def test_check_names_what_a_quotation_would_lack(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "brand.yaml").write_text(
            "schema: kis.brand/1\nsupplier: {name: {ko: 한빛, en: Hanbit}}\n", encoding="utf-8"
        )
        shown = run("brand", "check", tmp_path / "brand.yaml")
        assert shown.code == 3
        assert "supplier.registration_number" in shown.out
        assert "사업자등록번호" in shown.out

    def test_a_bare_brand_stops_the_quotation_at_its_cover(
        self, pack: Path, run: Run, tmp_path: Path
    ) -> None:
        assert pack.is_dir()
        (tmp_path / "bare.yaml").write_text(
            "schema: kis.brand/1\nsupplier: {name: {ko: 한빛, en: Hanbit}}\n", encoding="utf-8"
        )
        shown = run("quote", "request.yaml", "--brand", "bare.yaml", "--out", "other", "--json")
        cover = next(gate for gate in shown.data["gates"] if gate["id"] == "cover.violations")
        assert shown.code == 3
        assert cover["verdict"] == "fail"

    def test_what_is_wrong_with_a_cover_is_told_with_its_place(
        self, pack: Path, run: Run, tmp_path: Path
    ) -> None:
        assert pack.is_dir()
        (tmp_path / "bare.yaml").write_text(
            "schema: kis.brand/1\nsupplier: {name: {ko: 한빛, en: Hanbit}}\n", encoding="utf-8"
        )
        shown = run("quote", "request.yaml", "--brand", "bare.yaml", "--documents", "pdf", "--out", "other")
        told = " ".join(shown.out.split())
        assert shown.code == 3
        assert "문서 오류: documents/quotation.pdf p.1:" in told

    def test_a_stricter_policy_stops_the_quotation_at_the_document_check(
        self, pack: Path, run: Run, home: Path
    ) -> None:
        assert pack.is_dir()
        assert run("brand", "init").code == 0
        with (home / "brand/brand.yaml").open("a", encoding="utf-8") as file:
            file.write("policy: {smallest_text_pt: 12}\n")
        shown = run("quote", "request.yaml", "--documents", "pdf", "--out", "other", "--json")
        gates = {gate["id"]: gate["verdict"] for gate in shown.data["gates"]}
        assert (shown.code, gates["lint.errors"], gates["cover.violations"]) == (3, "fail", "pass")

    def test_init_does_not_touch_what_is_there(self, run: Run, home: Path) -> None:
        assert run("brand", "init").code == 0
        (home / "brand/brand.yaml").write_text("mine")
        assert run("brand", "init").code == 2
        assert (home / "brand/brand.yaml").read_text() == "mine"


def _strings(path: Path) -> bytes:
    """Return the words of a PDF as UTF-8."""
    import pypdfium2  # type: ignore[import-untyped]  # comes without types

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document).encode()
