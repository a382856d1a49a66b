"""Reading: documents into units with their places, units into passages, and the passages that answer a question."""

from kis.assistant.reading.document import read_document
from kis.assistant.reading.images import NoSuchPage, page_png
from kis.assistant.reading.index import FoundPage, PassageIndex, RankedPassage, load_words
from kis.assistant.reading.passages import passages_of
from kis.assistant.reading.pdf import PARSER_VERSION, PagesRead, joined, read_pages

__all__ = [
    "PARSER_VERSION",
    "FoundPage",
    "NoSuchPage",
    "PagesRead",
    "PassageIndex",
    "RankedPassage",
    "joined",
    "load_words",
    "page_png",
    "passages_of",
    "read_document",
    "read_pages",
]
