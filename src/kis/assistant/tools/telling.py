"""How worked-out answers are told: the same events as those from manuals."""

from collections.abc import Iterator, Mapping
from typing import Final

from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Finished
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_REFUSALS
from kis.search import Language

AREA: Final = "assistant_tools"


def told(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the tools."""
    return Message(f"{AREA}.{key}", values).text(language.value)


def refused(
    reason: str,
    language: Language,
    values: Mapping[str, object] | None = None,
    *,
    mode: AnswerMode = AnswerMode.CALCULATED,
) -> Iterator[AnswerEvent]:
    """Yield the refusal of a question that the tools do not answer."""
    ANSWER_REFUSALS.labels(reason).inc()
    key = f"{AREA}.refusal.{reason}"
    yield Chunk(Message(key, values or {}).text(language.value))
    yield Finished(mode=mode, refusal=key)
