"""A small panel drawn by hand, in which every distance is known, and means to bend it.

The box is 600 × 600 × 150, its plate 50…550; z of the plate's face 30, of the door's inside 148. From the top: 170 mm of
wiring space, the main (SBE-104, 100 A, 100 × 130) at y 300…430, 30 mm bar space, two rows at y 155…270, 155 mm below them.
The corridor is x 250…350 with four 15 mm bars, 10 mm apart. Row 1 (75 high): two 3P 30 A breakers, 130 × 75; row 2 (40 high):
two small 2P 20 A breakers, 70 × 33, on R and S. The lanes are x 50…110 and 490…550. Loads: 2 · 6600 VA on each phase, and
4400 VA on R and on S: 17,600 / 17,600 / 13,200 VA.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from kis.catalog import Accessory, Breaker, BreakerKind, Catalog, Grade, load_catalog
from kis.estimator.checks import CheckContext, examine
from kis.estimator.design import ChosenEnclosure, GroupPhases
from kis.estimator.findings import Finding, Severity
from kis.estimator.layout.drawing import Column, Drawing, Lane, Part, PartKind, Zones
from kis.estimator.problem import Device, FittedAccessory, MainDevice, Network, PanelProblem, SpareWay
from kis.estimator.request import PanelRequest, Supply
from kis.estimator.rulebook import Rulebook, load_rulebook, rule_ids

FOUR_WIRE = Network(
    supply=Supply.THREE_PHASE_FOUR_WIRE,
    phases=("R", "S", "T"),
    bars=("R", "S", "T", "N"),
    phase_voltage=220,
    line_voltage=380,
)
THREE_WIRE = replace(FOUR_WIRE, supply=Supply.THREE_PHASE_THREE_WIRE, bars=("R", "S", "T"))
SPLIT_PHASE = Network(
    supply=Supply.SINGLE_PHASE_THREE_WIRE,
    phases=("L1", "L2"),
    bars=("L1", "N", "L2"),
    phase_voltage=110,
    line_voltage=220,
)
ONE_PHASE = Network(
    supply=Supply.SINGLE_PHASE_TWO_WIRE, phases=("L",), bars=("L", "N"), phase_voltage=220, line_voltage=220
)

UNITS = {"", "mm", "mm²", "m²", "A", "VA", "W", "kA", "%", "°C", "IP"}

BAR_X = {"R": (255, 270), "S": (280, 295), "T": (305, 320), "N": (330, 345)}
BAR_CENTRE = {"R": 262, "S": 287, "T": 312, "N": 337}


@cache
def rulebook() -> Rulebook:
    return load_rulebook()


@cache
def catalog() -> Catalog:
    return load_catalog()


def rules_with(section: str, **values: object) -> Rulebook:
    """Return the shipped rulebook with other values: ``rules_with("critic", bar_limit=70)``."""
    rules = rulebook()
    part: Any = getattr(rules, section)
    changed = {
        name: getattr(part, name).model_copy(update={"value": value}) for name, value in values.items()
    }
    return rules.model_copy(update={section: part.model_copy(update=changed)})


def breaker(**changes: Any) -> Breaker:
    """Return a 3-pole 30AF economy breaker of 75 × 130 × 82."""
    row = Breaker(
        model="SBS-53",
        make="Sangdo",
        kind=BreakerKind.MCCB,
        grade=Grade.STANDARD,
        frame_af=50,
        poles=3,
        width_mm=75,
        height_mm=130,
        depth_mm=60,
        front_mm=82,
        ratings_a=(20, 30, 40, 50),
        icu_ka=Decimal(14),
        icu_at_v=460,
        sensitivity_ma=None,
        outline_source="maker-catalogue",
        icu_source="maker-catalogue",
        front_source="maker-catalogue",
    )
    return replace(row, **changes)


def small(**changes: Any) -> Breaker:
    """Return a small 2-pole breaker of 33 × 70 × 62."""
    row = breaker(
        model="SIE-32",
        kind=BreakerKind.ELB,
        grade=Grade.SMALL,
        frame_af=30,
        poles=2,
        width_mm=33,
        height_mm=70,
        depth_mm=42,
        front_mm=62,
        ratings_a=(20, 30),
        icu_ka=Decimal("2.5"),
        icu_at_v=220,
        sensitivity_ma=30,
    )
    return replace(row, **changes)


def main_breaker(**changes: Any) -> Breaker:
    row = breaker(
        model="SBE-104", grade=Grade.ECONOMY, frame_af=100, poles=4, width_mm=100, ratings_a=(60, 75, 100)
    )
    return replace(row, **changes)


def main_device(index: int = 0, **changes: Any) -> MainDevice:
    name = f"M{index + 1}"
    return replace(MainDevice(id=name, name=name, breaker=main_breaker(), rating_a=100), **changes)


def device(name: str = "B001", **changes: Any) -> Device:
    """Return a 3P 30 A circuit without a given load."""
    circuit = Device(
        id=name,
        breaker=breaker(),
        rating_a=30,
        load="동력",
        connected=3,
        phase_load_va=Fraction(6600),
        given_va=None,
        fixed=None,
        position=None,
        main=0,
        is_spare=False,
        is_spd=False,
        circuit_voltage=380,
    )
    return replace(circuit, **changes)


def lighting(name: str = "B003", **changes: Any) -> Device:
    """Return a small 2P 20 A circuit on one phase."""
    own: dict[str, Any] = {
        "breaker": small(),
        "rating_a": 20,
        "load": "전등",
        "connected": 1,
        "phase_load_va": Fraction(4400),
        "circuit_voltage": 220,
    }
    return device(name, **{**own, **changes})


def accessory(name: str, kind: str, **outline: Any) -> FittedAccessory:
    size: dict[str, Any] = {"width_mm": 45, "height_mm": 74, "depth_mm": 87, **outline}
    row = Accessory(kind=kind, model=kind, size_class=None, source="maker-sheet", **size)
    return FittedAccessory(id=name, kind=kind, model=kind, part=row)


def request(**changes: Any) -> PanelRequest:
    return PanelRequest.model_validate({"name": "LP", "mains": [{"poles": 4, "rating_a": 100}], **changes})


def problem(**changes: Any) -> PanelProblem:
    panel = PanelProblem(
        index=0,
        request=request(),
        network=FOUR_WIRE,
        mains=(main_device(),),
        devices=(device("B001"), device("B002"), lighting("B003"), lighting("B004")),
        spare_ways=(),
        accessories=(),
        wanted_ip=44,
        short_circuit_ka=None,
    )
    return replace(panel, **changes)


def spare_way(name: str = "E01", **changes: Any) -> SpareWay:
    return replace(SpareWay(id=name, breaker=small(), main=0), **changes)


def enclosure(**changes: Any) -> ChosenEnclosure:
    box = ChosenEnclosure(
        series="HDS",
        model="HDS 60 60 15",
        custom=False,
        material="steel",
        width_mm=600,
        height_mm=600,
        depth_mm=150,
        ip=44,
        ip_verified=True,
        fit=Fraction(1),
        needed_width_mm=600,
        needed_height_mm=595,
        needed_depth_mm=150,
        depth_geometry_mm=144,
        depth_verified=True,
        price=Decimal(0),
        custom_price=None,
        by_remark=False,
        candidates=1,
        arrangements=1,
        because={},
    )
    return replace(box, **changes)


def reported(**changes: Any) -> GroupPhases:
    """Return what the phase solver would report for the hand-drawn panel."""
    group = GroupPhases(
        main=0,
        applicable=True,
        loads_va=(Fraction(17600), Fraction(17600), Fraction(13200)),
        counts=(1, 1, 0),
        lines={"B001": ("R", "S", "T"), "B002": ("R", "S", "T"), "B003": ("R",), "B004": ("S",)},
        objectives=(),
        proven_optimal=True,
        bound_va=Fraction(4400),
        heuristic_only=False,
        crossed_rows=(),
    )
    return replace(group, **changes)


def part(
    name: str,
    kind: PartKind,
    x: tuple[int, int],
    y: tuple[int, int],
    z: tuple[int, int | None],
    **changes: Any,
) -> Part:
    own = Part(id=name, kind=kind, label="", x0=x[0], x1=x[1], y0=y[0], y1=y[1], z0=z[0], z1=z[1])
    return replace(own, **changes)


def cross_bar(circuit: str, side: str, row: int, phase: str, edge: int, y: tuple[int, int]) -> Part:
    x = (edge, BAR_CENTRE[phase]) if side == "L" else (BAR_CENTRE[phase], edge)
    return part(
        f"{circuit}.{phase}",
        PartKind.CROSS_BAR,
        x,
        y,
        (73, 76),
        phase=phase,
        device=circuit,
        column=0,
        row=row,
        side=side,
    )


def _way(
    circuit: str, side: str, row: int, x: tuple[int, int], y: tuple[int, int], front: int, phase: str
) -> Part:
    poles = tuple(phase) if len(phase) == 3 else (phase, "N")
    return part(
        circuit,
        PartKind.BREAKER,
        x,
        y,
        (30, 30 + front),
        phase=phase,
        poles=poles,
        device=circuit,
        column=0,
        row=row,
        side=side,
        outline_height_mm=x[1] - x[0],
    )


def drawing(**changes: Any) -> Drawing:
    """Return the hand-drawn panel."""
    levels = {"R": (250, 265), "S": (225, 240), "T": (200, 215)}
    parts = (
        part("main1", PartKind.MAIN, (250, 350), (300, 430), (30, 112), device="M1"),
        *(
            part(f"bar{name}", PartKind.BUSBAR, x, (155, 300), (70, 73), phase=name, column=0)
            for name, x in BAR_X.items()
        ),
        _way("B001", "L", 0, (110, 240), (195, 270), 82, "RST"),
        *(cross_bar("B001", "L", 0, phase, 240, y) for phase, y in levels.items()),
        _way("B002", "R", 0, (360, 490), (195, 270), 82, "RST"),
        *(cross_bar("B002", "R", 0, phase, 360, y) for phase, y in levels.items()),
        _way("B003", "L", 1, (170, 240), (158, 191), 62, "R"),
        cross_bar("B003", "L", 1, "R", 240, (178, 190)),
        cross_bar("B003", "L", 1, "N", 240, (158, 170)),
        _way("B004", "R", 1, (360, 430), (158, 191), 62, "S"),
        cross_bar("B004", "R", 1, "S", 360, (178, 190)),
        cross_bar("B004", "R", 1, "N", 360, (158, 170)),
        part("earth_bar", PartKind.EARTH_BAR, (70, 290), (70, 90), (30, 50), phase="E"),
        part("neutral_bar", PartKind.NEUTRAL_BAR, (310, 530), (70, 90), (30, 50), phase="N"),
    )
    panel = Drawing(
        width_mm=600,
        height_mm=600,
        depth_mm=150,
        plate=(50, 50, 550, 550),
        parts=parts,
        lanes=(
            Lane(x0=50, x1=110, y0=155, y1=270, required_mm=60, column=0, side="L"),
            Lane(x0=490, x1=550, y0=155, y1=270, required_mm=60, column=0, side="R"),
        ),
        columns=(
            Column(
                index=0, group=0, centre_x=300, corridor=(250, 350), rows=2, rows_top_y=270, rows_sum_mm=115
            ),
        ),
        zones=(Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=0, d_mm=150),),
        style="plate",
    )
    return replace(panel, **changes)


def bent(name: str, base: Drawing | None = None, /, **changes: Any) -> Drawing:
    """Return the drawing with one part changed."""
    panel = base or drawing()
    assert name in [item.id for item in panel.parts]
    return replace(
        panel, parts=tuple(replace(item, **changes) if item.id == name else item for item in panel.parts)
    )


def moved(name: str, dx: int = 0, dy: int = 0, base: Drawing | None = None) -> Drawing:
    """Return the drawing with one part moved."""
    own = next(item for item in (base or drawing()).parts if item.id == name)
    return bent(name, base, x0=own.x0 + dx, x1=own.x1 + dx, y0=own.y0 + dy, y1=own.y1 + dy)


def added(*parts: Part, base: Drawing | None = None) -> Drawing:
    """Return the drawing with more parts."""
    panel = base or drawing()
    return replace(panel, parts=(*panel.parts, *parts))


def without(*names: str, base: Drawing | None = None) -> Drawing:
    """Return the drawing without some parts."""
    panel = base or drawing()
    return replace(panel, parts=tuple(item for item in panel.parts if item.id not in names))


def context(panel: Drawing | None = None, /, **changes: Any) -> CheckContext:
    """Return the hand-drawn panel ready for examination; ``changes`` replace its problem, enclosure, rules, …"""
    own: dict[str, Any] = {
        "problem": problem(),
        "drawing": panel or drawing(),
        "enclosure": enclosure(),
        "reported": (reported(),),
        "rules": rulebook(),
        "catalog": catalog(),
    }
    return examine(**{**own, **changes})


def findings(
    check: Callable[[CheckContext], Iterable[Finding]], examined: CheckContext | None = None
) -> list[Finding]:
    """Return what a check finds. Whatever it is, it must be whole: rendered in both languages, with rule, weight and unit."""
    made = list(check(examined or context()))
    known = rule_ids(rulebook())
    for finding in made:
        text = finding.message.text("en")
        assert finding.message.text("ko")
        assert finding.rule in known
        assert isinstance(finding.severity, Severity)
        assert finding.unit in UNITS
        assert ("mm" in text) == finding.unit.startswith("mm")
        assert isinstance(finding.where, str)
        assert "None" not in text
    return made


def one(check: Callable[[CheckContext], Iterable[Finding]], examined: CheckContext) -> Finding:
    """Return the only finding of a check."""
    (finding,) = findings(check, examined)
    return finding


def gist(finding: Finding) -> tuple[str, Severity, object, object]:
    """Return a finding as its sentence, weight, figure and limit."""
    return (finding.message.key, finding.severity, finding.figure, finding.limit)


def figures(*values: object) -> tuple[object, ...]:
    """Return figures to hold against plain numbers: Decimal 80 and Fraction 80 are 80."""
    return values
