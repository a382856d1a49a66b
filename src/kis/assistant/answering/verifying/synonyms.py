"""Words that mean the same: by a short list, by the lexicon that comes with the program, or because one holds the other.

Of the lexicon names of one word are compared with each other: of "switch on" nothing but "switch" would be left, which is "switch off" as well. Names of several
words count where a whole sentence is held against a passage. A Korean name is what a word begins with; the longest one that does is the word's own, so that an
electric razor is nothing electric. Words of two languages are never compared.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from kis.assistant.answering.korean import without_particle
from kis.assistant.answering.wording import Word, expanded, words
from kis.assistant.reading.lexicon import NAMED, lexicon
from kis.assistant.reading.terms import folded, pieces_of
from kis.search import stem

_SHORTEST: Final = 2
"""Syllables of a Korean name at least: one begins too many other words."""
_LONGEST: Final = 8
_SHORTEST_HELD: Final = 4
_NONE: Final[frozenset[int]] = frozenset()


def unsaid(sentence: str, passage: str) -> frozenset[str]:
    """Return the terms of a sentence that a passage has neither itself nor by another name."""
    known = expanded(frozenset(word.term for word in words(passage)))
    named, own = _concepts(passage), _concepts(sentence)
    concepts = {is_english: _of_language(named, is_english=is_english) for is_english in (True, False)}
    missing = {word.term: word.surface for word in words(sentence) if word.term and word.term not in known}
    return frozenset(
        term
        for term, surface in missing.items()
        if not (groups_of(surface) | own.get(surface.casefold(), _NONE)) & concepts[surface.isascii()]
    )


def said_by(own: Iterable[Word], theirs: Iterable[Word]) -> frozenset[str]:
    """Return the terms of some words that others say too, by whatever name."""
    others = [word for word in theirs if word.term]
    return frozenset(word.term for word in own if word.term and any(is_same(word, other) for other in others))


def is_same(one: Word, other: Word) -> bool:
    """Tell whether two words mean the same: by their root, by a list, or because one holds the other."""
    return _is_same(one.surface, one.term, other.surface, other.term)


@lru_cache(maxsize=16384)
def groups_of(surface: str) -> frozenset[int]:
    """Return the concepts of the lexicon that a word names by itself."""
    entries = lexicon().entries
    if surface.isascii():
        ends = [stem(surface.casefold())]
    else:
        ends = [surface[:end] for end in range(min(len(surface), _LONGEST), _SHORTEST - 1, -1)]
    for end in ends:
        found = [
            entry.concept for entry in entries.get(end, ()) if entry.weight == NAMED and len(entry.words) == 1
        ]
        if found:
            return frozenset(found)
    return _NONE


@lru_cache(maxsize=65536)
def _is_same(one: str, term: str, other: str, other_term: str) -> bool:
    return (
        term == other_term
        or term in expanded(frozenset({other_term}))
        or (one.isascii() is other.isascii() and bool(groups_of(one) & groups_of(other)))
        or _holds(one, other)
        or _holds(other, one)
    )


def _holds(one: str, other: str) -> bool:
    """Tell whether a word holds another: overnight and night, 흰색 and 흰."""
    if one.isascii():
        return len(other) >= _SHORTEST_HELD and (one.startswith(other) or one.endswith(other))
    return without_particle(one).startswith(without_particle(other))


@lru_cache(maxsize=2048)
def _concepts(text: str) -> dict[str, frozenset[int]]:
    """Return the words of a text with the concepts in whose names they stand."""
    pieces = pieces_of(folded(text))
    found: dict[str, set[int]] = {}
    for mention in lexicon().mentions(pieces):
        for piece in pieces[mention.at : mention.after]:
            if not piece.isascii() and mention.after == mention.at + 1:
                continue  # of one word the longest beginning counts
            found.setdefault(piece, set()).update(mention.names)
    for word in words(text):
        found.setdefault(word.surface.casefold(), set()).update(groups_of(word.surface) if word.term else ())
    return {piece: frozenset(some) for piece, some in found.items()}


def _of_language(named: dict[str, frozenset[int]], *, is_english: bool) -> frozenset[int]:
    return frozenset().union(*(some for piece, some in named.items() if piece.isascii() is is_english))
