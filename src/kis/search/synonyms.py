"""Words that mean the same: a query is asked with the others of their group as well, at a lower weight."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from kis.search.tokens import Cut, Cutter, TermKind, kind_of

WEIGHT: Final = 0.5
"""What a word counts that was not typed."""
MOST_WORDS: Final = 24
"""So many words are added to a query at most."""


@lru_cache(maxsize=1)
def shipped_groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups that come with the program."""
    file = resources.files("kis.search") / "data" / "synonyms.yaml"
    groups = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["groups"]
    return tuple(tuple(str(word) for word in group) for group in groups)


@lru_cache(maxsize=1)
def shipped_words() -> tuple[tuple[str, str], ...]:
    """Return words that an analyzer would take apart, with their part of speech."""
    file = resources.files("kis.search") / "data" / "words.yaml"
    words = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["words"]
    return tuple((str(word), str(tag)) for word, tag in words)


@dataclass(slots=True)
class _Word:
    text: str
    group: int
    terms: frozenset[str]
    """What a query must have for the word to stand in it."""
    added: dict[str, float]


@dataclass(slots=True)
class Thesaurus:
    """Groups of words, cut once, found by their terms."""

    _words: list[_Word] = field(default_factory=list)
    _by_term: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _groups: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    has_morphemes: bool = True
    """False: some words were cut without."""

    @classmethod
    async def of(cls, groups: Sequence[Sequence[str]], cutter: Cutter) -> "Thesaurus":
        """Return the thesaurus of ``groups``, cut as queries are cut now."""
        texts = [(number, word) for number, group in enumerate(groups) for word in group]
        made = cls()
        for (number, word), cut in zip(texts, await cutter.cut([word for _, word in texts]), strict=True):
            made.has_morphemes = made.has_morphemes and cut.has_morphemes
            terms = _telling(cut)
            if not terms:
                continue
            place = len(made._words)
            share = WEIGHT / len(terms)
            made._words.append(_Word(word, number, terms, dict.fromkeys(terms, share)))
            made._groups[number].append(place)
            made._by_term[min(terms)].append(place)
        return made

    def expand(self, cut: Cut) -> dict[str, float]:
        """Return the terms to ask for besides those of ``cut``, with what they count."""
        have = frozenset(cut.terms)
        matched = [self._words[place] for term in have for place in self._by_term.get(term, ())]
        matched = [word for word in matched if word.terms <= have]
        # A word within a longer one that matched too is not meant by itself: 차단기 in 누전차단기 stays, its group is another.
        added: dict[str, float] = {}
        words = 0
        for word in sorted(matched, key=lambda one: (-len(one.terms), one.text)):
            for place in self._groups[word.group]:
                other = self._words[place]
                if other.terms <= have or words >= MOST_WORDS:
                    continue
                words += 1
                for term, share in other.added.items():
                    if term not in have:
                        added[term] = max(added.get(term, 0.0), share)
        return added


def _telling(cut: Cut) -> frozenset[str]:
    """Return the terms that stand for a word: its morphemes; its bigrams where there are none."""
    for kind in (TermKind.MORPHEME, TermKind.WORD, TermKind.BIGRAM):
        terms = frozenset(_of_kind(cut, kind))
        if terms:
            return terms
    return frozenset()


def _of_kind(cut: Cut, kind: TermKind) -> Iterable[str]:
    return (term for term in cut.terms if kind_of(term) is kind)
