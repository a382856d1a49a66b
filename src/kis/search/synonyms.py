"""Words that mean the same: a query is asked with the others of their group as well, at a lower weight."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from kis.search.asking.folding import fold
from kis.search.tokens import Cut, Cutter, TermKind, kind_of

WEIGHT: Final = 0.5
"""What a word counts that was not typed."""
MOST_WORDS: Final = 24
"""So many words are added to a query at most."""
_KOREAN: Final = re.compile("[가-힣]+")
_ENDINGS: Final = frozenset("다기하되가이을를은는의에용형")
"""Particles, endings and suffixes that may be left out."""


@lru_cache(maxsize=1)
def shipped_groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups that come with the program."""
    file = resources.files("kis.search") / "data" / "synonyms.yaml"
    groups = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["groups"]
    return tuple(tuple(str(word) for word in group) for group in groups)


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
            terms = _telling(word, cut)
            if not terms:
                continue
            place = len(made._words)
            made._words.append(_Word(word, number, terms, _added(word, cut)))
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


def _telling(word: str, cut: Cut) -> frozenset[str]:
    """Return the terms a query must have for a word to stand in it: its morphemes and codes.

    Where they leave something out it is all terms: 2P is not any P, a type A RCD not any RCD, and 함 no form of 하다.
    """
    terms = _morphemes(word, cut) | _codes(cut)
    if terms and not _leaves_out(word, cut):
        return terms
    return frozenset(term for term in cut.terms if kind_of(term) is not TermKind.PAIR)


def _added(word: str, cut: Cut) -> dict[str, float]:
    """Return the terms to ask for where another word of the group stands, with what they count. What leaves something out says less."""
    codes = {code for code in _codes(cut) if not code[1:].isdigit()}
    terms = {term for term in _morphemes(word, cut) if not codes or len(term) > 2} | codes
    if not terms:
        kind = (
            TermKind.BIGRAM if any(kind_of(term) is TermKind.BIGRAM for term in cut.terms) else TermKind.WORD
        )
        terms = set(_of_kind(cut, kind))
    return dict.fromkeys(sorted(terms), WEIGHT / max(1, len(terms) + _leaves_out(word, cut)))


def _morphemes(word: str, cut: Cut) -> frozenset[str]:
    """Return the morphemes and stems of a word, without what the analyzer only thinks it stands for."""
    folded = fold(word)
    return frozenset(
        term for term in _of_kind(cut, TermKind.MORPHEME) if term[1].isascii() or term[1:] in folded
    )


def _codes(cut: Cut) -> frozenset[str]:
    return frozenset(term for term in _of_kind(cut, TermKind.WORD) if not term[1:].isalpha())


def _leaves_out(word: str, cut: Cut) -> bool:
    """Tell whether a word says more than its morphemes."""
    rest = "".join(_KOREAN.findall(fold(word)))
    for form in sorted((term[1:] for term in _of_kind(cut, TermKind.MORPHEME)), key=len, reverse=True):
        rest = rest.replace(form, "", 1)
    stems = [term for term in _of_kind(cut, TermKind.MORPHEME) if term[1].isascii()]
    words = [term for term in _of_kind(cut, TermKind.WORD) if term[1:].isalpha()]
    return bool(set(rest) - _ENDINGS) or len(words) > len(stems)


def _of_kind(cut: Cut, kind: TermKind) -> Iterable[str]:
    return (term for term in cut.terms if kind_of(term) is kind)
