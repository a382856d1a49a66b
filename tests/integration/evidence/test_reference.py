"""The reference page says what the code does."""

import re
from pathlib import Path

import pytest

from kis.evidence import attestation, layout, volatile

PAGE = Path(__file__).parents[3].joinpath("docs", "reference", "evidence-pack.md").read_text("utf-8")


class TestTheReferencePage:
    def test_names_the_files_and_the_closed_list(self) -> None:
        assert all(f"| `{name}` |" in PAGE for name in layout.OWN_FILES)
        closed = PAGE.partition("## What may differ between two runs")[2].partition("The keys themselves")[0]
        assert set(re.findall(r"`([^`]+)`", closed)) == (
            volatile.VOLATILE_FILES
            | volatile.VOLATILE_KEYS
            | set(volatile.VOLATILE_KEYS_BY_FILE)
            | frozenset().union(*volatile.VOLATILE_KEYS_BY_FILE.values())
        )

    def test_names_the_limits(self) -> None:
        mebibyte, gibibyte = 2**20, 2**30
        assert (
            f"a file {layout.LARGEST_FILE_BYTES // mebibyte} MiB, a pack {layout.LARGEST_PACK_BYTES // gibibyte} GiB"
            in PAGE
        )
        assert f"files and folders together {layout.MOST_ENTRIES:,}" in PAGE
        assert f"the attestation {layout.LARGEST_CONTROL_FILE_BYTES // mebibyte} MiB each" in PAGE
        assert f"at most {layout.LONGEST_NAME_BYTES} bytes" in PAGE

    def test_names_the_formats(self) -> None:
        for name in (attestation.STATEMENT_TYPE, attestation.PREDICATE_TYPE, attestation.PAYLOAD_TYPE):
            assert name in PAGE

    def test_has_an_example_that_runs(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        program = PAGE.partition("```python\n")[2].partition("```")[0]
        exec(compile(program, "evidence-pack.md", "exec"), {})  # noqa: S102 - the page's own example
        assert capsys.readouterr().out == ""  # no finding
        assert (tmp_path / "out" / "evidence" / "20260131-0001" / "SHA256SUMS").is_file()
