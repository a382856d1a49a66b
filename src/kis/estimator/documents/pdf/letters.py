"""Which letters a page can show, and what stands for those it cannot.

PDF/A allows no missing glyph, and a customer may write anything. So every text is cleaned before it is set: composed (NFC, a name typed on a Mac comes
taken apart), without control characters and without the invisible ones that turn the direction of writing (they could make a price read otherwise
than it is), and with □ for each letter that no font at hand has.
"""

import struct
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

MISSING: Final = "□"
FALLBACK_RANGES: Final = ((0xA1, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3CE), (0x2010, 0x2012))
FALLBACK_SINGLES: Final = "−✓✔"
"""What the sans-serif that comes inside Typst (DejaVu Sans Mono) is used for: accented Latin, Greek, and the few signs the Korean font lacks."""
_FALLBACK: Final = frozenset(
    [chr(code) for first, last in FALLBACK_RANGES for code in range(first, last + 1)] + list(FALLBACK_SINGLES)
)
_REPLACEMENTS: Final = (("\u00b5", "\u03bc"), ("\u00a0", " "), ("\t", " "), ("\n", " "), ("\r", " "))
"""Micro sign as the Greek letter (Unicode NFKC holds them for the same)."""


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters that the fonts of a document have."""

    known: frozenset[str]

    def clean(self, text: str) -> str:
        """Return ``text`` as it can be set."""
        composed = unicodedata.normalize("NFC", text)
        for (
            letter,
            instead,
        ) in _REPLACEMENTS:  # drawings are long, and replacing is many times faster than translating
            composed = composed.replace(letter, instead)
        for letter in set(composed) - self.known:
            composed = composed.replace(letter, self._instead(letter))
        return composed

    def cleaned(self, value: Any) -> Any:
        """Return ``value`` (texts in dictionaries and lists) with every text clean."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, dict):
            return {name: self.cleaned(below) for name, below in value.items()}
        if isinstance(value, list | tuple):
            return [self.cleaned(below) for below in value]
        return value

    @staticmethod
    def _instead(letter: str) -> str:
        return "" if unicodedata.category(letter) in ("Cc", "Cf", "Cs") else MISSING


def letters_of(own: list[bytes], korean: list[bytes]) -> Letters:
    """Return the letters of a document whose font files are ``own`` (the company's) before ``korean`` (ours); regular and bold must both have one."""
    return Letters(known=_shared(own) | _shared(korean) | _FALLBACK)


def font_letters(font: bytes) -> frozenset[str]:
    """Return the printable letters of an OpenType font (its Unicode cmap, formats 4 and 12); none where the file is no such font."""
    try:
        codes = set(_codes(font))
    except (struct.error, ValueError):
        return frozenset()
    letters = (chr(code) for code in codes if code <= 0x10FFFF and not 0xD800 <= code < 0xE000)
    return frozenset(
        letter for letter in letters if letter == " " or unicodedata.category(letter)[0] in "LMNPS"
    )


def _shared(fonts: list[bytes]) -> frozenset[str]:
    sets = [font_letters(font) for font in fonts]
    return frozenset.intersection(*sets) if sets else frozenset()


def _codes(font: bytes) -> Iterator[int]:
    """Yield the code points of the first Unicode table of the font (OpenType specification, ``cmap``)."""
    tables = struct.unpack_from(">H", font, 4)[0]
    records = [struct.unpack_from(">4sLLL", font, 12 + 16 * index) for index in range(tables)]
    cmap = next((offset for tag, _, offset, _ in records if tag == b"cmap"), None)
    if cmap is None:
        return
    for index in range(struct.unpack_from(">H", font, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", font, cmap + 4 + 8 * index)
        if platform != 0 and (platform, encoding) not in ((3, 1), (3, 10)):
            continue
        table = cmap + offset
        form = struct.unpack_from(">H", font, table)[0]
        if form == 4:
            yield from _codes_of_segments(font, table)
        elif form == 12:
            yield from _codes_of_groups(font, table)


def _codes_of_segments(font: bytes, table: int) -> Iterator[int]:
    count = struct.unpack_from(">H", font, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", font, table + 14)
    starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", font, table + 16 + 2 * count * index) for index in (1, 2, 3)
    )
    first_offset = table + 16 + 6 * count
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, end + 1):
            if offsets[index] == 0:
                glyph = code + deltas[index] & 0xFFFF
            else:
                place = first_offset + 2 * index + offsets[index] + 2 * (code - start)
                glyph = struct.unpack_from(">H", font, place)[0]
            if glyph:
                yield code


def _codes_of_groups(font: bytes, table: int) -> Iterator[int]:
    for index in range(struct.unpack_from(">L", font, table + 12)[0]):
        first, last, _ = struct.unpack_from(">LLL", font, table + 16 + 12 * index)
        if last > 0x10FFFF:
            raise ValueError("no cmap")
        yield from range(first, last + 1)
