"""Whether each drawn bar carries its current, in the table's air and in the hot air of this box.

Pass: the DIN 43671 current (air 35 °C, bar 65 °C) reaches the rating. Else warn: in the air at the top of the box the bar
carries the current at 85 °C. Else refuse, and name the smallest listed bar that passes at the pitch.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from kis.estimator.checks.figures import rounded, settled
from kis.estimator.checks.loads import MainLoad, phase_sums
from kis.estimator.checks.thermal import AMPERE_DIGITS
from kis.estimator.layout.drawing import Drawing, Part, PartKind
from kis.estimator.physics import busbar
from kis.estimator.problem import PanelProblem
from kis.estimator.rulebook import Rulebook
from kis.estimator.rulebook.schema import BarStep

HEADER_COLUMN: Final = -1
"""The column of a report on the bars that carry a main's whole current to several columns."""


class BarVerdict(StrEnum):
    """What a bar is found to be."""

    PASS = "pass"
    WARN = "warn"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusbarReport:
    """One set of equal bars: the main's own, or those of one of several columns.

    ``ampacity_a`` holds at 35/65 °C and is None for a bar no table knows; ``verified`` is False where it is interpolated.
    ``hot_ampacity_a`` holds in air of ``air_c`` at the bar limit. ``needed_a`` is the rating the bar has to reach: the
    main's, or a column's share of it and no less than the column draws. ``passing`` is the bar that would pass, where
    this one does not and such a bar exists. Sections are written as the trade does, thickness first: 3T×15.
    """

    main: int
    column: int
    section: str
    section_mm2: Decimal
    ampacity_a: int | None
    verified: bool
    needed_a: Decimal
    air_c: Decimal
    hot_ampacity_a: Decimal | None
    current_a: Decimal
    verdict: BarVerdict
    passing: str | None


def section_text(width_mm: int, thickness_mm: int) -> str:
    """Return a bar section as the trade writes it."""
    return f"{thickness_mm}T×{width_mm}"


def ladder_step(current_a: Fraction | int, rules: Rulebook) -> BarStep:
    """Return the shop's bar for a current (rule layout.bar_ladder); its last one stands for more as well."""
    ladder = rules.layout.bar_ladder.value
    return next((step for step in ladder if current_a <= step.up_to), ladder[-1])


def section_mm2(width_mm: int, thickness_mm: int) -> Decimal:
    """Return the listed section of a bar, else width × thickness."""
    bar = busbar.find_bar(width_mm, thickness_mm)
    return bar.section_mm2 if bar is not None else Decimal(width_mm * thickness_mm)


def busbar_reports(
    problem: PanelProblem,
    drawing: Drawing,
    mains: tuple[MainLoad, ...],
    currents: Mapping[str, Fraction],
    lines: Mapping[str, tuple[str, ...]],
    top_air_c: Decimal,
    rules: Rulebook,
) -> tuple[BusbarReport, ...]:
    """Return a report on every set of bars drawn, main by main, the header before its columns."""
    return tuple(
        _report(demand, top_air_c, rules)
        for load in mains
        for demand in _demands(problem, drawing, load, currents, lines)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """A set of drawn bars with what they must carry; ``rating_a`` chooses the step of the ladder whose pitch they have."""

    main: int
    column: int
    width_mm: int
    thickness_mm: int
    rating_a: Fraction
    needed_a: Fraction
    current_a: Fraction


def _demands(
    problem: PanelProblem,
    drawing: Drawing,
    load: MainLoad,
    currents: Mapping[str, Fraction],
    lines: Mapping[str, tuple[str, ...]],
) -> Iterator[_Demand]:
    header = _of_main(drawing, PartKind.HEADER_BAR, load)
    bars = _of_main(drawing, PartKind.BUSBAR, load)
    columns = sorted({bar.column for bar in bars})
    rating = Fraction(load.main.rating_a)
    if header:
        yield _demand(
            load, HEADER_COLUMN, [(bar.height_mm, _thickness(bar)) for bar in header], rating, load.current_a
        )
    for column in columns:
        sections = [(bar.width_mm, _thickness(bar)) for bar in bars if bar.column == column]
        if not header:
            yield _demand(load, column, sections, rating, load.current_a)
            continue
        seated = {part.device for part in drawing.of(PartKind.BREAKER) if part.column == column}
        devices = [device for device in problem.devices_of(load.index) if device.id in seated]
        drawn_a = max(phase_sums(devices, lines, problem.network, lambda device: currents[device.id]))
        yield _demand(load, column, sections, rating / len(columns), drawn_a)


def _of_main(drawing: Drawing, kind: PartKind, load: MainLoad) -> list[Part]:
    return [part for part in drawing.of(kind) if part.group == load.index]


def _thickness(bar: Part) -> int:
    return (bar.z1 or bar.z0) - bar.z0


def _demand(
    load: MainLoad, column: int, sections: list[tuple[int, int]], rating_a: Fraction, current_a: Fraction
) -> _Demand:
    """Return the demand on the thinnest of the bars."""
    width, thickness = min(sections, key=lambda section: (section[0] * section[1], section))
    return _Demand(
        main=load.index,
        column=column,
        width_mm=width,
        thickness_mm=thickness,
        rating_a=rating_a,
        needed_a=max(rating_a, current_a),
        current_a=current_a,
    )


def _report(demand: _Demand, top_air_c: Decimal, rules: Rulebook) -> BusbarReport:
    bar = busbar.find_bar(demand.width_mm, demand.thickness_mm)
    hot = None
    verdict = BarVerdict.REFUSED
    if bar is not None:
        limit = rules.critic.bar_limit.value
        hot = settled(busbar.ampacity_at(bar, float(top_air_c), limit), busbar.AMPACITY_DIGITS)
        if bar.ampacity_a >= demand.needed_a:
            verdict = BarVerdict.PASS
        elif Fraction(hot) >= demand.current_a:
            verdict = BarVerdict.WARN
    return BusbarReport(
        main=demand.main,
        column=demand.column,
        section=section_text(demand.width_mm, demand.thickness_mm),
        section_mm2=section_mm2(demand.width_mm, demand.thickness_mm),
        ampacity_a=bar.ampacity_a if bar is not None else None,
        verified=bar is not None and bar.verified,
        needed_a=rounded(demand.needed_a, AMPERE_DIGITS),
        air_c=top_air_c,
        hot_ampacity_a=hot,
        current_a=rounded(demand.current_a, AMPERE_DIGITS),
        verdict=verdict,
        passing=None if verdict is BarVerdict.PASS else _passing(demand, rules),
    )


def _passing(demand: _Demand, rules: Rulebook) -> str | None:
    """Return the smallest listed bar that passes fully and leaves the bar gap at the ladder's pitch."""
    widest = ladder_step(demand.rating_a, rules).pitch_mm - rules.layout.bar_gap.value
    bar = busbar.smallest_passing(float(demand.needed_a), widest)
    return section_text(bar.width_mm, bar.thickness_mm) if bar is not None else None
