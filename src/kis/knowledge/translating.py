"""Where translations come from: an adapter the installation configures, asked only when somebody asks for a translation."""

from typing import Protocol

from kis.knowledge.texts import Words
from kis.search import Language


class Translator(Protocol):
    """Translates the words of an article. What it gives is a draft until a person has looked at it."""

    @property
    def name(self) -> str:
        """Return how it is called in the notes of versions."""
        ...

    async def translate(self, words: Words, *, source: Language, target: Language) -> Words:
        """Return the words in another language, Markdown kept. Raises Unavailable."""
        ...
