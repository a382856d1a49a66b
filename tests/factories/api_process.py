"""The API of an installation as a process of its own, as it runs below ``kis up``: started, killed, started again on the same data.

The listening socket is the test's, as it is the supervisor's: no port is shared, and who connects while nobody serves is answered after the start.
"""

import json
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import orjson
import psutil
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.factories.servers import LOCALHOST, ROOT

START_SECONDS: Final = 300.0
END_SECONDS: Final = 60.0
Told = list[dict[str, Any]]


class ApiProcess:
    """A process that serves; its output goes to ``log``."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        self._environment = {**kept, "PYTHONPATH": str(ROOT / "src"), **environment}
        self._log = log
        self._listening = socket.create_server((LOCALHOST, 0), backlog=64)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Return host and port."""
        return f"{LOCALHOST}:{self._listening.getsockname()[1]}"

    @property
    def helpers(self) -> list[str]:
        """Return the modules that the processes below it run."""
        assert self._process is not None
        words = []
        for child in psutil.Process(self._process.pid).children():
            with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                words.append(child.cmdline())
        return [line[line.index("-m") + 1] for line in words if "-m" in line]

    def start(self) -> None:
        """Start, and wait until it serves."""
        reading, writing = os.pipe()
        try:
            descriptors = (writing, self._listening.fileno())
            report, listening = map(str, descriptors)
            words = ["--report", report, "--listening", listening, "--administrator", "nobody@example.test"]
            with self._log.open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-P", "-m", "kis.cli.serving.api_process", *words, "--again"],
                    env=self._environment,
                    stdin=subprocess.PIPE,
                    stdout=log,
                    stderr=log,
                    pass_fds=descriptors,
                )
            assert self._process.stdin is not None
            self._process.stdin.write(b"go\n")
            self._process.stdin.flush()
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb") as reports:
            able, _, _ = select.select([reports], [], [], START_SECONDS)
            line = reports.readline() if able else b""
        kind = json.loads(line)["kind"] if line else "nothing"
        assert kind == "ready", f"told {kind}: {self._log.read_text(errors='replace')[-4000:]}"

    def kill(self) -> None:
        """End it at once, as a crash does."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(END_SECONDS)
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._process = None

    def close(self) -> None:
        """Leave nothing of it."""
        if self._process is not None:
            self.kill()
        self._listening.close()

    @contextmanager
    def serving(self) -> Iterator["ApiProcess"]:
        """Serve for the block, however it ends."""
        try:
            self.start()
            yield self
        finally:
            self.close()


class Talk:
    """What a client has heard over its WebSockets; it goes on where the last one broke off."""

    def __init__(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}
        self.heard: Told = []

    async def say(
        self, process: ApiProcess, message: Mapping[str, Any], *, until: str, times: int = 1
    ) -> None:
        """Say something over a new connection, and hear what comes until so many messages of a type have, an error, or the end of the connection."""
        address = f"ws://{process.address}/ws"
        async with connect(address, additional_headers=self._headers, proxy=None) as socket_:
            await socket_.send(orjson.dumps(message).decode())
            with suppress(ConnectionClosed):
                await self._hear(socket_, until, times)

    async def resume(self, process: ApiProcess, *, until: str = "final_answer") -> None:
        """Go on after the last message that was heard."""
        last = self.heard[-1]
        message = {"type": "resume", "token": last["token"], "seq": last["seq"]}
        await self.say(process, message, until=until)

    async def _hear(self, socket_: ClientConnection, until: str, times: int) -> None:
        while times:
            told = orjson.loads(await socket_.recv())
            self.heard.append(told)
            times -= told["type"] == until
            if told["type"] == "error":
                return

    @property
    def text(self) -> str:
        """Return the answer as the client shows it: begun anew where it was told so."""
        shown = ""
        for told in self.heard:
            if told["type"] == "answer_restart":
                shown = ""
            elif told["type"] == "answer_chunk":
                shown += told["content"]
        return shown

    @property
    def seqs(self) -> list[int]:
        """Return the numbers of the messages in the order in which they came."""
        return [told["seq"] for told in self.heard]
