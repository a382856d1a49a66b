"""Programs that the tests drive: what is missing is installed where that is possible, and named where it is not."""

import os
import sys
from pathlib import Path

import pytest

from kis.platform.messages import Message
from tools import servers
from tools.servers import NEEDED, provide

APT = """#!/bin/sh
echo "$DEBIAN_FRONTEND: $*" >> "{log}"
[ ! -x "{folder}/policy-rc.d" ] || "{folder}/policy-rc.d" && echo "services may start" >> "{log}"
exit {code}
"""

ALL = ", ".join(needed.package for needed in NEEDED)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="apt is a Debian program")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder on PATH; the tests run as root."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(servers, "NOT_ON_PATH", tmp_path / "lib")
    monkeypatch.setattr(servers, "POLICY", tmp_path / "policy-rc.d")
    return tmp_path


def program(folder: Path, name: str, text: str = "#!/bin/sh\n") -> None:
    (folder / name).write_text(text, encoding="utf-8")
    (folder / name).chmod(0o755)


def apt(folder: Path, code: int = 0) -> Path:
    """Put an apt on the path that only writes down what it is asked for."""
    log = folder / "apt.log"
    program(folder, "apt-get", APT.format(log=log, code=code, folder=folder))
    return log


def told() -> tuple[list[str], list[str]]:
    """Run and return the keys of what was told, and the packages named."""
    messages: list[Message] = []
    provide(messages.append)
    return [message.key for message in messages], [str(message.values["packages"]) for message in messages]


class TestProvide:
    def test_says_nothing_where_all_is_there(self, path: Path) -> None:
        for needed in NEEDED:
            program(path, needed.command)
        log = apt(path)
        assert told() == ([], [])
        assert not log.exists()

    def test_installs_only_what_is_missing(self, path: Path) -> None:
        for needed in NEEDED:
            if needed.command not in {"ogrinfo", "postgres"}:
                program(path, needed.command)
        (path / "lib" / "15" / "bin").mkdir(parents=True)
        program(path / "lib" / "15" / "bin", "postgres")
        log = apt(path)
        assert told() == (["cli.develop.servers_installing"], ["gdal-bin"])
        assert log.read_text(encoding="utf-8").splitlines() == [
            "noninteractive: -q update",
            "noninteractive: -q install -y --no-install-recommends gdal-bin",
        ]

    def test_names_what_it_may_not_install(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        log = apt(path)
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert told() == (["cli.develop.servers_missing"], [ALL])
        assert not log.exists()

    @pytest.mark.usefixtures("path")
    def test_names_what_a_system_without_apt_lacks(self) -> None:
        assert told() == (["cli.develop.servers_missing"], [ALL])

    def test_names_what_apt_could_not_install(self, path: Path) -> None:
        log = apt(path, code=100)
        keys, packages = told()
        assert keys == ["cli.develop.servers_installing", "cli.develop.servers_missing"]
        assert set(packages) == {ALL}
        assert len(log.read_text(encoding="utf-8").splitlines()) == 1

    def test_leaves_no_answer_about_services_behind(self, path: Path) -> None:
        apt(path)
        told()
        assert not (path / "policy-rc.d").exists()

    def test_keeps_the_answer_about_services_that_is_there(self, path: Path) -> None:
        program(path, "policy-rc.d", "#!/bin/sh\nexit 101 # the operator's own\n")
        apt(path)
        told()
        assert "the operator's own" in (path / "policy-rc.d").read_text(encoding="utf-8")
