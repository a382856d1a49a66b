"""What can go wrong with evidence.

KisError
├── EvidenceError
│   ├── NotCanonical         a value has no canonical JSON form
│   ├── PackRefused          a pack cannot be made as asked: every problem at once
│   ├── PackExists           the trace id already has a pack
│   ├── PackNotWritten       the operating system refused; nothing is half-written
│   ├── KeyUnusable          a key file is not what it should be
│   ├── ChainUnreadable      the kept head of a chain cannot be read
└── NotFound
    └── KeyMissing           the installation has no key yet

A pack that does not verify is not an error but an outcome: see :mod:`kis.evidence.verify`.
"""

from collections.abc import Sequence
from pathlib import Path

from kis.platform.errors import KisError, NotFound, Problem
from kis.platform.messages import DEFAULT_LOCALE, Locale, Message


class EvidenceError(KisError):
    """Evidence cannot be made or read."""

    code = "evidence"


class NotCanonical(EvidenceError):
    """A value has no canonical JSON form; ``pointer`` (RFC 6901) says where in it."""

    code = "not_canonical"

    def __init__(self, pointer: str, reason: Message) -> None:
        super().__init__(Message("evidence.canonical.refused", {"where": pointer or "/", "reason": reason}))
        self.pointer = pointer


class PackRefused(EvidenceError):
    """A pack cannot be made as asked; ``problems`` names every fault, in the order of the files."""

    code = "pack_refused"

    def __init__(self, trace_id: str, problems: Sequence[Problem]) -> None:
        super().__init__(Message("evidence.pack.refused", {"trace_id": trace_id, "count": len(problems)}))
        self.problems = tuple(problems)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return the heading and one line per problem."""
        return "\n".join(
            [self.message.text(locale), *(f"  {problem.text(locale)}" for problem in self.problems)]
        )


class PackExists(EvidenceError):
    """The trace id already has a pack, and a pack is never written over."""

    code = "pack_exists"

    def __init__(self, path: Path) -> None:
        super().__init__(Message("evidence.pack.exists", {"path": path}))
        self.path = path


class PackNotWritten(EvidenceError):
    """The operating system refused; nothing is half-written.

    There is no trace of the pack or, when the refusal came after its rename, the whole of it, in the chain.
    """

    code = "pack_not_written"

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(Message("evidence.pack.not_written", {"path": path, "cause": cause}))
        self.path = path


class KeyUnusable(EvidenceError):
    """A key file is not what it should be."""

    code = "key_unusable"

    def __init__(self, path: Path, reason: Message) -> None:
        super().__init__(Message("evidence.key.unusable", {"path": path, "reason": reason}))
        self.path = path


class KeyMissing(NotFound):
    """The installation has no key yet: it makes one with its first pack."""

    code = "key_missing"

    def __init__(self, path: Path) -> None:
        super().__init__(Message("evidence.key.missing", {"path": path}))
        self.path = path


class ChainUnreadable(EvidenceError):
    """The kept head of a chain cannot be read, so nobody can say which pack comes next."""

    code = "chain_unreadable"

    def __init__(self, path: Path) -> None:
        super().__init__(Message("evidence.chain.head_unreadable", {"path": path}))
        self.path = path
