"""How a single-line diagram is divided: which bus stands on which sheet, how far its branches stand apart, where the tables go.

A bus runs down the sheet and its branches leave to the right, from ten on to both sides in turn (1 left, 2 right, as breakers face each
other in the box). Two mains with few branches each share a sheet, every other main has sheets of its own; what does not fit continues on the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import floor
from typing import Final

from kis.estimator.documents.drawings.panel_facts import PanelFacts
from kis.estimator.documents.drawings.paper import Paper, drawing_area
from kis.estimator.documents.drawings.sheet import Box
from kis.estimator.documents.drawings.single_line.blocks import extras_height_mm, summary_height_mm
from kis.estimator.documents.drawings.single_line.facts import Branch, branches_of

PAPER: Final = Paper.A3
SMALL_PAPER: Final = Paper.A4_LANDSCAPE
HEAD_MM: Final = 56.0
"""From the top of a sheet to the first bus of a main: source, main and instruments."""
CONTINUED_MM: Final = 12.0
TABLE_HEAD_MM: Final = 5.0
TERMINAL_BAR_MM: Final = 9.5
FOOT_GAP_MM: Final = 6.0
MAIN_WORDS_MM: Final = 66.0
"""From a bus to the right end of the words beside its main."""
_BESIDE_MM: Final = 12.0
"""Left of a bus whose branches all leave to the right."""
_GAP_MM: Final = 4.0

LEAST_PITCH_MM: Final = 6.4
"""Two lines of 1.9 mm letters and the symbol of a breaker with its ring."""
PITCHES_MM: Final = tuple(number / 5 for number in range(80, 31, -1))
"""16 mm to 6.4 mm, the widest first."""
ONE_SIDED: Final = 9
"""Up to so many branches the bus of an only main has them all on its right and leaves the left to the tables."""
MOST_HEAD_MM: Final = 84.0
MOST_STRIP_MM: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BusPlan:
    """A main's bus on one sheet. ``left`` and ``right`` are the widths its branches may use; ``summary`` is free for its load table."""

    main: int
    x: float
    left: float
    right: float
    top: float
    branches: tuple[Branch, ...]
    part: int
    parts: int
    summary: Box | None

    @property
    def is_first(self) -> bool:
        """Tell whether the main itself stands on this sheet."""
        return self.part == 1

    @property
    def is_last(self) -> bool:
        """Tell whether the bus ends on this sheet."""
        return self.part == self.parts

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing branches off: the main's load leaves at once."""
        return not self.branches and self.parts == 1

    @property
    def rows(self) -> int:
        """Return how many rows its branches take."""
        return -(-len(self.branches) // 2) if self.left else len(self.branches)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPlan:
    """One sheet: its buses, the height of a row, the height of a strip below everything, and the box for accessories and legend."""

    buses: tuple[BusPlan, ...]
    pitch_mm: float
    extras: Box | None = None
    strip_mm: float = 0.0
    paper: Paper = PAPER


@dataclass(frozen=True, slots=True)
class _Room:
    """Heights for rows on the first and on every further sheet of a main."""

    first: float
    further: float

    def rows(self, pitch_mm: float, sheets: int) -> list[int]:
        """Return how many rows each sheet holds."""
        heights = [self.first, *[self.further] * (sheets - 1)]
        return [floor(height / pitch_mm + 1e-6) for height in heights]


def sheet_plans(facts: PanelFacts) -> tuple[SheetPlan, ...]:
    """Return the plan of every sheet."""
    mains = range(len(facts.design.problem.mains))
    branches = [branches_of(facts, main) for main in mains]
    plans = tuple(_of_one(facts, branches[0]) if len(mains) == 1 else _of_several(facts, branches))
    if any(plan.extras for plan in plans):
        return plans
    return (*plans, SheetPlan(buses=(), pitch_mm=LEAST_PITCH_MM, extras=drawing_area(PAPER)))


def foot_mm(facts: PanelFacts) -> float:
    """Return the height of the terminal bars at the foot of every sheet."""
    bars = 2 if facts.design.problem.network.has_neutral else 1
    return FOOT_GAP_MM + bars * TERMINAL_BAR_MM


def _of_one(facts: PanelFacts, branches: tuple[Branch, ...]) -> Iterator[SheetPlan]:
    """Yield the sheets of an only main: a small one on a small paper, tables and legend beside it; else on both sides of its bus."""
    small = _small(facts, branches) or _one_sided(facts, branches)
    if small is not None:
        yield small
        return
    x0, _, x1, y1 = drawing_area(PAPER)
    left = (x0 + x1) / 2 + MAIN_WORDS_MM
    needed = extras_height_mm(facts, x1 - left)
    fits = needed <= MOST_HEAD_MM
    head = max(HEAD_MM, needed + _GAP_MM) if fits else HEAD_MM
    for number, plan in enumerate(_two_sided(facts, 0, branches, head)):
        beside = (left, y1 - head + _GAP_MM, x1, y1)
        yield replace(plan, extras=beside if fits and not number else None)


def _small(facts: PanelFacts, branches: tuple[Branch, ...]) -> SheetPlan | None:
    """Return a plan on the small paper: the tables and the legend right of the main; None where it holds too little."""
    x0, y0, x1, y1 = drawing_area(SMALL_PAPER)
    left = x0 + _BESIDE_MM + MAIN_WORDS_MM
    summary = (left, y1 - (summary_height_mm(x1 - left) if branches else 0.0), x1, y1)
    head = max(HEAD_MM, y1 - summary[1] + extras_height_mm(facts, x1 - left) + 2 * _GAP_MM)
    height = y1 - y0 - foot_mm(facts) - TABLE_HEAD_MM - head
    bus = _right_bus(0, x0 + _BESIDE_MM, x1, y1 - head, branches, summary)
    extras = (left, y1 - head + _GAP_MM, x1, summary[1] - (_GAP_MM if branches else 0.0))
    return _with_rows((bus,), height, extras, SMALL_PAPER)


def _one_sided(facts: PanelFacts, branches: tuple[Branch, ...]) -> SheetPlan | None:
    """Return a plan with all branches right of the bus, tables and legend left of it; None where there are too many."""
    x0, y0, x1, y1 = drawing_area(PAPER)
    middle, low = (x0 + x1) / 2, y0 + foot_mm(facts)
    edge = middle - _BESIDE_MM
    summary = (x0, y1 - summary_height_mm(edge - x0), edge, y1)
    extras = (x0, low, edge, summary[1] - _GAP_MM)
    if len(branches) > ONE_SIDED or extras_height_mm(facts, edge - x0) > extras[3] - extras[1]:
        return None
    bus = _right_bus(0, middle, x1, y1 - HEAD_MM, branches, summary)
    return _with_rows((bus,), y1 - low - HEAD_MM - TABLE_HEAD_MM, extras, PAPER)


def _right_bus(
    main: int, x: float, edge: float, top: float, branches: tuple[Branch, ...], summary: Box
) -> BusPlan:
    """Return a whole bus with all its branches to the right."""
    return BusPlan(
        main=main,
        x=x,
        left=0.0,
        right=edge - x,
        top=top,
        branches=branches,
        part=1,
        parts=1,
        summary=summary,
    )


def _with_rows(
    buses: tuple[BusPlan, ...], height: float, extras: Box | None, paper: Paper
) -> SheetPlan | None:
    """Return a sheet with the widest rows that fit into a height; None where even the narrowest do not."""
    rows = max(bus.rows for bus in buses)
    for pitch in PITCHES_MM:
        if rows * pitch <= height:
            return SheetPlan(buses=buses, pitch_mm=pitch, extras=extras, paper=paper)
    return None


def _of_several(facts: PanelFacts, branches: Sequence[tuple[Branch, ...]]) -> Iterator[SheetPlan]:
    """Yield the sheets of several mains; accessories and legend take a strip at the foot of the first."""
    x0, y0, x1, y1 = drawing_area(PAPER)
    strip = extras_height_mm(facts, x1 - x0) + _GAP_MM
    if strip > MOST_STRIP_MM:
        strip = 0.0
    height = y1 - y0 - foot_mm(facts) - HEAD_MM - TABLE_HEAD_MM
    main = 0
    while main < len(branches):
        shared = _shared(branches, main, height - strip)
        plans = [shared] if shared else list(_two_sided(facts, main, branches[main], HEAD_MM, strip))
        if strip:
            plans[0] = replace(plans[0], extras=(x0, y0, x1, y0 + strip - _GAP_MM), strip_mm=strip)
        yield from plans
        main += 2 if shared else 1
        strip = 0.0


def _shared(branches: Sequence[tuple[Branch, ...]], main: int, height: float) -> SheetPlan | None:
    """Return a sheet of two mains side by side; None where the second is missing or one has too many branches."""
    if main + 1 == len(branches):
        return None
    x0, _, x1, y1 = drawing_area(PAPER)
    width = (x1 - x0 - _GAP_MM) / 2
    summary = y1 - summary_height_mm(width - _BESIDE_MM - MAIN_WORDS_MM)
    buses = tuple(
        _right_bus(
            number,
            left + _BESIDE_MM,
            left + width,
            y1 - HEAD_MM,
            branches[number],
            (left + _BESIDE_MM + MAIN_WORDS_MM, summary, left + width, y1),
        )
        for number, left in ((main, x0), (main + 1, x0 + width + _GAP_MM))
    )
    return _with_rows(buses, height, None, PAPER)


def _two_sided(
    facts: PanelFacts, main: int, branches: tuple[Branch, ...], head_mm: float, strip_mm: float = 0.0
) -> Iterator[SheetPlan]:
    """Yield as few sheets as hold the branches of a main on both sides of its bus, all with the same, widest row."""
    x0, y0, x1, y1 = drawing_area(PAPER)
    middle = (x0 + x1) / 2
    height = y1 - y0 - foot_mm(facts) - TABLE_HEAD_MM
    room = _Room(height - head_mm - strip_mm, height - CONTINUED_MM)
    pitch, rows = _divided(room, -(-len(branches) // 2))
    cuts = [0]
    for count in rows:
        cuts.append(cuts[-1] + 2 * count)
    for part, (start, end) in enumerate(pairwise(cuts), start=1):
        bus = BusPlan(
            main=main,
            x=middle,
            left=middle - x0,
            right=x1 - middle,
            top=y1 - (head_mm if part == 1 else CONTINUED_MM),
            branches=branches[start:end],
            part=part,
            parts=len(rows),
            summary=(x0, y1 - summary_height_mm(middle - x0 - _BESIDE_MM), middle - _BESIDE_MM, y1)
            if part == 1
            else None,
        )
        yield SheetPlan(buses=(bus,), pitch_mm=pitch)


def _divided(room: _Room, rows: int) -> tuple[float, list[int]]:
    """Return the widest pitch at which the fewest sheets hold so many rows, and the rows each has room for."""
    sheets = 1
    while sum(room.rows(LEAST_PITCH_MM, sheets)) < rows:
        sheets += 1
    pitch = next(pitch for pitch in PITCHES_MM if sum(room.rows(pitch, sheets)) >= rows)
    return pitch, room.rows(pitch, sheets)
