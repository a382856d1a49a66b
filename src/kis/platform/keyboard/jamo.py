"""Korean in letters, as they are typed one after the other, and back.

A syllable is a beginning, a vowel and perhaps an end (차 = ㅊ + ㅏ, 값 = ㄱ + ㅏ + ㅄ). A keyboard has no key for most double vowels and double ends, so
in *letters* they are two: ㅘ is ㅗㅏ, ㅄ is ㅂㅅ. ㄲ ㄸ ㅃ ㅆ ㅉ ㅒ ㅖ have keys (with shift) and stay one. Written so, a text that is being typed is at any
moment the beginning of what it will be, and one slip of a finger is one wrong letter.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

BEGINNINGS: Final = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
VOWELS: Final = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
ENDS: Final = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
"""In the order Unicode counts syllables by."""

TYPED_AS: Final = {
    "ㅘ": "ㅗㅏ",
    "ㅙ": "ㅗㅐ",
    "ㅚ": "ㅗㅣ",
    "ㅝ": "ㅜㅓ",
    "ㅞ": "ㅜㅔ",
    "ㅟ": "ㅜㅣ",
    "ㅢ": "ㅡㅣ",
    "ㄳ": "ㄱㅅ",
    "ㄵ": "ㄴㅈ",
    "ㄶ": "ㄴㅎ",
    "ㄺ": "ㄹㄱ",
    "ㄻ": "ㄹㅁ",
    "ㄼ": "ㄹㅂ",
    "ㄽ": "ㄹㅅ",
    "ㄾ": "ㄹㅌ",
    "ㄿ": "ㄹㅍ",
    "ㅀ": "ㄹㅎ",
    "ㅄ": "ㅂㅅ",
}
"""Letters that are typed with two keys."""

FIRST_SYLLABLE: Final = "가"
LAST_SYLLABLE: Final = "힣"

_PAIRS: Final = {pair: letter for letter, pair in TYPED_AS.items()}
_VOWEL_PAIRS: Final = "|".join(pair for letter, pair in TYPED_AS.items() if letter in VOWELS)
_END_PAIRS: Final = "|".join(pair for letter, pair in TYPED_AS.items() if letter in ENDS)
_SYLLABLE: Final = re.compile(
    f"(?P<beginning>[{BEGINNINGS}])(?P<vowel>{_VOWEL_PAIRS}|[{VOWELS}])(?P<end>(?:{_END_PAIRS}|[{ENDS}])(?![{VOWELS}]))?"
    f"|(?P<lone_vowels>{_VOWEL_PAIRS})"
)
"""What the composing automaton of a keyboard puts into one syllable.

An end is none where a vowel follows: its last letter begins the next syllable (각 + ㅏ is 가가, 값 + ㅏ is 갑사). Vowels without a beginning make no
syllable, but two of them become one letter (ㅗㅏ: ㅘ).
"""


def letters(text: str) -> str:
    """Return ``text`` with everything Korean in single letters, as they are typed; the rest of it stays."""
    return text.translate(_letters_of())


def compose(text: str) -> str:
    """Return ``text`` with its letters put together into syllables, as a keyboard does.

    Letters that make no syllable stay as they are, consonants one by one (ㅊㄷㄱ). ``compose(letters(text))`` is ``text`` where it is whole syllables.
    """
    return "".join(piece for piece, _, _ in composed(letters(text)))


def composed(typed: str) -> Iterator[tuple[str, int, int]]:
    """Yield what single letters (see ``letters``) become, piece by piece, with the place of each: from where to before where in ``typed``."""
    done = 0
    for found in _SYLLABLE.finditer(typed):
        yield from ((typed[place], place, place + 1) for place in range(done, found.start()))
        yield _joined(found), found.start(), found.end()
        done = found.end()
    yield from ((typed[place], place, place + 1) for place in range(done, len(typed)))


def beginning(syllable: str) -> str:
    """Return the consonant a syllable begins with; any other character stays."""
    return letters(syllable)[0] if is_syllable(syllable) else syllable


def is_syllable(character: str) -> bool:
    """Return whether a character is a whole Korean syllable."""
    return FIRST_SYLLABLE <= character <= LAST_SYLLABLE


def _joined(found: re.Match[str]) -> str:
    if found["lone_vowels"]:
        return _PAIRS[found["lone_vowels"]]
    vowel, end = (_PAIRS.get(found[part], found[part]) for part in ("vowel", "end"))
    place = BEGINNINGS.index(found["beginning"]) * len(VOWELS) + VOWELS.index(vowel)
    place = place * (len(ENDS) + 1) + (ENDS.index(end) + 1 if end else 0)
    return chr(ord(FIRST_SYLLABLE) + place)


@cache
def _letters_of() -> dict[int, str]:
    """Return the letters of every syllable and of every letter that is two, also where Unicode gives the parts of a syllable numbers of their own."""
    parts = (BEGINNINGS, VOWELS, ENDS)
    beginnings, vowels, ends = ([TYPED_AS.get(letter, letter) for letter in part] for part in parts)
    table = {ord(letter): typed for letter, typed in TYPED_AS.items()}
    for first, part in ((0x1100, beginnings), (0x1161, vowels), (0x11A8, ends)):
        table |= {first + place: typed for place, typed in enumerate(part)}
    code = ord(FIRST_SYLLABLE)
    for start in beginnings:
        for vowel in vowels:
            for end in ("", *ends):
                table[code] = start + vowel + end
                code += 1
    return table
