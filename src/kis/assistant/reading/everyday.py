"""Words that tell little of what a question is about, however rare they are in one manual: everyday words and bent Korean ones."""

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import yaml

_EVERYDAY: Final = 0.4
_BENT: Final = 0.6
"""Of a Korean verb: what is asked about is mostly a noun."""
_LONGEST_START: Final = 3
_VERB_ENDING: Final = re.compile(
    r"[가-힣](?:나|면|는데|려면|하려|해서|어서|아서|지만|다가|았|었|을지|는지|던|도록|게|죠|여야|어야|아야|대로|까|니까|리|고|써|여|어도|"
    r"아도|는|인|을|할|된|되|하|한데|싶|져|지고|려주|줘|으려|려|기)$"
)


@dataclass(frozen=True, slots=True)
class Everyday:
    """Everyday words of both languages."""

    english: frozenset[str]
    korean: frozenset[str]
    """How they begin."""

    def has(self, word: str) -> bool:
        """Tell whether any question about anything may have the word."""
        starts = (word[:end] for end in range(2, _LONGEST_START + 1))
        return word in self.english or any(start in self.korean for start in starts)

    def weight_of(self, word: str, *, is_verb: bool | None = None) -> float:
        """Return what a word of a question counts, from its own and not from where it stands: 1 where nothing speaks against it. Whether it is a verb is told by its ending where nobody knows it."""
        if self.has(word):
            return _EVERYDAY
        if is_verb is None:
            is_verb = _VERB_ENDING.search(word) is not None
        return _BENT if is_verb else 1.0


@lru_cache(maxsize=1)
def everyday() -> Everyday:
    """Return the everyday words that come with the program."""
    file = resources.files("kis.assistant.reading") / "data" / "everyday.yaml"
    read = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    return Everyday(frozenset(read["english"].split()), frozenset(read["korean"].split()))
