"""The outermost room: every request gets its trace id, its line in the log, its place in the metrics and an answer in the one shape."""

from collections.abc import Callable, MutableSequence
from time import perf_counter
from typing import Any, Final

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kis.api.errors import error_response, is_fault, route_of
from kis.platform.errors import KisError, Unavailable
from kis.platform.messages import Message as Sentence
from kis.platform.telemetry import (
    bind_trace,
    metrics,
    new_trace_id,
    recording_trace_id,
    tell_fault,
    trace_id_of,
)
from kis.platform.telemetry.masking import masked_path

Header = tuple[bytes, bytes]
Sample = Callable[[str, str, int, float], None]

MOST_AT_ONCE: Final = 8192
"""Requests being answered, open streams included. Beyond it the process would only collect what it cannot serve."""

_SECURITY: Final[tuple[Header, ...]] = (
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""For answers that are data; a route that shows a page sets its own policy, and its own caching where that is safe."""
_HSTS: Final = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_QUIET: Final = frozenset({"/healthz", "/health", "/ready", "/readyz", "/metrics"})
"""Asked for by machines every few seconds: counted, but logged only for those who debug."""
_GONE: Final = 499
"""The caller went away before the answer (as nginx writes it)."""

_LOG: Final = structlog.get_logger()


class Observe:
    """Gives each request its trace id and tells how it went."""

    def __init__(self, app: ASGIApp, *, sample: Sample) -> None:
        self._app = app
        self._sample = sample
        self._open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = recording_trace_id() or trace_id_of(_header(scope, b"traceparent")) or new_trace_id()
        scope.setdefault("state", {})["trace_id"] = trace_id
        answer = _Answer(scope, send, trace_id)
        self._open += 1
        metrics.HTTP_IN_PROGRESS.set(self._open)
        try:
            with bind_trace(trace_id):
                await self._answered(scope, receive, answer)
        finally:
            self._open -= 1
            metrics.HTTP_IN_PROGRESS.set(self._open)
            self._tell(scope, answer, trace_id)

    async def _answered(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if self._open > MOST_AT_ONCE:
            await error_response(scope, Unavailable(Sentence("api.unavailable")))(scope, receive, answer.send)
            return
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:
            self._tell_error(scope, error)
            if answer.status:
                raise
            await error_response(scope, error)(scope, receive, answer.send)

    def _tell_error(self, scope: Scope, error: Exception) -> None:
        if is_fault(error):
            tell_fault("request.failed", error, method=scope["method"], route=route_of(scope))
        elif not isinstance(error, KisError):
            _LOG.warning("request.unavailable", route=route_of(scope), reason=type(error).__name__)

    def _tell(self, scope: Scope, answer: "_Answer", trace_id: str) -> None:
        method, route, seconds = scope["method"], route_of(scope), answer.seconds
        status = answer.status or _GONE
        known_method = method if method in _METHODS else metrics.OTHER
        metrics.HTTP_REQUESTS.labels(known_method, route, str(status)).inc()
        metrics.HTTP_SECONDS.labels(known_method, route).observe(seconds)
        quiet = scope["path"] in _QUIET
        if not quiet:
            metrics.ANSWERS.add(status, seconds)
            self._sample(known_method, route, status, seconds)
        tell = _LOG.debug if quiet else _LOG.info
        tell(
            "http.answered",
            method=method,
            path=masked_path(scope["path"])[:500],
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 2),
            address=(scope.get("client") or ("",))[0],
            trace_id=trace_id,
        )


_METHODS: Final = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class _Answer:
    """What is being answered: its status, and when its first byte left."""

    __slots__ = ("_begun", "_fixed", "_seconds", "_send", "status")

    def __init__(self, scope: Scope, send: Send, trace_id: str) -> None:
        self._begun = perf_counter()
        self._seconds: float | None = None
        self._send = send
        self.status = 0
        trace = (b"x-trace-id", trace_id.encode())
        self._fixed = (trace, *_SECURITY, _HSTS) if scope.get("scheme") == "https" else (trace, *_SECURITY)

    @property
    def seconds(self) -> float:
        """Return the time to the first byte, so far where none has left."""
        return perf_counter() - self._begun if self._seconds is None else self._seconds

    async def send(self, message: Message) -> None:
        """Pass a message on, the headers that every answer has added to its head."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._seconds = perf_counter() - self._begun
            given: MutableSequence[Any] = list(message.get("headers", ()))
            names = {name for name, _ in given}
            given.extend(header for header in self._fixed if header[0] not in names)
            message["headers"] = given
        await self._send(message)


def _header(scope: Scope, name: bytes) -> str:
    found = next((value for key, value in scope["headers"] if key == name), b"")
    return found.decode("latin-1")
