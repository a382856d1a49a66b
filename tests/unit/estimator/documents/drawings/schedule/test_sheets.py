"""The schedules: every circuit and every part once, on as many pages as they need, in one language."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from kis.estimator.design import PanelDesign
from kis.estimator.documents.drawings.dimension import pieces
from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.paper import Paper, drawing_area
from kis.estimator.documents.drawings.schedule.sheets import schedule_sheets
from kis.estimator.documents.drawings.sheet import Box, Dimension, Rectangle, Sheet, Text
from kis.estimator.pricing.line import Line
from kis.estimator.problem import PanelProblem
from kis.platform.messages import Locale, Message
from tests.factories import designs, drawings

LONG = "아주 긴 부하 이름이라서 어떤 칸에도 다 들어가지 않는 전등 WWWWWWWWWW"


def line(kind: str, key: str, spec: str = "", unit: str = "EA", quantity: str = "1") -> Line:
    return Line(
        kind=kind,
        item=Message(f"lines.{key}"),
        spec=spec,
        unit=unit,
        quantity=Decimal(quantity),
        unit_price=Decimal(777),
        amount=Decimal(777),
        because=(),
    )


LINES = (
    line("enclosure", "enclosure.steel", "HDS 60 60 15 600×600×150"),
    line("main", "MCCB", "SBE-104 4P 100AF/100AT"),
    line("branch", "ELB", "SIE-32 2P 30AF/20AT 30mA", quantity="2"),
    line("accessory", "magnetic_contactor", "magnetic_contactor"),
    line("accessory", "fuse_holder"),
    line("earth_terminal", "earth_terminal", "100AF", quantity="2"),
    line("main_busbar", "main_busbar", "3T×15", "KG", "6.37"),
    line("sundries", "sundries", unit="LOT"),
    line("assembly", "assembly", unit="LOT"),
)


def sheets(panel: PanelDesign, locale: Locale = "ko", **changes: object) -> tuple[Sheet, ...]:
    heading = designs.heading(locale)
    return schedule_sheets(panel, LINES, replace(heading, **changes))  # type: ignore[arg-type]  # a table of fields


def texts(sheet: Sheet) -> list[Text]:
    return [shape for shape in sheet.shapes if isinstance(shape, Text)]


def words(*several: Sheet) -> list[str]:
    return [text.content for sheet in several for text in texts(sheet)]


def rows(sheet: Sheet) -> list[list[str]]:
    """Return the words of a sheet line by line, each from the left, those outside the area of the tables left out."""
    paper = next(paper for paper in Paper if paper.width_mm == sheet.print_width_mm)
    x0, y0, x1, y1 = drawing_area(paper)
    lines: dict[float, list[Text]] = {}
    for text in texts(sheet):
        middle = round((text.extent[1] + text.extent[3]) / 2, 3)
        if x0 <= text.x <= x1 and y0 <= middle <= y1:
            lines.setdefault(middle, []).append(text)
    return [
        [text.content for text in sorted(found, key=lambda text: text.extent[0])]
        for _, found in sorted(lines.items(), reverse=True)
    ]


def touching(sheet: Sheet) -> Iterator[tuple[str, str]]:
    boxes = sorted(((text.content, text.extent) for text in texts(sheet)), key=lambda item: item[1][0])
    for number, (name, box) in enumerate(boxes):
        for other_name, other in boxes[number + 1 :]:
            if other[0] >= box[2] - 0.02:
                break
            if box[1] < other[3] - 0.02 and other[1] < box[3] - 0.02:
                yield name, other_name


def leaving(sheet: Sheet) -> list[str]:
    paper = next(paper for paper in Paper if paper.width_mm == sheet.print_width_mm)
    frame = paper.frame
    return [text.content for text in texts(sheet) if not _inside(text.extent, text.box or frame)]


def _inside(inner: Box, outer: Box) -> bool:
    slack = 1e-6
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


class TestCircuitDirectory:
    def test_lists_the_main_and_under_it_its_circuits(self) -> None:
        first, _ = sheets(designs.design())
        found = rows(first)
        # 17,600 / 17,600 / 13,200 VA in all; the motors put 6,600 on each phase, the lamps 4,400 on R and on S.
        assert found[:6] == [
            ["회로표 (4회로)"],
            ["번호", "부하명", "종류", "형식", "AF/AT", "kA/V", "상", "R VA", "S VA", "T VA", "위치"],
            [
                *("M1", "주차단기", "MCCB 4P", "SBE-104", "100AF/100AT", "14/460"),
                *("RST", "17,600", "17,600", "13,200", "–"),
            ],
            [
                "1",
                "동력",
                "MCCB 3P",
                "SBS-53",
                "50AF/30AT",
                "14/460",
                "RST",
                "6,600",
                "6,600",
                "6,600",
                "C1L1",
            ],
            [
                "2",
                "동력",
                "MCCB 3P",
                "SBS-53",
                "50AF/30AT",
                "14/460",
                "RST",
                "6,600",
                "6,600",
                "6,600",
                "C1R1",
            ],
            ["3", "전등", "ELB 2P", "SIE-32", "30AF/20AT", "2.5/220", "R", "4,400", "–", "–", "C1L2"],
        ]

    def test_ends_with_the_loads_of_the_phases_and_their_unbalance(self) -> None:
        first, _ = sheets(designs.design())
        assert {"상별 부하", "80", "60", "0.25", "27.27%", "18.18%"} <= set(words(first))

    def test_lists_empty_ways_with_their_place(self) -> None:
        panel = designs.every_kind()
        seated = drawings.bent("E01", panel.drawing, column=0, row=2)
        first, _ = sheets(replace(panel, drawing=seated))
        (way,) = [row for row in rows(first) if "예비 자리 (기기 없음)" in row]
        assert way == ["–", "예비 자리 (기기 없음)", "2P", *("–",) * 7, "C1L3"]

    def test_shows_cables_where_one_is_named(self) -> None:
        cabled = drawings.lighting("B001", cable="F-CV 4SQ×3C")
        problem = drawings.problem(devices=(cabled, drawings.lighting("B002")))
        first, _ = sheets(designs.design(problem=problem))
        assert {"케이블", "F-CV 4SQ×3C"} <= set(words(first))
        assert "케이블" not in words(*sheets(designs.design()))

    def test_groups_circuits_under_the_main_that_feeds_them(self) -> None:
        devices = (drawings.lighting("B001"), drawings.lighting("B002", main=1), drawings.lighting("B003"))
        mains = (drawings.main_device(), drawings.main_device(1))
        loads = (Fraction(4400), Fraction(0), Fraction(0))
        groups = (
            drawings.reported(lines={"B001": ("R",), "B003": ("R",)}),
            drawings.reported(main=1, loads_va=loads, lines={"B002": ("R",)}),
        )
        panel = designs.design(problem=drawings.problem(mains=mains, devices=devices), phases=groups)
        first, _ = sheets(panel)
        assert [row[0] for row in rows(first)[2:7]] == ["M1", "1", "3", "M2", "2"]

    def test_names_a_main_that_has_a_name(self) -> None:
        named = drawings.problem(mains=(drawings.main_device(name="비상"),))
        first, _ = sheets(designs.design(problem=named))
        assert rows(first)[2][:2] == ["비상", "주차단기 비상"]

    def test_marks_a_capacity_without_its_voltage_or_its_sheet(self) -> None:
        hearsay = drawings.lighting("B003", breaker=drawings.small(icu_source="unverified"))
        doubtful = drawings.lighting("B001", breaker=drawings.small(icu_at_v=None))
        none = drawings.lighting("B002", breaker=drawings.small(icu_ka=None))
        first, _ = sheets(designs.design(problem=drawings.problem(devices=(doubtful, none, hearsay))))
        capacities = [row[5] for row in rows(first)[3:6]]
        assert capacities == ["2.5*", "–", "2.5/220*"]
        assert any("차단용량" in text for text in words(first))

    def test_stands_alone_with_its_main(self) -> None:
        lonely = designs.design(
            problem=drawings.problem(devices=()),
            phases=(
                drawings.reported(applicable=False, loads_va=(Fraction(0),) * 3, counts=(0,) * 3, lines={}),
            ),
        )
        first, _ = sheets(lonely)
        assert [rows(first)[2][0], rows(first)[2][7]] == ["M1", "0"]


class TestPartsList:
    def test_names_the_designs_parts_with_their_tags(self) -> None:
        _, parts = sheets(designs.design())
        assert rows(parts)[:6] == [
            ["부품표 (8종)"],
            ["번호", "기호", "품명", "형식·규격", "제조사", "수량", "단위", "비고"],
            ["1", "외함 (STEEL)", "HDS 60 60 15 600×600×150", "1", "EA"],
            ["2", "M1", "배선용차단기 MCCB", "SBE-104 4P 100AF/100AT", "상도전기", "1", "EA"],
            ["3", "1–2", "배선용차단기 MCCB", "SBS-53 3P 50AF/30AT", "상도전기", "2", "EA"],
            ["4", "3–4", "누전차단기 ELB", "SIE-32 2P 30AF/20AT 30mA", "상도전기", "2", "EA"],
        ]

    def test_takes_everything_else_from_the_lines(self) -> None:
        _, parts = sheets(designs.design())
        assert rows(parts)[6:] == [
            ["5", "MC", "전자접촉기 MC", "magnetic_contactor", "1", "EA"],
            ["6", "F", "퓨즈 홀더", "1", "EA"],
            ["7", "E", "E.T (접지 단자대)", "100AF", "2", "EA"],
            ["8", "MAIN BUS-BAR", "3T×15", "6.37", "KG"],
        ]

    def test_joins_equal_lines(self) -> None:
        bars = (line("main_busbar", "main_busbar", "3T×15", "KG", "3.66"),) * 2
        parts = schedule_sheets(designs.design(), bars, designs.heading())[-1]
        assert rows(parts)[-1] == ["5", "MAIN BUS-BAR", "3T×15", "7.32", "KG"]

    def test_counts_accessories_once(self) -> None:
        items = tuple(drawings.accessory(f"magnetic_contactor{n}", "magnetic_contactor") for n in (1, 2, 3))
        _, parts = sheets(designs.design(problem=drawings.problem(accessories=items)))
        contactors = [row for row in rows(parts) if "전자접촉기 MC" in row]
        assert contactors == [["5", "MC1–3", "전자접촉기 MC", "3", "EA"]]

    def test_names_no_price_and_no_labour(self) -> None:
        shown = words(*sheets(designs.every_kind()))
        assert "777" not in shown
        assert not {"잡자재비", "ASSEMBLY CHARGE"} & set(shown)

    def test_carries_long_tags_on(self) -> None:
        # Every second circuit is a motor, so no two numbers of one line follow each other.
        devices = tuple(
            drawings.device(f"B{n:03d}") if n % 2 else drawings.lighting(f"B{n:03d}") for n in range(1, 81)
        )
        parts = sheets(designs.design(problem=drawings.problem(devices=devices)))[-1]
        tags = [tag for text in words(parts) if "," in text for tag in re.findall(r"\d+", text)]
        assert sorted(map(int, tags)) == list(range(1, 81))
        assert [text for text in words(parts) if "…" in text] == []

    def test_says_how_many_panels_are_made(self) -> None:
        problem = drawings.problem(request=drawings.request(quantity=3))
        assert any("제작 3면" in text for text in words(*sheets(designs.design(problem=problem))))


class TestPages:
    def test_tell_their_place_behind_the_sheets(self) -> None:
        shown = [words(sheet) for sheet in sheets(designs.design(), sheet="4 / 4")]
        assert ["4 / 4 (1/2)" in shown[0], "4 / 4 (2/2)" in shown[1]] == [True, True]
        assert "1/2" in words(sheets(designs.design())[0])

    @pytest.mark.parametrize(
        ("circuits", "papers"),
        [
            (14, [Paper.A4_LANDSCAPE, Paper.A4_LANDSCAPE]),
            # 26 rows on an A4: the main and 25 circuits fill one, and the loads of the phases take another.
            (25, [Paper.A4_LANDSCAPE] * 3),
            (40, [Paper.A4_LANDSCAPE] * 3),
            # 52 rows still fill two A4; one more takes an A3 with 2 · 47 rows.
            (51, [Paper.A4_LANDSCAPE] * 4),
            (52, [Paper.A3, Paper.A4_LANDSCAPE]),
            (120, [Paper.A3, Paper.A3, Paper.A4_LANDSCAPE]),
            (300, [Paper.A3] * 4 + [Paper.A4_LANDSCAPE]),
        ],
    )
    def test_are_as_many_and_as_large_as_needed(self, circuits: int, papers: list[Paper]) -> None:
        made = sheets(designs.board(circuits, columns=1 + circuits // 60))
        assert [sheet.print_width_mm for sheet in made] == [paper.width_mm for paper in papers]

    def test_set_the_loads_of_the_phases_beside_a_table_that_fills_its_height(self) -> None:
        # 138 rows: 94 on the first page, 44 of 47 in the first block of the second.
        _, second, _ = sheets(designs.board(137, columns=3))
        (heading,) = [text for text in texts(second) if text.content == "상별 부하"]
        x0, _, x1, y1 = drawing_area(Paper.A3)
        assert heading.x == pytest.approx((x0 + x1 + 6) / 2)
        assert heading.y > y1 - 5

    def test_never_leave_the_loads_of_the_phases_alone(self) -> None:
        # 26 rows fill the page; 17 of them stay, the main's among them, and 9 circuits go on.
        first, second, _ = sheets(designs.board(25))
        assert "상별 부하" not in words(first)
        assert "상별 부하" in words(second)
        numbers = [[row[0] for row in rows(sheet) if row[0].isdecimal()] for sheet in (first, second)]
        assert numbers == [[str(n) for n in range(1, 17)], [str(n) for n in range(17, 26)]]

    def test_never_end_with_a_main_whose_circuits_follow(self) -> None:
        # M1 and 24 circuits are 25 rows; the 26th of the page would be M2.
        devices = tuple(drawings.lighting(f"B{n:03d}", main=n > 24) for n in range(1, 31))
        mains = (drawings.main_device(), drawings.main_device(1))
        groups = (drawings.reported(lines={}), drawings.reported(main=1, lines={}))
        panel = designs.design(problem=drawings.problem(mains=mains, devices=devices), phases=groups)
        first, second, _ = sheets(panel)
        numbers = [[row[0] for row in rows(sheet)] for sheet in (first, second)]
        assert numbers[0][-1] == "24"
        assert numbers[1][2:5] == ["M2", "25", "26"]

    def test_hold_every_circuit_once_and_repeat_the_head(self) -> None:
        *directory, _ = sheets(designs.board(300, columns=5))
        numbers = [text for text in words(*directory) if text.isdecimal()]
        assert {str(number) for number in range(1, 301)} <= set(numbers)
        assert words(*directory).count("부하명") == 7

    @pytest.mark.parametrize("locale", ["ko", "en"])
    @pytest.mark.parametrize(
        "panel",
        [
            designs.design(),
            designs.every_kind(),
            designs.board(1, load=LONG),
            designs.board(25),
            designs.board(93),
            designs.board(120, columns=3, load=LONG),
        ],
    )
    def test_write_every_word_in_its_place(self, panel: PanelDesign, locale: Locale) -> None:
        for sheet in sheets(panel, locale, sheet="4 / 4", supplier=LONG):
            assert leaving(sheet) == []
            assert list(touching(sheet)) == []
            assert min(text.size_mm for text in texts(sheet)) >= 1.8

    @pytest.mark.parametrize("panel", [designs.design(), designs.board(120, columns=3)])
    def test_keep_every_table_inside_the_drawing_area(self, panel: PanelDesign) -> None:
        for sheet in sheets(panel):
            paper = next(paper for paper in Paper if paper.width_mm == sheet.print_width_mm)
            area = drawing_area(paper)
            tables = [
                (shape.x0, shape.y0, shape.x1, shape.y1)
                for shape in sheet.shapes
                if isinstance(shape, Rectangle) and shape.layer == "table" and shape.y0 > area[1] - 1
            ]
            assert tables
            assert all(_inside(box, area) for box in tables)


class TestLanguage:
    """Korean or English, never both; what the customer named stays as it is."""

    def made(self, locale: Locale) -> list[Sheet]:
        latin = designs.heading(locale, project="P1", panel="P2")
        panels = (designs.every_kind(), designs.design(problem=self._problem()), designs.board(12, load="L"))
        return [
            sheet
            for panel in panels
            for sheet in (layout_sheet(panel, latin), *schedule_sheets(panel, self.lines(), latin))
        ]

    def lines(self) -> Sequence[Line]:
        return tuple(item for item in LINES if item.spec != "magnetic_contactor")

    def _problem(self) -> PanelProblem:
        devices = (
            drawings.device("B001", load="M"),
            drawings.device("B002", load=""),
            drawings.lighting("B003", load="", is_spare=True),
            drawings.lighting("B004", load="L", breaker=drawings.small(icu_at_v=None)),
        )
        return drawings.problem(devices=devices, request=drawings.request(quantity=2))

    def texts(self, sheet: Sheet) -> Iterator[str]:
        yield from (sheet.title, sheet.description)
        for shape in sheet.shapes:
            if isinstance(shape, Text):
                yield shape.content
            elif isinstance(shape, Dimension):
                yield from (piece.content for piece in pieces(shape) if isinstance(piece, Text))
            elif isinstance(shape, Rectangle):
                yield from (shape.hint, *(value for _, value in shape.attributes))

    def test_leaves_no_korean_on_an_english_sheet(self) -> None:
        found = {
            text for sheet in self.made("en") for text in self.texts(sheet) if re.search("[ㄱ-힣]", text)
        }
        assert {text for text in found if not set(re.findall("[가-힣]+", text)) <= {"동력", "전등"}} == set()

    def test_leaves_no_english_on_a_korean_sheet(self) -> None:
        # Models and words of the trade are written in capitals; what has small letters is a unit, a step of an opening, or a mistake.
        found = {
            word
            for sheet in self.made("ko")
            for text in self.texts(sheet)
            for word in re.findall(r"[A-Za-z0-9]*[a-z][A-Za-z0-9]*", text)
            if word not in {"mm", "kA", "30mA"} and not re.fullmatch(r"P\d+[a-z]", word)
        }
        assert found == set()
