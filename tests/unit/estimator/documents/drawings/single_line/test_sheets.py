"""What a single-line diagram says: every circuit once with its data, mains, bars, terminals, load and unbalance as the engine has them."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings import symbols
from kis.estimator.documents.drawings.sheet import Circle, Layer, Line, Polyline, Rectangle, Sheet, Text
from kis.estimator.documents.drawings.single_line.facts import UnbalanceLimits
from kis.estimator.documents.drawings.single_line.sheets import single_line_sheets
from kis.estimator.layout.drawing import PartKind
from kis.platform.messages import Locale
from tests.factories import designs, drawings, panels

TWO_MAINS: Final = panels.panel(
    panels.elb(2, 20, 8, load="전등", main="상용"),
    panels.elb(2, 20, 5, load="비상등", main="비상"),
    panels.mccb(3, 30, 2, load="소방펌프", main="비상"),
    mains=[panels.main(100, name="상용"), panels.main(50, name="비상")],
)


def sheets_of(design: PanelDesign, locale: Locale = "ko") -> tuple[Sheet, ...]:
    return single_line_sheets(design, designs.heading(locale))


def texts(*sheets: Sheet) -> list[Text]:
    return [shape for sheet in sheets for shape in sheet.shapes if isinstance(shape, Text)]


def words(*sheets: Sheet) -> set[str]:
    return {text.content for text in texts(*sheets)}


def devices(*sheets: Sheet) -> list[Rectangle]:
    """Return the frames of the breakers."""
    return [
        shape
        for sheet in sheets
        for shape in sheet.shapes
        if isinstance(shape, Rectangle) and shape.attributes
    ]


def frame(sheet: Sheet, part: str) -> Rectangle:
    (found,) = [shape for shape in devices(sheet) if shape.part == part]
    return found


def row_of(sheet: Sheet, part: str) -> list[str]:
    """Return the words of a branch: those at the height of its breaker, on its side of the bus."""
    breaker = frame(sheet, part)
    middle = (breaker.y0 + breaker.y1) / 2
    bus = min(bars(sheet), key=lambda line: min(abs(line.x0 - breaker.x0), abs(line.x0 - breaker.x1)))
    right = breaker.x0 > bus.x0
    return [
        text.content
        for text in sorted(texts(sheet), key=lambda text: (text.x, -text.y))
        if text.layer in {Layer.TABLE, Layer.PHASE_MARK}
        and abs((text.extent[1] + text.extent[3]) / 2 - middle) < 3
        and (text.x > bus.x0) is right
    ]


def bars(sheet: Sheet) -> list[Line]:
    """Return the buses."""
    return [
        shape
        for shape in sheet.shapes
        if isinstance(shape, Line) and shape.layer is Layer.BUSBAR and shape.x0 == shape.x1
    ]


def strokes(sheet: Sheet, part: str) -> int:
    """Return how many oblique strokes the line of a branch has between bus and breaker."""
    breaker = frame(sheet, part)
    return sum(
        shape.layer is Layer.WIRE
        and shape.x0 != shape.x1
        and breaker.y0 - 1 < shape.y0 < shape.y1 < breaker.y1 + 1
        and min(abs((shape.x0 + shape.x1) / 2 - edge) for edge in (breaker.x0, breaker.x1)) < 7
        for shape in sheet.shapes
        if isinstance(shape, Line) and shape.y0 < shape.y1
    )


def terminal_numbers(sheet: Sheet) -> list[list[str]]:
    """Return the numbers under the terminal bars, a list for each bar, the upper first."""
    found = [text for text in texts(sheet) if text.layer is Layer.TERMINAL_BAR]
    heights = sorted({text.y for text in found}, reverse=True)
    return [[text.content for text in sorted(found, key=lambda text: text.x) if text.y == y] for y in heights]


class TestCircuits:
    @pytest.mark.parametrize("circuits", [1, 9, 10, 41, 120, 300])
    def test_every_circuit_and_the_main_stand_there_once(self, circuits: int) -> None:
        design = designs.board(circuits, columns=max(1, circuits // 60))
        found = Counter(shape.part for shape in devices(*sheets_of(design)))
        assert found == Counter(["M1", *(device.id for device in design.problem.devices)])

    def test_a_branch_says_number_breaker_phase_load_and_cable(self) -> None:
        # B003: small ELB 2P 30AF, 20 A, 2.5 kA at 220 V, 30 mA, on R, 4400 VA reckoned from its rating.
        (sheet,) = sheets_of(designs.design())
        assert row_of(sheet, "B003") == [
            "3",
            "ELB 2P 30AF/20AT",
            "SIE-32 · 2.5 kA/220 V · 30 mA",
            "R",
            "N",
            "전등",
            "(4,400)",
            "–",
        ]

    def test_given_load_and_cable_are_printed_as_given(self) -> None:
        first, *rest = drawings.problem().devices
        known = replace(first, given_va=Fraction(15001, 2), cable="F-CV 3C 10㎟")
        (sheet,) = sheets_of(designs.design(problem=drawings.problem(devices=(known, *rest))))
        assert row_of(sheet, "B001")[-2:] == ["7,501", "F-CV 3C 10㎟"]
        assert row_of(sheet, "B002")[-2:] == ["(19,800)", "–"], "three phases of 6600 VA"

    def test_a_circuit_between_two_lines_has_its_own_load_not_that_of_its_phases(self) -> None:
        # 30 A at 380 V: 11,400 VA, though it loads two phases with 30 · 220 = 6600 VA each.
        design = panels.designed(
            panels.panel(panels.mccb(2, 30, 3, load="용접기"), supply="3P3W-380", mains=[panels.main(100, 3)])
        )
        (sheet,) = sheets_of(design)
        assert "(11,400)" in row_of(sheet, "B001")
        assert {"N"} & words(sheet) == set(), "3φ3W has no N"

    def test_branches_leave_to_both_sides_in_turn_from_ten_on(self) -> None:
        (sheet,) = sheets_of(designs.board(10))
        (bus,) = bars(sheet)
        left = {item.part for item in devices(sheet) if item.x1 < bus.x0}
        assert left == {"B001", "B003", "B005", "B007", "B009"}

    def test_breakers_carry_attributes_for_cad(self) -> None:
        (sheet,) = sheets_of(designs.design())
        assert frame(sheet, "B004").attributes == (
            ("TAG", "4"),
            ("MODEL", "SIE-32"),
            ("MAKER", "상도전기"),
            ("AF", "30"),
            ("AT", "20"),
            ("POLE", "2"),
            ("PHASE", "S"),
        )
        assert dict(frame(sheet, "M1").attributes)["PHASE"] == "RSTN"

    def test_strokes_count_the_poles(self) -> None:
        design = panels.designed(
            panels.panel(panels.mccb(4, 30), panels.mccb(3, 30, 2), panels.elb(2, 20, 9, load="전등"))
        )
        (sheet,) = sheets_of(design)
        assert {device.id: strokes(sheet, device.id) for device in design.problem.devices} == {
            device.id: device.breaker.poles for device in design.problem.devices
        }

    def test_residual_breakers_have_the_ring_and_others_not(self) -> None:
        (sheet,) = sheets_of(designs.design())
        for part, ring in (("B001", False), ("B003", True)):
            box = frame(sheet, part)
            inside = [
                shape
                for shape in sheet.shapes
                if isinstance(shape, Circle)
                and shape.layer is Layer.SYMBOL
                and box.x0 < shape.x < box.x1
                and box.y0 < shape.y < box.y1
            ]
            assert len(inside) == int(ring)

    def test_a_spare_breaker_has_no_arrow_and_an_empty_way_no_device(self) -> None:
        spare = drawings.lighting("B005", load="예비", is_spare=True, phase_load_va=Fraction(0))
        problem = drawings.problem(
            devices=(*drawings.problem().devices, spare), spare_ways=(drawings.spare_way(),)
        )
        (sheet,) = sheets_of(designs.design(problem=problem), "en")
        arrows = [
            shape
            for shape in sheet.shapes
            if isinstance(shape, Polyline) and shape.closed and shape.layer is Layer.SYMBOL
        ]
        assert len(arrows) == 4 + 1, "four loads, one in the legend"
        assert row_of(sheet, "B005")[-3:] == ["예비", "–", "–"]
        assert {"Spare way (no device)", "for 2P 30AF", "E01"} <= words(sheet)

    def test_an_spd_hangs_on_its_own_breaker(self) -> None:
        design = panels.designed(
            panels.panel(panels.elb(2, 20, 6, load="전등"), accessories=[panels.accessory("spd")])
        )
        (arrester,) = [device for device in design.problem.devices if device.is_spd]
        sheets = sheets_of(design)
        row = row_of(sheets[0], arrester.id)
        assert "SPD1 서지보호기 SPD" in row
        assert row[-2:] == ["–", "–"]
        assert not [text for text in words(*sheets) if text == "SPD1"], "it is in no group of accessories"


class TestBreakingCapacity:
    @pytest.mark.parametrize(
        ("changes", "said", "noted"),
        [
            ({}, "SIE-32 · 2.5 kA/220 V · 30 mA", False),
            ({"icu_at_v": None}, "SIE-32 · 2.5 kA* · 30 mA", True),
            ({"icu_source": "unverified"}, "SIE-32 · 2.5 kA/220 V* · 30 mA", True),
            ({"icu_ka": None, "icu_at_v": None}, "SIE-32 · 차단용량 미상 · 30 mA", False),
            ({"icu_ka": Decimal("10.0")}, "SIE-32 · 10 kA/220 V · 30 mA", False),
        ],
    )
    def test_is_told_with_its_voltage_and_marked_where_nobody_verified_it(
        self, changes: dict[str, object], said: str, noted: bool
    ) -> None:
        device = drawings.lighting("B003", breaker=drawings.small(**changes))
        (sheet,) = sheets_of(designs.design(problem=drawings.problem(devices=(device,))))
        assert said in words(sheet)
        assert any("확인하지 않았거나" in text for text in words(sheet)) is noted


class TestMains:
    def test_source_cable_main_and_bar_stand_above_the_branches(self) -> None:
        main = drawings.main_device(cable="FR-CV 4C 35㎟")
        design = designs.design(problem=drawings.problem(mains=(main,)))
        bar = drawings.part(
            "bar", PartKind.HEADER_BAR, (250, 350), (275, 290), (70, 73), phase="R", label="6T×30"
        )
        design = replace(design, drawing=replace(design.drawing, parts=(*design.drawing.parts, bar)))
        (sheet,) = sheets_of(design)
        wanted = {
            "전원 3φ4W 380/220 V 60 Hz",
            "인입 케이블 FR-CV 4C 35㎟",
            "M1 MCCB 4P 100AF/100AT",
            "SBE-104 (상도전기) · 14 kA/460 V",
            "BUS-BAR 6T×30",
        }
        assert wanted <= words(sheet)
        top = max(bus.y1 for bus in bars(sheet))
        assert all(text.y > top for text in texts(sheet) if text.content in wanted)

    def test_two_small_mains_share_a_sheet_each_with_its_own_bus_and_load(self) -> None:
        design = panels.designed(TWO_MAINS)
        (sheet,) = sheets_of(design)
        first, second = sorted(bars(sheet), key=lambda bus: bus.x0)
        for device in design.problem.devices:
            x = frame(sheet, device.id).x0
            bus = first if device.main == 0 else second
            assert bus.x0 < x < bus.x0 + 20, device.id
        assert {"상용 상별 부하 (접속 부하)", "비상 상별 부하 (접속 부하)"} <= words(sheet)

    def test_a_main_alone_sends_its_line_to_the_load(self) -> None:
        (sheet,) = sheets_of(panels.designed(panels.panel(rating_a=400)))
        assert "분기 없음: 부하측으로 인출" in words(sheet)
        assert not bars(sheet)
        assert [shape.part for shape in devices(sheet)] == ["M1"]

    def test_instruments_of_one_main_stand_in_its_line(self) -> None:
        asked = [panels.accessory("va_meter"), panels.accessory("meter_3ph")]
        wanted = panels.panel(panels.elb(2, 20, 9, load="전등"), accessories=asked)
        (sheet,) = sheets_of(panels.designed(wanted), "en")
        assert {"CT", "V/A", "V/A1", "kWh", "WHM1"} <= words(sheet)
        assert "Accessories (circuits to be assigned)" not in words(sheet)

    def test_what_no_line_can_claim_stands_in_groups(self) -> None:
        asked = [panels.accessory("meter_1ph", 6), panels.accessory("magnetic_contactor", 2, model="MC-22")]
        wanted = panels.panel(panels.elb(2, 50, 6, load="세대"), accessories=asked)
        (sheet,) = sheets_of(panels.designed(wanted))
        assert {"WHM1–WHM6", "전력량계 단상 × 6", "MC1–MC2", "MC-22 × 2"} <= words(sheet)


class TestSheets:
    def test_a_long_bus_goes_on_over_the_sheets(self) -> None:
        sheets = sheets_of(designs.board(120, columns=2), "en")
        assert len(sheets) == 3
        assert [
            sorted(text for text in words(sheet) if text.startswith(("to sheet", "M1 bus")))
            for sheet in sheets
        ] == [
            ["to sheet 2 of 3"],
            ["M1 bus, from sheet 1 of 3", "to sheet 3 of 3"],
            ["M1 bus, from sheet 2 of 3"],
        ]
        assert [sheet.title for sheet in sheets] == [
            f"LP-3F single-line diagram ({number}/3)" for number in (1, 2, 3)
        ]

    def test_the_title_block_tells_the_parts_apart(self) -> None:
        heading = designs.heading(title="단선결선도")
        sheets = single_line_sheets(designs.board(120, columns=2), heading)
        assert all(f"단선결선도 ({number}/3)" in words(sheet) for number, sheet in enumerate(sheets, start=1))
        assert "단선결선도" in words(*single_line_sheets(designs.board(12), heading))

    def test_sheets_share_the_circuits_evenly_enough_to_be_read(self) -> None:
        # 42 rows would leave one alone on the last sheet at the narrowest pitch; the widest pitch that needs no further sheet is used.
        counts = [len(devices(sheet)) for sheet in sheets_of(designs.board(50))]
        assert len(counts) == 2
        assert min(counts) > 15

    def test_a_small_panel_takes_a_small_paper(self) -> None:
        assert [sheet.print_width_mm for sheet in sheets_of(designs.board(4))] == [297]
        assert [sheet.print_width_mm for sheet in sheets_of(designs.board(40))] == [420]

    def test_load_and_legend_stand_on_the_first_sheet_alone(self) -> None:
        first, *others = sheets_of(designs.board(300, columns=5))
        wanted = {"상별 부하 (접속 부하)", "범례 (IEC 60617)"}
        assert wanted <= words(first)
        assert not wanted & words(*others)


class TestTerminals:
    def test_every_circuit_has_an_earth_and_those_with_n_a_neutral_terminal(self) -> None:
        # B001 and B002 are 3P and have no N.
        (sheet,) = sheets_of(designs.design())
        assert terminal_numbers(sheet) == [["3", "4"], ["1", "2", "3", "4"]]

    def test_each_sheet_shows_the_terminals_of_its_own_circuits(self) -> None:
        numbers = [
            number
            for sheet in sheets_of(designs.board(120, columns=2))
            for number in terminal_numbers(sheet)[1]
        ]
        assert numbers == [str(number) for number in range(1, 121)]


class TestLoads:
    def test_unbalance_is_the_engines_figure_beside_its_limit(self) -> None:
        # 17,600 / 17,600 / 13,200 VA: (17,600 − 13,200) ÷ 17,600 = 0.25; 4400 ÷ (48,400 ÷ 3) = 27.27 %.
        (sheet,) = sheets_of(designs.design())
        assert {"0.25", "≤ 0.03", "27.27%", "≤ 30%", "17,600", "13,200", "48,400"} <= words(sheet)

    def test_other_limits_are_printed_where_they_are_given(self) -> None:
        limits = UnbalanceLimits(imbalance=Fraction(1, 10), korean_percent=25)
        (sheet,) = single_line_sheets(designs.design(), designs.heading(), limits)
        assert {"≤ 0.1", "≤ 25%"} <= words(sheet)
        assert any("한도 25%" in text for text in words(sheet))

    def test_the_korean_limit_of_split_phase_is_40(self) -> None:
        wanted = panels.panel(
            panels.elb(2, 20, 5, load="전등"), supply="1P3W-220/110", mains=[panels.main(50, 3)]
        )
        (sheet,) = sheets_of(panels.designed(wanted))
        # 3 and 2 circuits of 20 A · 110 V: 2200 ÷ (11,000 ÷ 2) = 40 %.
        assert {"40%", "≤ 40%", "L1", "L2", "N"} <= words(sheet)

    def test_nothing_to_balance_is_a_dash(self) -> None:
        phases = (drawings.reported(applicable=False),)
        (sheet,) = sheets_of(designs.design(phases=phases))
        assert not {"0.25", "≤ 0.03", "≤ 30%"} & words(sheet)


class TestLegend:
    def test_names_only_the_symbols_that_are_used(self) -> None:
        (sheet,) = sheets_of(designs.design(), "en")
        assert {"Circuit-breaker (MCCB)", "Earth-leakage breaker (ELB)"} <= words(sheet)
        assert not {"Surge protective device (SPD)", "Spare way", "Current transformer (CT)"} & words(sheet)

    def test_no_symbol_frame_is_inked(self) -> None:
        (sheet,) = sheets_of(designs.design())
        assert all(shape.style == symbols.UNSEEN for shape in devices(sheet))
