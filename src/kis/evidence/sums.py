"""SHA256SUMS: the digests of a pack's files as ``sha256sum -c`` reads them, without the file itself and the signature over it."""

import re
from collections.abc import Mapping
from typing import Final

from kis.evidence import layout
from kis.evidence.findings import Finding
from kis.platform.messages import Message

_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)")


def written(digests: Mapping[str, str]) -> bytes:
    """Return the file for the SHA-256 of each file by name, sorted by name."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def read(data: bytes) -> tuple[dict[str, str], tuple[Finding, ...]]:
    """Return the digests by name, and a finding for each line that KIS would not have written."""
    findings: list[Finding] = []
    digests: dict[str, str] = {}
    *lines, rest = data.decode("utf-8", "replace").split("\n")
    if rest:
        findings.append(Finding(layout.SUMS, Message("evidence.sums.cut")))
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None or layout.name_fault(match[2]) or match[2] in digests:
            findings.append(Finding(layout.SUMS, Message("evidence.sums.line", {"number": number})))
        else:
            digests[match[2]] = match[1]
    if list(digests) != sorted(digests):
        findings.append(Finding(layout.SUMS, Message("evidence.sums.unsorted")))
    return digests, tuple(findings)
