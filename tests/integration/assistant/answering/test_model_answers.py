"""Answers of a model over HTTP: shown as far as the passages prove them, and the manual's own where the model fails."""

from collections.abc import AsyncIterator, Sequence
from typing import Literal

import pytest
import structlog
from pydantic import SecretStr

from kis.assistant.answering.model import ModelAnswerer
from kis.assistant.answering.model_endpoint import LARGEST_ANSWER_BYTES, EndpointModel, ModelEndpoint
from kis.assistant.answering.refusing import Verdict
from kis.assistant.things import AnswerMode, Passage
from kis.platform.jobs import Backoff
from kis.platform.telemetry.metrics import REGISTRY
from tests.factories.answers import COVER, PASSAGES, TORQUE, Gathered, gathered, question
from tests.factories.scripted_model import HUGE_BYTES, End, Script, ScriptedModel

KEY = "key-of-the-endpoint"
AT_ONCE = Backoff(0.001, 0.001)
ASKED = "How long must I wait before I remove the cover?"
TRUE = "Wait at least 5 minutes before you remove the cover [1]. "


@pytest.fixture
async def server() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel().running() as told:
        yield told


async def answered(
    server: ScriptedModel,
    text: str = ASKED,
    *,
    seconds: float = 60.0,
    unsupported: Literal["drop", "mark"] = "drop",
    image: bytes | None = None,
    sees_images: bool = False,
    passages: Sequence[Passage] = PASSAGES,
) -> Gathered:
    model = EndpointModel(
        ModelEndpoint(
            url=server.url,
            model="m",
            api_key=SecretStr(KEY),
            timeout_seconds=seconds,
            sees_images=sees_images,
        ),
        backoff=AT_ONCE,
    )
    try:
        answerer = ModelAnswerer(model, unsupported=unsupported)
        return await gathered(answerer.answer(question(text, passages, image=image)))
    finally:
        await model.close()


def is_extractive(answer: Gathered) -> bool:
    return answer.finished.mode is AnswerMode.EXTRACTIVE and "The model does not answer" in answer.text


class TestWell:
    async def test_each_sentence_is_shown_with_its_citation(self, server: ScriptedModel) -> None:
        server.says(TRUE + "Tighten the terminal screws to 2.5 N·m [2].")

        answer = await answered(server)

        assert answer.finished.mode is AnswerMode.MODEL
        assert [(each.text, each.citations) for each in answer.finished.sentences] == [
            ("Wait at least 5 minutes before you remove the cover.", (1,)),
            ("Tighten the terminal screws to 2.5 N·m.", (2,)),
        ]
        assert (answer.citations[1].page, answer.citations[2].page) == (7, 12)
        assert answer.citations[1].excerpt == "Wait at least 5 minutes before you remove the cover."

    async def test_the_key_is_sent_and_the_passages_are_fenced(self, server: ScriptedModel) -> None:
        server.says(TRUE)

        await answered(server)

        (asked,) = server.requests
        assert (asked.path, asked.headers["authorization"]) == ("/v1/chat/completions", f"Bearer {KEY}")
        content = asked.body["messages"][1]["content"]
        fence = content.split("\n", 1)[0]
        assert content.count(fence) == 2
        assert content.index(TORQUE.text) < content.rindex(fence) < content.index(ASKED)

    async def test_generation_is_timed_and_sentences_are_counted(self, server: ScriptedModel) -> None:
        def figures() -> tuple[float, float]:
            return (
                REGISTRY.get_sample_value("answer_generation_seconds_count", {"mode": "model"}) or 0.0,
                REGISTRY.get_sample_value("answer_sentences_total", {"support": "supported"}) or 0.0,
            )

        before = figures()
        server.says(TRUE)

        await answered(server)

        assert figures() == (before[0] + 1, before[1] + 1)

    async def test_an_image_goes_to_a_model_that_sees(self, server: ScriptedModel) -> None:
        server.says(TRUE)

        await answered(server, image=b"\x89PNG....", sees_images=True)

        address = server.requests[0].body["messages"][1]["content"][1]["image_url"]["url"]
        assert address.startswith("data:image/png;base64,")

    async def test_an_image_is_left_out_for_a_blind_model_and_the_user_is_told(
        self, server: ScriptedModel
    ) -> None:
        server.says(TRUE)

        answer = await answered(server, image=b"\x89PNG....")

        assert "yours was left out" in answer.text
        assert isinstance(server.requests[0].body["messages"][1]["content"], str)


class TestUntrue:
    async def test_a_lie_is_dropped(self, server: ScriptedModel) -> None:
        server.says("Wait at least 15 minutes before you remove the cover [1]. " + TRUE)

        answer = await answered(server)

        assert answer.sentences == ["Wait at least 5 minutes before you remove the cover."]
        assert answer.finished.dropped == 1
        assert "15" not in answer.text

    async def test_a_lie_is_marked_where_it_is_set_so(self, server: ScriptedModel) -> None:
        server.says("Wait at least 15 minutes before you remove the cover [1]. " + TRUE)

        answer = await answered(server, unsupported="mark")

        marked, supported = answer.finished.sentences
        assert marked.text.endswith("(not confirmed by the manual)")
        assert (marked.citations, supported.citations) == ((), (1,))

    async def test_a_wrong_citation_is_corrected(self, server: ScriptedModel) -> None:
        server.says("Wait at least 5 minutes before you remove the cover [3].")

        answer = await answered(server)

        assert answer.citations[1].page == COVER.page

    async def test_a_citation_of_no_passage_is_corrected(self, server: ScriptedModel) -> None:
        server.says("Wait at least 5 minutes before you remove the cover [99].")

        assert (await answered(server)).citations[1].page == COVER.page

    async def test_a_sentence_without_citation_gets_the_one_that_supports_it(
        self, server: ScriptedModel
    ) -> None:
        server.says("Tighten the terminal screws of the QX-100 to 2.5 N·m.")

        answer = await answered(server)

        assert answer.finished.sentences[0].citations == (1,)
        assert answer.citations[1].page == TORQUE.page

    async def test_where_all_is_dropped_the_manual_answers(self, server: ScriptedModel) -> None:
        server.says("The warranty lasts 3 years [1]. Paint the housing green [2].")

        answer = await answered(server)

        assert is_extractive(answer)
        assert answer.finished.dropped == 2
        assert any("5 minutes" in each for each in answer.sentences)

    async def test_a_model_that_finds_no_answer_refuses(self, server: ScriptedModel) -> None:
        server.says("NO_ANSWER")

        answer = await answered(server)

        assert answer.finished.refusal == "assistant_answers.refusal.no_answer"
        assert "QX manual, pages 1-40" in answer.text


class TestFailing:
    @pytest.mark.parametrize("status", [400, 401, 403, 404])
    async def test_a_refusing_endpoint_is_asked_once(self, server: ScriptedModel, status: int) -> None:
        server.says(Script(status=status))

        answer = await answered(server)

        assert is_extractive(answer)
        assert len(server.requests) == 1

    @pytest.mark.parametrize("status", [429, 500, 503])
    async def test_a_busy_endpoint_is_asked_again(self, server: ScriptedModel, status: int) -> None:
        server.says(Script(status=status), Script(status=status), TRUE)

        answer = await answered(server)

        assert answer.finished.mode is AnswerMode.MODEL
        assert len(server.requests) == 3

    async def test_an_endpoint_that_stays_busy_is_left(self, server: ScriptedModel) -> None:
        server.says(Script(status=429))

        answer = await answered(server)

        assert is_extractive(answer)
        assert len(server.requests) == 3

    async def test_one_that_says_nothing_is_waited_for_a_third_of_the_time(
        self, server: ScriptedModel
    ) -> None:
        server.says(Script(end=End.STALLS))

        assert is_extractive(await answered(server, seconds=0.3))

    async def test_what_was_said_before_a_stall_stays(self, server: ScriptedModel) -> None:
        server.says(Script(TRUE + "Tighten", End.STALLS))

        answer = await answered(server, seconds=15.0)

        assert answer.sentences == ["Wait at least 5 minutes before you remove the cover."]
        assert "broke off" in answer.text
        assert len(server.requests) == 1

    @pytest.mark.parametrize("end", [End.BREAKS, End.BROKEN_JSON])
    async def test_what_was_said_before_a_break_stays_and_the_half_sentence_is_not_shown(
        self, server: ScriptedModel, end: End
    ) -> None:
        server.says(Script(TRUE + "Never touch the bus", end))

        answer = await answered(server)

        assert answer.sentences == ["Wait at least 5 minutes before you remove the cover."]
        assert "bus" not in answer.text
        assert "broke off" in answer.text

    @pytest.mark.parametrize("end", [End.BREAKS, End.BROKEN_JSON])
    async def test_a_break_before_the_first_sentence_lets_the_manual_answer(
        self, server: ScriptedModel, end: End
    ) -> None:
        server.says(Script("Wait at", end))

        assert is_extractive(await answered(server))

    async def test_a_huge_answer_is_left_unread(self, server: ScriptedModel) -> None:
        server.says(Script(TRUE + "Then ", End.HUGE))

        answer = await answered(server)

        assert answer.sentences == ["Wait at least 5 minutes before you remove the cover."]
        assert server.sent_bytes < LARGEST_ANSWER_BYTES < HUGE_BYTES

    async def test_nobody_there(self, server: ScriptedModel) -> None:
        server.url = "http://127.0.0.1:9/v1"

        assert is_extractive(await answered(server))

    async def test_the_key_is_neither_logged_nor_shown(self, server: ScriptedModel) -> None:
        server.says(Script(status=401))

        with structlog.testing.capture_logs() as logs:
            answer = await answered(server)

        assert logs == [
            {"event": "model.failed", "log_level": "warning", "reason": "status", "status": 401, "shown": 0}
        ]
        assert KEY not in answer.text


class TestRefusing:
    NOT_THERE = "Which Bluetooth profile does the speaker implement?"

    async def test_what_the_rules_would_refuse_is_put_to_the_model(self, server: ScriptedModel) -> None:
        server.says(TRUE)

        answer = await answered(server, self.NOT_THERE)

        assert answer.finished.mode is AnswerMode.MODEL
        assert answer.sentences == ["Wait at least 5 minutes before you remove the cover."]

    async def test_where_both_say_no_the_rules_tell_why(self, server: ScriptedModel) -> None:
        server.says("NO_ANSWER")

        answer = await answered(server, self.NOT_THERE)

        assert answer.finished.refusal == "assistant_answers.refusal.not_covered"
        assert answer.finished.mode is AnswerMode.MODEL
        assert len(server.requests) == 1

    async def test_the_doubt_of_the_rules_is_told_to_the_model(self, server: ScriptedModel) -> None:
        server.says("NO_ANSWER")

        await answered(server, self.NOT_THERE)
        await answered(server)

        doubtful, clear = (each.body["messages"][0]["content"] for each in server.requests)
        assert doubtful.startswith(clear[:100])
        assert "doubts that these passages hold the answer" in doubtful
        assert "doubts" not in clear

    async def test_what_the_rules_call_the_nearest_is_told_as_a_doubt(
        self, server: ScriptedModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "kis.assistant.answering.model.verdict_on", lambda _: Verdict(None, is_sure=False)
        )
        server.says(TRUE)

        answer = await answered(server)

        assert "doubts that these passages" in server.requests[0].body["messages"][0]["content"]
        assert answer.finished.refusal is None

    async def test_a_lie_is_no_answer_to_what_the_manual_does_not_treat(self, server: ScriptedModel) -> None:
        server.says("The speaker implements the A2DP profile [1].")

        answer = await answered(server, self.NOT_THERE)

        assert answer.finished.refusal == "assistant_answers.refusal.not_covered"
        assert answer.finished.dropped == 1
        assert "A2DP" not in answer.text

    async def test_where_the_model_fails_the_rules_refuse(self, server: ScriptedModel) -> None:
        server.says(Script(status=401))

        answer = await answered(server, self.NOT_THERE)

        assert answer.finished.refusal == "assistant_answers.refusal.not_covered"
        assert answer.finished.mode is AnswerMode.EXTRACTIVE
        assert "here is what the manual itself says" not in answer.text

    async def test_the_model_is_not_asked_where_nothing_was_found(self, server: ScriptedModel) -> None:
        server.says(TRUE)

        answer = await answered(server, passages=())

        assert answer.finished.refusal == "assistant_answers.refusal.nothing_found"
        assert not server.requests
