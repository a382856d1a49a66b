"""The trace id: 32 hexadecimal digits that an answer, its log lines and its jobs have in common."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_TRACE_ID: Final[ContextVar[str]] = ContextVar("trace_id", default="")
_TRACEPARENT: Final = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:-.*)?"
)
"""W3C Trace Context, section 3.2: version ff and ids of zeros are not valid; later versions may append to it."""


def new_trace_id() -> str:
    """Return a trace id that nothing else has."""
    return os.urandom(16).hex()


def trace_id_of(traceparent: str) -> str | None:
    """Return the trace id of a W3C ``traceparent`` header, None when the header is not a valid one."""
    found = _TRACEPARENT.fullmatch(traceparent)
    return found[1] if found else None


def current_trace_id() -> str:
    """Return the trace id of what is being done now; empty outside of any request or job."""
    return _TRACE_ID.get()


@contextmanager
def bind_trace(trace_id: str) -> Iterator[None]:
    """Do what the block does under ``trace_id``: log lines and jobs made in it carry the id."""
    token = _TRACE_ID.set(trace_id)
    try:
        yield
    finally:
        _TRACE_ID.reset(token)
