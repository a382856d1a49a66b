"""The error tree of KIS.

KisError
├── BadInput                 what the caller gave is wrong: every problem at once, each with its path
├── NotFound                 something named does not exist
├── LockTimeout              another process holds a file of the installation for too long
└── (each context hangs its own leaves below these, in its own errors.py)

An error carries a :class:`~kis.platform.messages.Message`, so every face can show it in the reader's language.
Use exceptions for broken promises; an engineering answer such as "does not fit" is a result, not an error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kis.platform.messages import DEFAULT_LOCALE, Locale, Message


class KisError(Exception):
    """Something KIS can explain: a stable code and a message in Korean and English."""

    code = "error"

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return what a person should read, remedy included."""
        return self.message.text(locale)

    def __str__(self) -> str:
        return self.text("en")


class LockTimeout(KisError):
    """Another process holds a file of the installation (keys, chain, numbers) for too long."""

    code = "lock_timeout"

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        super().__init__(Message("platform.lock_timeout", {"path": path, "timeout_seconds": timeout_seconds}))
        self.path = path


class NotFound(KisError):
    """Something the caller named does not exist."""

    code = "not_found"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it is and what would be right."""

    path: str
    message: Message

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return ``path: what is wrong and what would be right``."""
        return f"{self.path}: {self.message.text(locale)}" if self.path else self.message.text(locale)


class BadInput(KisError):
    """The input cannot be used; ``problems`` names every fault found, in the order of the input."""

    code = "bad_input"

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        super().__init__(Message("platform.bad_input", {"source": source, "count": len(problems)}))
        self.source = source
        self.problems = tuple(problems)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return the heading and one line per problem."""
        lines = [self.message.text(locale), *(f"  {problem.text(locale)}" for problem in self.problems)]
        return "\n".join(lines)
