"""What brings about what: a sentence that has cause and effect, or a condition and what follows from it, the other way round."""

import re
from collections.abc import Iterator
from typing import Final

from kis.assistant.answering.verifying.synonyms import said_by
from kis.assistant.answering.wording import Word, sentences, words

_IF: Final = re.compile(
    r"^\W*(?:if|when|whenever|once|as soon as|because|since|as)\b(?P<cause>[^,;]+),(?P<effect>.+)",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"(?P<effect>.+?)\b(?:if|when|whenever|as soon as|because of|because|due to|as a result of|caused by)\b(?P<cause>.+)",
    re.IGNORECASE,
)
_MAKES: Final = re.compile(
    r"(?P<cause>.+?)(?:\b(?:makes?|causes?|leads? to|results? in|brings? about|lets|gives?)\b|, (?:which|so|therefore|thus)\b|\bso that\b|; therefore\b)(?P<effect>.+)",
    re.IGNORECASE,
)
_KOREAN: Final = re.compile(
    r"(?<=[가-힣])(?:으면|면|아서|어서|여서|해서|려서|와서|져서|워서|니까| 때문에|수록|로 인해|로 인하여)(?=[ ,])|(?<=[가-힣]),? (?:그러면|그래서|따라서|그러므로)(?= )"
)
"""What stands behind a cause."""
_NO_CAUSE: Final = re.compile(
    r"\bby\b|\bif\b|\bwhen\b|\bwhile\b|\bafter\b|\bbefore\b|\bonly\b|\band\b|\bmust\b|\bmay\b", re.IGNORECASE
)
"""A sentence that has these does not say by its course what brings about what."""
_SIGN: Final = re.compile(
    r"\b(?:shows?|means?|indicates?|signals?|tells?|stands? for|sign of)\b|뜻|알 수|알린|알립|표시|것이다|것입니다",
    re.IGNORECASE,
)
"""What tells a sign of something: whoever has the one concludes the other."""
_MEANING: Final = re.compile(r"\b(?:means?|stands? for|sign of)\b|뜻|것이다|것입니다", re.IGNORECASE)
_LEAST_TOLD: Final = 0.6
"""Share of the words of a cause and its effect that the passage must have, the other way round."""

_Words = tuple[Word, ...]


def is_turned_round(sentence: str, passage: str) -> bool:
    """Tell whether a sentence calls an effect what the passage calls the cause of it."""
    told = [each for each in sentences(passage) if "|" not in each]
    theirs = [pair for each in told if not _MEANING.search(each) for pair in _told(each)]
    if _SIGN.search(sentence):
        return False
    return any(_is_against(pair, theirs) for pair in [*_told(sentence)] or _by_course(sentence))


def _is_against(own: tuple[_Words, _Words], theirs: list[tuple[_Words, _Words]]) -> bool:
    cause, effect = own
    least = _LEAST_TOLD * (len(_terms(cause)) + len(_terms(effect)))
    against = max((_fit(cause, its, effect, of) for of, its in theirs), default=0)
    agreeing = max((_fit(cause, of, effect, its) for of, its in theirs), default=0)
    return against >= least and against > agreeing


def _fit(cause: _Words, one: _Words, effect: _Words, other: _Words) -> float:
    """Return how much of a cause one says and of its effect the other, nothing where either says nothing of it."""
    first, second = said_by(cause, one) - said_by(cause, other), said_by(effect, other) - said_by(effect, one)
    return len(said_by(cause, one)) + len(said_by(effect, other)) if first and second else 0


def _terms(some: _Words) -> frozenset[str]:
    return frozenset(word.term for word in some if word.term)


def _told(sentence: str) -> Iterator[tuple[_Words, _Words]]:
    """Yield what a sentence calls a cause and what its effect."""
    if re.search("[가-힣]", sentence):
        begin = 0
        for match in _KOREAN.finditer(sentence):
            yield words(sentence[begin : match.start()]), words(sentence[match.end() :])
            begin = match.end()
        return
    for piece in re.split(r";\s", sentence):
        if found := _IF.match(piece) or _MAKES.match(piece) or _WHEN.match(piece):
            yield words(found["cause"]), words(found["effect"])


def _by_course(sentence: str) -> Iterator[tuple[_Words, _Words]]:
    """Yield what may be cause and effect in a sentence that has no word for it: a shortened range damages the cells."""
    if re.search("[가-힣]", sentence) or _NO_CAUSE.search(sentence):
        return
    every = words(sentence)
    for place in range(1, len(every)):
        if every[place].surface.endswith("s") and every[place].term:
            yield every[:place], every[place:]
