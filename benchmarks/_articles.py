"""Articles by the hundred thousand, Korean and English in turn: grammatical, seeded, each made from its number alone.

The words are those of the shipped question set, Korean nouns and English words as they stand there, with compounds (저압배전반, 옥외단자대) and type codes. A word
is drawn by Zipf's law, rank to the power of −1.07, as words of real texts are spread; four of five nouns of an article come from the dozen it is about.
"""

import random
import re
from bisect import bisect
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, product
from pathlib import Path
from typing import Any, Final

import yaml

from kis.search import Language
from kis.search.evaluation import shipped_set
from kis.search.evaluation.keywords import word_lists

SEED: Final = 41
ZIPF: Final = 1.07
FEWEST_WORDS: Final = 80
MOST_WORDS: Final = 400
ABOUT: Final = 12
OF_ITS_OWN: Final = 0.8
PARAGRAPH_SENTENCES: Final = 5

_UNITS: Final = ("A", "kA", "V", "mm", "W", "kW", "%")
_NOUN: Final = re.compile(r"(?<![가-힣])([가-힣]{2,}?)(?:을|를|의|에서|으로)(?![가-힣])")
_WORD: Final = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as it is indexed, and what it is about."""

    number: int
    language: Language
    title: str
    summary: str
    body: str
    tags: tuple[str, ...]
    names: tuple[str, ...]
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with their sums of frequencies, the most frequent first."""

    words: tuple[str, ...]
    sums: tuple[float, ...]

    def draw(self, chance: random.Random) -> str:
        """Return a word, frequent ones often."""
        return self.words[bisect(self.sums, chance.random() * self.sums[-1])]


@dataclass(frozen=True, slots=True)
class Parts:
    """What sentences of a language are made of."""

    sentences: tuple[str, ...]
    verbs: tuple[str, ...]


@cache
def parts(language: Language) -> Parts:
    """Return the sentences and verbs of a language."""
    read = _read()
    return Parts(tuple(read[f"sentences_{language.value}"]), tuple(read[f"verbs_{language.value}"].split()))


@cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return read


@cache
def vocabulary(language: Language) -> Vocabulary:
    """Return the words of a language."""
    words = _korean() if language is Language.KO else _english()
    sums = tuple(accumulate(1 / rank**ZIPF for rank in range(1, len(words) + 1)))
    return Vocabulary(tuple(words), sums)


def article(number: int) -> Article:
    """Return the article of a number: the same in every process."""
    chance = random.Random(f"{SEED} {number}")  # noqa: S311 - no secret
    language = Language.KO if number % 2 == 0 else Language.EN
    known = vocabulary(language)
    about = tuple(dict.fromkeys(known.draw(chance) for _ in range(ABOUT)))
    code = _code(chance)
    sentences: list[str] = []
    words = 0
    length = min(MOST_WORDS, max(FEWEST_WORDS, int(chance.lognormvariate(5.1, 0.45))))
    while words < length:
        sentence = _sentence(language, known, about, code, chance)
        words += sentence.count(" ") + 1
        sentences.append(sentence)
    paragraphs = [
        " ".join(sentences[begin : begin + PARAGRAPH_SENTENCES])
        for begin in range(0, len(sentences), PARAGRAPH_SENTENCES)
    ]
    return Article(
        number=number,
        language=language,
        title=" ".join((*about[: chance.randint(2, 4)], str(number))),
        summary=sentences[0],
        body="\n\n".join(paragraphs),
        tags=about[:2],
        names=(code,),
        about=about,
    )


def query(number: int, articles: int) -> str:
    """Return a query of a number: words of an article (60 %), one of its sentences without its end (25 %), its code (5 %), or words typed badly (10 %)."""
    chance = random.Random(f"{SEED} query {number}")  # noqa: S311 - no secret
    asked = article(chance.randrange(articles))
    words = chance.sample(asked.about, min(len(asked.about), chance.randint(2, 4)))
    kind = chance.random()
    if kind < 0.6:
        return " ".join(words)
    if kind < 0.85:
        sentence = chance.choice(re.split(r"(?<=\.)\s+", asked.body))
        return " ".join(sentence.split()[:8])
    if kind < 0.9:
        return asked.names[0]
    if kind < 0.95:
        return "".join(words)
    place = chance.randrange(len(words[0]))
    return " ".join([words[0][:place] + words[0][place + 1 :], *words[1:]])


def _korean() -> list[str]:
    counts = Counter(
        found.group(1) for passage in _passages(Language.KO) for found in _NOUN.finditer(passage)
    )
    compounds = [
        f"{one}{other}" for one, other in product(_read()["modifiers"].split(), _read()["heads"].split())
    ]
    random.Random(SEED).shuffle(compounds)  # noqa: S311 - no secret
    nouns = [word for word, _ in counts.most_common() if word not in set(compounds)]
    return [word for pair in zip(nouns, compounds, strict=False) for word in pair] + compounds[len(nouns) :]


def _english() -> list[str]:
    counts: Counter[str] = Counter()
    for passage in _passages(Language.EN):
        counts.update(word for word in _WORD.findall(passage.lower()) if word not in word_lists().stop)
    nouns = [word for word, _ in counts.most_common()]
    made = [f"{one}-{other}" for one, other in product(nouns[40:100], nouns[:40])]
    random.Random(SEED).shuffle(made)  # noqa: S311 - no secret
    return nouns + made


def _passages(language: Language) -> list[str]:
    return [f"{one.title} {one.text}" for one in shipped_set("panels").passages if one.language is language]


def _sentence(
    language: Language, known: Vocabulary, about: Sequence[str], code: str, chance: random.Random
) -> str:
    is_korean = language is Language.KO
    pattern = chance.choice(parts(language).sentences)
    values = {
        name: chance.choice(about) if chance.random() < OF_ITS_OWN else known.draw(chance) for name in "abc"
    }
    values |= {
        "v": chance.choice(parts(language).verbs),
        "n": str(chance.choice((3, 5, 10, 15, 20, 30, 50, 75, 100, 150, 225, 400))),
        "u": chance.choice(_UNITS),
        "code": code,
    }
    return _with_particles(pattern, values) if is_korean else pattern.format(**values)


_SLOT: Final = re.compile(r"\{(\w+)\}")
_PARTICLES: Final = {"은": ("은", "는"), "을": ("을", "를"), "이": ("이", "가"), "과": ("과", "와")}


def _with_particles(pattern: str, values: dict[str, str]) -> str:
    """Fill a Korean pattern; a particle takes the form that follows the word before it."""
    filled = ""
    done = 0
    for slot in _SLOT.finditer(pattern):
        filled += pattern[done : slot.start()]
        done = slot.end()
        name = slot.group(1)
        if name in _PARTICLES:
            last = filled[-1]
            is_closed = "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 != 0
            filled += _PARTICLES[name][0 if is_closed else 1]
        else:
            filled += values[name]
    return filled + pattern[done:]


def _code(chance: random.Random) -> str:
    letters = "".join(chance.choice("ABCDEGHKLMNPRST") for _ in range(3))
    return f"{letters}-{chance.randint(10, 999)}{chance.choice(('', 'b', 'c'))}"
