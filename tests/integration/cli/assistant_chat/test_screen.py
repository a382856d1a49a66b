"""A person at the terminal and a real KIS: typing, picking, asking, reading, looking at the page."""

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from prompt_toolkit.application import Application, create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.utils import get_cwidth

from kis.assistant.things import AnswerMode, Chunk, Finished
from kis.cli.assistant_chat.access import Access
from kis.cli.assistant_chat.conversation import Stage
from kis.cli.assistant_chat.errors import AnswerNotKept, NoSuchProduct, NotLetIn
from kis.cli.assistant_chat.once import ask_once
from kis.cli.assistant_chat.rendering import plain
from kis.cli.assistant_chat.screen import Screen
from kis.cli.assistant_chat.web import Web
from kis.identity import Principal, Role
from kis.platform.messages import Locale
from tests.factories.maker_manuals import manual_pdf
from tests.factories.maker_site import Answer
from tests.factories.waiting import eventually
from tests.integration.cli.assistant_chat.conftest import SECONDS, Running

PNG: Final = b"\x89PNG\r\n\x1a\n"
DOWN, UP, CTRL_C, CTRL_D = "\x1b[B", "\x1b[A", "\x03", "\x04"
PASTE: Final = "\x1b[200~{}\x1b[201~"


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
    running: Running, locale: Locale, named: str | None = None
) -> AsyncIterator[Person]:
    """Yield somebody who is logged in, at the terminal of a conversation."""
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        async with Web(await running.access(), locale) as web:
            screen = Screen(web, locale, given=keys, output=DummyOutput(), pauses_seconds=(0.02,))
            task = asyncio.create_task(screen.run(named))
            try:
                yield Person(keys, screen)
                keys.send_text(CTRL_D)
                async with asyncio.timeout(SECONDS):
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
        # A long path is told in several lines of a narrow terminal.
        await person.sees(lambda: str(file) in "".join(person.printed.split()))
    assert file.read_bytes().startswith(PNG)


class TestPicking:
    async def test_enter_waits_for_the_products_of_all_that_is_typed(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            await person.picks("kx-400")
            assert person.conversation.product is not None
            assert person.conversation.product.id == "kx-400"

    async def test_arrows_choose_another(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            talk = person.conversation
            person.type("kx")
            await person.sees(lambda: talk.typed == "kx" and talk.is_current and len(talk.products) > 1)
            second = talk.products[1]
            person.type(DOWN)
            await person.sees(lambda: talk.chosen == 1)
            person.type("\r")
            await person.sees(lambda: talk.product == second)

    async def test_the_manual_is_fetched_before_anything_is_asked(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.sees(lambda: running.site.counts["/en.pdf"])
            assert person.conversation.answer is None

    async def test_a_product_without_a_manual_says_so_before_one_asks_in_vain(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-lever") as person:
            await person.reads("This product has no manual")
            await person.asks("how long is it?")
            await person.reads("Rotary lever")
            assert person.conversation.answer is not None
            assert person.conversation.answer.reason == "no_manual"

    async def test_bytes_of_another_encoding_are_shown_and_end_nothing(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            person.keys.send_bytes("제품".encode("euc-kr"))
            await person.sees(lambda: person.conversation.typed and person.conversation.is_current)
            person.type(CTRL_C)
            await person.picks("kx-400")
            person.keys.send_bytes("토크".encode("euc-kr"))
            await person.asks("how tight are the auxiliary terminals?")
            assert person.conversation.answer is not None
            assert not person.conversation.answer.error

    async def test_a_pasted_cell_is_one_line(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            person.type(PASTE.format("KX-400\r\nSwitch\r\n"))
            await person.sees(lambda: person.conversation.typed == "KX-400 Switch")
            person.type("\r")
            await person.reads("■ KX-400 Switch · Kistest")

    async def test_it_begins_with_a_product_that_is_called_by_its_name(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx 400 switch") as person:
            await person.reads("Write a question.", "\n\n■ KX-400 Switch · Kistest", "Rotary lever")
            assert person.conversation.product is not None
            assert person.conversation.product.id == "kx-400"
            assert person.conversation.stage is Stage.QUESTIONS

    async def test_a_name_that_is_not_sure_ends_it_before_anything_is_drawn(self, running: Running) -> None:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            async with Web(await running.access(), "ko") as web:
                screen = Screen(web, "ko", given=keys, output=DummyOutput())
                with pytest.raises(NoSuchProduct) as caught:
                    await screen.run("kx")
        assert "  kx-250  KX-250 Switch · Kistest" in caught.value.text("ko").splitlines()
        assert screen.printed == []

    async def test_back_leads_to_the_products_again(self, running: Running) -> None:
        async with at_the_terminal(running, "ko", "kx-250") as person:
            await person.reads("KX-250")
            person.type("/back\r")
            await person.sees(lambda: person.conversation.stage is Stage.PRODUCTS)
            await person.picks("kx-400")


class TestCommands:
    async def test_an_answer_is_judged_where_it_is_kept(self, running: Running, principal: Principal) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.asks("how tight are the auxiliary terminals?")
            person.type("/good\r")
            await person.reads("Noted as helpful.")
            assert await judgements(running, principal) == [True]
            person.type("/bad\r")
            await person.reads("Noted as not helpful.")
            assert await judgements(running, principal) == [False]

    async def test_the_answer_on_the_screen_is_judged_and_not_the_newest_one(
        self, running: Running, principal: Principal
    ) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.asks("how tight are the auxiliary terminals?")
            answer = person.conversation.answer
            assert answer is not None
            # Meanwhile the same person asks the same elsewhere, and other things.
            newer = (Chunk("Else."), Finished(mode=AnswerMode.EXTRACTIVE))
            for product_id in ("kx-250", "kx-400"):
                for question in (answer.question, "what else?"):
                    await running.application.threads.keep(principal, question, newer, product_id=product_id)
            person.type("/good\r")
            await person.reads("Noted as helpful.")
            kept = await running.application.threads.get(principal, UUID(answer.thread_id))
        judged = [message for message in kept.messages if message.judgement is not None]
        assert [str(message.id) for message in judged] == [answer.message_id]
        assert (judged[0].number, judged[0].content) == (2, answer.text)

    async def test_what_a_machine_asks_is_not_kept_and_not_judged(
        self, running: Running, principal: Principal
    ) -> None:
        key = await running.application.identity.api_keys.create(principal, "chat", Role.VIEWER)
        async with Web(Access(url=running.url, api_key=key.key), "en") as web:
            answer = await ask_once(web, "kx-250", "how tight are the auxiliary terminals?", tell=print)
            assert (answer.thread_id, answer.message_id) == ("", "")
            with pytest.raises(AnswerNotKept):
                await web.judge(answer, is_helpful=True)

    async def test_there_is_nothing_to_judge_before_an_answer(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            person.type("/good\r")
            await person.reads("There is no answer to judge.")

    async def test_a_page_without_a_name_is_kept_in_a_temporary_folder(
        self, running: Running, tmp_path: Path
    ) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.asks("how tight are the auxiliary terminals?")
            person.type("/open\r")
            await person.reads("The page is at")
        (page,) = found_pages(tmp_path)
        assert page.read_bytes().startswith(PNG)

    async def test_a_number_that_is_not_there_and_an_unknown_command_are_told(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            person.type("/open 7\r/opne 1\r/help\r")
            await person.reads(
                "There is no [7].", "There is no /opne. There are /open,", "Ctrl-D and /quit end."
            )

    async def test_a_question_about_no_product_is_answered_beside_it(self, running: Running) -> None:
        async with at_the_terminal(running, "ko") as person:
            person.type("/ask 함 사이즈 얼마? ELB 2P 20A 12개, MCCB 3P 100A 메인\r")
            await person.reads("? 함 사이즈 얼마?", "(/v1/")
            person.type("/open 1\r")
            await person.reads(f"쪽 그림이 없는 출처입니다: {running.url}/v1/")
            assert person.conversation.stage is Stage.PRODUCTS
            person.type("/ask\r")
            await person.reads("/ask 뒤에 질문을 쓰십시오.")

    async def test_a_question_goes_on_as_it_was_typed(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            asked = 'which "M6" screw'
            person.type(f"/ask {asked}\r")
            await person.reads(f"? {asked}")

    async def test_quit_ends_it(self, running: Running) -> None:
        async with at_the_terminal(running, "en") as person:
            person.type("/quit\r")

    async def test_commands_are_found_again_and_heard_in_capitals(
        self, running: Running, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.reads("Rotary lever")
            with monkeypatch.context() as busy:
                busy.setattr(Application, "_redraw", lambda *_, **__: None)  # as on a busy machine
                person.type("/OPEN 7\r")
                await person.reads("There is no [7].")
                person.type(UP)
                await person.sees(lambda: person.conversation.typed == "/OPEN 7")
            person.type(CTRL_C)

    async def test_a_question_of_several_lines_is_asked_as_one(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            await person.reads("Rotary lever")
            person.type(PASTE.format("how tight are\r\nthe auxiliary terminals?\n"))
            await person.asks("")
            await person.reads("\n\n? how tight are\n  the auxiliary terminals?\n", "0.8 N·m")
            assert person.conversation.answer is not None
            assert person.conversation.answer.question == "how tight are\nthe auxiliary terminals?"

    async def test_one_that_is_too_long_is_told_and_stays_to_be_cut(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            long = "how tight? " * 200
            person.type(PASTE.format(long) + "\r")
            await person.sees(lambda: person.conversation.notice)
            assert person.conversation.notice == "2000 characters at most; this question has 2199"
            assert (person.conversation.typed, person.conversation.answer) == (long, None)
            person.type(CTRL_C)


class TestInterrupting:
    async def test_a_second_question_waits_in_the_box_and_is_told_so(self, running: Running) -> None:
        running.site.put("/en.pdf", Answer(manual_pdf(), sent=1000, stalls=True))
        async with at_the_terminal(running, "en", "kx-250") as person:
            talk = person.conversation
            person.type("how tight?\r")
            await person.sees(lambda: talk.answer and talk.answer.status)
            person.type("how large?\r")
            await person.sees(lambda: talk.notice == "One answer at a time. Ctrl-C stops this one.")
            person.type(CTRL_C)
            await person.reads("Stopped.")
            assert (talk.notice, talk.typed) == ("", "how large?")
            person.type(CTRL_C)

    async def test_ctrl_c_stops_the_answer_then_empties_the_box_then_says_how_to_quit(
        self, running: Running
    ) -> None:
        running.site.put("/en.pdf", Answer(manual_pdf(), sent=1000, stalls=True))
        async with at_the_terminal(running, "en", "kx-250") as person:
            talk = person.conversation
            person.type("how tight?\r")
            await person.sees(lambda: talk.answer and talk.answer.status)
            person.type(CTRL_C)
            await person.reads("Stopped.")
            assert not talk.is_answering
            person.type("half a question")
            person.type(CTRL_C)
            await person.sees(lambda: not talk.typed)
            person.type(CTRL_C)
            await person.sees(lambda: talk.notice == "Ctrl-D quits.")


class TestConnection:
    async def test_a_lost_one_is_told_and_found_again(self, running: Running) -> None:
        async with at_the_terminal(running, "en", "kx-250") as person:
            # What goes with it is told over HTTP; its manual is fetched once its name was said over the connection.
            await person.reads("Rotary lever")
            await person.sees(lambda: running.site.counts["/en.pdf"])
            await running.stop_serving()
            await person.sees(lambda: not person.conversation.is_connected)
            await running.serve_again()
            await person.sees(lambda: person.conversation.is_connected)
            await person.asks("how tight are the auxiliary terminals?")
            assert person.conversation.answer is not None
            assert person.conversation.answer.citations

    async def test_who_may_not_ask_is_told_so_at_once(self, running: Running) -> None:
        with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
            async with Web(Access(url=running.url), "en") as nobody:
                screen = Screen(nobody, "en", given=keys, output=DummyOutput())
                with pytest.raises(NotLetIn):
                    await screen.run()


@pytest.mark.parametrize("columns", [60, 80])
async def test_what_is_drawn_is_no_wider_than_the_terminal_and_without_colour_where_none_is_wanted(
    running: Running, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    drawn = io.StringIO()
    terminal = Vt100_Output(
        drawn, lambda: Size(rows=24, columns=columns), term="xterm-256color", enable_cpr=False
    )
    with create_pipe_input() as keys, create_app_session(input=keys, output=terminal):
        async with Web(await running.access(), "ko") as web:
            screen = Screen(web, "ko", given=keys, output=terminal)
            task = asyncio.create_task(screen.run("kx-400"))
            person = Person(keys, screen)
            await person.asks("보조 단자는 얼마로 조입니까?")
            await person.sees(lambda: "0.8 N·m" in drawn.getvalue())
            person.type(CTRL_D)
            await task
    assert max(get_cwidth(line) for line in person.printed.splitlines()) < columns
    colours = re.findall(r"\x1b\[[0-9;]*?((?:3|4|9|10)[0-7])[;m]", drawn.getvalue())
    assert colours == []


def found_pages(folder: Path) -> list[Path]:
    return list(folder.glob("kis-pages-*/*.png"))


async def judgements(running: Running, principal: Principal) -> list[bool]:
    """Return what is kept of what was said about the answers of the newest conversation."""
    threads, _ = await running.application.threads.list(principal, page=1, size=1)
    kept = await running.application.threads.get(principal, threads[0].id)
    return [message.judgement.is_helpful for message in kept.messages if message.judgement is not None]
