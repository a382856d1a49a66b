"""In which language a caller is answered: ``?locale=``, else Accept-Language, else Korean."""

from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl

from starlette.types import Scope

from kis.platform.messages import DEFAULT_LOCALE, LOCALES, Locale

_MOST_RANGES: Final = 20
"""A browser sends three or four; the rest of a long header is not read."""


def locale_of(scope: Scope) -> Locale:
    """Return the language in which the request of ``scope`` wants to be answered, also when it is otherwise wrong."""
    query = scope.get("query_string", b"")
    if b"locale=" in query:
        asked = next((value for name, value in _pairs(query) if name == "locale"), "")
        for locale in LOCALES:
            if asked == locale:
                return locale
    header = next((value for name, value in scope.get("headers", ()) if name == b"accept-language"), b"")
    return accepted_locale(header.decode("latin-1"))


def accepted_locale(accept_language: str) -> Locale:
    """Return the language an Accept-Language header prefers among ours (RFC 9110, 12.5.4)."""
    ranges = [_range(part) for part in accept_language.split(",")[:_MOST_RANGES]]
    for quality, name in sorted(ranges, key=lambda each: -each[0]):
        for locale in LOCALES:
            if quality > 0 and name.split("-")[0] == locale:
                return locale
    return DEFAULT_LOCALE


def _range(part: str) -> tuple[float, str]:
    name, _, weight = part.strip().partition(";")
    quality = weight.replace(" ", "").removeprefix("q=")
    try:
        return (float(quality) if quality else 1.0), name.strip().casefold()
    except ValueError:
        return 0.0, name


def _pairs(query: bytes) -> Iterable[tuple[str, str]]:
    try:
        return parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=100)
    except ValueError:
        return _none()


def _none() -> Iterator[tuple[str, str]]:
    return iter(())
