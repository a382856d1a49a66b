"""What a text would be on the other layout of the keyboard: the Korean one (두벌식, KS X 5002) and the Latin one share their keys.

Who forgets the key 한/영 types ``ckeksrl`` and means 차단기, or types ㅡㅊㅊㅠ and means mccb.
"""

import re
from typing import Final

from kis.search.typing.jamo import compose, is_syllable, letters

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


def to_hangul(latin: str) -> str:
    """Return what comes when these Latin letters are typed on the Korean layout; anything else stays."""
    return _LATIN.sub(lambda found: compose(found[0].translate(_TO_LETTER)), latin)


def to_latin(hangul: str) -> str:
    """Return what comes when these Korean syllables and letters are typed on the Latin layout; anything else stays."""
    return letters(hangul).translate(_TO_KEY)


def other_layout(text: str) -> str | None:
    """Return what ``text`` would be if the keyboard had been on the other layout, word by word; None where no word gives anything sensible.

    A Latin word is read so where it becomes whole syllables and nothing else; a Korean one where it is no word as it stands, because some of its
    letters make no syllable. Words in both scripts at once, addresses, digits and signs stay: they are the same on both layouts or were meant.
    """
    parts = [
        part if _ADDRESS.search(part) else _WORD.sub(_reading, part) for part in re.split(r"(\s+)", text)
    ]
    read = "".join(parts)
    return None if read == text else read


def _reading(found: re.Match[str]) -> str:
    word = found[0]
    if _is_in_both_scripts(found):
        return word
    if found["korean"]:
        return word if _is_whole(word) else to_latin(word)
    read = to_hangul(word.swapcase() if _has_caps_lock(word) else word)
    return read if _is_whole(read) else word


def _is_in_both_scripts(found: re.Match[str]) -> bool:
    """Return whether the word goes on in the other script; its own it has taken whole."""
    text, start, end = found.string, found.start(), found.end()
    return bool(_WORD.match(text[max(start - 1, 0) : start]) or _WORD.match(text[end : end + 1]))


def _is_whole(word: str) -> bool:
    return all(map(is_syllable, word))


def _has_caps_lock(word: str) -> bool:
    """Return whether a word is in capitals though nobody needs shift for some of its keys."""
    return word.isupper() and any(key not in _KEYS for key in word)
