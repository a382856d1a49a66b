"""Words that Korean took over by their sound: 엔코더 and encoder are found by each other though no glossary has them.

Both are written down as the consonants that are heard, those that either language confuses as one: f, p, b and v; l and r; s, z, j and ch. An r that
no vowel follows is not heard, and ㅡ only carries a consonant. The first vowel must be one that the other may be heard as.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

SHORTEST: Final = 2
"""Consonants of a sound that are no chance."""
MOST_FOUND: Final = 4
_FIRST_SYLLABLE: Final = 0xAC00
_CLOSINGS: Final = 28
_VOWELS: Final = 21
_OPENING_SOUNDS: Final = "KKNTTLMPPSS_SSSKTPH"
"""Of ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ."""
_VOWEL_SOUNDS: Final = "aeaeueueoaeeooueio_ii"
"""Of ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅘ ㅙ ㅚ ㅛ ㅜ ㅝ ㅞ ㅟ ㅠ ㅡ ㅢ ㅣ."""
_CLOSING_SOUNDS: Final = "_KKKNNNTLLLLLLLLMPPTTNTTKTPT"
_HEARD_AS: Final = {"a": "ae", "e": "eiu", "i": "ia", "o": "oau", "u": "uoai", "y": "ai"}
"""The Korean vowels that an English one, or the first of several together, may be heard as."""
_ROUND_AS: Final = "aeo"
"""As _HEARD_AS, of an a that w, u or l makes round."""
_FAINT: Final = 3
"""Consonants from which on an English vowel may be as good as none: the o of button."""
_SPELLINGS: Final = (
    (re.compile(r"tion|ssion|sion"), "SN"),
    (re.compile(r"dge?|tch|sch|ch|sh|[sz]"), "S"),
    (re.compile(r"ph"), "P"),
    (re.compile(r"gh|wh|(?<=[ao])l(?=[km])|^k(?=n)"), ""),
    (re.compile(r"th"), "S"),
    (re.compile(r"c(?=[eiy])|g(?=e$|es$|y|in)|j"), "S"),
    (re.compile(r"x"), "KS"),
    (re.compile(r"ng(?![aeiou])"), "N"),
    (re.compile(r"ck|[cgkq]"), "K"),
    (re.compile(r"[fpbv]"), "P"),
    (re.compile(r"[dt]"), "T"),
    (re.compile(r"r(?![aeiouy])|re$"), ""),
    (re.compile(r"[lr]"), "L"),
    (re.compile(r"n"), "N"),
    (re.compile(r"m"), "M"),
    (re.compile(r"(?<![a-zA-Z])h(?=[aeiouy])"), "H"),
    (re.compile(r"[h]"), ""),
)
_ENGLISH: Final = re.compile(r"[a-z]{4,20}")
_KOREAN: Final = re.compile(r"[가-힣]{2,12}")
_PLURAL: Final = re.compile(r"(?<=[sxz])es$|(?<=[^s])s$")
_VOWEL_RUN: Final = re.compile(r"(?<=q)u|[aeiouy]+(?=([lw]?))")
_SILENT: Final = re.compile(r"(?<=[^aeiouy])e$")
_TWICE: Final = re.compile(r"([A-Z])\1")


class Sound(NamedTuple):
    """The consonants that are heard of a word."""

    consonants: str
    begins_with_vowel: bool


class Spoken(NamedTuple):
    """How a word is heard."""

    sound: Sound
    vowels: tuple[str, ...]
    """Of a Korean word each of its vowels, ``_`` for ㅡ; of an English one what each may be heard as."""


@lru_cache(maxsize=20_000)
def korean_spoken(word: str) -> Spoken:
    """Return how a Korean word is heard."""
    heard: list[str] = []
    vowels: list[str] = []
    closing = "K"
    for letter in word:
        opening, vowel = divmod((ord(letter) - _FIRST_SYLLABLE) // _CLOSINGS, _VOWELS)
        sound = _OPENING_SOUNDS[opening]
        if not (sound == "_" == closing and vowels):  # 페이더 has the two vowels of fader
            vowels.append(_VOWEL_SOUNDS[vowel])
        heard.append("" if sound == "_" or (sound == "L" == closing) else sound)
        closing = _CLOSING_SOUNDS[(ord(letter) - _FIRST_SYLLABLE) % _CLOSINGS]
        heard.append(closing.strip("_"))
    if len(vowels) > 1 and word[-1] in "지치쉬시":  # stage ends with a vowel only where it is Korean
        vowels[-1] = "_"
    return Spoken(Sound("".join(heard), not heard[0]), tuple(vowels))


@lru_cache(maxsize=20_000)
def english_spoken(word: str) -> Spoken:
    """Return how an English word is heard."""
    word = _PLURAL.sub("", word)
    heard = word
    for pattern, sound in _SPELLINGS:
        heard = pattern.sub(sound, heard)
    consonants = re.sub(r"[^A-Z]", "", _TWICE.sub(r"\1", heard))
    runs = _VOWEL_RUN.finditer(_SILENT.sub("", _SILENT.sub("", word).replace("qu", "k")))
    vowels = (
        _ROUND_AS if run[0] == "au" or (run[0] == "a" and run[1]) else _HEARD_AS[run[0][0]] for run in runs
    )
    return Spoken(Sound(consonants, word[:1] in set("aeiouy")), tuple(vowels))


def is_heard(korean: str, english: str) -> bool:
    """Tell whether a Korean word sounds as an English one."""
    one, other = korean_spoken(korean), english_spoken(english)
    count = len(one.sound.consonants)
    return one.sound == other.sound and count >= SHORTEST and _go_together(one.vowels, other.vowels, count)


def _go_together(korean: tuple[str, ...], english: tuple[str, ...], consonants: int) -> bool:
    if not korean:
        return not english
    if korean[0] == "_":
        is_faint = bool(english) and consonants >= _FAINT
        return _go_together(korean[1:], english, consonants) or (
            is_faint and _go_together(korean[1:], english[1:], consonants)
        )
    return bool(english) and korean[0] in english[0] and _go_together(korean[1:], english[1:], consonants)


class Heard:
    """The words of a document by how they are heard."""

    def __init__(self, words: Iterable[str]) -> None:
        """Take in the words: those of Latin letters, and the Korean ones without their particles."""
        self._english: dict[Sound, list[str]] = {}
        self._korean: dict[Sound, list[str]] = {}
        for word in words:
            if _ENGLISH.fullmatch(word):
                self._english.setdefault(english_spoken(word).sound, []).append(word)
            elif _KOREAN.fullmatch(word):
                self._korean.setdefault(korean_spoken(word).sound, []).append(word)

    def others_of(self, word: str) -> list[str]:
        """Return the words of the document in the other letters that sound as ``word`` does."""
        if _ENGLISH.fullmatch(word):
            near = self._korean.get(english_spoken(word).sound, ())
            return [one for one in near if is_heard(one, word)][:MOST_FOUND]
        if _KOREAN.fullmatch(word):
            near = self._english.get(korean_spoken(word).sound, ())
            return [one for one in near if is_heard(word, one)][:MOST_FOUND]
        return []
