"""Other words for the words of a question: synonyms, and the other language's.

A Korean question is asked of an English manual and the other way round; the groups of the search know the trade, those here the words of manuals.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from kis.assistant.reading.terms import Word, folded, is_noun_with_particle, terms_of, words_of
from kis.search import shipped_groups

_LONGEST: Final = 4
"""Words that one entry of the glossary has at most."""
_MOST_OTHERS: Final = 24
_KOREAN_LONGEST: Final = 12
"""Syllables of a Korean word that are compared with how words of the glossary begin."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Groups of words that mean the same, found by any of them."""

    others: dict[str, tuple[tuple[str, ...], ...]]
    """By the terms of a word joined: the terms of the others of its groups."""
    korean: dict[str, str] = field(default_factory=dict)
    """Stems of Korean words with their key: verbs are found by how they begin, nouns of one syllable before their particle."""

    def others_of(self, words: Sequence[Word], at: int) -> tuple[tuple[str, ...], ...]:
        """Return the terms of other words for the word ``at``, alone or with its neighbours."""
        found: dict[tuple[str, ...], None] = {}
        for first in range(max(0, at - _LONGEST + 1), at + 1):
            for after in range(at + 1, min(len(words), first + _LONGEST) + 1):
                key = _key([term for word in words[first:after] for term in word.terms])
                found |= dict.fromkeys(self.others.get(key, ()))
        text = words[at].text
        for end in range(min(len(text), _KOREAN_LONGEST), 0, -1):
            if (end > 1 or is_noun_with_particle(text)) and (begun := self.korean.get(text[:end])):
                found |= dict.fromkeys(self.others[begun])
        found.pop(words[at].terms, None)
        return tuple(found)[:_MOST_OTHERS]


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """Return the glossary that comes with the program."""
    file = resources.files("kis.assistant.reading") / "data" / "glossary.yaml"
    read = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["groups"]
    own = [tuple(str(word) for word in group) for group in read]
    others: dict[str, dict[tuple[str, ...], None]] = {}
    korean: dict[str, str] = {}
    for group in [*own, *shipped_groups()]:
        cut = [(folded(word), tuple(dict.fromkeys(terms_of(folded(word))))) for word in group]
        for word, terms in cut:
            if not terms:
                continue
            key = _key(terms)
            others.setdefault(key, {}).update(dict.fromkeys(one for _, one in cut if one and one != terms))
            if "가" <= word[0] <= "힣" and " " not in word:
                korean[word] = key
    return Glossary({key: tuple(some) for key, some in others.items()}, korean)


def _key(terms: Sequence[str]) -> str:
    return " ".join(terms)


@dataclass(frozen=True, slots=True)
class Topics:
    """Things that have a name and hardly another, with all the names of each."""

    names: dict[str, tuple[tuple[str, ...], ...]]
    """By the terms of a name joined: the terms of all the names of the thing."""
    korean: dict[str, str]
    """Names in one Korean word with their key."""

    def named_at(self, words: Sequence[Word], at: int) -> list[tuple[tuple[str, ...], ...]]:
        """Return the things that are named by the word ``at`` and those after it."""
        keys = [
            _key([term for word in words[at:after] for term in word.terms])
            for after in range(at + 1, min(len(words), at + _LONGEST) + 1)
        ]
        text = words[at].text
        begun = (text[:end] for end in range(min(len(text), _KOREAN_LONGEST), 1, -1))
        keys += [self.korean[start] for start in begun if start in self.korean]
        return [self.names[key] for key in dict.fromkeys(keys) if key in self.names]


@lru_cache(maxsize=1)
def topics() -> Topics:
    """Return the topics that come with the program."""
    file = resources.files("kis.assistant.reading") / "data" / "topics.yaml"
    names: dict[str, tuple[tuple[str, ...], ...]] = {}
    korean: dict[str, str] = {}
    for group in yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["topics"]:
        cut = [(folded(word), tuple(dict.fromkeys(terms_of(folded(word))))) for word in group]
        every = tuple(terms for _, terms in cut if terms)
        for word, terms in cut:
            key = _key(terms)
            names[key] = (*names.get(key, ()), *every)
            if "가" <= word[0] <= "힣" and " " not in word:
                korean |= dict.fromkeys((word, *(one.text for one in words_of(word))), key)
    names.pop("", None)
    return Topics(names, korean)
