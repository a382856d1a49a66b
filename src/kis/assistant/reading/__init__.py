"""Reading: documents into units with their places, units into passages, and the passages that answer a question."""

from kis.assistant.reading.document import read_document
from kis.assistant.reading.images import NoSuchPage, page_png
from kis.assistant.reading.index import (
    FoundPage,
    PassageIndex,
    RankedPassage,
    asked_text,
    load_words,
    texts_to_analyze,
)
from kis.assistant.reading.morphemes import stem_terms
from kis.assistant.reading.passages import passages_of
from kis.assistant.reading.pdf import PARSER_VERSION, PagesRead, joined, read_pages

__all__ = [
    "PARSER_VERSION",
    "FoundPage",
    "NoSuchPage",
    "PagesRead",
    "PassageIndex",
    "RankedPassage",
    "asked_text",
    "joined",
    "load_words",
    "page_png",
    "passages_of",
    "read_document",
    "read_pages",
    "stem_terms",
    "texts_to_analyze",
]
