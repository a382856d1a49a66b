"""Answers under way in Redis: another machine goes on with them, within bounds, whoever reads Redis learns nothing, and none is lost while Redis is away."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import orjson
import pytest
import structlog
from redis import Redis

from kis.assistant.conversing.answers import Answer, AnswerNotFound, Answers
from kis.assistant.conversing.keeping import AnswerFiles, Head, TakenOver, new_token
from kis.assistant.conversing.shared_keeping import MOST_PUTS, Room, SharedAnswers
from kis.identity import Role
from tests.factories.api import caller
from tests.factories.conversing import Teller, means_of
from tests.factories.servers import LOCALHOST, held_port
from tests.factories.waiting import eventually

HEAD: Final = Head(owner="somebody", product_id="td17", text="how is it reset?", locale="en")
SENTENCES: Final = ("Hold the button.", "Wait three seconds.", "Let it go.")
SECONDS: Final = 30.0
Machine = Callable[..., SharedAnswers]


def line(seq: int, **more: object) -> bytes:
    return orjson.dumps({"type": "answer_chunk", "content": f"{seq}.", "seq": seq, **more})


class Inside:
    """What this test has in Redis, as somebody sees it who is let in there."""

    def __init__(self, url: str) -> None:
        self.prefix = f"test:{{{secrets.token_hex(4)}}}:"
        self._redis: Any = Redis.from_url(url)

    @property
    def keys(self) -> list[bytes]:
        return sorted(self._redis.scan_iter(f"{self.prefix}*"))

    @property
    def answers(self) -> list[list[bytes]]:
        return [self._redis.lrange(key, 0, -1) for key in self.keys if self._redis.type(key) == b"list"]

    @property
    def left_ms(self) -> list[int]:
        return [self._redis.pttl(key) for key in self.keys]

    @property
    def words(self) -> bytes:
        return b" ".join([*self.keys, *(line for answer in self.answers for line in answer)])

    def forge(self, line: bytes) -> None:
        """Put something in the place of an answer's last line."""
        for key in self.keys:
            if self._redis.type(key) == b"list":
                self._redis.lset(key, -1, line)

    def forget(self) -> None:
        for key in self.keys:
            self._redis.delete(key)


@pytest.fixture
def inside(redis_server: str) -> Inside:
    """Redis, seen from inside."""
    return Inside(redis_server)


@pytest.fixture
async def machine(redis_server: str, inside: Inside, tmp_path: Path) -> AsyncIterator[Machine]:
    """Make machines with a folder of each one's own and the one Redis."""
    made: list[SharedAnswers] = []

    def make(name: str, *, url: str = redis_server, **bounds: Any) -> SharedAnswers:
        files = AnswerFiles(tmp_path / name)
        room = Room(**bounds)
        made.append(SharedAnswers(url, files, room=room, prefix=inside.prefix, pause_seconds=0.0))
        return made[-1]

    yield make
    for each in made:
        await each.close()


class Relay:
    """A way to Redis that can be cut."""

    def __init__(self, url: str, port: int) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        assert parts.port is not None
        self._target = (parts.hostname, parts.port)
        self._server: asyncio.Server | None = None
        self._writers: list[asyncio.StreamWriter] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._port = port

    @property
    def url(self) -> str:
        return f"redis://{LOCALHOST}:{self._port}/0"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, LOCALHOST, self._port)

    async def cut(self) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._writers.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection(*self._target)
        self._writers += [writer, there_writer]
        for pair in ((reader, there_writer), (there_reader, writer)):
            task = asyncio.create_task(self._pass_on(*pair))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @staticmethod
    async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()


@pytest.fixture
async def relay(redis_server: str) -> AsyncIterator[Relay]:
    with held_port() as port:
        made = Relay(redis_server, port)
        await made.open()
        yield made
        await made.cut()


async def seqs_at(keeping: SharedAnswers, token: str) -> list[int]:
    """Return the numbers of the messages that a machine goes on after."""
    taken = await keeping.take_over(token, HEAD.owner)
    assert taken is not None
    return [event["seq"] for event in taken[1].events]


async def has_frames(answer: Answer, count: int) -> None:
    """Wait until an answer has so many messages."""

    async def enough() -> bool:
        return len(answer.frames) >= count

    await eventually(enough, seconds=SECONDS)


class TestAnotherMachine:
    async def test_goes_on_with_all_that_was_kept_and_the_first_can_write_no_more(
        self, machine: Machine
    ) -> None:
        one, other, token = machine("one"), machine("other"), new_token()
        image = b"\x89PNG and a picture"
        head = Head(owner="me", product_id="td17", text="무엇?", locale="ko", image=image)
        writing = await one.begin(token, head)
        await one.append(writing, line(1))
        assert await one.holds(writing)
        taken = await other.take_over(token, "me")
        assert taken is not None
        further, kept = taken
        assert kept.head == head
        assert [event["seq"] for event in kept.events] == [1]
        assert not await one.holds(writing)
        with pytest.raises(TakenOver):
            await one.append(writing, line(2, by="one"))
        await other.append(further, line(2, by="other"))
        back = await one.take_over(token, "me")
        assert back is not None
        assert [event.get("by") for event in back[1].events] == [None, "other"]
        with pytest.raises(TakenOver):
            await other.append(further, line(3))

    async def test_is_given_the_answer_of_nobody_else_and_takes_nothing_away(self, machine: Machine) -> None:
        one, other, token = machine("one"), machine("other"), new_token()
        writing = await one.begin(token, HEAD)
        assert await other.take_over(token, "a stranger") is None
        assert await other.take_over(new_token(), HEAD.owner) is None
        assert await other.take_over("../" + token[:21], HEAD.owner) is None
        await one.append(writing, line(1))

    async def test_has_the_answer_in_its_own_folder_as_well_afterwards(
        self, machine: Machine, inside: Inside
    ) -> None:
        one, other, token = machine("one"), machine("other"), new_token()
        await one.append(await one.begin(token, HEAD), line(1))
        assert await seqs_at(other, token) == [1]
        inside.forget()
        assert await seqs_at(other, token) == [1]

    async def test_of_two_machines_that_come_at_once_one_writes_on(self, machine: Machine) -> None:
        one, token = machine("one"), new_token()
        await one.begin(token, HEAD)
        others = [machine(f"other {number}") for number in range(4)]
        taken = await asyncio.gather(*(each.take_over(token, HEAD.owner) for each in others))
        writers = 0
        for keeping, found in zip(others, taken, strict=True):
            if found is not None:
                with suppress(TakenOver):
                    await keeping.append(found[0], line(1))
                    writers += 1
        assert writers == 1


class TestWhatRedisIsTold:
    async def test_is_neither_token_nor_owner_nor_text(self, machine: Machine, inside: Inside) -> None:
        one, token = machine("one"), new_token()
        await one.append(await one.begin(token, HEAD), line(1, token=token, content="Hold the button."))
        told = inside.words
        assert told
        for secret in (token, HEAD.owner, HEAD.text, "Hold the button"):
            assert secret.encode() not in told

    async def test_is_not_believed_where_somebody_else_wrote_it(
        self, machine: Machine, inside: Inside
    ) -> None:
        one, other, token = machine("one"), machine("other"), new_token()
        await one.append(await one.begin(token, HEAD), line(1))
        inside.forge(b"x" * 60)
        assert await other.take_over(token, HEAD.owner) is None
        assert await seqs_at(one, token) == [1]


class TestBounds:
    async def test_an_answer_is_forgotten_in_time(self, machine: Machine, inside: Inside) -> None:
        one = machine("one", kept_seconds=0.05)
        await one.append(await one.begin(new_token(), HEAD), line(1))

        async def is_empty() -> bool:
            return not inside.keys

        await eventually(is_empty, seconds=SECONDS)

    async def test_nothing_stays_for_ever(self, machine: Machine, inside: Inside) -> None:
        await machine("one").begin(new_token(), HEAD)
        assert len(inside.left_ms) == 3
        assert all(0 < each <= 900_000 for each in inside.left_ms)

    async def test_beyond_the_bytes_of_all_the_one_written_to_longest_ago_goes_first(
        self, machine: Machine, inside: Inside
    ) -> None:
        one = machine("one", most_bytes=30_000)
        other = machine("other")
        tokens = [new_token() for _ in range(5)]
        writings = []
        for token in tokens[:2]:
            writings.append(await one.begin(token, HEAD))
            await one.append(writings[-1], line(1, content="x" * 8000))
        await one.append(writings[0], line(2))
        for token in tokens[2:4]:
            await one.append(await one.begin(token, HEAD), line(1, content="x" * 8000))
        found = [await other.take_over(token, HEAD.owner) is not None for token in tokens]
        assert found == [True, False, True, True, False]
        # On its own machine it is still there.
        assert await seqs_at(one, tokens[1]) == [1]
        assert sum(len(line) for answer in inside.answers for line in answer) <= 30_000

    async def test_too_large_an_answer_stays_on_its_machine(self, machine: Machine, inside: Inside) -> None:
        one, other, token = machine("one", largest_bytes=1000), machine("other"), new_token()
        writing = await one.begin(token, HEAD)
        for seq, letters in ((1, 100), (2, 1000), (3, 10)):
            await one.append(writing, line(seq, content="x" * letters))
        assert await other.take_over(token, HEAD.owner) is None
        assert not inside.answers
        assert await seqs_at(one, token) == [1, 2, 3]

    async def test_what_redis_loses_again_and_again_is_not_put_there_for_ever(
        self, machine: Machine, inside: Inside
    ) -> None:
        one, token = machine("one"), new_token()
        writing = await one.begin(token, HEAD)
        for seq in range(1, MOST_PUTS + 5):
            inside.forget()
            await one.append(writing, line(seq))
        assert not inside.keys
        assert await seqs_at(one, token) == list(range(1, MOST_PUTS + 5))


class TestWhileRedisIsAway:
    async def test_the_folder_is_used_and_the_log_tells_it(self, machine: Machine, relay: Relay) -> None:
        one, token = machine("one", url=relay.url), new_token()
        writing = await one.begin(token, HEAD)
        await one.append(writing, line(1))
        await relay.cut()
        with structlog.testing.capture_logs() as logs:
            await one.append(writing, line(2))
            assert await seqs_at(one, token) == [1, 2]
            begun = await one.begin(new_token(), HEAD)
            await one.append(begun, line(1))
        assert {each["event"] for each in logs} == {"assistant.answers_redis_unavailable"}
        with pytest.raises(TakenOver):
            await one.append(writing, line(3))

    async def test_it_is_whole_for_another_machine_as_soon_as_redis_is_back(
        self, machine: Machine, relay: Relay
    ) -> None:
        one, other, token = machine("one", url=relay.url), machine("other"), new_token()
        writing = await one.begin(token, HEAD)
        await relay.cut()
        await one.append(writing, line(1))
        await one.append(writing, line(2))
        await relay.open()
        await one.append(writing, line(3))
        assert await seqs_at(other, token) == [1, 2, 3]

    async def test_its_machine_goes_on_after_what_it_told_and_not_after_what_redis_has(
        self, machine: Machine, relay: Relay
    ) -> None:
        """The answer was told to its end while Redis was away, then the process ended."""
        one, token = machine("one", url=relay.url), new_token()
        writing = await one.begin(token, HEAD)
        await one.append(writing, line(1))
        await relay.cut()
        await one.append(writing, line(2))
        await relay.open()
        assert await seqs_at(machine("one"), token) == [1, 2]
        assert await seqs_at(machine("other"), token) == [1, 2]

    async def test_a_machine_that_was_cut_off_gives_way_to_the_one_that_went_on(
        self, machine: Machine, relay: Relay
    ) -> None:
        one, other, token = machine("one", url=relay.url), machine("other"), new_token()
        writing = await one.begin(token, HEAD)
        await relay.cut()
        await one.append(writing, line(1, by="one"))
        taken = await other.take_over(token, HEAD.owner)
        assert taken is not None
        await other.append(taken[0], line(1, by="other"))
        await relay.open()
        with pytest.raises(TakenOver):
            await one.append(writing, line(2))
        back = await one.take_over(token, HEAD.owner)
        assert back is not None
        assert [event["by"] for event in back[1].events] == ["other"]


class TestAClientThatComesToAnotherMachine:
    @asynccontextmanager
    async def answers(self, teller: Teller, keeping: SharedAnswers) -> AsyncIterator[Answers]:
        made = Answers(means_of(teller=teller), keeping)
        yield made
        await made.close()

    async def test_that_knows_less_than_it_was_told_begins_anew_behind_that(
        self, machine: Machine, relay: Relay
    ) -> None:
        """The client heard messages while Redis was away, then their machine died: no number is told twice, and the text is whole."""
        mine = caller(Role.VIEWER)
        one, other = machine("one", url=relay.url), machine("other")
        stopping = Teller(SENTENCES, stops_after=1)
        async with AsyncExitStack() as stack:
            dying = await stack.enter_async_context(self.answers(stopping, one))
            asked = await dying.ask(mine, "td17", "how?", locale="en")
            await has_frames(asked, 4)
            await relay.cut()
            stopping.stops_after = None
            stopping.gate.set()
            await has_frames(asked, 9)
            heard = [orjson.loads(frame) for frame in asked.frames[:7]]
            await dying.close()
            going_on = await stack.enter_async_context(self.answers(Teller(SENTENCES), other))
            resumed = await going_on.resume(mine, asked.token, 7)
            heard += [orjson.loads(frame) async for _, frame in resumed.frames_after(7)]
        assert [each["seq"] for each in heard] == list(range(1, len(heard) + 1))
        assert [each["type"] for each in heard[7:9]] == ["answer_restart", "citation"]
        text = "".join(each["content"] for each in heard[8:] if each["type"] == "answer_chunk")
        assert text == "Hold the button. [1] Wait three seconds. [2] Let it go. [3] "

    async def test_and_back_again_is_told_what_the_other_says(self, machine: Machine) -> None:
        """The first still waits for its model when its client comes back from the other one."""
        mine = caller(Role.VIEWER)
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(
                self.answers(Teller(SENTENCES, stops_after=1), machine("one"))
            )
            asked = await first.ask(mine, "td17", "how?", locale="en")
            await has_frames(asked, 4)
            second = await stack.enter_async_context(self.answers(Teller(SENTENCES), machine("other")))
            there = await second.resume(mine, asked.token, 4)
            await has_frames(there, 9)
            back = await first.resume(mine, asked.token, 4)
            assert back.frames == there.frames
            assert back.is_finished

    async def test_that_is_somebody_else_finds_nothing(self, machine: Machine) -> None:
        mine, stranger = caller(Role.VIEWER), caller(Role.VIEWER)
        async with AsyncExitStack() as stack:
            first = await stack.enter_async_context(self.answers(Teller(SENTENCES), machine("one")))
            asked = await first.ask(mine, "td17", "how?", locale="en")
            second = await stack.enter_async_context(self.answers(Teller(SENTENCES), machine("other")))
            for other in (stranger, None):
                with pytest.raises(AnswerNotFound):
                    await second.resume(other, asked.token)
