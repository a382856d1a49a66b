"""Vectors from an endpoint that speaks OpenAI's ``/embeddings``: OpenAI itself, Gemini, Ollama, vLLM and others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx2
import orjson
import structlog
from pydantic import SecretStr

from kis.platform.jobs import Backoff
from kis.search.vectors.embedders import Prefixes, Purpose, usable
from kis.search.vectors.errors import EmbeddingsRefused, EmbeddingsUnavailable

BATCH_TEXTS: Final = 32
"""Texts of one call; every endpoint takes as many."""
LARGEST_ANSWER_BYTES: Final = 16 * 2**20
"""32 vectors of 8192 numbers, each with 20 digits, are 5 MB."""
TRIES: Final = {"query": 2, "document": 4}
LONGEST_PAUSE_SECONDS: Final = 30.0
_REFUSING: Final = frozenset({400, 413, 422})
"""It is the texts: too long, empty, not allowed."""
_CLOSED: Final = frozenset({401, 403})

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a model answers."""

    url: str
    """Up to and without ``/embeddings``."""
    model: str
    api_key: SecretStr
    timeout_seconds: float


class _Again(Exception):
    """Another try may help, after some time."""

    def __init__(self, error: EmbeddingsUnavailable, after_seconds: float = 0.0) -> None:
        self.error = error
        self.after_seconds = after_seconds


class EndpointEmbedder:
    """Asks an endpoint, in batches. What is busy or broken there is asked again, later each time.

    A query waits for ``timeout_seconds`` at most, all tries together: somebody is waiting for the answer. Documents wait that long for each try.
    """

    def __init__(
        self, endpoint: Endpoint, prefixes: Prefixes | None = None, *, backoff: Backoff | None = None
    ) -> None:
        self._endpoint = endpoint
        self._prefixes = prefixes or Prefixes()
        self._backoff = backoff or Backoff(0.5, 10.0)
        self._dimensions: int | None = None
        self._client: httpx2.AsyncClient | None = None

    @property
    def name(self) -> str:
        """Return the model's name there."""
        return self._prefixes.named(self._endpoint.model)

    @property
    def dimensions(self) -> int | None:
        """Return how many numbers its first answer had; every other must have as many."""
        return self._dimensions

    async def embed(self, texts: Sequence[str], *, of: Purpose) -> list[list[float]]:
        """Return the vector of each text."""
        seconds = self._endpoint.timeout_seconds
        try:
            async with asyncio.timeout(seconds if of == "query" else None) as deadline:
                vectors: list[list[float]] = []
                for begin in range(0, len(texts), BATCH_TEXTS):
                    batch = self._prefixes.before(texts[begin : begin + BATCH_TEXTS], of)
                    vectors += await self._batch(batch, TRIES[of], deadline.when())
                return vectors
        except TimeoutError as error:
            raise EmbeddingsUnavailable("slow", seconds=f"{seconds:g}") from error

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _batch(self, texts: list[str], tries: int, until: float | None) -> list[list[float]]:
        for tried in range(1, tries):
            try:
                return await self._once(texts)
            except _Again as again:
                pause = max(self._backoff.after(tried), again.after_seconds)
                if until is not None and asyncio.get_running_loop().time() + pause >= until:
                    raise again.error from again.__cause__
                log.info("vectors.asked_again", reason=again.error.reason, tried=tried)
                await asyncio.sleep(pause)
        try:
            return await self._once(texts)
        except _Again as again:
            raise again.error from again.__cause__

    async def _once(self, texts: list[str]) -> list[list[float]]:
        seconds = self._endpoint.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                body = await self._answer(texts)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise _Again(EmbeddingsUnavailable("slow", seconds=f"{seconds:g}")) from error
        except httpx2.TransportError as error:
            raise _Again(EmbeddingsUnavailable("unreachable")) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise EmbeddingsUnavailable("unreachable") from error
        vectors = usable(_rows(body), texts=len(texts), dimensions=self._dimensions)
        self._dimensions = len(vectors[0])
        return vectors

    async def _answer(self, texts: list[str]) -> bytes:
        words = {"model": self._endpoint.model, "input": texts, "encoding_format": "float"}
        async with self._opened().stream(
            "POST", f"{self._endpoint.url.rstrip('/')}/embeddings", content=orjson.dumps(words)
        ) as response:
            _judge(response)
            body = bytearray()
            async for piece in response.aiter_raw():
                body += piece
                if len(body) > LARGEST_ANSWER_BYTES:
                    raise EmbeddingsUnavailable("too_large", most_bytes=LARGEST_ANSWER_BYTES)
        return bytes(body)

    def _opened(self) -> httpx2.AsyncClient:
        if self._client is None:
            key = self._endpoint.api_key.get_secret_value()
            self._client = httpx2.AsyncClient(
                timeout=self._endpoint.timeout_seconds,
                follow_redirects=False,  # the key goes to nobody else
                headers={
                    "content-type": "application/json",
                    "accept": "application/json",
                    "accept-encoding": "identity",  # what is counted is what is held
                    **({"authorization": f"Bearer {key}"} if key else {}),
                },
            )
        return self._client


def _judge(response: httpx2.Response) -> None:
    """Raise what a status says, unless it is that there is an answer."""
    status = response.status_code
    if status == httpx2.codes.OK:
        return
    if status in _REFUSING:
        raise EmbeddingsRefused(status)
    if status in _CLOSED:
        raise EmbeddingsUnavailable("key", status=status)
    if status == httpx2.codes.NOT_FOUND:
        raise EmbeddingsUnavailable("unknown")
    error = EmbeddingsUnavailable("status", status=status)
    if status in {httpx2.codes.REQUEST_TIMEOUT, httpx2.codes.TOO_MANY_REQUESTS} or status >= 500:
        raise _Again(error, _pause_asked(response))
    raise error


def _pause_asked(response: httpx2.Response) -> float:
    """Return the seconds of Retry-After, as far as we are willing; a date is not read."""
    asked = response.headers.get("retry-after", "")
    return min(float(asked), LONGEST_PAUSE_SECONDS) if asked.isascii() and asked.isdigit() else 0.0


def _rows(body: bytes) -> list[Any]:
    """Return the vectors of an answer in the order of the texts, whatever order they came in."""
    try:
        data = orjson.loads(body)["data"]
        numbered = {entry.get("index", place): entry["embedding"] for place, entry in enumerate(data)}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EmbeddingsUnavailable("not_json") from error
    if numbered.keys() != set(range(len(data))):
        raise EmbeddingsUnavailable("not_json")
    return [numbered[place] for place in range(len(data))]
