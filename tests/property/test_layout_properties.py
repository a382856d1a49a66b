"""What holds for the drawing of any panel, checked on its rectangles alone."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise

from hypothesis import assume, given, seed, settings

from kis.catalog import Breaker, Grade
from kis.estimator.design import PanelDesign
from kis.estimator.layout.drawing import DOOR_PARTS, Part, PartKind
from kis.estimator.problem import Device, SpareWay
from tests.factories.panels import Block, estimated, findings, gate, shown
from tests.factories.random_panels import any_panels, other_panels

many = settings(max_examples=120)
same = seed(20261101)
"""Every test draws the same panels, so each is estimated once."""

BODIES = (PartKind.BREAKER, PartKind.SPARE_WAY)


def design_of(wanted: Block) -> PanelDesign:
    """Return the design; a panel that cannot be housed or equipped has none, and is tested elsewhere."""
    design = estimated(wanted).state.design
    assume(design is not None)
    assert design is not None
    return design


def front(part: Part, depth_mm: int) -> int:
    """Return how far a part stands to the front; of an unknown depth as far as the door allows."""
    return part.z1 if part.z1 is not None else depth_mm - 2 - 30


def overlap(one: Part, other: Part, depth_mm: int) -> bool:
    return (
        one.x0 < other.x1
        and other.x0 < one.x1
        and one.y0 < other.y1
        and other.y0 < one.y1
        and one.z0 < front(other, depth_mm)
        and other.z0 < front(one, depth_mm)
    )


def clashes(design: PanelDesign) -> list[tuple[str, str]]:
    drawing = design.drawing
    return [
        (one.id, other.id)
        for one, other in combinations(drawing.parts, 2)
        if overlap(one, other, drawing.depth_mm)
    ]


def breakers_by_id(design: PanelDesign) -> dict[str, Breaker]:
    owners: list[Device | SpareWay] = [*design.problem.devices, *design.problem.spare_ways]
    return {owner.id: owner.breaker for owner in owners}


def lane_mm(breaker: Breaker) -> int:
    """Return the wiring lane a body needs at its end: small 40, to 125AF 60, 250AF 100, above 150."""
    if breaker.grade is Grade.SMALL:
        return 40
    return 60 if breaker.frame_af <= 125 else 100 if breaker.frame_af <= 250 else 150


class TestParts:
    @same
    @many
    @given(any_panels())
    def test_never_overlap(self, wanted: Block) -> None:
        assert clashes(design_of(wanted)) == []

    @same
    @many
    @given(any_panels())
    def test_lie_on_the_plate_and_behind_the_door(self, wanted: Block) -> None:
        drawing = design_of(wanted).drawing
        for part in drawing.parts:
            assert part.x0 < part.x1
            assert part.y0 < part.y1
            low, high = (0, 0) if part.kind in DOOR_PARTS else (50, 50)
            assert low <= part.x0
            assert part.x1 <= drawing.width_mm - high
            assert low <= part.y0
            assert part.y1 <= drawing.height_mm - high
            assert part.z0 >= 0
            assert front(part, drawing.depth_mm) <= drawing.depth_mm - 2 - (
                0 if part.kind in DOOR_PARTS else 30
            )

    @same
    @many
    @given(any_panels())
    def test_are_as_large_as_the_catalogue_says(self, wanted: Block) -> None:
        design = design_of(wanted)
        rows = breakers_by_id(design)
        for part in design.drawing.of(*BODIES):
            row = rows[part.device]
            # Branches lie: the catalogue's height reaches away from the bars.
            assert (part.width_mm, part.height_mm) == (row.height_mm, row.width_mm)
        for part, incoming in zip(design.drawing.of(PartKind.MAIN), design.problem.mains, strict=True):
            assert (part.width_mm, part.height_mm) == (incoming.breaker.width_mm, incoming.breaker.height_mm)

    @same
    @many
    @given(any_panels())
    def test_are_all_drawn_once(self, wanted: Block) -> None:
        design = design_of(wanted)
        wanted_ids = Counter([*breakers_by_id(design), *(item.id for item in design.problem.accessories)])
        drawn_ids = Counter(
            part.device
            for part in design.drawing.parts
            if part.device and part.kind not in {PartKind.CROSS_BAR, PartKind.MAIN}
        )
        assert drawn_ids == wanted_ids


class TestPartsOfOtherPanels:
    @same
    @many
    @given(other_panels())
    def test_never_overlap(self, wanted: Block) -> None:
        assert clashes(design_of(wanted)) == []

    @same
    @many
    @given(other_panels())
    def test_lie_on_the_plate(self, wanted: Block) -> None:
        drawing = design_of(wanted).drawing
        for part in drawing.parts:
            assert 50 <= part.x0 < part.x1 <= drawing.width_mm - 50
            assert 50 <= part.y0 < part.y1 <= drawing.height_mm - 50

    @same
    @many
    @given(other_panels())
    def test_pass_the_independent_checker(self, wanted: Block) -> None:
        design_of(wanted)
        assert gate(wanted, "breaker.clearance").verdict == "pass", gate(wanted, "breaker.clearance").inputs
        assert not findings(wanted, "critic.order")
        assert not findings(wanted, "critic.phase_sums")


class TestRows:
    @same
    @many
    @given(any_panels())
    def test_stand_by_poles_frame_and_ampere(self, wanted: Block) -> None:
        design = design_of(wanted)
        rows = [row for column in design.arrangement.columns for row in column.rows]
        # The leading circuit of a row stands on the left, or on the right where cross-bars would cross.
        ranks = [
            max(
                (
                    way.breaker.poles,
                    way.breaker.frame_af,
                    way.occupant.rating_a if isinstance(way.occupant, Device) else 0,
                )
                for way in row.ways
            )
            for row in rows
        ]
        assert ranks == sorted(ranks, reverse=True)
        assert not findings(wanted, "critic.order")

    @same
    @many
    @given(any_panels())
    def test_are_as_few_as_outlines_allow(self, wanted: Block) -> None:
        design = design_of(wanted)
        rows = [row for column in design.arrangement.columns for row in column.rows]
        assert all(len({way.breaker.height_mm for way in row.ways}) == 1 for row in rows)
        outlines = Counter(breaker.height_mm for breaker in breakers_by_id(design).values())
        # A circuit between lines may have to stand apart from those with N, which costs its outline one row.
        apart = {device.breaker.height_mm for device in design.problem.devices if device.connected == 2}
        for outline_mm, count in outlines.items():
            found = sum(row.ways[0].breaker.height_mm == outline_mm for row in rows)
            assert -(-count // 2) <= found <= -(-count // 2) + (outline_mm in apart)

    @same
    @many
    @given(any_panels())
    def test_do_not_cross_the_bars_of_facing_circuits(self, wanted: Block) -> None:
        design = design_of(wanted)
        bars = design.problem.network.bars
        by_row: dict[tuple[int, int], dict[str, Part]] = {}
        for part in design.drawing.of(PartKind.BREAKER):
            by_row.setdefault((part.column, part.row), {})[part.side] = part
        for sides in by_row.values():
            if len(sides) == 2 and all(len(part.phase) == 1 for part in sides.values()):
                assert bars.index(sides["L"].phase) <= bars.index(sides["R"].phase)


class TestBarsAndLanes:
    @same
    @many
    @given(any_panels())
    def test_keep_devices_ten_from_the_bars(self, wanted: Block) -> None:
        design = design_of(wanted)
        pitches = [column.bar_pitch for column in design.arrangement.columns]
        for part in design.drawing.of(*BODIES):
            column = design.drawing.columns[part.column]
            # Four bars at the pole pitch, centred.
            half = 2 * pitches[part.column]
            gap = column.centre_x - half - part.x1 if part.side == "L" else part.x0 - column.centre_x - half
            assert gap >= Fraction(19, 2), "half a millimetre is lost where a corridor is odd"

    @same
    @many
    @given(any_panels())
    def test_are_eight_apart(self, wanted: Block) -> None:
        drawing = design_of(wanted).drawing
        for column in range(len(drawing.columns)):
            bars = sorted(
                (part for part in drawing.of(PartKind.BUSBAR) if part.column == column),
                key=lambda part: part.x0,
            )
            assert [part.phase for part in bars] == ["R", "S", "T", "N"]
            assert all(right.x0 - left.x1 >= 8 for left, right in pairwise(bars))

    @same
    @many
    @given(any_panels())
    def test_leave_every_body_its_lane(self, wanted: Block) -> None:
        design = design_of(wanted)
        drawing, rows = design.drawing, breakers_by_id(design)
        solid = [part for part in drawing.parts if part.kind not in DOOR_PARTS]
        for part in drawing.of(*BODIES):
            lane = lane_mm(rows[part.device])
            x0, x1 = (part.x0 - lane, part.x0) if part.side == "L" else (part.x1, part.x1 + lane)
            assert x0 >= 50
            assert x1 <= drawing.width_mm - 50
            entering = [
                other.id
                for other in solid
                if other.x0 < x1 and x0 < other.x1 and other.y0 < part.y1 and part.y0 < other.y1
            ]
            assert entering == []


class TestHeights:
    @same
    @many
    @given(any_panels())
    def test_add_up_and_fit_the_box(self, wanted: Block) -> None:
        design = design_of(wanted)
        (group,) = design.arrangement.groups
        zones = group.zones
        total = zones.a_mm + zones.b_mm + zones.c_mm + zones.e_mm + zones.d_mm
        assert total == design.enclosure.needed_height_mm <= design.enclosure.height_mm
        sums = [sum(row.pitch_mm for row in column.rows) for column in group.columns]
        assert zones.c_mm == max(sums, default=0)

    @same
    @many
    @given(any_panels())
    def test_make_the_fit_that_the_gate_measures(self, wanted: Block) -> None:
        design = design_of(wanted)
        enclosure = shown(wanted)["enclosure"]
        needed = [enclosure[f"needed_{name}_mm"] for name in ("width", "height", "depth")]
        box = [enclosure[f"{name}_mm"] for name in ("width", "height", "depth")]
        fit = Fraction(needed[0] * needed[1] * needed[2], box[0] * box[1] * box[2])
        assert all(need <= have for need, have in zip(needed, box, strict=True))
        assert fit <= 1
        measured = gate(wanted, "enclosure.fit_score").measured
        assert measured == fit == design.enclosure.fit

    @same
    @many
    @given(any_panels())
    def test_pass_the_independent_checker(self, wanted: Block) -> None:
        design_of(wanted)
        assert gate(wanted, "breaker.clearance").verdict == "pass", gate(wanted, "breaker.clearance").inputs


class TestPhases:
    @same
    @many
    @given(any_panels())
    def test_carry_what_the_request_loads_them_with(self, wanted: Block) -> None:
        design = design_of(wanted)
        total = Fraction(0)
        for line in wanted["branches"]:
            quantity = line["quantity"]
            if "load_va" in line:
                given_va = line["load_va"] * Fraction(str(line["demand_factor"]))
                # Between lines the current of the VA at 380 V counts on both phases.
                total += quantity * (2 * given_va * Fraction(220, 380) if "voltage" in line else given_va)
            elif "load" not in line:
                phases = 3 if line["poles"] > 2 else 2 if "voltage" in line else 1
                total += quantity * phases * line["rating_a"] * 220
        (group,) = design.phases
        assert sum(group.loads_va) == total

    @same
    @many
    @given(any_panels())
    def test_are_the_sums_of_the_drawn_labels(self, wanted: Block) -> None:
        design = design_of(wanted)
        loads = {device.id: device.phase_load_va for device in design.problem.devices}
        sums = dict.fromkeys("RST", Fraction(0))
        for part in design.drawing.of(PartKind.BREAKER):
            for phase in part.phase:
                sums[phase] += loads[part.device]
        (group,) = design.phases
        assert tuple(sums.values()) == group.loads_va

    @same
    @many
    @given(any_panels())
    def test_stay_where_the_request_fixed_them(self, wanted: Block) -> None:
        design_of(wanted)
        asked = Counter(
            frozenset(line["phase"])
            for line in wanted["branches"]
            if "phase" in line
            for _ in range(line["quantity"])
        )
        told: Counter[frozenset[str]] = Counter()
        for row in shown(wanted)["branches"]:
            if row["poles"] == 2:
                told[frozenset(row["phase"])] += row["quantity"]
        assert all(told[phase] >= count for phase, count in asked.items())
        assert not findings(wanted, "critic.fixed")
