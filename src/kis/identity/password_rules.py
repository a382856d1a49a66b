"""Which passwords are refused: too short, too long, guessed first, or made from what is known about the person.

The rules follow NIST SP 800-63B: length counts, the commonest are refused, and nobody is made to put a digit and a sign somewhere.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

import yaml

from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

LONGEST_PASSWORD: Final = 200
"""Enough for any sentence; hashing takes no longer for it, but reading a body without end would."""
SHORTEST_KNOWN_PART: Final = 4
"""Of a name or an address; a shorter part stands in many words by chance."""
FEWEST_DIFFERENT_CHARACTERS: Final = 5

_READ_AS_LETTERS: Final = str.maketrans("013457@$!|", "oieastasil")
_ENDS: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_PARTS: Final = re.compile(r"[\W_]+")


def normalized(password: str) -> str:
    """Return the password as it is hashed: one spelling (NFKC) for what keyboards send in several, as Macs do with Hangul."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, shortest: int, email: str, name: str = "") -> None:
    """Raise BadInput with every reason why ``password`` is no good for this person."""
    problems = [
        Problem("password", message)
        for message in _faults(normalized(password), shortest=shortest, known=(email, name))
    ]
    if problems:
        raise BadInput("password", problems)


def _faults(password: str, *, shortest: int, known: tuple[str, ...]) -> Iterator[Message]:
    if len(password) < shortest:
        yield Message("identity.password.too_short", {"shortest": shortest})
    if len(password) > LONGEST_PASSWORD:
        yield Message("identity.password.too_long", {"longest": LONGEST_PASSWORD})
        return
    folded = password.casefold()
    if len(set(folded)) < FEWEST_DIFFERENT_CHARACTERS or _is_sequence(folded):
        yield Message("identity.password.too_simple")
    elif not common_words().isdisjoint(_readings(folded)):
        yield Message("identity.password.common")
    if any(part in folded for text in known for part in _known_parts(text)):
        yield Message("identity.password.personal")


def _readings(folded: str) -> Iterator[str]:
    """Yield what a guesser would read in it: itself, without what was put around it, digits read as letters, one of its repetitions."""
    spellings = {folded, folded.translate(_READ_AS_LETTERS), _ENDS.sub("", folded)}
    spellings |= {_ENDS.sub("", spelling).translate(_READ_AS_LETTERS) for spelling in tuple(spellings)}
    for spelling in spellings:
        yield spelling
        yield _repeated(spelling)


def _repeated(text: str) -> str:
    """Return ``abc`` for ``abcabc``, the text itself where nothing repeats."""
    length = (text + text).find(text, 1) if text else 0
    return text[:length]


def _is_sequence(text: str) -> bool:
    """Tell whether each character is the next (or the one before, or two on) after its neighbour, as in 123456789012 and 97531."""
    codes = [int(character) if character.isdecimal() else ord(character) for character in text]
    steps = {(after - before) % 10 for before, after in pairwise(codes)}
    return len(codes) > 1 and len(steps) == 1


def _known_parts(text: str) -> Iterator[str]:
    for part in _PARTS.split(unicodedata.normalize("NFKC", text).casefold()):
        if len(part) >= SHORTEST_KNOWN_PART and part not in {
            "com",
            "mail",
            "gmail",
            "naver",
            "daum",
            "kakao",
        }:
            yield part


@cache
def common_words() -> frozenset[str]:
    """Return the commonest passwords, without what people put around them."""
    text = files("kis.identity").joinpath("common_passwords.yaml").read_text(encoding="utf-8")
    loaded = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe loader, in C where there is one
    return frozenset(
        unicodedata.normalize("NFKC", word) for words in loaded.values() for word in words.split()
    )
