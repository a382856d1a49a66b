"""A maker's site on this machine: it serves manuals well, badly and not at all, and counts what it was asked for.

It runs in a thread of its own, so that it answers while a test or a benchmark is busy.
"""

import asyncio
import gzip
import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.factories import maker_manuals

PDF = "application/pdf"


@dataclass(frozen=True)
class Answer:
    """What the site says to a path. ``sent``: so many bytes of the body, then nothing (``stalls``) or the end of the connection."""

    body: bytes = b""
    type: str = PDF
    status: str = "200 OK"
    headers: dict[str, str] = field(default_factory=dict)
    sent: int | None = None
    stalls: bool = False
    has_length: bool = True


@dataclass(frozen=True)
class Asked:
    """A request."""

    path: str
    headers: dict[str, str]


class MakerSite:
    """Paths and their answers; a path with a list answers with each in turn and then stays at the last."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[Asked] = []
        self.counts: Counter[str] = Counter()
        self.stalled = threading.Event()
        """Set as soon as a download stands still."""
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._open: set[asyncio.Task[None]] = set()
        self._released: asyncio.Event | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        """Return what ASSISTANT_PRIVATE_HOSTS must hold for the site to be reached."""
        return f"127.0.0.1:{self.port}"

    def put(self, path: str, *answers: Answer) -> str:
        """Answer a path so; return its address."""
        self.answers[path] = list(answers)
        self.counts.pop(path, None)
        return self.url + path

    def put_usual(self) -> None:
        """Have all that a maker may have: good, redirected, slow, broken and hostile."""
        manual = maker_manuals.manual_pdf()
        self.put("/manual.pdf", Answer(manual))
        self.put("/manual-ko.pdf", Answer(maker_manuals.manual_pdf("ko")))
        self.put("/long.pdf", Answer(maker_manuals.long_pdf()))
        self.put("/manual.html", Answer(maker_manuals.manual_html(), type="text/html; charset=utf-8"))
        self.put("/packed.pdf", Answer(gzip.compress(manual), headers={"content-encoding": "gzip"}))
        self.put("/bomb.pdf", Answer(maker_manuals.gzip_bomb(), headers={"content-encoding": "gzip"}))
        self.put("/moved.pdf", self.to("/manual.pdf"))
        self.put("/round.pdf", self.to("/round.pdf"))
        self.put("/inside.pdf", self.to("http://169.254.169.254/latest/meta-data/"))
        self.put("/encrypted.pdf", Answer(maker_manuals.encrypted_pdf()))
        self.put("/damaged.pdf", Answer(maker_manuals.damaged_pdf()))
        self.put("/scanned.pdf", Answer(maker_manuals.scanned_pdf()))
        self.put("/blank.pdf", Answer(maker_manuals.blank_pdf()))
        self.put("/nothing.pdf", Answer())
        self.put("/login.pdf", Answer(maker_manuals.manual_html(), type="text/html"))
        self.put("/program.pdf", Answer(b"MZ\x90\x00" * 999))
        self.put("/truncated.pdf", Answer(manual, sent=len(manual) // 2))
        self.put("/stalling.pdf", Answer(manual, sent=len(manual) // 2, stalls=True))
        self.put("/silent.pdf", Answer(manual, sent=0, stalls=True))
        self.put("/busy.pdf", Answer(status="503 Service Unavailable"))

    @staticmethod
    def to(target: str) -> Answer:
        """Return an answer that leads elsewhere."""
        return Answer(status="302 Found", headers={"location": target})

    def release(self) -> None:
        """Let what stands still go on to its end."""
        self._loop.call_soon_threadsafe(self._release)

    def _release(self) -> None:
        assert self._released is not None, "the site runs"
        self._released.set()

    def run(self, ready: Callable[[], object]) -> None:
        """Serve until ``stop``."""
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self._released = asyncio.Event()
        self.port = server.sockets[0].getsockname()[1]
        ready()
        self._loop.run_forever()
        server.close()
        for task in self._open:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._open, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    def stop(self) -> None:
        """End serving."""
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._answer(await _read(reader), writer)
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        self.asked.append(asked)
        self.counts[asked.path] += 1
        answers = self.answers.get(asked.path, [Answer(status="404 Not Found", type="text/plain")])
        answer = answers[min(self.counts[asked.path], len(answers)) - 1]
        etag = f'"{hashlib.sha256(answer.body).hexdigest()[:16]}"'
        if answer.body and asked.headers.get("if-none-match") == etag:
            answer = Answer(status="304 Not Modified")
        writer.write(_head(answer, etag) + answer.body[: answer.sent])
        await writer.drain()
        if answer.stalls:
            self.stalled.set()
            assert self._released is not None, "the site runs"
            await self._released.wait()
            writer.write(answer.body[answer.sent :])
            await writer.drain()


@contextmanager
def maker_site() -> Iterator[MakerSite]:
    """Run a site for the block."""
    site = MakerSite()
    ready = threading.Event()
    thread = threading.Thread(target=site.run, args=(ready.set,), name="maker-site", daemon=True)
    thread.start()
    assert ready.wait(60), "the site did not start"
    try:
        yield site
    finally:
        site.stop()
        thread.join(60)


def _head(answer: Answer, etag: str) -> bytes:
    headers = {"content-type": answer.type, "etag": etag, "connection": "close", **answer.headers}
    if answer.has_length:
        headers["content-length"] = str(len(answer.body))
    lines = [f"HTTP/1.1 {answer.status}", *(f"{name}: {told}" for name, told in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _read(reader: asyncio.StreamReader) -> Asked:
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").splitlines()
    told = (line.partition(":") for line in lines[1:] if line)
    return Asked(lines[0].split()[1], {name.casefold(): value.strip() for name, _, value in told})
