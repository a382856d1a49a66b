from pathlib import Path

import pytest

from kis.catalog.folder import finish, read_bytes, replace_files

OLD = {"a.csv": b"old a", "b.csv": b"old b"}
NEW = {"a.csv": b"new a", "b.csv": b"new b"}


def _held(directory: Path) -> dict[str, bytes | None]:
    return {name: read_bytes(directory, name) for name in NEW}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in OLD.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


class TestReplaceFiles:
    def test_puts_all_files_in_place_and_leaves_others_alone(self, folder: Path) -> None:
        (folder / "notes.txt").write_bytes(b"mine")
        replace_files(folder, NEW)
        assert _held(folder) == NEW
        assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv", "notes.txt"]
        assert (folder / "notes.txt").read_bytes() == b"mine"

    def test_changes_nothing_when_it_stops_before_the_commit(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def power_cut(_self: Path, _target: Path) -> Path:
            raise OSError("power cut")

        monkeypatch.setattr(Path, "rename", power_cut)
        with pytest.raises(OSError, match="power cut"):
            replace_files(folder, NEW)
        assert _held(folder) == OLD

    def test_holds_all_new_files_when_it_stops_after_the_commit(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = Path.replace

        def cut_at_second(self: Path, target: Path) -> Path:
            if self.name == "b.csv":
                raise OSError("power cut")
            return real(self, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", cut_at_second)
            with pytest.raises(OSError, match="power cut"):
                replace_files(folder, NEW)
        assert (folder / "b.csv").read_bytes() == b"old b"
        assert _held(folder) == NEW
        finish(folder)
        assert {name: (folder / name).read_bytes() for name in NEW} == NEW

    def test_forgets_what_an_earlier_run_left_unfinished(self, folder: Path) -> None:
        (folder / ".incoming").mkdir()
        (folder / ".incoming" / "c.csv").write_bytes(b"half")
        replace_files(folder, NEW)
        assert sorted(path.name for path in folder.iterdir()) == ["a.csv", "b.csv"]
