"""``kis assistant chat``: find a product while typing, ask about it, read the answer with its pages."""

import asyncio
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

from kis.cli.commands.installed import data_option
from kis.cli.declare import command, json_option, option
from kis.cli.exit_codes import DONE, GATE_FAILS
from kis.cli.output import console, print_json, progress
from kis.cli.session import current_session
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Locale, Message

if TYPE_CHECKING:
    from kis.cli.assistant_chat.access import Access
    from kis.cli.assistant_chat.conversation import Answer


@command("chat", help_key="assistant_chat.help")
@option("--server", metavar="URL", help_key="assistant_chat.option.server")
@option("--as", "email", metavar="EMAIL", help_key="assistant_chat.option.as")
@option("--product", metavar="PRODUCT", help_key="assistant_chat.option.product")
@option("--question", metavar="TEXT", help_key="assistant_chat.option.question")
@data_option
@json_option
def chat(
    *, server: str | None, email: str | None, product: str | None, question: str | None, as_json: bool
) -> int:
    """Talk with the assistant of a running KIS, or ask it one question."""
    from kis.cli.commands.assistant_access import find_access

    is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    _check(product, question, is_terminal=is_terminal and not as_json)
    with progress(Message("assistant_chat.connecting")) if server is None else nullcontext():
        access = find_access(server, email, may_ask=sys.stdin.isatty())
    locale = current_session().locale
    if question is None:
        asyncio.run(_talk(access, locale, product))
        return DONE
    answer = _asked(access, locale, product, question)
    if as_json:
        from kis.cli.assistant_chat.once import shape_of

        print_json(shape_of(answer))
    else:
        _show(answer, locale, named=product)
    return GATE_FAILS if answer.refusal else DONE


def _check(product: str | None, question: str | None, *, is_terminal: bool) -> None:
    """Raise BadInput unless there is a terminal to talk in, or a question, and a product is named where one is to be."""
    from kis.cli.assistant_chat.conversation import LONGEST_QUESTION

    if question is None and not is_terminal:
        raise BadInput("chat", [Problem("--question", Message("assistant_chat.no_terminal"))])
    if question is not None and not question.strip():
        raise BadInput("chat", [Problem("--question", Message("assistant_chat.question_empty"))])
    if question is not None and len(question.strip()) > LONGEST_QUESTION:
        told = Message(
            "assistant_chat.question_long", {"count": len(question.strip()), "most": LONGEST_QUESTION}
        )
        raise BadInput("chat", [Problem("--question", told)])
    if product is not None and not product.strip():
        raise BadInput("chat", [Problem("--product", Message("assistant_chat.product_empty"))])


def _asked(access: "Access", locale: Locale, product: str | None, question: str) -> "Answer":
    from kis.cli.assistant_chat.once import ask_once
    from kis.cli.assistant_chat.web import Web

    async def ask() -> "Answer":
        with progress(Message("assistant_chat.asking")) as tell:
            async with Web(access, locale) as web:
                return await ask_once(
                    web,
                    product,
                    question,
                    tell=lambda said: tell(Message("assistant_chat.said", {"said": said})),
                )

    return asyncio.run(ask())


async def _talk(access: "Access", locale: Locale, product: str | None) -> None:
    from kis.cli.assistant_chat.screen import Screen
    from kis.cli.assistant_chat.web import Web

    async with Web(access, locale) as web:
        await Screen(web, locale).run(product)


def _show(answer: "Answer", locale: Locale, *, named: str | None) -> None:
    """Print an answer and what it cites as plain lines of the terminal's width, below the product where it was found by its name."""
    from rich.text import Text

    from kis.cli.assistant_chat.rendering import Words, chosen_lines, plain, told_lines

    shown = console()
    lines = told_lines(answer, Words(locale), shown.width)
    if answer.product is not None and answer.product.id != named:
        lines = [*chosen_lines(answer.product, shown.width), [], *lines]
    shown.print(Text(plain(lines)), soft_wrap=True)
