"""HTTP/1.1 as uvicorn speaks it, with bounds on the head of a request and our own words for what is no HTTP."""

import asyncio
from typing import Any, Final

import orjson
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from kis.api.errors import MalformedRequest, error_body
from kis.platform.messages import Message

LARGEST_HEAD_BYTES: Final = 32 * 1024
"""Request line and headers together; a token of a foreign issuer with many groups has some 8 KB."""
HEAD_TIMEOUT_SECONDS: Final = 20.0
"""From the first byte of a head (or the connection) to its end: who opens connections and says nothing does not keep them."""


_HEAD_TOO_LARGE: Final = 431


class _HeadTooLarge(Exception):
    pass


class BoundedProtocol(HttpToolsProtocol):
    """Closes connections whose heads are too long or too slow."""

    _head_bytes = 0
    _is_too_large = False
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._head_bytes = 0
        self._await_head()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Count the request line."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Count a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop waiting: the rest is the business of who reads the body."""
        self._stop_waiting()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Answer what is no HTTP, in the shape of every error."""
        key = "head_too_large" if self._is_too_large else "malformed_http"
        status, body = error_body(MalformedRequest(Message(f"api.request.{key}")))
        status = _HEAD_TOO_LARGE if self._is_too_large else status
        content = orjson.dumps(body)
        trace = str(body["traceId"]).encode()
        self.transport.write(
            b"".join(
                (
                    STATUS_LINE[status],
                    b"content-type: application/json\r\nconnection: close\r\ncache-control: no-store\r\n",
                    b"x-content-type-options: nosniff\r\n",
                    b"x-trace-id: %b\r\ncontent-length: %d\r\n\r\n" % (trace, len(content)),
                    content,
                )
            )
        )
        self.transport.close()

    def _count(self, length: int) -> None:
        self._head_bytes += length
        if self._head_bytes > LARGEST_HEAD_BYTES:
            self._is_too_large = True
            raise _HeadTooLarge

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_TIMEOUT_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        self._head_timer = None
        transport: Any = self.transport
        if transport is not None and not transport.is_closing():
            transport.close()
