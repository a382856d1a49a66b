"""What operators and their machines ask: alive, ready, metrics, the contract and its page."""

import hmac
import ipaddress
from typing import Annotated, Any, Final, Literal

import orjson
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from kis.api.contract import contract_of, contract_yaml
from kis.api.dependencies import App, Reading, TraceId
from kis.api.errors import errors
from kis.api.headers import etag_of, unchanged
from kis.api.health import Readiness
from kis.api.middleware.alive import alive_body
from kis.api.reference import reference_html, reference_policy
from kis.api.schemas.common import Time, TraceIdText, WireModel
from kis.identity import Permission
from kis.platform.errors import Unauthenticated
from kis.platform.messages import Message
from kis.platform.monitoring import Figures
from kis.platform.telemetry import metrics

router = APIRouter(tags=["operations"])

_YAML: Final = "application/yaml"
_PROMETHEUS: Final = "text/plain; version=0.0.4; charset=utf-8"
_FORWARDED: Final = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_CACHED: Final = {"Cache-Control": "no-cache"}
"""Kept by readers, but asked for again each time; with its ETag that costs nothing."""


class Alive(WireModel):
    """The program runs."""

    status: Literal["healthy"]
    timestamp: Time
    trace_id: TraceIdText


class Health(WireModel):
    """The program runs, in one word."""

    status: Literal["healthy"]


class Ready(WireModel):
    """Whether the program can work, in one word."""

    status: Literal["ready", "not_ready", "degraded"]


Found = Literal["ok", "error"]


class Readyz(WireModel):
    """Whether the program can work, and what it lacks."""

    status: Literal["ok", "degraded", "not_ready"] = Field(
        description="`degraded`: some of it works; `not_ready`: nothing does."
    )
    db: Found
    storage: Found
    migrations: Found
    cache: Found | None = None
    broker: Found | None = None
    db_error: str | None = Field(None, alias="db_error", description="One word: `timeout`, `unreachable`.")
    storage_error: str | None = Field(None, alias="storage_error")
    migrations_error: str | None = Field(None, alias="migrations_error", description="Also `behind`.")
    cache_error: str | None = Field(None, alias="cache_error")
    broker_error: str | None = Field(None, alias="broker_error")
    message: str | None = None
    ts: Time
    trace_id: TraceIdText


def _not_ready(model: type[WireModel]) -> dict[int | str, dict[str, Any]]:
    return {503: {"model": model, "description": "Not ready."}}


@router.get("/healthz", response_model=Alive)
async def get_alive(trace_id: TraceId) -> Response:
    """Tell that the program runs, asking nothing and nobody else."""
    return Response(alive_body(trace_id), media_type="application/json")


@router.get("/health")
async def get_health() -> Health:
    """Tell that the program runs."""
    return Health(status="healthy")


@router.get("/readyz", response_model=Readyz, responses=_not_ready(Readyz))
async def get_readiness(request: Request, reading: Reading, trace_id: TraceId) -> Response:
    """Tell whether the database, the storage, the schema and, where they are used, cache and broker are there; at most a second old."""
    state = await _readiness(request).state()
    body = state.shape()
    if not state.is_ready:
        lacking = tuple(Message(f"api.ready.{name}") for name in state.faults)
        body["message"] = Message("api.ready.lacking", {"services": lacking}).text(reading.locale)
    body["traceId"] = trace_id
    return Response(orjson.dumps(body), 200 if state.is_ready else 503, media_type="application/json")


@router.get("/ready", response_model=Ready, responses=_not_ready(Ready))
async def get_ready(request: Request) -> Response:
    """Tell whether the program can work."""
    state = await _readiness(request).state()
    return JSONResponse(
        {"status": "ready" if state.is_ready else state.status}, 200 if state.is_ready else 503
    )


async def _may_read_metrics(request: Request, app: App) -> None:
    """Let pass who has METRICS_TOKEN, an operator, or, where no token is set, a caller on this very machine."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    token = app.settings.telemetry.metrics_token.get_secret_value()
    if scheme.casefold() == "bearer" and given:
        if token and hmac.compare_digest(given.strip().encode(), token.encode()):
            return
        principal = await app.identity.authenticate(bearer=given.strip())
        principal.require(Permission.INSTALLATION_OPERATE)
        return
    if token or not _is_this_machine(request):
        raise Unauthenticated(Message("api.request.metrics"))


def _is_this_machine(request: Request) -> bool:
    """Tell whether the caller sits on this machine and is no proxy that speaks for another."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.get(
    "/metrics",
    response_class=Response,
    responses=errors(401, 403) | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def get_metrics(request: Request, _may: Annotated[None, Depends(_may_read_metrics)]) -> Response:
    """Return every metric in the text format of Prometheus."""
    figures: Figures = request.app.state.figures
    await figures.refresh()
    return Response(metrics.exposition(), media_type=_PROMETHEUS)


@router.get(
    "/openapi",
    response_class=Response,
    responses={200: {"content": {_YAML: {"schema": {"type": "object"}}}}},
)
async def get_contract_yaml(request: Request) -> Response:
    """Return this contract as YAML."""
    state = request.app.state
    if not hasattr(
        state, "contract_yaml"
    ):  # made once: it takes longer than any answer that nobody need be known for
        state.contract_yaml = contract_yaml(contract_of(request.app)).encode()
    return _cached(request, state.contract_yaml, _YAML)


@router.get("/openapi.json")
async def get_contract_json(request: Request) -> dict[str, Any]:
    """Return this contract as JSON."""
    return _cached(request, orjson.dumps(contract_of(request.app)), "application/json")  # type: ignore[return-value]  # a response, whose shape the annotation names


@router.get("/docs", response_class=HTMLResponse)
async def get_docs(request: Request, reading: Reading) -> Response:
    """Return this contract as a page to read."""
    page = reference_html(contract_of(request.app), reading.locale)
    response = _cached(request, page.encode(), "text/html")
    response.headers["Content-Security-Policy"] = reference_policy()
    response.headers["Vary"] = "Accept-Language"
    return response


def _cached(request: Request, content: bytes, media_type: str) -> Response:
    etag = etag_of(content.decode())
    return unchanged(request, etag) or Response(
        content, headers={"ETag": etag, **_CACHED}, media_type=media_type
    )


def _readiness(request: Request) -> Readiness:
    readiness: Readiness = request.app.state.readiness
    return readiness
