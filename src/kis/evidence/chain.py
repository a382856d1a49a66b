"""The line that the packs of one organisation make: each names the digest of the one before.

In the pack, ``chain.json`` is its link: organisation, sequence, the previous pack's trace id and the SHA-256 of its SHA256SUMS. The
newest link is also kept outside the packs, in ``<home>/chain/<organisation>.json``, so that a tail cut off the line shows.

A pack appears by a rename and the head is updated after it, so a crash may come between the two. The head therefore records the
intent first, under the lock that makes concurrent quotations one line::

    intend(N+1)  →  build aside  →  rename  →  settle: N+1 is the head
         crash here: nothing there │     │ crash here: the pack is there
         the intent is dropped     ┘     └ the intent becomes the head

Whoever comes next settles what a crash left, by looking whether the intended pack is there. Both outcomes are whole: there is either
no trace of the quotation or all of it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from kis.evidence import layout
from kis.evidence.canonical import canonical_bytes, parse_json, sha256_hex
from kis.evidence.errors import ChainUnreadable
from kis.evidence.tree import read_bounded
from kis.platform import durable

_PLAIN_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_LARGEST_RECORD_BYTES: Final = 64 * 2**10


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What ``chain.json`` says. The first pack of an organisation has sequence 1 and nothing before it."""

    organisation: str
    sequence: int
    previous: str | None
    previous_trace_id: str | None

    def to_bytes(self) -> bytes:
        """Return the file."""
        return canonical_bytes(asdict(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest pack of a line; ``sha256`` is the digest of its SHA256SUMS."""

    sequence: int
    trace_id: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """A pack about to be put into ``root``, or just put there."""

    root: str
    head: Head

    @property
    def target(self) -> Path:
        """Where the pack will be, or is."""
        return Path(self.root) / self.head.trace_id

    @property
    def partial(self) -> Path:
        """Where it is built: beside its place, hidden, and named after its content so that no two writers share it."""
        return Path(self.root) / f".{self.head.trace_id}.{self.head.sha256[:16]}.partial"

    def is_done(self) -> bool:
        """Tell whether the pack is in its place. An OSError that leaves the question open is not an answer, and is raised."""
        try:
            return sha256_hex((self.target / layout.SUMS).read_bytes()) == self.head.sha256
        except (FileNotFoundError, NotADirectoryError):
            return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is kept of a line outside its packs."""

    organisation: str
    head: Head | None = None
    intent: Intent | None = None


class Chain:
    """One organisation's line, held under its lock; get it from :func:`extending`."""

    def __init__(self, path: Path, organisation: str) -> None:
        self._path = path
        self._record = read_record(path, organisation) or Record(organisation=organisation)

    def next_link(self) -> Link:
        """Return the link of the pack that comes next."""
        organisation, head = self._record.organisation, self._record.head
        if head is None:
            return Link(organisation=organisation, sequence=1, previous=None, previous_trace_id=None)
        return Link(
            organisation=organisation,
            sequence=head.sequence + 1,
            previous=head.sha256,
            previous_trace_id=head.trace_id,
        )

    def intend(self, root: Path, head: Head) -> Intent:
        """Record what is about to happen, before anything of it does."""
        intent = Intent(root=str(root), head=head)
        self._keep(Record(organisation=self._record.organisation, head=self._record.head, intent=intent))
        return intent

    def settle(self) -> None:
        """Make an intent the head if its pack is there, else drop it with what was built of it."""
        intent = self._record.intent
        if intent is None:
            return
        shutil.rmtree(intent.partial, ignore_errors=True)
        self._keep(
            Record(
                organisation=self._record.organisation,
                head=intent.head if intent.is_done() else self._record.head,
            )
        )

    def _keep(self, record: Record) -> None:
        durable.replace(self._path, canonical_bytes(asdict(record)))
        self._record = record


@contextmanager
def extending(home: Path, organisation: str) -> Iterator[Chain]:
    """Hold the organisation's line for one new pack; whatever happens inside, and whatever an earlier crash left, is settled."""
    path = record_path(home, organisation)
    durable.make_directory(path.parent)
    with durable.locked(path.with_suffix(".lock")):
        chain = Chain(path, organisation)
        chain.settle()
        try:
            yield chain
        finally:
            chain.settle()


def record_path(home: Path, organisation: str) -> Path:
    """Return where an organisation's head is kept: under its own name when that is plain, else under the SHA-256 of the name.

    A digest is longer than any plain name, so no two organisations meet in one file, also where the file system ignores case.
    """
    plain = _PLAIN_ORGANISATION.fullmatch(organisation)
    return home / "chain" / f"{organisation if plain else sha256_hex(organisation.encode())}.json"


def read_record(path: Path, organisation: str) -> Record | None:
    """Return what is kept of a line, None when there is nothing yet. Raises ChainUnreadable."""
    if not os.path.lexists(path):
        return None
    try:
        record = _record(parse_json(read_bounded(path, _LARGEST_RECORD_BYTES) or b""))
    except ValueError:
        raise ChainUnreadable(path) from None
    if record.organisation != organisation:
        raise ChainUnreadable(path)
    return record


def read_link(data: bytes) -> Link:
    """Return the link that a ``chain.json`` holds; ValueError when it is not one."""
    match parse_json(data):
        case {"organisation": str(organisation), "sequence": 1, "previous": None, "previous_trace_id": None}:
            return Link(organisation=organisation, sequence=1, previous=None, previous_trace_id=None)
        case {
            "organisation": str(organisation),
            "sequence": int(sequence),
            "previous": str(digest),
            "previous_trace_id": str(before),
        }:
            if sequence > 1:
                return Link(
                    organisation=organisation, sequence=sequence, previous=digest, previous_trace_id=before
                )
    raise ValueError("not a link")


def _record(value: Any) -> Record:
    match value:
        case {"organisation": str(organisation), "head": head, "intent": intent}:
            return Record(
                organisation=organisation,
                head=None if head is None else _head(head),
                intent=None if intent is None else _intent(intent),
            )
    raise ValueError("not the record of a chain")


def _head(value: Any) -> Head:
    match value:
        case {"sequence": int(sequence), "trace_id": str(trace_id), "sha256": str(digest)} if (
            layout.is_trace_id(trace_id)
        ):
            return Head(sequence=sequence, trace_id=trace_id, sha256=digest)
    raise ValueError("not a head")


def _intent(value: Any) -> Intent:
    match value:
        case {"root": str(root), "head": head}:
            return Intent(root=root, head=_head(head))
    raise ValueError("not an intent")
