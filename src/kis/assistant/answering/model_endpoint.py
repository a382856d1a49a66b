"""A model at an endpoint that speaks OpenAI's ``/chat/completions``, streaming: OpenAI itself, Gemini, Ollama, vLLM and others."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol

import httpx2
import orjson
import structlog
from pydantic import SecretStr

from kis.assistant.answering.prompt import Messages
from kis.platform.configuration.assistant import AssistantSettings
from kis.platform.jobs import Backoff

LARGEST_ANSWER_BYTES: Final = 4 * 2**20
LONGEST_LINE_BYTES: Final = 2**18
LONGEST_ANSWER_TOKENS: Final = 1200
TRIES: Final = 3
_BUSY: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

log = structlog.get_logger(__name__)


class ModelUnavailable(Exception):
    """The model gave no answer, or not all of it. ``reason``: slow, unreachable, status, unusable, too_large."""

    def __init__(self, reason: str, *, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Model(Protocol):
    """Words an answer."""

    @property
    def sees_images(self) -> bool:
        """Tell whether it can be given an image."""
        ...

    def stream(self, messages: Messages) -> AsyncGenerator[str, None]:
        """Yield the answer in pieces. Raises ModelUnavailable, also in the middle."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEndpoint:
    """Where a model answers; ``url`` up to and without ``/chat/completions``."""

    url: str
    model: str
    api_key: SecretStr
    timeout_seconds: float
    sees_images: bool = False


def model_of(settings: AssistantSettings) -> "EndpointModel | None":
    """Return the model that the settings describe; None where they describe none."""
    if not settings.model_url:
        return None
    return EndpointModel(
        ModelEndpoint(
            url=settings.model_url,
            model=settings.model,
            api_key=settings.model_api_key,
            timeout_seconds=settings.model_timeout_seconds,
            sees_images=settings.model_images == "on",
        )
    )


class EndpointModel:
    """Asks an endpoint. Before the first word what is busy or out of reach is asked again; after it nothing is, for words that were said stay said.

    A third of the whole time is waited for the first word, all tries together, and as long between two words.
    """

    def __init__(self, endpoint: ModelEndpoint, *, backoff: Backoff | None = None) -> None:
        self._endpoint = endpoint
        self._backoff = backoff or Backoff(0.3, 3.0)
        self._client: httpx2.AsyncClient | None = None

    @property
    def sees_images(self) -> bool:
        """Tell whether it can be given an image."""
        return self._endpoint.sees_images

    async def stream(self, messages: Messages) -> AsyncGenerator[str, None]:
        """Yield the answer in pieces. Raises ModelUnavailable."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        until = begun + self._endpoint.timeout_seconds
        until_first = begun + self._endpoint.timeout_seconds / 3
        pieces, piece = await self._first(messages, until_first)
        try:
            while piece is not None:
                yield piece
                pause = min(self._endpoint.timeout_seconds / 3, until - clock())
                piece = await _next(pieces, pause)
        finally:
            await pieces.aclose()

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _first(self, messages: Messages, until: float) -> "tuple[_Pieces, str | None]":
        """Ask until a first piece comes. None: an answer that is empty."""
        clock = asyncio.get_running_loop().time
        tried = 0
        while True:
            tried += 1
            pieces = _Pieces(self._opened(), self._endpoint, messages)
            try:
                return pieces, await _next(pieces, until - clock())
            except ModelUnavailable as error:
                await pieces.aclose()
                pause = self._backoff.after(tried)
                is_passing = error.reason == "unreachable" or error.status in _BUSY
                if not is_passing or tried >= TRIES or clock() + pause >= until:
                    raise
                log.info("model.asked_again", reason=error.reason, status=error.status, tried=tried)
                await asyncio.sleep(pause)
            except BaseException:
                await pieces.aclose()
                raise

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            key = self._endpoint.api_key.get_secret_value()
            self._client = httpx2.AsyncClient(
                timeout=httpx2.Timeout(self._endpoint.timeout_seconds, connect=5.0),
                follow_redirects=False,  # the key goes to nobody else
                headers={
                    "content-type": "application/json",
                    "accept": "text/event-stream",
                    "accept-encoding": "identity",  # what is counted is what is held
                    **({"authorization": f"Bearer {key}"} if key else {}),
                },
            )
        return self._client


class _Pieces:
    """The pieces of one answer. Errors of the connection become ModelUnavailable, whose words hold nothing that the endpoint said."""

    def __init__(self, client: httpx2.AsyncClient, endpoint: ModelEndpoint, messages: Messages) -> None:
        self._stream = self._read(client, endpoint, messages)

    async def next(self) -> str | None:
        """Return the next piece; None at the end."""
        try:
            return await anext(self._stream, None)
        except httpx2.TimeoutException as error:
            raise ModelUnavailable("slow") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ModelUnavailable("unreachable") from error

    async def aclose(self) -> None:
        """Leave the rest."""
        await self._stream.aclose()

    async def _read(
        self, client: httpx2.AsyncClient, endpoint: ModelEndpoint, messages: Messages
    ) -> AsyncGenerator[str, None]:
        body = {
            "model": endpoint.model,
            "stream": True,
            "temperature": 0,
            "max_tokens": LONGEST_ANSWER_TOKENS,
            "messages": messages,
        }
        address = f"{endpoint.url.rstrip('/')}/chat/completions"
        async with client.stream("POST", address, content=orjson.dumps(body)) as response:
            if response.status_code != httpx2.codes.OK:
                raise ModelUnavailable("status", status=response.status_code)
            async for line in _lines(response):
                if line == b"[DONE]":
                    return
                if piece := _content(line):
                    yield piece
        raise ModelUnavailable("unusable")  # it ended without saying so: it broke off


async def _next(pieces: _Pieces, seconds: float) -> str | None:
    try:
        async with asyncio.timeout(max(seconds, 0.0)):
            return await pieces.next()
    except TimeoutError as error:
        raise ModelUnavailable("slow") from error


async def _lines(response: httpx2.Response) -> AsyncIterator[bytes]:
    """Yield what each event of the stream says."""
    received = 0
    left = b""
    async for piece in response.aiter_raw():
        received += len(piece)
        *whole, left = (left + piece).split(b"\n")
        if received > LARGEST_ANSWER_BYTES or len(left) > LONGEST_LINE_BYTES:
            raise ModelUnavailable("too_large")
        for line in whole:
            if line.startswith(b"data:"):
                yield line[5:].strip()


def _content(data: bytes) -> str:
    """Return the words of an event; some carry none."""
    try:
        read = orjson.loads(data)
        choices = read["choices"]
        content = choices[0].get("delta", {}).get("content") if choices else ""
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ModelUnavailable("unusable") from error
    if content is not None and not isinstance(content, str):
        raise ModelUnavailable("unusable")
    return content or ""
