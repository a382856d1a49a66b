"""When nothing is answered: what was found does not speak of what is asked. Refused before anything is worded, in both modes."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Final

from kis.assistant.answering.asking import Question, citation_of
from kis.assistant.answering.quantities import codes, plain_code, quantities
from kis.assistant.answering.wording import expanded, terms
from kis.assistant.reading.index import RankedPassage
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Finished
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_REFUSALS

LEAST_COVERAGE: Final = 0.27
"""Share of the question's telling words that one of the passages found must have: so that about one answerable question of twenty is refused
(docs/reference/answers.md)."""
_TOGETHER: Final = 3
"""So many passages, the best, may share the words of a question between them."""
_FIGURE_WORD: Final = re.compile(
    r"\bhow (?:many|much|long|far|high|deep|wide|heavy)\b|얼마|몇", re.IGNORECASE
)


class Reason(StrEnum):
    """Why nothing is answered."""

    NOTHING_FOUND = "nothing_found"
    UNKNOWN_CODE = "unknown_code"
    NOT_COVERED = "not_covered"
    NO_FIGURE = "no_figure"
    NO_ANSWER = "no_answer"
    """A model found no answer in the passages."""


def reason_to_refuse(question: Question) -> Reason | None:
    """Return why the passages cannot answer the question; None where they may."""
    if not question.found:
        return Reason.NOTHING_FOUND
    texts = [" ".join((*each.passage.title_path, each.passage.text)) for each in question.found]
    if _unknown_codes(question.text, [*texts, question.source.title]):
        return Reason.UNKNOWN_CODE
    if _covered(question, texts) < LEAST_COVERAGE:
        return Reason.NOT_COVERED
    if _FIGURE_WORD.search(question.text) and not any(quantities(text) for text in texts):
        return Reason.NO_FIGURE
    return None


def _covered(question: Question, texts: list[str]) -> float:
    """Return what the index says of the best passage, which knows how rare a word is; without it the plain share."""
    ranked = [each.coverage for each in question.found if isinstance(each, RankedPassage)]
    return max(ranked) if ranked else coverage(question.text, texts[:_TOGETHER])


def coverage(question: str, texts: list[str]) -> float:
    """Return the share of the question's words that these texts have together; 1 for a question without such words."""
    asked = terms(question)
    known = expanded(frozenset().union(*(terms(text) for text in texts)))
    return len(asked & known) / len(asked) if asked else 1.0


def refused(
    question: Question, reason: Reason, mode: AnswerMode, *, dropped: int = 0
) -> Iterator[AnswerEvent]:
    """Yield the refusal: what was searched, and the place that comes nearest."""
    ANSWER_REFUSALS.labels(reason).inc()
    key = f"assistant_answers.refusal.{reason}"
    yield Chunk(Message(key, {"searched": question.searched}).text(question.language.value))
    if question.found:
        passage = question.found[0].passage
        nearest = citation_of(question, 0, 1, passage.text)
        title = passage.title_path[-1] if passage.title_path else question.source.title
        said = Message("assistant_answers.nearest", {"title": title, "page": passage.page, "number": 1})
        yield nearest
        yield Chunk(" " + said.text(question.language.value))
    yield Finished(mode=mode, refusal=key, dropped=dropped)


def _unknown_codes(question: str, texts: list[str]) -> list[str]:
    known = frozenset().union(*(codes(text) for text in texts))
    squashed = plain_code(" ".join(texts))
    return [code for code in codes(question) if code not in known and code not in squashed]
