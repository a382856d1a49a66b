"""The morphemes of a Korean manual and of questions, by the analyzer of this machine: found before the questions are asked and measured."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final

from kis.assistant.evaluation.pages.measuring import ReadManual
from kis.assistant.evaluation.pages.questions import PageQuestion
from kis.assistant.reading import asked_text, passages_of, stem_terms, texts_to_analyze
from kis.platform.configuration import SearchSettings
from kis.search import Language, Morpheme, NoAnalyzer, open_analyzer

_PACKAGE: Final = "kiwipiepy"


@dataclass(frozen=True, slots=True)
class Morphemes:
    """What an analyzer tells of a manual and of all questions."""

    analyzer: str
    stems: Mapping[str, Sequence[str]]
    """Of each text of the passages."""
    questions: tuple[Sequence[Morpheme], ...]
    """Of each question, in their order."""
    passages_ms: float
    """What those of the passages took; it is done once a manual."""
    question_ms: float
    """What those of a question took, on average: they are shown one by one, as they are asked."""


async def morphemes(
    settings: SearchSettings, manual: ReadManual, questions: Sequence[PageQuestion]
) -> Morphemes | None:
    """Analyse passages and questions in this process; None for a manual that is not Korean, and where the settings or the machine have no analyzer."""
    if manual.document.language is not Language.KO:
        return None
    analyzer = open_analyzer(settings, waits=True)
    if isinstance(analyzer, NoAnalyzer):
        return None
    try:
        texts = texts_to_analyze(passages_of(manual.document))
        await analyzer.analyze([manual.document.title])  # which loads it
        begun = time.perf_counter()
        found = await analyzer.analyze(texts) or ()
        between = time.perf_counter()
        asked = [(await analyzer.analyze([asked_text(one.text)]) or [()])[0] for one in questions]
        ended = time.perf_counter()
    finally:
        await analyzer.close()
    return Morphemes(
        analyzer=f"{_PACKAGE} {version(_PACKAGE)}",
        stems={text: tuple(stem_terms(one)) for text, one in zip(texts, found, strict=True)},
        questions=tuple(asked),
        passages_ms=(between - begun) * 1000,
        question_ms=(ended - between) * 1000 / len(questions),
    )
