"""How well the pages of a manual are found, and what is answered from them.

Each question is asked once, in the order of the file, after the manual was read and indexed once. Answers are those of the manual's own sentences. A citation
bears its sentence where what it quotes stands in its passage on its page and the sentence has no other word, the names of the columns aside; what does not
stand there so must pass the verification that a model's sentences pass.
"""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kis.assistant.answering.asking import MOST_PASSAGES, Question
from kis.assistant.answering.extractive import extracted
from kis.assistant.answering.verifying import verify
from kis.assistant.evaluation.pages.questions import PageQuestion
from kis.assistant.reading import PassageIndex, load_words, read_document
from kis.assistant.things import AnswerEvent, Citation, Finished, Passage, ReadDocument, Source
from kis.search import Morpheme

PLACES: Final = (1, 3, 5)
"""The right page is looked for among so many."""
_TOLD_EVERY: Final = 20
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the pages that were found for it, the best first."""

    question: PageQuestion
    found: tuple[int, ...]
    milliseconds: float
    """What finding the pages took."""
    refusal: str | None
    """Why nothing is answered; None: something is."""
    is_sure: bool
    """No: what was said was said to come nearest, and perhaps not to answer."""
    sentences: int
    supported: int
    """Sentences of the answer that are cited, and that the passage they cite bears."""
    answer_ms: float
    """What finding the passages and answering took."""

    @property
    def place(self) -> int | None:
        """Return at which place the first right page stands, from 1; None: not among those found."""
        return next((at for at, page in enumerate(self.found, 1) if page in self.question.pages), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFigures:
    """What the questions of one kind came to; None where there was no answerable one."""

    kind: str | None
    """None: of all kinds."""
    questions: int
    hits: dict[int, float | None]
    """The share of answerable questions with a right page among the first so many."""
    median_ms: float
    p95_ms: float
    citation_support: float | None
    """The share of the sentences of all answers that are cited, and that the passage they cite bears; None where nothing is answered."""
    refused_answerable: float | None
    refused_unanswerable: float | None
    unsure_answerable: float | None
    """The share of answerable questions that were answered only with what comes nearest, and said so."""
    unsure_unanswerable: float | None
    answer_median_ms: float
    answer_p95_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome:
    """What came of asking a manual."""

    pages: int
    passages: int
    reading_ms: float
    indexing_ms: float
    asked: tuple[Asked, ...]
    figures: tuple[PageFigures, ...]
    """Of all questions first, then kind by kind."""

    @property
    def failures(self) -> list[Asked]:
        """Return the answerable questions whose first page is wrong, those that were found least first."""
        missed = [one for one in self.asked if one.question.is_answerable and one.place != 1]
        return sorted(missed, key=lambda one: -(one.place or PLACES[-1] + 1))


@dataclass(frozen=True, slots=True)
class ReadManual:
    """A manual with what reading it took."""

    document: ReadDocument
    milliseconds: float


def read_manual(content: bytes) -> ReadManual:
    """Read a manual once."""
    begun = time.perf_counter()
    document = read_document(content)
    return ReadManual(document, _since(begun))


def measured(
    manual: ReadManual,
    questions: Sequence[PageQuestion],
    *,
    tell: Callable[[int], None],
    near: Sequence[Sequence[float]] = (),
    stems: Mapping[str, Sequence[str]] | None = None,
    morphemes: Sequence[Sequence[Morpheme]] = (),
) -> PageOutcome:
    """Index a manual and ask all questions; ``tell`` hears how many were asked. ``near``: of each question how near the passages are, where a model told it.

    ``stems``: of each text of the passages, and ``morphemes``: of each question, where an analyzer told them.
    """
    load_words()
    begun = time.perf_counter()
    index = PassageIndex.of(manual.document)
    if stems is not None:
        index = index.with_stems(stems)
    indexing_ms = _since(begun)
    asked: list[Asked] = []
    for place, question in enumerate(questions):
        known = _Known(near[place] if near else (), morphemes[place] if morphemes else ())
        asked.append(_asked(index, question, manual.document, known))
        if len(asked) % _TOLD_EVERY == 0:
            tell(len(asked))
    return PageOutcome(
        pages=manual.document.pages,
        passages=len(index.passages),
        reading_ms=manual.milliseconds,
        indexing_ms=indexing_ms,
        asked=tuple(asked),
        figures=tuple(_figures(asked)),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a question beside its words."""

    near: Sequence[float]
    morphemes: Sequence[Morpheme]


def _asked(index: PassageIndex, question: PageQuestion, document: ReadDocument, known: _Known) -> Asked:
    begun = time.perf_counter()
    found_pages = index.pages(question.text, PLACES[-1], near=known.near, morphemes=known.morphemes)
    pages = tuple(found.page for found in found_pages)
    milliseconds = _since(begun)
    begun = time.perf_counter()
    put = Question(
        text=question.text,
        language=document.language,
        found=tuple(index.search(question.text, MOST_PASSAGES, near=known.near, morphemes=known.morphemes)),
        source=Source(sha256=document.sha256, title=document.title, url=""),
        searched=document.title,
    )
    events = list(extracted(put))
    answer_ms = _since(begun)
    finished = next(event for event in events if isinstance(event, Finished))
    return Asked(
        question,
        pages,
        milliseconds,
        refusal=finished.refusal,
        is_sure=finished.is_sure,
        sentences=len(finished.sentences),
        supported=_supported(index, events, finished),
        answer_ms=answer_ms,
    )


def _supported(index: PassageIndex, events: Sequence[AnswerEvent], finished: Finished) -> int:
    cited = {event.number: event for event in events if isinstance(event, Citation)}
    passages = {passage.number: passage for passage in index.passages}
    return sum(
        any(
            bears(cited[number], passages[cited[number].passage], sentence.text)
            for number in sentence.citations
            if number in cited
        )
        for sentence in finished.sentences
    )


def bears(citation: Citation, passage: Passage, sentence: str) -> bool:
    """Tell whether a citation bears a sentence."""
    if citation.page != passage.page or citation.excerpt not in passage.text:
        return False
    heads = passage.text.split("\n", 1)[0]
    words = frozenset(_WORD.findall(f"{citation.excerpt} {heads}"))
    return words.issuperset(_WORD.findall(sentence)) or verify(sentence, [passage]).supported


def _figures(asked: Sequence[Asked]) -> Iterator[PageFigures]:
    yield _of_kind(None, asked)
    kinds = dict.fromkeys(one.question.kind for one in asked)
    if len(kinds) > 1:
        for kind in kinds:
            yield _of_kind(kind, [one for one in asked if one.question.kind == kind])


def _of_kind(kind: str | None, asked: Sequence[Asked]) -> PageFigures:
    places = [one.place for one in asked if one.question.is_answerable]
    times = sorted(one.milliseconds for one in asked)
    answer_times = sorted(one.answer_ms for one in asked)
    sentences = sum(one.sentences for one in asked)
    refused = {
        is_answerable: _share(
            [one.refusal is not None for one in asked if one.question.is_answerable is is_answerable]
        )
        for is_answerable in (True, False)
    }
    unsure = {
        is_answerable: _share(
            [not one.is_sure for one in asked if one.question.is_answerable is is_answerable]
        )
        for is_answerable in (True, False)
    }
    return PageFigures(
        kind=kind,
        questions=len(asked),
        hits={at: _share([place is not None and place <= at for place in places]) for at in PLACES},
        median_ms=_median(times),
        p95_ms=_p95(times),
        citation_support=sum(one.supported for one in asked) / sentences if sentences else None,
        refused_answerable=refused[True],
        refused_unanswerable=refused[False],
        unsure_answerable=unsure[True],
        unsure_unanswerable=unsure[False],
        answer_median_ms=_median(answer_times),
        answer_p95_ms=_p95(answer_times),
    )


def _median(times: Sequence[float]) -> float:
    return times[len(times) // 2]


def _p95(times: Sequence[float]) -> float:
    return times[min(int(len(times) * 0.95), len(times) - 1)]


def _share(are_right: Sequence[bool]) -> float | None:
    return sum(are_right) / len(are_right) if are_right else None


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
