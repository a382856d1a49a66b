"""A question with what was found for it, and the port that answers are given through."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol

from kis.assistant.things import AnswerEvent, Citation, FoundPassage, Source
from kis.search import Language

MOST_PASSAGES: Final = 8
"""So many passages are read for an answer; what comes after them answers next to nothing."""
LONGEST_EXCERPT: Final = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked, and the passages of one document that were found for it, the best first."""

    text: str
    language: Language
    """The language it is asked in: that of the words around the answer."""
    found: tuple[FoundPassage, ...]
    source: Source
    searched: str
    """What was searched, as it is said to the user: the document and its pages."""
    image: bytes | None = None


class Answerer(Protocol):
    """Answers questions."""

    def answer(self, question: Question) -> AsyncIterator[AnswerEvent]:
        """Yield the answer as it comes: each sentence cited, ``Finished`` last."""
        ...


def citation_of(question: Question, place: int, number: int, excerpt: str) -> Citation:
    """Return the citation of the found passage at ``place``."""
    passage = question.found[place].passage
    return Citation(
        number=number,
        source=question.source,
        page=passage.page,
        excerpt=excerpt[:LONGEST_EXCERPT],
        passage=passage.number,
        boxes=passage.boxes,
    )
