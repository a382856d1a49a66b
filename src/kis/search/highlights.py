"""The pieces of a text that show why it was found, with the terms marked.

All work is done in time that grows with the length of the text: every term is looked for once, windows slide over what was found, and only around the
best of them the text itself is looked at again, for a good place to begin and to end.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from kis.search.asking.folding import Folded, fold, folded_with_offsets
from kis.search.things import Snippet, Span

MOST_TERMS: Final = 64
MOST_PLACES: Final = 2_000
"""Places of one term that are looked at; a text that holds it more often has good windows among them."""
LEAST_BEGINNING: Final = 4
"""Letters of a Latin term that may be the beginning of a longer word: ``break`` is marked in ``breakers``, ``in`` not in ``indoor``."""

_SENTENCE_END: Final = re.compile(r"""(?P<stop>[.!?。…]["'\u201d\u2019)\]]*)\s+|\s*\n\s*""")
_WORD: Final = re.compile(r"\S+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_NUMBER_BEFORE: Final = re.compile(r"\d[.,]?$")
_NUMBER_AFTER: Final = re.compile(r"[.,]?\d")


class _Place(NamedTuple):
    """Where terms stand in a text; terms that overlap are one place."""

    start: int
    end: int
    terms: int
    """A bit for each."""


class _Wanted(NamedTuple):
    """A term that is looked for."""

    words: tuple[str, ...]
    is_bound: bool
    """Whether the letters beside it tell if it stands there."""


class _Gap(NamedTuple):
    """A stretch of the text no snippet shows yet, with the places in it."""

    start: int
    end: int
    places: Sequence[_Place]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Where a snippet may begin and end."""

    begins: Sequence[int]
    ends: Sequence[int]


class _Window(NamedTuple):
    """Neighbouring places of a gap that fit into one snippet."""

    gap: _Gap
    first: int
    after: int
    """From place number ``first`` of the gap to before number ``after``."""
    terms: int


def snippets(
    text: str, terms: Collection[str], *, field: str, most_characters: int = 200, most: int = 3
) -> tuple[Snippet, ...]:
    """Return the pieces of ``text`` that show most of ``terms``, the best first; none where no term stands in it.

    A piece is a part of the text as it stands (line ends and controls as spaces), at most ``most_characters`` long. It begins with a sentence where that
    fits, with a word otherwise, and ends likewise. Neither pieces nor marks overlap. A Korean term is marked wherever it stands in a word, a Latin one
    from the beginning of a word, a number only whole.
    """
    gaps = [_Gap(0, len(text), _places(folded_with_offsets(text), terms, most_characters))]
    shown = 0
    pieces: list[Snippet] = []
    while len(pieces) < most:
        best = _best_window(gaps, shown, most_characters)
        if best is None:
            break
        piece = _piece(text, best, most_characters)
        gaps = [gap for gap in gaps if gap is not best.gap] + _around(piece, best.gap)
        pieces.append(_snippet(text, piece, best.gap.places, field))
        shown |= best.terms
    return tuple(pieces)


def _places(folded: Folded, terms: Collection[str], most_characters: int) -> list[_Place]:
    """Return the places of all terms in the original text, in its order; no place is longer than a snippet."""
    found: list[tuple[int, int, int]] = []
    for number, term in enumerate(_wanted(tuple(islice(terms, MOST_TERMS)))):
        if term.words[0] not in folded.text:
            continue
        places = _standing(folded.text, term)
        if not folded.is_exact:
            spans = (folded.original(start, end) for start, end in places)
            places = [(span.start, span.end) for span in spans]
        found += [(start, -end, 1 << number) for start, end in places]
    found.sort()  # of those that begin together the longest comes first
    merged: list[_Place] = []
    for begin, before_end, term_bit in found:
        last = merged[-1] if merged and begin < merged[-1].end else None
        start, end = (last.start, max(last.end, -before_end)) if last else (begin, -before_end)
        if end - start > most_characters:
            continue
        if last:
            merged[-1] = _Place(start, end, last.terms | term_bit)
        else:
            merged.append(_Place(start, end, term_bit))
    return merged


@lru_cache(maxsize=16)
def _wanted(terms: tuple[str, ...]) -> tuple[_Wanted, ...]:
    """Return terms as they stand in folded texts; all texts of a page are looked through for the same ones."""
    words = dict.fromkeys(tuple(fold(term).split()) for term in terms)
    return tuple(
        _Wanted(each, any(_is_latin(end) or end.isdigit() for end in (each[0][0], each[-1][-1])))
        for each in words
        if each
    )


def _standing(text: str, term: _Wanted) -> list[tuple[int, int]]:
    spans = list(islice(_spans(text, term.words), MOST_PLACES))
    if not term.is_bound:
        return spans
    return [(start, end) for start, end in spans if _begins(text, start) and _ends(text, start, end)]


def _spans(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    if len(words) > 1:
        yield from (found.span() for found in re.finditer(" +".join(map(re.escape, words)), text))
        return
    word = words[0]  # most terms are one, and a pattern takes longer to make than to use
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        yield start, end
        start = text.find(word, end)


def _begins(text: str, start: int) -> bool:
    if text[start].isdigit():
        return not _NUMBER_BEFORE.search(text[max(start - 2, 0) : start])
    return not (_is_latin(text[start]) and start and _is_latin(text[start - 1]))


def _ends(text: str, start: int, end: int) -> bool:
    if text[end - 1].isdigit():
        return not _NUMBER_AFTER.match(text, end)
    goes_on = _is_latin(text[end - 1]) and end < len(text) and _is_latin(text[end])
    return not goes_on or end - start >= LEAST_BEGINNING


def _is_latin(character: str) -> bool:
    """Return whether a character is a letter of a script with spaces between words, as Latin, Greek and Cyrillic have them."""
    return character.isalpha() and character < "\u0590"


def _best_window(gaps: Iterable[_Gap], shown: int, most_characters: int) -> _Window | None:
    """Return the window with most terms not shown yet, of those the one with most terms, then most places, and of equals the first."""
    best, best_worth = None, (-1, -1, -1, 0)
    for gap in gaps:
        places, after, inside = gap.places, 0, 0
        counts: defaultdict[int, int] = defaultdict(int)
        for first, place in enumerate(places):
            latest, before = place.start + most_characters, after
            while after < len(places) and places[after].end <= latest:
                terms = places[after].terms
                for term in _bits(terms) if terms & (terms - 1) else (terms,):
                    counts[term] += 1
                inside |= terms
                after += 1
            if after > before:  # else it is a part of the one before
                worth = ((inside & ~shown).bit_count(), inside.bit_count(), after - first, -place.start)
                if worth > best_worth:
                    best, best_worth = _Window(gap, first, after, inside), worth
            for term in _bits(place.terms) if place.terms & (place.terms - 1) else (place.terms,):
                counts[term] -= 1
                if not counts[term]:
                    inside ^= term
    return best


def _bits(terms: int) -> Iterator[int]:
    while terms:
        yield terms & -terms
        terms &= terms - 1


def _piece(text: str, window: _Window, most_characters: int) -> Span:
    """Return what to show of a window: as many of its places as fit together with the words they stand in, and what fits around them."""
    if len(text) <= most_characters:
        return Span(0, len(text))
    gap, start = window.gap, window.gap.places[window.first].start
    for after in range(window.after, window.first, -1):
        end = gap.places[after - 1].end
        area = Span(max(gap.start, end - most_characters), min(gap.end, start + most_characters))
        words = _word_limits(text, area, gap)
        first = max((place for place in words.begins if place <= start), default=None)
        last = min((place for place in words.ends if place >= end), default=None)
        if first is not None and last is not None and last - first <= most_characters:
            return _widened(Span(first, last), words, _sentence_limits(text, area), most_characters)
    begin = max(area.start, start - (most_characters - (end - start)) // 2)  # a word longer than a snippet
    shown = text[begin : min(area.end, begin + most_characters)]
    return Span(begin + len(shown) - len(shown.lstrip()), begin + len(shown.rstrip()))


def _widened(core: Span, words: _Limits, sentences: _Limits, most_characters: int) -> Span:
    """Return the core from the beginning of its sentence on, up to the last sentence that fits; up to words where that would leave half of the room."""
    half = most_characters // 2
    spare = (most_characters - (core.end - core.start)) // 2
    fitting = [place for place in sentences.begins if core.end - most_characters <= place <= core.start]
    nearby = (place for place in words.begins if core.start - spare <= place <= core.start)
    begin = fitting[-1] if fitting else min(nearby)
    room = Span(core.end, begin + most_characters)
    stops = [place for place in sentences.ends if max(room.start, begin + half) <= place <= room.end]
    end = stops[-1] if stops else max(place for place in words.ends if room.start <= place <= room.end)
    if end - begin < half:  # the text ends here: more of what goes before
        begin = min((place for place in fitting if end - place <= most_characters), default=begin)
    return Span(begin, end)


def _word_limits(text: str, area: Span, gap: _Gap) -> _Limits:
    words = [found.span() for found in _WORD.finditer(text, area.start, area.end)]
    return _Limits(
        [
            begin
            for begin, _ in words
            if begin in {gap.start, 0} or begin > area.start or text[begin - 1].isspace()
        ],
        [end for _, end in words if end in {gap.end, len(text)} or end < area.end or text[end].isspace()],
    )


def _sentence_limits(text: str, area: Span) -> _Limits:
    """Return where sentences begin and end; of the text's own beginning and end, its first and last word."""
    stops = list(_SENTENCE_END.finditer(text, area.start, area.end))
    begins = [stop.end() for stop in stops]
    ends = [stop.end("stop") if stop["stop"] else stop.start() for stop in stops]
    words = [found.span() for found in _WORD.finditer(text, area.start, area.end)]
    if area.start == 0:
        begins.insert(0, words[0][0])
    if area.end == len(text):
        ends.append(words[-1][1])
    return _Limits(begins, ends)


def _around(piece: Span, gap: _Gap) -> list[_Gap]:
    """Return what is left of a gap before and after a piece of it."""
    return [
        _Gap(gap.start, piece.start, [place for place in gap.places if place.end <= piece.start]),
        _Gap(piece.end, gap.end, [place for place in gap.places if place.start >= piece.end]),
    ]


def _snippet(text: str, piece: Span, places: Sequence[_Place], field: str) -> Snippet:
    marks = (
        Span(place.start - piece.start, place.end - piece.start)
        for place in places
        if piece.start <= place.start and place.end <= piece.end
    )
    return Snippet(field=field, text=_CONTROL.sub(" ", text[piece.start : piece.end]), marks=tuple(marks))
