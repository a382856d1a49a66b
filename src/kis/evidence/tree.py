"""A pack's folder as it lies on disk, read with suspicion: it may be anybody's.

Nothing is followed (a link could lead out of the pack), nothing but plain files is opened (a pipe would block), nothing is read
without a limit, and whatever is wrong is a finding instead of an error.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from kis.evidence import layout
from kis.evidence.findings import Finding
from kis.platform.messages import Message

_CHUNK_BYTES: Final = 2**20
_UNTRUSTED_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The entries of a folder. A digest is None for a file that could not be read, which then has a finding of its own."""

    digests: Mapping[str, str | None]
    folders: frozenset[str]
    refused: frozenset[str]
    """Names of what could not or must not be read; ``.`` when the folder as a whole could not be taken in."""
    findings: tuple[Finding, ...]

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing but files and folders of bounded size, safe to hand to other readers."""
        return not self.refused

    @property
    def is_whole(self) -> bool:
        """Whether every entry was seen, so that a name that is not here is missing."""
        return "." not in self.refused


@dataclass(slots=True)
class _Scan:
    sizes: dict[str, int] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, name: str, message: Message) -> None:
        self.findings.append(Finding(layout.shown(name), message))
        self.refused.add(name)


def read_tree(root: Path) -> Tree:
    """Return every entry below ``root`` with the digests of its files, in the order of their names."""
    scan = _Scan()
    _walk(root, scan)
    if sum(scan.sizes.values()) > layout.LARGEST_PACK_BYTES:
        scan.refuse(".", Message("evidence.verify.pack_too_large", {"limit": layout.LARGEST_PACK_BYTES}))
    whole = "." not in scan.refused
    digests = {
        name: _digest(root, name, size, scan) if whole else None for name, size in sorted(scan.sizes.items())
    }
    return Tree(
        digests=digests,
        folders=frozenset(scan.folders),
        refused=frozenset(scan.refused),
        findings=tuple(scan.findings),
    )


def read_bounded(path: Path, limit_bytes: int) -> bytes | None:
    """Return the bytes of a plain file, or None when it is missing, unreadable, something else, or larger than the limit."""
    try:
        with _opened(path) as file:
            data = file.read(limit_bytes + 1)
    except (OSError, ValueError):
        return None
    return data if len(data) <= limit_bytes else None


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, _UNTRUSTED_FILE)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def _walk(root: Path, scan: _Scan) -> None:
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            with os.scandir(root / prefix) as listed:
                entries = sorted(islice(listed, layout.MOST_ENTRIES + 1), key=lambda entry: entry.name)
        except (OSError, ValueError) as problem:
            scan.refuse(prefix or ".", _unreadable(problem))
            continue
        for entry in entries:
            _enter(entry, f"{prefix}/{entry.name}" if prefix else entry.name, scan, waiting)
        if len(scan.sizes) + len(scan.folders) > layout.MOST_ENTRIES:
            scan.refuse(".", Message("evidence.verify.too_many_entries", {"limit": layout.MOST_ENTRIES}))
            return


def _enter(entry: os.DirEntry[str], name: str, scan: _Scan, waiting: list[str]) -> None:
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError as problem:
        scan.refuse(name, _unreadable(problem))
        return
    if stat.S_ISDIR(status.st_mode):
        scan.folders.add(name)
        waiting.append(name)
    elif stat.S_ISREG(status.st_mode):
        scan.sizes[name] = status.st_size
    else:
        scan.refuse(name, Message("evidence.verify.not_a_plain_file"))


def _digest(root: Path, name: str, size_bytes: int, scan: _Scan) -> str | None:
    limit_bytes = (
        layout.LARGEST_CONTROL_FILE_BYTES
        if name in (layout.SUMS, layout.ATTESTATION)
        else layout.LARGEST_FILE_BYTES
    )
    if size_bytes > limit_bytes:
        scan.refuse(name, Message("evidence.verify.file_too_large", {"limit": limit_bytes}))
        return None
    digest = hashlib.sha256()
    try:
        with _opened(root / name) as file:
            while size_bytes >= 0 and (chunk := file.read(_CHUNK_BYTES)):
                size_bytes -= len(chunk)  # a file that grows while it is read must not be read for ever
                digest.update(chunk)
    except OSError as problem:
        scan.refuse(name, _unreadable(problem))
        return None
    return digest.hexdigest()


def _unreadable(problem: Exception) -> Message:
    return Message("evidence.verify.unreadable", {"cause": getattr(problem, "strerror", None) or problem})
