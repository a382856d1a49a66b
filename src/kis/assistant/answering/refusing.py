"""When nothing is answered: what was found does not speak of what is asked. The manual's own sentences are not said then; a model is told of the doubt and judges."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kis.assistant.answering.asking import Question, citation_of
from kis.assistant.answering.judging import UNSURE, Judgement, Signs, judged
from kis.assistant.answering.quantities import codes, plain_code, quantities
from kis.assistant.answering.wording import expanded, terms
from kis.assistant.things import AnswerEvent, AnswerMode, Chunk, Finished
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_REFUSALS

LEAST_COVERAGE: Final = 0.27
"""Share of the question's words that passages must have that no index ranked: there is nothing else to go by."""
MOST_UNCOVERED: Final = 0.8
"""Of 595 answerable questions of the written manuals not one shares less with the passages found for it."""
MOST_MISSED: Final = 0.1
"""Where the best passage misses no more of the telling words it is sure to be what was asked for."""
MOST_MISSING: Final = 4
"""So many words that stand nowhere are named."""
_TOGETHER: Final = 3
"""So many passages, the best, may share the words of a question between them."""
_FIGURE_WORD: Final = re.compile(
    r"\bhow (?:many|much|long|far|high|deep|wide|heavy)\b|얼마|몇", re.IGNORECASE
)


class Reason(StrEnum):
    """Why nothing is answered."""

    NOTHING_FOUND = "nothing_found"
    UNKNOWN_CODE = "unknown_code"
    NOT_MENTIONED = "not_mentioned"
    """What the question names stands nowhere in the document."""
    NOT_COVERED = "not_covered"
    NO_FIGURE = "no_figure"
    NO_SERVICE = "no_service"
    """A price, a warranty, whom to call or the like, which the document does not tell."""
    NO_ANSWER = "no_answer"
    """A model found no answer in the passages."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether passages answer a question."""

    reason: Reason | None
    """Why they cannot; None where they may."""
    is_sure: bool = True
    """No: what comes nearest is said as such, for it may answer something else."""

    @property
    def is_doubtful(self) -> bool:
        """Tell whether the passages may not hold the answer, or cannot."""
        return self.reason is not None or not self.is_sure


def verdict_on(question: Question) -> Verdict:
    """Return whether the passages found answer the question."""
    if not question.found:
        return Verdict(Reason.NOTHING_FOUND)
    texts = [" ".join((*each.passage.title_path, each.passage.text)) for each in question.found]
    if _unknown_codes(question.text, [*texts, question.source.title]):
        return Verdict(Reason.UNKNOWN_CODE)
    judgement = judged(question)
    if judgement is None:
        if coverage(question.text, texts[:_TOGETHER]) < LEAST_COVERAGE:
            return Verdict(Reason.NOT_COVERED)
    elif judgement.weighed > 0 or judgement.uncovered > MOST_UNCOVERED:
        return Verdict(_by(judgement.signs))
    if _FIGURE_WORD.search(question.text) and not any(quantities(text) for text in texts):
        return Verdict(Reason.NO_FIGURE)
    return Verdict(None, is_sure=judgement is None or _is_sure(judgement))


def _is_sure(judgement: Judgement) -> bool:
    """Tell whether what was found is what was asked for: one word that stands there is a short question, and no doubtful one."""
    return judgement.weighed <= UNSURE or judgement.signs.first_uncovered <= MOST_MISSED


def reason_to_refuse(question: Question) -> Reason | None:
    """Return why the passages cannot answer the question; None where they may."""
    return verdict_on(question).reason


def missing_words(question: Question) -> tuple[str, ...]:
    """Return words of the question that stand nowhere in the document."""
    judgement = judged(question)
    return judgement.missing[:MOST_MISSING] if judgement else ()


def coverage(question: str, texts: list[str]) -> float:
    """Return the share of the question's words that these texts have together; 1 for a question without such words."""
    asked = terms(question)
    known = expanded(frozenset().union(*(terms(text) for text in texts)))
    return len(asked & known) / len(asked) if asked else 1.0


def refused(
    question: Question, reason: Reason, mode: AnswerMode, *, dropped: int = 0
) -> Iterator[AnswerEvent]:
    """Yield the refusal: what was searched, the words that stand nowhere there, and the place that comes nearest."""
    ANSWER_REFUSALS.labels(reason).inc()
    key = f"assistant_answers.refusal.{reason}"
    language = question.language
    yield Chunk(Message(key, {"searched": question.searched}).text(language.value))
    if reason is not Reason.NO_ANSWER and (missing := missing_words(question)):
        words = ", ".join(missing)
        yield Chunk(" " + Message("assistant_answers.not_there", {"words": words}).text(language.value))
    if question.found:
        passage = question.found[0].passage
        nearest = citation_of(question, 0, 1, passage.text)
        title = passage.title_path[-1] if passage.title_path else question.source.title
        said = Message("assistant_answers.nearest", {"title": title, "page": passage.page, "number": 1})
        yield nearest
        yield Chunk(" " + said.text(language.value))
    yield Finished(mode=mode, refusal=key, dropped=dropped)


def _by(signs: Signs) -> Reason:
    """Return the sign that says most why nothing answers."""
    if signs.absent_topic or signs.absent_thing or signs.unknown_name or signs.stranger:
        return Reason.NOT_MENTIONED
    return Reason.NO_SERVICE if signs.untold_service else Reason.NOT_COVERED


def _unknown_codes(question: str, texts: list[str]) -> list[str]:
    known = frozenset().union(*(codes(text) for text in texts))
    squashed = plain_code(" ".join(texts))
    return [code for code in codes(question) if code not in known and code not in squashed]
