import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kis.evidence import NotCanonical, PackExists, PackNotWritten, PackRefused, layout, sha256_hex, write_pack
from tests.integration.evidence.conftest import FILES, Quote


def _faults(refused: pytest.ExceptionInfo[PackRefused]) -> list[str]:
    return [problem.path for problem in refused.value.problems]


class TestRefusals:
    def test_names_every_problem_at_once_and_leaves_nothing(self, tmp_path: Path) -> None:
        with pytest.raises(PackRefused) as refused:
            write_pack(
                tmp_path / "out",
                "../t1",
                {"../a": b"", "b": b"", "B": b""},
                predicate={"price": float("nan")},
                organisation=" ",
                created_at="2026-01-31",
                home=tmp_path / "home",
            )
        assert _faults(refused) == ["../a", "B", "trace_id", "organisation", "created_at", "predicate"]
        assert refused.value.text("en").count("\n") == 6
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("created_at", ["", "now", "2026-01-31T09:00:00", "2026-01-31", "09:00:00Z"])
    def test_wants_an_instant_with_its_offset(self, tmp_path: Path, created_at: str) -> None:
        with pytest.raises(PackRefused) as refused:
            write_pack(
                tmp_path,
                "t1",
                FILES,
                predicate={},
                organisation="x",
                created_at=created_at,
                home=tmp_path / "home",
            )
        assert _faults(refused) == ["created_at"]

    @pytest.mark.parametrize("organisation", ["", " ", "a\nb", "가" * 201])
    def test_wants_an_organisation_one_can_print(self, quote: Quote, organisation: str) -> None:
        with pytest.raises(PackRefused) as refused:
            quote(organisation=organisation)
        assert _faults(refused) == ["organisation"]

    def test_makes_nothing_that_verification_would_not_read(
        self, quote: Quote, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(layout, "LARGEST_FILE_BYTES", 259)  # the workbook has 4 + 256 bytes
        with pytest.raises(PackRefused) as too_large:
            quote()
        assert _faults(too_large) == ["documents/견적서.xlsx"]
        monkeypatch.setattr(layout, "LARGEST_FILE_BYTES", 260)
        monkeypatch.setattr(layout, "MOST_ENTRIES", 9)  # 5 files, 2 folders, and 3 of the pack's own are 10
        with pytest.raises(PackRefused, match="more than 9 files and folders"):
            quote()
        monkeypatch.setattr(layout, "MOST_ENTRIES", 10)
        monkeypatch.setattr(
            layout,
            "LARGEST_PACK_BYTES",
            2 * layout.LARGEST_CONTROL_FILE_BYTES + sum(map(len, FILES.values())) - 1,
        )
        with pytest.raises(PackRefused, match="the pack as a whole"):
            quote()
        monkeypatch.setattr(layout, "LARGEST_PACK_BYTES", layout.LARGEST_PACK_BYTES + 1)
        assert quote().path.is_dir()

    def test_bounds_the_facts_it_signs(self, tmp_path: Path) -> None:
        facts = {"note": "x" * (layout.LARGEST_CONTROL_FILE_BYTES // 4)}
        with pytest.raises(PackRefused) as refused:
            write_pack(
                tmp_path,
                "t1",
                {},
                predicate=facts,
                organisation="x",
                created_at="2026-01-31T09:00:00Z",
                home=tmp_path / "home",
            )
        assert _faults(refused) == ["predicate"]

    def test_never_writes_over_a_pack(self, quote: Quote) -> None:
        path = quote().path
        before = {file: file.read_bytes() for file in path.rglob("*") if file.is_file()}
        with pytest.raises(PackExists) as refused:
            quote(files={"other.json": b"{}"})
        assert refused.value.path == path
        assert {file: file.read_bytes() for file in path.rglob("*") if file.is_file()} == before

    @pytest.mark.parametrize("kind", ["empty folder", "file", "dangling link"])
    def test_never_takes_a_name_that_anything_has(self, quote: Quote, root: Path, kind: str) -> None:
        root.mkdir(parents=True)
        if kind == "empty folder":
            (root / "t1").mkdir()
        elif kind == "file":
            (root / "t1").write_bytes(b"")
        else:
            (root / "t1").symlink_to(root / "nowhere")
        with pytest.raises(PackExists):
            quote()

    def test_says_so_when_the_place_is_no_folder(self, quote: Quote, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(PackNotWritten, match="File exists"):
            quote(root=tmp_path / "file" / "evidence")
        assert quote().path.is_dir()  # and the line goes on


class TestWritePack:
    def test_holds_the_files_as_given_and_three_of_its_own(self, quote: Quote, root: Path) -> None:
        pack = quote()
        assert pack.path == root / "t1"
        held = {
            file.relative_to(pack.path).as_posix(): file.read_bytes()
            for file in pack.path.rglob("*")
            if file.is_file()
        }
        assert set(held) - set(FILES) == {"chain.json", "SHA256SUMS", "attestation.dsse.json"}
        assert {name: held[name] for name in FILES} == FILES
        assert pack.sha256 == sha256_hex(held["SHA256SUMS"])

    def test_leaves_nothing_beside_the_pack(self, quote: Quote, root: Path) -> None:
        quote()
        assert [entry.name for entry in root.iterdir()] == ["t1"]

    @pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum of the coreutils")
    def test_satisfies_sha256sum(self, quote: Quote) -> None:
        pack = quote()
        checked = subprocess.run(
            ["sha256sum", "--check", "--strict", "SHA256SUMS"],
            cwd=pack.path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stderr
        assert checked.stdout.count(": OK") == len(FILES) + 1  # chain.json too; not itself, not the signature
        (pack.path / "visual.svg").write_bytes(b"<svg />")
        assert (
            subprocess.run(
                ["sha256sum", "--check", "SHA256SUMS"], cwd=pack.path, capture_output=True, check=False
            ).returncode
            == 1
        )

    def test_links_each_pack_to_the_one_before(self, quote: Quote) -> None:
        first, second = quote("t1"), quote("t2")
        assert json.loads((first.path / "chain.json").read_bytes()) == {
            "organisation": "hanbit",
            "sequence": 1,
            "previous": None,
            "previous_trace_id": None,
        }
        assert json.loads((second.path / "chain.json").read_bytes()) == {
            "organisation": "hanbit",
            "sequence": 2,
            "previous": first.sha256,
            "previous_trace_id": "t1",
        }

    def test_keeps_a_line_for_each_organisation(self, quote: Quote, home: Path) -> None:
        quote("t1")
        other = quote("t2", organisation="한빛전설㈜")
        third = quote("t3", organisation="HANBIT")  # not hanbit, also where the file system ignores case
        assert json.loads((other.path / "chain.json").read_bytes())["sequence"] == 1
        assert json.loads((third.path / "chain.json").read_bytes())["sequence"] == 1
        assert len({head.name.casefold() for head in (home / "chain").glob("*.json")}) == 3

    def test_takes_a_relative_place(
        self, quote: Quote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert quote(root=Path("here")).path == tmp_path / "here" / "t1"

    def test_takes_a_pack_without_files(self, quote: Quote) -> None:
        assert sorted(file.name for file in quote(files={}).path.iterdir()) == [
            "SHA256SUMS",
            "attestation.dsse.json",
            "chain.json",
        ]


class TestTheFace:
    def test_loads_no_cryptography_before_it_is_used(self) -> None:
        program = "import sys, kis.evidence; print(sorted({'cryptography', 'securesystemslib', 'filelock', 'rfc8785', 'yaml'} & set(sys.modules)))"
        loaded = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=_python_path()
        )
        assert loaded.stdout.strip() == "[]"

    def test_errors_explain_themselves_in_both_languages(self) -> None:
        error: Any = NotCanonical("/a", PackExists(Path("x")).message)
        assert "/a" in error.text("ko")
        assert "/a" in error.text("en")


def _python_path() -> dict[str, str]:
    import kis

    return {"PYTHONPATH": str(Path(kis.__file__).parents[1])}
