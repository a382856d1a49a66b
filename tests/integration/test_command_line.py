"""The program as its own process: exits, streams and signals that only a process has."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), "KIS_LANG": "ko"}
PROGRAM = (sys.executable, "-P", "-m", "kis")


def start(*words: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        words, env=ENVIRONMENT | environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


class TestReaderGoneAway:
    def test_is_no_error_worth_a_word(self) -> None:
        reader, writer = os.pipe()
        os.close(reader)
        with os.fdopen(writer, "wb") as nobody_reads:
            ended = subprocess.run(
                (*PROGRAM, "--help"),
                env=ENVIRONMENT,
                stdout=nobody_reads,
                stderr=subprocess.PIPE,
                check=False,
            )
        assert (ended.returncode, ended.stderr) == (141, b"")


class TestInterrupt:
    def test_says_so_and_ends_with_130(self) -> None:
        # the verb raises the signal itself, so the test neither waits nor guesses
        code = (
            "import os, signal, sys, click; from kis.cli import app, main\n"
            "verb = click.Command('quote', callback=lambda: os.kill(os.getpid(), signal.SIGINT))\n"
            "app.Root.get_command = lambda *_: verb\n"
            "sys.exit(main(['quote']))"
        )
        process = start(sys.executable, "-P", "-c", code)
        out, err = process.communicate()
        assert process.returncode == 128 + signal.SIGINT
        assert (out, err.decode().strip()) == (b"", "중단했습니다.")


class TestTerminalWithoutHangul:
    @pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
    def test_still_gets_the_help(self, encoding: str) -> None:
        process = start(*PROGRAM, "--help", PYTHONIOENCODING=encoding)
        out, err = process.communicate()
        assert (process.returncode, err) == (0, b"")
        assert b"--lang [ko|en]" in out


class TestHelp:
    def test_imports_nothing_heavy(self) -> None:
        code = "import sys; from kis.cli import main; main(['--help']); print('\\n'.join(sys.modules), file=sys.stderr)"
        process = start(sys.executable, "-P", "-c", code)
        _, err = process.communicate()
        imported = {name.partition(".")[0] for name in err.decode().split()}
        assert "click" in imported
        heavy = {
            "rich",
            "pydantic",
            "ortools",
            "numpy",
            "pandas",
            "openpyxl",
            "cryptography",
            "securesystemslib",
        }
        assert imported & heavy == set()
