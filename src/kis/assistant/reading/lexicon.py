"""Concepts: what people and manuals name in many words, in both languages. A text is read as the concepts it names, beside its words.

``data/lexicon`` holds them by subject, one a line: its names, which say the same, and behind a bar by what else a text shows that it treats it (its unit,
its adjective, what has it). Those under ``[things]`` a manual treats or does not: a question for one that it has by no name is hardly answered there.
English words are found by their stems. A Korean one is found where a word begins with it: of a verb stands what its forms share.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final, NamedTuple

from kis.assistant.reading.terms import folded, pieces_of
from kis.search import light_words, stem

NAMED: Final = 1.0
NEAR: Final = 0.4
"""What a word counts that only shows that a concept is treated, beside its name."""
_KOREAN_LONGEST: Final = 12
"""Syllables of a Korean word that are compared with how entries begin."""
THINGS: Final = "[things]"
"""Heads the concepts that a manual treats or does not; those under any other head are done, or happen."""
_MOST_NEAR: Final = 8
"""A word that is near to more concepts shows none of them."""
_GAP: Final = 1
"""Words that may stand within an entry: switch it off."""


class Entry(NamedTuple):
    """A name of a concept, or a word near it."""

    words: tuple[str, ...]
    """Its words, the English ones as stems, the Korean ones as beginnings."""
    concept: int
    weight: float


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names concepts, or comes near them."""

    at: int
    """Its first word's place in the text."""
    after: int
    """The place after its last word."""
    concepts: tuple[tuple[int, float], ...]
    """Each with its weight. Of a word with several meanings they are all here."""

    @property
    def names(self) -> tuple[int, ...]:
        """Return the concepts that are named, and not only come near to."""
        return tuple(concept for concept, weight in self.concepts if weight == NAMED)


@dataclass(frozen=True, slots=True)
class _Begun:
    """What entries begin with a word, sorted so that a text is read with few comparisons."""

    length: int
    """Letters of the longest entry that is this word alone; 0 where there is none."""
    alone: tuple[tuple[int, float], ...]
    """The concepts of that entry, with their weights."""
    following: Mapping[str, tuple[Entry, ...]]
    """The entries of several words by their second."""


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All concepts, found by the first word of each entry."""

    entries: Mapping[str, tuple[Entry, ...]]
    things: frozenset[int]
    names: tuple[str, ...]
    """Of each concept its first name."""

    def mentions(self, pieces: Sequence[str]) -> Iterator[Mention]:
        """Yield what the words of a folded text name, of those that begin at one word the longest."""
        for at, piece in enumerate(pieces):
            begun = _begun_by(self, piece)
            if begun is None:
                continue
            length, after, concepts = begun.length, at + 1, begun.alone
            if begun.following:
                length, after, concepts = self._longest(begun, pieces, at)
            if length and not light_words().issuperset(pieces[at:after]):
                yield Mention(at, after, concepts)

    def named(self, text: str) -> dict[int, float]:
        """Return the concepts of a folded text, each with what it is named or come near to."""
        found: dict[int, float] = {}
        for mention in self.mentions(pieces_of(text)):
            for concept, weight in mention.concepts:
                found[concept] = found.get(concept, 0.0) + weight
        return found

    def _longest(
        self, begun: _Begun, pieces: Sequence[str], at: int
    ) -> tuple[int, int, tuple[tuple[int, float], ...]]:
        """Return the letters of the longest entry that stands at ``at``, the place after it and its concepts."""
        length, after = begun.length, at + 1
        best = dict(begun.alone)
        for second in range(at + 1, min(at + 2 + _GAP, len(pieces))):
            for key in _keys(pieces[second]):
                for entry in begun.following.get(key, ()):
                    end = _end(entry.words[2:], pieces, second + 1)
                    size = sum(map(len, entry.words))
                    if not end or size < length:
                        continue
                    if size > length:
                        best, length, after = {}, size, end
                    best[entry.concept] = max(best.get(entry.concept, 0.0), entry.weight)
        return length, after, tuple(best.items())


@lru_cache(maxsize=50_000)
def _begun_by(lexicon: Lexicon, piece: str) -> _Begun | None:
    entries = [entry for key in _keys(piece) for entry in lexicon.entries.get(key, ())]
    if not entries:
        return None
    length = max((len(entry.words[0]) for entry in entries if len(entry.words) == 1), default=0)
    alone: dict[int, float] = {}
    following: dict[str, list[Entry]] = {}
    for entry in entries:
        if len(entry.words) > 1:
            following.setdefault(entry.words[1], []).append(entry)
        elif len(entry.words[0]) == length:
            alone[entry.concept] = max(alone.get(entry.concept, 0.0), entry.weight)
    return _Begun(length, tuple(alone.items()), {word: tuple(some) for word, some in following.items()})


@lru_cache(maxsize=50_000)
def _keys(piece: str) -> tuple[str, ...]:
    """Return by what a word of a text is looked up: an English one by its stem, a Korean one by all that it begins with."""
    if piece.isascii():
        return (_stemmed(piece),)
    return tuple(piece[:end] for end in range(min(len(piece), _KOREAN_LONGEST), 0, -1))


def _end(words: Sequence[str], pieces: Sequence[str], place: int) -> int:
    """Return the place after words that follow one another from ``place``; 0 where they do not."""
    for word in words:
        last = min(place + _GAP, len(pieces) - 1)
        while place <= last and word not in _keys(pieces[place]):
            place += 1
        if place > last:
            return 0
        place += 1
    return place


@lru_cache(maxsize=50_000)
def _stemmed(word: str) -> str:
    return stem(word) if word.isalpha() else word


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Return the lexicon that comes with the program."""
    folder = resources.files("kis.assistant.reading") / "data" / "lexicon"
    files = sorted(folder.iterdir(), key=lambda one: one.name)
    return read_lexicon("\n".join(file.read_text(encoding="utf-8") for file in files))


def read_lexicon(text: str) -> Lexicon:
    """Read concepts, one a line."""
    entries: dict[str, dict[Entry, None]] = {}
    things: set[int] = set()
    names: list[str] = []
    section = ""
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("["):
            section = line
        elif not line.startswith("#"):
            if section == THINGS:
                things.add(len(names))
            named, _, near = line.partition("|")
            names.append(named.partition(",")[0].strip())
            for entry in (*_entries(near, len(names) - 1, NEAR), *_entries(named, len(names) - 1, NAMED)):
                entries.setdefault(entry.words[0], {})[entry] = None
    telling = {first: tuple(_telling(some)) for first, some in entries.items()}
    return Lexicon(telling, frozenset(things), tuple(names))


def _telling(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield what of the entries that begin with one word tells something: mm is near to all that has a size."""
    some = list(entries)
    near = Counter(entry.words for entry in some if entry.weight == NEAR)
    return (entry for entry in some if entry.weight == NAMED or near[entry.words] <= _MOST_NEAR)


def _entries(told: str, concept: int, weight: float) -> Iterator[Entry]:
    for one in folded(told).split(","):
        words = tuple(_stemmed(piece) if piece.isascii() else piece for piece in pieces_of(one))
        if words:
            yield Entry(words, concept, weight)
