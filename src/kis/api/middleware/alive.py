"""``/healthz`` on the short way: no host to check, no body, no route, nobody asked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from kis.api.schemas.common import rfc3339

PATH: Final = "/healthz"


@dataclass(frozen=True, slots=True)
class _Route:
    path: str


_ROUTE: Final = _Route(PATH)
"""What stands in the metrics for the route, which is not looked for here."""


class Alive:
    """Answers GET and HEAD of ``/healthz`` at once."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != PATH or scope["method"] not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        scope["route"] = _ROUTE
        body = alive_body(scope["state"]["trace_id"])
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def alive_body(trace_id: str) -> bytes:
    """Return the body of ``/healthz``."""
    return orjson.dumps({"status": "healthy", "timestamp": rfc3339(datetime.now(UTC)), "traceId": trace_id})
