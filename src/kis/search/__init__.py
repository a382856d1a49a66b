"""Search over everything KIS knows: one way to cut texts into terms, engines that rank by them, and rights inside every query."""

from kis.search.chores import search_chores
from kis.search.engine import Prepared, SearchEngine
from kis.search.opening import open_engine
from kis.search.service import Answer, Search
from kis.search.things import (
    Document,
    Facet,
    Filters,
    Found,
    Hit,
    Language,
    Query,
    Readers,
    Snippet,
    Source,
    Span,
    Suggestion,
    TermShare,
    Visibility,
)

__all__ = [
    "Answer",
    "Document",
    "Facet",
    "Filters",
    "Found",
    "Hit",
    "Language",
    "Prepared",
    "Query",
    "Readers",
    "Search",
    "SearchEngine",
    "Snippet",
    "Source",
    "Span",
    "Suggestion",
    "TermShare",
    "Visibility",
    "open_engine",
    "search_chores",
]
