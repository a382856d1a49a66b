"""``/ws``: typing, predictions, questions and answers over one WebSocket. What is said is in ``docs/reference/assistant-protocol.md``.

Who calls is known as on the rest of the API: the Authorization header, ``X-API-Key``, or a browser's login. A page cannot set headers on a WebSocket, so its
token may come as a subprotocol (``bearer.<token>`` beside ``kis.assistant``). A token in the address is refused: addresses stand in logs. A page of
another origin than this installation's and CORS_ORIGINS is refused whatever it brings.
"""

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from fastapi import FastAPI
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from kis.api import cookies
from kis.api.errors import InvalidRequest, error_response, is_fault
from kis.api.language import locale_of
from kis.api.limits import refusal
from kis.application import Application
from kis.assistant import Assistant, Connection
from kis.identity import Principal
from kis.platform.errors import Forbidden, TooManyRequests, Unavailable
from kis.platform.limits import Rate
from kis.platform.messages import Message as Sentence
from kis.platform.telemetry import bind_trace, metrics, new_trace_id, tell_fault, trace_id_of

PATHS: Final = ("/ws", "/v1/assistant/ws")
SUBPROTOCOL: Final = "kis.assistant"
LARGEST_MESSAGE_BYTES: Final = 7_100_000
"""A question with an image of 5 MB in base64; on a larger message the connection is closed (1009)."""
_TOKEN_PROTOCOL: Final = "bearer."
_TOKENS_IN_ADDRESS: Final = ("access_token", "api_key", "token")
_CLOSE_SECONDS: Final = 5.0


class SocketOriginRefused(Forbidden):
    """A page of another origin wants to talk with this installation."""

    code = "origin_refused"

    def __init__(self) -> None:
        super().__init__(Sentence("api.request.origin"), hint=Sentence("api.request.origin_hint"))


class SocketProtocol(WebSocketsSansIOProtocol):
    """WebSockets as uvicorn speaks them; addresses are not logged, and who does not read what is left to send is cut off."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.logger = logging.getLogger("kis.sockets")
        self.logger.setLevel(logging.WARNING)

    async def run_asgi(self) -> None:
        """Serve the connection; a peer that does not take the last bytes in is not waited for."""
        await super().run_asgi()
        self.loop.call_later(_CLOSE_SECONDS, self.transport.abort)


class SocketErrors:
    """Answers in the one shape of errors where a WebSocket is refused before it is opened."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        given = HTTPConnection(scope).headers.get("traceparent", "")
        trace_id = trace_id_of(given) or new_trace_id()
        scope.setdefault("state", {})["trace_id"] = trace_id
        is_open = False

        async def told(message: Message) -> None:
            nonlocal is_open
            is_open = is_open or message["type"] == "websocket.accept"
            await send(message)

        with bind_trace(trace_id):
            try:
                await self._app(scope, receive, told)
            except Exception as error:  # noqa: BLE001 - whatever it was, the caller hears of it in the one shape
                if is_fault(error):
                    tell_fault("socket.failed", error)
                if is_open:
                    with suppress(OSError, RuntimeError):
                        await send({"type": "websocket.close", "code": 1011})
                else:
                    await _deny(scope, receive, send, error)


class Sockets:
    """Opens WebSockets and lets a conversation with the assistant speak through each."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._open = 0
        self._addresses: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        asking = HTTPConnection(scope)
        assistant = self._application.assistant
        address = asking.client.host if asking.client else ""
        self._check_address(asking)
        await self._count(f"address:{address}", self._application.settings.limits.address_per_minute)
        caller = await self._caller(asking, address)
        assistant.admit(caller)
        if caller is not None:
            await self._count(f"caller:{caller.actor}", self._application.settings.limits.per_minute)
        self._check_room(address)
        self._open += 1
        self._addresses[address] += 1
        metrics.SOCKETS.set(self._open)
        try:
            await self._speak(assistant, caller, asking, receive, send)
        finally:
            self._open -= 1
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]
            metrics.SOCKETS.set(self._open)

    async def _speak(
        self,
        assistant: Assistant,
        caller: Principal | None,
        asking: HTTPConnection,
        receive: Receive,
        send: Send,
    ) -> None:
        scope = asking.scope
        if (await receive())["type"] != "websocket.connect":
            return
        chosen = SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None
        trace = (b"x-trace-id", scope["state"]["trace_id"].encode())
        await send({"type": "websocket.accept", "subprotocol": chosen, "headers": [trace]})

        async def told(frame: bytes) -> None:
            await send({"type": "websocket.send", "text": frame.decode()})

        async def renewed() -> Principal | None:
            found = await self._caller(asking, caller.address if caller else "")
            assistant.admit(found)
            return found

        renew = None if caller is None else renewed
        connection = assistant.connect(caller, send=told, locale=locale_of(scope), renew=renew)
        code = await _converse(connection, receive)
        if code is not None:
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(_CLOSE_SECONDS):
                    await send({"type": "websocket.close", "code": code})

    async def _caller(self, asking: HTTPConnection, address: str) -> Principal | None:
        """Return who calls, None for nobody known. Raises Unauthenticated where what they show is not good."""
        bearer = self._bearer(asking)
        api_key = asking.headers.get("x-api-key")
        cookie = cookies.session_cookie(asking)
        if bearer is None and api_key is None and cookie is None:
            return None
        if bearer is None and api_key is None and "origin" not in asking.headers:
            raise SocketOriginRefused  # every browser says on whose behalf it opens a WebSocket
        return await self._application.identity.authenticate(
            bearer=bearer, api_key=api_key, cookie=cookie, address=address
        )

    @staticmethod
    def _bearer(asking: HTTPConnection) -> str | None:
        scheme, token = get_authorization_scheme_param(asking.headers.get("authorization"))
        if scheme.lower() == "bearer" and token:
            return token
        for name in asking.scope.get("subprotocols", ()):
            if name.startswith(_TOKEN_PROTOCOL):
                return str(name.removeprefix(_TOKEN_PROTOCOL))
        return None

    def _check_address(self, asking: HTTPConnection) -> None:
        """Refuse tokens in the address, and pages of other origins."""
        given = parse_qs(asking.scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
        for name in _TOKENS_IN_ADDRESS:
            if name in given:
                raise InvalidRequest.at(
                    f"query.{name}", Sentence("assistant_protocol.refused.token_in_address")
                )
        origin = asking.headers.get("origin")
        if origin is not None and not self._is_ours(origin.rstrip("/"), asking):
            raise SocketOriginRefused

    def _is_ours(self, origin: str, asking: HTTPConnection) -> bool:
        own = self._application.settings.application
        allowed = {each.rstrip("/") for each in own.cors_origins}
        if own.public_url:
            public = urlsplit(own.public_url)
            allowed.add(f"{public.scheme}://{public.netloc}")
        if origin in allowed:
            return True
        if "*" in allowed and cookies.session_cookie(asking) is None:
            return True
        return urlsplit(origin).netloc.casefold() == asking.headers.get("host", "").casefold()

    async def _count(self, key: str, limit: int) -> None:
        verdict = await self._application.limiter.take(key, Rate(limit))
        if not verdict.allowed:
            metrics.RATE_LIMITED.labels(key.partition(":")[0]).inc()
            raise refusal(verdict)

    def _check_room(self, address: str) -> None:
        own = self._application.settings.assistant
        if self._open >= own.connections:
            raise Unavailable(Sentence("assistant_protocol.refused.full"))
        if self._addresses[address] >= own.connections_per_address:
            raise TooManyRequests(
                Sentence("assistant_protocol.refused.address_full"), retry_after_seconds=10.0
            )


def add_sockets(app: FastAPI, application: Application) -> None:
    """Serve the assistant's WebSockets; what is said there has a schema of its own, beside the contract."""
    sockets = Sockets(application)
    app.router.routes.extend(WebSocketRoute(path, sockets) for path in PATHS)


async def _converse(connection: Connection, receive: Receive) -> int | None:
    """Let both sides speak until one ends it; return the close code where that is us."""
    running = asyncio.create_task(connection.run(), name="socket_told")
    reading = asyncio.create_task(_read(connection, receive), name="socket_read")
    try:
        await asyncio.wait((running, reading), return_when=asyncio.FIRST_COMPLETED)
        return None if reading.done() else running.result()
    except OSError:
        return None  # the client was gone before it was told everything
    finally:
        running.cancel()
        reading.cancel()
        await asyncio.gather(running, reading, return_exceptions=True)


async def _read(connection: Connection, receive: Receive) -> None:
    """Hear the client until it goes."""
    while True:
        message = await receive()
        if message["type"] == "websocket.disconnect":
            return
        text = message.get("text")
        connection.take(text if text is not None else message.get("bytes") or b"")


async def _deny(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    """Answer the request to open a WebSocket with an error of HTTP."""
    response = error_response(scope, error)
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await response(scope, receive, send)
