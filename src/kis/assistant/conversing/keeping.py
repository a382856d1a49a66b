"""Answers in progress and done, kept for some minutes so that a client can go on after its connection, or the server, was gone.

One file for each answer, a line for each message. A line is written before the message is sent, so whatever a client has seen is here. The file bears the name
of the run that writes it: who takes the answer over renames it, and the earlier run, wherever it still lives, can write no more. Names of runs are in
order: a later one is greater, so that of two copies of an answer everybody holds the same for the newer one.
"""

import asyncio
import base64
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol

import orjson

from kis.platform.messages import Locale

KEPT_SECONDS: Final = 900.0
MOST_FILES: Final = 20_000
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{24}")


class TakenOver(Exception):
    """Another run goes on with the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What was asked, and by whom: enough to ask it again."""

    owner: str
    product_id: str
    text: str
    locale: Locale
    image: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was kept."""

    head: Head
    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer as one place keeps it: the run that wrote it, and its lines with that of its head first."""

    run: str
    lines: tuple[bytes, ...]

    @property
    def age(self) -> tuple[str, int]:
        """Return what is greater for a newer copy: a later run, or more lines of the same."""
        return self.run, len(self.lines)


@dataclass(slots=True)
class Writing:
    """The right to write one answer on."""

    token: str
    run: str
    path: Path
    lines: int
    """How many are kept, that of the head among them."""
    puts: int = 0
    """How often this run has put the whole answer where machines share it."""


class Keeping(Protocol):
    """Where answers are kept."""

    async def begin(self, token: str, head: Head) -> Writing:
        """Keep what is asked, and return the right to write its answer."""

    async def append(self, writing: Writing, line: bytes) -> None:
        """Keep one message of the answer. Raises TakenOver."""

    async def holds(self, writing: Writing) -> bool:
        """Tell whether nobody has taken the answer over."""

    async def take_over(self, token: str, owner: str) -> tuple[Writing, Kept] | None:
        """Return an answer of ``owner`` with the right to write it on, which whoever had it loses; None where it is not kept or not theirs."""

    async def close(self) -> None:
        """Hold nothing open."""


def new_token() -> str:
    """Return a name for an answer that nobody guesses."""
    return secrets.token_urlsafe(18)


def is_token(text: str) -> bool:
    """Tell whether this may name an answer."""
    return _TOKEN.fullmatch(text) is not None


def next_run(before: str = "") -> str:
    """Return a name for a run that comes after the run ``before``, and after all others that came after that."""
    number, dash, _ = before.partition("-")
    count = int(number) + 1 if dash and number.isdecimal() else 1
    return f"{count:06d}-{secrets.token_hex(8)}"


def line_of(head: Head) -> bytes:
    """Return what was asked as the first line of its answer."""
    image = None if head.image is None else base64.b64encode(head.image).decode()
    told = {"owner": head.owner, "product_id": head.product_id, "text": head.text}
    return orjson.dumps(told | {"locale": head.locale, "image": image})


def kept_of(copy: Copy) -> Kept:
    """Return what stands in a copy."""
    first, *rest = [orjson.loads(line) for line in copy.lines]
    image = first.pop("image")
    head = Head(**first)
    if image is not None:
        head = replace(head, image=base64.b64decode(image))
    return Kept(head, tuple(rest))


class AnswerFiles:
    """Keeps answers in a folder of the installation."""

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._count = 0

    async def begin(self, token: str, head: Head) -> Writing:
        """Keep what is asked, and return the right to write its answer."""
        return await asyncio.to_thread(self._write, token, Copy(next_run(), (line_of(head),)))

    async def append(self, writing: Writing, line: bytes) -> None:
        """Keep one message of the answer. Raises TakenOver."""
        await asyncio.to_thread(self._append, writing, line)

    async def holds(self, writing: Writing) -> bool:
        """Tell whether nobody has taken the answer over."""
        return await asyncio.to_thread(writing.path.exists)

    async def take_over(self, token: str, owner: str) -> tuple[Writing, Kept] | None:
        """Return an answer of ``owner`` with the right to write it on, which whoever had it loses; None where it is not kept or not theirs."""
        found = await self.find(token)
        if found is None or kept_of(found).head.owner != owner:
            return None
        taken = await self.take(token, next_run(found.run))
        return None if taken is None else (taken[0], kept_of(taken[1]))

    async def find(self, token: str) -> Copy | None:
        """Return what is kept of an answer now, while somebody may still write it on."""
        return await asyncio.to_thread(self._find, token)

    async def take(self, token: str, run: str) -> tuple[Writing, Copy] | None:
        """Have ``run`` write on the answer that is here, and return what is kept of it; None where somebody else was quicker."""
        return await asyncio.to_thread(self._take, token, run)

    async def put(self, token: str, copy: Copy) -> Writing:
        """Keep a copy instead of whatever is here of its answer; who writes that can write no more."""
        return await asyncio.to_thread(self._put, token, copy)

    async def close(self) -> None:
        """Do nothing: no file is held open."""

    def _put(self, token: str, copy: Copy) -> Writing:
        for path in self._files(token):
            path.unlink(missing_ok=True)
        return self._write(token, copy)

    def _write(self, token: str, copy: Copy) -> Writing:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._count += 1
        if self._count % 50 == 1:
            self._forget_old()
        writing = Writing(token, copy.run, self._path(token, copy.run), len(copy.lines))
        with os.fdopen(os.open(writing.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.writelines(line + b"\n" for line in copy.lines)
        return writing

    @staticmethod
    def _append(writing: Writing, line: bytes) -> None:
        try:
            file = os.open(writing.path, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise TakenOver from error
        try:
            os.write(file, line + b"\n")
        finally:
            os.close(file)
        writing.lines += 1

    def _find(self, token: str) -> Copy | None:
        files = self._files(token)
        return self._read(files[-1]) if files else None

    def _take(self, token: str, run: str) -> tuple[Writing, Copy] | None:
        files = self._files(token)
        path = self._path(token, run)
        try:
            files[-1].rename(path)
        except (IndexError, FileNotFoundError):
            return None
        copy = self._read(path, cuts=True)
        return None if copy is None else (Writing(token, run, path, len(copy.lines)), copy)

    def _read(self, path: Path, *, cuts: bool = False) -> Copy | None:
        """Return what a file holds; a last line that was cut off by the end of its process was never sent, and is cut away by who takes the file over."""
        try:
            content = path.read_bytes()
            old = self._now() - path.stat().st_mtime > KEPT_SECONDS
        except FileNotFoundError:
            return None
        whole = content[: content.rfind(b"\n") + 1]
        if old or not whole:
            return None
        if cuts and len(whole) < len(content):
            os.truncate(path, len(whole))
        return Copy(path.name.split(".")[1], tuple(whole.splitlines()))

    def _forget_old(self) -> None:
        """Delete what is too old, and the oldest beyond the most there may be."""
        found = []
        for path in self._folder.glob("*.jsonl"):
            try:
                found.append((path.stat().st_mtime, path))
            except FileNotFoundError:
                continue
        found.sort()
        beyond = len(found) - MOST_FILES
        for number, (changed, path) in enumerate(found):
            if number < beyond or self._now() - changed > KEPT_SECONDS:
                path.unlink(missing_ok=True)

    def _files(self, token: str) -> list[Path]:
        """Return the files of an answer, that of the latest run last: there are two for a moment, or where a process ended in that moment."""
        return sorted(self._folder.glob(f"{token}.*.jsonl")) if is_token(token) else []

    def _path(self, token: str, run: str) -> Path:
        return self._folder / f"{token}.{run}.jsonl"
