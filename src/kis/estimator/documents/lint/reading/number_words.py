"""Sums of money written in words, read back to figures, so that words and figures of a cover can be compared."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

_KOREAN_DIGITS: Final = {digit: value for value, digit in enumerate("영일이삼사오육칠팔구")}
_KOREAN_STEPS: Final = {"십": 10, "백": 100, "천": 1000}
_KOREAN_GROUPS: Final = {"만": 10**4, "억": 10**8, "조": 10**12}
_WON: Final = re.compile(r"일금([영일이삼사오육칠팔구십백천만억조]+)원정")
_KOREAN_DOLLARS: Final = re.compile(
    r"일금(?:미화)?([영일이삼사오육칠팔구십백천만억조]+)달러(?:([영일이삼사오육칠팔구십]+)센트)?정"
)

_ENGLISH: Final = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
} | {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_ENGLISH_GROUPS: Final = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
    "quadrillion": 10**15,
}
_UNIT_OF_ENGLISH: Final = re.compile(r"([A-Za-z][A-Za-z -]*?) (?:won only|US dollars? and (\d\d)/100 only)")


def sums_in_words(text: str) -> Iterator[Decimal]:
    """Yield every sum of money that ``text`` writes out, in Korean or English. Line breaks do not matter."""
    korean = "".join(text.split())
    for found in _WON.finditer(korean):
        yield Decimal(_korean(found[1]))
    for found in _KOREAN_DOLLARS.finditer(korean):
        yield Decimal(_korean(found[1])) + Decimal(_korean(found[2] or "영")) / 100
    for found in _UNIT_OF_ENGLISH.finditer(" ".join(text.split())):
        whole = _english(found[1])
        if whole is not None:
            yield Decimal(whole) + Decimal(found[2] or "0") / 100


def _korean(words: str) -> int:
    total = group = 0
    digit = 0
    for letter in words:
        if letter in _KOREAN_DIGITS:
            digit = _KOREAN_DIGITS[letter]
        elif letter in _KOREAN_STEPS:
            group += (digit or 1) * _KOREAN_STEPS[letter]
            digit = 0
        else:
            total += ((group + digit) or 1) * _KOREAN_GROUPS[letter]
            group = digit = 0
    return total + group + digit


def _english(words: str) -> int | None:
    """Return the number at the end of ``words``, None where there is none; words before it belong to another text."""
    total = group = 0
    known = False
    tail: list[str] = []
    for word in reversed(re.split(r"[ -]", words.lower())):
        if word not in _ENGLISH and word not in _ENGLISH_GROUPS and word not in ("hundred", "and", ""):
            break
        tail.append(word)
    for word in reversed(tail):
        if word in _ENGLISH:
            group, known = group + _ENGLISH[word], True
        elif word == "hundred":
            group *= 100
        elif word in _ENGLISH_GROUPS:
            total, group = total + group * _ENGLISH_GROUPS[word], 0
    return total + group if known else None
