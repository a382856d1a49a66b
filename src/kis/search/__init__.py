"""Search over everything KIS knows: one way to cut texts into terms, engines that rank by them, and rights inside every query."""

from typing import TYPE_CHECKING

from kis.platform.deferred import deferred

if TYPE_CHECKING:
    from kis.search.asking.folding import fold
    from kis.search.chores import search_chores, search_handlings
    from kis.search.engine import Prepared, SearchEngine
    from kis.search.features import SEARCH_FEATURES, Feature, switches_of
    from kis.search.opening import open_engine
    from kis.search.pins import LONGEST_QUERY, MOST_PLACES, NewPin, Pin
    from kis.search.service import LAST_OFFSET, LAST_PLACE, LONGEST_QUESTION, MOST_HITS, Answer, Search
    from kis.search.synonym_groups import LONGEST_WORD, MOST_WORDS, SynonymGroup
    from kis.search.synonyms import shipped_groups
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
    from kis.search.tokens.english import light_words, stem
    from kis.search.tokens.measures import measures, without_commas
else:
    __getattr__ = deferred(
        __name__,
        {
            "asking.folding": ("fold",),
            "chores": ("search_chores", "search_handlings"),
            "engine": ("Prepared", "SearchEngine"),
            "features": ("SEARCH_FEATURES", "Feature", "switches_of"),
            "opening": ("open_engine",),
            "pins": ("LONGEST_QUERY", "MOST_PLACES", "NewPin", "Pin"),
            "service": ("LAST_OFFSET", "LAST_PLACE", "LONGEST_QUESTION", "MOST_HITS", "Answer", "Search"),
            "synonym_groups": ("LONGEST_WORD", "MOST_WORDS", "SynonymGroup"),
            "synonyms": ("shipped_groups",),
            "things": (
                "Document",
                "Facet",
                "Filters",
                "Found",
                "Hit",
                "Language",
                "Query",
                "Readers",
                "Snippet",
                "Source",
                "Span",
                "Suggestion",
                "TermShare",
                "Visibility",
            ),
            "tokens.english": ("light_words", "stem"),
            "tokens.measures": ("measures", "without_commas"),
        },
    )

__all__ = [
    "LAST_OFFSET",
    "LAST_PLACE",
    "LONGEST_QUERY",
    "LONGEST_QUESTION",
    "LONGEST_WORD",
    "MOST_HITS",
    "MOST_PLACES",
    "MOST_WORDS",
    "SEARCH_FEATURES",
    "Answer",
    "Document",
    "Facet",
    "Feature",
    "Filters",
    "Found",
    "Hit",
    "Language",
    "NewPin",
    "Pin",
    "Prepared",
    "Query",
    "Readers",
    "Search",
    "SearchEngine",
    "Snippet",
    "Source",
    "Span",
    "Suggestion",
    "SynonymGroup",
    "TermShare",
    "Visibility",
    "fold",
    "light_words",
    "measures",
    "open_engine",
    "search_chores",
    "search_handlings",
    "shipped_groups",
    "stem",
    "switches_of",
    "without_commas",
]
