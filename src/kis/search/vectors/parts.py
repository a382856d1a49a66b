"""Long texts cut into parts that a model takes in whole: at paragraphs where it goes, each with the title, without which a part may not say what it is about."""

import re
from collections.abc import Iterator
from typing import Final

PART_CHARACTERS: Final = 1000
"""Of the text in a part: some 500 tokens of Korean, which the common models take (512)."""
TITLE_CHARACTERS: Final = 200
MOST_PARTS: Final = 200
"""What comes after 200,000 characters has no vector; by its terms it is found."""
_PARAGRAPHS: Final = re.compile(r"\n\s*\n")
_ENDS: Final = (re.compile(r"\n"), re.compile(r"(?<=[.!?。])\s"), re.compile(r"\s"))
"""Where a paragraph is cut that is too long: at a line, a sentence, a word."""


def parts_of(title: str, text: str) -> list[str]:
    """Return the parts of a text; one with the title alone where there is no more."""
    head = title.strip()[:TITLE_CHARACTERS]
    packed: list[str] = []
    for piece in _pieces(text):
        if packed and len(packed[-1]) + len(piece) + 1 <= PART_CHARACTERS:
            packed[-1] += f"\n{piece}"
        elif len(packed) == MOST_PARTS:
            break
        else:
            packed.append(piece)
    return [f"{head}\n\n{part}".strip() for part in packed] or [head]


def _pieces(text: str) -> Iterator[str]:
    """Yield the paragraphs, those that are too long in pieces."""
    for paragraph in _PARAGRAPHS.split(text):
        rest = paragraph.strip()
        while len(rest) > PART_CHARACTERS:
            cut = _cut(rest)
            yield rest[:cut].strip()
            rest = rest[cut:].strip()
        if rest:
            yield rest


def _cut(text: str) -> int:
    """Return where to cut a long text: at the last good place in the second half of what fits, else where it no longer fits."""
    for end in _ENDS:
        places = [found.end() for found in end.finditer(text, PART_CHARACTERS // 2, PART_CHARACTERS)]
        if places:
            return places[-1]
    return PART_CHARACTERS
