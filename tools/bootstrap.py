"""Makes ``.venv`` from a lock file; the launcher ``./kis`` calls this when the environment is missing or out of date.

    bootstrap.py ROOT runtime|development ko|en [PYTHON]

- Only one runs at a time: an advisory lock on ``.kis/venv.lock``, which the system itself gives back when its holder dies. The
  installer that is started inherits it, so that it is not given back while an orphaned installer still writes.
- A copy of the lock file inside ``.venv`` is written last and says that the environment is complete. Interrupted at any moment,
  the copy is missing and the next start begins anew.
- The development packages are those of runtime and more, at the same versions; they are added to a runtime environment.
- uv installs, because it is many times faster: the one on PATH, else one that pip brings from ``requirements/installer.txt`` into
  ``.kis/installer``, outside the environment. pip installs where uv cannot be had, or cannot reach the packages.

Runs on a bare Python 3.11, before anything is installed: standard library only, and its few sentences stand here instead of in
the message catalogue, whose reader is not installed yet.
"""

import contextlib
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TextIO

TEXTS: Final = {
    "waiting": {
        "ko": "다른 ./kis가 설치를 마칠 때까지 기다립니다 …",
        "en": "Waiting for another ./kis to finish installing …",
    },
    "making": {
        "ko": "Python {version}로 .venv를 만듭니다 (처음 한 번, 보통 1분 안팎) …",
        "en": "Making .venv with Python {version} (only this once, about a minute) …",
    },
    "installing": {
        "ko": "패키지 {count}개를 설치합니다 ({lock}) …",
        "en": "Installing {count} packages ({lock}) …",
    },
    "done": {"ko": "설치를 마쳤습니다 ({seconds}초).", "en": "Installed in {seconds} s."},
    "pip_instead": {
        "ko": "uv로 설치하지 못해 pip으로 다시 시도합니다 …",
        "en": "uv could not install; trying pip instead …",
    },
    "no_network": {
        "ko": "패키지 저장소에 연결하지 못했습니다. 네트워크나 프록시(HTTPS_PROXY), 사내 저장소(PIP_INDEX_URL) 설정을 확인한 뒤 "
        "같은 명령을 다시 실행하세요. 기록: {log}",
        "en": "The package index could not be reached. Check the network, the proxy (HTTPS_PROXY) or your own index (PIP_INDEX_URL), "
        "then run the same command again. Log: {log}",
    },
    "no_package": {
        "ko": "이 컴퓨터의 Python {version}에 맞는 패키지를 찾지 못했습니다. 네트워크와 패키지 저장소(PIP_INDEX_URL) 설정을 확인하고, 이상이 "
        "없으면 KIS_PYTHON에 Python 3.11~3.13을 지정한 뒤 다시 실행하세요. 기록: {log}",
        "en": "No package that fits Python {version} on this machine was found. Check the network and the package index (PIP_INDEX_URL); "
        "if they are right, name a Python 3.11 to 3.13 in KIS_PYTHON. Then run this again. Log: {log}",
    },
    "no_venv": {
        "ko": "이 Python에는 venv 모듈이 없습니다. 설치한 뒤(예: sudo apt install python3-venv) 다시 실행하거나, KIS_PYTHON으로 다른 "
        "Python을 지정하세요. 기록: {log}",
        "en": "This Python lacks the venv module. Install it (for example: sudo apt install python3-venv), or name another Python in "
        "KIS_PYTHON, then run this again. Log: {log}",
    },
    "failed": {
        "ko": "설치하지 못했습니다. 마지막 기록은 아래와 같고, 전체 기록은 {log}에 있습니다. 원인을 없앤 뒤 다시 실행하세요.",
        "en": "The installation failed. Its last words follow, the whole log is {log}. Mend the cause and run this again.",
    },
    "unwritable": {
        "ko": "{path}에 쓸 수 없습니다 ({reason}). 쓰기 권한과 남은 공간을 확인한 뒤 다시 실행하세요.",
        "en": "{path} cannot be written ({reason}). Check permissions and free space, then run this again.",
    },
    "interrupted": {
        "ko": "설치를 중단했습니다. 다음에 실행하면 처음부터 다시 설치합니다.",
        "en": "Installation interrupted; the next run starts it anew.",
    },
}

# What pip, uv and the resolver say when nothing answers at the other end
NETWORK_SIGNS: Final = (
    "NewConnectionError",
    "Failed to establish a new connection",
    "NameResolutionError",
    "name resolution",
    "ConnectTimeoutError",
    "Read timed out",
    "ProxyError",
    "Connection refused",
    "Network is unreachable",
    "dns error",
    "error sending request",
)
NO_PACKAGE_SIGNS: Final = ("No matching distribution found",)
NO_VENV_SIGNS: Final = ("ensurepip", "No module named venv")
PYTHON_VERSION: Final = ".".join(map(str, sys.version_info[:3]))
LAST_WORDS_LINES: Final = 8


class InstallError(Exception):
    """The environment could not be made; ``key`` names the sentence for it."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True, slots=True, kw_only=True)
class Bootstrap:
    """One environment to be made."""

    root: Path
    needs: str
    language: str
    asked_python: str

    @property
    def venv(self) -> Path:
        """Return where the environment goes."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """Return the environment's interpreter."""
        return self.venv / "bin" / "python"

    @property
    def log_path(self) -> Path:
        """Return where the installers' own words are kept."""
        return self.root / ".kis" / "install.log"

    def lock(self, needs: str) -> Path:
        """Return the lock file of ``needs``."""
        return self.root / "requirements" / f"{needs}.txt"

    def copy(self, needs: str) -> Path:
        """Return the copy of that lock file that says it is installed."""
        return self.venv / f"kis-{needs}.txt"

    @property
    def python_note(self) -> Path:
        """Return where the Python that was asked for is noted."""
        return self.venv / "kis-python.txt"

    def is_installed(self, needs: str) -> bool:
        """Tell whether the environment holds exactly the packages of ``needs``."""
        return (
            self.python.exists()
            and _content(self.copy(needs)) == _content(self.lock(needs))
            and (not self.asked_python or _content(self.python_note) == f"{self.asked_python}\n".encode())
        )

    def say(self, key: str, **values: object) -> None:
        """Tell whoever waits what is going on."""
        print(f"kis: {TEXTS[key][self.language].format(**values)}", file=sys.stderr, flush=True)

    def run(self) -> None:
        """Make the environment unless another process has just done so."""
        with self._alone() as lock_descriptor:
            if self.is_installed("runtime") and self.is_installed(self.needs):
                return
            started = time.monotonic()
            with self.log_path.open("w", encoding="utf-8") as log:
                self._install(Installer(bootstrap=self, log=log, lock_descriptor=lock_descriptor))
            self.say("done", seconds=round(time.monotonic() - started))

    def _install(self, installer: "Installer") -> None:
        if not self.is_installed("runtime") or self.copy(self.needs).exists():
            self._forget()
            installer.make_environment()
        installer.install(self.lock(self.needs))
        for needs in {"runtime", self.needs}:  # development holds all of runtime
            _write_whole(self.copy(needs), self.lock(needs).read_bytes())

    def _forget(self) -> None:
        """Remove the old environment, first of all the copies that call it complete."""
        for needs in ("development", "runtime"):
            self.copy(needs).unlink(missing_ok=True)
        if self.venv.is_symlink():
            self.venv.unlink()
        elif self.venv.exists():
            shutil.rmtree(self.venv)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[int]:
        path = self.root / ".kis" / "venv.lock"
        path.parent.mkdir(exist_ok=True)
        with path.open("a", encoding="utf-8") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self.say("waiting")
                fcntl.flock(held, fcntl.LOCK_EX)
            yield held.fileno()


@dataclass(slots=True, kw_only=True)
class Installer:
    """Runs uv or pip, keeping what they say."""

    bootstrap: Bootstrap
    log: TextIO
    lock_descriptor: int
    uv: str | None = field(default_factory=lambda: shutil.which("uv"))
    last_call_at: int = 0  # where in the log the words of the last program begin

    def make_environment(self) -> None:
        """Make an empty environment."""
        made = self.bootstrap
        made.say("making", version=PYTHON_VERSION)
        if self.uv and self._call(self.uv, "venv", "--quiet", "--python", sys.executable, str(made.venv)):
            self._note_python()
            return
        self._make_with_venv()

    def install(self, lock: Path) -> None:
        """Install what ``lock`` names, each file checked against its hash."""
        made = self.bootstrap
        count = sum(
            1 for line in lock.read_text(encoding="utf-8").splitlines() if "==" in line.partition(";")[0]
        )
        made.say("installing", count=count, lock=f"requirements/{lock.name}")
        if self._install_with_uv(lock):
            return
        if not (made.venv / "bin" / "pip").exists():  # uv made it, without pip
            self._make_with_venv()
        if not self._call(*self._pip_words(lock)):
            raise InstallError(self._reason())

    def _bring_uv(self) -> None:
        """Have pip bring uv; where that fails pip does it all."""
        lock, folder = self.bootstrap.lock("installer"), self.bootstrap.root / ".kis" / "installer"
        program = folder / "bin" / "uv"
        if not lock.exists() or not (self.bootstrap.venv / "bin" / "pip").exists():
            return
        if program.exists() and _content(folder / lock.name) == lock.read_bytes():
            self.uv = str(program)
        elif self._call(*self._pip_words(lock), "--upgrade", "--target", str(folder)):
            _write_whole(folder / lock.name, lock.read_bytes())
            self.uv = str(program) if os.access(program, os.X_OK) else None

    def _pip_words(self, lock: Path) -> tuple[str, ...]:
        return (
            str(self.bootstrap.python), "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-input",
            "--disable-pip-version-check", "--progress-bar", "off", "-r", str(lock),
        )  # fmt: skip

    def _install_with_uv(self, lock: Path) -> bool:
        if not self.uv:
            self._bring_uv()
        if not self.uv:
            return False
        python = str(self.bootstrap.python)
        words = (
            self.uv,
            "pip",
            "install",
            "--require-hashes",
            "--compile-bytecode",
            "--no-progress",
            "--python",
            python,
        )
        if self._call(*words, "-r", str(lock)):
            return True
        self.bootstrap.say("pip_instead")
        return False

    def _make_with_venv(self) -> None:
        if not self._call(sys.executable, "-I", "-m", "venv", "--clear", str(self.bootstrap.venv)):
            raise InstallError("no_venv" if self._said(NO_VENV_SIGNS) else "failed")
        self._note_python()

    def _note_python(self) -> None:
        _write_whole(self.bootstrap.python_note, f"{self.bootstrap.asked_python}\n".encode())

    def _call(self, *words: str) -> bool:
        """Run a program, its words into the log; tell whether it ended well."""
        environment = {
            name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}
        }
        self.last_call_at = self.bootstrap.log_path.stat().st_size
        self.log.write(f"$ {' '.join(words)}\n")
        self.log.flush()
        ended = subprocess.run(
            words,
            cwd=self.bootstrap.root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            pass_fds=(self.lock_descriptor,),
            check=False,
        )
        return ended.returncode == 0

    def _reason(self) -> str:
        if self._said(NETWORK_SIGNS):
            return "no_network"
        return "no_package" if self._said(NO_PACKAGE_SIGNS) else "failed"

    def _said(self, signs: tuple[str, ...]) -> bool:
        said = self.bootstrap.log_path.read_bytes()[self.last_call_at :].decode(errors="replace")
        return any(sign in said for sign in signs)


def main(arguments: list[str]) -> int:
    """Make the environment that the arguments name; return the launcher's exit code."""
    root, needs, language, *asked = arguments
    bootstrap = Bootstrap(root=Path(root), needs=needs, language=language, asked_python="".join(asked))
    try:
        bootstrap.run()
    except InstallError as error:
        bootstrap.say(error.key, log=bootstrap.log_path, version=PYTHON_VERSION)
        if error.key == "failed":
            said = bootstrap.log_path.read_text(encoding="utf-8", errors="replace").splitlines()
            print("\n".join(f"  {line}" for line in said[-LAST_WORDS_LINES:]), file=sys.stderr)
        return 1
    except OSError as error:
        bootstrap.say("unwritable", path=error.filename or root, reason=error.strerror)
        return 1
    except KeyboardInterrupt:
        bootstrap.say("interrupted")
        return 130
    return 0


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write_whole(path: Path, content: bytes) -> None:
    """Write so that a reader sees the old file or the new one, never a part."""
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    beside.replace(path)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
