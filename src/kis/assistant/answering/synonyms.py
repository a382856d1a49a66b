"""Words that mean the same by the lexicon that comes with the program.

Only names of one word are taken: of "switch on" nothing but "switch" would be left, which is "switch off" as well. A Korean name is what a word begins with; the
longest one that does is the word's own, so that an electric razor is nothing electric. Words of two languages are never compared.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from kis.assistant.answering.korean import without_particle
from kis.assistant.answering.wording import Word, english, expanded, normal, words

_KINDS: Final = ("things", "doings")
_SHORTEST: Final = 2
"""Syllables of a Korean name at least: one begins too many other words."""
_LONGEST: Final = 8
_SHORTEST_HELD: Final = 4
_NONE: Final[frozenset[int]] = frozenset()


def unsaid(sentence: str, passage: str) -> frozenset[str]:
    """Return the terms of a sentence that a passage has neither itself nor by another name."""
    theirs = words(passage)
    known = expanded(frozenset(word.term for word in theirs))
    groups = {is_english: _of_text(passage, is_english=is_english) for is_english in (True, False)}
    return frozenset(
        word.term
        for word in words(sentence)
        if word.term
        and word.term not in known
        and not groups_of(word.surface) & groups[word.surface.isascii()]
    )


def said_by(own: Iterable[Word], theirs: Iterable[Word]) -> frozenset[str]:
    """Return the terms of some words that others say too, by whatever name."""
    others = [word for word in theirs if word.term]
    return frozenset(word.term for word in own if word.term and any(is_same(word, other) for other in others))


def is_same(one: Word, other: Word) -> bool:
    """Tell whether two words mean the same: by their root, by a list, or because one holds the other."""
    return _is_same(one.surface, one.term, other.surface, other.term)


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


@lru_cache(maxsize=16384)
def groups_of(surface: str) -> frozenset[int]:
    """Return the groups of the lexicon that a word is in."""
    english_names, korean_names = _names()
    if surface.isascii():
        return english_names.get(english(surface.casefold()), _NONE)
    for end in range(min(len(surface), _LONGEST), _SHORTEST - 1, -1):
        if found := korean_names.get(surface[:end]):
            return found
    return _NONE


@lru_cache(maxsize=1024)
def _of_text(text: str, *, is_english: bool) -> frozenset[int]:
    some = (word.surface for word in words(text) if word.term and word.surface.isascii() is is_english)
    return frozenset().union(*map(groups_of, some))


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, frozenset[int]], dict[str, frozenset[int]]]:
    english_names: dict[str, set[int]] = {}
    korean_names: dict[str, set[int]] = {}
    for number, names in enumerate(_read()):
        for name in map(normal, names):
            if name.isascii() and name.isalpha():
                english_names.setdefault(english(name.casefold()), set()).add(number)
            elif len(name) >= _SHORTEST and all("가" <= letter <= "힣" for letter in name):
                korean_names.setdefault(name, set()).add(number)
    english_names.pop("", None)
    frozen = [
        {name: frozenset(some) for name, some in each.items()} for each in (english_names, korean_names)
    ]
    return frozen[0], frozen[1]


def _read() -> Iterator[list[str]]:
    folder = resources.files("kis.assistant.reading") / "data" / "lexicon"
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            read = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
            yield from (
                [str(name) for name in group["names"]] for kind in _KINDS for group in read.get(kind) or ()
            )
