"""Roots of Korean words, found without a dictionary: particles and endings are cut off letter by letter."""

import re
import unicodedata
from typing import Final

_FIRST_SYLLABLE: Final = 0xAC00
_CLOSINGS: Final = 28
_PARTICLES: Final = re.compile(
    r"(?<=[가-힣])(?:으로부터|과의|와의|에서의|에의|으로의|로의|로는|과는|와는|로만|에서만|으로만|에서는|에서도|으로는|이라고|까지는|까지만|까지|에게서|입니까|인가요|입니다|이에요|예요|이다|이므로|으로|에서|에게|부터|보다|처럼|마다|이나|라도|이란|에는|에도|에만|만은|뿐|"
    r"은|는|이|가|을|를|의|에|로|와|과|도|만)$|(?<=[가-힣]{2})(?:나|란)$"
)


def _letters(text: str) -> str:
    return unicodedata.normalize("NFD", text)


_ENDING_WORDS: Final = (
    "십시오 으십시오 시오 세요 으세요 셔요 습니다 습니까 ㅂ니다 ㅂ니까 는다 ㄴ다 다 아야 어야 여야 아서 어서 여서 아도 어도 여도 았 었 였 아 어 여 고 며 으며 면 으면 지 기 게 도록 은 는 을 ㄴ ㄹ 음 ㅁ 던 "
    "려면 으려면 려고 면서 니 으니 므로 으므로 거나 겠 는지 은지 ㄴ지 자 나 요 네 데 ㄴ데 는데 지만 자마자 다가 은데 ㄹ수록 을수록"
)
_CLOSING: Final = str.maketrans("ㄴㄹㅂㅁ", "\u11ab\u11af\u11b8\u11b7")
"""Letters that an ending adds to the syllable before it."""
_FUSED: Final = "(?<=[\u1167\u116f\u116a])(?:야|서|도)"
"""What follows a root whose vowel has swallowed the ending before it: 쳐야, 채워서."""
_ENDINGS: Final = re.compile(
    f"(?:{'|'.join(_letters(_ENDING_WORDS).translate(_CLOSING).split())}|{_letters(_FUSED)})$"
)
_MOST_ENDINGS: Final = 4
_BARE: Final = 2
"""A root of fewer syllables is not cut out of what another ending was cut from: 차단기 is not 차다."""
_TENSE: Final = re.compile(f"(?:{_letters('았|었|였|겠')})$")
_VOWEL: Final = re.compile("[\u1161-\u1175]")
_SILENT: Final = "\u110b"
_HELPING: Final = tuple(_letters(each) for each in ("시키", "당하", "하", "되", "해", "돼", "되어"))
"""What makes a verb of a noun."""
_CONTRACTED: Final = {
    "\u116f": "\u116e",
    "\u116a": "\u1169",
    "\u1167": "\u1175",
    "\u116b": "\u116c",
    "\u1165": "\u1173",
}
"""Vowels that a root has in front of an ending that begins with one, and without: 채워 and 채우, 걸려 and 걸리, 꺼 and 끄."""


def without_particle(word: str) -> str:
    """Return a word without the particle at its end."""
    return _PARTICLES.sub("", word)


def root(word: str) -> str:
    """Return the first two syllables of a root, the second without what closes it: 고치다, 고칩니다 and 고친다 are one word, and 타면 and 탑니다."""
    found = unicodedata.normalize("NFC", _root(_letters(word)))
    if len(found) < 2:
        return found
    second = ord(found[1]) - _FIRST_SYLLABLE
    return found[0] + chr(_FIRST_SYLLABLE + second - second % _CLOSINGS)


def _root(letters: str) -> str:
    """Cut endings as long as a syllable remains, then what makes a verb of a noun, and undo what endings change."""
    for place in range(_MOST_ENDINGS):
        cut = _ENDINGS.sub("", letters, count=1)
        is_bare = len(_VOWEL.findall(cut)) < _BARE
        if cut == letters or not _VOWEL.search(cut) or (place and is_bare and not _TENSE.search(letters)):
            break
        letters = cut
    for helping in _HELPING:
        if letters.endswith(helping) and len(letters) - len(helping) > 2:
            letters = letters.removesuffix(helping)
            break
    if letters.endswith("\u1105\u1173"):  # 누르, beside 눌러
        letters = letters[:-2] + "\u11af\u1105"
    if letters[-2] != _SILENT:
        letters = letters[:-1] + _CONTRACTED.get(letters[-1], letters[-1])
    if letters.endswith("\u11af\u1105\u1173"):
        letters = letters[:-1]
    return letters[:-1] if len(letters) == 3 and letters[-1] == "\u11af" else letters  # 열 and 여는
