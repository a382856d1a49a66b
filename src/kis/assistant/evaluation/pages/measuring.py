"""How well the pages of a manual are found: each question asked once, in the order of the file, after the manual was read and indexed once."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from kis.assistant.evaluation.pages.questions import PageQuestion
from kis.assistant.reading import PassageIndex, read_document
from kis.assistant.things import ReadDocument

PLACES: Final = (1, 3, 5)
"""The right page is looked for among so many."""
_TOLD_EVERY: Final = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the pages that were found for it, the best first."""

    question: PageQuestion
    found: tuple[int, ...]
    coverage: float
    milliseconds: float

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
    manual: ReadManual, questions: Sequence[PageQuestion], *, tell: Callable[[int], None]
) -> PageOutcome:
    """Index a manual and ask all questions; ``tell`` hears how many were asked."""
    begun = time.perf_counter()
    index = PassageIndex.of(manual.document)
    indexing_ms = _since(begun)
    index.search(questions[0].text)  # the words of both languages are loaded with the first question
    asked: list[Asked] = []
    for question in questions:
        asked.append(_asked(index, question))
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


def _asked(index: PassageIndex, question: PageQuestion) -> Asked:
    begun = time.perf_counter()
    pages = tuple(found.page for found in index.pages(question.text, PLACES[-1]))
    milliseconds = _since(begun)
    best = index.search(question.text, 1)
    return Asked(question, pages, best[0].coverage if best else 0.0, milliseconds)


def _figures(asked: Sequence[Asked]) -> Iterator[PageFigures]:
    yield _of_kind(None, asked)
    kinds = dict.fromkeys(one.question.kind for one in asked)
    if len(kinds) > 1:
        for kind in kinds:
            yield _of_kind(kind, [one for one in asked if one.question.kind == kind])


def _of_kind(kind: str | None, asked: Sequence[Asked]) -> PageFigures:
    places = [one.place for one in asked if one.question.is_answerable]
    times = sorted(one.milliseconds for one in asked)
    return PageFigures(
        kind=kind,
        questions=len(asked),
        hits={at: _share([place is not None and place <= at for place in places]) for at in PLACES},
        median_ms=times[len(times) // 2],
        p95_ms=times[min(int(len(times) * 0.95), len(times) - 1)],
    )


def _share(are_right: Sequence[bool]) -> float | None:
    return sum(are_right) / len(are_right) if are_right else None


def _since(begun: float) -> float:
    return (time.perf_counter() - begun) * 1000
