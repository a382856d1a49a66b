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
from kis.assistant.answering.sayable import bare, can_be_said, is_item, is_label, looks_back
from kis.assistant.answering.wording import expanded, sentences, terms
from kis.assistant.reading.asked import MEANT, AskedWord
from kis.assistant.reading.index import RankedPassage
from kis.assistant.reading.lexicon import lexicon
from kis.assistant.reading.terms import folded, has, pieces_of, terms_of
from kis.assistant.things import (
    AnswerEvent,
    AnswerMode,
    Chunk,
    Finished,
    FoundPassage,
    Sentence,
    UnitKind,
)
from kis.platform.courtesy import others_first
from kis.platform.messages import Message
from kis.platform.telemetry.metrics import ANSWER_GENERATION_SECONDS, ANSWER_SENTENCES

MOST_SENTENCES: Final = 4
MOST_STEPS: Final = 15
LONGEST_ANSWER: Final = 700
"""Letters, the best sentence aside; steps are not shortened."""
_LONGEST_BEFORE: Final = 300
_MOST_BEFORE: Final = 2
_WORTH: Final = 0.5
"""A sentence of the best one's passage that speaks of less than this share of what that speaks of is left out."""
_WORTH_ELSEWHERE: Final = 0.75
"""The same of another passage: what says a part of it there is about something else."""
_WORTH_BEHIND: Final = 0.2
"""What it counts to stand right behind the best sentence."""
_FIRST_BONUS: Final = 1.0
"""What the place of a passage adds at most to how well its sentences fit."""
_UNSAYABLE: Final = 0.5
"""What a label, half a sentence or code loses."""
_ASKS_STEPS: Final = re.compile(
    r"\bhow (?:do|can|should|to|is|are)\b|\bsteps?\b|\bprocedure|방법|어떻게|절차|순서", re.IGNORECASE
)
_ASKS_FIGURE: Final = re.compile(
    r"\bhow (?:many|much|long|far|often|high|deep|wide|heavy|fast)\b|\bwhat (?:is|are) the\b|얼마|몇|언제|크기|무게|전압|전류|온도",
    re.IGNORECASE,
)
_MEANT: Final = 0.6
"""What a thing counts that is named by any name, beside the words themselves."""
_ENGLISH: Final = re.compile(r"(?:\b[a-z]{2,}\b\W+){2}\b[a-z]{2,}\b")
"""Words of an English sentence; the row of a table has names and figures."""
_OWN_LANGUAGE: Final = 0.1
"""What a sentence gets in the language of the question, where a document says a thing in both."""
_HANGUL: Final = re.compile(r"[가-힣]")
_NUMBERED: Final = re.compile(r"^\s*\(?(\d{1,2})[.)](?!\d)")
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
    """How well it answers, its passage counted in."""
    speaks: float
    """How much of what is asked it speaks of itself."""
    is_sayable: bool


class ExtractiveAnswerer:
    """Answers with sentences of the document, in its language."""

    async def answer(self, question: Question) -> AsyncIterator[AnswerEvent]:
        """Yield the answer; those who type go first."""
        begun = time.perf_counter()
        left_seconds = await others_first()
        for event in extracted(question):
            yield event
            left_seconds = await others_first(left_seconds)
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
    chosen = _chosen(question)
    for each in chosen:
        passage = question.found[each.place].passage
        number = numbers.setdefault((each.place, each.text), len(numbers) + 1)
        yield citation_of(question, each.place, number, each.text)
        text = _readable(each.text, passage.kind, passage.text, is_step=_is_step(each, chosen))
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
    """Return the sentences to say: the steps that are asked for, or the best first, with what it goes back to and what answers nearly as well."""
    candidates = _candidates(question)
    best = _under(max(candidates, key=lambda each: each.fits), candidates)
    if _ASKS_STEPS.search(question.text) and (steps := _steps(best, candidates)):
        return steps
    begun = [*_before(best, candidates), best]
    more: list[_Candidate] = []
    letters = 0
    for each in sorted(candidates, key=lambda each: -each.fits):
        is_new = each.text not in {other.text for other in (*begun, *more)}
        is_other = _is_of_another(question.text, best.text, each.text) or _is_said_again(
            question.text, best.text, each.text
        )
        if is_new and _is_worth(each, best) and not is_other:
            letters += len(each.text)
            if letters > LONGEST_ANSWER or len(begun) + len(more) >= MOST_SENTENCES:
                break
            more.append(each)
    more.sort(key=lambda each: (each.place != best.place, each.place, each.order))
    # Of numbered steps the earlier come first, the best sentence or not.
    earlier = [each for each in more if _NUMBERED.match(best.text) and _is_earlier_step(each, best)]
    return [*earlier, *begun, *(each for each in more if each not in earlier)]


def _under(best: _Candidate, candidates: list[_Candidate]) -> _Candidate:
    """Return what stands right behind a heading that fits best; the best itself where that can be said, or nothing stands there."""
    if best.is_sayable:
        return best
    behind = (
        each
        for each in candidates
        if (each.place, each.order) == (best.place, best.order + 1) and each.is_sayable
    )
    return next(behind, best)


def _before(best: _Candidate, candidates: list[_Candidate]) -> list[_Candidate]:
    """Return what the best sentence goes back to: the one before it, and where that goes back as well the one before that."""
    own = {each.order: each for each in candidates if each.place == best.place}
    found: list[_Candidate] = []
    each = best
    while len(found) < _MOST_BEFORE and looks_back(each.text):
        before = own.get(each.order - 1)
        if before is None or not before.is_sayable or len(before.text) > _LONGEST_BEFORE:
            break
        found.insert(0, before)
        each = before
    return found


def _is_earlier_step(each: _Candidate, best: _Candidate) -> bool:
    return each.place == best.place and each.order < best.order and _NUMBERED.match(each.text) is not None


def _is_worth(each: _Candidate, best: _Candidate) -> bool:
    if not each.is_sayable:
        return False
    if each.place != best.place:
        return each.speaks >= best.speaks * _WORTH_ELSEWHERE
    behind = _WORTH_BEHIND if each.order == best.order + 1 else 0.0
    return each.speaks >= best.speaks * (_WORTH - behind)


def _is_of_another(question: str, best: str, text: str) -> bool:
    """Tell whether a sentence speaks of another model or part than the one that is asked for and that the best sentence names."""
    asked, own = codes(question), codes(text)
    return bool(asked & codes(best) and own) and asked.isdisjoint(own)


def _is_said_again(question: str, best: str, text: str) -> bool:
    """Tell whether a sentence is in the other language than the question and the best sentence: the document says the same in both."""
    asked, first = (_HANGUL.search(each) is not None for each in (question, best))
    if asked is not first:
        return False
    return (
        _ENGLISH.search(text) is not None and not _HANGUL.search(text)
        if first
        else bool(_HANGUL.search(text))
    )


def _candidates(question: Question) -> list[_Candidate]:
    weights = _weights(question)
    meanings = _meanings(question)
    asked_codes = codes(question.text)
    is_korean = _HANGUL.search(question.text) is not None
    wants_figure = _ASKS_FIGURE.search(question.text) is not None
    top = max(each.score for each in question.found) or 1.0
    found = []
    for place, each in enumerate(question.found):
        passage = each.passage
        titles = list(passage.title_path)
        for order, text in enumerate(sentences(passage.text)):
            is_head = order == 0 and passage.kind is UnitKind.TABLE and "\n" in passage.text
            if is_head or not (terms(text) or quantities(text)):
                continue
            speaks = _spoken(each, text, titles, weights)
            speaks += _meant(text, meanings, frozenset(lexicon().named(folded(" ".join(titles)))))
            speaks += 0.5 * len(asked_codes & codes(text))
            speaks += 0.15 if wants_figure and quantities(text) else 0.0
            speaks += _OWN_LANGUAGE if is_korean == (_HANGUL.search(text) is not None) else 0.0
            is_sayable = can_be_said(text, passage.kind)
            fits = speaks + _FIRST_BONUS * max(0.0, each.score / top) - (0.0 if is_sayable else _UNSAYABLE)
            found.append(_Candidate(place, order, text, fits, speaks, is_sayable))
            if is_label(text, passage.kind):  # what comes behind it stands under it
                titles = [*passage.title_path, text]
    return found or [_Candidate(0, 0, question.found[0].passage.text, 1.0, 1.0, is_sayable=True)]


def _spoken(found: FoundPassage, text: str, titles: list[str], weights: dict[str, float]) -> float:
    """Return the share of the question's words that a sentence has; a third of those that only its titles have."""
    about = expanded(frozenset().union(*map(terms, titles)))
    by_words = _overlap(text, weights, about)
    if not isinstance(found, RankedPassage) or not found.asked:
        return by_words
    own, above = frozenset(terms_of(folded(text))), frozenset(terms_of(folded(" ".join(titles))))
    whole = sum(word.rarity for word in found.asked) or 1.0
    by_index = sum(word.rarity * max(_has(word, own), _has(word, above) / 3) for word in found.asked)
    return (by_words + by_index / whole) / 2


def _has(word: AskedWord, text: frozenset[str]) -> float:
    """Return 1 where a text has a word, less where it has another for it."""
    return 1.0 if has(text, word.ways[0]) else MEANT if word.is_in(text) else 0.0


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
    named = lexicon().named(folded(text)).keys()
    return _MEANT * sum(
        weight if not reading.isdisjoint(named) else 0.0 if reading.isdisjoint(above) else weight / 3
        for reading, weight in meanings.items()
    )


def _overlap(text: str, weights: dict[str, float], about: frozenset[str]) -> float:
    own = expanded(terms(text))
    return sum(
        weight if term in own else weight / 3 if term in about else 0.0 for term, weight in weights.items()
    )


def _steps(best: _Candidate, candidates: list[_Candidate]) -> list[_Candidate]:
    """Return the numbered steps that the best sentence belongs to or introduces, whole and in their order; of a list without numbers only what it introduces."""
    own = sorted((each for each in candidates if each.place == best.place), key=lambda each: each.order)
    lists: list[list[_Candidate]] = []
    lead: _Candidate | None = None
    last = 0
    for each in own:
        if is_item(each.text):
            number = int(match[1]) if (match := _NUMBERED.match(each.text)) else last + 1
            if not lists or number <= last:
                lists.append([lead] if lead else [])
            last = number
            lists[-1].append(each)
        elif lists and each.is_sayable and not each.text.rstrip().endswith(":"):
            lists[-1].append(each)
        lead = each
    for steps in lists:
        is_numbered = _NUMBERED.match(steps[-1].text) or any(_NUMBERED.match(each.text) for each in steps)
        introduced = best is steps[0]
        if best in steps and sum(is_item(each.text) for each in steps) > 1 and (is_numbered or introduced):
            return steps[:MOST_STEPS]
    return []


def _is_step(each: _Candidate, chosen: list[_Candidate]) -> bool:
    """Tell whether a sentence is said as one of several steps, so that its number tells something."""
    return any(
        other.place == each.place and other is not each and _NUMBERED.match(other.text) for other in chosen
    )


def _readable(text: str, kind: UnitKind, whole: str, *, is_step: bool) -> str:
    """Return a sentence as it is read aloud: of a row of a table each cell with the head of its column."""
    text = text if is_step and _NUMBERED.match(text) else bare(text)
    if not _CELLS.search(text):
        return text
    cells = _cells(text)
    heads = _cells(whole.split("\n", 1)[0]) if kind is UnitKind.TABLE or "|" in whole else []
    if len(heads) != len(cells) or heads == cells:
        heads = [""] * len(cells)
    return ", ".join(
        f"{head}: {cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell
    )


def _cells(line: str) -> list[str]:
    """Return the cells of a row, the empty ones too: what stands behind one stands in another column."""
    return _CELLS.split(line.strip().removesuffix("|").strip())
