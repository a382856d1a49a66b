"""Concepts: what people and manuals name in many words, in both languages. A text is read as the concepts it names, beside its words.

``data/lexicon`` holds them by subject, one a line: its names, which say the same, and behind a bar by what else a text shows that it treats it (its unit,
its adjective, what has it). Those under ``[things]`` a manual treats or does not: a question for one that it has by no name is hardly answered there.
English words are found by their stems. A Korean one is found where a word begins with it: of a verb stands what its forms share.
"""

from collections.abc import Iterator, Sequence
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


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """All concepts, found by the first word of each entry."""

    entries: dict[str, tuple[Entry, ...]]
    things: frozenset[int]
    names: tuple[str, ...]
    """Of each concept its first name."""

    def mentions(self, pieces: Sequence[str]) -> Iterator[Mention]:
        """Yield what the words of a folded text name, of those that begin at one word the longest."""
        for at, piece in enumerate(pieces):
            best: dict[int, float] = {}
            length, after = 0, at
            for entry in self._begun_by(piece):
                end = _end(entry, pieces, at)
                if not end:
                    continue
                size = sum(map(len, entry.words))
                if size > length:
                    best, length, after = {}, size, end
                if size == length:
                    best[entry.concept] = max(best.get(entry.concept, 0.0), entry.weight)
            if best and not light_words().issuperset(pieces[at:after]):
                yield Mention(at, after, tuple(best.items()))

    def named(self, text: str) -> dict[int, float]:
        """Return the concepts of a folded text, each with what it is named or come near to."""
        found: dict[int, float] = {}
        for mention in self.mentions(pieces_of(text)):
            for concept, weight in mention.concepts:
                found[concept] = found.get(concept, 0.0) + weight
        return found

    def _begun_by(self, piece: str) -> tuple[Entry, ...]:
        if piece.isascii():
            return self.entries.get(_stemmed(piece), ())
        return _korean(self, piece)


@lru_cache(maxsize=50_000)
def _korean(lexicon: "Lexicon", piece: str) -> tuple[Entry, ...]:
    found: list[Entry] = []
    for end in range(min(len(piece), _KOREAN_LONGEST), 0, -1):
        found += lexicon.entries.get(piece[:end], ())
    return tuple(found)


def _end(entry: Entry, pieces: Sequence[str], at: int) -> int:
    """Return the place after an entry whose first word stands at ``at``; 0 where its others do not follow."""
    place = at + 1
    for word in entry.words[1:]:
        last = min(place + _GAP, len(pieces) - 1)
        while place <= last and not _is(pieces[place], word):
            place += 1
        if place > last:
            return 0
        place += 1
    return place


def _is(piece: str, word: str) -> bool:
    return _stemmed(piece) == word if piece.isascii() else piece.startswith(word)


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
    return Lexicon({first: tuple(some) for first, some in entries.items()}, frozenset(things), tuple(names))


def _entries(told: str, concept: int, weight: float) -> Iterator[Entry]:
    for one in folded(told).split(","):
        words = tuple(_stemmed(piece) if piece.isascii() else piece for piece in pieces_of(one))
        if words:
            yield Entry(words, concept, weight)
