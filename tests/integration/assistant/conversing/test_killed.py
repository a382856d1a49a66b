"""Processes that are killed: the client that comes back has its answer without a gap and nothing twice, and no half manual is ever served."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.factories.api_process import ApiProcess, Talk
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer, MakerSite
from tests.factories.scripted_model import End, Script, ScriptedModel
from tests.factories.security import Person
from tests.factories.waiting import eventually
from tests.integration.assistant.conversing.installed import ASKED, SECONDS, Installed, MakeProcess

FIRST: Final = "Tighten the main terminals with 12 N·m [1]. "
SECOND: Final = "Tighten the auxiliary terminals with 0.8 N·m [1]. "


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
        assert len(model.requests) == 2
        assert [told["type"] for told in talk.heard].count("context") == 1

        async def kept() -> list[dict[str, Any]]:
            return await asyncio.to_thread(conversations, process, installed.person)

        # It is kept behind its last message.
        assert len(await eventually(kept, seconds=SECONDS)) == 1

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
        assert len(model.requests) == 1

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


class TestAMachineThatIsGone:
    """Two machines with a folder of each one's own, and one Redis."""

    @pytest.fixture
    def machine_of(
        self, process_of: MakeProcess, model: ScriptedModel, redis_server: str, tmp_path: Path
    ) -> Callable[[str], ApiProcess]:
        """Make the process of a machine."""

        def made(name: str) -> ApiProcess:
            return process_of(
                ASSISTANT_MODEL_URL=model.url,
                ASSISTANT_MODEL="scripted",
                REDIS_URL=redis_server,
                KIS_HOME=str(tmp_path / name),
            )

        return made

    async def test_in_the_middle_of_an_answer_another_goes_on_without_a_gap(
        self, machine_of: Callable[[str], ApiProcess], model: ScriptedModel, installed: Installed
    ) -> None:
        model.says(Script(FIRST + SECOND[:20], End.STALLS), FIRST + SECOND)
        talk = Talk(installed.person.access_token)
        one, other = machine_of("one"), machine_of("other")
        async with asyncio.timeout(SECONDS):
            await talk.say(one, ASKED, until="answer_chunk")
            one.kill()
            await talk.resume(other)

        assert talk.seqs == list(range(1, len(talk.heard) + 1))
        assert not [told for told in talk.heard if told["type"] in {"answer_restart", "error"}]
        assert (talk.text.count("12 N·m"), talk.text.count("0.8 N·m")) == (1, 1)
        assert len(model.requests) == 2

    async def test_after_the_last_word_another_tells_it_without_asking_again(
        self, machine_of: Callable[[str], ApiProcess], model: ScriptedModel, installed: Installed
    ) -> None:
        model.says(FIRST + SECOND)
        talk = Talk(installed.person.access_token)
        one, other = machine_of("one"), machine_of("other")
        async with asyncio.timeout(SECONDS):
            await talk.say(one, ASKED, until="final_answer")
            whole = list(talk.heard)
            one.kill()
            del talk.heard[2:]
            await talk.resume(other)

        assert talk.heard == whole
        assert len(model.requests) == 1


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
