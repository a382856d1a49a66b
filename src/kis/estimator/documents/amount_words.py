"""A sum of money in words, as the head of a quotation and a cheque write it, so that no figure can be slipped in.

Korean: 일금 삼백구십만칠천육백원정. The words stand together without blanks, and a one before 십, 백, 천 is written (일백, 일천), both against
forgery: National Institute of Korean Language, commentary on 한글 맞춤법 article 44.
English: short scale, hyphens in twenty-one to ninety-nine, cents as a fraction of a hundred.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, Literal

from kis.platform.messages import Locale, Message

LARGEST_AMOUNT: Final = Decimal(10**15)
"""Beyond it no panel is sold; the words end at 9,999조."""

_CENTS_OF: Final = {"KRW": 1, "USD": 100}


def amount_in_words(amount: Decimal, currency: Literal["KRW", "USD"], locale: Locale) -> str:
    """Return ``amount`` in words, with its currency.

    Raises ValueError for an amount that is negative, above 10^15 or finer than the currency's smallest coin: it must have been rounded before.
    """
    if not amount.is_finite() or not 0 <= amount <= LARGEST_AMOUNT:
        raise ValueError(f"no amount of money to write in words: {amount}")
    coins = amount * _CENTS_OF[currency]
    if coins != coins.to_integral_value():
        raise ValueError(f"{amount} is finer than the smallest coin of {currency}")
    whole, cents = divmod(int(coins), _CENTS_OF[currency])
    if currency == "KRW":
        return Message("pdf.words.won", {"amount": _opening(whole, locale)}).text(locale)
    key = f"pdf.words.dollar{'' if whole == 1 else 's'}{'_cents' if cents else ''}"
    values = {
        "amount": _opening(whole, locale),
        "cents": _korean(cents) if locale == "ko" else f"{cents:02d}",
    }
    return Message(key, values).text(locale)


def _opening(number: int, locale: Locale) -> str:
    words = _korean(number) if locale == "ko" else _english(number)
    return words[:1].upper() + words[1:]


def _korean(number: int) -> str:
    digits, steps, groups = _numerals("ko")
    return "".join(_korean_groups(number, digits, steps, groups)) or digits[0]


def _korean_groups(number: int, digits: list[str], steps: list[str], groups: list[str]) -> Iterator[str]:
    """Yield the words of each group of four figures (만, 억, 조), the highest first."""
    for index in range(len(groups), -1, -1):
        group = number // 10_000**index % 10_000
        for place in range(3, -1, -1):
            if figure := group // 10**place % 10:
                yield digits[figure] + (steps[place - 1] if place else "")
        if group and index:
            yield groups[index - 1]


def _english(number: int) -> str:
    small, tens, groups = _numerals("en")
    hundred, *thousands = groups
    parts = []
    for index in range(len(thousands), -1, -1):
        group = number // 1_000**index % 1_000
        if group >= 100:
            parts += [small[group // 100], hundred]
        if rest := group % 100:
            parts.append(_english_below_hundred(rest, small, tens))
        if group and index:
            parts.append(thousands[index - 1])
    return " ".join(parts) or small[0]


def _english_below_hundred(number: int, small: list[str], tens: list[str]) -> str:
    if number < len(small):
        return small[number]
    ten, one = divmod(number, 10)
    return f"{tens[ten - 2]}-{small[one]}" if one else tens[ten - 2]


def _numerals(locale: Locale) -> tuple[list[str], list[str], list[str]]:
    """Return the language's words for small numbers, for the steps of ten and for its groups of figures."""
    small, tens, groups = (
        Message(key).text(locale).split() for key in ("pdf.words.small", "pdf.words.tens", "pdf.words.groups")
    )
    return small, tens, groups
