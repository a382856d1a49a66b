"""Texts into terms: the one way every engine, index and query of KIS cuts text."""

from kis.search.tokens.analyzer import Analyzer, Morpheme, NoAnalyzer
from kis.search.tokens.cutting import Cut, Cutter, TermKind, kind_of, shown

__all__ = ["Analyzer", "Cut", "Cutter", "Morpheme", "NoAnalyzer", "TermKind", "kind_of", "shown"]
