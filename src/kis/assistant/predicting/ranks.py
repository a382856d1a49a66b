"""Ranking: why one product stands before another, as a tuple that can be shown.

Doubts come first, so a text that is exactly the beginning of a name stands before every text with a slip in it. Among equals stand, in this order: what
was typed on the layout it is written in, what is typed in order and from the beginning, names before categories, whole names before names that go on, what
has its spaces where they were typed, what is chosen often, and what leaves least to be typed.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from kis.assistant.predicting.rows import Row
from kis.assistant.predicting.slips import EXACT, fit
from kis.assistant.predicting.tables import PLACES
from kis.assistant.predicting.texts import Typed

WHOLE_NAME: Final = 0
WHOLE_WORD: Final = 1
PART_OF_WORD: Final = 2
"""How far the name is typed."""

FROM_THE_BEGINNING: Final = 0
FROM_A_WORD: Final = 1
WITHIN_A_WORD: Final = 2
OTHER_ORDER: Final = 3

LEAST_KEYS: Final = 3
"""Shorter words are a slip away from everything."""
CUT_SHORT: Final = 1
"""Doubts for a word that is not the last one and yet not whole: who goes on to the next word has typed the one before."""
OF_NONE: Final = 3
"""Doubts for a word that the product has not."""


class Rank(NamedTuple):
    """Why a product stands where it stands; smaller is better, the first difference decides."""

    doubts: int
    """What must have gone wrong: a likely slip 1, an unlikely one 2, a word cut short 1, a word it has not 3."""
    missing: int
    """Typed words it has not."""
    layout: int
    """1 where it is written on the other layout of the keyboard than was typed on."""
    order: int
    """0 from the beginning of name or brand, 1 from a word within, 2 from within a word, 3 words in other order."""
    field: int
    """1 where a word of the category is meant."""
    open: int
    """0 where the whole name is typed, with or without its brand, 1 where whole words are, 2 where a word is begun."""
    spacing: int
    """Places where one of the two has a space and the other has not."""
    popularity: int
    """What is chosen often stands before what is chosen seldom: 0 and below."""
    rest: int
    """Keys of the name that are left to type."""
    row: int
    """The order of the catalog, so that nothing is left to chance."""


class Match(NamedTuple):
    """How what was typed stands in one piece."""

    doubts: int
    length: int
    """Keys of the row that are typed."""


class Allowed(NamedTuple):
    """What may be wrong with typed words."""

    slips: int = 0
    """Words with a slip."""
    missing: int = 0
    """Words that the product has not."""


def rank_in_order(
    match: Match, origins: Iterable[int], rows: Sequence[Row], typed: Typed, popularity: Sequence[int]
) -> Iterator[tuple[int, Rank]]:
    """Yield products with the ranks of their rows, in which what was typed stands in one piece, from each of ``origins`` on."""
    doubts, length = match
    typed_starts, within = typed.starts, (1 << length) - 1
    for origin in origins:
        number, place = origin // PLACES, origin % PLACES
        product, keys, starts, _, korean, brand_end, name_end, _ = rows[number]
        end = place + length
        if place == 0 or place == brand_end:  # noqa: PLR1714 - a set would be made for each
            order = FROM_THE_BEGINNING
            is_whole = end == name_end
        else:
            order = FROM_A_WORD if starts >> place & 1 else WITHIN_A_WORD
            is_whole = False
        if is_whole:
            left_open = WHOLE_NAME
        else:
            left_open = WHOLE_WORD if end >= len(keys) or starts >> end & 1 else PART_OF_WORD
        # Without names and calls in between: every key press makes dozens of ranks, and they would cost a third of its time.
        yield product, tuple.__new__(Rank, (
            doubts,
            0,
            0 if (korean >> place & 1) == typed.is_korean else 1,
            order,
            0 if place < name_end else 1,
            left_open,
            0 if doubts else ((starts >> place ^ typed_starts) & within).bit_count(),
            -popularity[product],
            name_end - end if end < name_end else 0,
            number,
        ))  # fmt: skip


def rank_words(number: int, row: Row, typed: Typed, popularity: int, allowed: Allowed) -> Rank | None:
    """Return the rank of a row by the typed words one by one, in whatever order they stand; None where more is wrong than is allowed."""
    used = doubts = missing = begun = slips = 0
    field = 0
    last = len(typed.words) - 1
    for at in sorted(range(last + 1), key=lambda at: -len(typed.words[at])):
        word = typed.words[at]
        found = _place(word, row, used) or (
            _place_with_slip(word, row, used) if slips < allowed.slips else None
        )
        if not found:
            missing += 1
            doubts += OF_NONE
            if missing > allowed.missing:
                return None
            continue
        slip, place, length = found
        end = place + length
        used |= ((1 << length) - 1) << place
        doubts += slip
        slips += slip > EXACT
        field |= place >= row.name_end
        if not row.ends_at(end):
            begun += 1
            doubts += CUT_SHORT if at < last else EXACT
    named = (1 << row.name_end) - 1
    without_brand = named & ~((1 << row.brand_end) - 1)
    is_whole = not missing and (used & without_brand) == without_brand
    return Rank(
        doubts=doubts,
        missing=missing,
        layout=int(bool(used & row.korean) > typed.has_korean),
        open=WHOLE_NAME if is_whole else (PART_OF_WORD if begun else WHOLE_WORD),
        order=OTHER_ORDER,
        field=int(field),
        spacing=0,
        popularity=-popularity,
        rest=(named & ~used).bit_count(),
        row=number,
    )


def _place(word: str, row: Row, used: int) -> tuple[int, int, int] | None:
    """Return where a word stands that nothing else has taken; one that ends there before one that goes on."""
    length = len(word)
    begun = None
    for place in _found(row.keys, word):
        if used >> place & 1 or not row.begins_at(place):
            continue
        if row.ends_at(place + length):
            return EXACT, place, length
        begun = begun or (EXACT, place, length)
    return begun


def _place_with_slip(word: str, row: Row, used: int) -> tuple[int, int, int] | None:
    if len(word) < LEAST_KEYS:
        return None
    best = None
    first, second = word[0], word[1]
    free = row.starts & ~used
    while free:
        place = (free & -free).bit_length() - 1
        free &= free - 1
        if first not in (head := row.keys[place : place + 2]) and second not in head:
            continue  # one slip leaves one of the first two keys at most one key from its place
        found = fit(word, row.keys, start=place)
        if found:
            one = (found.doubts, not row.ends_at(place + found.length), place, found.length)
            best = min(best, one) if best else one
    return (best[0], best[2], best[3]) if best else None


def _found(keys: str, word: str) -> list[int]:
    places = []
    place = keys.find(word)
    while place >= 0:
        places.append(place)
        place = keys.find(word, place + 1)
    return places
