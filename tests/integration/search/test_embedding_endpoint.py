"""An endpoint that speaks OpenAI's /embeddings, over real HTTP: what it gives is checked, what it breaks is told, and the key stays where it belongs."""

import logging
from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from kis.platform.jobs import Backoff
from kis.search.vectors.embedders import Prefixes
from kis.search.vectors.endpoint import BATCH_TEXTS, Endpoint, EndpointEmbedder
from kis.search.vectors.errors import EmbeddingsRefused, EmbeddingsUnavailable
from tests.factories.embedding import hashed
from tests.factories.embedding_server import HUGE_BYTES, EmbeddingServer, Says

KEY = "sk-geheim-1234567890"
DIMENSIONS = 8


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingServer]:
    async with EmbeddingServer(DIMENSIONS).running() as running:
        yield running


@pytest.fixture
async def embedder(server: EmbeddingServer) -> AsyncIterator[EndpointEmbedder]:
    made = asking(server)
    yield made
    await made.close()


def asking(
    server: EmbeddingServer,
    *,
    seconds: float = 20.0,
    prefixes: Prefixes | None = None,
    first_pause: float = 0.0,
) -> EndpointEmbedder:
    endpoint = Endpoint(url=server.url, model="small", api_key=SecretStr(KEY), timeout_seconds=seconds)
    return EndpointEmbedder(endpoint, prefixes, backoff=Backoff(first_pause, first_pause))


def close_to(vector: list[float], text: str) -> bool:
    return vector == pytest.approx(hashed(text, DIMENSIONS), abs=1e-6)


class TestEmbed:
    async def test_returns_vectors_of_length_1_in_the_order_of_the_texts(
        self, server: EmbeddingServer, embedder: EndpointEmbedder
    ) -> None:
        server.says(Says.BACKWARDS)
        texts = ["차단기 용량", "외함 두께", "온도 상승"]

        vectors = await embedder.embed(texts, of="document")

        assert all(close_to(vector, text) for vector, text in zip(vectors, texts, strict=True))
        assert embedder.dimensions == DIMENSIONS
        (asked,) = server.requests
        assert asked.path == "/v1/embeddings"
        assert asked.body == {"model": "small", "input": texts, "encoding_format": "float"}
        assert asked.headers["authorization"] == f"Bearer {KEY}"

    async def test_asks_in_batches(self, server: EmbeddingServer, embedder: EndpointEmbedder) -> None:
        texts = [f"text {number}" for number in range(2 * BATCH_TEXTS + 1)]

        vectors = await embedder.embed(texts, of="document")

        assert [len(request.body["input"]) for request in server.requests] == [BATCH_TEXTS, BATCH_TEXTS, 1]
        assert close_to(vectors[-1], texts[-1])
        assert await embedder.embed([], of="document") == []

    async def test_puts_before_a_text_what_the_model_wants(self, server: EmbeddingServer) -> None:
        embedder = asking(server, prefixes=Prefixes(query="query: ", document="passage: "))

        await embedder.embed(["차단기"], of="query")
        await embedder.embed(["차단기"], of="document")
        await embedder.close()

        assert [request.body["input"] for request in server.requests] == [
            ["query: 차단기"],
            ["passage: 차단기"],
        ]
        assert embedder.name.startswith("small+")

    @pytest.mark.parametrize("trouble", [Says.BUSY, Says.BROKEN, Says.HANGS_UP])
    async def test_asks_again_what_was_busy_or_broken(
        self, server: EmbeddingServer, embedder: EndpointEmbedder, trouble: Says
    ) -> None:
        server.says(trouble)

        (vector,) = await embedder.embed(["차단기"], of="query")

        assert close_to(vector, "차단기")
        assert len(server.requests) == 2

    async def test_gives_up_after_some_tries(
        self, server: EmbeddingServer, embedder: EndpointEmbedder
    ) -> None:
        server.says(*[Says.BUSY] * 9)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="document")

        assert failed.value.reason == "status"
        assert len(server.requests) == 4

    async def test_asks_again_after_documents_were_not_answered_in_time(
        self, server: EmbeddingServer
    ) -> None:
        embedder = asking(server, seconds=0.3)
        server.says(Says.NOTHING)

        (vector,) = await embedder.embed(["차단기"], of="document")
        await embedder.close()

        assert close_to(vector, "차단기")

    async def test_lets_a_query_wait_no_longer_than_it_may_in_all(self, server: EmbeddingServer) -> None:
        embedder = asking(server, seconds=0.3)
        server.says(Says.NOTHING, Says.NOTHING)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="query")
        await embedder.close()

        assert failed.value.reason == "slow"
        assert len(server.requests) == 1

    async def test_does_not_wait_for_a_try_that_would_come_too_late(self, server: EmbeddingServer) -> None:
        embedder = asking(server, seconds=60.0, first_pause=1e9)
        server.says(Says.BROKEN)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="query")
        await embedder.close()

        assert failed.value.reason == "status"

    @pytest.mark.parametrize(
        ("answer", "reason"),
        [
            (Says.HTML, "not_json"),
            (Says.UNEVEN, "dimensions"),
            (Says.ZEROS, "not_numbers"),
            (Says.WORDS, "not_numbers"),
            (Says.TOO_FEW, "count"),
            (Says.NO_ENTRY, "key"),
            (Says.ELSEWHERE, "status"),
        ],
    )
    async def test_tells_what_it_cannot_use_and_does_not_ask_again(
        self, server: EmbeddingServer, embedder: EndpointEmbedder, answer: Says, reason: str
    ) -> None:
        server.says(answer)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기", "외함"], of="document")

        assert failed.value.reason == reason
        assert failed.value.status_code == 503
        assert len(server.requests) == 1

    async def test_holds_the_model_to_the_dimensions_it_gave_first(
        self, server: EmbeddingServer, embedder: EndpointEmbedder
    ) -> None:
        await embedder.embed(["차단기"], of="query")
        server.says(Says.OTHER_DIMENSIONS)

        with pytest.raises(EmbeddingsUnavailable, match="9 numbers where 8 belong"):
            await embedder.embed(["차단기"], of="query")

    async def test_stops_reading_an_answer_that_is_too_large(
        self, server: EmbeddingServer, embedder: EndpointEmbedder
    ) -> None:
        server.says(Says.HUGE)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="query")

        assert failed.value.reason == "too_large"
        assert server.sent_bytes < HUGE_BYTES / 2

    async def test_tells_texts_that_are_refused_apart(
        self, server: EmbeddingServer, embedder: EndpointEmbedder
    ) -> None:
        server.refused.add("금지")

        with pytest.raises(EmbeddingsRefused):
            await embedder.embed(["차단기", "금지"], of="document")

    async def test_tells_that_nobody_listens(self, server: EmbeddingServer) -> None:
        nobody = Endpoint(
            url="http://127.0.0.1:9/v1", model="small", api_key=SecretStr(""), timeout_seconds=5.0
        )
        embedder = EndpointEmbedder(nobody, backoff=Backoff(0.0, 0.0))

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="query")
        await embedder.close()

        assert failed.value.reason == "unreachable"
        assert server.requests == []

    @pytest.mark.parametrize(
        "answer", [Says.NO_ENTRY, Says.REFUSES, Says.BUSY, Says.HTML, Says.ELSEWHERE, Says.HANGS_UP]
    )
    async def test_shows_the_key_to_nobody_else(
        self,
        server: EmbeddingServer,
        embedder: EndpointEmbedder,
        answer: Says,
        caplog: pytest.LogCaptureFixture,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        server.says(*[answer] * 4)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["차단기"], of="document")

        said = f"{caplog.text}{capsys.readouterr()}{failed.value!r}{failed.value.text('ko')}{failed.value.meta}{embedder!r}{vars(embedder)}"
        assert KEY not in said
        assert not any(request.path.endswith("/else") for request in server.requests)
