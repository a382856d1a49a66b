from typing import Any

import pytest

from kis.estimator.intake.synonyms import Reading, busbar_written, supply_written


def read(panel: dict[str, Any], **request: Any) -> tuple[dict[str, Any], list[str]]:
    reading = Reading()
    result: Any = reading.request({"panels": [panel], **request})
    return result, [note.text("en") for note in reading.notes]


class TestSupplyWritten:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("3φ4W 380/220V", "3P4W-380/220"),
            ("3Φ4W", "3P4W-380/220"),
            ("3ø 4W 380V", "3P4W-380/220"),
            ("3상4선식", "3P4W-380/220"),
            ("3상 4선", "3P4W-380/220"),
            ("3ph4w 220/380", "3P4W-380/220"),
            ("3P4W", "3P4W-380/220"),
            ("3φ3W 380V", "3P3W-380"),
            ("삼상 3선식", "3P3W-380"),
            ("1φ3W 220/110", "1P3W-220/110"),
            ("단상3선식", "1P3W-220/110"),
            ("단상 2선 220V", "1P2W-220"),
            ("1P2W", "1P2W-220"),
        ],
    )
    def test_reads_the_writings_of_drawings(self, written: str, meant: str) -> None:
        assert supply_written(written) == meant

    @pytest.mark.parametrize(
        "written", ["3φ4W 690/400V", "3φ3W 220V", "2φ3W", "3φ", "380V", "1φ4W", "", "3φ4W 60Hz"]
    )
    def test_leaves_what_it_does_not_know(self, written: str) -> None:
        assert supply_written(written) is None


class TestBusbarWritten:
    # T marks the thickness: the trade writes 10T x 50 for a bar 50 wide and 10 thick
    @pytest.mark.parametrize(
        ("written", "section"),
        [("10T×50", "50x10"), ("50x10T", "50x10"), ("50 * 10 mm", "50x10"), ("50×10", "50x10")],
    )
    def test_reads_width_and_thickness(self, written: str, section: str) -> None:
        assert busbar_written(written) == section

    @pytest.mark.parametrize("written", ["50", "10T", "10T×50T", "50x10x2", "", "1²x10"])
    def test_leaves_what_it_does_not_know(self, written: str) -> None:
        assert busbar_written(written) is None


class TestReading:
    @pytest.mark.parametrize(
        ("field", "written", "meant"),
        [
            ("make", "상도", "Sangdo"),
            ("make", "SANGDO", "Sangdo"),
            ("make", "LS산전", "LS ELECTRIC"),
            ("make", "엘에스", "LS ELECTRIC"),
            ("make", "LS일렉트릭", "LS ELECTRIC"),
            ("make", "LS Electric", "LS ELECTRIC"),
            ("mounting", "옥내노출", "indoor_surface"),
            ("mounting", "옥외 노출", "outdoor_surface"),
            ("mounting", "매입", "recessed"),
            ("mounting", "옥내자립", "indoor_standing"),
            ("mounting", "옥외자립형", "outdoor_standing"),
            ("mounting", "전주부착", "pole"),
            ("mounting", "FRP", "frp"),
            ("mounting", "하이박스", "hi_box"),
            ("material", "스텐", "SUS201"),
            ("grade", "경제형", "economy"),
            ("style", "DIN 레일", "din_rail"),
            ("feed", "하부", "bottom"),
            ("supply", "3φ4W", "3P4W-380/220"),
            ("busbar", "8T×40", "40x8"),
        ],
    )
    def test_words_of_the_trade_in_a_panel(self, field: str, written: str, meant: str) -> None:
        result, notes = read({field: written})
        assert result["panels"][0] == {field: meant}
        assert notes == [f"panels[0].{field}: {written} is read as {meant}"]

    def test_words_of_the_trade_in_breakers_and_accessories(self) -> None:
        panel = {
            "mains": [{"kind": "배선용", "make": "상도"}],
            "branches": [{"kind": "누전차단기", "grade": "소형"}, {"kind": "누전"}, {"kind": "배선용차단기"}],
            "accessories": [{"kind": "마그네트"}, {"kind": "24시간 타이머"}, {"kind": "SPD"}],
        }
        result, notes = read(panel, locale="ko", currency="원")
        read_panel = result["panels"][0]
        assert read_panel["mains"] == [{"kind": "MCCB", "make": "Sangdo"}]
        assert read_panel["branches"] == [
            {"kind": "ELB", "grade": "small"},
            {"kind": "ELB"},
            {"kind": "MCCB"},
        ]
        assert [accessory["kind"] for accessory in read_panel["accessories"]] == [
            "magnetic_contactor",
            "timer_24h",
            "spd",
        ]
        assert (result["locale"], result["currency"]) == ("ko-KR", "KRW")
        assert len(notes) == 11

    def test_own_names_leave_no_note(self) -> None:
        panel = {
            "make": "Sangdo",
            "mounting": "pole",
            "supply": "3P4W-380/220",
            "busbar": "50x10",
            "branches": [{"kind": "ELB", "phase": "R"}],
        }
        result, notes = read(panel, locale="en", currency="USD")
        assert result == {"panels": [panel], "locale": "en", "currency": "USD"}
        assert notes == []

    def test_unknown_words_stay(self) -> None:
        panel = {
            "make": "효성",
            "mounting": 3,
            "supply": ["3P4W"],
            "branches": [None, {"kind": None, "phase": 1}],
            "mains": "M1",
        }
        assert read(panel) == ({"panels": [panel]}, [])

    def test_ready_made_box_among_the_mountings_is_the_series(self) -> None:
        result, notes = read({"mounting": "기성함"})
        assert result["panels"][0] == {"enclosure_series": "HB"}
        assert notes == [
            "panels[0].mounting: a ready-made box is asked, so enclosure_series is HB and mounting its default"
        ]

    def test_ready_made_box_named_as_the_series(self) -> None:
        assert read({"enclosure_series": "기성함", "mounting": "pole"})[0]["panels"][0] == {
            "enclosure_series": "HB",
            "mounting": "pole",
        }

    @pytest.mark.parametrize(
        ("written", "meant"), [("r", "R"), ("SR", "RS"), ("ts", "ST"), ("RT", "TR"), ("L1", "R"), ("L3", "T")]
    )
    def test_phases_on_three_phases(self, written: str, meant: str) -> None:
        assert read({"branches": [{"phase": written}]})[0]["panels"][0]["branches"] == [{"phase": meant}]

    def test_lines_of_a_single_phase_supply_keep_their_names(self) -> None:
        assert read({"supply": "1φ3W", "branches": [{"phase": "l1"}]})[0]["panels"][0]["branches"] == [
            {"phase": "L1"}
        ]

    def test_all_phases_of_a_four_pole_branch_say_nothing(self) -> None:
        assert read({"branches": [{"poles": 4, "phase": "RSTN"}]})[0]["panels"][0]["branches"] == [
            {"poles": 4}
        ]

    def test_all_phases_of_a_three_pole_branch_say_nothing(self) -> None:
        result, notes = read({"branches": [{"poles": 3, "phase": "RST"}, {"poles": 2, "phase": "RST"}]})
        assert result["panels"][0]["branches"] == [{"poles": 3}, {"poles": 2, "phase": "RST"}]
        assert notes == [
            "panels[0].branches[0].phase: a 3P branch loads every phase, so the RST given says nothing more"
        ]
