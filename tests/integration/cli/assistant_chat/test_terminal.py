"""The whole way on a real terminal: ``kis up`` in one process, ``kis assistant chat`` in another, keys in and screen out."""

import os
import pty
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from kis.platform.messages import Locale, Message
from tests.factories.installation import ROOT, Installation, installation

SECONDS: Final = 300.0
_ESCAPES: Final = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


class Terminal:
    """A program on a terminal of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._drawn = b""

    @property
    def text(self) -> str:
        return _ESCAPES.sub("", self._drawn.decode(errors="replace"))

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def reads(self, text: str) -> None:
        """Look until ``text`` stands there."""
        end = time.monotonic() + SECONDS
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} is not there: {self.text[-3000:]}"
            if select.select([self._descriptor], [], [], 0.5)[0]:
                self._drawn += os.read(self._descriptor, 65536)


@contextmanager
def chat(running: Installation, locale: str) -> Iterator[tuple[Terminal, "subprocess.Popen[bytes]"]]:
    """Start the program on a terminal; nothing of it is left afterwards."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment |= {
        "KIS_HOME": str(running.data),
        "PYTHONPATH": str(ROOT / "src"),
        "PROMPT_TOOLKIT_NO_CPR": "1",
        "TERM": "xterm-256color",
    }
    program = subprocess.Popen(
        [sys.executable, "-m", "kis", "assistant", "chat", "--lang", locale],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Terminal(ours), program
    finally:
        program.kill()
        program.wait()
        os.close(ours)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A fresh KIS as ``kis up`` starts it, with nothing but what it comes with."""
    with installation(tmp_path_factory.mktemp("up"), ASSISTANT_READING_PROCESSES="1") as started:
        yield started


CASES: Final[list[tuple[Locale, str, str, str, str, str]]] = [
    ("en", "Product>", "Made by LS ELECTRIC", "What is the breaking capacity?", ", page ", "The page is at"),
    ("ko", "제품>", "제조사: LS ELECTRIC", "차단용량은 얼마입니까?", ", 1쪽", "쪽 그림:"),
]


@pytest.mark.parametrize(("locale", "prompt", "maker", "question", "cited", "kept"), CASES)
def test_up_chat_type_pick_ask_read_and_open_the_page(
    running: Installation,
    tmp_path: Path,
    locale: Locale,
    prompt: str,
    maker: str,
    question: str,
    cited: str,
    kept: str,
) -> None:
    """14 kA at 460 V is what the catalogue that comes with KIS says of an ABN-53."""
    page = tmp_path / "page.png"
    with chat(running, locale) as (terminal, program):
        terminal.reads(Message("assistant_chat.connecting").text(locale))
        terminal.reads(prompt)
        terminal.type("abn-53")
        terminal.reads("▸ ABN-53")
        terminal.type("\r")
        terminal.reads(maker)
        terminal.type(f"{question}\r")
        terminal.reads("14 kA")
        terminal.reads(cited)
        terminal.type(f"/open 1 {page}\r")
        terminal.reads(kept)
        terminal.type("\x04")
        assert program.wait(SECONDS) == 0
    assert page.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
