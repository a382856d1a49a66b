"""How phrases are found while somebody types: by what has been typed so far, and by the initials of their syllables.

Every phrase is kept once for each of its words, from that word on, in letters as they are typed (``typed_forms``): 누전 차단기 as ㄴㅜㅈㅓㄴㅊㅏㄷㅏㄴㄱㅣ and
ㅊㅏㄷㅏㄴㄱㅣ. So what has been typed at any moment (``typed_prefix``) is the beginning of a form, also where the last syllable is not what it will be: 차다
and 찯 become 차단기 as well as 차.

Beside them stand the initials (``initials``: ㄴㅈㅊㄷㄱ and ㅊㄷㄱ), because many people type ㅊㄷㄱ for 차단기. Both kinds are kept and asked for in the same place:
a form always has a vowel where initials have none, so two consonants in a row find initials, anything with a vowel finds forms, and a lone ㅊ both.
A keyboard may have made ㄳ of ㄱㅅ; in letters it is ㄱㅅ again. Forms are letters and digits alone, so that ``LIKE typed_prefix || '%'`` needs no escapes.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from kis.platform.keyboard.jamo import beginning, letters
from kis.search.asking.folding import fold

MOST_FORMS: Final = 8
"""Words of a phrase it is found by; nobody begins in the middle of a longer title."""
MOST_LETTERS: Final = 120
"""Of a form and of what is typed: some forty syllables."""

_WORD: Final = re.compile(r"[^\W_]+(?:(?<=\d)[.,](?=\d)[^\W_]+)*")
_NOT_TYPED: Final = re.compile(r"[\W_]+")


def typed_forms(phrase: str) -> tuple[str, ...]:
    """Return the forms of a phrase from each of its first eight words on, in letters, without spaces and signs; empty where it has no letter or digit."""
    return tuple(dict.fromkeys(_from_each_word(phrase, letters)))


def initials(phrase: str) -> tuple[str, ...]:
    """Return the same forms with the first consonant of each syllable in place of the syllable; only what has two initials or more, others say too little."""
    forms = dict.fromkeys(_from_each_word(phrase, _initials))
    return tuple(form for form in forms if sum("ㄱ" <= letter <= "ㅎ" for letter in form) > 1)


def typed_prefix(typed: str) -> str:
    """Return what a form or initials must begin with to be what ``typed`` may become; empty when nothing has been typed yet that could tell."""
    return letters(_NOT_TYPED.sub("", fold(typed)))[:MOST_LETTERS]


def _from_each_word(phrase: str, spelled: Callable[[str], str]) -> Iterator[str]:
    folded = fold(phrase)
    starts = [found.start() for found in _WORD.finditer(folded)][:MOST_FORMS]
    for start in starts:
        yield spelled(_NOT_TYPED.sub("", folded[start:]))[:MOST_LETTERS]


def _initials(text: str) -> str:
    return "".join(map(beginning, text))
