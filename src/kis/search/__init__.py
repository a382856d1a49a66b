"""Search over everything KIS knows: one way to cut texts into terms, engines that rank by them, and rights inside every query."""

from typing import TYPE_CHECKING

from kis.platform.deferred import deferred

if TYPE_CHECKING:
    from kis.search.asking.folding import fold
    from kis.search.chores import search_chores, search_handlings
    from kis.search.engine import Prepared, SearchEngine
    from kis.search.features import SEARCH_FEATURES, Feature, switches_of
    from kis.search.opening import open_analyzer, open_engine
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
    from kis.search.tokens.analyzer import Analyzer, Morpheme, NoAnalyzer
    from kis.search.tokens.english import light_words, stem
    from kis.search.tokens.measures import measures, without_commas
    from kis.search.vectors.choosing import embedder_of
    from kis.search.vectors.embedders import Embedder
    from kis.search.vectors.errors import EmbeddingsUnavailable
    from kis.search.vectors.queries import QueryVectors
else:
    __getattr__ = deferred(
        __name__,
        {
            "asking.folding": ("fold",),
            "chores": ("search_chores", "search_handlings"),
            "engine": ("Prepared", "SearchEngine"),
            "features": ("SEARCH_FEATURES", "Feature", "switches_of"),
            "opening": ("open_analyzer", "open_engine"),
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
            "tokens.analyzer": ("Analyzer", "Morpheme", "NoAnalyzer"),
            "tokens.english": ("light_words", "stem"),
            "tokens.measures": ("measures", "without_commas"),
            "vectors.choosing": ("embedder_of",),
            "vectors.embedders": ("Embedder",),
            "vectors.errors": ("EmbeddingsUnavailable",),
            "vectors.queries": ("QueryVectors",),
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
    "Analyzer",
    "Answer",
    "Document",
    "Embedder",
    "EmbeddingsUnavailable",
    "Facet",
    "Feature",
    "Filters",
    "Found",
    "Hit",
    "Language",
    "Morpheme",
    "NewPin",
    "NoAnalyzer",
    "Pin",
    "Prepared",
    "Query",
    "QueryVectors",
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
    "embedder_of",
    "fold",
    "light_words",
    "measures",
    "open_analyzer",
    "open_engine",
    "search_chores",
    "search_handlings",
    "shipped_groups",
    "stem",
    "switches_of",
    "without_commas",
]
