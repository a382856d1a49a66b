"""How often a caller may ask, told with every answer.

Two buckets are asked: that of the address, before anything else is done for the request, and that of the person or key, once it is known who calls. The
answer carries the tighter of the two as ``RateLimit-Limit``, ``RateLimit-Remaining`` and ``RateLimit-Reset`` (seconds until the bucket is full).
"""

import math
from typing import Final

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kis.api.errors import error_response
from kis.application import Application
from kis.identity import Principal
from kis.platform.errors import TooManyRequests
from kis.platform.limits import Limiter, Rate, Verdict
from kis.platform.messages import Message as Sentence
from kis.platform.telemetry import metrics

UNCOUNTED: Final = frozenset({"/healthz", "/readyz", "/health", "/ready", "/metrics"})
"""Asked by the machines that look after the installation; each costs next to nothing or is cached."""
_STATE: Final = "rate_verdict"


class Limits:
    """Counts requests by address and tells what is left."""

    def __init__(self, app: ASGIApp, *, limiter: Limiter, rate: Rate) -> None:
        self._app = app
        self._limiter = limiter
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in UNCOUNTED:
            await self._app(scope, receive, send)
            return
        client = scope.get("client")
        verdict = await self._limiter.take(f"address:{client[0] if client else ''}", self._rate)
        scope.setdefault("state", {})[_STATE] = verdict

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(MutableHeaders(scope=message), scope["state"][_STATE])
            await send(message)

        if verdict.allowed:
            await self._app(scope, receive, told)
        else:
            metrics.RATE_LIMITED.labels("address").inc()
            await error_response(scope, refusal(verdict))(scope, receive, told)


def install_limits(app: FastAPI, application: Application) -> None:
    """Put the count by address around ``app``. It must lie inside what knows the caller's real address."""
    rate = Rate(application.settings.limits.address_per_minute)
    app.add_middleware(Limits, limiter=application.limiter, rate=rate)


async def limit_caller(request: Request, principal: Principal) -> None:
    """Count a request of a known caller. Raises TooManyRequests."""
    application: Application = request.app.state.application
    rate = Rate(application.settings.limits.per_minute)
    verdict = await application.limiter.take(f"caller:{principal.actor}", rate)
    earlier = request.scope["state"].get(_STATE)
    if earlier is None or verdict.remaining < earlier.remaining or not verdict.allowed:
        request.scope["state"][_STATE] = verdict
    if not verdict.allowed:
        metrics.RATE_LIMITED.labels("caller").inc()
        raise refusal(verdict)


def refusal(verdict: Verdict) -> TooManyRequests:
    """Return the error that tells a caller to wait."""
    seconds = max(1, math.ceil(verdict.retry_after_seconds))
    return TooManyRequests(
        Sentence("limits.too_many", {"limit": verdict.limit, "seconds": seconds}),
        retry_after_seconds=verdict.retry_after_seconds,
    )


def _tell(headers: MutableHeaders, verdict: Verdict) -> None:
    headers["RateLimit-Limit"] = str(verdict.limit)
    headers["RateLimit-Remaining"] = str(max(0, verdict.remaining))
    headers["RateLimit-Reset"] = str(math.ceil(verdict.reset_seconds))
