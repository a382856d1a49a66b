"""What holds for one run of the program: the language, and how the answer is shown."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import click

from kis.platform import settings
from kis.platform.messages import LOCALES, Locale, Message

LANGUAGE_OPTION: Final = "--lang"
JSON_OPTION: Final = "--json"
DEBUG_OPTION: Final = "--debug"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One run. Read from the raw arguments, because a wrong argument must already be explained in the right way."""

    locale: Locale
    as_json: bool = False
    debug: bool = False
    trace_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def text(self, message: Message) -> str:
        """Return ``message`` in the reader's language."""
        return message.text(self.locale)


def session_of(arguments: Sequence[str]) -> Session:
    """Return the session that these arguments ask for; what they leave open the settings of the installation say."""
    own = list(arguments)
    if "--" in own:
        own = own[: own.index("--")]
    return Session(
        locale=_asked_language(own) or settings.locale(),
        as_json=JSON_OPTION in own,
        debug=DEBUG_OPTION in own,
    )


def current_session() -> Session:
    """Return the session of the command being run."""
    context = click.get_current_context(silent=True)
    held = context.find_root().obj if context else None
    return held if isinstance(held, Session) else session_of(())


def _asked_language(arguments: Sequence[str]) -> Locale | None:
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == LANGUAGE_OPTION:
            asked = value if equals else "".join(arguments[position + 1 : position + 2])
            return next((locale for locale in LOCALES if locale == asked), None)
    return None
