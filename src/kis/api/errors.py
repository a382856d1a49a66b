"""One shape for every error of the API, in the caller's language.

``{code, message, hint?, traceId, meta: {dedupKey, problems?, …}}``: also for an unknown address, a body that is no JSON, and a fault of ours.
An error of 500 and above says nothing of the inside: its trace id leads to the log.
"""

import hashlib
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from kis.api.language import locale_of
from kis.api.schemas.common import ErrorBody
from kis.platform.database.failures import is_unavailable
from kis.platform.errors import (
    BadInput,
    KisError,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthenticated,
    Unavailable,
    UnsupportedMedia,
)
from kis.platform.messages import Locale, Message
from kis.platform.telemetry import new_trace_id, tell_fault
from kis.platform.validation import problems_of

JSON: Final = "application/json"
MOST_PROBLEMS: Final = 100


class MalformedBody(KisError):
    """The bytes of the body are not what their type promises."""

    code = "malformed_body"
    status_code = 400

    def __init__(self, reason: Message) -> None:
        super().__init__(Message("api.request.malformed_body", {"reason": reason}))


class MalformedRequest(KisError):
    """The request is not HTTP, or one of its headers is not."""

    code = "malformed_request"
    status_code = 400


class InvalidRequest(BadInput):
    """Parameters, headers or body of a request cannot be used."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("request", problems)
        values = {"source": Message("api.request.source"), "count": len(problems)}
        self.message = Message("platform.bad_input", values)

    @classmethod
    def at(cls, path: str, message: Message) -> "InvalidRequest":
        """Return the error for one problem at ``path``."""
        return cls([Problem(path, message)])


class HostRefused(KisError):
    """The request names a host this installation does not answer to."""

    code = "host_refused"
    status_code = 400

    def __init__(self) -> None:
        super().__init__(Message("api.request.host"), hint=Message("api.request.host_hint"))


class RequestTimeout(KisError):
    """The body did not arrive in time."""

    code = "request_timeout"
    status_code = 408


class MethodNotAllowed(KisError):
    """The address does not take this method."""

    code = "method_not_allowed"
    status_code = 405


class Refused(KisError):
    """An HTTP status raised by the framework for which there is no name of ours."""

    code = "refused"

    def __init__(self, status_code: int) -> None:
        super().__init__(Message("api.request.refused", {"status": status_code}))
        self.status = status_code


ERRORS: Final[Mapping[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    408: "Request Timeout",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    416: "Range Not Satisfiable",
    422: "Unprocessable Content",
    428: "Precondition Required",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
"""The errors of the contract as RFC 9110 names them; the names in Python's library differ from version to version."""
STANDARD: Final = (400, 405, 408, 413, 415, 422, 429, 431, 500, 503)
"""What every route may answer with, whatever it does."""


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the ``responses=`` of a route that also answers with ``statuses``; the standard ones are on every route already."""
    return {
        status: {"model": ErrorBody, "description": ERRORS[status]}
        for status in sorted({*STANDARD, *statuses})
    }


def error_response(scope: Scope, error: Exception) -> Response:
    """Return the answer that tells ``error`` to the caller of ``scope``."""
    known = translated(scope, error)
    status = known.status if isinstance(known, Refused) else known.status_code
    body = _body(scope, known, status, locale_of(scope))
    return Response(orjson.dumps(body), status, _headers(known), media_type=JSON)


def error_body(error: KisError) -> tuple[int, dict[str, Any]]:
    """Return status and body for an error before there is a request."""
    scope: Scope = {"type": "http", "headers": [], "query_string": b""}
    return error.status_code, _body(scope, error, error.status_code, locale_of(scope))


def translated(scope: Scope, error: Exception) -> KisError:
    """Return ``error`` as one of ours: the framework's own are put into our words."""
    if isinstance(error, KisError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(scope, error)
    if isinstance(error, HTTPException):
        return _of_status(scope, error)
    if is_unavailable(error):
        return Unavailable(Message("api.unavailable"))
    return KisError(Message("api.internal", {"trace_id": trace_of(scope)}))


def is_fault(error: Exception) -> bool:
    """Tell whether ``error`` is a fault of ours, which somebody must look into."""
    if isinstance(error, RequestValidationError | HTTPException):
        return False
    status = error.status_code if isinstance(error, KisError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return status == HTTPStatus.INTERNAL_SERVER_ERROR and not is_unavailable(error)


def trace_of(scope: Scope) -> str:
    """Return the trace id of the request, giving it one where it has none."""
    state: dict[str, Any] = scope.setdefault("state", {})
    found: str = state.setdefault("trace_id", "") or new_trace_id()
    state["trace_id"] = found
    return found


def route_of(scope: Scope) -> str:
    """Return the template of the route that answers (``/v1/estimate/{quoteId}``), ``other`` where none does."""
    route = scope.get("route")
    return getattr(route, "path_format", None) or getattr(route, "path", None) or "other"


async def answer_error(request: Request, error: Exception) -> Response:
    """Answer with ``error``: what the framework calls for every exception it knows."""
    if is_fault(error):
        tell_fault("request.failed", error, method=request.method, route=route_of(request.scope))
    return error_response(request.scope, error)


def _body(scope: Scope, error: KisError, status: int, locale: Locale) -> dict[str, Any]:
    code, message, hint, meta = error.code, error.message, error.hint, dict(error.meta)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, Unavailable):
        trace = {"trace_id": trace_of(scope)}
        internal = status == HTTPStatus.INTERNAL_SERVER_ERROR
        message = Message("api.internal", trace) if internal else Message("api.unavailable")
        code, hint, meta = ("internal_error" if internal else code), None, {}
    problems = error.problems if isinstance(error, BadInput) else ()
    meta["dedupKey"] = dedup_key(code, route_of(scope), problems)
    if isinstance(error, BadInput):
        meta["problems"] = _listed(problems, locale)
    body: dict[str, Any] = {"code": code, "message": message.text(locale)}
    if hint is not None:
        body["hint"] = hint.text(locale)
    return body | {"traceId": trace_of(scope), "meta": _plain(meta, locale)}


def dedup_key(code: str, route: str, problems: Sequence[Problem] = ()) -> str:
    """Return what is the same for the same kind of error at the same route."""
    told = "|".join((code, route, *sorted({problem.path for problem in problems})))
    return hashlib.sha256(told.encode("utf-8", "backslashreplace")).hexdigest()[:16]


def _listed(problems: Sequence[Problem], locale: Locale) -> list[dict[str, str]]:
    shown = [
        {"path": _clean(each.path), "message": _clean(each.message.text(locale))}
        for each in problems[:MOST_PROBLEMS]
    ]
    if len(problems) > MOST_PROBLEMS:
        shown.append({"path": "", "message": Message("api.invalid.more").text(locale)})
    return shown


def _clean(text: str) -> str:
    """Return ``text`` without lone surrogates, which UTF-8 cannot hold."""
    return text.encode("utf-8", "backslashreplace").decode()


def _plain(value: Any, locale: Locale) -> Any:
    """Return a value of ``meta`` as JSON can hold it."""
    if isinstance(value, Message):
        return value.text(locale)
    if isinstance(value, Mapping):
        return {str(name): _plain(item, locale) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, locale) for item in value]
    return value if isinstance(value, int | float | bool | None) else _clean(str(value))


def _headers(error: KisError) -> dict[str, str]:
    if isinstance(error, TooManyRequests):
        return {"Retry-After": str(max(1, round(error.retry_after_seconds + 0.5)))}
    if isinstance(error, Unauthenticated):
        return {"WWW-Authenticate": "Bearer"}
    if isinstance(error, MethodNotAllowed):
        return {"Allow": str(error.meta["allowed"])}
    if isinstance(error, Unavailable):
        return {"Retry-After": "1"}
    if error.status_code in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}:
        return {"Connection": "close"}
    return {}


def _invalid(scope: Scope, error: RequestValidationError) -> KisError:
    known = methods_at(scope)
    if known and scope["method"] not in known:
        return _not_allowed(scope, known)  # /estimate/stream is no quotation called "stream"
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        position = next(int(each["loc"][-1]) + 1 for each in found if each["type"] == "json_invalid")
        return MalformedBody(Message("api.request.malformed_json", {"position": position}))
    if (
        isinstance(error.body, bytes)
        and error.body
        and any(tuple(each["loc"]) == ("body",) for each in found)
    ):
        return unsupported_media(scope, JSON)
    return _bad_input(found)


def bad_input(error: ValidationError) -> BadInput:
    """Return what pydantic found wrong with something that was read apart from the route's own parameters."""
    return _bad_input(error.errors(include_url=False))


def _bad_input(found: Sequence[Any]) -> BadInput:
    return InvalidRequest(problems_of(found))


def unsupported_media(scope: Scope, *accepted: str) -> UnsupportedMedia:
    """Return the refusal of a body of the type this request says it has."""
    given = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    shown: object = given.decode("latin-1")[:80] or Message("api.request.media_type_none")
    return UnsupportedMedia(
        Message("api.request.media_type", {"given": shown, "accepted": ", ".join(accepted)}),
        accepted=accepted,
    )


def _of_status(scope: Scope, error: HTTPException) -> KisError:
    cause = error.__cause__
    if isinstance(cause, KisError):
        return cause  # our body guard spoke while the framework was reading
    if error.status_code == HTTPStatus.NOT_FOUND:
        return NotFound(Message("api.request.not_found"), hint=Message("api.request.not_found_hint"))
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        told = (error.headers or {}).get("Allow", "")
        return _not_allowed(scope, methods_at(scope) or tuple(told.split(", ")))
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return MalformedBody(_why_unread(cause, scope))
    return Refused(error.status_code)


def _not_allowed(scope: Scope, methods: Sequence[str]) -> MethodNotAllowed:
    allowed = ", ".join(methods)
    values = {"method": str(scope["method"])[:20], "allowed": allowed}
    return MethodNotAllowed(Message("api.request.method_not_allowed", values), allowed=allowed)


def methods_at(scope: Scope) -> tuple[str, ...]:
    """Return what the contract has for the path of ``scope``: the very path, else all templates that fit; empty for none.

    The framework's own Allow names the methods of the first route it finds.
    """
    app = scope.get("app")
    if app is None:
        return ()
    path, found = scope["path"], set[str]()
    paths: Mapping[str, Mapping[str, Any]] = app.openapi()["paths"]
    if path in paths:
        found.update(paths[path])
    else:
        for template, verbs in paths.items():
            if "{" in template and _fits(template, path):
                found.update(verbs)
    return tuple(sorted(verb.upper() for verb in found))


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        piece == part or piece.startswith("{") for piece, part in zip(wanted, given, strict=True)
    )


def _why_unread(cause: BaseException | None, scope: Scope) -> Message:
    if isinstance(cause, UnicodeDecodeError):
        return Message("api.request.not_utf8")
    form = any(
        name == b"content-type" and value.startswith(b"multipart/") for name, value in scope["headers"]
    )
    return Message("api.request.malformed_form") if form else Message("api.request.malformed_http")
