"""Whether the packs of an organisation are one unbroken line up to the newest link kept outside them.

Every link makes a claim about the pack before it (sequence, trace id, digest), and the kept head makes one about the newest. A claim
that no pack meets names a missing or an altered pack; a sequence that two packs hold was doubled; a sequence that nobody holds or
claims is a hole. What lies inside each pack is the business of :func:`kis.evidence.verify_pack`.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from kis.evidence import layout, sums
from kis.evidence.canonical import sha256_hex
from kis.evidence.chain import Link, Record, read_link, read_record, record_path
from kis.evidence.errors import ChainUnreadable
from kis.evidence.findings import Finding
from kis.evidence.tree import read_bounded
from kis.platform import durable
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True)
class ChainVerification:
    """The outcome for one line: how many packs of it are there, and what is wrong."""

    links: int
    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether the line is whole."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Pack:
    name: str
    digest: str
    link: Link


@dataclass(frozen=True, slots=True)
class _Claim:
    """That a pack of this name and digest holds this sequence, and who says so."""

    sequence: int
    name: str | None
    digest: str | None
    by: object


def verify_chain(root: Path, organisation: str, home: Path) -> ChainVerification:
    """Name the packs of ``organisation`` below ``root`` that are missing, altered, doubled or unknown to the kept head.

    A quotation that is being written meanwhile is waited for; nothing is changed.
    """
    path = record_path(home, organisation)
    findings: list[Finding] = []
    record: Record | None = None
    with _quiet(path):
        try:
            record = read_record(path, organisation)
        except ChainUnreadable as problem:
            findings.append(Finding(str(path), problem.message))
        packs = [pack for pack in _packs(root, findings) if pack.link.organisation == organisation]
    if record is None and packs and not findings:
        findings.append(Finding(str(path), Message("evidence.chain.head_missing")))
    spoiled = {finding.path for finding in findings}
    findings.extend(
        finding for finding in _faults(packs, _head_claim(record, packs)) if finding.path not in spoiled
    )
    return ChainVerification(len(packs), tuple(findings))


def _quiet(path: Path) -> AbstractContextManager[None]:
    """Keep writers out while looking; who may not write there cannot lock, and looks without."""
    return durable.locked(path.with_suffix(".lock")) if os.access(path.parent, os.W_OK) else nullcontext()


def _packs(root: Path, findings: list[Finding]) -> Iterator[_Pack]:
    try:
        with os.scandir(root) as entries:
            names = sorted(
                entry.name
                for entry in entries
                if layout.is_trace_id(entry.name) and entry.is_dir(follow_symlinks=False)
            )
    except FileNotFoundError:
        return
    except OSError as problem:
        findings.append(
            Finding(str(root), Message("evidence.verify.unreadable", {"cause": problem.strerror or problem}))
        )
        return
    for name in names:
        if not any(os.path.lexists(root / name / own) for own in layout.OWN_FILES):
            continue
        pack = _pack(root / name)
        if pack is None:
            findings.append(Finding(name, Message("evidence.chain.link_unreadable")))
        else:
            yield pack


def _pack(path: Path) -> _Pack | None:
    """Return the pack's place in the line, or None when its link is not the one its SHA256SUMS lists."""
    listed = read_bounded(path / layout.SUMS, layout.LARGEST_CONTROL_FILE_BYTES)
    link = read_bounded(path / layout.CHAIN, layout.LARGEST_CONTROL_FILE_BYTES)
    if listed is None or link is None or sums.read(listed)[0].get(layout.CHAIN) != sha256_hex(link):
        return None
    try:
        return _Pack(path.name, sha256_hex(listed), read_link(link))
    except ValueError:
        return None


def _head_claim(record: Record | None, packs: Sequence[_Pack]) -> _Claim | None:
    """Return what is kept outside the packs; an intent counts when its pack is there, as after a crash just before it was settled."""
    head = record.head if record else None
    if record and record.intent:
        intended = record.intent.head
        head = (
            intended
            if any((pack.name, pack.digest) == (intended.trace_id, intended.sha256) for pack in packs)
            else head
        )
    if head is None:
        return None
    return _Claim(head.sequence, head.trace_id, head.sha256, Message("evidence.chain.kept_head"))


def _faults(packs: Sequence[_Pack], head: _Claim | None) -> Iterator[Finding]:
    by_sequence: dict[int, list[_Pack]] = {}
    for pack in sorted(packs, key=lambda pack: (pack.link.sequence, pack.name)):
        by_sequence.setdefault(pack.link.sequence, []).append(pack)
    claims = [
        _Claim(pack.link.sequence - 1, pack.link.previous_trace_id, pack.link.previous, pack.name)
        for same in by_sequence.values()
        for pack in same
        if pack.link.sequence > 1
    ]
    if head:
        claims.append(head)
    yield from _unmet(claims, by_sequence)
    yield from _doubled(by_sequence)
    yield from _holes({claim.sequence for claim in claims} | set(by_sequence), head)
    for sequence, same in by_sequence.items():
        if head and sequence > head.sequence:
            yield from (
                Finding(pack.name, Message("evidence.chain.unrecorded", {"sequence": sequence}))
                for pack in same
            )


def _unmet(claims: Sequence[_Claim], by_sequence: Mapping[int, Sequence[_Pack]]) -> Iterator[Finding]:
    told: set[str] = set()
    for claim in claims:
        holders = {pack.name: pack.digest for pack in by_sequence.get(claim.sequence, ())}
        name = str(claim.name)
        if holders.get(name) == claim.digest or name in told:
            continue
        told.add(name)
        key = "evidence.chain.altered" if name in holders else "evidence.chain.missing"
        yield Finding(layout.shown(name), Message(key, {"sequence": claim.sequence, "by": claim.by}))


def _doubled(by_sequence: Mapping[int, Sequence[_Pack]]) -> Iterator[Finding]:
    for sequence, same in by_sequence.items():
        for pack in same if len(same) > 1 else ():
            others = ", ".join(other.name for other in same if other is not pack)
            yield Finding(
                pack.name, Message("evidence.chain.doubled", {"sequence": sequence, "others": others})
            )


def _holes(known: set[int], head: _Claim | None) -> Iterator[Finding]:
    """Name the runs of sequences that no pack holds and no link speaks of."""
    last = head.sequence if head else max(known, default=0)
    before = 0
    for sequence in sorted(known | {last + 1}):
        if sequence <= last + 1 and sequence - before > 1:
            first, final = before + 1, sequence - 1
            yield Finding(
                f"#{first}" if first == final else f"#{first}–#{final}", Message("evidence.chain.hole")
            )
        before = sequence
