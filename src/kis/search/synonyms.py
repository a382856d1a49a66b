"""Words that mean the same: a query is asked with the others of their group as well, at a lower weight."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

from kis.search.asking.folding import fold
from kis.search.tokens import Cut, Cutter, TermKind, kind_of

WEIGHT: Final = 0.5
"""What a word counts that was not typed."""
MOST_WORDS: Final = 36
"""So many words are added to a query at most."""
_CUT_AT_ONCE: Final = 1_000
"""Words the analyzer is given together."""
_BETWEEN_TURNS: Final = 50
"""Words after which others have their turn: some 2 ms."""
_KOREAN: Final = re.compile("[가-힣]+")
_ENDINGS: Final = frozenset("다기하되가이을를은는의에용형")
"""Particles, endings and suffixes that may be left out."""


@lru_cache(maxsize=1)
def shipped_groups() -> tuple[tuple[str, ...], ...]:
    """Return the groups that come with the program."""
    file = resources.files("kis.search") / "data" / "synonyms.yaml"
    groups = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)["groups"]
    return tuple(tuple(str(word) for word in group) for group in groups)


@dataclass(frozen=True, slots=True)
class CutWord:
    """A word of a group: when it stands in a query, and what is asked for where another word of its group does."""

    terms: frozenset[str]
    """What a query must have for the word to stand in it; nothing: it stands in none."""
    added: Mapping[str, float]
    has_morphemes: bool


async def cut_words(words: Iterable[str], cutter: Cutter) -> dict[str, CutWord]:
    """Return words as queries are cut now. There may be thousands: whoever else has something to do is let in between."""
    waiting = list(dict.fromkeys(words))
    made: dict[str, CutWord] = {}
    for begin in range(0, len(waiting), _CUT_AT_ONCE):
        some = waiting[begin : begin + _CUT_AT_ONCE]
        for place, (word, cut) in enumerate(zip(some, await cutter.cut(some), strict=True), start=1):
            made[word] = CutWord(_telling(word, cut), _added(word, cut), cut.has_morphemes)
            if place % _BETWEEN_TURNS == 0:
                await asyncio.sleep(0)
    return made


@dataclass(frozen=True, slots=True)
class Added:
    """What a term that was not typed counts, and the typed ones it is asked for beside."""

    share: float
    beside: frozenset[str]


_NOTHING: Final = Added(0.0, frozenset())


@dataclass(frozen=True, slots=True)
class _Member:
    word: str
    group: int
    cut: CutWord


class Thesaurus:
    """Groups of words, found by the terms of the words."""

    def __init__(
        self, groups: Sequence[Sequence[str]] = (), cuts: Mapping[str, CutWord] | None = None
    ) -> None:
        """``cuts`` has every word of ``groups``."""
        known = cuts or {}
        self.cuts: Mapping[str, CutWord] = {word: known[word] for group in groups for word in group}
        """The words of the groups."""
        self.has_morphemes = all(cut.has_morphemes for cut in self.cuts.values())
        """False: some words were cut without."""
        self._groups = [
            [_Member(word, number, known[word]) for word in group if known[word].terms]
            for number, group in enumerate(groups)
        ]
        self._by_term: dict[str, list[_Member]] = defaultdict(list)
        for members in self._groups:
            for member in members:
                self._by_term[min(member.cut.terms)].append(member)

    @classmethod
    async def of(
        cls, groups: Sequence[Sequence[str]], cutter: Cutter, *, known: Mapping[str, CutWord] | None = None
    ) -> "Thesaurus":
        """Return the thesaurus of ``groups``, its words cut as queries are cut now; those that are ``known`` are not cut again."""
        cuts = known or {}
        unknown = (word for group in groups for word in group if word not in cuts)
        return cls(groups, {**cuts, **await cut_words(unknown, cutter)})

    def expand(self, cut: Cut) -> dict[str, Added]:
        """Return the terms to ask for besides those of ``cut``."""
        have = frozenset(cut.terms)
        matched = [member for term in have for member in self._by_term.get(term, ())]
        matched = [member for member in matched if member.cut.terms <= have]
        # A word within a longer one that matched too is not meant by itself: 차단기 in 누전차단기 stays, its group is another.
        added: dict[str, Added] = {}
        others = [
            (member, other)
            for member in sorted(matched, key=lambda one: (-len(one.cut.terms), one.word))
            for other in self._groups[member.group]
            if not other.cut.terms <= have
        ]
        # Words of the script of the one that was typed come first: they are what the texts in the asker's language say.
        others.sort(key=lambda pair: pair[0].word.isascii() != pair[1].word.isascii())
        for member, other in others[:MOST_WORDS]:
            for term, share in other.cut.added.items():
                if term not in have:
                    known = added.get(term, _NOTHING)
                    added[term] = Added(max(known.share, share), known.beside | member.cut.terms)
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
