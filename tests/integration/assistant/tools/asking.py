"""Asking the assistant of an installation, and what it tells."""

from dataclasses import dataclass
from typing import Any

import orjson

from kis.application import Application
from kis.assistant.conversing.protocol import OUTGOING
from kis.identity import Principal
from kis.platform.messages import Locale


@dataclass(frozen=True)
class Told:
    """The messages of a whole answer."""

    messages: list[dict[str, Any]]

    @property
    def text(self) -> str:
        return "".join(each["content"] for each in self.messages if each["type"] == "answer_chunk")

    @property
    def citations(self) -> list[dict[str, Any]]:
        return [each for each in self.messages if each["type"] == "citation"]

    @property
    def context(self) -> dict[str, Any]:
        return next(each for each in self.messages if each["type"] == "context")

    @property
    def last(self) -> dict[str, Any]:
        return self.messages[-1]


async def ask(
    application: Application,
    caller: Principal | None,
    text: str,
    *,
    product: str = "",
    locale: Locale = "ko",
) -> Told:
    """Return what the assistant tells; every message is one of the protocol."""
    answer = await application.assistant.ask(caller, product, text, locale=locale)
    told = Told([orjson.loads(frame) async for _, frame in answer.frames_after(0)])
    if answer.task is not None:
        await answer.task  # it is kept behind its last message
    for message in told.messages:
        OUTGOING.validate_python(message)
    return told
