"""The words a part is found by.

Nothing is left to the database's idea of a word: model names are full of dashes, spaces and digits, and Korean is written in several forms. Words
are folded here (NFKC, lower case), each way a name is usually typed is a word of its own (``ABN-53``: abn-53, abn53, abn, 53), and a question is
a prefix of one word for each word it has. The database only keeps them in its text index.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from kis.platform.messages import LOCALES, Message

MOST_WORDS: Final = 8
"""Words of a question that are looked at."""
LONGEST_WORD: Final = 60

_PIECE: Final = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?")
_GLUE: Final = re.compile(r"[\s\-_/().,]+")


def fold(text: str) -> str:
    """Return ``text`` as it is compared: composed, compatible forms (full width letters, unit signs) made plain, lower case, nothing invisible."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter if letter.isprintable() else " " for letter in folded).strip()


def item_words(kind: str, columns: Mapping[str, Any]) -> str:
    """Return all words of a part of ``kind`` (breaker, enclosure, accessory), each once, divided by one space."""
    words: dict[str, None] = {}
    for value in _described(kind, columns):
        words.update(dict.fromkeys(_forms(value)))
    return " ".join(words)


def question(text: str) -> str:
    """Return the text query for what somebody typed; empty when it holds no word. Every word must begin a word of the part."""
    asked = [word[:LONGEST_WORD] for word in fold(text).split() if _GLUE.sub("", word)]
    return " & ".join(_prefix(word) for word in asked[:MOST_WORDS])


def _prefix(word: str) -> str:
    joined = _GLUE.sub("", word)
    one = f"{_quoted(word)}:*"
    return one if joined == word else f"({one} | {_quoted(joined)}:*)"


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def _described(kind: str, columns: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is written on a part, and what people call it."""
    yield from (str(columns.get(name) or "") for name in ("model", "make", "series", "mounting", "material"))
    yield from _called(kind, columns)
    if kind == "breaker":
        yield f"{columns['frame_af']}af {columns['poles']}p"
        yield " ".join(f"{rating}a" for rating in str(columns["ratings_a"]).split("/"))
        if columns.get("sensitivity_ma"):
            yield f"{columns['sensitivity_ma']}ma"
    elif kind == "enclosure":
        yield "x".join(str(columns[name]) for name in ("width_mm", "height_mm", "depth_mm"))
        if columns.get("ip"):
            yield f"ip{columns['ip']}"
    else:
        yield str(columns["kind"])


def _called(kind: str, columns: Mapping[str, Any]) -> Iterator[str]:
    names = {
        "breaker": ("breaker", str(columns.get("kind")), f"grade_{columns.get('grade')}"),
        "enclosure": ("enclosure", f"material_{columns.get('material')}", str(columns.get("mounting"))),
        "accessory": ("accessory", str(columns.get("kind"))),
    }[kind]
    for name in names:
        key = _GLUE.sub("_", name)
        if key in _NAMED:
            yield from (Message(f"catalog_store.words.{key}").text(locale) for locale in LOCALES)


def _forms(text: str) -> Iterator[str]:
    """Yield the ways one phrase is typed: its words, each without its dashes, their pieces, and all of it in one."""
    folded = fold(text)
    words = folded.split()
    for word in words:
        yield from _checked(word)
        yield from _checked(_GLUE.sub("", word))
        for piece in _PIECE.findall(word):
            yield from _checked(piece)
    if 1 < len(words) <= 4:
        yield from _checked(_GLUE.sub("", folded))


def _checked(word: str) -> Iterator[str]:
    plain = word.strip("-_/().,")
    if plain:
        yield plain[:LONGEST_WORD]


_NAMED: Final = frozenset(
    {
        "breaker",
        "MCCB",
        "ELB",
        "grade_small",
        "grade_compact",
        "grade_economy",
        "grade_standard",
        "grade_modular",
        "enclosure",
        "material_steel",
        "material_SUS201",
        "indoor_surface",
        "indoor_surface_ready_made",
        "outdoor_surface",
        "recessed",
        "accessory",
        "magnetic_contactor",
        "timer_24h",
        "timer_sunset",
        "meter_3ph",
        "meter_1ph",
        "meter_ct",
        "fuse_holder",
        "terminal_block",
        "pvc_duct",
        "push_button",
        "spd",
        "va_meter",
        "selector_switch",
        "ct",
    }
)
"""What has other names than its own in the message catalogue; a shop's own kinds are found by the words they are written with."""
