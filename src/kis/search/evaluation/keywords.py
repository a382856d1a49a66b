"""The words of a question that carry most, found without any library of morphemes: none of those that are to be judged by it.

What is a noun the passages tell themselves. In Korean a stem is one where some passage has it before a particle that only nouns take (차단기*를*, 접지*의*); in
English where one has it after an article or a preposition. The rarest nouns of a question carry most. Where there are fewer than three, its other words
without their particles follow, the longest first, as somebody would type them who does not know how the passages are written.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from kis.search.evaluation.sets import Passage, Question
from kis.search.things import Language

MOST: Final = 3

_PIECE: Final = re.compile(r"[A-Za-z0-9]+(?:[-./×&][A-Za-z0-9]+)*[%℃°]?[가-힣]*|[가-힣]+")
_HANGUL: Final = re.compile(r"[가-힣]+")
_VERBS: Final = re.compile(
    r"(?:요|까|[은는던인]가|[은는을]지|지는|죠|[은는던]데|라서|[아어해]서|[으려다하되]면|[하되있없않]는|[하되]고|[하되]게|[하되]지|[해돼아어][도야]|니다|[한된있없]다|다고|"
    r"려고|면서|거나|도록|했을|됐을|[던할될했됐줘지]|[어아여겨려켜쳐혀져워]|[쁜픈큰긴])$"
)
"""How verbs and adjectives end when somebody asks."""
_SHORTEST: Final = 2
"""Syllables or letters: of a single one hardly anybody expects to find anything."""
_OFTENER: Final = 4
"""A shorter stem is the noun where it stands so much oftener: 차단기 and not 차단기만, but 분기회로 and not 분기회."""


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``keywords.yaml``."""

    noun_particles: tuple[str, ...]
    particles: tuple[str, ...]
    """Those of nouns among them; the longest first."""
    asking: frozenset[str]
    stop: frozenset[str]
    before_nouns: frozenset[str]


@cache
def word_lists() -> Words:
    """Return the word lists."""
    import yaml

    read = yaml.safe_load(files(__package__).joinpath("keywords.yaml").read_text(encoding="utf-8"))
    lists = {name: tuple(text.split()) for name, text in read.items()}
    particles = {*lists["noun_particles"], *lists["particles"]}
    return Words(
        noun_particles=lists["noun_particles"],
        particles=tuple(sorted(particles, key=lambda each: (-len(each), each))),
        asking=frozenset(lists["asking"]),
        stop=frozenset(lists["stop"]),
        before_nouns=frozenset(lists["before_nouns"]),
    )


class Keywords:
    """The nouns of some passages, with how many of them have each."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._nouns: Counter[str] = Counter()
        self._prefixes: Counter[str] = Counter()
        for passage in passages:
            text = f"{passage.title}\n{passage.text}"
            self._nouns.update(set(_nouns(text)))
            self._prefixes.update(set(_prefixes(text)))

    def of(self, question: Question) -> list[str]:
        """Return up to three words of a question, in its order."""
        is_korean = question.language is Language.KO
        pieces = list(dict.fromkeys(_PIECE.findall(question.text)))
        found = [self._korean(piece) if is_korean else self._english(piece) for piece in pieces]
        chosen = sorted(
            {word: rank for word, rank in found if word}.items(), key=lambda item: (item[1], item[0])
        )[:MOST]
        kept = {word for word, _ in chosen}
        return [word for word in dict.fromkeys(word for word, _ in found) if word in kept]

    def _korean(self, piece: str) -> tuple[str, tuple[int, ...]]:
        """Return the word to type for a piece, and how much it carries: less is more."""
        if not _HANGUL.fullmatch(piece):
            code = _code(piece)
            return (code, (0, self._prefixes[code.lower()])) if len(code) >= _SHORTEST else ("", ())
        stems = [piece, *_stripped(piece, word_lists().particles)]
        if word_lists().asking.intersection(stems):
            return "", ()
        known = sorted((stem for stem in stems if self._nouns[stem] and len(stem) >= _SHORTEST), key=len)
        if known:
            noun = known[-1]
            if self._nouns[known[0]] >= _OFTENER * self._nouns[noun]:
                noun = known[0]
            return noun, (0, self._prefixes[noun], -len(noun))
        if _VERBS.search(piece) or len(word := min(stems, key=len)) < _SHORTEST:
            return "", ()
        return word, (1, -len(word))

    def _english(self, piece: str) -> tuple[str, tuple[int, ...]]:
        word = piece.lower()
        if word in word_lists().stop or (len(word) <= _SHORTEST and word.isalpha()) or len(word) == 1:
            return "", ()
        if self._nouns[word] or any(character.isdigit() for character in word):
            return word, (0, self._prefixes[word], -len(word))
        return word, (1, -len(word))


def _nouns(text: str) -> Iterator[str]:
    before = ""
    for piece in _PIECE.findall(text):
        if _HANGUL.fullmatch(piece):
            yield from _stripped(piece, word_lists().noun_particles)
        elif before in word_lists().before_nouns and piece.isascii():
            yield piece.lower()
        before = piece.lower()


def _prefixes(text: str) -> Iterator[str]:
    """Yield how the words begin: what stands before endings is found by it whatever they are."""
    for piece in _PIECE.findall(text):
        if _HANGUL.fullmatch(piece):
            yield from (piece[:length] for length in range(_SHORTEST, len(piece) + 1))
        else:
            yield _code(piece).lower()


def _stripped(piece: str, particles: Sequence[str]) -> list[str]:
    """Return the piece without each of the particles it ends in."""
    return [
        stem
        for each in particles
        if piece.endswith(each)
        and (stem := piece.removesuffix(each))
        and not (each == "로" and stem[-1] == "으")
    ]


def _code(piece: str) -> str:
    """Return a code or figure without the particle after it: 380V에서 is 380V, 22파이는 is 22파이."""
    hangul = _HANGUL.search(piece)
    if hangul is None:
        return piece
    unit = hangul.group()
    ending = next((each for each in word_lists().particles if unit.endswith(each)), "")
    return piece.removesuffix(ending)
