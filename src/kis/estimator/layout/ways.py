"""Rows and columns: how the ways of a main pair up, and how rows are cut into columns.

Order is given (poles, frame, ampere downwards), pairing inside one outline height is maximal, so geometry needs no search (rules
``layout.order``, ``layout.pairing``, ``enclosure.columns``).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kis.catalog import Breaker, Grade
from kis.estimator.problem import Device, Network, SpareWay
from kis.estimator.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Way:
    """A place in a row: a device, or an empty way shaped like one."""

    occupant: Device | SpareWay

    @property
    def breaker(self) -> Breaker:
        """Return the breaker whose outline the way has."""
        return self.occupant.breaker

    @property
    def outline_mm(self) -> int:
        """Return the catalogue height: how far the lying device reaches from the bars."""
        return self.breaker.height_mm


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A facing pair, or a leftover alone on the left; ``pitch_mm`` is the height of busbar it takes."""

    left: Way | None
    right: Way | None
    pitch_mm: int

    @property
    def ways(self) -> tuple[Way, ...]:
        """Return the occupied places, left first."""
        return tuple(way for way in (self.left, self.right) if way is not None)


def rows_of(
    devices: Sequence[Device], spares: Sequence[SpareWay], network: Network, rules: Rulebook
) -> tuple[Row, ...]:
    """Pair ways of the same outline height, like with like first, and order the rows by their leading way.

    ``devices`` come in the canonical order; an empty way stands after the last device of its own outline and width.
    """
    ways = sorted([*map(Way, devices), *map(Way, spares)], key=_order)
    rows: list[Row] = []
    for _, of_outline in groupby(
        sorted(ways, key=lambda way: way.outline_mm), key=lambda way: way.outline_mm
    ):
        rows += _pair(sorted(of_outline, key=_order), network, rules)
    return tuple(sorted(rows, key=lambda row: _order(row.ways[0])))


def pitch_of(breaker: Breaker, rules: Rulebook) -> int:
    """Return the height of busbar a lying breaker takes alone: its catalogue width, 40 for a small one."""
    return rules.layout.small_row_pitch.value if breaker.grade is Grade.SMALL else breaker.width_mm


def cut_into_columns(rows: Sequence[Row], count: int) -> tuple[tuple[Row, ...], ...]:
    """Cut ``rows``, in order, into ``count`` columns so that the tallest is least; ties fill the left columns as far as that allows."""
    if count <= 1:
        return (tuple(rows),)
    tallest = _least_tallest([row.pitch_mm for row in rows], count)
    columns: list[tuple[Row, ...]] = []
    rest = list(rows)
    for left in range(count - 1, -1, -1):
        taken, height = 0, 0
        while len(rest) - taken > left and height + rest[taken].pitch_mm <= tallest:
            height += rest[taken].pitch_mm
            taken += 1
        columns.append(tuple(rest[:taken]))
        rest = rest[taken:]
    return tuple(columns)


def _order(way: Way) -> tuple[object, ...]:
    """Return the sort key of the order rule: poles, frame, ampere downwards, empty ways last among their like."""
    breaker, occupant = way.breaker, way.occupant
    rating = occupant.rating_a if isinstance(occupant, Device) else 0
    return (-breaker.poles, -breaker.frame_af, -rating, -breaker.height_mm, occupant.id)


def _pair(ways: Sequence[Way], network: Network, rules: Rulebook) -> list[Row]:
    """Pair ways of one outline height: like with like first, then the leftovers among themselves; an odd last one stands alone.

    Like means equal poles, width and number of lines.
    """
    rows: list[Row] = []
    leftovers: list[Way] = []
    for _, same in groupby(sorted(ways, key=_likeness), key=_likeness):
        alike = sorted(same, key=_order)
        rows += [_row(alike[i], alike[i + 1], rules) for i in range(0, len(alike) - 1, 2)]
        leftovers += alike[len(alike) - len(alike) % 2 :]
    while leftovers:
        first = leftovers.pop(0)
        facing = next((way for way in leftovers if _may_face(first, way, network)), None)
        if facing is not None:
            leftovers.remove(facing)
        rows.append(_row(first, facing, rules))
    return _split_for_the_kept_apart(rows, rules)


def _split_for_the_kept_apart(rows: list[Row], rules: Rulebook) -> list[Row]:
    """Let two ways that may not face each other face the two of a 3- or 4-pole pair instead: a row less, and no pair taller than before."""
    alone = [
        row for row in rows if row.right is None and row.left is not None and row.left.breaker.poles <= 2
    ]
    pair = next(
        (
            row
            for row in reversed(rows)
            if all(way.breaker.poles > 2 for way in row.ways) and len(row.ways) == 2
        ),
        None,
    )
    if len(alone) < 2 or pair is None:
        return rows
    kept = [row for row in rows if row is not pair and row not in alone[:2]]
    return kept + [_row(way, single.ways[0], rules) for way, single in zip(pair.ways, alone[:2], strict=True)]


def _may_face(one: Way, other: Way, network: Network) -> bool:
    """Tell whether two ways may stand in one row: a 2-pole circuit between lines never faces one with N.

    Whichever stands left, some phases would make their cross-bars cross (R–N against S–T), and the better balance must not decide that.
    """
    if not network.has_neutral or max(one.breaker.poles, other.breaker.poles) > 2:
        return True
    if isinstance(one.occupant, SpareWay) or isinstance(other.occupant, SpareWay):
        return True
    return _between_lines(one) == _between_lines(other)


def _likeness(way: Way) -> tuple[int, int, bool]:
    return (-way.breaker.poles, way.breaker.width_mm, not _between_lines(way))


def _row(left: Way, right: Way | None, rules: Rulebook) -> Row:
    """Return the row of two facing ways.

    Two 4-pole breakers stand one pole pitch apart, for N-R-S-T-N takes five pitches (rule layout.four_pole_pair_quarter).
    """
    pitch = max(pitch_of(way.breaker, rules) for way in (left, right) if way is not None)
    if right is not None and left.breaker.poles == right.breaker.poles == 4:
        pitch += pitch // rules.layout.four_pole_pair_quarter.value
    return Row(left=left, right=right, pitch_mm=pitch)


def _between_lines(way: Way) -> bool:
    return isinstance(way.occupant, Device) and way.occupant.connected == 2


def _least_tallest(heights: Sequence[int], count: int) -> int:
    """Return the least possible height of the tallest of ``count`` runs of ``heights`` (dynamic programming over cut places)."""
    sums = [0]
    for height in heights:
        sums.append(sums[-1] + height)
    best = sums[:]
    for _ in range(count - 1):
        best = [0] + [
            min(max(best[cut], sums[end] - sums[cut]) for cut in range(end)) for end in range(1, len(sums))
        ]
    return best[-1]
