"""What a storage's refusal means, said so that a user may read it."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx2
import structlog
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError

from kis.platform.storage.errors import ObjectMissing, StorageUnavailable

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REFUSED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
_NUMBER: Final = re.compile(r"\(os error (\d+)\)")
_NO_BUCKET: Final = "NoSuchBucket"
_LONGEST_LOGGED: Final = 500

_log = structlog.get_logger(__name__)


@contextmanager
def explained(action: str, path: str = "") -> Iterator[None]:
    """Turn whatever the storage library raises into ObjectMissing or StorageUnavailable, and log what it said."""
    try:
        yield
    except (BaseError, OSError, httpx2.HTTPError) as problem:
        if isinstance(problem, FileNotFoundError) and _NO_BUCKET not in str(problem):
            raise ObjectMissing(path) from problem
        reason = reason_of(problem)
        _log.warning(
            "storage.failed", action=action, path=path, reason=reason, cause=str(problem)[:_LONGEST_LOGGED]
        )
        raise StorageUnavailable(reason) from problem


def reason_of(problem: Exception) -> str:
    """Return the word for what is wrong: no_bucket, refused, full or unreachable."""
    if _NO_BUCKET in str(problem):
        return "no_bucket"
    if isinstance(problem, PermissionDeniedError | UnauthenticatedError):
        return "refused"
    number = problem.errno if isinstance(problem, OSError) else None
    told = _NUMBER.search(str(problem))
    if number is None and told:
        number = int(told[1])
    if number in _FULL:
        return "full"
    return "refused" if number in _REFUSED else "unreachable"
