"""Cutting: a text becomes terms of four kinds.

*Morphemes* (Kiwi's for Korean, stems for English) say what a text is about whatever its endings and particles are. *Bigrams* of syllables find it also when spaces
or letters are wrong, and serve alone until the morphemes are there. *Words* keep names and codes whole (ABN-53b), beside their pieces, and numbers with
their units in one way of writing (20 A: 20a). *Pairs* are two morphemes
or stems that follow each other: of two texts with the same words the one that says the same ranks higher.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

from kis.search.asking.folding import fold
from kis.search.tokens.analyzer import Analyzer, Morpheme
from kis.search.tokens.english import light_words, stem
from kis.search.tokens.measures import measures, without_commas

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
    light: frozenset[str] = frozenset()
    """Those that only ask, link or fill: in a question they count little beside others."""

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
_ASKING: Final = frozenset(
    [
        *(
            "가능",
            "경우",
            "그냥",
            "그렇",
            "까닭",
            "때",
            "때문",
            "몇",
            "무엇",
            "방법",
            "보통",
            "알",
            "어디",
            "어떠하",
            "어떻",
            "어떻게",
            "어쩌",
        ),
        *("언제", "얼마", "얼마나", "왜", "우리", "이렇", "이유", "저희", "정도", "혹시"),
    ]
)
"""Words that ask or fill: 이유 is looked for, but what has it for no other reason is no answer."""


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
        folded = [without_commas(fold(text)) for text in texts]
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
    terms.update(TermKind.WORD + measure for measure in measures(text))
    terms.update(TermKind.MORPHEME + each for each in stems)
    if morphemes is not None:
        forms = _forms(morphemes)
        terms.update(TermKind.MORPHEME + form for form in forms)
        terms.update(_pairs(forms))
    else:
        terms.update(_pairs(stems))
    return Cut(
        terms,
        has_morphemes=morphemes is not None or not has_korean,
        light=_light(terms, has_korean=has_korean),
    )


def _light(terms: Iterable[str], *, has_korean: bool) -> frozenset[str]:
    """Return the light ones of terms. In Korean no English word links: A, AT and ON are ratings and positions there."""
    kind, words = (TermKind.MORPHEME, _ASKING) if has_korean else (TermKind.WORD, light_words())
    return frozenset(term for term in terms if term[0] == kind and term[1:] in words)


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
    return [stem(word) for word in words if word not in light_words()]


def _pairs(words: Sequence[str]) -> Iterable[str]:
    return (f"{TermKind.PAIR}{first} {second}" for first, second in pairwise(words))


def _forms(morphemes: Sequence[Morpheme]) -> list[str]:
    """Return what carries meaning; where nothing does, all of it: a query of particles alone is still a query."""
    korean = [one for one in morphemes if _HANGUL.search(one.form)]
    content = [
        one
        for one in korean
        if one.tag.startswith(_CONTENT) and one.tag not in _EMPTY and (one.form, one.tag) not in _LIGHT
    ]
    return [one.form for one in content or korean]
