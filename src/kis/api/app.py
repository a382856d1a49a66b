"""The FastAPI application over the services of one process."""

from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from kis.api.dependencies import Application
from kis.api.errors import answer_error, errors
from kis.api.router import AREAS
from kis.platform.errors import KisError

API_VERSION = "1.0.0"
"""Of the contract: a new field raises the second number, a breaking change the first."""


def create_app(application: Application) -> FastAPI:
    """Return the API over ``application``, which is open and whose maker closes it."""
    app = FastAPI(
        title="KIS",
        version=API_VERSION,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.application = application
    handlers: tuple[type[Exception], ...] = (KisError, RequestValidationError, HTTPException)
    for kind in handlers:
        app.add_exception_handler(kind, answer_error)
    for area in AREAS:
        app.include_router(area, responses=_standard())
    return app


def operation_id(route: APIRoute) -> str:
    """Return the name of an operation in the contract: that of its function, as JavaScript writes it."""
    first, *rest = route.name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _standard() -> dict[int | str, dict[str, Any]]:
    return errors()
