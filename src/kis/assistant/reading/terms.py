"""Texts into terms for the passages of one document: English stems and Korean bigrams at once, codes and numbers with their units whole."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from kis.assistant.reading.morphemes import NOTHING_TOLD, Stem, Told
from kis.search import fold, light_words, measures, stem, without_commas

_PIECE: Final = re.compile(r"[가-힣]+|[a-z0-9]+(?:[-_./+&][a-z0-9]+)*|[^\W_]+")
_PARTS: Final = re.compile(r"[a-z]+|[0-9]+(?:\.[0-9]+)?")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?")
_MEASURE: Final = re.compile(r"\d+(?:\.\d+)?[^\W\d]{1,3}|\d+(?:\.\d+)?[°µ²³%]\S{0,3}")
_HANGUL: Final = re.compile(r"[가-힣]")
_LONGEST: Final = 40
MATCHED: Final = 0.5
"""Share of a word's terms that a text must have to have the word: Korean words bend at their ends."""
_PARTICLES: Final = re.compile(
    r"(?<=[가-힣]{2})(?:에서는|에서도|으로는|까지는|이라는|에서|에는|에게|으로|까지|부터|보다|처럼|마다|이나|라도|이라도|이란|"
    r"하려면|하려고|하면|하고|하는|하나|할|한|해도|해서|했는데|되면|되나|되는|된|은|는|이|가|을|를|에|의|로|와|과|도|만|란)$"
)
_SHORT_PARTICLES: Final = frozenset("은는이가을를에의로도만")
_ENDINGS: Final = re.compile(
    r"(?:인가요|인가|인지|나요|까요|습니까|입니까|합니까|됩니까|는가|는지|은지|ㄴ가요|세요|해야|되요|돼요|해요|어요|아요|예요|이에요|요|죠|지요)$"
)
_ASKING: Final = frozenset(
    [
        "가능",
        "가장",
        "같은",
        "것",
        "경우",
        "그냥",
        "그때",
        "까닭",
        "나는",
        "내가",
        "누가",
        "다음",
        "대한",
        "대해",
        "동안",
        "되",
        "되나",
        "될까",
        "될",
        "때",
        "때문",
        "땐",
        "뜻",
        "뜻은",
        "뭐",
        "뭔",
        "뭘",
        "며",
        "몇",
        "무슨",
        "무엇",
        "무엇을",
        "방법",
        "법",
        "보통",
        "수",
        "시",
        "쓰",
        "아니",
        "알",
        "알려",
        "알려줘",
        "앞",
        "어느",
        "어디",
        "어디서",
        "어떤",
        "어떻게",
        "어떻",
        "어떠",
        "어떡",
        "언제",
        "얼마",
        "얼마나",
        "얼마면",
        "왜",
        "위해",
        "위한",
        "이유",
        "이때",
        "있",
        "있는",
        "있나",
        "있",
        "있을",
        "있다",
        "없나",
        "정도",
        "제품",
        "좀",
        "주",
        "중",
        "지",
        "쪽",
        "하",
        "하나",
        "한",
        "한번",
        "할",
        "할까",
        "해",
        "해도",
        "해야",
        "혹시",
        "하려면",
        "하면",
        "하는",
        "되는",
        "되면",
        "된다",
        "한다",
        "이것",
        "저것",
        "것은",
        "것이",
        "뭔가",
        "모두",
        "나오",
        "싶습니다",
        "주세",
        *(
            "의",
            "이",
            "가",
            "은",
            "는",
            "을",
            "를",
            "에",
            "에서",
            "로",
            "으로",
            "와",
            "과",
            "도",
            "만",
            "까지",
            "면",
            "이나",
            "라도",
        ),
    ]
)
"""Korean words that ask or fill, and particles that stand apart behind a code."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question with the terms it is found by."""

    text: str
    terms: tuple[str, ...]
    stems: tuple[tuple[str, ...], ...] = ()
    """The terms of each noun and verb in it, where its morphemes are known."""
    is_verb: bool | None = None
    """Whether it has verbs alone, or nouns alone; None where that is not known, or both."""

    @property
    def is_code(self) -> bool:
        """Tell whether it is the name of a model, a fault or the like: letters and digits together. Its first term is the whole of it."""
        return (
            len(self.terms) > 1
            and self.terms[0] == self.text
            and self.text.isascii()
            and any(map(str.isdigit, self.text))
        )

    @property
    def is_measure(self) -> bool:
        """Tell whether it is a number with its unit, whose number is a word of its own."""
        return _MEASURE.fullmatch(self.text) is not None


def folded(text: str) -> str:
    """Return ``text`` as it is compared."""
    return without_commas(fold(text))


def has_korean(text: str) -> bool:
    """Tell whether a text has a Korean word."""
    return _HANGUL.search(text) is not None


def pieces_of(text: str) -> list[str]:
    """Return the words of a folded text as they stand there, all of them."""
    return _PIECE.findall(text)


def terms_of(text: str) -> list[str]:
    """Return the terms of a folded text, in order, and its measures after them."""
    found: list[str] = []
    for piece in _PIECE.findall(text):
        found += _of_piece(piece)
    found += measures(text)
    return found


def pairs_of(text: str) -> Iterator[str]:
    """Yield what stands beside each other in a folded text: two stems, or three syllables of a Korean word."""
    last = ""
    for piece in _PIECE.findall(text):
        if _HANGUL.match(piece):
            yield from (piece[place : place + 3] for place in range(len(piece) - 2))
            last = ""
        elif piece not in light_words():
            one = _stemmed(piece)
            if last:
                yield f"{last} {one}"
            last = one


def words_of(text: str, *, keeps_light: bool = False, told: Told = NOTHING_TOLD) -> list[Word]:
    """Return the words of a folded question that tell something; with ``keeps_light`` all of them. ``told``: what its morphemes say."""
    found: list[Word] = []
    units = dict.fromkeys(measures(text))
    for match in _PIECE.finditer(text):
        piece = match[0]
        word = bare(piece) if _HANGUL.match(piece) else piece
        is_light = word in _ASKING or word in light_words() or (len(word) == 1 and word.isascii())
        is_light = is_light or (_HANGUL.match(piece) is not None and told.is_hollow(*match.span()))
        terms = tuple(dict.fromkeys(_of_piece(word)))
        if _MEASURE.fullmatch(word) and (number := _NUMBER.match(word)):
            found.append(Word(number[0], (number[0],)))
        if word and terms and (keeps_light or not is_light):
            found.append(_with_stems(Word(word, terms), told.stems_in(*match.span())))
    found += [Word(unit, (unit,)) for unit in units]
    return list(dict.fromkeys(found))


def vocabulary_of(text: str) -> set[str]:
    """Return the words of a folded text, the Korean ones without what links them."""
    return {_PARTICLES.sub("", piece) if _HANGUL.match(piece) else piece for piece in _PIECE.findall(text)}


def bare(word: str) -> str:
    """Return a Korean word without what only asks or links."""
    if word in _ASKING:
        return word
    word = _ENDINGS.sub("", word)
    return _PARTICLES.sub("", word)


@lru_cache(maxsize=50_000)
def _of_piece(piece: str) -> tuple[str, ...]:
    if _HANGUL.match(piece):
        return tuple(bigrams(piece))
    if piece.isalpha():
        return (_stemmed(piece),) if piece not in light_words() else ()
    parts = _PARTS.findall(piece)
    joined = [part for part in re.split(r"[-_/+&]", piece) if part != piece]
    stems = [_stemmed(part) for part in (*joined, *parts) if part not in light_words()]
    return tuple(dict.fromkeys((piece[:_LONGEST], *stems)))


def _with_stems(word: Word, stems: Sequence[Stem]) -> Word:
    kinds = {one.is_verb for one in stems}
    is_verb = kinds.pop() if len(kinds) == 1 else None
    return Word(word.text, word.terms, tuple(map(_of_stem, stems)), is_verb)


def _of_stem(one: Stem) -> tuple[str, ...]:
    return (one.term,) if one.term is not None else tuple(dict.fromkeys(bigrams(one.form)))


def is_noun_with_particle(run: str) -> bool:
    """Tell whether a Korean word may be one syllable and its particle."""
    return len(run) == 2 and run[1] in _SHORT_PARTICLES


def bigrams(run: str) -> Iterable[str]:
    """Return the pairs of syllables of a Korean word; one syllable is itself, and is found also before its particle: 팬은 and 팬이 have one noun."""
    if len(run) == 1:
        return (run,)
    if is_noun_with_particle(run):
        return (run, run[0])
    return (before + after for before, after in pairwise(run))


def _stemmed(word: str) -> str:
    return stem(word) if word.isascii() and word.isalpha() and len(word) <= _LONGEST else word[:_LONGEST]


def all_terms(words: Sequence[Word]) -> set[str]:
    """Return the terms of all ``words``."""
    return {term for word in words for term in word.terms}


def has(terms: AbstractSet[str], way: Sequence[str]) -> bool:
    """Tell whether a text of these terms has a word of those."""
    return sum(term in terms for term in way) >= MATCHED * len(way)
