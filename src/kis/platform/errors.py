"""The error tree of KIS.

KisError
├── BadInput                 what the caller gave is wrong: every problem at once, each with its path
├── NotFound                 something named does not exist
├── LockTimeout              another process holds a file of the installation for too long
├── Conflict                 what is asked for does not go with what is there now
├── PreconditionFailed       the caller's copy is out of date
├── Unauthenticated          who is calling is not known
├── Forbidden                the caller is known and may not do this
├── TooManyRequests          the caller must wait
├── TooLarge                 the body is larger than is read
├── UnsupportedMedia         the body is of a kind that is not read here
├── Unavailable              something this needs is not there now
└── (each context hangs its own leaves below these, in its own errors.py)

An error carries a :class:`~kis.platform.messages.Message`, so every face can show it in the reader's language.
Use exceptions for broken promises; an engineering answer such as "does not fit" is a result, not an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from kis.platform.messages import DEFAULT_LOCALE, Locale, Message


class KisError(Exception):
    """Something KIS can explain: a stable code and a message in Korean and English."""

    code: ClassVar[str] = "error"
    status_code: ClassVar[int] = 500
    """What an HTTP face answers with."""

    def __init__(self, message: Message, *, hint: Message | None = None, **meta: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """What the reader can do, where the message does not say it already."""
        self.meta: Mapping[str, object] = meta
        """Facts a program can act on; never a secret."""

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return what a person should read, remedy included."""
        return self.message.text(locale)

    def __str__(self) -> str:
        return self.text("en")


class LockTimeout(KisError):
    """Another process holds a file of the installation (keys, chain, numbers) for too long."""

    code = "lock_timeout"
    status_code = 503

    def __init__(self, path: Path, timeout_seconds: float) -> None:
        super().__init__(Message("platform.lock_timeout", {"path": path, "timeout_seconds": timeout_seconds}))
        self.path = path


class NotFound(KisError):
    """Something the caller named does not exist."""

    code = "not_found"
    status_code = 404


class Conflict(KisError):
    """What is asked for does not go with the state things are in."""

    code = "conflict"
    status_code = 409


class PreconditionFailed(KisError):
    """The caller's copy (its ETag) is not the newest."""

    code = "precondition_failed"
    status_code = 412


class Unauthenticated(KisError):
    """Who is calling is not known: no credential, or one that is not good."""

    code = "unauthenticated"
    status_code = 401


class Forbidden(KisError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status_code = 403


class TooManyRequests(KisError):
    """The caller asked too often; ``retry_after_seconds`` says when the next one is answered."""

    code = "too_many_requests"
    status_code = 429

    def __init__(self, message: Message, *, retry_after_seconds: float) -> None:
        super().__init__(message, retryAfterSeconds=retry_after_seconds)
        self.retry_after_seconds = retry_after_seconds


class TooLarge(KisError):
    """The body is larger than is read."""

    code = "too_large"
    status_code = 413


class UnsupportedMedia(KisError):
    """The body is of a kind that is not read here."""

    code = "unsupported_media_type"
    status_code = 415


class Unavailable(KisError):
    """Something this needs (database, storage, broker) is not there now."""

    code = "unavailable"
    status_code = 503


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: where it is and what would be right."""

    path: str
    message: Message

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return ``path: what is wrong and what would be right``."""
        return f"{self.path}: {self.message.text(locale)}" if self.path else self.message.text(locale)


_SOURCES: Final = frozenset({"request", "filter"})
"""What is no file of the reader's and has a word in their language."""


class BadInput(KisError):
    """The input cannot be used; ``problems`` names every fault found, in the order of the input."""

    code = "bad_input"
    status_code = 422

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        named: object = Message(f"platform.source.{source}") if source in _SOURCES else source
        super().__init__(Message("platform.bad_input", {"source": named, "count": len(problems)}))
        self.source = source
        self.problems = tuple(problems)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return the heading and one line per problem."""
        lines = [self.message.text(locale), *(f"  {problem.text(locale)}" for problem in self.problems)]
        return "\n".join(lines)
