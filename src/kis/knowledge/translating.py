"""Where translations come from: an adapter the installation configures, asked only when somebody asks for a translation."""

from typing import Protocol

from kis.knowledge.texts import Words
from kis.platform.errors import Unavailable
from kis.platform.messages import Message
from kis.search import Language


class Translator(Protocol):
    """Translates the words of an article. What it gives is a draft until a person has looked at it."""

    @property
    def name(self) -> str:
        """Return how it is called in the notes of versions."""
        ...

    async def translate(self, words: Words, *, source: Language, target: Language) -> Words:
        """Return the words in another language, Markdown kept. Raises TranslationUnavailable."""
        ...


class TranslationUnavailable(Unavailable):
    """The translator gives no translation now. What is told never holds what the endpoint answered: it may repeat the key."""

    code = "translation_unavailable"

    def __init__(self, reason: str, **values: object) -> None:
        told = Message(f"knowledge.translation.{reason}", values)
        super().__init__(Message("knowledge.translation.unavailable", {"reason": told}), reason=reason)
