"""Who holds a data folder, and what others learn of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from kis.platform.embedded import (
    DataFolderBusy,
    DataFolderUnusable,
    Purpose,
    claim,
    join,
    running_instance,
)

HOLD = """
import sys
from pathlib import Path
from kis.platform.embedded import Purpose, claim
with claim(Path(sys.argv[1]), Purpose.SERVICE) as held:
    held.tell(url="http://127.0.0.1:8000", socket="/somewhere", port=0)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> "subprocess.Popen[str]":
    """A process that holds the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def ended(process: "subprocess.Popen[str]") -> None:
    process.kill()
    process.communicate()


class TestClaim:
    def test_keeps_another_process_out_and_names_the_one_that_is_in(
        self, tmp_path: Path, holder: "subprocess.Popen[str]"
    ) -> None:
        with pytest.raises(DataFolderBusy) as refused, claim(tmp_path, Purpose.SERVICE, patience_seconds=0):
            pass
        ended(holder)
        assert str(holder.pid) in refused.value.text("en")
        assert str(tmp_path) in refused.value.text("ko")

    def test_ends_with_the_process_that_holds_it_however_that_ends(
        self, tmp_path: Path, holder: "subprocess.Popen[str]"
    ) -> None:
        ended(holder)
        assert running_instance(tmp_path) is None
        with claim(tmp_path, Purpose.SERVICE):
            assert running_instance(tmp_path) is not None

    def test_keeps_a_second_one_of_the_same_process_out(self, tmp_path: Path) -> None:
        with claim(tmp_path, Purpose.SERVICE), pytest.raises(DataFolderBusy):
            claim(tmp_path, Purpose.COMMAND, patience_seconds=0).__enter__()

    def test_makes_the_folder_and_leaves_nothing_told_behind(self, tmp_path: Path) -> None:
        data = tmp_path / "a" / "b"
        with claim(data, Purpose.COMMAND):
            pass
        assert [path.name for path in data.iterdir()] == ["instance.lock"]

    def test_says_which_folder_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(DataFolderUnusable) as refused:
            claim(tmp_path / "file" / "data", Purpose.SERVICE).__enter__()
        assert str(tmp_path / "file" / "data") in refused.value.text("ko")
        assert "cannot be made or written" in refused.value.text("en")


class TestRunningInstance:
    def test_is_none_where_nobody_ever_was(self, tmp_path: Path) -> None:
        assert running_instance(tmp_path) is None

    def test_tells_what_the_holder_told(self, tmp_path: Path, holder: "subprocess.Popen[str]") -> None:
        found = running_instance(tmp_path)
        ended(holder)
        assert found is not None
        assert (found.pid, found.purpose) == (holder.pid, Purpose.SERVICE)
        assert (found.url, found.socket) == ("http://127.0.0.1:8000", "/somewhere")

    def test_does_not_believe_what_a_crash_left(self, tmp_path: Path) -> None:
        left = {"pid": 1, "purpose": "service", "url": "http://127.0.0.1:8000", "socket": "", "port": 0}
        (tmp_path / "instance.json").write_text(json.dumps(left), encoding="utf-8")
        (tmp_path / "instance.lock").touch()
        assert running_instance(tmp_path) is None

    def test_is_told_to_its_owner_alone(self, tmp_path: Path) -> None:
        with claim(tmp_path, Purpose.SERVICE) as held:
            held.tell(url="http://127.0.0.1:8000")
            assert (tmp_path / "instance.json").stat().st_mode & 0o777 == 0o600


class TestJoin:
    def test_is_refused_by_a_folder_held_for_one_command(self, tmp_path: Path) -> None:
        (tmp_path / "database.json").write_text(
            json.dumps({"superuser": "a", "owner": "b", "application": "c"}), encoding="utf-8"
        )
        with claim(tmp_path, Purpose.COMMAND) as held:
            held.tell(socket="/somewhere")
            assert join(tmp_path) is None

    def test_is_refused_by_an_installation_with_another_database(self, tmp_path: Path) -> None:
        with claim(tmp_path, Purpose.SERVICE) as held:
            held.tell(url="http://127.0.0.1:8000")
            assert join(tmp_path) is None
