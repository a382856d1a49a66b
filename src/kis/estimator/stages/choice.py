"""From (kind, poles, AT, make, grade, kA) to a catalogue model (rules ``selection.*``).

Order: kind, poles, rating, kA where one is wanted; then the 2-pole rules; then the grade asked, else economy, then standard; then the smallest frame,
the lowest kA, the name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kis.catalog import Breaker, BreakerKind, Catalog, Grade
from kis.estimator.naming import plain_model
from kis.estimator.rulebook import Rulebook

FRAME_WRITINGS: Final = {32: 30, 200: 250, 225: 250, 630: 600}
"""Frames as customers write them, and the frame of the data that is meant (Sangdo and LS name 225/250 and 600/630 alike)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a breaker must be. ``asked_grade`` is the branch's own wish, ``panel_grade`` the panel's."""

    kind: BreakerKind
    poles: int
    rating_a: int
    make: str
    frame_af: int | None = None
    asked_grade: Grade | None = None
    panel_grade: Grade | None = None
    sensitivity_ma: int | None = None
    breaking_ka: Decimal | None = None
    voltage: int = 0
    modular: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A breaker that exists where the wanted one does not."""

    breaker: Breaker
    rating_a: int


def choose(wanted: Wanted, catalog: Catalog, rules: Rulebook) -> Breaker | None:
    """Return the model the rules lead to, or None where the maker has no such breaker."""
    candidates = [
        breaker
        for breaker in _of_kind(wanted, catalog)
        if breaker.poles == wanted.poles and wanted.rating_a in breaker.ratings_a
    ]
    if wanted.frame_af is not None:
        frame = FRAME_WRITINGS.get(wanted.frame_af, wanted.frame_af)
        candidates = [breaker for breaker in candidates if breaker.frame_af == frame]
    if wanted.breaking_ka is not None:
        candidates = [
            breaker for breaker in candidates if may_hold(breaker, wanted.breaking_ka, wanted.voltage)
        ]
    preferred = preferred_grades(wanted, rules)
    return min(candidates, key=lambda breaker: _rank(breaker, preferred), default=None)


def preferred_grades(wanted: Wanted, rules: Rulebook) -> tuple[Grade, ...]:
    """Return the grades in the order they are tried for ``wanted``."""
    if wanted.modular:
        return (Grade.MODULAR,)
    selection = rules.selection
    grades: list[Grade] = []
    compact_asked = (
        Grade.COMPACT in (wanted.asked_grade, wanted.panel_grade)
        or wanted.frame_af == selection.compact_frame_af.value
    )
    if wanted.poles == 2 and wanted.asked_grade in (None, Grade.SMALL, Grade.COMPACT):
        if wanted.rating_a <= selection.two_pole_small_up_to.value and not compact_asked:
            grades.append(Grade.SMALL)
        elif wanted.rating_a <= selection.two_pole_compact_up_to.value:
            grades.append(Grade.COMPACT)
    grades += [grade for grade in (wanted.asked_grade, wanted.panel_grade) if grade is not None]
    grades += [Grade(name) for name in selection.grade_order.value]
    return tuple(dict.fromkeys(grades))


def may_hold(breaker: Breaker, wanted_ka: Decimal, voltage: int) -> bool:
    """Tell whether a declared kA reaches ``wanted_ka`` at ``voltage``, or might: a figure without its voltage is kept, to be marked unverified."""
    if breaker.icu_ka is None or breaker.icu_ka < wanted_ka:
        return False
    return breaker.icu_at_v is None or breaker.icu_at_v >= voltage


def nearest(wanted: Wanted, catalog: Catalog, rules: Rulebook) -> tuple[Alternative, ...]:
    """Name what exists instead: the next rating up at the same poles, then the next poles up at the same rating (rule ``selection.nearest``)."""
    of_kind = _of_kind(wanted, catalog)
    if wanted.breaking_ka is not None:
        of_kind = [breaker for breaker in of_kind if may_hold(breaker, wanted.breaking_ka, wanted.voltage)]
    higher = [
        (rating, breaker)
        for breaker in of_kind
        if breaker.poles == wanted.poles
        for rating in breaker.ratings_a
        if rating > wanted.rating_a
    ]
    wider = [
        (breaker.poles, breaker)
        for breaker in of_kind
        if breaker.poles > wanted.poles and wanted.rating_a in breaker.ratings_a
    ]
    found: list[Alternative] = []
    if higher:
        rating, breaker = min(
            higher,
            key=lambda item: (
                item[0],
                _rank(item[1], preferred_grades(replace(wanted, rating_a=item[0]), rules)),
            ),
        )
        found.append(Alternative(breaker=breaker, rating_a=rating))
    if wider:
        _, breaker = min(
            wider,
            key=lambda item: (
                item[0],
                _rank(item[1], preferred_grades(replace(wanted, poles=item[0]), rules)),
            ),
        )
        found.append(Alternative(breaker=breaker, rating_a=wanted.rating_a))
    return tuple(found)


def by_model(model: str, rating_a: int, sensitivity_ma: int | None, catalog: Catalog) -> Sequence[Breaker]:
    """Return the rows of a model written by name; those with the wanted sensitivity and rating first."""
    plain = plain_model(model)
    rows = [breaker for breaker in catalog.breakers if plain_model(breaker.model) == plain]
    return sorted(
        rows,
        key=lambda breaker: (
            breaker.sensitivity_ma not in (None, sensitivity_ma),
            rating_a not in breaker.ratings_a,
        ),
    )


def _of_kind(wanted: Wanted, catalog: Catalog) -> list[Breaker]:
    return [
        breaker
        for breaker in catalog.breakers
        if breaker.make == wanted.make
        and breaker.kind is wanted.kind
        and (breaker.grade is Grade.MODULAR) == wanted.modular
        and (
            breaker.kind is BreakerKind.MCCB
            or wanted.sensitivity_ma is None
            or breaker.sensitivity_ma == wanted.sensitivity_ma
        )
    ]


def _rank(breaker: Breaker, preferred: Sequence[Grade]) -> tuple[int, int, Decimal, str]:
    grade = preferred.index(breaker.grade) if breaker.grade in preferred else len(preferred)
    return (
        grade,
        breaker.frame_af,
        breaker.icu_ka if breaker.icu_ka is not None else Decimal(0),
        breaker.model,
    )
