"""What a question asks, word by word: the concepts that its words name, and what a document has of them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from kis.assistant.reading.lexicon import Mention, lexicon
from kis.assistant.reading.terms import Word, bare, has, pieces_of

MEANT: Final = 0.7
"""How far a text has a word that has it only by another name of what the word names."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A telling word of a question, and what the document has of it."""

    text: str
    rarity: float
    ways: tuple[tuple[str, ...], ...]
    """The terms of the word itself, then those of each other word for it."""
    holding: int
    """Passages with the word itself."""
    near: int
    """Passages with another word for it and not itself."""
    is_code: bool = False
    is_absent_topic: bool = False
    """It begins the name of a thing that the document has by none of its names."""
    is_absent_thing: bool = False
    """It names, alone or with its neighbours, what the document neither names nor comes near to."""
    is_stranger: bool = False
    """It is the code or number of one of a kind that the document has others of."""

    @property
    def is_known(self) -> bool:
        """Tell whether the document says it in any way."""
        return self.holding + self.near > 0

    def is_in(self, terms: AbstractSet[str]) -> bool:
        """Tell whether a text of these terms has the word, or another for it."""
        return any(has(terms, way) for way in self.ways)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a question names, by its words."""

    by_word: Mapping[str, tuple[Mention, ...]]

    @classmethod
    def of(cls, text: str) -> "Mentions":
        """Read a folded question."""
        pieces = pieces_of(text)
        found: dict[str, dict[Mention, None]] = {}
        for mention in lexicon().mentions(pieces):
            for piece in pieces[mention.at : mention.after]:
                for word in (piece, bare(piece)):
                    found.setdefault(word, {})[mention] = None
        return cls({word: tuple(some) for word, some in found.items()})

    def of_word(self, word: Word) -> tuple[Mention, ...]:
        """Return what is named by a word, alone or with its neighbours."""
        return self.by_word.get(word.text, ())
