"""Traces: what stands in the box after each key press of somebody who types the name of one product, in every way people do.

Somebody types the brand and the name, or, as often, the name alone; and stops as soon as no other product is left that begins so, or that has words which
begin as the typed ones do; a name that is the beginning of others is typed whole. With a slip, they stop when even one slip away no other product begins
so (at least six keys); where the slip makes another product of it, or one that is as near to several, it is thrown away and made anew. So every trace can be
answered by somebody who has the list in front of them. How a finger slips is told in ``fingers``.

clean, korean_clean       As printed, or all in small letters. Korean shows unfinished syllables, as an input method does: ㄴ, 누, 눚, 누저, 누전.
neighbour swap drop double, korean_slip
                          The same with one slip; korean_slip is one of the four, on a Korean letter.
no_space, korean_no_space Without spaces; in one of two also without hyphens and slashes.
no_brand                  The name alone, which for the other kinds is left to chance.
other_order               The brand last, or the words in an order drawn by lot; only where more than one word is needed.
layout, korean_layout     The key 한/영 was forgotten: Latin comes out as Korean and Korean as Latin. In a Korean name what is Latin stays, because there they
                          have switched.
korean_initials           The first consonant of each syllable, with or without spaces; what is not Korean as it is.

Latin kinds ask for products whose name and brand hold no Korean, the others for those whose name does.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kis.assistant.evaluation.typing.catalog import ListedProduct
from kis.assistant.evaluation.typing.fingers import Slip, slipped
from kis.assistant.evaluation.typing.meant import LEAST_KEYS, Meanings, bare_text, full_text, keys_of
from kis.platform.keyboard.jamo import beginning, compose, letters
from kis.platform.keyboard.layout import to_hangul, to_latin

SEED: Final = 20261121
PER_KIND: Final = 100
MOST_PER_KIND: Final = 5_000
TRIES: Final = 12
"""So often a slip is made anew for a product before another product is taken."""
_KOREAN: Final = re.compile("[ㄱ-ㅣ가-힣]")
_SIGNS: Final = re.compile(r"[-/.]")


class Kind(StrEnum):
    """A way to type."""

    CLEAN = "clean"
    NEIGHBOUR = "neighbour"
    SWAP = "swap"
    DROP = "drop"
    DOUBLE = "double"
    NO_SPACE = "no_space"
    NO_BRAND = "no_brand"
    OTHER_ORDER = "other_order"
    LAYOUT = "layout"
    KOREAN_CLEAN = "korean_clean"
    KOREAN_INITIALS = "korean_initials"
    KOREAN_LAYOUT = "korean_layout"
    KOREAN_NO_SPACE = "korean_no_space"
    KOREAN_SLIP = "korean_slip"

    @property
    def is_korean(self) -> bool:
        """Return whether Korean names are typed so."""
        return self.value.startswith("korean_")


_SLIPS: Final = {
    Kind.NEIGHBOUR: (Slip.NEIGHBOUR,),
    Kind.SWAP: (Slip.SWAP,),
    Kind.DROP: (Slip.DROP,),
    Kind.DOUBLE: (Slip.DOUBLE,),
    Kind.KOREAN_SLIP: tuple(Slip),
}


@dataclass(frozen=True, slots=True)
class Trace:
    """The product somebody wants, how they type, and the text after each key press."""

    target: str
    kind: str
    keys: tuple[str, ...]


def made_traces(
    products: Sequence[ListedProduct],
    *,
    seed: int = SEED,
    per_kind: int = PER_KIND,
    kinds: Sequence[Kind] = tuple(Kind),
) -> list[Trace]:
    """Return traces over a catalog, the same for the same seed; of a kind fewer where the catalog has not so many names that can be typed so."""
    typist = _Typist(products)
    return [trace for kind in kinds for trace in typist.traces(kind, seed=seed, count=per_kind)]


class _Typist:
    """Types the names of a catalog."""

    def __init__(self, products: Sequence[ListedProduct]) -> None:
        self._products = products
        self._written = Meanings(products)
        self._in_initials = Meanings(products, _initials)

    def traces(self, kind: Kind, *, seed: int, count: int) -> Iterator[Trace]:
        """Yield traces of one kind, each for another product."""
        chance = random.Random(f"{seed}:{kind.value}")  # noqa: S311 - a measurement that can be repeated
        numbers = [number for number, product in enumerate(self._products) if _is_for(kind, product)]
        chance.shuffle(numbers)
        made = 0
        for number in numbers:
            if made == count:
                return
            shown = self._typed(kind, number, chance)
            if shown is not None:
                made += 1
                yield Trace(self._products[number].id, kind.value, shown)

    def _typed(self, kind: Kind, number: int, chance: random.Random) -> tuple[str, ...] | None:
        """Return what is shown after each key press; None where the product cannot be typed so."""
        text = _text(kind, self._products[number], chance)
        if text is None:
            return None
        if kind in _SLIPS:
            presses = self._with_slip(text, number, _SLIPS[kind], chance)
        elif kind is Kind.KOREAN_INITIALS:
            presses = _until_unique(_initials(text), number, self._in_initials)
        else:
            presses = _until_unique(letters(text), number, self._written)
        if presses is None or (kind is Kind.OTHER_ORDER and " " not in presses):
            return None
        show = _SHOWN.get(kind, compose)
        return tuple(show(presses[:end]) for end in range(1, len(presses) + 1))

    def _with_slip(self, text: str, number: int, slips: Sequence[Slip], chance: random.Random) -> str | None:
        """Return key presses with one slip in that part of the text which somebody without a slip would have typed."""
        typed = letters(text)
        clean = _until_unique(typed, number, self._written)
        if clean is None:
            return None
        is_korean = len(slips) > 1
        places = [
            place
            for place, key in enumerate(clean)
            if key.isalnum() and (not is_korean or _KOREAN.match(key))
        ]
        for _ in range(TRIES if places else 0):
            place = chance.choice(places)
            wrong = slipped(typed, place, chance.choice(slips), chance)
            if wrong is None or keys_of(wrong) == keys_of(typed):
                continue
            presses = self._until_near(wrong, max(len(clean), place + 2), number)
            if presses is not None:
                return presses
        return None

    def _until_near(self, typed: str, least: int, number: int) -> str | None:
        """Return the key presses until the product is the only one near; None where another is meant as well, or nothing is left of the slip."""
        for end in range(min(least, len(typed)), len(typed) + 1):
            presses = typed[:end]
            is_last = end == len(typed)
            if len(keys_of(presses)) < LEAST_KEYS or not (is_last or typed[end - 1].isalnum()):
                continue
            if self._written.near(presses, is_whole=False) | self._written.begun(presses) == {number}:
                return presses
        if len(keys_of(typed)) < LEAST_KEYS or self._written.begun(typed) - {number}:
            return None
        return typed if self._written.near(typed, is_whole=True) == {number} else None


def _until_unique(typed: str, number: int, meanings: Meanings) -> str | None:
    """Return the key presses until only this product is meant, all of them where others begin with its name; None where another is called the same."""
    for end in range(1, len(typed) + 1):
        if typed[end - 1].isalnum() and meanings.begun(typed[:end]) == {number}:
            return typed[:end]
    return typed if meanings.whole(typed) == {number} else None


def _is_for(kind: Kind, product: ListedProduct) -> bool:
    if kind.is_korean:
        return bool(_KOREAN.search(product.name))
    return not _KOREAN.search(product.brand + product.name)


def _text(kind: Kind, product: ListedProduct, chance: random.Random) -> str | None:
    """Return what somebody means to type; None where this product is no case of the kind."""
    full, bare = full_text(product), bare_text(product)
    if kind is Kind.NO_BRAND:
        return None if bare == full else bare.lower()
    if kind is Kind.OTHER_ORDER:
        return _reordered(full, bare, chance)
    text = chance.choice((full, bare))
    if kind in {Kind.NO_SPACE, Kind.KOREAN_NO_SPACE}:
        run = "".join(text.split())
        if run == text:
            return None
        text = chance.choice((run, _SIGNS.sub("", run)))
    if kind in {Kind.CLEAN, Kind.KOREAN_CLEAN}:
        return chance.choice((text, text.lower()))
    if kind is Kind.KOREAN_INITIALS:
        return chance.choice((text, "".join(text.split())))
    return text.lower()


def _reordered(full: str, bare: str, chance: random.Random) -> str | None:
    words = full.lower().split()
    if len(words) < 2:
        return None
    brand = full[: len(full) - len(bare)].lower()
    if brand and chance.random() < 0.5:
        return f"{bare.lower()} {brand.strip()}"
    if len(set(words)) == 1:
        return None
    other = words[:]
    while other == words:
        chance.shuffle(other)
    return " ".join(other)


def _initials(text: str) -> str:
    return "".join(map(beginning, text))


def _on_korean_layout(typed: str) -> str:
    return compose(letters(to_hangul(typed)))


_SHOWN: Final[dict[Kind, Callable[[str], str]]] = {
    Kind.LAYOUT: _on_korean_layout,
    Kind.KOREAN_LAYOUT: to_latin,
}
"""What the screen makes of key presses where it is not simply syllables."""
