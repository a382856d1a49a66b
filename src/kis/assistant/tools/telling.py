"""How worked-out answers are told: the same events as those from manuals."""

from collections.abc import Iterator, Mapping

from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Finished
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_REFUSALS
from kis.search import Language


def told(key: str, language: Language, **values: object) -> str:
    """Return a message as a sentence."""
    return Message(key, values).text(language.value)


def refused(
    reason: str,
    language: Language,
    values: Mapping[str, object] | None = None,
    *,
    mode: AnswerMode = AnswerMode.CALCULATED,
) -> Iterator[AnswerEvent]:
    """Yield the refusal of a question that the tools do not answer."""
    ANSWER_REFUSALS.labels(reason).inc()
    key = f"assistant_tools.refusal.{reason}"
    yield Chunk(Message(key, values or {}).text(language.value))
    yield Finished(mode=mode, refusal=key)
