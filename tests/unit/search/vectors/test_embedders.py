"""What a model gives is used only where it is a vector; which model there is, the settings say."""

import math
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from pydantic import SecretStr

from kis.platform.configuration import SearchSettings
from kis.platform.errors import BadInput
from kis.platform.messages import LOCALES
from kis.search.vectors.choosing import embedder_of
from kis.search.vectors.embedders import MOST_DIMENSIONS, NoEmbedder, Prefixes, usable
from kis.search.vectors.endpoint import EndpointEmbedder
from kis.search.vectors.errors import EmbeddingsUnavailable, ModelMissing
from kis.search.vectors.local import LIBRARY, LocalEmbedder


class TestUsable:
    def test_gives_vectors_the_length_1(self) -> None:
        assert usable([[3.0, 4.0], [0, -2]], texts=2, dimensions=None) == [[0.6, 0.8], [0.0, -1.0]]

    @pytest.mark.parametrize(
        ("rows", "reason"),
        [
            ([[1.0, 0.0]], "count"),
            ([[1.0, 0.0], [1.0]], "dimensions"),
            ([[1.0], [1.0]], "dimensions"),
            ([[1.0, 0.0], [0.0, 0.0]], "not_numbers"),
            ([[1.0, 0.0], [math.nan, 1.0]], "not_numbers"),
            ([[1.0, 0.0], [math.inf, 1.0]], "not_numbers"),
            ([[1.0, 0.0], [10**400, 1]], "not_numbers"),
            ([[1.0, 0.0], ["1", "0"]], "not_numbers"),
            ([[1.0, 0.0], [True, False]], "not_numbers"),
            ([[1.0, 0.0], None], "not_numbers"),
            ([[1.0, 0.0], []], "not_numbers"),
            ([[1.0] * (MOST_DIMENSIONS + 1)] * 2, "not_numbers"),
        ],
    )
    def test_refuses_what_is_no_vector(self, rows: list[Any], reason: str) -> None:
        with pytest.raises(EmbeddingsUnavailable) as failed:
            usable(rows, texts=2, dimensions=2)

        assert failed.value.reason == reason


class TestPrefixes:
    def test_stand_before_queries_and_texts(self) -> None:
        prefixes = Prefixes(query="query: ", document="passage: ")

        assert prefixes.before(["외함"], "query") == ["query: 외함"]
        assert prefixes.before(["외함"], "document") == ["passage: 외함"]

    def test_make_another_model(self) -> None:
        plain, one, other = Prefixes(), Prefixes(query="query: "), Prefixes(document="query: ")

        assert plain.named("e5") == "e5"
        assert len({each.named("e5") for each in (plain, one, other)}) == 3


class TestEmbedderOf:
    async def test_is_nobody_unless_somebody_is_chosen(self) -> None:
        embedder = embedder_of(SearchSettings())

        assert isinstance(embedder, NoEmbedder)
        assert embedder.dimensions == 0
        assert await embedder.embed(["a", "b"], of="query") == [[], []]

    def test_is_the_model_of_a_folder(self, tmp_path: Path) -> None:
        settings = SearchSettings(embeddings="local", embeddings_model=str(tmp_path / "e5-small"))

        embedder = embedder_of(settings)

        assert isinstance(embedder, LocalEmbedder)
        assert (embedder.name, embedder.dimensions) == ("e5-small", None)

    def test_is_an_endpoint(self) -> None:
        settings = SearchSettings(
            embeddings="openai",
            embeddings_model="small",
            embeddings_url="https://models.example/v1",
            embeddings_api_key=SecretStr("geheim"),
        )

        embedder = embedder_of(settings)

        assert isinstance(embedder, EndpointEmbedder)
        assert embedder.name == "small"

    def test_names_everything_that_is_missing(self) -> None:
        with pytest.raises(BadInput) as refused:
            embedder_of(SearchSettings(embeddings="openai"))

        assert [problem.path for problem in refused.value.problems] == [
            "SEARCH_EMBEDDINGS_MODEL",
            "SEARCH_EMBEDDINGS_URL",
        ]
        assert all("openai" in refused.value.text(locale) for locale in LOCALES)


class StandIn:
    """The part of the library that is used, with a model of two numbers."""

    loaded: list[tuple[str, dict[str, Any]]]
    threads: set[str]

    def __init__(self, folder: str, **options: Any) -> None:
        StandIn.loaded.append((folder, options))
        if "broken" in folder:
            raise OSError("no such file: modules.json")

    def encode(self, texts: list[str], **_options: Any) -> Any:
        StandIn.threads.add(threading.current_thread().name)
        if any("무거운" in text for text in texts):
            raise RuntimeError("not enough memory: you tried to allocate 4294967296 bytes")
        return np.array([[float(len(text)), 0.0] for text in texts], dtype=np.float32)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> type[StandIn]:
    """The library, as if it were installed."""
    module = ModuleType(LIBRARY)
    module.__dict__["SentenceTransformer"] = StandIn
    monkeypatch.setitem(sys.modules, LIBRARY, module)
    StandIn.loaded, StandIn.threads = [], set()
    return StandIn


class TestLocalEmbedder:
    async def test_tells_how_to_install_the_library(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, LIBRARY, None)

        with pytest.raises(ModelMissing) as missing:
            await LocalEmbedder(tmp_path).embed(["외함"], of="query")

        for locale in LOCALES:
            assert f"{sys.executable} -m pip install sentence-transformers" in missing.value.text(locale)

    async def test_tells_which_folder_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ModelMissing, match="nowhere"):
            await LocalEmbedder(tmp_path / "nowhere").embed(["외함"], of="query")

    async def test_tells_which_folder_holds_no_model(self, tmp_path: Path, library: type[StandIn]) -> None:
        folder = tmp_path / "broken"
        folder.mkdir()

        with pytest.raises(ModelMissing, match="broken"):
            await LocalEmbedder(folder).embed(["외함"], of="query")
        assert library.loaded

    async def test_loads_the_model_once_and_fetches_nothing(
        self, tmp_path: Path, library: type[StandIn]
    ) -> None:
        embedder = LocalEmbedder(tmp_path, Prefixes(query="query: "))

        first = await embedder.embed(["외함"], of="query")
        rest = await embedder.embed([f"{number}" for number in range(40)], of="document")
        await embedder.close()

        assert first == [[1.0, 0.0]]
        assert len(rest) == 40
        assert embedder.dimensions == 2
        ((folder, options),) = library.loaded
        assert folder == str(tmp_path)
        assert options["local_files_only"]
        assert not options["trust_remote_code"]
        assert threading.current_thread().name not in library.threads

    @pytest.mark.usefixtures("library")
    async def test_a_model_that_fails_is_no_vector_and_answers_the_next(self, tmp_path: Path) -> None:
        embedder = LocalEmbedder(tmp_path)

        with pytest.raises(EmbeddingsUnavailable) as failed:
            await embedder.embed(["무거운 글"], of="query")

        assert failed.value.reason == "model"
        assert await embedder.embed(["외함"], of="query") == [[1.0, 0.0]]
        await embedder.close()
