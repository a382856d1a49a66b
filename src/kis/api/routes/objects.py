"""Objects of a local storage, to whoever holds a link that is good: the link is the credential, as with S3's own."""

import re
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import Response, StreamingResponse

from kis.api.dependencies import App
from kis.api.errors import errors
from kis.api.headers import etag_of, unchanged
from kis.platform.errors import KisError
from kis.platform.messages import Message
from kis.platform.storage import Link, ObjectMissing, StoredObject, content_disposition
from kis.platform.storage import ObjectStore as Storage

router = APIRouter(prefix="/v1/objects", tags=["documents"])

LONGEST_TOKEN: Final = 4096

_RANGE: Final = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
_CONTENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {"application/octet-stream": {}}, "description": "The object."},
    206: {"content": {"application/octet-stream": {}}, "description": "The bytes asked for."},
    304: {"description": "The caller has it already."},
}


class RangeNotSatisfiable(KisError):
    """The bytes asked for lie beyond the end of the object."""

    code = "range_not_satisfiable"
    status_code = 416

    def __init__(self, size: int) -> None:
        super().__init__(Message("storage.range", {"size": size}), size=size)


@router.get(
    "/{token}", responses={**errors(403, 404, 410, 416), **_CONTENT}, response_class=StreamingResponse
)
async def get_object(
    token: Annotated[
        str, Path(max_length=LONGEST_TOKEN, description="From the `signedUrl` of a document or an export.")
    ],
    request: Request,
    app: App,
    wanted: Annotated[
        str | None, Header(alias="Range", description="One range of bytes: `bytes=0-1023`.", max_length=100)
    ] = None,
) -> Response:
    """Download an object by its signed link; no other credential is needed. 410 when the link has expired."""
    storage: Storage = app.storage
    link = storage.opened(token)
    found = await storage.head(link.path)
    if found is None:
        raise ObjectMissing(link.path)
    etag = etag_of(found.path, found.size, found.modified)
    same = unchanged(request, etag)
    if same is not None:
        return same
    start, end = _range(wanted, found.size)
    part = (start, end) != (0, found.size)
    return StreamingResponse(
        _pieces(storage, found, start, end),
        status_code=206 if part else 200,
        media_type=link.media_type,
        headers=_headers(link, etag, start, end)
        | ({"Content-Range": f"bytes {start}-{end - 1}/{found.size}"} if part else {}),
    )


async def _pieces(storage: Storage, found: StoredObject, start: int, end: int) -> AsyncIterator[bytes]:
    async for piece in storage.stream(found.path, start=start, end=end):
        yield piece


def _headers(link: Link, etag: str, start: int, end: int) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": f"private, max-age={max(0, link.expires - int(time.time()))}",
        "Content-Disposition": content_disposition(link.filename),
        "Content-Length": str(end - start),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }


def _range(wanted: str | None, size: int) -> tuple[int, int]:
    """Return the first byte wanted and the one after the last; the whole for a header that is not one range of bytes (RFC 9110, 14.2)."""
    match = _RANGE.fullmatch(wanted or "")
    if match is None or not (match[1] or match[2]):
        return 0, size
    if not match[1]:
        start, end = max(0, size - int(match[2])), size
    else:
        start, end = int(match[1]), min(int(match[2]) + 1, size) if match[2] else size
    if start >= size:
        raise RangeNotSatisfiable(size)
    return (start, end) if start < end else (0, size)
