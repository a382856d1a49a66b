"""The bytes of a DXF depend on the sheet alone: not on the time, the process, the user or the fonts and settings of the machine."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from kis.estimator.documents.drawings.cad import dxf, library
from kis.estimator.documents.drawings.cad.pen import millimetres
from kis.estimator.documents.drawings.layout.view import layout_sheet
from tests.factories import cad, designs

SHEET = layout_sheet(designs.every_kind(), designs.heading())
PROGRAM = """
import hashlib, sys
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.cad import dxf
from tests.factories import designs
assert "ezdxf" not in sys.modules
data = dxf(layout_sheet(designs.every_kind(), designs.heading()))
from ezdxf.fonts.fonts import font_manager
assert len(font_manager._font_cache) == 0
print(hashlib.sha256(data).hexdigest())
"""


class TestBytes:
    def test_are_the_same_in_every_process_and_home(self, tmp_path: Path) -> None:
        settings = tmp_path / ".config" / "ezdxf" / "ezdxf.ini"
        settings.parent.mkdir(parents=True)
        settings.write_text("[core]\nwrite_fixed_meta_data_for_testing=false\n")
        missing = tmp_path / "missing"
        digests = {
            subprocess.run(
                [sys.executable, "-c", PROGRAM],
                env={"PYTHONHASHSEED": seed, "PYTHONPATH": "src:.", "HOME": str(home)},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for seed, home in (
                ("0", missing),
                ("1", tmp_path),
                ("4", tmp_path),
            )  # 0 and 4 give sets of names another order
        }
        assert len(digests) == 1
        assert not missing.exists()
        assert not (tmp_path / ".cache").exists()

    def test_end_lines_as_cad_programs_do(self) -> None:
        data = dxf(SHEET)
        assert data.count(b"\n") == data.count(b"\r\n")
        assert data.endswith(b"  0\r\nEOF\r\n")

    def test_name_the_version_after_what_is_drawn(self) -> None:
        moved = replace(SHEET, shapes=SHEET.shapes[1:])
        drawn, again, other = (cad.written(sheet).header for sheet in (SHEET, SHEET, moved))
        assert drawn["$VERSIONGUID"] == again["$VERSIONGUID"] != other["$VERSIONGUID"]

    def test_count_every_handle_once(self) -> None:
        text = dxf(SHEET).decode().split("\r\n")
        pairs = list(zip(text[::2], text[1::2], strict=False))
        start = next(i for i, pair in enumerate(pairs) if pair == ("  2", "CLASSES"))
        handles = [value for code, value in pairs[start:] if code in {"  5", "105"}]
        assert len(handles) == len(set(handles)) > 500
        (seed,) = (pairs[i + 1][1] for i, pair in enumerate(pairs) if pair[1] == "$HANDSEED")
        assert int(seed, 16) > max(int(handle, 16) for handle in handles)


class TestMillimetres:
    @pytest.mark.parametrize(
        ("value", "written"), [(-0.00001, "0.0"), (12.0, "12.0"), (1 / 3, "0.3333"), (1e-5, "0.0")]
    )
    def test_are_plain_numbers(self, value: float, written: str) -> None:
        assert str(millimetres(value)) == written


class TestEmptyHome:
    def test_is_left_as_it_was_found(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XDG_CACHE_HOME", "/mine")
        monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
        with library._empty_home():
            home = Path(os.environ["XDG_CACHE_HOME"])
            assert (home / "ezdxf" / "font_manager_cache.json").is_file()
            assert os.environ["XDG_CONFIG_HOME"] == str(home)
        assert os.environ["XDG_CACHE_HOME"] == "/mine"
        assert "XDG_CONFIG_HOME" not in os.environ
        assert not home.exists()
