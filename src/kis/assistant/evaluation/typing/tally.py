"""Figures over typed traces.

hit@k       In the first k places after some key press and after every later one: so after the last.
final@1     In the first place after the last key press.
need        Share of the key presses until the product is first and stays so; 1 where it never does.
flicker     Changes of the first place after the wanted product had it for the first time.
p50, p95    Milliseconds per key press.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from kis.assistant.evaluation.typing.measuring import Typed

ALL_KINDS: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """How well traces of one kind, or of all, are predicted."""

    kind: str
    count: int
    keys: int
    hit_at_1: float
    hit_at_3: float
    final_at_1: float
    need: float
    flicker: float
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Miss:
    """A trace at whose end another product stands first."""

    kind: str
    target: str
    typed: str
    place: int | None
    shown: tuple[str, ...]
    confidence: float


def figures(answers: Sequence[Typed]) -> list[Figures]:
    """Return the figures of each kind in the order they were typed, and of all together at the end; none where nothing was typed."""
    if not answers:
        return []
    kinds = dict.fromkeys(one.trace.kind for one in answers)
    rows = [_of(kind, [one for one in answers if one.trace.kind == kind]) for kind in kinds]
    return [*rows, _of(ALL_KINDS, answers)]


def misses(answers: Sequence[Typed], rows: Sequence[Figures], *, most: int) -> list[Miss]:
    """Return traces that end with another product first, at most so many of each kind; the kind with the fewest hits before the others."""
    worst = sorted((row for row in rows if row.kind != ALL_KINDS), key=lambda row: row.hit_at_1)
    found = []
    for row in worst:
        of_kind = (one for one in answers if one.trace.kind == row.kind and one.places[-1] != 1)
        found += [_miss(one) for one, _ in zip(of_kind, range(most), strict=False)]
    return found


def stays_from(places: Sequence[int | None], first: int) -> int | None:
    """Return the key press, from 0, from which on the product stays in the first places; None where it is not there at the end."""
    start = None
    for at, place in enumerate(places):
        if place is None or place > first:
            start = None
        elif start is None:
            start = at
    return start


def flicker(typed: Typed) -> int:
    """Return how often the first place changed after the wanted product had it for the first time."""
    firsts = [ids[0] if ids else None for ids in typed.shown]
    if typed.trace.target not in firsts:
        return 0
    return sum(one != other for one, other in pairwise(firsts[firsts.index(typed.trace.target) :]))


def _of(kind: str, answers: Sequence[Typed]) -> Figures:
    count = len(answers)
    places = [one.places for one in answers]
    firsts = [stays_from(some, 1) for some in places]
    milliseconds = sorted(one for answer in answers for one in answer.milliseconds)
    return Figures(
        kind=kind,
        count=count,
        keys=len(milliseconds),
        hit_at_1=sum(first is not None for first in firsts) / count,
        hit_at_3=sum(stays_from(some, 3) is not None for some in places) / count,
        final_at_1=sum(some[-1] == 1 for some in places) / count,
        need=sum(
            1.0 if first is None else (first + 1) / len(some)
            for first, some in zip(firsts, places, strict=True)
        )
        / count,
        flicker=sum(map(flicker, answers)) / count,
        p50_ms=_percentile(milliseconds, 0.50),
        p95_ms=_percentile(milliseconds, 0.95),
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    """Return the smallest value that so large a share of them does not exceed."""
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def _miss(typed: Typed) -> Miss:
    trace = typed.trace
    return Miss(
        trace.kind, trace.target, trace.keys[-1], typed.places[-1], typed.shown[-1], typed.confidences[-1]
    )
