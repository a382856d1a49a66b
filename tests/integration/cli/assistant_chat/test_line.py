"""The WebSocket of a terminal: it comes back by itself, and an answer goes on where it stopped."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from kis.cli.assistant_chat.conversation import Event
from kis.cli.assistant_chat.errors import NotLetIn, Unreachable
from kis.cli.assistant_chat.line import Line
from tests.factories.conversing import Teller, means_of
from tests.factories.servers import held_port
from tests.factories.waiting import eventually
from tests.integration.assistant.conversing.served import GOOD, SECONDS, serving

SENTENCES = ("Hold the button.", "Wait three seconds.", "Let go.")
QUESTION = {"type": "query", "product_id": "td17", "query": "how?", "seq": 1}
ANONYMOUS = {"ASSISTANT_ANONYMOUS": "on"}


@dataclass
class Entrance:
    """The way to a server of this test."""

    port: int
    socket_headers: dict[str, str] = field(default_factory=dict)
    is_on_this_machine: bool = True
    renewed: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def socket_url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/v1/assistant/ws"

    async def renew(self) -> bool:
        self.renewed += 1
        self.socket_headers = dict(GOOD)
        return True


class Heard:
    """A line and all that came over it."""

    def __init__(self, entrance: Entrance, **options: Any) -> None:
        self.events: list[Event] = []
        self.connected: list[bool] = []
        self.line = Line(
            entrance,
            hear=self.events.append,
            tell_connected=self.connected.append,
            pauses_seconds=(0.02,),
            **options,
        )

    async def comes(self, kind: str, count: int = 1) -> list[Event]:
        async def found() -> list[Event]:
            some = [event for event in self.events if event["type"] == kind]
            return some if len(some) >= count else []

        return await eventually(found)

    async def is_connected(self, *, is_so: bool = True) -> None:
        async def told() -> bool:
            return self.connected[-1:] == [is_so]

        await eventually(told)

    @property
    def text(self) -> str:
        return "".join(event["content"] for event in self.events if event["type"] == "answer_chunk")


@pytest.fixture
def port() -> Iterator[int]:
    """A port where nobody listens but the servers of the test."""
    with held_port() as held:
        yield held


@asynccontextmanager
async def line(entrance: Entrance, **options: Any) -> AsyncIterator[Heard]:
    heard = Heard(entrance, **options)
    running = asyncio.create_task(heard.line.run())
    try:
        yield heard
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_an_answer_goes_on_where_the_connection_broke(tmp_path: Path, port: int) -> None:
    entrance = Entrance(port)
    first = means_of(teller=Teller(SENTENCES, stops_after=1))
    async with line(entrance) as heard:
        async with serving(tmp_path, first, assistant=ANONYMOUS, port=entrance.port):
            heard.line.say(QUESTION)
            await heard.comes("answer_chunk")
        await heard.is_connected(is_so=False)
        second = means_of(teller=Teller(SENTENCES))
        async with serving(tmp_path, second, assistant=ANONYMOUS, port=entrance.port):
            await heard.comes("final_answer")
    assert heard.text == "Hold the button. [1] Wait three seconds. [2] Let go. [3] "
    assert [event["seq"] for event in heard.events if "token" in event] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


async def test_a_question_that_was_lost_with_the_connection_is_asked_again(tmp_path: Path, port: int) -> None:
    entrance = Entrance(port)
    async with line(entrance) as heard:
        heard.line.say(QUESTION)
        await heard.is_connected(is_so=False)
        async with serving(
            tmp_path, means_of(teller=Teller(SENTENCES)), assistant=ANONYMOUS, port=entrance.port
        ):
            await heard.comes("final_answer")
    assert heard.text.startswith("Hold the button.")


async def test_what_is_typed_while_nobody_is_there_is_said_later_the_newest_alone(
    tmp_path: Path, port: int
) -> None:
    entrance = Entrance(port)
    async with line(entrance) as heard:
        for seq, text in enumerate(("t", "td", "td-1"), start=1):
            heard.line.say({"type": "typing", "content": text, "seq": seq})
        means = means_of(teller=Teller(SENTENCES))
        async with serving(tmp_path, means, assistant=ANONYMOUS, port=entrance.port):
            (only,) = await heard.comes("prediction")
    assert (only["seq"], [each["id"] for each in only["data"]]) == (3, ["td17"])


async def test_a_cancelled_answer_is_not_passed_on_and_the_next_one_is(tmp_path: Path, port: int) -> None:
    entrance = Entrance(port)
    teller = Teller(SENTENCES, stops_after=1)
    async with (
        serving(tmp_path, means_of(teller=teller), assistant=ANONYMOUS, port=entrance.port),
        line(entrance) as heard,
    ):
        heard.line.say(QUESTION)
        await heard.comes("answer_chunk")
        heard.line.cancel()

        async def ended() -> bool:
            return teller.ended == 1

        await eventually(ended)
        assert not [event for event in heard.events if event["type"] == "final_answer"]
        teller.gate.set()
        heard.events.clear()
        heard.line.say({**QUESTION, "seq": 2})
        (final,) = await heard.comes("final_answer")
    assert final["cancelled"] is False
    assert heard.text.count("Hold the button.") == 1


def told(token: str, seq: int, kind: str, **more: object) -> str:
    return json.dumps({"type": kind, "token": token * 24, "seq": seq, **more})


@pytest.mark.parametrize("is_begun", [True, False], ids=["begun", "not heard of"])
async def test_what_a_cancelled_answer_still_says_is_not_taken_for_the_next_one(*, is_begun: bool) -> None:
    asked = asyncio.Event()

    async def late(socket: ServerConnection) -> None:
        """End the first answer only when the second question is there."""
        await socket.recv()
        if is_begun:
            await socket.send(told("a", 1, "status", msg="Looking"))
        asked.set()
        assert [json.loads(await socket.recv())["type"] for _ in range(2)] == ["cancel", "query"]
        if not is_begun:
            await socket.send(told("a", 1, "status", msg="Looking"))
        await socket.send(told("a", 2, "answer_chunk", content="Old. "))
        await socket.send(told("a", 3, "final_answer", cancelled=True))
        await socket.send(told("b", 1, "answer_chunk", content="New."))
        await socket.send(told("b", 2, "final_answer", cancelled=False))
        await socket.wait_closed()

    async with serve(late, "127.0.0.1", 0) as server:
        entrance = Entrance(next(iter(server.sockets)).getsockname()[1])
        async with line(entrance) as heard:
            heard.line.say(QUESTION)
            async with asyncio.timeout(SECONDS):
                await asked.wait()
            if is_begun:
                await heard.comes("status")
            heard.line.cancel()
            heard.line.say({**QUESTION, "seq": 2})
            (final,) = await heard.comes("final_answer")
    assert final["cancelled"] is False
    restarts = [place for place, event in enumerate(heard.events) if event["type"] == "answer_restart"]
    shown = heard.events[restarts[-1] :] if restarts else heard.events
    assert [event["content"] for event in shown if event["type"] == "answer_chunk"] == ["New."]


async def test_a_login_that_has_run_out_goes_on(tmp_path: Path, port: int) -> None:
    entrance = Entrance(port, {"Authorization": "Bearer bad"})
    async with (
        serving(tmp_path, means_of(teller=Teller(SENTENCES)), port=entrance.port),
        line(entrance) as heard,
    ):
        await heard.is_connected()
    assert entrance.renewed == 1


async def test_who_may_not_do_this_is_told_so_instead_of_trying_for_ever(tmp_path: Path, port: int) -> None:
    class NotRenewed(Entrance):
        async def renew(self) -> bool:
            return False

    entrance = NotRenewed(port)
    async with serving(tmp_path, means_of(teller=Teller(SENTENCES)), port=entrance.port):
        with pytest.raises(NotLetIn) as refused:
            await Heard(entrance).line.run()
    assert "로그인" in refused.value.text("ko")


async def test_nobody_there_is_told_after_so_many_tries(port: int) -> None:
    entrance = Entrance(port)
    heard = Heard(entrance, most_tries=2)
    with pytest.raises(Unreachable):
        await heard.line.run()
    assert heard.connected == [False, False]
