"""As whom the server runs, and where that account gets."""

import os
from pathlib import Path

import pytest

from kis.platform.embedded import DataFolderUnreachable, account, programs
from kis.platform.embedded.account import Account, Programs, server_account

STRANGER = Account(uid=12345, gid=12345, name="stranger", switches=True)


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder everybody may enter, if those above it let them pass."""
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    return folder


class TestPasses:
    def test_asks_every_folder_above(self, open_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        modes = {open_folder: 0o755, open_folder.parent: 0o711}
        monkeypatch.setattr(Path, "stat", _stat_with(modes))
        assert STRANGER.passes(open_folder)
        modes[open_folder.parent] = 0o700
        assert not STRANGER.passes(open_folder)

    def test_counts_the_rights_of_the_owner_where_it_owns(
        self, open_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = Account(uid=os.getuid(), gid=os.getgid(), name="own", switches=True)
        modes = {open_folder: 0o700}
        monkeypatch.setattr(Path, "stat", _stat_with(modes))
        assert own.passes(open_folder)
        modes[open_folder] = 0o077
        assert not own.passes(open_folder)


def _stat_with(modes: dict[Path, int]) -> object:
    """Return Path.stat with other rights: what is not named is open to all."""
    real = Path.stat

    def stat(path: Path, **given: bool) -> os.stat_result:
        fields = list(real(path, **given))
        fields[0] = 0o040000 | modes.get(path, 0o755)
        return os.stat_result(fields)

    return stat


class TestServerAccount:
    def test_is_the_callers_own_unless_that_is_root(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        monkeypatch.setattr(os, "getegid", lambda: 1001)
        assert server_account(tmp_path / "cluster") == Account(1000, 1001, "1000", switches=False)

    def test_is_the_owner_of_the_cluster_for_root(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        real = Path.stat

        def stat(path: Path, **given: bool) -> os.stat_result:
            fields = list(real(path, **given))
            fields[4:6] = [4242, 4343]
            return os.stat_result(fields)

        monkeypatch.setattr(Path, "stat", stat)
        found = server_account(tmp_path)
        assert (found.uid, found.gid, found.switches) == (4242, 4343, True)

    def test_is_never_root(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert server_account(tmp_path / "none yet").uid != 0


class TestPrograms:
    def test_are_those_of_the_wheel(self) -> None:
        assert (programs() / "initdb").is_file()

    def test_need_nothing_where_the_caller_runs_them(self, tmp_path: Path) -> None:
        own = Account(os.getuid(), os.getgid(), "own", switches=False)
        assert Programs.for_folder(tmp_path, own).prefix == ()

    def test_say_which_folder_is_closed_where_nothing_can_open_it(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Account, "passes", lambda _self, folder: folder != tmp_path)
        monkeypatch.setattr("shutil.which", lambda _name: None)
        with pytest.raises(DataFolderUnreachable) as refused:
            Programs.for_folder(tmp_path, STRANGER)
        assert str(tmp_path) in refused.value.text("ko")
        assert "stranger" in refused.value.text("en")

    def test_are_given_one_capability_where_a_folder_above_is_closed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Account, "passes", lambda _self, folder: folder != tmp_path)
        monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
        monkeypatch.setattr(account, "_may_pass_anywhere", lambda: True)
        words = Programs.for_folder(tmp_path, STRANGER).prefix
        assert words[0] == "/usr/bin/setpriv"
        assert {"--reuid=12345", "--regid=12345", "--clear-groups"} < set(words)
        assert [word for word in words if "caps" in word] == [
            "--inh-caps=-all,+dac_read_search",
            "--ambient-caps=-all,+dac_read_search",
        ]
