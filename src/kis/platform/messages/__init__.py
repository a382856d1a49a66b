"""The message catalogue: every sentence a user can read, once, in Korean and English.

``<area>.yaml`` beside this module holds the entries of one area, nested as deep as its keys; the full key of an entry is ``area.key…``.
An area is read when its first message is shown, so a command pays only for what it says.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

from kis.platform.messages.particles import with_particles

Locale = Literal["ko", "en"]
DEFAULT_LOCALE: Final[Locale] = "ko"
LOCALES: Final[tuple[Locale, ...]] = ("ko", "en")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence by its key, with the values to put into it; rendered only where it is shown.

    A value may itself be a Message, or a tuple of Messages (joined with commas).
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def text(self, locale: Locale = DEFAULT_LOCALE) -> str:
        """Return the sentence in ``locale``. Raises KeyError for a key the catalogue does not hold."""
        shown = {name: _shown(value, locale) for name, value in self.values.items()}
        text = template(self.key, locale).format(**shown)
        return with_particles(text) if locale == "ko" else text


def template(key: str, locale: Locale) -> str:
    """Return the unfilled sentence of ``key``; KeyError names the key when it is missing."""
    entry: Any = area(key.partition(".")[0])
    for part in key.split(".")[1:]:
        if not isinstance(entry, dict) or part not in entry:
            raise KeyError(f"message {key!r} is not in the catalogue")
        entry = entry[part]
    return str(entry[locale])


@cache
def area(name: str) -> dict[str, Any]:
    """Return the entries of one area file."""
    import yaml

    text = files(__name__).joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, in C where there is one
    return loaded


def areas() -> tuple[str, ...]:
    """Return the names of all areas, for checks over the whole catalogue."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in files(__name__).iterdir()
            if entry.name.endswith(".yaml")
        )
    )


def _shown(value: object, locale: Locale) -> object:
    if isinstance(value, Message):
        return value.text(locale)
    if isinstance(value, tuple):
        return ", ".join(str(_shown(item, locale)) for item in value)
    return value
