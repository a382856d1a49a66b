"""Names and typed texts as key presses: the one form in which both are compared.

A text becomes the keys that were pressed for it, small and without what separates words: TD-17KVX, ``td17kvx`` and ``td 17 kvx`` are ``td17kvx``. A
Korean syllable becomes the keys of its letters on the two-set layout (차단기 is ``ckeksrl``), so a syllable that is half typed is the beginning of the
whole one, a slip of a finger is one wrong key, and a text typed on the wrong layout is the same keys as on the right one. What this loses (whether it
was Korean, where words begin) is kept beside the keys, as places in bits: the lowest bit is the first key.

Initials (ㅊㄷㄱ for 차단기) are another form: there each syllable is its first consonant.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from kis.platform.keyboard.jamo import BEGINNINGS, beginning, is_syllable, letters
from kis.platform.keyboard.layout import to_latin

MOST_CHARACTERS: Final = 200
"""Of a typed text so much is read; nobody types more before having chosen."""
MOST_KEYS: Final = 96
"""Of a name or a typed text so much is compared: some 35 Korean syllables."""
MOST_WORDS: Final = 8
"""Typed words that are looked up one by one."""

_KOREAN: Final = "가-힣ㄱ-ㆎᄀ-ᇿ"
_TOKEN: Final = re.compile(rf"[{_KOREAN}]+|[0-9]+|\++|[^\W_0-9{_KOREAN}]+")
"""Letters of one script, a number, or the plus that is all the difference between two models."""
_PLAIN_TOKEN: Final = re.compile(r"[a-z]+|[0-9]+|\++")
_PLAIN_KOREAN: Final = re.compile("[\\x00-\\x7f가-힣]*")
"""What no normal form changes: no accents, no widths, every syllable in one piece."""
_GAP: Final = re.compile(r"[\s,;/|()\[\]]+")
"""What stands between words; a hyphen or a point is within one."""
_LONE_CONSONANT: Final = re.compile("[ㄱ-ㅎ]")
_LONE_VOWEL: Final = re.compile("[ㅏ-ㅣ]")
_UNACCENTED: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})
"""Letters that no normal form takes apart."""


class Pressed(NamedTuple):
    """A text as key presses."""

    keys: str
    starts: int
    """Bit by bit, whether a word begins at that key: also where letters and digits or two scripts meet."""
    inner: int
    """Whether a further Korean syllable begins there: compounds are written as one word (누전차단기)."""
    korean: int
    """Whether the key was pressed for something Korean."""


class Typed(NamedTuple):
    """What somebody typed, in one of the two forms."""

    keys: str
    starts: int
    words: tuple[str, ...]
    """The same keys cut at spaces, each word once."""
    is_korean: bool
    """Whether it begins with something Korean."""
    has_korean: bool


def folded(text: str) -> str:
    """Return ``text`` without capitals, accents and widths; Korean as syllables."""
    if text.isascii():
        return text.lower()
    if _PLAIN_KOREAN.fullmatch(text):
        return text.lower()
    apart = unicodedata.normalize("NFKD", text).casefold().translate(_UNACCENTED)
    bare = "".join(character for character in apart if not unicodedata.combining(character))
    return unicodedata.normalize("NFC", bare)


def pressed(text: str) -> Pressed:
    """Return the key presses of a text."""
    return _joined(folded(text), as_initials=False)


def pressed_initials(text: str) -> Pressed | None:
    """Return the initials of a name, with what is not Korean as it is; None where nothing is Korean."""
    plain = folded(text)
    return _joined(plain, as_initials=True) if any(map(is_syllable, plain)) else None


def read_typed(text: str) -> Typed:
    """Return a typed text as key presses."""
    plain = folded(text[:MOST_CHARACTERS])
    keys = _joined(plain, as_initials=False)
    words = (_keys_of(word) for word in _GAP.split(plain)[: MOST_WORDS + 2])
    return _typed(keys, words)


def read_initials(text: str) -> Typed | None:
    """Return a typed text as initials; None where no consonant stands alone, or a vowel does: then a keyboard is on the wrong layout."""
    text = text[:MOST_CHARACTERS]
    if text.isascii() or not _LONE_CONSONANT.search(text) or _LONE_VOWEL.search(text):
        return None
    plain = folded(text)
    words = ("".join(_parts_of_initials(word)) for word in _GAP.split(plain)[: MOST_WORDS + 2])
    return _typed(_joined(plain, as_initials=True), words)


def _typed(text: Pressed, words: Iterator[str]) -> Typed:
    kept = tuple(dict.fromkeys(word[:MOST_KEYS] for word in words if word))[:MOST_WORDS]
    return Typed(text.keys, text.starts, kept, bool(text.korean & 1), bool(text.korean))


def _joined(plain: str, *, as_initials: bool) -> Pressed:
    pieces: list[str] = []
    starts = inner = korean = place = 0
    for token in (_PLAIN_TOKEN if plain.isascii() else _TOKEN).findall(plain):
        starts |= 1 << place
        if token[0].isascii():
            pieces.append(token)
            place += len(token)
        else:
            before = place
            for character in token:
                keys = _initial(character) if as_initials else _keys(character)
                inner |= 1 << place
                pieces.append(keys)
                place += len(keys)
            if _is_korean(token[0]):
                korean |= (1 << place) - (1 << before)
            else:
                inner &= (1 << before) - 1
        if place >= MOST_KEYS:
            break
    within = (1 << MOST_KEYS) - 1
    return Pressed("".join(pieces)[:MOST_KEYS], starts & within, inner & ~starts & within, korean & within)


@lru_cache(maxsize=4_000)
def _keys_of(word: str) -> str:
    if word.isascii():
        return "".join(_PLAIN_TOKEN.findall(word))
    return "".join(_keys(character) for token in _TOKEN.findall(word) for character in token)


def _parts_of_initials(word: str) -> Iterator[str]:
    return (_initial(character) for token in _TOKEN.findall(word) for character in token)


@lru_cache(maxsize=12_000)
def _keys(character: str) -> str:
    return character if character.isascii() else to_latin(character).lower()


@lru_cache(maxsize=12_000)
def _initial(character: str) -> str:
    """Return the consonant of a syllable; typed consonants that a keyboard made one (ㄳ) are two again."""
    return beginning(character) if is_syllable(character) else letters(character)


def _is_korean(character: str) -> bool:
    return is_syllable(character) or letters(character)[0] in BEGINNINGS or "ㄱ" <= letters(character) <= "ㆎ"
