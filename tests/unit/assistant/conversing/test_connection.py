"""The states of one connection, with lists for the wire: which key press is answered, what happens beside typing, and how it ends."""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from kis.assistant.conversing.answers import AnswerNotFound, Answers, Timing
from kis.assistant.conversing.connection import Bounds, Connection
from kis.assistant.conversing.keeping import AnswerFiles, Writing
from kis.assistant.conversing.protocol import OUTGOING
from kis.assistant.things import Finished
from kis.identity import Principal, Role
from kis.platform.errors import Unauthenticated
from kis.platform.messages import Message
from kis.platform.telemetry import metrics
from tests.factories.api import caller
from tests.factories.conversing import THREAD_ID, Kept, Shelf, Teller, Wanted, means_of
from tests.factories.waiting import eventually

SECONDS = 10.0
SENTENCES = ("Hold the button.", "Wait three seconds.", "Let it go.")
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n and a picture").decode()
QUESTION = {"type": "query", "product_id": "td17", "query": "how is it reset?"}


class Wire:
    """What a connection was told; ``reading`` holds it back while it is closed."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self._more = asyncio.Event()

    async def send(self, frame: bytes) -> None:
        await self.reading.wait()
        OUTGOING.validate_json(frame)
        self.told.append(orjson.loads(frame))
        self._more.set()

    async def until(self, is_there: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        async with asyncio.timeout(SECONDS):
            while not is_there(self.told):
                self._more.clear()
                await self._more.wait()
        return self.told

    async def until_type(self, kind: str) -> dict[str, Any]:
        told = await self.until(lambda all_of: any(each["type"] == kind for each in all_of))
        return next(each for each in told if each["type"] == kind)

    def types(self) -> list[str]:
        return [each["type"] for each in self.told]

    def text(self) -> str:
        return "".join(each["content"] for each in self.told if each["type"] == "answer_chunk")


class Room:
    """A process with its answers; connections come and go."""

    def __init__(self, folder: Path, teller: Teller, timing: Timing | None = None) -> None:
        self.shelf, self.wanted, self.kept, self.teller = Shelf(), Wanted(), Kept(), teller
        self.means = means_of(shelf=self.shelf, wanted=self.wanted, teller=teller, kept=self.kept)
        self.answers = Answers(self.means, AnswerFiles(folder), timing=timing or Timing())

    @asynccontextmanager
    async def connected(
        self, *, of: Principal | None = None, **options: Any
    ) -> AsyncIterator[tuple["Talk", Wire]]:
        wire = Wire()
        connection = Connection(of, self.means, self.answers, send=wire.send, **{"locale": "en", **options})
        running = asyncio.create_task(connection.run())
        yield Talk(connection, running), wire
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class SlowFiles(AnswerFiles):
    """Waits with the third message until it is let."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.is_keeping, self.goes_on = asyncio.Event(), asyncio.Event()

    async def append(self, writing: Writing, line: bytes) -> None:
        await super().append(writing, line)
        if writing.lines == 4:
            self.is_keeping.set()
            await self.goes_on.wait()


class Talk:
    def __init__(self, connection: Connection, running: "asyncio.Task[int]") -> None:
        self.connection, self.running = connection, running

    def say(self, **message: Any) -> None:
        self.connection.take(orjson.dumps(message).decode())

    async def close_code(self) -> int:
        async with asyncio.timeout(SECONDS):
            return await self.running


@pytest.fixture
def teller() -> Teller:
    return Teller(SENTENCES)


@pytest.fixture
async def room(tmp_path: Path, teller: Teller) -> AsyncIterator[Room]:
    made = Room(tmp_path / "answers", teller)
    yield made
    await made.answers.close()


class TestWhereAnswersAreKept:
    """What the last message tells of question and conversation, and to whom."""

    OLD = ("type", "mode", "refusal", "dropped", "sure", "cancelled", "token", "seq")

    async def final(self, room: Room, of: Principal | None, **more: Any) -> tuple[dict[str, Any], Wire]:
        async with room.connected(of=of) as (talk, wire):
            talk.say(**QUESTION | more)
            return await wire.until_type("final_answer"), wire

    async def test_somebody_known_is_told_the_question_and_where_it_is_kept(self, room: Room) -> None:
        told, wire = await self.final(room, caller(Role.VIEWER), seq=7)
        assert (told["question_seq"], told["thread_id"]) == (7, str(THREAD_ID))
        assert UUID(told["message_id"]).version == 5
        ((_, events),) = room.kept.all
        assert isinstance(events[-1], Finished)
        assert [each["type"] for each in wire.told if "question_seq" in each] == ["status", "final_answer"]
        assert [each["type"] for each in wire.told if "message_id" in each] == ["final_answer"]

    async def test_of_somebody_unknown_nothing_is_kept(self, room: Room) -> None:
        told, _ = await self.final(room, None, seq=7)
        assert set(told) == {*self.OLD, "question_seq"}

    @pytest.mark.parametrize("kind", ["query", "lock_and_query"])
    @pytest.mark.parametrize("role", [None, Role.VIEWER])
    async def test_an_older_client_is_told_what_it_always_was(
        self, room: Room, kind: str, role: Role | None
    ) -> None:
        told, wire = await self.final(room, None if role is None else caller(role), type=kind)
        assert tuple(told) == self.OLD
        assert [set(each) for each in wire.told if each["type"] == "status"] == [
            {"type", "msg", "token", "seq"}
        ]
        assert len(room.kept.all) == 1, "it is kept all the same"

    async def test_an_answer_that_cannot_be_kept_is_told_all_the_same(self, room: Room) -> None:
        room.kept.failure = RuntimeError("the database is gone")
        told, wire = await self.final(room, caller(Role.VIEWER), seq=7)
        assert set(told) == {*self.OLD, "question_seq"}
        assert wire.text() == "".join(f"{text} [{at}] " for at, text in enumerate(SENTENCES, start=1))

    async def test_an_answer_that_is_not_kept_in_time_is_told_all_the_same(
        self, tmp_path: Path, teller: Teller
    ) -> None:
        room = Room(tmp_path / "slow", teller, Timing(keeping_seconds=0.01))
        room.kept.gate.clear()
        told, _ = await self.final(room, caller(Role.VIEWER), seq=7)
        await room.answers.close()
        assert set(told) == {*self.OLD, "question_seq"}

    async def test_a_cancelled_one_names_its_question(self, room: Room, teller: Teller) -> None:
        teller.stops_after = 1
        async with room.connected(of=caller(Role.VIEWER)) as (talk, wire):
            talk.say(**QUESTION, seq=9)
            await wire.until_type("answer_chunk")
            talk.say(type="cancel")
            told = await wire.until_type("final_answer")
        assert (told["cancelled"], told["question_seq"]) == (True, 9)
        assert "message_id" not in told

    async def test_made_again_after_a_restart_it_names_the_same_question_and_id(
        self, tmp_path: Path, teller: Teller
    ) -> None:
        """The process ends when the answer is kept and its last message is not told yet."""
        me = caller(Role.VIEWER)
        before = Room(tmp_path / "answers", teller)
        before.kept.gate.clear()
        async with before.connected(of=me) as (talk, wire):
            talk.say(**QUESTION, seq=5)
            await wire.until(lambda _: len(before.kept.asked) == 1)
            token = wire.told[0]["token"]
            await wire.until(lambda told: len(told) == 2 + 2 * len(SENTENCES))
            heard = wire.told[-1]["seq"]
            await before.answers.close()
        after = Room(tmp_path / "answers", teller)
        async with after.connected(of=me) as (talk, wire):
            talk.say(type="resume", token=token, seq=heard)
            told = await wire.until_type("final_answer")
        await after.answers.close()
        assert wire.types() == ["final_answer"]
        assert told["question_seq"] == 5
        assert [UUID(told["message_id"])] == before.kept.asked == after.kept.asked


class TestTyping:
    async def test_a_key_press_is_answered_in_the_short_form_with_its_number(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="typing", seq=7, content="td-1")
            await wire.until_type("prediction")
        first = {"id": "td17", "name": "TD-17", "brand": "Roland", "confidence": 0.95}
        thumbnail = {"thumbnail": "https://example.com/td17.png"}
        assert wire.told == [{"type": "prediction", "seq": 7, "data": [first | thumbnail]}]

    async def test_a_client_without_numbers_gets_the_long_form(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="typing", content="td-1")
            told = await wire.until_type("prediction")
        assert set(told) == {"type", "data"}
        (found,) = told["data"]
        assert set(found) == {"product", "brand", "context", "confidence", "match_text"}
        assert found["product"] == {
            "id": "td17",
            "name": "TD-17",
            "brand": "Roland",
            "category": "",
            "production_country": "",
            "images": {"thumbnail": "https://example.com/td17.png"},
            "documentation": {"type": "pdf", "url": "https://example.com/td17.pdf", "backup_url": None},
        }
        assert found["brand"] == {"id": "roland", "name": "Roland"}
        assert [each["id"] for each in found["context"]["related_items"]] == ["cable"]

    async def test_the_newest_key_press_wins_and_overtaken_ones_are_never_predicted(self, room: Room) -> None:
        room.shelf.gate.clear()
        async with room.connected() as (talk, wire):
            talk.say(type="typing", seq=1, content="t")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            for seq, text in ((2, "td"), (3, "td-"), (4, "td-1")):
                talk.say(type="typing", seq=seq, content=text)
            room.shelf.gate.set()
            await wire.until(lambda told: any(each["seq"] == 4 for each in told))
        assert room.shelf.typed == ["t", "td-1"]
        numbers = [each["seq"] for each in wire.told]
        assert numbers == sorted(numbers)
        assert not {2, 3} & set(numbers)

    async def test_of_key_presses_that_come_together_only_the_newest_is_predicted(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            for seq, text in enumerate(("t", "td", "td-", "td-1"), start=1):
                talk.say(type="typing", seq=seq, content=text)
            told = await wire.until_type("prediction")
        assert room.shelf.typed == ["td-1"]
        assert told["seq"] == 4

    async def test_nothing_else_waits_for_a_prediction_that_has_to_wait(self, room: Room) -> None:
        room.shelf.gate.clear()
        async with room.connected() as (talk, wire):
            talk.say(type="typing", seq=1, content="td")
            talk.say(type="ping")
            await wire.until_type("pong")
            talk.say(**QUESTION)
            await wire.until_type("final_answer")
            assert "prediction" not in wire.types()
            room.shelf.gate.set()
            await wire.until_type("prediction")

    async def test_a_prediction_that_had_to_wait_and_fails_is_told_and_the_next_goes_well(
        self, room: Room
    ) -> None:
        room.shelf.gate.clear()
        room.shelf.failure = ZeroDivisionError("secret inside")
        async with room.connected() as (talk, wire):
            talk.say(type="typing", seq=1, content="td")
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            room.shelf.gate.set()
            error = await wire.until_type("error")
            room.shelf.failure = None
            talk.say(type="typing", seq=2, content="td")
            told = await wire.until_type("prediction")
        assert (error["code"], error["seq"], told["seq"]) == ("internal_error", 1, 2)

    async def test_what_a_slow_reader_has_not_read_is_replaced_not_queued(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            wire.reading.clear()
            for seq, text in enumerate(("t", "td", "td-", "td-1", "td-17"), start=1):
                talk.say(type="typing", seq=seq, content=text)
                for _ in range(6):
                    await asyncio.sleep(0)
            wire.reading.set()
            await wire.until(lambda told: any(each["seq"] == 5 for each in told))
        assert [each["seq"] for each in wire.told] == [1, 5]
        assert room.shelf.typed == ["t", "td-17"]  # what nobody will be told is not worked out

    async def test_a_prediction_that_fails_is_told_without_its_reason_and_the_next_goes_well(
        self, room: Room
    ) -> None:
        async with room.connected() as (talk, wire):
            room.shelf.failure = ZeroDivisionError("secret inside")
            talk.say(type="typing", seq=1, content="td")
            error = await wire.until_type("error")
            room.shelf.failure = None
            talk.say(type="typing", seq=2, content="td")
            await wire.until_type("prediction")
        assert (error["code"], error["seq"]) == ("internal_error", 1)
        assert "secret" not in str(error)


class TestPrefetch:
    async def test_the_manual_is_wanted_when_one_product_is_left_and_let_go_when_the_text_moves_on(
        self, room: Room
    ) -> None:
        async with room.connected() as (talk, wire):
            for seq, (text, wanted) in enumerate(
                (("td", []), ("td-1", ["td17"]), ("td-17", ["td17"]), ("td-2", ["td27"]), ("x", [])), start=1
            ):
                talk.say(type="typing", seq=seq, content=text)
                await wire.until(lambda told, seq=seq: told and told[-1].get("seq") == seq)  # type: ignore[misc]
                assert room.wanted.now == wanted
        assert room.wanted.ever == ["td17", "td27"]

    async def test_the_manual_is_let_go_when_the_connection_ends(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="typing", seq=1, content="td-1")
            await wire.until_type("prediction")
            assert room.wanted.now == ["td17"]
        assert room.wanted.now == []


class TestQuestions:
    @pytest.mark.parametrize("kind", ["query", "lock_and_query"])
    @pytest.mark.parametrize("field", ["query", "content"])
    async def test_a_question_is_answered_in_order_each_message_with_token_and_number(
        self, room: Room, kind: str, field: str
    ) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type=kind, product_id="td17", **{field: "how is it reset?"}, image=PNG)
            await wire.until_type("final_answer")
        assert wire.types() == ["status", "context", *["citation", "answer_chunk"] * 3, "final_answer"]
        assert [each["seq"] for each in wire.told] == list(range(1, 10))
        assert len({each["token"] for each in wire.told}) == 1
        assert wire.text() == "Hold the button. [1] Wait three seconds. [2] Let it go. [3] "
        assert room.teller.asked[0].image == base64.b64decode(PNG)
        assert len(room.kept.all) == 1

    async def test_a_question_may_be_about_no_product(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="query", query="what is there?")
            await wire.until_type("final_answer")
        assert wire.types() == ["status", *["citation", "answer_chunk"] * 3, "final_answer"]
        assert room.teller.asked[0].product is None

    async def test_typing_goes_on_beside_a_question(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1))
        async with room.connected() as (talk, wire):
            talk.say(**QUESTION)
            await wire.until_type("answer_chunk")
            talk.say(type="typing", seq=1, content="td-2")
            await wire.until_type("prediction")
            assert "final_answer" not in wire.types()
            room.teller.gate.set()
            await wire.until_type("final_answer")
        await room.answers.close()

    async def test_cancel_ends_the_answer(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1))
        async with room.connected() as (talk, wire):
            talk.say(**QUESTION)
            token = (await wire.until_type("answer_chunk"))["token"]
            talk.say(type="cancel", token=token)
            last = await wire.until_type("final_answer")
        assert last["cancelled"]
        assert room.teller.ended == 1
        assert room.kept.all == []
        await room.answers.close()

    async def test_more_questions_than_may_be_at_once_are_refused(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=0))
        async with room.connected(bounds=Bounds(questions=2)) as (talk, wire):
            for seq in (1, 2, 3):
                talk.say(**QUESTION, seq=seq)
            error = await wire.until_type("error")
        assert (error["code"], error["seq"]) == ("too_many_questions", 3)
        await room.answers.close()

    async def test_an_unknown_product_ends_the_answer_with_its_code(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="query", product_id="none", query="what?")
            error = await wire.until_type("error")
        assert error["code"] == "product_not_found"
        assert error["token"]

    async def test_a_fault_in_the_middle_ends_the_answer_without_its_reason(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1))
        room.teller.gate.set()
        room.teller.stops_after = 0
        room.teller.failure = ZeroDivisionError("secret inside")
        async with room.connected() as (talk, wire):
            talk.say(**QUESTION)
            error = await wire.until_type("error")
        assert error["code"] == "internal_error"
        assert "secret" not in str(wire.told)
        await room.answers.close()


class TestResume:
    async def killed_after_two_sentences(self, folder: Path) -> Wire:
        """Return what was told of an answer before its process was killed."""
        killed = Room(folder, Teller(SENTENCES, stops_after=2))
        async with killed.connected() as (talk, wire):
            talk.say(**QUESTION)
            await wire.until(lambda told: len(told) == 6)
        await killed.answers.close()
        return wire

    async def test_an_answer_goes_on_after_the_last_message_that_arrived(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1))
        async with room.connected() as (talk, before):
            talk.say(**QUESTION)
            last = await before.until_type("answer_chunk")
        room.teller.gate.set()
        async with room.connected() as (talk, after):
            talk.say(type="resume", token=last["token"], seq=last["seq"])
            await after.until_type("final_answer")
        assert len(room.teller.asked) == 1
        assert [each["seq"] for each in after.told] == [5, 6, 7, 8, 9]
        assert before.text() + after.text() == "Hold the button. [1] Wait three seconds. [2] Let it go. [3] "
        await room.answers.close()

    async def test_after_the_process_was_killed_the_rest_is_told_and_no_sentence_twice(
        self, tmp_path: Path
    ) -> None:
        before = await self.killed_after_two_sentences(tmp_path)
        started = Room(tmp_path, Teller(SENTENCES))
        async with started.connected() as (talk, after):
            talk.say(type="resume", token=before.told[-1]["token"], seq=4)
            await after.until_type("final_answer")
        seen = [*before.told[:4], *after.told]
        assert [each["seq"] for each in seen] == list(range(1, 10))
        assert [each["type"] for each in seen][-5:] == [*["citation", "answer_chunk"] * 2, "final_answer"]
        await started.answers.close()

    async def test_an_answer_that_comes_out_different_is_begun_anew_in_so_many_words(
        self, tmp_path: Path
    ) -> None:
        before = await self.killed_after_two_sentences(tmp_path)
        started = Room(tmp_path, Teller((SENTENCES[0], "It takes a while.")))
        async with started.connected() as (talk, after):
            talk.say(type="resume", token=before.told[-1]["token"], seq=6)
            await after.until_type("final_answer")
        assert after.types() == ["answer_restart", *["citation", "answer_chunk"] * 2, "final_answer"]
        assert after.text() == "Hold the button. [1] It takes a while. [2] "
        await started.answers.close()

    async def test_an_answer_nobody_knows_is_not_found(self, room: Room) -> None:
        async with room.connected() as (talk, wire):
            talk.say(type="resume", token="a" * 24)
            error = await wire.until_type("error")
        assert error["code"] == "answer_not_found"

    async def test_an_answer_of_somebody_else_is_not_found_while_it_is_made_nor_after_a_restart(
        self, tmp_path: Path
    ) -> None:
        mine, strangers = caller(Role.VIEWER), caller(Role.VIEWER)
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1))
        answer = await room.answers.ask(mine, "td17", "how?", locale="en")
        for other in (strangers, None):
            with pytest.raises(AnswerNotFound):
                await room.answers.resume(other, answer.token)
        await room.answers.close()
        started = Room(tmp_path, Teller(SENTENCES))
        for other in (strangers, None):
            with pytest.raises(AnswerNotFound):
                await started.answers.resume(other, answer.token)
        assert (await started.answers.resume(mine, answer.token)).token == answer.token
        await started.answers.close()

    async def test_what_is_being_kept_when_it_is_cancelled_keeps_its_number(self, tmp_path: Path) -> None:
        files = SlowFiles(tmp_path)
        answers = Answers(means_of(teller=Teller(SENTENCES)), files)
        answer = await answers.ask(None, "td17", "how?", locale="en")
        async with asyncio.timeout(SECONDS):
            await files.is_keeping.wait()
            answer.cancel()
            files.goes_on.set()
            told = [orjson.loads(frame) async for _, frame in answer.frames_after(0)]
        assert [each["type"] for each in told][-1] == "final_answer"
        assert [each["seq"] for each in told] == list(range(1, len(told) + 1))
        kept = await files.take_over(answer.token, "")
        assert kept is not None
        assert list(kept[1].events) == told
        await answers.close()

    async def test_an_answer_nobody_follows_any_more_is_given_up(self, tmp_path: Path) -> None:
        room = Room(tmp_path, Teller(SENTENCES, stops_after=1), Timing(orphaned_seconds=0.01))
        async with room.connected() as (talk, wire):
            talk.say(**QUESTION)
            await wire.until_type("answer_chunk")

        async def has_ended() -> bool:
            return room.teller.ended == 1

        await eventually(has_ended, seconds=SECONDS)
        await room.answers.close()


class TestEnding:
    async def test_messages_that_come_too_fast_are_dropped_then_end_the_connection(self, room: Room) -> None:
        bounds = Bounds(burst=5, messages_per_second=0.001, most_dropped=3)
        async with room.connected(bounds=bounds) as (talk, wire):
            for _ in range(5 + 4):
                talk.say(type="ping")
            assert await talk.close_code() == 1008
        codes = [each["code"] for each in wire.told if each["type"] == "error"]
        assert codes == ["rate_limited", "too_many_messages"]
        assert wire.types().count("pong") == 5

    async def test_a_client_that_never_reads_is_let_go(self, room: Room) -> None:
        async with room.connected(bounds=Bounds(unread_seconds=0.01)) as (talk, wire):
            wire.reading.clear()
            talk.say(type="ping")
            assert await talk.close_code() == 1008

    async def test_who_does_not_read_why_it_is_let_go_is_let_go_without(self, room: Room) -> None:
        async with room.connected(bounds=Bounds(idle_seconds=0.0, unread_seconds=0.01)) as (talk, wire):
            wire.reading.clear()
            assert await talk.close_code() == 1008
        assert wire.told == []

    async def test_who_has_read_everything_is_let_go_for_silence_and_for_nothing_else(
        self, room: Room
    ) -> None:
        now = [0.0]
        bounds = Bounds(idle_seconds=50.0, unread_seconds=0.01)
        async with room.connected(bounds=bounds, clock=lambda: now[0]) as (talk, wire):
            talk.say(type="ping")
            await wire.until_type("pong")
            now[0] = 100.0
            assert await talk.close_code() == 1001

    async def test_a_client_that_asks_without_reading_is_let_go_before_the_line_is_long(
        self, room: Room
    ) -> None:
        async with room.connected(bounds=Bounds(waiting=3, burst=100)) as (talk, wire):
            wire.reading.clear()
            for _ in range(9):
                talk.say(type="ping")
            wire.reading.set()
            assert await talk.close_code() == 1008
        assert len(wire.told) == 3

    async def test_a_client_that_is_silent_for_long_is_let_go(self, room: Room) -> None:
        async with room.connected(bounds=Bounds(idle_seconds=0.0)) as (talk, wire):
            assert await talk.close_code() == 1001
        assert wire.told[0]["code"] == "idle"

    async def test_a_login_that_ended_ends_the_connection_at_the_next_question(self, room: Room) -> None:
        async def renew() -> None:
            raise Unauthenticated(Message("api.request.unauthenticated"))

        async with room.connected(renew=renew) as (talk, wire):
            talk.say(**QUESTION, seq=3)
            assert await talk.close_code() == 4401
        assert [(each["type"], each["code"]) for each in wire.told] == [("error", "unauthenticated")]
        assert room.teller.asked == []


async def test_what_is_done_is_counted(room: Room) -> None:
    def count(kind: str) -> float:
        return metrics.REGISTRY.get_sample_value("messages_processed_total", {"type": kind}) or 0.0

    def predictions() -> float:
        return metrics.REGISTRY.get_sample_value("prediction_latency_seconds_count") or 0.0

    kinds = ("typing", "ping", "query", "other")
    before = {kind: count(kind) for kind in kinds} | {"predictions": predictions()}
    async with room.connected() as (talk, wire):
        talk.say(type="typing", seq=1, content="td")
        talk.say(type="ping")
        talk.say(type="a type of my own")
        talk.say(**QUESTION)
        await wire.until(lambda told: {"prediction", "final_answer"} <= {each["type"] for each in told})
    after = {kind: count(kind) for kind in kinds} | {"predictions": predictions()}
    assert {name: after[name] - before[name] for name in after} == dict.fromkeys(after, 1.0)
