"""What makes files a pack: their link, the checksums over both, and the signature over everything.

The seal is made from digests and sizes alone, so it is the same to the byte wherever the files are kept: in a folder (:mod:`kis.evidence.pack`) or as
objects (:mod:`kis.evidence.store`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kis.evidence import attestation, layout, sums
from kis.evidence.attestation import Statement
from kis.evidence.canonical import canonical_bytes, sha256_hex
from kis.evidence.chain import Link
from kis.evidence.errors import NotCanonical, PackRefused
from kis.evidence.keys import SigningKey
from kis.platform.errors import Problem
from kis.platform.messages import Message

LONGEST_ORGANISATION: Final = 200
"""Characters; the name stands in chain.json and in the signed facts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What is said about a pack as a whole.

    ``predicate`` holds the facts to sign beside the files, ``created_at`` is an RFC 3339 time with its offset, ``organisation`` names the line.
    """

    trace_id: str
    organisation: str
    created_at: str
    predicate: Mapping[str, object]

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the predicate of the statement."""
        return {
            "traceId": self.trace_id,
            "organisation": self.organisation,
            "created_at": self.created_at,
            "facts": self.predicate,
        }


@dataclass(frozen=True, slots=True)
class Sealed:
    """The files that evidence adds, by name. ``sha256`` is the digest of SHA256SUMS, which stands for the whole pack."""

    files: Mapping[str, bytes]
    sha256: str


def check(seal: Seal, sizes: Mapping[str, int]) -> None:
    """Raise PackRefused, naming every problem, unless files of these names and sizes can be sealed so."""
    problems = list(layout.name_problems(sizes))
    if not layout.is_trace_id(seal.trace_id):
        problems.append(Problem("trace_id", Message("evidence.pack.trace_id")))
    organisation = seal.organisation
    if not organisation.strip() or not organisation.isprintable() or len(organisation) > LONGEST_ORGANISATION:
        problems.append(
            Problem("organisation", Message("evidence.pack.organisation", {"limit": LONGEST_ORGANISATION}))
        )
    if not _is_instant(seal.created_at):
        problems.append(Problem("created_at", Message("evidence.pack.created_at")))
    try:
        signed_bytes = len(canonical_bytes(seal.facts))
    except NotCanonical as problem:
        problems.append(Problem("predicate", problem.message))
    else:
        problems.extend(_size_problems(sizes, signed_bytes))
    if problems:
        raise PackRefused(seal.trace_id, tuple(problems))


def sealed(seal: Seal, digests: Mapping[str, str], link: Link, key: SigningKey) -> Sealed:
    """Return the link, the checksums over it and the files of ``digests`` (SHA-256 by name), and the signature over everything."""
    chain = link.to_bytes()
    chained = {**digests, layout.CHAIN: sha256_hex(chain)}
    listed = sums.written(chained)
    digest = sha256_hex(listed)
    statement = Statement({**chained, layout.SUMS: digest}, seal.facts)
    own = {layout.CHAIN: chain, layout.SUMS: listed, layout.ATTESTATION: attestation.signed(statement, key)}
    return Sealed(own, digest)


def _size_problems(sizes: Mapping[str, int], signed_bytes: int) -> list[Problem]:
    """Refuse what verification would refuse to read."""
    problems = [
        Problem(
            layout.shown(name),
            Message("evidence.verify.file_too_large", {"limit": layout.LARGEST_FILE_BYTES}),
        )
        for name, size in sizes.items()
        if size > layout.LARGEST_FILE_BYTES
    ]
    if sum(sizes.values()) > layout.LARGEST_PACK_BYTES - 2 * layout.LARGEST_CONTROL_FILE_BYTES:
        problems.append(
            Problem("", Message("evidence.verify.pack_too_large", {"limit": layout.LARGEST_PACK_BYTES}))
        )
    if len(sizes) + len(layout.OWN_FILES) + len(layout.folders_of(sizes)) > layout.MOST_ENTRIES:
        problems.append(
            Problem("", Message("evidence.verify.too_many_entries", {"limit": layout.MOST_ENTRIES}))
        )
    if signed_bytes > layout.LARGEST_CONTROL_FILE_BYTES // 4:  # the rest is for the list of files, and base64
        problems.append(
            Problem(
                "predicate",
                Message("evidence.verify.file_too_large", {"limit": layout.LARGEST_CONTROL_FILE_BYTES // 4}),
            )
        )
    return problems


def _is_instant(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
