"""One question without a screen: for scripts, and for terminals that are none."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from kis.cli.assistant_chat.conversation import Answer, Conversation, Event
from kis.cli.assistant_chat.errors import NotAnswered, NothingThere, Unreachable
from kis.cli.assistant_chat.line import Line
from kis.cli.assistant_chat.naming import find_product
from kis.cli.assistant_chat.web import Web, page_address

LONGEST_SECONDS: Final = 240.0
MOST_TRIES: Final = 4


async def ask_once(web: Web, named: str | None, question: str, *, tell: Callable[[str], None]) -> Answer:
    """Return the whole answer to a question about a product, named by id or name, or about none. Raises NoSuchProduct, NothingThere, NotAnswered, NotLetIn, Unreachable."""
    conversation = Conversation()
    over = asyncio.Event()

    def hear(event: Event) -> None:
        conversation.hear(event)
        if conversation.answer is not None and conversation.answer.status:
            tell(conversation.answer.status)
        if not conversation.is_answering:
            over.set()

    if named is not None:
        conversation.take(await find_product(web, named))
    asked = conversation.ask(question, about_product=named is not None)
    assert asked is not None, "nothing else is asked"
    line = Line(web, hear=hear, tell_connected=lambda _: None, most_tries=MOST_TRIES)
    line.say(asked)
    await _until(over, line, web)
    assert conversation.answer is not None, "something was asked"
    _check(conversation.answer)
    return conversation.answer


def shape_of(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON tells it."""
    product = answer.product
    return {
        "status": "refused" if answer.refusal else "answered",
        "product": None
        if product is None
        else {"id": product.id, "name": product.name, "brand": product.brand},
        "question": answer.question,
        "answer": answer.text.strip(),
        "mode": answer.mode or None,
        "refusal": answer.refusal or None,
        "sure": answer.is_sure,
        "dropped": answer.dropped,
        "citations": [
            {
                "number": each.number,
                "document": each.document,
                "title": each.title,
                "url": each.url,
                "page": each.page,
                "excerpt": each.excerpt,
                "image": page_address(product.id, each) if product is not None and each.has_page else None,
            }
            for each in sorted(answer.citations.values(), key=lambda each: each.number)
        ],
    }


async def _until(over: asyncio.Event, line: Line, web: Web) -> None:
    """Hear the answer to its end. Raises what ends the line, and Unreachable where it takes too long."""
    running = asyncio.create_task(line.run(), name="chat_line")
    waiting = asyncio.create_task(over.wait(), name="chat_answer")
    try:
        done, _ = await asyncio.wait(
            (running, waiting), timeout=LONGEST_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        if running in done:
            running.result()
        if not done:
            raise Unreachable(web.url)
    finally:
        running.cancel()
        waiting.cancel()
        await asyncio.gather(running, waiting, return_exceptions=True)


def _check(answer: Answer) -> None:
    """Raise what kept the server from answering."""
    if answer.error_code in {"product_not_found", "answer_not_found"}:
        raise NothingThere(answer.error)
    if answer.error:
        raise NotAnswered(answer.error, reason=answer.reason or answer.error_code)
