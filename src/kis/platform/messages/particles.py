"""Korean particles after names that a sentence does not know beforehand: "HDS 70은(는)" becomes "HDS 70은".

Which form follows depends on whether the word before ends in a consonant when it is read aloud; figures are read in Sino-Korean, letters by their names.
"""

import re
from typing import Final

_FORMS: Final = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
}
"""What is written for both: after a consonant, after a vowel."""
_OPEN: Final = re.compile(
    rf"([0-9A-Za-z가-힣%])([^0-9A-Za-z가-힣%\s]*)({'|'.join(re.escape(form) for form in _FORMS)})"
)
_CONSONANT: Final = frozenset("013678LMNRlnr")
"""영 일 삼 육 칠 팔; 엘 엠 엔 알. Not m, which is read as metre, nor %."""
_LIEUL: Final = frozenset("178LRlr")
"""일 칠 팔; 엘 알: end in ㄹ, after which 로 stands."""
_FINALS: Final = 28
"""Hangul syllables are coded by their last consonant, none first, ㄹ ninth (Unicode Standard, 3.12)."""
_FINAL_LIEUL: Final = 8


def with_particles(text: str) -> str:
    """Return ``text`` with the one form of every particle that fits the word before it."""
    return _OPEN.sub(_chosen, text)


def _chosen(found: re.Match[str]) -> str:
    letter, between, form = found.groups()
    after_consonant, after_vowel = _FORMS[form]
    final = (ord(letter) - ord("가")) % _FINALS if letter >= "가" else int(letter in _CONSONANT)
    ends_in_lieul = final == _FINAL_LIEUL if letter >= "가" else letter in _LIEUL
    is_closed = final != 0 and not (form == "(으)로" and ends_in_lieul)
    return f"{letter}{between}{after_consonant if is_closed else after_vowel}"
