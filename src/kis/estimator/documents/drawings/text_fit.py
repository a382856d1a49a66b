"""How wide a text is, and how to make it fit: smaller first, then shorter, always the same way.

No font is at hand when a sheet is made, and the reader's machine picks one of a family (Noto Sans KR, Malgun Gothic, a plain
sans-serif). The widths here are upper bounds over that family (and over DejaVu Sans, the widest of the usual stand-ins), so what fits by them fits on every screen.
"""

import unicodedata
from functools import lru_cache
from typing import Final

ASCENT: Final = 0.8
DESCENT: Final = 0.2
"""How far letters reach above and below the baseline, in text sizes (Hangul included)."""

ELLIPSIS: Final = "…"

_WIDTHS: Final = {
    **dict.fromkeys(" ijl.,:;'|", 0.34),
    **dict.fromkeys("ftrI()[]/-!", 0.42),
    **dict.fromkeys('"`·', 0.6),
    **dict.fromkeys("mMWw%@", 1.0),
    **dict.fromkeys("#+<=>^~−", 0.84),
    **dict.fromkeys("0123456789", 0.64),
    **dict.fromkeys("ABEFKLPSVXYZTJ", 0.69),
    **dict.fromkeys("CDGHNOQRU&φ", 0.79),
}
_LOWER_CASE: Final = 0.64
_FULL_WIDTH: Final = 1.0
_OTHER: Final = 0.72
_BOLD: Final = 1.08


def text_width(text: str, size_mm: float, *, bold: bool = False) -> float:
    """Return the greatest width ``text`` can have at ``size_mm``."""
    width = _relative_width(text) * size_mm
    return width * _BOLD if bold else width


def shortened(text: str, width_mm: float, size_mm: float, *, bold: bool = False) -> str:
    """Return ``text``, cut with an ellipsis where it is too wide; empty where not even one letter is left."""
    if text_width(text, size_mm, bold=bold) <= width_mm:
        return text
    for length in range(len(text) - 1, 0, -1):
        cut = text[:length].rstrip() + ELLIPSIS
        if text_width(cut, size_mm, bold=bold) <= width_mm:
            return cut
    return ""


def fitted(
    text: str, width_mm: float, sizes_mm: tuple[float, ...], *, bold: bool = False
) -> tuple[str, float]:
    """Return ``text`` with the first of ``sizes_mm`` (largest first) at which it fits, cut at the last where it fits at none."""
    for size_mm in sizes_mm:
        if text_width(text, size_mm, bold=bold) <= width_mm:
            return text, size_mm
    return shortened(text, width_mm, sizes_mm[-1], bold=bold), sizes_mm[-1]


def wrapped(text: str, width_mm: float, size_mm: float) -> tuple[str, ...]:
    """Return ``text`` in lines no wider than ``width_mm``, broken at spaces, inside a word only where it is wider than a line."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}" if line else word
        if text_width(longer, size_mm) <= width_mm:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, width_mm, size_mm)
        lines += whole
    return (*lines, line) if line else tuple(lines)


def _broken(word: str, width_mm: float, size_mm: float) -> list[str]:
    """Return a word in pieces that fit; one piece where it fits whole."""
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size_mm) > width_mm:
            pieces.append("")
        pieces[-1] += character
    return pieces


@lru_cache(maxsize=8192)
def _relative_width(text: str) -> float:
    """Return the width of ``text`` in text sizes; the same words stand on many sheets and are tried at many sizes."""
    return sum(_width(character) for character in text)


@lru_cache(maxsize=4096)
def _width(character: str) -> float:
    known = _WIDTHS.get(character)
    if known is not None:
        return known
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Cc"):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F", "A"):  # A: ambiguous, full width in Korean fonts
        return _FULL_WIDTH
    if "a" <= character <= "z":
        return _LOWER_CASE
    return _OTHER
