"""A designed panel: the box chosen for it, its arrangement, the phases of its circuits and the drawing of all that."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from kis.estimator.findings import Because
from kis.estimator.layout.drawing import Drawing
from kis.estimator.layout.plans import Arrangement
from kis.estimator.problem import PanelProblem
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenEnclosure:
    """The box that is quoted and why.

    ``fit`` is the best over the arrangements the box holds; ``needed_*`` belong to that arrangement, ``needed_depth_mm`` being the smallest depth the
    series makes that holds ``depth_geometry_mm``. ``by_remark`` is set when the box passes at the lower limit because no dearer custom box is smaller:
    its two prices are ``price`` and ``custom_price`` (all that depends on the box).
    """

    series: str
    model: str
    custom: bool
    material: str
    width_mm: int
    height_mm: int
    depth_mm: int
    ip: int | None
    ip_verified: bool
    fit: Fraction
    needed_width_mm: int
    needed_height_mm: int
    needed_depth_mm: int
    depth_geometry_mm: int
    depth_verified: bool
    price: Decimal
    custom_price: Decimal | None
    by_remark: bool
    candidates: int
    arrangements: int
    because: Mapping[str, tuple[Because, ...]]
    """Reasons by dimension: width_mm, height_mm, depth_mm, model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One figure that was made as small as possible: value, bound, whether no less is possible, and the reason."""

    name: str
    value: Fraction
    bound: Fraction
    unit: str
    proven: bool
    status: str
    reason: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPhases:
    """The phases of one main's circuits. ``loads_va`` and ``counts`` stand in the order of the network's phases; ``lines`` by device id.

    ``applicable`` is False where there is nothing to balance (one phase, or no load).
    """

    main: int
    applicable: bool
    loads_va: tuple[Fraction, ...]
    counts: tuple[int, ...]
    lines: Mapping[str, tuple[str, ...]]
    objectives: tuple[Objective, ...]
    proven_optimal: bool
    bound_va: Fraction
    heuristic_only: bool
    crossed_rows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDesign:
    """A panel designed from end to end, before anyone has checked it."""

    problem: PanelProblem
    enclosure: ChosenEnclosure
    arrangement: Arrangement
    phases: tuple[GroupPhases, ...]
    drawing: Drawing

    @property
    def lines(self) -> dict[str, tuple[str, ...]]:
        """Return the bars of every circuit by device id."""
        return {device: lines for group in self.phases for device, lines in group.lines.items()}
