"""What holds for one run of the program: the language, and how the answer is shown."""

import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import click

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


def session_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Session:
    """Return the session that these arguments and this environment ask for."""
    own = list(arguments)
    if "--" in own:
        own = own[: own.index("--")]
    return Session(
        locale=_asked_language(own) or _environment_language(environment),
        as_json=JSON_OPTION in own,
        debug=DEBUG_OPTION in own,
    )


def current_session() -> Session:
    """Return the session of the command being run."""
    context = click.get_current_context(silent=True)
    held = context.find_root().obj if context else None
    return held if isinstance(held, Session) else session_of((), os.environ)


def _asked_language(arguments: Sequence[str]) -> Locale | None:
    for position, argument in enumerate(arguments):
        name, equals, value = argument.partition("=")
        if name == LANGUAGE_OPTION:
            asked = value if equals else "".join(arguments[position + 1 : position + 2])
            return next((locale for locale in LOCALES if locale == asked), None)
    return None


def _environment_language(environment: Mapping[str, str]) -> Locale:
    """KIS_LANG first, then the usual locale variables in their usual order; Korean where they say so, else English."""
    for name in ("KIS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            return "ko" if value.lower().startswith("ko") else "en"
    return "en"
