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

import httpx2
import orjson

from tests.factories.installation import ROOT, Installation, installation
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, maker_site
from tests.integration.cli.assistant_chat.conftest import catalog

SECONDS: Final = 60.0
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
def chat(running: Installation) -> Iterator[tuple[Terminal, "subprocess.Popen[bytes]"]]:
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
        [sys.executable, "-m", "kis", "assistant", "chat", "--lang", "en"],
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


def test_up_chat_type_pick_ask_read_and_open_the_page(tmp_path: Path) -> None:
    page = tmp_path / "page.png"
    with maker_site() as site:
        site.put("/en.pdf", Answer(manual_pdf()))
        site.put("/ko.pdf", Answer(manual_pdf("ko")))
        hosts = {"ASSISTANT_PRIVATE_HOSTS": site.host, "ASSISTANT_READING_PROCESSES": "1"}
        with installation(tmp_path, **hosts) as running:
            httpx2.post(
                f"{running.url}/v1/assistant/catalogs",
                files={"file": ("kistest.json", orjson.dumps(catalog(site)))},
                headers={"Authorization": f"Bearer {running._token}"},
                timeout=60,
            ).raise_for_status()
            with chat(running) as (terminal, program):
                terminal.reads("Product>")
                terminal.type("kx-2")
                terminal.reads("KX-250 Switch")
                terminal.type("\r")
                terminal.reads("Made by Kistest")
                terminal.type("how tight are the auxiliary terminals?\r")
                terminal.reads("0.8 N·m")
                terminal.reads(", page 1")
                terminal.type(f"/open 1 {page}\r")
                terminal.reads("The page is at")
                terminal.type("\x04")
                assert program.wait(SECONDS) == 0
    assert page.read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
