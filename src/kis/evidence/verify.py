"""Whether a pack is what the installation signed: every fault at once, whatever the folder holds.

The public key comes from the caller, never from the pack. Trust flows one way: a good signature makes the statement's digests the
truth, and the files are held against those; without one SHA256SUMS is all there is to name an altered file by, and the missing
signature is a finding of its own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kis.evidence import attestation, layout, sums
from kis.evidence.findings import Finding
from kis.evidence.keys import PublicKey
from kis.evidence.tree import Tree, read_bounded, read_tree
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """The outcome for one pack. ``predicate`` holds the signed facts, or None when no good signature vouches for any."""

    findings: tuple[Finding, ...]
    predicate: Mapping[str, object] | None

    @property
    def ok(self) -> bool:
        """Whether nothing at all is wrong."""
        return not self.findings


def verify_pack(
    path: Path, *, public_key: PublicKey, checks: Sequence[Callable[[Path], Iterable[Finding]]] = ()
) -> Verification:
    """Hold a pack against its signature and checksums, then run the caller's ``checks`` (schema, gates) on it.

    Never raises for anything a folder may hold. The checks run only on plain, bounded files, so that no link or pipe can lead them
    astray.
    """
    tree = read_tree(path)
    if not tree.is_whole:
        return Verification(findings=tree.findings, predicate=None)
    findings = list(tree.findings)
    listed, line_faults = sums.read(_control_file(path, layout.SUMS))
    findings.extend(line_faults)
    statement = attestation.opened(_control_file(path, layout.ATTESTATION), public_key)
    if isinstance(statement, Message):
        findings.append(Finding(layout.ATTESTATION, statement))
        findings.extend(_held_against({**listed, layout.SUMS: None}, tree) if listed else ())
    else:
        findings.extend(_held_against(statement.digests, tree))
        findings.extend(_disagreements(listed, statement.digests))
    if tree.is_plain:
        findings.extend(finding for check in checks for finding in _outcome(check, path))
    return Verification(
        findings=tuple(findings), predicate=None if isinstance(statement, Message) else statement.predicate
    )


def _control_file(path: Path, name: str) -> bytes:
    return read_bounded(path / name, layout.LARGEST_CONTROL_FILE_BYTES) or b""


def _held_against(expected: Mapping[str, str | None], tree: Tree) -> Iterator[Finding]:
    """Name every file that is missing, altered or added; an expected digest of None asks for the file alone."""
    for name in sorted({*expected, *tree.digests} - {layout.ATTESTATION}):
        wanted, found = expected.get(name), tree.digests.get(name)
        if name not in expected:
            yield Finding(layout.shown(name), Message("evidence.verify.added"))
        elif name not in tree.digests and not tree.refused.intersection((name, *layout.folders_of([name]))):
            yield Finding(name, Message("evidence.verify.missing"))
        elif wanted and found and wanted != found:
            yield Finding(name, Message("evidence.verify.altered", {"expected": wanted, "found": found}))
    for folder in sorted(tree.folders - layout.folders_of(expected) - layout.folders_of(tree.digests)):
        yield Finding(layout.shown(folder), Message("evidence.verify.added"))


def _disagreements(listed: Mapping[str, str], signed: Mapping[str, str]) -> Iterator[Finding]:
    """Name every line of SHA256SUMS that says something else than the statement."""
    for name in sorted({*listed, *signed} - {layout.SUMS}):
        if listed.get(name) != signed.get(name):
            yield Finding(layout.SUMS, Message("evidence.sums.not_signed", {"name": name}))


def _outcome(check: Callable[[Path], Iterable[Finding]], path: Path) -> tuple[Finding, ...]:
    try:
        return tuple(check(path))
    except Exception as problem:  # noqa: BLE001 - on a broken pack a check may break too: one more finding, neither a pass nor the end
        values = {
            "check": getattr(check, "__name__", type(check).__name__),
            "cause": layout.shown(f"{type(problem).__name__}: {problem}"),
        }
        return (Finding(".", Message("evidence.verify.check_broke", values)),)
