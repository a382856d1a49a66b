"""Headers with a meaning: Idempotency-Key, ETag and If-Match, If-None-Match."""

import hashlib
import re
from typing import Annotated, Final

import orjson
from fastapi import Header
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from starlette.requests import Request
from starlette.responses import Response

from kis.platform.errors import KisError, PreconditionFailed
from kis.platform.messages import Message

_KEY: Final = re.compile(r"[!-~]{1,200}")
_TAGS: Final = re.compile(r'(?:W/)?"[!#-~]{0,200}"(?:\s*,\s*(?:W/)?"[!#-~]{0,200}"){0,20}')
_REVISION: Final = re.compile(r'"([1-9]\d{0,9})"')


class PreconditionRequired(KisError):
    """A change that must name the copy it was made from came without its ETag."""

    code = "precondition_required"
    status_code = 428

    def __init__(self) -> None:
        super().__init__(Message("api.request.if_match_missing"))


def _checked_key(given: str) -> str:
    if not _KEY.fullmatch(given):
        raise PydanticCustomError("idempotency_key", "not an idempotency key")
    return given


def _checked_tags(given: str) -> str:
    if given.strip() != "*" and not _TAGS.fullmatch(given.strip()):
        raise PydanticCustomError("if_match", "not a list of ETags")
    return given


IdempotencyKey = Annotated[
    Annotated[str, AfterValidator(_checked_key), Field(json_schema_extra={"pattern": "^[!-~]{1,200}$"})]
    | None,
    Header(
        alias="Idempotency-Key",
        description="Makes a retry safe: the same key with the same body returns the first answer for 24 hours.",
    ),
]
"""The caller's Idempotency-Key, None where there is none; 1 to 200 printable ASCII characters. Give the parameter the default None."""

IfMatch = Annotated[
    Annotated[str, AfterValidator(_checked_tags)] | None,
    Header(alias="If-Match", description="ETag of the copy a change was made from."),
]
"""The caller's If-Match, for :func:`check_match`. Give the parameter the default None."""


def etag_of(*parts: object) -> str:
    """Return the ETag of what ``parts`` (its id and version, or all of it) tell apart."""
    told = orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(told).hexdigest()[:32]}"'


def check_match(given: str | None, current: str, *, required: bool = True) -> None:
    """Raise unless the If-Match ``given`` names ``current`` (RFC 9110, 13.1.1). Raises PreconditionRequired, PreconditionFailed."""
    if given is None:
        if required:
            raise PreconditionRequired
        return
    if given.strip() != "*" and current not in {tag.strip() for tag in given.split(",")}:
        raise PreconditionFailed(Message("api.request.outdated"), etag=current)


def revision_of(given: str | None) -> int | None:
    """Return the revision that the If-Match ``given`` names, of several the newest; None for ``*``. Whether it is the last one is the service's to say.

    Raises PreconditionRequired, and PreconditionFailed where no tag in it is that of something that can be changed.
    """
    if given is None:
        raise PreconditionRequired
    if given.strip() == "*":
        return None
    named = [_REVISION.fullmatch(tag.strip()) for tag in given.split(",")]
    revisions = [int(found[1]) for found in named if found is not None]
    if not revisions:
        raise PreconditionFailed(Message("api.request.outdated"))
    return max(revisions)


def unchanged(request: Request, etag: str) -> Response | None:
    """Return the 304 for a reader who has the copy ``etag`` already, else None."""
    given = request.headers.get("if-none-match", "")
    tags = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return Response(status_code=304, headers={"ETag": etag}) if etag in tags or "*" in tags else None
