"""The FastAPI application over the services of one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import structlog
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Route

from kis.api.contract import contract_of
from kis.api.errors import answer_error, errors
from kis.api.health import Readiness
from kis.api.limits import install_limits
from kis.api.middleware import Alive, Bodies, Hosts, Observe, Origins
from kis.api.router import AREAS
from kis.api.sockets import SocketErrors, add_sockets
from kis.application import Application
from kis.platform.configuration import Settings
from kis.platform.errors import KisError
from kis.platform.monitoring import AnswerSamples, Figures
from kis.platform.telemetry import Tracing
from kis.quotations import measure_quotations

LOOKED_EVERY_SECONDS: Final = 0.5
_LOG: Final = structlog.get_logger()


def create_app(application: Application) -> FastAPI:
    """Return the API over ``application``, which is open and whose maker closes it."""
    app = bare_app()
    app.state.application = application
    app.state.readiness = Readiness(application.settings, application.database, application.storage)
    app.state.figures = Figures(application.database, [measure_quotations])
    app.state.samples = AnswerSamples(application.database)
    app.state.stopping = asyncio.Event()
    _add_gateway(app, application)
    add_sockets(app, application)
    _add_middleware(app, application.settings)
    return app


def bare_app() -> FastAPI:
    """Return the routes alone, without services: for the contract."""
    app = FastAPI(
        title="KIS",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        generate_unique_id_function=operation_id,
        telemetry=_telemetry(),
    )
    handlers: tuple[type[Exception], ...] = (KisError, RequestValidationError, HTTPException)
    for kind in handlers:
        app.add_exception_handler(kind, answer_error)
    for area in AREAS:
        app.include_router(area, responses=errors())
    app.openapi = lambda: contract_of(app)  # type: ignore[method-assign]  # FastAPI's own way to change the contract
    return app


def operation_id(route: APIRoute) -> str:
    """Return the name of an operation in the contract: that of its function, as JavaScript writes it."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _add_gateway(app: FastAPI, application: Application) -> None:
    """Serve agents at ``/mcp``; what they are told of it is in the protocol, not in the contract."""
    from kis.mcp import PATH, mcp_app

    app.state.gateway = mcp_app(application)
    app.router.routes.append(Route(PATH, endpoint=app.state.gateway, include_in_schema=False))


def _telemetry() -> Any:
    """Return what FastAPI itself records: a span for each request, where somebody wants spans."""
    provider = Tracing.provider
    quiet: dict[str, Any] = {"metrics": False, "logs": False, "operation_spans": False}
    return quiet | ({"tracer_provider": provider} if provider is not None else {"tracing": False})


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Put the rooms around the routes, the innermost first."""
    from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

    own = settings.application
    app.add_middleware(
        Bodies,
        largest_text=own.largest_body_bytes,
        largest_upload=own.largest_upload_bytes,
        timeout_seconds=own.body_timeout_seconds,
    )
    install_limits(app, app.state.application)
    if own.cors_origins:
        app.add_middleware(Origins, allowed=own.cors_origins)
    app.add_middleware(Hosts, allowed=own.trusted_hosts, public_url=own.public_url)
    app.add_middleware(SocketErrors)
    app.add_middleware(Alive)
    app.add_middleware(Observe, sample=app.state.samples.add)
    if own.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(own.trusted_proxies))


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.readiness.prepare()
    tasks = [
        asyncio.create_task(app.state.samples.run_forever(), name="api_metrics"),
        asyncio.create_task(_announce(app.state.readiness), name="announce"),
    ]
    try:
        async with app.state.gateway.lifespan():
            yield
    finally:
        app.state.stopping.set()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError, TimeoutError):
                await task
        await app.state.readiness.close()


async def _announce(readiness: Readiness) -> None:
    """Say once in the log that everything is there."""
    while not (await readiness.state()).is_ready:  # noqa: ASYNC110 - nobody tells when a far service comes back
        await asyncio.sleep(LOOKED_EVERY_SECONDS)
    _LOG.info("All services initialized")
