"""The language of a document, by its letters."""

import re
from collections.abc import Iterable
from typing import Final

from kis.search import Language

_HANGUL: Final = re.compile(r"[가-힣]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_ENOUGH: Final = 20_000
"""Characters that are looked at."""
_KOREAN_SHARE: Final = 0.2
"""Korean manuals are full of English codes and names; English ones have no syllables."""


def language_of(texts: Iterable[str]) -> Language:
    """Return the language that ``texts`` are in."""
    korean = latin = 0
    for text in texts:
        korean += len(_HANGUL.findall(text))
        latin += len(_LATIN.findall(text))
        if korean + latin > _ENOUGH:
            break
    return Language.KO if korean > _KOREAN_SHARE * (korean + latin) else Language.EN
