"""How well the pages of a manual are found for questions."""

from kis.assistant.evaluation.pages.by_meaning import Nearness, nearness
from kis.assistant.evaluation.pages.by_morphemes import Morphemes, morphemes
from kis.assistant.evaluation.pages.measuring import (
    PLACES,
    Asked,
    PageFigures,
    PageOutcome,
    ReadManual,
    measured,
    read_manual,
)
from kis.assistant.evaluation.pages.questions import PageQuestion, load_questions

__all__ = [
    "PLACES",
    "Asked",
    "Morphemes",
    "Nearness",
    "PageFigures",
    "PageOutcome",
    "PageQuestion",
    "ReadManual",
    "load_questions",
    "measured",
    "morphemes",
    "nearness",
    "read_manual",
]
