"""Processes that are killed: the client that comes back has its answer without a gap and nothing twice, and no half manual is ever served."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import orjson
import pytest

from kis.identity import Role
from tests.factories.api_process import ApiProcess, Talk
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, MakerSite, maker_site
from tests.factories.scripted_model import End, Script, ScriptedModel, scripted_model
from tests.factories.security import SECRET_KEY, Person, open_installation
from tests.factories.waiting import eventually
from tests.integration.conftest import DatabaseUrls

KIT: Final = "kx-switch"
ASKED: Final = {
    "type": "query",
    "product_id": KIT,
    "query": "What is the fastening torque of the main and the auxiliary terminals?",
}
FIRST: Final = "Tighten the main terminals with 12 N·m [1]. "
SECOND: Final = "Tighten the auxiliary terminals with 0.8 N·m [1]. "
SECONDS: Final = 120.0

MakeProcess = Callable[..., ApiProcess]


@dataclass(frozen=True)
class Installed:
    """An installation that nobody serves: where it is, and somebody of it."""

    urls: DatabaseUrls
    home: Path
    person: Person

    @property
    def arriving(self) -> list[Path]:
        return self._files("arriving")

    @property
    def documents(self) -> list[Path]:
        return self._files("documents")

    @property
    def answers(self) -> list[Path]:
        return list((self.home / "assistant" / "answers").iterdir())

    def _files(self, kind: str) -> list[Path]:
        folder = self.home / "assistant" / "manuals" / kind
        return list(folder.iterdir()) if folder.exists() else []


@pytest.fixture
def site() -> Iterator[MakerSite]:
    with maker_site() as running:
        running.put("/m.pdf", Answer(manual_pdf()))
        yield running


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with scripted_model() as told:
        yield told


@pytest.fixture
async def installed(fresh_database: DatabaseUrls, tmp_path: Path, site: MakerSite) -> Installed:
    """One organisation with one product whose manual stands on the maker's site."""
    documentation = {"type": "pdf", "url": f"{site.url}/m.pdf"}
    product = {"id": KIT, "name": "KX-250 Switch", "brand": "KX", "documentation": documentation}
    async with open_installation(fresh_database, tmp_path / "home") as at:
        house = await at.house("우리")
        await at.application.products.import_catalog(house.admin, "kx.json", orjson.dumps([product]))
        person = await at.person(house.id, Role.ESTIMATOR)
    return Installed(fresh_database, tmp_path / "home", person)


@pytest.fixture
def process_of(installed: Installed, site: MakerSite, tmp_path: Path) -> Iterator[MakeProcess]:
    """Make processes of the installation, all ended with the test."""
    with ExitStack() as stack:

        def made(**more: str) -> ApiProcess:
            environment = {
                "KIS_HOME": str(installed.home),
                "DATABASE_URL": installed.urls.app,
                "SECRET_KEY": SECRET_KEY,
                "ASSISTANT_PRIVATE_HOSTS": site.host,
                "ASSISTANT_READING_PROCESSES": "1",
                **more,
            }
            return stack.enter_context(ApiProcess(environment, tmp_path / "api.log").serving())

        yield made


@pytest.fixture
def asked_model(process_of: MakeProcess, model: ScriptedModel) -> MakeProcess:
    """Make processes whose answers are the model's."""
    return lambda: process_of(ASSISTANT_MODEL_URL=model.url, ASSISTANT_MODEL="scripted")


def conversations(process: ApiProcess, person: Person) -> list[dict[str, Any]]:
    answer = httpx2.get(
        f"http://{process.address}/v1/assistant/threads", headers=person.headers, timeout=SECONDS
    )
    found: list[dict[str, Any]] = answer.raise_for_status().json()["items"]
    return found


async def test_what_reads_manuals_is_there_before_anybody_asks(process_of: MakeProcess) -> None:
    process = process_of(ASSISTANT_READING_PROCESSES="2")

    async def readers() -> bool:
        return process.helpers == ["kis.assistant.manuals.reading_process"] * 2

    await eventually(readers, seconds=SECONDS)


class TestInTheMiddleOfAnAnswer:
    async def test_the_client_goes_on_without_a_gap_and_hears_nothing_twice(
        self, installed: Installed, asked_model: MakeProcess, model: ScriptedModel
    ) -> None:
        model.says(Script(FIRST + SECOND[:20], End.STALLS), FIRST + SECOND)
        talk = Talk(installed.person.access_token)
        process = asked_model()
        async with asyncio.timeout(SECONDS):
            await talk.say(process, ASKED, until="answer_chunk")
            before = len(talk.heard)
            process.kill()
            await asyncio.to_thread(process.start)
            await talk.resume(process)

        assert talk.heard[before - 1]["content"].startswith("Tighten the main terminals")
        assert talk.seqs == list(range(1, len(talk.heard) + 1))
        assert not [told for told in talk.heard if told["type"] == "answer_restart"]
        assert talk.text.count("12 N·m") == 1
        assert talk.text.count("0.8 N·m") == 1
        assert len(model.asked) == 2
        assert [told["type"] for told in talk.heard].count("context") == 1
        assert len(conversations(process, installed.person)) == 1

    async def test_an_answer_that_comes_out_otherwise_begins_anew(
        self, installed: Installed, asked_model: MakeProcess, model: ScriptedModel
    ) -> None:
        model.says(Script(FIRST + SECOND[:20], End.STALLS), SECOND)
        talk = Talk(installed.person.access_token)
        process = asked_model()
        async with asyncio.timeout(SECONDS):
            await talk.say(process, ASKED, until="answer_chunk")
            process.kill()
            await asyncio.to_thread(process.start)
            await talk.resume(process)

        assert [told["type"] for told in talk.heard].count("answer_restart") == 1
        assert talk.seqs == list(range(1, len(talk.heard) + 1))
        assert "0.8 N·m" in talk.text
        assert "12 N·m" not in talk.text

    async def test_what_was_told_while_the_client_was_away_is_not_asked_again(
        self, installed: Installed, asked_model: MakeProcess, model: ScriptedModel
    ) -> None:
        model.says(FIRST + SECOND)
        talk = Talk(installed.person.access_token)
        process = asked_model()
        async with asyncio.timeout(SECONDS):
            await talk.say(process, ASKED, until="final_answer")
            whole = list(talk.heard)
            process.kill()
            del talk.heard[2:]
            await asyncio.to_thread(process.start)
            await talk.resume(process)

        assert talk.heard == whole
        assert len(model.asked) == 1

    async def test_another_process_of_the_installation_goes_on_with_it(
        self, installed: Installed, asked_model: MakeProcess, model: ScriptedModel
    ) -> None:
        """Two serve the same folder, as ``uvicorn --workers 2`` does: the client comes back to the one that did not hear its question."""
        model.says(Script(FIRST + SECOND[:20], End.STALLS), FIRST + SECOND)
        talk = Talk(installed.person.access_token)
        one, other = asked_model(), asked_model()
        async with asyncio.timeout(SECONDS):
            await talk.say(one, ASKED, until="answer_chunk")
            await talk.resume(other)

        assert talk.seqs == list(range(1, len(talk.heard) + 1))
        assert (talk.text.count("12 N·m"), talk.text.count("0.8 N·m")) == (1, 1)
        assert len(installed.answers) == 1


class TestDuringADownload:
    async def test_no_half_manual_is_served_and_the_whole_one_is_fetched_anew(
        self, installed: Installed, process_of: MakeProcess, site: MakerSite
    ) -> None:
        manual = manual_pdf()
        half = Answer(manual, sent=len(manual) // 2, stalls=True)
        site.put("/m.pdf", half, Answer(manual))
        talk = Talk(installed.person.access_token)
        process = process_of()
        async with asyncio.timeout(SECONDS):
            asking = asyncio.create_task(talk.say(process, ASKED, until="final_answer"))
            await asyncio.to_thread(site.stalled.wait, SECONDS)

            async def has_half() -> bool:
                return any(path.stat().st_size for path in installed.arriving)

            await eventually(has_half, seconds=SECONDS)
            process.kill()
            await asking
            assert installed.documents == []
            (left,) = installed.arriving
            hours_ago = time.time() - 3 * 3600
            os.utime(left, (hours_ago, hours_ago))
            await asyncio.to_thread(process.start)
            await talk.resume(process)

        assert talk.heard[-1]["type"] == "final_answer"
        assert talk.text
        cited = next(told for told in talk.heard if told["type"] == "citation")
        (kept,) = installed.documents
        assert (kept.name, kept.read_bytes()) == (cited["document"], manual)
        assert site.counts["/m.pdf"] == 2
        assert installed.arriving == []
