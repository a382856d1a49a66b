"""A person at the terminal and a real KIS: typing, picking, asking, reading, looking at the page."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from kis.cli.assistant_chat.conversation import Stage
from kis.cli.assistant_chat.rendering import plain
from kis.cli.assistant_chat.screen import Screen
from kis.cli.assistant_chat.web import Web
from kis.platform.messages import Locale
from tests.factories.waiting import eventually
from tests.integration.cli.assistant_chat.conftest import Running

PNG: Final = b"\x89PNG\r\n\x1a\n"
DOWN, UP, CTRL_C, CTRL_D = "\x1b[B", "\x1b[A", "\x03", "\x04"


class Person:
    """Somebody who types and looks."""

    def __init__(self, keys: PipeInput, screen: Screen) -> None:
        self.keys, self.screen = keys, screen
        self.conversation = screen.conversation

    def type(self, text: str) -> None:
        self.keys.send_text(text)

    async def sees(self, check: Callable[[], object]) -> None:
        async def seen() -> bool:
            return bool(check())

        await eventually(seen)

    async def reads(self, *texts: str) -> None:
        """Wait until the terminal has printed all of them."""
        await self.sees(lambda: all(text in self.printed for text in texts))

    @property
    def printed(self) -> str:
        return plain(self.screen.printed)

    async def picks(self, typed: str) -> None:
        self.type(f"{typed}\r")
        await self.sees(lambda: self.conversation.stage is Stage.QUESTIONS)

    async def asks(self, question: str) -> None:
        self.type(f"{question}\r")
        await self.sees(lambda: self.conversation.answer and self.conversation.answer.is_over)


@asynccontextmanager
async def at_the_terminal(
    running: Running, locale: Locale, product_id: str | None = None
) -> AsyncIterator[Person]:
    """Yield somebody who is logged in, at the terminal of a conversation."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        async with Web(await running.access(), locale, look_seconds=0.05) as web:
            screen = Screen(web, locale, given=keys, output=DummyOutput(), pauses_seconds=(0.02,))
            task = asyncio.create_task(screen.run(product_id))
            try:
                yield Person(keys, screen)
                keys.send_text(CTRL_D)
                async with asyncio.timeout(20):
                    await task
            finally:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)


@pytest.fixture(autouse=True)
def _no_desktop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


CASES: Final = [
    ("en", "kx-2", "kx-250", "how tight are the auxiliary terminals?", "0.8 N·m", "page 1"),
    ("ko", "ㅏㅌ-4", "kx-400", "보조 단자는 얼마로 조입니까?", "0.8 N·m", "1쪽"),
]


@pytest.mark.parametrize(("locale", "typed", "product", "question", "fact", "page"), CASES)
async def test_type_pick_ask_read_and_open_the_marked_page(
    running: Running,
    tmp_path: Path,
    locale: Locale,
    typed: str,
    product: str,
    question: str,
    fact: str,
    page: str,
) -> None:
    async with at_the_terminal(running, locale) as person:
        talk = person.conversation
        person.type(typed[0])
        await person.sees(lambda: talk.typed == typed[0] and talk.is_current)
        first = talk.products
        person.type(typed[1:])
        await person.sees(lambda: talk.typed == typed and talk.is_current)
        assert talk.products[0].id == product
        assert talk.products != first, "predictions change while one types"
        person.type("\r")
        await person.reads("Kistest", "Seoul", "Rotary lever")
        await person.asks(question)
        assert talk.answer is not None
        assert fact in talk.answer.text
        assert "[1]" in talk.answer.text
        await person.reads(fact, page, talk.answer.citations[1].excerpt[:20])
        file = tmp_path / "page.png"
        person.type(f"/open 1 {file}\r")
        await person.reads(str(file))
    assert file.read_bytes().startswith(PNG)
