"""``./kis`` as a stranger meets it: real pip and uv, real environments, packages from a folder instead of the network."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kis.platform import settings

ROOT = Path(__file__).resolve().parents[3]
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
SHELL_TOOLS = ("sh", "cat", "cmp", "readlink")
PROGRAM = """
import os, sys
from importlib.metadata import distributions
print(sys.argv[1:], os.environ["KIS_HOME"], sorted(f"{one.name}-{one.version}" for one in distributions() if "probe" in one.name))
"""


UV_THAT_TELLS = f"""#!/bin/sh
echo "$@" >> "${{0%/*}}/calls"
exec {Path(sys.executable).with_name("uv")} "$@"
"""


class Checkout:
    """A small repository: the launcher, its bootstrap, a program that tells what it sees, and lists of tiny packages."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.program = self.root / "kis"
        self.wheels = folder / "wheels"
        self.bin = folder / "bin"
        for made in (
            self.root / "tools",
            self.root / "requirements",
            self.root / "src" / "kis",
            self.wheels,
            self.bin,
        ):
            made.mkdir(parents=True)
        shutil.copy(ROOT / "kis", self.root)
        shutil.copy(ROOT / "tools" / "bootstrap.py", self.root / "tools")
        (self.root / "src" / "kis" / "__main__.py").write_text(PROGRAM, encoding="utf-8")
        for tool in SHELL_TOOLS:
            (self.bin / tool).symlink_to(str(shutil.which(tool)))
        self.add_python("python3", BASE_PYTHON)
        self.require(runtime=["probe==1"], development=["probe==1", "probe_tool==1"])

    def add_python(self, name: str, target: Path) -> None:
        """Put an interpreter on the path under ``name``."""
        (self.bin / name).write_text(f'#!/bin/sh\nexec {target} "$@"\n', encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def add_uv(self) -> None:
        """Put uv on the path."""
        (self.bin / "uv").symlink_to(Path(sys.executable).with_name("uv"))

    def require(self, **packages: list[str]) -> None:
        """Write the lock files."""
        for name, requirements in packages.items():
            lines = [f"{one} --hash=sha256:{self._wheel(*one.split('=='))}" for one in requirements]
            (self.root / "requirements" / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start the launcher with nothing of this machine but a shell and the interpreters that were added."""
        clean = {"PATH": str(self.bin), "HOME": str(self.root.parent), "LANG": "en_US.UTF-8"}
        offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        uv = {"UV_OFFLINE": "1", "UV_FIND_LINKS": str(self.wheels), "UV_NO_CONFIG": "1", "UV_NO_CACHE": "1"}
        return subprocess.Popen(
            [self.program, *arguments],
            env=clean | offline | uv | environment,
            cwd=self.root.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, **environment: str) -> tuple[int, str, str]:
        """Run the launcher; return its exit code and both streams."""
        process = self.start(*arguments, **environment)
        out, err = process.communicate()
        return process.returncode, out, err

    def seen(self, *arguments: str, packages: list[str]) -> str:
        """Return what the program prints when it is called with ``arguments`` and finds ``packages``."""
        return f"{list(arguments)} {self.root / '.kis'} {packages}\n"

    def _wheel(self, name: str, version: str) -> str:
        """Build a wheel with one empty module and return its hash."""
        path = self.wheels / f"{name}-{version}-py3-none-any.whl"
        about = f"{name}-{version}.dist-info"
        content = {
            f"{name}.py": "",
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            **({f"{name}-{version}.data/scripts/uv": UV_THAT_TELLS} if name == "uv" else {}),
            f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "".join(f"{one},,\n" for one in [*content, f"{about}/RECORD"])
        if not path.exists():
            with zipfile.ZipFile(path, "w") as wheel:
                for one, text in (content | {f"{about}/RECORD": record}).items():
                    entry = zipfile.ZipInfo(one)
                    entry.external_attr = (0o100755 if "/scripts/" in one else 0o100644) << 16
                    wheel.writestr(entry, text)
        return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """Return a checkout on a machine with Python and nothing else."""
    return Checkout(tmp_path)


@pytest.fixture
def quick(checkout: Checkout) -> Checkout:
    """Return a checkout on a machine that has uv as well."""
    checkout.add_uv()
    return checkout


class TestFirstRun:
    def test_needs_python_alone(self, checkout: Checkout) -> None:
        code, out, err = checkout.run("quote", "a b.yaml")
        assert code == 0, err
        assert out == checkout.seen("quote", "a b.yaml", packages=["probe-1"])
        assert "kis: Making .venv with Python" in err
        assert "kis: Installing 1 packages (requirements/runtime.txt)" in err
        assert checkout.run("quote") == (0, checkout.seen("quote", packages=["probe-1"]), "")

    def test_uses_uv_where_it_is_present(self, quick: Checkout) -> None:
        code, out, _ = quick.run("quote")
        assert (code, out) == (0, quick.seen("quote", packages=["probe-1"]))
        assert not (quick.root / ".venv" / "bin" / "pip").exists()

    def test_brings_an_installer_of_its_own_where_there_is_none(self, checkout: Checkout) -> None:
        checkout.require(installer=["uv==1"])
        code, out, _ = checkout.run("quote")
        assert (code, out) == (0, checkout.seen("quote", packages=["probe-1"]))
        calls = (checkout.root / ".kis" / "installer" / "bin" / "calls").read_text(encoding="utf-8")
        assert calls.startswith("pip install --require-hashes")

    def test_falls_back_to_pip_where_uv_cannot_reach_the_packages(self, quick: Checkout) -> None:
        code, out, err = quick.run("quote", UV_FIND_LINKS="")
        assert (code, out) == (0, quick.seen("quote", packages=["probe-1"]))
        assert "kis: uv could not install; trying pip instead" in err

    @pytest.mark.parametrize(
        ("environment", "is_korean"),
        [
            ({"LANG": "ko_KR.UTF-8"}, True),
            ({"LANG": ""}, True),
            ({"LANG": "enm"}, True),  # not English, but Middle English
            ({"LANG": "en_US.UTF-8"}, False),
            ({"LANG": "en"}, False),
            ({"LANG": "ko_KR.UTF-8", "KIS_LANG": "en"}, False),
        ],
    )
    def test_speaks_the_language_of_the_settings(
        self,
        checkout: Checkout,
        monkeypatch: pytest.MonkeyPatch,
        environment: dict[str, str],
        is_korean: bool,
    ) -> None:
        (checkout.bin / "python3").unlink()
        assert checkout.run("quote", **environment)[2].startswith("KIS에는" if is_korean else "KIS needs")
        for name in ("KIS_LANG", "LANG"):
            monkeypatch.setenv(name, environment.get(name, ""))
        assert settings.locale() == ("ko" if is_korean else "en")


class TestDevelopmentVerb:
    @pytest.mark.parametrize("arguments", [["test", "-k", "x"], ["--lang", "ko", "--debug", "lint"]])
    def test_adds_the_development_tools(self, quick: Checkout, arguments: list[str]) -> None:
        quick.run("quote")
        code, out, err = quick.run(*arguments)
        assert (code, out) == (0, quick.seen(*arguments, packages=["probe-1", "probe_tool-1"]))
        assert "requirements/development.txt" in err
        assert "Making" not in err  # the packages of runtime stay where they are
        assert quick.run("quote", "test")[2] == ""
        assert quick.run(*arguments)[2] == ""

    def test_is_told_from_an_argument_of_the_same_name(self, quick: Checkout) -> None:
        _, out, _ = quick.run("quote", "test")
        assert out == quick.seen("quote", "test", packages=["probe-1"])


class TestChangedLock:
    def test_is_installed_anew(self, quick: Checkout) -> None:
        quick.run("test")
        quick.require(runtime=["probe==2"], development=["probe==2", "probe_tool==1"])
        assert quick.run("quote")[1] == quick.seen("quote", packages=["probe-2"])
        assert quick.run("test")[1] == quick.seen("test", packages=["probe-2", "probe_tool-1"])

    def test_of_development_leaves_no_dropped_package_behind(self, quick: Checkout) -> None:
        quick.run("test")
        quick.require(development=["probe==1", "probe_check==1"])
        assert quick.run("quote")[2] == ""
        assert quick.run("test")[1] == quick.seen("test", packages=["probe-1", "probe_check-1"])


class TestInterruptedInstallation:
    def test_is_begun_anew(self, quick: Checkout) -> None:
        quick.run("quote")
        (quick.root / ".venv" / "kis-runtime.txt").unlink()  # it is written last
        shutil.rmtree(quick.root / ".venv" / "lib")
        code, out, err = quick.run("quote")
        assert (code, out) == (0, quick.seen("quote", packages=["probe-1"]))
        assert "Making .venv" in err

    def test_with_a_python_that_has_gone_is_begun_anew(self, quick: Checkout) -> None:
        quick.run("quote")
        interpreter = quick.root / ".venv" / "bin" / "python"
        interpreter.unlink()
        interpreter.symlink_to("gone")
        assert quick.run("quote")[1] == quick.seen("quote", packages=["probe-1"])


class TestTwoAtOnce:
    def test_install_once(self, quick: Checkout) -> None:
        processes = [quick.start("quote") for _ in range(3)]
        results = [(*process.communicate(), process.returncode) for process in processes]
        assert [(out, code) for out, _, code in results] == [
            (quick.seen("quote", packages=["probe-1"]), 0)
        ] * 3
        assert sum("Making .venv" in err for _, err, _ in results) == 1


class TestCalledFromElsewhere:
    def test_by_symbolic_links(self, quick: Checkout, tmp_path: Path) -> None:
        (tmp_path / "links").mkdir()
        (tmp_path / "links" / "inner").symlink_to(quick.root / "kis")
        (tmp_path / "kis-link").symlink_to("links/inner")
        quick.program = tmp_path / "kis-link"
        code, out, err = quick.run("quote")
        assert (code, out) == (0, quick.seen("quote", packages=["probe-1"])), err

    def test_keeps_a_home_that_is_set(self, quick: Checkout, tmp_path: Path) -> None:
        assert f" {tmp_path / 'home'} " in quick.run("quote", KIS_HOME=str(tmp_path / "home"))[1]


class TestPython:
    def test_missing_is_told_with_a_remedy(self, checkout: Checkout) -> None:
        (checkout.bin / "python3").unlink()
        code, out, err = checkout.run("quote")
        assert (code, out) == (1, "")
        assert err.startswith("KIS needs Python 3.11 or newer and found none.\nInstall Python 3.11 to 3.13")

    def test_too_old_or_only_a_stand_in_is_passed_over(self, quick: Checkout) -> None:
        stand_in = quick.bin / "python3.13"
        stand_in.write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
        stand_in.chmod(0o755)
        assert quick.run("quote")[0] == 0

    def test_asked_for_by_name_is_never_another(self, quick: Checkout) -> None:
        code, _, err = quick.run("quote", KIS_PYTHON="python9")
        assert code == 1
        assert "found none (KIS_PYTHON=python9)" in err

    def test_asked_for_by_name_replaces_the_one_in_use(self, quick: Checkout) -> None:
        quick.run("quote")
        assert "Making .venv" in quick.run("quote", KIS_PYTHON=str(BASE_PYTHON))[2]
        assert quick.run("quote", KIS_PYTHON=str(BASE_PYTHON))[2] == ""
        assert quick.run("quote")[2] == ""


class TestFailedInstallation:
    def test_without_a_network_says_so(self, checkout: Checkout) -> None:
        nobody_listens = "http://127.0.0.1:9/simple"
        code, out, err = checkout.run(
            "quote", PIP_INDEX_URL=nobody_listens, PIP_NO_INDEX="0", PIP_FIND_LINKS="", PIP_RETRIES="1"
        )
        assert (code, out) == (1, "")
        assert "kis: The package index could not be reached. Check the network" in err
        checkout.add_uv()
        assert checkout.run("quote")[0] == 0  # the next run, with a network, mends it

    def test_with_a_file_that_is_not_the_locked_one_stops(self, checkout: Checkout) -> None:
        lock = checkout.root / "requirements" / "runtime.txt"
        lock.write_text("probe==1 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
        code, out, err = checkout.run("quote")
        assert (code, out) == (1, "")
        assert "kis: The installation failed." in err
        assert "hash" in err.lower()

    def test_with_no_package_for_this_python_says_so(self, checkout: Checkout) -> None:
        checkout.require(runtime=["probe==1"])
        (checkout.wheels / "probe-1-py3-none-any.whl").unlink()
        code, _, err = checkout.run("quote")
        assert code == 1
        assert "kis: No package that fits Python" in err
