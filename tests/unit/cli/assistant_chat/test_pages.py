"""Images of pages as files, and whether there is a desktop to show them."""

from pathlib import Path

import pytest

from kis.cli.assistant_chat.conversation import Citation
from kis.cli.assistant_chat.pages import Pages, file_name, opener

CITATION = Citation(
    number=2, document="ab" * 32, title="KX 시리즈: ../사용 설명서", url="", page=7, excerpt="", highlight=""
)


def test_the_name_tells_where_it_is_from_and_leads_nowhere_else() -> None:
    assert file_name(CITATION) == "KX-시리즈-사용-설명서-p7-2.png"


def test_without_a_name_it_goes_into_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pages = Pages()
    first, second = pages.keep(b"1", CITATION), pages.keep(b"2", CITATION)
    assert first == second
    assert second.read_bytes() == b"2"
    assert first.parent.parent == tmp_path
    assert first.parent.stat().st_mode & 0o077 == 0


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    mine = tmp_path / "mine.png"
    mine.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        Pages().keep(b"theirs", CITATION, mine)
    assert mine.read_bytes() == b"mine"


def test_nothing_is_started_where_there_is_no_desktop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert opener({}, "linux") is None
    assert opener({"WAYLAND_DISPLAY": "wayland-0"}, "linux") == str(program)
