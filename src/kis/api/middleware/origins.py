"""Which pages of other origins may call: those of the settings, no other."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from kis.platform.errors import Forbidden
from kis.platform.messages import Message

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SENT: Final = (
    "Authorization",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "Traceparent",
    "X-API-Key",
    "X-CSRF-Token",
)
_READ: Final = (
    "Content-Disposition",
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Retry-After",
    "X-Trace-Id",
)


class OriginRefused(Forbidden):
    """A page of an origin that is not on the list asks whether it may call."""

    code = "origin_refused"

    def __init__(self) -> None:
        super().__init__(Message("api.request.origin"), hint=Message("api.request.origin_hint"))


class Origins(CORSMiddleware):
    """CORS by list. With ``*`` any page may call, but never with a login's cookie."""

    def __init__(self, app: ASGIApp, *, allowed: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=[origin.rstrip("/") for origin in allowed],
            allow_methods=_METHODS,
            allow_headers=_SENT,
            allow_credentials="*" not in allowed,
            expose_headers=_READ,
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the answer to a preflight. Raises OriginRefused where the origin, method or header is not on the list."""
        response = super().preflight_response(request_headers)
        if response.status_code >= 400:
            raise OriginRefused
        return response
