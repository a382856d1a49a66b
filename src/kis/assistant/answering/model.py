"""Answers that a model words and the passages prove: each sentence is verified once it is whole, and shown only then.

Whether the passages answer at all is put to the model too, for it reads what rules can only count; the rules tell it their doubt. Where it fails, they decide.
"""

import re
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import structlog

from kis.assistant.answering.asking import MOST_PASSAGES, Question, citation_of
from kis.assistant.answering.extractive import extracted
from kis.assistant.answering.model_endpoint import Model, ModelUnavailable
from kis.assistant.answering.orders import is_order, without_orders
from kis.assistant.answering.prompt import NO_ANSWER, messages_of
from kis.assistant.answering.refusing import Reason, Verdict, refused, verdict_on
from kis.assistant.answering.sentence_stream import Said, SentenceStream
from kis.assistant.answering.verifying import nearest_part, verify
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Finished, Passage, Sentence
from kis.platform.messages import Locale, Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS, ANSWER_SENTENCES

MOST_SENTENCES: Final = 40
LONGEST_ANSWER: Final = 20_000
"""Letters that are read of an answer; a model that says more than this has lost its way."""
_NEVER_SAID: Final = re.compile(
    r"https?:|www\.|\bdata:|javascript:|!\[|\]\(|<[a-z/!|]|```|\{\s*\"|tool_call|function_call|\bmailto:",
    re.IGNORECASE,
)
"""What steers a reader away or makes a program act; no sentence about a document holds it."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Answer:
    """An answer as far as it has come."""

    question: Question
    verdict: Verdict
    """Of the rules, on all that was found."""
    passages: tuple[Passage, ...]
    """Those that the model was given."""
    fence: str
    numbers: dict[int, int] = field(default_factory=dict)
    """The number in the answer of each passage that is cited, by the passage's place."""
    said: list[Sentence] = field(default_factory=list)
    dropped: int = 0


class ModelAnswerer:
    """Asks a model; where it fails before a sentence of it was shown, the document's own sentences answer."""

    def __init__(
        self, model: Model, *, most_tokens: int = 6000, unsupported: Literal["drop", "mark"] = "drop"
    ) -> None:
        self._model = model
        self._most_tokens = most_tokens
        self._unsupported = unsupported

    async def answer(self, question: Question) -> AsyncIterator[AnswerEvent]:
        """Yield the answer."""
        begun = time.perf_counter()
        # Closed with whoever stops listening, down to the connection: nobody pays for words that nobody reads.
        async with aclosing(self._answer(question)) as events:
            async for event in events:
                yield event
                if isinstance(event, Finished):
                    ANSWER_GENERATION_SECONDS.labels(event.mode).observe(time.perf_counter() - begun)

    async def _answer(self, question: Question) -> AsyncGenerator[AnswerEvent, None]:
        question = replace(question, found=without_orders(question.found[:MOST_PASSAGES]))
        locale: Locale = question.language.value
        if not question.found:
            for event in refused(question, Reason.NOTHING_FOUND, AnswerMode.MODEL):
                yield event
            return
        if question.image is not None and not self._model.sees_images:
            yield Chunk(Message("assistant_answers.image_left_out").text(locale) + "\n")
        answer, messages = self._begun(question)
        broke = None
        try:
            async with aclosing(self._sentences(messages)) as sentences:
                async for said in sentences:
                    if said.text.strip(" .") == NO_ANSWER:
                        break
                    for event in self._judged(answer, said):
                        yield event
        except ModelUnavailable as error:
            broke = error
            log.warning("model.failed", reason=error.reason, status=error.status, shown=len(answer.said))
        for event in _ended(answer, broke):
            yield event

    def _begun(self, question: Question) -> tuple[_Answer, list[dict[str, object]]]:
        fence = f"-----{secrets.token_hex(8)}-----"  # what a document cannot know it cannot close
        verdict = verdict_on(question)
        messages, given = messages_of(
            question,
            fence=fence,
            most_tokens=self._most_tokens,
            with_image=self._model.sees_images,
            is_doubtful=verdict.is_doubtful,
        )
        passages = tuple(each.passage for each in question.found[:given])
        return _Answer(question, verdict, passages, fence), messages

    async def _sentences(self, messages: list[dict[str, object]]) -> AsyncGenerator[Said, None]:
        stream = SentenceStream()
        letters = sentences = 0
        async with aclosing(self._model.stream(messages)) as pieces:
            async for piece in pieces:
                letters += len(piece)
                for said in stream.add(piece):
                    yield said
                    sentences += 1
                if letters > LONGEST_ANSWER or sentences >= MOST_SENTENCES:
                    raise ModelUnavailable("too_large")
        for said in stream.rest():
            yield said

    def _judged(self, answer: _Answer, said: Said) -> Iterator[AnswerEvent]:
        """Show a sentence with what supports it, or drop or mark it."""
        is_harmful = (
            _NEVER_SAID.search(said.text) or is_order(said.text) or answer.fence.strip("-") in said.text
        )
        places = () if is_harmful else _supporting(said, answer.passages)
        if places:
            is_as_claimed = {place + 1 for place in places} <= set(said.cited)
            ANSWER_SENTENCES.labels("supported" if is_as_claimed else "corrected").inc()
            yield from _shown(answer, said.text, places)
            return
        answer.dropped += 1
        if self._unsupported == "mark" and not is_harmful:
            locale: Locale = answer.question.language.value
            mark = Message("assistant_answers.not_supported").text(locale)
            ANSWER_SENTENCES.labels("marked").inc()
            answer.said.append(Sentence(f"{said.text} {mark}", ()))
            yield Chunk(f"{said.text} {mark}\n")
        else:
            ANSWER_SENTENCES.labels("dropped").inc()


def _supporting(said: Said, passages: tuple[Passage, ...]) -> tuple[int, ...]:
    """Return the places of the passages that support a sentence: one it names, several it names taken together, or any other."""
    named = [number - 1 for number in said.cited if 0 < number <= len(passages)]
    verdict = verify(said.text, [passages[place] for place in named])
    if verdict.passage is not None:
        return (named[verdict.passage],)
    if len(named) > 1 and verify(said.text, [_together([passages[place] for place in named])]).supported:
        return tuple(named)
    verdict = verify(said.text, passages)
    return () if verdict.passage is None else (verdict.passage,)


def _together(passages: list[Passage]) -> Passage:
    text = "\n".join(passage.text for passage in passages)
    titles = tuple(title for passage in passages for title in passage.title_path)
    return replace(passages[0], text=text, title_path=titles)


def _shown(answer: _Answer, text: str, places: tuple[int, ...]) -> Iterator[AnswerEvent]:
    for place in places:
        if place not in answer.numbers:
            answer.numbers[place] = len(answer.numbers) + 1
            excerpt = nearest_part(text, answer.passages[place])
            yield citation_of(answer.question, place, answer.numbers[place], excerpt)
    numbers = tuple(answer.numbers[place] for place in places)
    answer.said.append(Sentence(text, numbers))
    yield Chunk(f"{text} {''.join(f'[{number}]' for number in numbers)}\n")


def _ended(answer: _Answer, broke: ModelUnavailable | None) -> Iterator[AnswerEvent]:
    """End an answer: what was said stays; where nothing could be said, the document speaks or the refusal."""
    question = answer.question
    locale: Locale = question.language.value
    if answer.said:
        if broke is not None:
            yield Chunk(Message("assistant_answers.broke_off").text(locale))
        yield Finished(mode=AnswerMode.MODEL, sentences=tuple(answer.said), dropped=answer.dropped)
    elif broke is None and not answer.dropped:
        # Where the rules say no as well, they can tell why.
        yield from refused(question, answer.verdict.reason or Reason.NO_ANSWER, AnswerMode.MODEL)
    else:
        if answer.verdict.reason is None:  # else it refuses, and nothing of the manual follows
            yield Chunk(Message("assistant_answers.model_failed").text(locale) + "\n")
        yield from extracted(question, dropped=answer.dropped)
