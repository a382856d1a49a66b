"""Which products a typed text may mean, told without any predictor: a trace must not ask for what nobody could know.

Texts are *keys* here: small letters and digits alone, Korean in single letters, so that spaces, hyphens and case make no difference.
"""

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from kis.assistant.evaluation.typing.catalog import ListedProduct
from kis.platform.keyboard.jamo import letters

LEAST_KEYS: Final = 6
"""Of a text with a slip: in a shorter one a slip leaves too little to go by."""
_WORD: Final = re.compile(r"[^\W_]+")


def full_text(product: ListedProduct) -> str:
    """Return the name with its brand in front, once."""
    is_named = not product.brand or product.name.casefold().startswith(product.brand.casefold())
    return product.name if is_named else f"{product.brand} {product.name}"


def bare_text(product: ListedProduct) -> str:
    """Return the name without its brand; the brand where it is all there is."""
    full = full_text(product)
    return full[len(product.brand) :].strip() or full


def words_of(text: str) -> list[str]:
    """Return the words of a text in keys."""
    return _WORD.findall(letters(unicodedata.normalize("NFKC", text).casefold()))


def keys_of(text: str) -> str:
    """Return a text in keys, as one word."""
    return "".join(words_of(text))


class Meanings:
    """The names of a catalog, with and without their brands, in some writing of them (``write``): as they are, or in initials."""

    def __init__(self, products: Sequence[ListedProduct], write: Callable[[str], str] = str) -> None:
        self._forms: list[tuple[str, int]] = []
        self._starts: defaultdict[str, set[int]] = defaultdict(set)
        self._pairs: defaultdict[tuple[int, str], set[int]] = defaultdict(set)
        for number, product in enumerate(products):
            texts = {write(full_text(product)), write(bare_text(product))}
            self._forms += ((keys, number) for keys in sorted({keys_of(text) for text in texts}) if keys)
            for run in {run for text in texts for run in _runs(text)}:
                for end in range(1, len(run) + 1):
                    self._starts[run[:end]].add(number)
        self._forms.sort()
        for place, (form, _) in enumerate(self._forms):
            for at in range(len(form) - 1):
                self._pairs[at, form[at : at + 2]].add(place)

    def begun(self, text: str) -> set[int]:
        """Return the products whose name begins so, or has words that begin as every typed word does, in whatever order."""
        keys = keys_of(text)
        found = {self._forms[place][1] for place in self._beginning(keys)}
        by_words = [self._starts.get(keys_of(word), set()) for word in text.split() if keys_of(word)]
        return found | set.intersection(*by_words) if by_words else found

    def whole(self, text: str) -> set[int]:
        """Return the products whose whole name this is."""
        keys = keys_of(text)
        places = self._beginning(keys)
        return {number for form, number in (self._forms[place] for place in places) if form == keys}

    def near(self, text: str, *, is_whole: bool) -> set[int]:
        """Return the products whose name begins so up to one slip; with ``is_whole`` those whose whole name it is up to one slip.

        The slip leaves one half of the text as it is, at most one key from its place: only names with that half are compared. Takes 6 keys or more.
        """
        keys = keys_of(text)
        half = len(keys) // 2
        places = set(self._beginning(keys[:half]))
        for at in (half, half + 1, half + 2):
            places |= self._pairs.get((at, keys[half + 1 : half + 3]), set())
        compare = is_one_slip if is_whole else begins_with_one_slip
        return {self._forms[place][1] for place in places if compare(self._forms[place][0], keys)}

    def _beginning(self, keys: str) -> range:
        first = bisect_left(self._forms, (keys, -1))
        return range(first, bisect_left(self._forms, (keys + "\U0010ffff", -1)))


def _runs(text: str) -> Iterator[str]:
    """Yield what a typed word may begin as: a word with its signs left out, from its start or from after a sign. Of TDX-17K: tdx17k, 17k."""
    for word in text.split():
        pieces = words_of(word)
        yield from ("".join(pieces[at:]) for at in range(len(pieces)))


def begins_with_one_slip(form: str, keys: str) -> bool:
    """Return whether ``keys`` is the beginning of a name, up to one slip."""
    at = _same(form, keys)
    return any(rest.startswith(end) for rest, end in _ways(form, keys, at))


def is_one_slip(form: str, keys: str) -> bool:
    """Return whether ``keys`` is a whole name, up to one slip."""
    at = _same(form, keys)
    return form == keys or any(rest == end for rest, end in _ways(form, keys, at))


def _same(form: str, keys: str) -> int:
    """Return how many keys are the same from the start."""
    shorter = min(len(form), len(keys))
    return next((place for place in range(shorter) if form[place] != keys[place]), shorter)


def _ways(form: str, keys: str, at: int) -> list[tuple[str, str]]:
    """Return what is left of both after each slip that may have happened at the first difference."""
    ways = [
        (form[at + 1 :], keys[at + 1 :]),  # another key
        (form[at:], keys[at + 1 :]),  # a key too many
        (form[at + 1 :], keys[at:]),  # a key too few
    ]
    if form[at : at + 2] == keys[at : at + 2][::-1]:
        ways.append((form[at + 2 :], keys[at + 2 :]))
    return ways
