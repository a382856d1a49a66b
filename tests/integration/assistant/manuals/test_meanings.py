"""Where the settings name a model, passages are also found by what they mean; without it, or while it fails, by their words."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from pydantic import SecretStr

from kis.assistant.manuals import Manuals
from kis.assistant.manuals.disk import Disk
from kis.assistant.manuals.meanings import Meanings
from kis.assistant.manuals.opened import USUAL
from kis.assistant.things import Documentation, DocumentationType
from kis.platform.jobs import Backoff
from kis.search import Embedder, QueryVectors
from kis.search.vectors.endpoint import Endpoint, EndpointEmbedder
from tests.factories.embedding import HashedWords
from tests.factories.embedding_server import EmbeddingServer, Says
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, MakerSite
from tests.factories.small_manuals import small_manual

pytestmark = pytest.mark.usefixtures("unhurried_models")

TEXTS = ("It weighs 12 kg.", "Keep it dry.", "Press the key twice.", "Store it in a cupboard.")
SAME = {"burden": "weighs"}
"""What the model knows and no list of the program."""


@pytest.fixture
async def meanings_by(tmp_path: Path) -> AsyncIterator[Callable[..., Meanings]]:
    """Make the meanings of a process; all share one disk."""
    async with AsyncExitStack() as stack:

        def made(embedder: Embedder, *, patience_seconds: float = 30.0) -> Meanings:
            meanings = Meanings(
                QueryVectors(embedder), Disk(tmp_path, 10_000_000), patience_seconds=patience_seconds
            )
            stack.push_async_callback(meanings.close)
            return meanings

        yield made


@pytest.fixture
async def server() -> AsyncIterator[EmbeddingServer]:
    async with EmbeddingServer(64).running() as running:
        running.same = SAME
        yield running


def at(server: EmbeddingServer) -> EndpointEmbedder:
    endpoint = Endpoint(url=server.url, model="any", api_key=SecretStr(""), timeout_seconds=30.0)
    return EndpointEmbedder(endpoint, backoff=Backoff(0.0, 0.0))


class TestNear:
    async def test_a_passage_without_any_word_of_the_question_is_found_by_its_meaning(
        self, meanings_by: Callable[..., Meanings]
    ) -> None:
        asked = small_manual(*TEXTS)
        near = await meanings_by(HashedWords(same=SAME)).near(asked, "burden")
        assert asked.index.search("burden") == []
        assert asked.index.search("burden", 1, near=near)[0].passage.page == 1

    async def test_without_a_model_nothing_is_near(self, tmp_path: Path) -> None:
        meanings = Meanings(QueryVectors(), Disk(tmp_path, 1_000_000))
        assert list(await meanings.near(small_manual(*TEXTS), "burden")) == []
        assert not (tmp_path / "read").exists()

    async def test_a_manual_is_shown_to_the_model_once_for_all_processes(
        self, meanings_by: Callable[..., Meanings]
    ) -> None:
        first, second = HashedWords(same=SAME), HashedWords(same=SAME)
        told = await meanings_by(first).near(small_manual(*TEXTS), "burden")
        kept = await meanings_by(second).near(small_manual(*TEXTS), "burden")
        assert [of for of, _ in first.asked].count("document") == 1
        assert [of for of, _ in second.asked] == ["query"]
        assert kept == pytest.approx(told)

    @pytest.mark.parametrize("change", ["model", "text"])
    async def test_another_model_or_passages_cut_otherwise_are_shown_anew(
        self, change: str, meanings_by: Callable[..., Meanings]
    ) -> None:
        await meanings_by(HashedWords()).near(small_manual(*TEXTS), "dry")
        other = HashedWords(name="another") if change == "model" else HashedWords()
        texts = TEXTS if change == "model" else ("It weighs 13 kg.", *TEXTS[1:])
        await meanings_by(other).near(small_manual(*texts), "dry")
        assert [of for of, _ in other.asked].count("document") == 1

    async def test_vectors_that_were_damaged_on_the_disk_are_made_anew(
        self, tmp_path: Path, meanings_by: Callable[..., Meanings]
    ) -> None:
        await meanings_by(HashedWords()).near(small_manual(*TEXTS), "dry")
        (kept,) = (tmp_path / "read").iterdir()
        kept.write_bytes(kept.read_bytes()[:-5])
        again = HashedWords()
        near = await meanings_by(again).near(small_manual(*TEXTS), "dry")
        assert max(range(4), key=near.__getitem__) == 1
        assert [of for of, _ in again.asked].count("document") == 1

    async def test_who_asks_before_they_are_made_is_answered_by_words_and_the_next_by_meaning(
        self, server: EmbeddingServer, meanings_by: Callable[..., Meanings]
    ) -> None:
        embedder = at(server)
        impatient = meanings_by(embedder, patience_seconds=0.0)
        assert list(await impatient.near(small_manual(*TEXTS), "burden")) == []
        patient = meanings_by(embedder)
        assert len(await patient.near(small_manual(*TEXTS), "burden")) == len(TEXTS)
        await embedder.close()

    async def test_a_model_that_refuses_a_manual_is_not_shown_it_again_at_once(
        self, server: EmbeddingServer, meanings_by: Callable[..., Meanings]
    ) -> None:
        server.refused = {"weighs"}
        embedder = at(server)
        meanings = meanings_by(embedder)
        for _ in range(3):
            assert list(await meanings.near(small_manual(*TEXTS), "dry")) == []
        shown = [request for request in server.requests if len(request.body["input"]) == len(TEXTS)]
        assert len(shown) == 1
        await embedder.close()

    async def test_a_question_without_its_vector_is_answered_by_words(
        self, server: EmbeddingServer, meanings_by: Callable[..., Meanings]
    ) -> None:
        embedder = at(server)
        meanings = meanings_by(embedder)
        assert len(await meanings.near(small_manual(*TEXTS), "burden")) == len(TEXTS)
        server.says(Says.NO_ENTRY)
        assert list(await meanings.near(small_manual(*TEXTS), "another question")) == []
        await embedder.close()


class TestManuals:
    async def test_what_is_opened_while_typing_has_its_vectors_when_it_is_asked(
        self, site: MakerSite, manuals_of: Callable[..., Manuals]
    ) -> None:
        model = HashedWords(same={"guzzle": "contact"})
        manuals = manuals_of(reading=USUAL, vectors=QueryVectors(model))
        documentation = Documentation(
            DocumentationType.PDF, site.put("/a.pdf", Answer(manual_pdf("en"))), None
        )
        opened = await manuals.open(documentation)
        found = await manuals.passages(opened, "guzzle", 1)
        assert opened.index.search("guzzle") == []
        assert [of for of, _ in model.asked].count("document") == 1
        assert "contact" in found[0].passage.text.casefold()
