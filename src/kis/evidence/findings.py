"""One thing that a look at evidence brought up."""

from dataclasses import dataclass

from kis.platform.messages import DEFAULT_LOCALE, Locale, Message


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with which file (of a pack; ``.`` is the pack itself) or which pack (of a chain)."""

    path: str
    message: Message

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return ``path: what is wrong``."""
        return f"{self.path}: {self.message.text(locale)}"
