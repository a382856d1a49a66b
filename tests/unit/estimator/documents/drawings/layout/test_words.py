"""What the layout sheet says beside the view: attributes of devices, notes, loads of the phases, title block."""

import re
from fractions import Fraction

import pytest

from kis.estimator.documents.drawings.layout.view import layout_sheet
from kis.estimator.documents.drawings.panel_facts import facts_of
from kis.estimator.documents.drawings.sheet import (
    ATTRIBUTE_TAGS,
    Layer,
)
from kis.estimator.documents.drawings.title_block import note_lines
from kis.estimator.layout.drawing import Zones
from kis.platform.messages import Locale
from tests.factories import designs, drawings
from tests.unit.estimator.documents.drawings.sheets import rectangles, sheet_of, texts, words


class TestAttributes:
    def test_of_a_branch_name_all_seven(self) -> None:
        shown = {
            item.part: dict(item.attributes) for item in rectangles(sheet_of("hand-drawn"), Layer.BRANCH)
        }
        assert shown["B003"] == {
            "TAG": "3",
            "MODEL": "SIE-32",
            "MAKER": "상도전기",
            "AF": "30",
            "AT": "20",
            "POLE": "2",
            "PHASE": "R",
        }

    def test_of_the_main_name_its_bars(self) -> None:
        (main,) = rectangles(sheet_of("hand-drawn", "en"), Layer.MAIN)
        assert tuple(dict(main.attributes).values())[:6] == ("M1", "SBE-104", "Sangdo", "100", "100", "4")

    def test_of_a_split_phase_main_join_its_bars(self) -> None:
        split = designs.design(drawing=drawings.bent("main1", poles=("L1", "N", "L2")))
        (main,) = rectangles(layout_sheet(split, designs.heading()), Layer.MAIN)
        assert dict(main.attributes)["PHASE"] == "L1-N-L2"

    def test_of_an_accessory_name_its_tag(self) -> None:
        shown = {
            item.part: dict(item.attributes)
            for item in rectangles(sheet_of("every kind"), Layer.ACCESSORY)
            if item.attributes
        }
        assert shown["spd1"]["TAG"] == "SPD1"
        assert shown["holder"]["TAG"] == "F"
        assert all(list(values) == list(ATTRIBUTE_TAGS) for values in shown.values())

    def test_belong_to_devices_alone(self) -> None:
        sheet = sheet_of("every kind")
        for layer in (Layer.BUSBAR, Layer.DUCT, Layer.RAIL, Layer.SPARE_WAY, Layer.CROSS_BAR):
            assert [item.attributes for item in rectangles(sheet, layer) if item.attributes] == []


class TestMain:
    @pytest.mark.parametrize(("voltage", "said"), [(460, {"14 kA/460 V"}), (None, set())])
    def test_tells_its_breaking_capacity_with_the_voltage_or_not_at_all(
        self, voltage: int | None, said: set[str]
    ) -> None:
        main = drawings.main_device(breaker=drawings.main_breaker(icu_at_v=voltage))
        sheet = layout_sheet(designs.design(problem=drawings.problem(mains=(main,))), designs.heading())
        assert {text for text in words(sheet) if re.match(r"[0-9.]+ kA", text)} == said


class TestNotes:
    def test_explain_the_letters_of_the_heights(self) -> None:
        with_accessories = drawings.drawing(zones=(Zones(a_mm=300, b_mm=30, c_mm=115, e_mm=100, d_mm=50),))
        bare, fitted = (
            " ".join(note_lines(facts_of(design, "ko"), 1000.0))
            for design in (designs.design(), designs.design(drawing=with_accessories))
        )
        assert "B 주차단기~분기, C 분기, D 하부 배선" in bare
        assert "C 분기, E 부속 기기, D 하부 배선" in fitted

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [("layout.order", "배열 순서"), ("layout.pairing", "마주 배치"), ("layout.new", "layout.new")],
    )
    def test_name_the_rules_that_gave_way(self, rule: str, expected: str) -> None:
        relaxed = designs.design(drawing=drawings.drawing(relaxations=(rule,)))
        assert expected in " ".join(words(layout_sheet(relaxed, designs.heading())))
        assert expected not in " ".join(words(sheet_of("hand-drawn")))


class TestPhases:
    def test_shows_load_current_and_the_four_figures(self) -> None:
        # 17,600 / 17,600 / 13,200 VA at 220 V: 80, 80, 60 A. (80 − 60) ÷ 80; 20 ÷ (220 ÷ 3); (73.33 − 60) ÷ 73.33; one circuit.
        shown = [text.content for text in texts(sheet_of("hand-drawn")) if text.layer is Layer.TABLE]
        for figure in ("80", "60", "17,600", "13,200", "0.25", "27.27%", "18.18%"):
            assert figure in shown

    def test_shows_a_dash_where_there_is_nothing_to_balance(self) -> None:
        none = drawings.reported(applicable=False, loads_va=(Fraction(0),) * 3, counts=(0, 0, 0))
        sheet = layout_sheet(designs.design(phases=(none,)), designs.heading())
        assert [text.content for text in texts(sheet) if text.layer is Layer.TABLE].count("–") == 4

    def test_shows_one_row_per_main_where_there_are_several(self) -> None:
        problem = drawings.problem(mains=(drawings.main_device(), drawings.main_device(1)))
        groups = (
            drawings.reported(),
            drawings.reported(main=1, loads_va=(Fraction(2200),) * 3, counts=(1, 1, 1)),
        )
        sheet = layout_sheet(designs.design(problem=problem, phases=groups), designs.heading())
        shown = [text.content for text in texts(sheet) if text.layer is Layer.TABLE]
        assert {"M1", "M2", "0.25", "27.27%", "18.18%", "10"} <= set(shown)


class TestTitleBlock:
    @pytest.mark.parametrize(
        ("locale", "expected"),
        [
            (
                "ko",
                {
                    "LP-3F",
                    "사무동 신축",
                    "HDS 60 60 15",
                    "600 × 600 × 150",
                    "1:3 (A3)",
                    "2026-11-20",
                    "3φ4W 380/220 V",
                },
            ),
            (
                "en",
                {
                    "LP-3F",
                    "사무동 신축",
                    "Layout, door removed",
                    "Steel · IP44",
                    "Circuits (4)",
                    "Load per phase",
                },
            ),
        ],
    )
    def test_says_what_is_drawn(self, locale: Locale, expected: set[str]) -> None:
        assert expected <= words(sheet_of("hand-drawn", locale))

    def test_says_how_many_are_made_and_what_is_unverified(self) -> None:
        problem = drawings.problem(request=drawings.request(quantity=3))
        box = drawings.enclosure(ip_verified=False, depth_verified=False, custom=True)
        shown = words(layout_sheet(designs.design(problem=problem, enclosure=box), designs.heading()))
        assert {"LP-3F (3면)", "강판 · IP44**", "600 × 600 × 150*", "주문 제작 (HDS)"} <= shown

    def test_tells_the_depth_that_is_left(self) -> None:
        # The deepest front stands at 112 of 150.
        assert any(
            "D 150:" in text and "112" in text and "38" in text for text in words(sheet_of("hand-drawn"))
        )

    def test_does_not_take_what_hangs_on_the_door_for_depth(self) -> None:
        # The push button reaches from 77 to the door's inside at 148.
        (note,) = [text for text in words(sheet_of("every kind")) if "D 150:" in text]
        assert "112" in note
        assert "148" not in note

    def test_describes_itself_to_those_who_cannot_see(self) -> None:
        sheet = sheet_of("hand-drawn", "en")
        assert sheet.title == "LP-3F layout"
        assert "600×600×150 mm" in sheet.description
        assert "R 80 A, S 80 A, T 60 A" in sheet.description

    def test_names_no_price(self) -> None:
        assert not any("KRW" in text or text == "원" for text in words(sheet_of("every kind")))
