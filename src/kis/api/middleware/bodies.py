"""How much is read: size, depth and time of a body are bounded before a route sees it."""

import asyncio
from typing import Any, Final

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kis.api.errors import InvalidRequest, MalformedBody, MalformedRequest, RequestTimeout
from kis.platform.errors import TooLarge
from kis.platform.messages import Message as Sentence
from kis.platform.validation import path_of

DEEPEST: Final = 40
"""The deepest request has 7 levels; a parser or a validator must not be made to recurse by a stranger."""
_TEXTS: Final = (
    b"application/json",
    b"application/yaml",
    b"application/x-yaml",
    b"text/",
    b"application/x-www-form-urlencoded",
)
_MULTIPART_OVERHEAD_BYTES: Final = 64 * 1024


class Bodies:
    """Reads bodies within bounds. JSON is read whole and looked into; anything else is counted while the route reads it."""

    def __init__(
        self, app: ASGIApp, *, largest_text: int, largest_upload: int, timeout_seconds: float
    ) -> None:
        self._app = app
        self._largest_text = largest_text
        self._largest_upload = largest_upload + _MULTIPART_OVERHEAD_BYTES
        self._timeout_seconds = timeout_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        kind, length, has_body = _facts(scope)
        if not has_body:
            await self._app(scope, receive, send)
            return
        limit = (
            self._largest_text
            if not kind or kind.startswith(_TEXTS) or b"+json" in kind
            else self._largest_upload
        )
        if length > limit:
            raise too_large(limit)
        bounded = _Bounded(receive, limit, self._timeout_seconds)
        if kind.startswith(b"application/json") or b"+json" in kind:
            body = await bounded.whole()
            _check_json(body)
            await self._app(scope, _Replay(body, receive), send)
        else:
            await self._app(scope, bounded, send)


def too_large(limit: int) -> TooLarge:
    """Return the refusal of a body larger than ``limit`` bytes."""
    return TooLarge(Sentence("api.request.too_large", {"limit": limit}), limitBytes=limit)


class _Bounded:
    """Passes the pieces of a body on as long as they are few enough and come in time."""

    def __init__(self, receive: Receive, limit: int, timeout_seconds: float) -> None:
        self._receive = receive
        self._limit = limit
        self._seconds = timeout_seconds
        self._deadline = asyncio.get_running_loop().time() + timeout_seconds
        self._count = 0
        self._more = True

    async def __call__(self) -> Message:
        if not self._more:
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError as error:
            raise RequestTimeout(Sentence("api.request.too_slow", {"seconds": self._seconds})) from error
        self._more = bool(message.get("more_body", False))
        self._count += len(message.get("body", b""))
        if self._count > self._limit:
            raise too_large(self._limit)
        return message

    async def whole(self) -> bytes:
        pieces = []
        while self._more:
            message = await self()
            if message["type"] == "http.disconnect":
                raise MalformedRequest(Sentence("api.request.malformed_http"))
            pieces.append(message.get("body", b""))
        return b"".join(pieces)


class _Replay:
    """Gives a body that was read already to whoever asks first; afterwards what the connection tells."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _facts(scope: Scope) -> tuple[bytes, int, bool]:
    """Return the type of the body, its length as far as it is told, and whether there is one."""
    kind, length, has_body = b"", 0, False
    for name, value in scope["headers"]:
        if name == b"content-type":
            kind = value.strip().lower()
        elif name == b"transfer-encoding":
            has_body = True
        elif name == b"content-length":
            if not value.isdigit() or len(value) > 18:
                raise MalformedRequest(Sentence("api.request.length"))
            length = int(value)
            has_body = has_body or length > 0
    return kind, length, has_body


def _check_json(body: bytes) -> None:
    """Raise unless ``body`` is JSON of a sane shape (RFC 8259: UTF-8, no NaN, no lone surrogate)."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedBody(_why(body, error)) from error
    _check_depth(value)
    if b"\\u0000" in body:
        _check_characters(value, ())


def _why(body: bytes, error: orjson.JSONDecodeError) -> Sentence:
    try:
        body.decode()
    except UnicodeDecodeError:
        return Sentence("api.request.not_utf8")
    if "depth" in error.msg:
        return Sentence("api.request.too_deep", {"limit": DEEPEST})
    return Sentence("api.request.malformed_json", {"position": error.pos + 1})


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST):
        level = (
            [
                item
                for block in level
                for item in (block.values() if isinstance(block, dict) else block)
                if isinstance(item, dict | list)
            ]
            if isinstance(level[0], dict | list)
            else []
        )
        if not level:
            return
    raise MalformedBody(Sentence("api.request.too_deep", {"limit": DEEPEST}))


def _check_characters(value: Any, place: tuple[int | str, ...]) -> None:
    """Refuse U+0000, which no text of PostgreSQL can hold."""
    if isinstance(value, str) and "\0" in value:
        raise InvalidRequest.at(path_of(("body", *place)), Sentence("api.request.control_character"))
    if isinstance(value, dict):
        for name, item in value.items():
            _check_characters(name, place)
            _check_characters(item, (*place, name))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _check_characters(item, (*place, position))
