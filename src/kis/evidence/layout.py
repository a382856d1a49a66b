"""What a pack looks like on disk: the three files evidence adds itself, which names are allowed, how large a pack may be.

A name is a relative path with forward slashes. The rules keep one pack readable everywhere: on file systems that ignore case, with
``sha256sum`` (which escapes back-slashes and line breaks), on Windows, and in a terminal.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from kis.platform.errors import Problem
from kis.platform.messages import Message

CHAIN: Final = "chain.json"
SUMS: Final = "SHA256SUMS"
ATTESTATION: Final = "attestation.dsse.json"
OWN_FILES: Final = frozenset({CHAIN, SUMS, ATTESTATION})

LARGEST_FILE_BYTES: Final = 256 * 2**20
LARGEST_CONTROL_FILE_BYTES: Final = 8 * 2**20
"""SHA256SUMS and the attestation are read into memory: room for the most files with the longest names a pack may hold."""
LARGEST_PACK_BYTES: Final = 2 * 2**30
MOST_ENTRIES: Final = 5_000
"""Files and folders together; 200 panels with a dozen documents each are half of it."""
LONGEST_NAME_BYTES: Final = 240

_TRACE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")
_NOT_PORTABLE = frozenset('\\:*?"<>|')


def is_trace_id(text: str) -> bool:
    """Tell whether ``text`` can name a pack's folder: letters, digits, ``_`` and ``-``."""
    return _TRACE_ID.fullmatch(text) is not None


def name_fault(name: str) -> Message | None:
    """Return why ``name`` cannot be a file of a pack, or None when it can."""
    if not name or name.startswith("/") or any(part in ("", ".", "..") for part in name.split("/")):
        return Message("evidence.name.not_relative")
    if any(part.startswith(".") or part.endswith((".", " ")) for part in name.split("/")):
        return Message("evidence.name.hidden")
    if (
        not name.isprintable()
        or _NOT_PORTABLE.intersection(name)
        or unicodedata.normalize("NFC", name) != name
    ):
        return Message("evidence.name.characters")
    if len(name.encode("utf-8")) > LONGEST_NAME_BYTES:
        return Message("evidence.name.too_long", {"limit": LONGEST_NAME_BYTES})
    return None


def name_problems(names: Iterable[str]) -> tuple[Problem, ...]:
    """Return what is wrong with the names of a pack's files, each by itself and with those before it."""
    problems: list[Problem] = []
    spellings = {own.casefold(): own for own in OWN_FILES}
    folders: set[str] = set()
    for name in names:
        fault = name_fault(name) or _clash(name, spellings, folders)
        if fault:
            problems.append(Problem(shown(name), fault))
    return tuple(problems)


def folders_of(names: Iterable[str]) -> frozenset[str]:
    """Return every folder that holds one of ``names``, however deep."""
    return frozenset(folder for name in names for folder in _folders_above(name))


def shown(name: str) -> str:
    """Return a name found on disk so that it can be printed: what is not printable is escaped, a terminal is not steered by it."""
    printable = "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in name
    )
    return printable if len(printable) <= LONGEST_NAME_BYTES else printable[:LONGEST_NAME_BYTES] + "…"


def _clash(name: str, spellings: dict[str, str], folders: set[str]) -> Message | None:
    """Enter ``name`` and the folders above it; say so when one of them is there already in another spelling or as another thing."""
    if name in OWN_FILES:
        return Message("evidence.name.reserved")
    if name.casefold() in spellings:
        return Message("evidence.name.duplicate", {"other": spellings[name.casefold()]})
    above = _folders_above(name)
    for folder in above:
        other = spellings.get(folder.casefold(), folder)
        if other != folder or (folder.casefold() in spellings and folder not in folders):
            return Message("evidence.name.duplicate", {"other": other})
    spellings.update((spelling.casefold(), spelling) for spelling in (name, *above))
    folders.update(above)
    return None


def _folders_above(name: str) -> tuple[str, ...]:
    parts = name.split("/")
    return tuple("/".join(parts[:depth]) for depth in range(1, len(parts)))
