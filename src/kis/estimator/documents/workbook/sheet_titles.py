"""Lawful names for sheets, and texts a file can hold."""

import re
from collections.abc import Iterable
from typing import Final

_LONGEST: Final = 31
"""Excel's limit for the name of a sheet, in UTF-16 units as Excel counts."""
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_RESERVED: Final = frozenset({"history"})
"""Excel keeps this name for itself."""


def sheet_titles(wanted: Iterable[str]) -> list[str]:
    """Return a lawful name for each wanted one, all different also where case is ignored."""
    titles: list[str] = []
    taken = set(_RESERVED)
    for name in wanted:
        plain = _shortened(_FORBIDDEN.sub("_", legal_text(name)).strip().strip("'"), _LONGEST) or "_"
        title, number = plain, 1
        while title.casefold() in taken:
            number += 1
            ending = f" ({number})"
            title = _shortened(plain, _LONGEST - len(ending)) + ending
        taken.add(title.casefold())
        titles.append(title)
    return titles


def legal_text(text: str) -> str:
    """Return ``text`` as one line, without the characters no XML file can hold."""
    return text if text.isascii() and text.isprintable() else "".join(map(_legal, text))


def _legal(character: str) -> str:
    if character in "\t\n\r":
        return " "
    point = ord(character)
    return character if 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000 else "\ufffd"


def _shortened(text: str, units: int) -> str:
    """Return as much of ``text`` as fits, never half a character, and no apostrophe at its end (Excel refuses it)."""
    kept = text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")
    return kept.rstrip().rstrip("'")
