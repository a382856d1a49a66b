"""Korean words by their morphemes: what a word says whatever its ending is, where an analyzer has told it.

Pairs of syllables find a noun without anybody knowing where it ends, but hardly a verb: 접습니다 and 접으면 have none in common. With morphemes a verb is found
by its dictionary form, a noun without its particle, and what only carries a question (할, 수, 있나요) is no word of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from kis.search import Morpheme

_NOUNS: Final = frozenset({"NNG", "NNP", "XR", "NR"})
_WITHIN_NOUNS: Final = _NOUNS | {"XPN", "XSN", "MM"}
"""What may stand in one word with a noun: 재부팅, 사용자, 새 …"""
_VERBS: Final = frozenset({"VV", "VA"})
_MAKE: Final = "만들"
"""An auxiliary in 하게 만들다 alone, and taken for one elsewhere too."""
_LIGHT: Final = frozenset(
    [
        *("하", "되", "있", "없", "주", "보", "오", "가", "나", "나오", "쓰", "알", "말", "같"),
        *("이러", "그러", "어떻", "어쩌", "그렇", "이렇", "뭐하", "어떡하", "그러하", "모르"),
        *("들", "두", "놓", "버리", "좋", "싶", "드리", "보이", "나타나", "해보"),
    ]
)
"""Verbs that stand in every manual and tell nothing of what one is about."""
_ASKING: Final = frozenset(
    [
        *("때", "경우", "방법", "법", "이유", "정도", "까닭", "때문"),
        *("가능", "다음", "동안", "뜻", "중", "지", "것", "수"),
    ]
)
_CARRYING: Final = frozenset({"NP", "VX", "VCP", "VCN", "XSV", "XSA"})
"""Pronouns, auxiliaries and what makes verbs of nouns; particles, endings and signs are told by their first letter."""
_CARRYING_NOUNS: Final = frozenset(
    [
        *("것", "거", "게", "건", "수", "적", "바", "데"),
        *("뿐", "채", "만큼", "대로", "지", "터", "듯", "중", "때문"),
    ]
)
"""Dependent nouns; of the others 줄 is also a row, 쪽 a page and 식 a formula."""
_CARRYING_VERBS: Final = frozenset({"하", "되", "있", "없", "어떻"})
_VERB_MARK: Final = "-"
"""A verb in the index: no pair of syllables looks like it."""
_NOUN_MARK: Final = "·"


class Stem(NamedTuple):
    """A noun with all that belongs to it, or a verb, and where it stands."""

    form: str
    """A verb as dictionaries name it: 찍다."""
    start: int
    end: int
    is_verb: bool

    @property
    def term(self) -> str | None:
        """Return what the index knows it by; None for a noun that its pairs of syllables find."""
        if self.is_verb:
            return self.form + _VERB_MARK
        return self.form + _NOUN_MARK if len(self.form) == 1 else None


@dataclass(frozen=True, slots=True)
class Told:
    """What the morphemes of a folded question tell of its words."""

    stems: tuple[Stem, ...]
    carrying: tuple[tuple[int, bool], ...]
    """Of each morpheme where it begins, and whether it only carries others."""

    @classmethod
    def of(cls, morphemes: Sequence[Morpheme]) -> "Told":
        """Take the morphemes of a folded question."""
        return cls(tuple(stems_of(morphemes)), tuple((one.start, _only_carries(one)) for one in morphemes))

    def stems_in(self, start: int, end: int) -> list[Stem]:
        """Return the stems that begin in the word from ``start`` to before ``end``."""
        return [stem for stem in self.stems if start <= stem.start < end]

    def is_hollow(self, start: int, end: int) -> bool:
        """Tell whether the word from ``start`` to before ``end`` has nothing that tells: 할, 수, 있나요."""
        within = [carries for at, carries in self.carrying if start <= at < end]
        return bool(within) and all(within)


NOTHING_TOLD: Final = Told((), ())


def stems_of(morphemes: Sequence[Morpheme]) -> Iterator[Stem]:
    """Yield the nouns and verbs of a text: nouns that stand together as one."""
    run: list[Morpheme] = []
    for one in morphemes:
        tag = _tag(one)
        if tag in _WITHIN_NOUNS and (not run or run[-1].start + run[-1].length == one.start):
            run.append(one)
            continue
        yield from _noun(run)
        run = [one] if tag in _WITHIN_NOUNS else []
        if tag in _VERBS and one.form not in _LIGHT:
            yield Stem(one.form + "다", one.start, one.start + one.length, is_verb=True)
    yield from _noun(run)


def stem_terms(morphemes: Sequence[Morpheme]) -> list[str]:
    """Return what an index of pairs of syllables lacks of a text."""
    return [term for stem in stems_of(morphemes) if (term := stem.term) is not None]


def _noun(run: Sequence[Morpheme]) -> Iterator[Stem]:
    form = "".join(one.form for one in run)
    if form not in _ASKING and any(one.tag in _NOUNS for one in run):
        yield Stem(form, run[0].start, run[-1].start + run[-1].length, is_verb=False)


def _only_carries(one: Morpheme) -> bool:
    tag = _tag(one)
    if tag == "NNB":
        return one.form in _CARRYING_NOUNS
    return tag[0] in "JES" or tag in _CARRYING or (tag in _VERBS and one.form in _CARRYING_VERBS)


def _tag(one: Morpheme) -> str:
    """Return the part of speech without how a verb bends (VV-I)."""
    return "VV" if one.form == _MAKE else one.tag.partition("-")[0]
