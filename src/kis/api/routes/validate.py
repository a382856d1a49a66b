"""Checking a request without quoting it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from starlette.datastructures import UploadFile

from kis.api.dependencies import App, Caller, Reading, TraceId
from kis.api.errors import errors
from kis.api.routes.uploaded import uploaded
from kis.api.schemas.validate import ValidatedBreaker, ValidatedPanel, Validation, ValidationFinding
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.quotations import Found, Ruleset

router = APIRouter(prefix="/v1/validate", tags=["quotations"])

# Of no type: whatever it is, the answer says what is wrong with it.
_ANY: Final[dict[str, Any]] = {"schema": {"description": "A request; anything else is told to be none."}}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": False,
        "content": {
            "application/json": _ANY,
            "application/yaml": _ANY,
            "text/plain": _ANY,
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            },
        },
    }
}


@router.post("", responses=errors(401, 403), openapi_extra=_BODY)
async def validate_request(
    request: Request,
    app: App,
    caller: Caller,
    reading: Reading,
    trace_id: TraceId,
    ruleset: Annotated[
        Ruleset,
        Query(
            description="tab: the table of breakers, as it is understood. panel: designed, with what the gates and the critic find."
        ),
    ] = "panel",
) -> Validation:
    """Check a request in JSON or YAML, as the body or as an uploaded `file`. What it is, its content decides; anything else is answered with 415 and the reason."""
    found = await app.quotations.validate(
        caller, await _content(request, app), ruleset=ruleset, locale=reading.locale
    )
    return Validation(
        ruleset=found.ruleset,
        valid=found.is_valid,
        panels=[ValidatedPanel.model_validate(panel) for panel in found.panels],
        breakers=[ValidatedBreaker.model_validate(breaker) for breaker in found.breakers],
        errors=_shown(found.errors),
        warnings=_shown(found.warnings),
        doubts=_shown(found.doubts),
        trace_id=trace_id,
    )


async def _content(request: Request, app: App) -> bytes:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        data = await request.body()
        if not data:
            raise BadInput("request", [Problem("body", Message("quotations.body_missing"))])
        return data
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("request", [Problem("body.file", Message("quotations.file_missing"))])
        _, data = await uploaded(app, file)  # type: ignore[arg-type]  # FastAPI's UploadFile is Starlette's with documentation
    return data


def _shown(found: tuple[Found, ...]) -> list[ValidationFinding]:
    return [ValidationFinding.model_validate(one) for one in found]
