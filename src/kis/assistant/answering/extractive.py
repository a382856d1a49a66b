"""Answers without a model: the sentences of the document that speak most of what is asked, as they stand there, each with its page."""

import re
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from math import log1p
from typing import Final

from kis.assistant.answering.asking import MOST_PASSAGES, Question, citation_of
from kis.assistant.answering.orders import without_orders
from kis.assistant.answering.quantities import codes, quantities
from kis.assistant.answering.refusing import refused, verdict_on
from kis.assistant.answering.wording import expanded, sentences, terms
from kis.assistant.reading.lexicon import lexicon
from kis.assistant.reading.terms import folded, pieces_of
from kis.assistant.things import (
    AnswerEvent,
    AnswerMode,
    Chunk,
    Finished,
    FoundPassage,
    Sentence,
    UnitKind,
)
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS, ANSWER_SENTENCES

MOST_SENTENCES: Final = 4
MOST_STEPS: Final = 15
_WORTH: Final = 0.6
"""A sentence that answers less than this share of what the best one does is left out."""
_FIRST_BONUS: Final = 0.5
"""What the place of a passage adds at most to how well its sentences fit."""
_ASKS_STEPS: Final = re.compile(
    r"\bhow (?:do|can|should|to|is|are)\b|\bsteps?\b|\bprocedure|방법|어떻게|절차|순서", re.IGNORECASE
)
_ASKS_FIGURE: Final = re.compile(
    r"\bhow (?:many|much|long|far|often|high|deep|wide|heavy|fast)\b|\bwhat (?:is|are) the\b|얼마|몇|언제|크기|무게|전압|전류|온도",
    re.IGNORECASE,
)
_MEANT: Final = 0.6
"""What a thing counts that is named by any name, beside the words themselves."""
_OWN_LANGUAGE: Final = 0.1
"""What a sentence gets in the language of the question, where a document says a thing in both."""
_HANGUL: Final = re.compile(r"[가-힣]")
_STEP: Final = re.compile(r"^\s*(?:\(?\d{1,2}[.)]|[①-⑳]|[가-하][.)]|[-•·▪*])\s*")
_CELLS: Final = re.compile(r"\s*(?:\||\t)\s*")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that may be said."""

    place: int
    """Of its passage among those found."""
    order: int
    """Of the sentence in its passage."""
    text: str
    fits: float


class ExtractiveAnswerer:
    """Answers with sentences of the document, in its language."""

    async def answer(self, question: Question) -> AsyncIterator[AnswerEvent]:
        """Yield the answer."""
        begun = time.perf_counter()
        for event in extracted(question):
            yield event
        ANSWER_GENERATION_SECONDS.labels(AnswerMode.EXTRACTIVE).observe(time.perf_counter() - begun)


def extracted(question: Question, *, dropped: int = 0) -> Iterator[AnswerEvent]:
    """Yield an answer of the document's own sentences. ``dropped``: what a model said before that no passage supports."""
    question = replace(question, found=without_orders(question.found[:MOST_PASSAGES]))
    verdict = verdict_on(question)
    if verdict.reason:
        yield from refused(question, verdict.reason, AnswerMode.EXTRACTIVE, dropped=dropped)
        return
    said = []
    numbers: dict[tuple[int, str], int] = {}
    yield Chunk(_frame(question, is_sure=verdict.is_sure))
    for each in _chosen(question):
        passage = question.found[each.place].passage
        number = numbers.setdefault((each.place, each.text), len(numbers) + 1)
        yield citation_of(question, each.place, number, each.text)
        text = _readable(each.text, passage.kind, passage.text)
        yield Chunk(f"{text} [{number}]\n")
        said.append(Sentence(text, (number,)))
        ANSWER_SENTENCES.labels("supported").inc()
    yield Finished(
        mode=AnswerMode.EXTRACTIVE, sentences=tuple(said), dropped=dropped, is_sure=verdict.is_sure
    )


def _frame(question: Question, *, is_sure: bool) -> str:
    key = "according_to" if is_sure else "perhaps"
    said = Message(f"assistant_answers.{key}", {"title": question.source.title})
    return said.text(question.language.value) + "\n"


def _chosen(question: Question) -> list[_Candidate]:
    """Return the sentences to say: the best and what is nearly as good, or the steps it belongs to, in the document's order."""
    candidates = _candidates(question)
    best = max(candidates, key=lambda each: each.fits)
    if _ASKS_STEPS.search(question.text) and (steps := _steps(question, best, candidates)):
        return steps
    ranked = sorted(candidates, key=lambda each: -each.fits)[:MOST_SENTENCES]
    kept = [
        each
        for each in ranked
        if each.fits >= best.fits * _WORTH and not _is_of_another(question.text, best.text, each.text)
    ]
    unlike = [each for at, each in enumerate(kept) if each.text not in {other.text for other in kept[:at]}]
    return sorted(unlike, key=lambda each: (each.place != best.place, each.place, each.order))


def _is_of_another(question: str, best: str, text: str) -> bool:
    """Tell whether a sentence speaks of another model or part than the one that is asked for and that the best sentence names."""
    asked, own = codes(question), codes(text)
    return bool(asked & codes(best) and own) and asked.isdisjoint(own)


def _candidates(question: Question) -> list[_Candidate]:
    weights = _weights(question)
    meanings = _meanings(question)
    asked_codes = codes(question.text)
    is_korean = _HANGUL.search(question.text) is not None
    wants_figure = _ASKS_FIGURE.search(question.text) is not None
    top = max(each.score for each in question.found) or 1.0
    found = []
    for place, each in enumerate(question.found):
        about = expanded(frozenset().union(*(terms(title) for title in each.passage.title_path)))
        above = frozenset(lexicon().named(folded(" ".join(each.passage.title_path))))
        for order, text in enumerate(sentences(each.passage.text)):
            is_head = order == 0 and each.passage.kind is UnitKind.TABLE and "\n" in each.passage.text
            if is_head or not (terms(text) or quantities(text)):
                continue
            fits = _overlap(text, weights, about)
            fits += _meant(text, meanings, above)
            fits += 0.5 * len(asked_codes & codes(text))
            fits += _OWN_LANGUAGE if is_korean == (_HANGUL.search(text) is not None) else 0.0
            fits += 0.15 if wants_figure and quantities(text) else 0.0
            fits += _FIRST_BONUS * max(0.0, each.score / top)
            found.append(_Candidate(place, order, text, fits))
    return found or [_Candidate(0, 0, question.found[0].passage.text, 1.0)]


def _weights(question: Question) -> dict[str, float]:
    """Return what each word of the question counts: the fewer sentences have it, the more."""
    texts = [expanded(terms(text)) for each in question.found for text in sentences(each.passage.text)]
    raw = {
        term: log1p(len(texts) / (1 + sum(term in text for text in texts))) for term in terms(question.text)
    }
    whole = sum(raw.values()) or 1.0
    return {term: weight / whole for term, weight in raw.items()}


def _meanings(question: Question) -> dict[frozenset[int], float]:
    """Return what each thing that the question names counts, with all its meanings: the fewer sentences name it, the more."""
    named = [
        lexicon().named(folded(text)).keys()
        for each in question.found
        for text in sentences(each.passage.text)
    ]
    asked = lexicon().mentions(pieces_of(folded(question.text)))
    readings = dict.fromkeys(frozenset(concept for concept, _ in mention.concepts) for mention in asked)
    raw = {
        reading: log1p(len(named) / (1 + sum(not reading.isdisjoint(one) for one in named)))
        for reading in readings
    }
    whole = sum(raw.values()) or 1.0
    return {reading: weight / whole for reading, weight in raw.items()}


def _meant(text: str, meanings: dict[frozenset[int], float], above: frozenset[int]) -> float:
    has = lexicon().named(folded(text)).keys()
    return _MEANT * sum(
        weight if not reading.isdisjoint(has) else 0.0 if reading.isdisjoint(above) else weight / 3
        for reading, weight in meanings.items()
    )


def _overlap(text: str, weights: dict[str, float], about: frozenset[str]) -> float:
    has = expanded(terms(text))
    return sum(
        weight if term in has else weight / 3 if term in about else 0.0 for term, weight in weights.items()
    )


def _steps(question: Question, best: _Candidate, candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the list that the best sentence belongs to or introduces, whole and in its order."""
    passage: FoundPassage = question.found[best.place]
    own = [each for each in candidates if each.place == best.place]
    steps = [each for each in own if _STEP.match(each.text) or passage.passage.kind is UnitKind.LIST]
    if len(steps) < 2:
        return []
    introduced = [best] if best not in steps else []
    return sorted([*introduced, *steps], key=lambda each: each.order)[:MOST_STEPS]


def _readable(text: str, kind: UnitKind, whole: str) -> str:
    """Return a sentence as it is read aloud: of a row of a table each cell with the head of its column."""
    text = re.sub(r"^\s*[-•·▪*]\s*", "", text)
    cells = _cells(text)
    if len(cells) < 2:
        return text
    heads = _cells(whole.split("\n", 1)[0]) if kind is UnitKind.TABLE or "|" in whole else []
    if len(heads) != len(cells) or heads == cells:
        return ", ".join(cells)
    return ", ".join(f"{head}: {cell}" for head, cell in zip(heads, cells, strict=True))


def _cells(line: str) -> list[str]:
    return [cell for cell in _CELLS.split(line.strip().strip("|").strip()) if cell]
