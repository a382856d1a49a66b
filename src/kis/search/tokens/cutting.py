"""Cutting: a text becomes terms of four kinds.

*Morphemes* (Kiwi's for Korean, stems for English) say what a text is about whatever its endings and particles are. *Bigrams* of syllables find it also when spaces
or letters are wrong, and serve alone until the morphemes are there. *Words* keep names and codes whole (ABN-53b), beside their pieces. *Pairs* are two morphemes
or stems that follow each other: of two texts with the same words the one that says the same ranks higher.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kis.search.asking.folding import fold
from kis.search.tokens.analyzer import Analyzer, Morpheme

LONGEST_WORD: Final = 40
"""What is longer is no word but an address or a number nobody types."""


class TermKind(StrEnum):
    """The kind of a term: its first letter in the index."""

    MORPHEME = "m"
    BIGRAM = "b"
    WORD = "w"
    PAIR = "p"


@dataclass(frozen=True, slots=True)
class Cut:
    """The terms of a text with how often each stands in it."""

    terms: Mapping[str, int]
    has_morphemes: bool
    """False: it has Korean, and there was nothing to find its morphemes."""

    def lengths(self) -> dict[str, int]:
        """Return how many terms there are of each kind."""
        counted: Counter[str] = Counter()
        for term, times in self.terms.items():
            counted[term[0]] += times
        return dict(counted)


_PIECE: Final = re.compile(r"[가-힣]+|[a-z0-9]+(?:[-_./+&][a-z0-9]+)*|[\u3040-\u30ff\u3400-\u9fff]+|[^\W_]+")
_PARTS: Final = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
_JOINTS: Final = re.compile(r"[-_/+&]|(?<![0-9])\.|\.(?![0-9])")
_HANGUL: Final = re.compile(r"[가-힣]")
_CONTENT: Final = ("N", "V", "XR", "MAG", "SL", "SH", "SN", "W")
_EMPTY: Final = frozenset({"VCP", "VCN", "VX", "NNB", "NP"})
"""이다, 아니다, auxiliary verbs, dependent nouns and pronouns: they stand everywhere and tell nothing."""
_LIGHT: Final = frozenset({("하", "VV"), ("되", "VV"), ("있", "VV"), ("있", "VA")})
"""Verbs that only carry a noun: 도장을 하다."""
_STOP: Final = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "been",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "for",
        "from",
        "had",
        "has",
        "have",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "may",
        "might",
        "of",
        "on",
        "or",
        "shall",
        "should",
        "so",
        "such",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "to",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


class Cutter:
    """Cuts texts with the morphemes of an analyzer, or without them while there is none."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer

    @property
    def analyzer(self) -> Analyzer:
        """Return what finds the morphemes."""
        return self._analyzer

    async def cut(self, texts: Sequence[str], *, wakes: bool = True) -> list[Cut]:
        """Return the terms of each text. With ``wakes`` an analyzer that sleeps is loaded; what nobody waits for does without it until somebody does."""
        folded = [fold(text) for text in texts]
        korean = [text for text in folded if _HANGUL.search(text)]
        may_ask = wakes or self._analyzer.is_ready
        found = (await self._analyzer.analyze(korean) if may_ask else None) if korean else ()
        morphemes = iter(found or ())
        return [
            _cut(text, next(morphemes) if found is not None and _HANGUL.search(text) else None)
            for text in folded
        ]


def kind_of(term: str) -> TermKind:
    """Return the kind of a term of the index."""
    return TermKind(term[0])


def shown(term: str) -> str:
    """Return a term without the letter of its kind."""
    return term[1:]


def _cut(text: str, morphemes: Sequence[Morpheme] | None) -> Cut:
    terms: Counter[str] = Counter()
    has_korean = False
    stems: list[str] = []
    for piece in _PIECE.findall(text):
        if _HANGUL.match(piece):
            has_korean = True
            terms.update(_bigrams(piece))
        elif piece[0].isascii():
            terms.update(_latin(piece))
            stems += _stems(piece)
        else:
            terms.update(_bigrams(piece))
    terms.update(TermKind.MORPHEME + stem for stem in stems)
    if morphemes is not None:
        forms = _forms(morphemes)
        terms.update(TermKind.MORPHEME + form for form in forms)
        terms.update(_pairs(forms))
    else:
        terms.update(_pairs(stems))
    return Cut(terms, has_morphemes=morphemes is not None or not has_korean)


def _bigrams(run: str) -> Iterable[str]:
    if len(run) == 1:
        return (TermKind.BIGRAM + run,)
    return (TermKind.BIGRAM + run[place : place + 2] for place in range(len(run) - 1))


def _latin(piece: str) -> Iterable[str]:
    """Yield a word or code whole, and what it is made of: abn-53b is also abn, 53b, 53, b; 100af/50at is also 100af and 50at."""
    made_of = dict.fromkeys((piece, *_JOINTS.split(piece), *_PARTS.findall(piece)))
    return (TermKind.WORD + part for part in made_of if len(part) <= LONGEST_WORD)


def _stems(piece: str) -> list[str]:
    words = (part for part in _PARTS.findall(piece) if part.isalpha() and len(part) <= LONGEST_WORD)
    return [_stem(word) for word in words if word not in _STOP]


def _pairs(words: Sequence[str]) -> Iterable[str]:
    return (f"{TermKind.PAIR}{first} {second}" for first, second in pairwise(words))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return str(_stemmer().stemWord(word))


@lru_cache(maxsize=1)
def _stemmer():  # type: ignore[no-untyped-def]  # noqa: ANN202 - the library is not typed
    import snowballstemmer  # type: ignore[import-untyped]  # comes without types

    return snowballstemmer.stemmer("english")


def _forms(morphemes: Sequence[Morpheme]) -> list[str]:
    """Return what carries meaning; where nothing does, all of it: a query of particles alone is still a query."""
    korean = [one for one in morphemes if _HANGUL.search(one.form)]
    content = [
        one
        for one in korean
        if one.tag.startswith(_CONTENT) and one.tag not in _EMPTY and (one.form, one.tag) not in _LIGHT
    ]
    return [one.form for one in content or korean]
