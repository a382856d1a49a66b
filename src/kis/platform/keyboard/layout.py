"""What a text would be on the other layout of the keyboard: the Korean one (두벌식, KS X 5002) and the Latin one share their keys.

Who forgets the key 한/영 types ``ckeksrl`` and means 차단기, or types ㅡㅊㅊㅠ and means mccb.
"""

import re
from typing import Final

from kis.platform.keyboard.jamo import compose, is_syllable, letters

_KEYS: Final = dict(
    zip(
        "qwertyuiopasdfghjklzxcvbnmQWERTOP",
        "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡㅃㅉㄸㄲㅆㅒㅖ",
        strict=True,
    )
)
"""What each key writes; a capital letter is the key with shift, which the others do not heed."""
_TO_LETTER: Final = str.maketrans(
    {key.upper(): letter for key, letter in _KEYS.items() if key.islower()} | _KEYS
)
_TO_KEY: Final = str.maketrans({letter: key for key, letter in _KEYS.items()})

_LATIN: Final = re.compile("[A-Za-z]+")
_WORD: Final = re.compile("(?P<latin>[A-Za-z]+)|(?P<korean>[ㄱ-ㅣ가-힣]+)")
_ADDRESS: Final = re.compile("://|@")
_ABBREVIATION: Final = re.compile(r"[km]?[A-Z]{1,12}|(?<=\d)[mc]?m")
"""What a Korean word may begin with: MCCB, A, kA; after a number also mm, cm and m."""


def to_hangul(latin: str) -> str:
    """Return what comes when these Latin letters are typed on the Korean layout; anything else stays."""
    return _LATIN.sub(lambda found: compose(found[0].translate(_TO_LETTER)), latin)


def to_latin(hangul: str) -> str:
    """Return what comes when these Korean syllables and letters are typed on the Latin layout; anything else stays."""
    return letters(hangul).translate(_TO_KEY)


def other_layout(text: str) -> str | None:
    """Return what ``text`` would be if the keyboard had been on the other layout, word by word; None where no word gives anything sensible.

    A Latin word is read so where it becomes whole syllables and nothing else, or an abbreviation followed by such (``MCCBdml``: MCCB의); a Korean one
    where it is no word as it stands, because some of its letters make no syllable. Words in both scripts at once, abbreviations, addresses, digits and
    signs stay: they are the same on both layouts or were meant.
    """
    reading = _reading_in_capitals if text == text.upper() else _reading
    parts = re.split(r"(\s+)", text)
    read = "".join(part if _ADDRESS.search(part) else _WORD.sub(reading, part) for part in parts)
    return None if read == text else read


def _reading_in_capitals(found: re.Match[str]) -> str:
    """Return the reading of a word of a text in capitals: with caps lock, where that gives more than a syllable. SPD and SUS are no 넹 and 년."""
    word = found[0]
    if found["korean"] or not _has_needless_capital(word) or _is_in_both_scripts(found):
        return _reading(found)
    read = to_hangul(word.swapcase())
    return read if len(read) > 1 and _is_whole(read) else word


def _reading(found: re.Match[str]) -> str:
    word = found[0]
    if _is_in_both_scripts(found):
        return word
    if found["korean"]:
        return word if _is_whole(word) else to_latin(word)
    for cut in _cuts(found):
        read = to_hangul(word[cut:])
        if read and _is_whole(read) and not (cut and _has_needless_capital(word[cut:])):
            return word[:cut] + read
    return word


def _cuts(found: re.Match[str]) -> list[int]:
    """Return how many letters of a Latin word may be an abbreviation before a Korean word, the likeliest first."""
    word = found[0]
    abbreviation = _ABBREVIATION.match(found.string, found.start())
    longest = len(abbreviation[0]) if abbreviation else 0
    cuts = list(range(longest, 0, -1))
    if longest < 2 or not _has_needless_capital(word[:longest]):
        return [0, *cuts]  # all of it is Korean; so Ckeksrl, because telephones begin with a capital
    return [*cuts, 0] if longest < len(word) else cuts


def _is_in_both_scripts(found: re.Match[str]) -> bool:
    """Return whether the word goes on in the other script; its own it has taken whole."""
    text, start, end = found.string, found.start(), found.end()
    return bool(_WORD.match(text[max(start - 1, 0) : start]) or _WORD.match(text[end : end + 1]))


def _is_whole(word: str) -> bool:
    return all(map(is_syllable, word))


def _has_needless_capital(word: str) -> bool:
    """Return whether a letter is a capital though its key has no other letter with shift: nobody types Korean so."""
    return any(key.isupper() and key not in _KEYS for key in word)
