"""``python -m kis.search.tokens.process``: Kiwi in a process of its own, for all others of a machine or for the one that started it.

With ``--data FOLDER`` it serves all processes of that data folder: at the socket it is handed with ``--listening``, where they may be waiting already, or at
one it opens itself as soon as Kiwi is loaded and not before, so that nobody waits in vain. It ends when its standard input closes. Without, standard input *is*
the one connection. Either way it does not outlive whoever started it, and SIGTERM ends it at once: what it was doing can be asked again.

Short texts that somebody waits for have a thread of their own. Everything else is thought about in Kiwi's own, which gives way to all other work of the machine.
"""

import argparse
import asyncio
import gc
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

from kis.platform.local_sockets import Listening, awake_path, socket_path
from kis.platform.parent import die_with_parent, when_input_closes
from kis.platform.telemetry.logs import configure_logs
from kis.search.tokens.frames import (
    LARGEST_REQUEST_BYTES,
    LONGEST_QUICK,
    PROTOCOL,
    BrokenFrame,
    Frame,
    Kind,
    body_of_found,
    packed,
    read_frame,
    texts_of,
)
from kis.search.tokens.kiwi import LoadedKiwi, is_installed
from kis.search.tokens.words import shipped_words

NOT_INSTALLED: Final = 69
"""Exit code where there is no Kiwi (EX_UNAVAILABLE): starting again would not help."""
NICENESS: Final = 10
"""Of what nobody waits for: that of the workers it is done for."""
MOST_AT_ONCE: Final = 64
"""Requests of one connection that are being answered; the next is read when one of them is done."""
_STANDARD_INPUT: Final = 0

log = structlog.get_logger(__name__)


class AnalyzerServer:
    """Answers connections with the morphemes of what they send."""

    def __init__(self) -> None:
        self._quick = ThreadPoolExecutor(1, thread_name_prefix="quick")
        self._bulk = ThreadPoolExecutor(1, thread_name_prefix="bulk")
        self._kiwi: LoadedKiwi | None = None

    async def load(self) -> None:
        """Load Kiwi with a low priority, which its own thread inherits: that does what nobody waits for, and does not hold the interpreter's lock."""
        loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(1, initializer=_give_way) as loading:
            self._kiwi = await loop.run_in_executor(loading, LoadedKiwi, shipped_words())
        gc.collect()
        gc.freeze()  # what is there now stays: it is not to be looked through again while somebody waits

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection until it ends. What it asked for and nobody has begun then is not done."""
        room = asyncio.Semaphore(MOST_AT_ONCE)
        answering: set[asyncio.Task[None]] = set()
        try:
            writer.write(packed(Kind.HELLO, 0, PROTOCOL))
            while (frame := await read_frame(reader, most_bytes=LARGEST_REQUEST_BYTES)) is not None:
                await room.acquire()
                task = asyncio.create_task(self._answer(frame, _texts(frame), writer))
                answering.add(task)
                task.add_done_callback(answering.discard)
                task.add_done_callback(lambda _: room.release())
        except BrokenFrame as error:
            log.warning("search.analyzer_refused", reason=str(error))
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # it is gone
        finally:
            for task in answering:
                task.cancel()
            writer.close()

    async def _answer(self, frame: Frame, texts: list[str], writer: asyncio.StreamWriter) -> None:
        assert self._kiwi is not None
        is_quick = frame.kind is Kind.QUICK and sum(map(len, texts)) <= LONGEST_QUICK
        lane, find = (self._quick, self._kiwi.find) if is_quick else (self._bulk, self._kiwi.find_in_many)
        try:
            body = await asyncio.get_running_loop().run_in_executor(lane, lambda: body_of_found(find(texts)))
        except Exception:  # whatever the library does not bear: one text must not end the process of all
            log.warning("search.analyzer_failed", texts=len(texts), exc_info=True)
            answer = packed(Kind.FAILED, frame.number)
        else:
            answer = packed(Kind.FOUND, frame.number, body)
        with suppress(ConnectionError):
            writer.write(answer)
            await writer.drain()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until the end and return the exit code."""
    parser = argparse.ArgumentParser(prog="kis.search.tokens.process")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--listening", type=int)
    parser.add_argument("--log-level", default="WARNING")
    given = parser.parse_args(argv)
    die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # what an interrupt means is decided by whoever started it
    configure_logs(given.log_level)
    if not is_installed():
        log.warning("search.analyzer_not_installed", package="kiwipiepy")
        return NOT_INSTALLED
    asyncio.run(_serve_one() if given.data is None else _serve_all(socket_path(given.data), given.listening))
    return 0


async def _serve_one() -> None:
    """Serve the connection that is standard input."""
    server = AnalyzerServer()
    await server.load()
    given = socket.socket(fileno=os.dup(_STANDARD_INPUT))
    reader, writer = await asyncio.open_unix_connection(sock=given)
    await server.answer(reader, writer)


async def _serve_all(path: Path, inherited: int | None) -> None:
    """Serve whoever connects to ``path``, until standard input closes; by a socket that listens there already, where one is ``inherited``."""
    loop = asyncio.get_running_loop()
    closed = asyncio.Event()
    when_input_closes(lambda: loop.call_soon_threadsafe(closed.set))
    server = AnalyzerServer()
    began = time.monotonic()
    await server.load()
    listening = Listening(path) if inherited is None else None
    own = socket.socket(fileno=inherited) if listening is None else listening.socket
    try:
        # Until here SIGTERM ends the process by itself: the loop could not act on it while Kiwi is being loaded.
        loop.add_signal_handler(signal.SIGTERM, closed.set)
        await asyncio.start_unix_server(server.answer, sock=own)
        awake_path(path).touch(mode=0o600)
        log.info("search.analyzer_ready", pid=os.getpid(), seconds=round(time.monotonic() - began, 1))
        await closed.wait()
    finally:
        awake_path(path).unlink(missing_ok=True)
        if listening is not None:
            listening.remove()


def _texts(frame: Frame) -> list[str]:
    if frame.kind not in {Kind.QUICK, Kind.BULK}:
        raise BrokenFrame(f"{frame.kind.name} is not for the process to hear")
    return texts_of(frame.body)


def _give_way() -> None:
    """Lower the priority of this thread, which only Linux can, and of those it starts."""
    if sys.platform.startswith("linux"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)  # a thread that is still at work is not waited for
