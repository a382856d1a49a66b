"""What can go wrong with a job.

KisError
├── Permanent        another try would end the same way
├── JobTimedOut      the handler took longer than one try may
├── WorkerLost       the process died with it, each time
└── HandlerFailed    the handler broke in a way nobody foresaw
Conflict
└── LeaseLost        another worker has the job now; what this one did is rolled back
"""

from collections.abc import Mapping
from typing import Any

from kis.platform.errors import Conflict, KisError
from kis.platform.messages import LOCALES, Message


class Permanent(KisError):
    """Another try would end the same way: the job fails at once. Raise it with what the reader should know."""

    code = "job_refused"


class JobTimedOut(KisError):
    """The handler took longer than one try may."""

    code = "job_timed_out"

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(Message("jobs.timed_out", {"timeout_seconds": timeout_seconds}))


class WorkerLost(KisError):
    """The process that worked on it died, as often as a job is tried."""

    code = "job_worker_lost"

    def __init__(self, attempts: int) -> None:
        super().__init__(Message("jobs.worker_lost", {"attempts": attempts}))


class HandlerFailed(KisError):
    """The handler broke in a way nobody foresaw. The cause is in the log, under the trace id; here it could tell secrets."""

    code = "job_failed"

    def __init__(self, cause: BaseException) -> None:
        super().__init__(Message("jobs.failed"), exception=type(cause).__name__)
        self.__cause__ = cause


class LeaseLost(Conflict):
    """Another worker has the job now, or it is finished; what this one wanted to write is rolled back."""

    code = "job_lease_lost"

    def __init__(self) -> None:
        super().__init__(Message("jobs.lease_lost"))


def described(error: KisError) -> dict[str, Any]:
    """Return ``error`` as rows keep it: code, message and hint in every language, facts."""
    told: dict[str, Any] = {"code": error.code, "message": _texts(error.message), "meta": _facts(error.meta)}
    if error.hint is not None:
        told["hint"] = _texts(error.hint)
    return told


def _texts(message: Message) -> dict[str, str]:
    return {locale: message.text(locale) for locale in LOCALES}


def _facts(meta: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, (bool, int, float, str)) else str(value)
        for name, value in meta.items()
    }
