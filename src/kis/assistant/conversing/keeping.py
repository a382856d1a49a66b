"""Answers in progress and done, kept for some minutes so that a client can go on after its connection, or the server, was gone.

One file for each answer, a line for each message. A line is written before the message is sent, so whatever a client has seen is here. The file bears the name
of the run that writes it: who takes the answer over renames it, and the earlier run, wherever it still lives, can write no more.
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
from typing import Any, Final

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
class Writing:
    """The right to write one answer on."""

    token: str
    path: Path


def new_token() -> str:
    """Return a name for an answer that nobody guesses."""
    return secrets.token_urlsafe(18)


class AnswerFiles:
    """Keeps answers in a folder of the installation."""

    def __init__(self, folder: Path, *, now: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._now = now
        self._count = 0

    async def begin(self, token: str, head: Head) -> Writing:
        """Keep what is asked, and return the right to write its answer."""
        return await asyncio.to_thread(self._begin, token, head)

    async def append(self, writing: Writing, line: bytes) -> None:
        """Keep one message of the answer. Raises TakenOver."""
        await asyncio.to_thread(self._append, writing, line)

    async def take_over(self, token: str, owner: str) -> tuple[Writing, Kept] | None:
        """Return an answer of ``owner`` with the right to write it on, which whoever had it loses; None where it is not kept or not theirs."""
        return await asyncio.to_thread(self._take_over, token, owner)

    def _begin(self, token: str, head: Head) -> Writing:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._count += 1
        if self._count % 50 == 1:
            self._forget_old()
        writing = Writing(token, self._path(token))
        image = None if head.image is None else base64.b64encode(head.image).decode()
        told = {"owner": head.owner, "product_id": head.product_id, "text": head.text}
        line = orjson.dumps(told | {"locale": head.locale, "image": image})
        with os.fdopen(os.open(writing.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(line + b"\n")
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

    def _take_over(self, token: str, owner: str) -> tuple[Writing, Kept] | None:
        if not _TOKEN.fullmatch(token):
            return None
        found = next(self._folder.glob(f"{token}.*.jsonl"), None)
        kept = None if found is None else self._read(found)
        if found is None or kept is None or kept.head.owner != owner:
            return None
        writing = Writing(token, self._path(token))
        try:
            found.rename(writing.path)
        except FileNotFoundError:
            return None
        kept = self._read(writing.path)
        return None if kept is None else (writing, kept)

    def _read(self, path: Path) -> Kept | None:
        """Return what a file holds; a last line that was cut off by the end of its process was never sent, and is cut away."""
        try:
            content = path.read_bytes()
            old = self._now() - path.stat().st_mtime > KEPT_SECONDS
        except FileNotFoundError:
            return None
        whole = content[: content.rfind(b"\n") + 1]
        if old or not whole:
            return None
        if len(whole) < len(content):
            os.truncate(path, len(whole))
        first, *rest = [orjson.loads(line) for line in whole.splitlines()]
        image = first.pop("image")
        head = Head(**first)
        if image is not None:
            head = replace(head, image=base64.b64decode(image))
        return Kept(head, tuple(rest))

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

    def _path(self, token: str) -> Path:
        return self._folder / f"{token}.{secrets.token_hex(8)}.jsonl"
