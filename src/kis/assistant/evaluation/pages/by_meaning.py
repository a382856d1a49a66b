"""How near the passages of a manual are to questions, by the model that the settings name: worked out before the questions are asked and measured."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from kis.assistant.evaluation.pages.measuring import ReadManual
from kis.assistant.evaluation.pages.questions import PageQuestion
from kis.assistant.manuals.meanings import passage_vectors
from kis.assistant.reading.passages import passages_of
from kis.platform.configuration import SearchSettings
from kis.search import embedder_of


@dataclass(frozen=True, slots=True)
class Nearness:
    """The cosines of all questions with all passages."""

    model: str
    rows: tuple[tuple[float, ...], ...]
    """Of each question, in their order, the cosine with each passage."""
    passages_ms: float
    """What making the vectors of the passages took; it is done once a manual."""
    question_ms: float
    """What making that of a question took, on average: they are shown one by one, as they are asked."""


async def nearness(
    settings: SearchSettings, manual: ReadManual, questions: Sequence[PageQuestion]
) -> Nearness | None:
    """Show passages and questions to the model; None where the settings name none. Raises BadInput for settings that lack something, EmbeddingsUnavailable."""
    embedder = embedder_of(settings)
    passages = passages_of(manual.document)
    if embedder.dimensions == 0 or not passages:
        return None
    try:
        begun = time.perf_counter()
        vectors = await passage_vectors(embedder, passages)
        between = time.perf_counter()
        asked = [(await embedder.embed([question.text], of="query"))[0] for question in questions]
        ended = time.perf_counter()
    finally:
        await embedder.close()
    return Nearness(
        model=embedder.name,
        rows=tuple(tuple(vectors.near(vector)) for vector in asked),
        passages_ms=(between - begun) * 1000,
        question_ms=(ended - between) * 1000 / len(questions),
    )
