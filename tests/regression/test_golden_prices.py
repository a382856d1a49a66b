"""The golden cases in money: copper, terminals, cards, supports, sundries and work, each worked out by hand; three bills in full.

Copper kg = W·H × 7 and 4.5 (main to 250 A), 13 and 7 (to 400), 15 and 9 (to 800) × 10⁻⁶, half up to two decimals. E.T = 1 + floor(branches ÷ 12).
P-COVER = W·H ÷ 90,000 × 3,200, 12,000 at least. Sundries = 7,000 + 1,000 for each started 100 mm above 600 × 700 + 12,000 an accessory, 42,000 at
most. Work = 50,000 (to 100AF, base height 700), 60,000 (250AF, 800), 130,000 (400AF, 1200), 250,000 (800AF, 1600) + 15,000, 15,000, 20,000, 40,000
for each started 100 mm + 20,000 a contactor + 10,000 or 15,000 from 14 small breakers in a box of 600 × 700 or more.
"""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.factories.panels import GOLDEN, amount, line, lines, quantity, quoted, together

pytestmark = pytest.mark.regression


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Bars with their kg; numbers of terminals, cards and supports; won of sundries, work and cover."""

    main_bar: tuple[str, str]
    branch_bar: tuple[str, str]
    terminals: int
    cards: int
    supports: int
    sundries: int
    work: int
    cover: int


def _bill(
    main_bar: str, branch_bar: str, counts: tuple[int, int, int], sundries: int, work: int, cover: int
) -> Bill:
    (main_section, main_kg), (branch_section, branch_kg) = main_bar.split(), branch_bar.split()
    terminals, cards, supports = counts
    return Bill(
        main_bar=(main_section, main_kg),
        branch_bar=(branch_section, branch_kg),
        terminals=terminals,
        cards=cards,
        supports=supports,
        sundries=sundries,
        work=work,
        cover=cover,
    )


BILLS = {
    # 350,000 mm²: 2.45 and 1.575 kg.
    "G1": _bill("3T×15 2.45", "3T×15 1.58", (1, 10, 10), 7_000, 50_000, 12_444),
    # 400,000 mm²; H 800: one step.
    "G2": _bill("3T×15 2.80", "3T×15 1.80", (2, 12, 12), 8_000, 65_000, 14_222),
    # 450,000 mm²: 2.025 → 2.03 kg; twenty small ones, but the box is 500 wide: no bonus.
    "G3": _bill("3T×15 3.15", "3T×15 2.03", (2, 20, 20), 9_000, 80_000, 16_000),
    # 840,000 mm²; W one step, H five; bonus.
    "G4": _bill("3T×15 5.88", "3T×15 3.78", (3, 28, 28), 13_000, 135_000, 29_867),
    # 910,000 mm²: 4.095 → 4.10 kg; H 1300: five steps above 800.
    "G5": _bill("5T×20 6.37", "3T×15 4.10", (2, 18, 10), 14_000, 135_000, 32_356),
    # 1,440,000 mm²; H 1600: four steps above 1200; largest branch 225 A.
    "G6": _bill("6T×30 18.72", "5T×20 10.08", (1, 8, 0), 19_000, 210_000, 51_200),
    # 2,187,500 mm²: 32.8125 and 19.6875 kg; H 1750: two steps above 1600; sundries 7 + 11 steps.
    "G7": _bill("8T×40 32.81", "6T×30 19.69", (1, 6, 0), 25_000, 330_000, 77_778),
    # 980,000 mm²; nine accessories: sundries at their cap; 7 · 15,000 + 6 · 20,000.
    "G8": _bill("3T×15 6.86", "3T×15 4.41", (2, 12, 6), 42_000, 275_000, 34_844),
    # 720,000 mm²; six meters: cap; five steps.
    "G9": _bill("3T×15 5.04", "3T×15 3.24", (1, 8, 2), 42_000, 125_000, 25_600),
    # 600,000 mm²; the SPD's breaker is the twelfth branch; three steps and one accessory.
    "G10": _bill("3T×15 4.20", "3T×15 2.70", (2, 12, 9), 22_000, 95_000, 21_333),
    # 300,000 mm²; cover 10,667 → 12,000; nothing is taken off below the base box.
    "G11": _bill("3T×15 2.10", "3T×15 1.35", (1, 4, 4), 7_000, 50_000, 12_000),
    # 1,295,000 mm²: 9.065 and 5.8275 kg; eleven steps and the bonus; sundries 1 + 12 steps.
    "G13": _bill("5T×20 9.07", "3T×15 5.83", (6, 60, 54), 20_000, 235_000, 46_044),
    # 2,870,000 mm²; nine steps above 1200 and the bonus of 400AF; sundries 8 + 14 steps.
    "G14": _bill("6T×30 37.31", "3T×15 20.09", (11, 120, 110), 29_000, 325_000, 102_044),
    # 480,000 mm².
    "G15": _bill("3T×15 3.36", "3T×15 2.16", (1, 11, 10), 8_000, 65_000, 17_067),
    # 910,000 mm²; fourteen branches without the spare ways; six steps and two contactors.
    "G16": _bill("3T×15 6.37", "3T×15 4.10", (2, 14, 10), 42_000, 180_000, 32_356),
    # Bodies of 130 need no support.
    "G17": _bill("3T×15 3.36", "3T×15 2.16", (2, 12, 0), 8_000, 65_000, 17_067),
    "G18": _bill("3T×15 2.80", "3T×15 1.80", (2, 13, 13), 8_000, 65_000, 14_222),
}


@pytest.mark.parametrize("case", BILLS)
class TestBill:
    def test_copper(self, case: str) -> None:
        for kind, (section, kg) in (
            ("main_busbar", BILLS[case].main_bar),
            ("branch_busbar", BILLS[case].branch_bar),
        ):
            bar = line(GOLDEN[case], kind)
            assert (bar.spec, bar.unit, str(bar.quantity)) == (section, "KG", kg)
            assert bar.amount == Decimal(kg) * 20_000

    def test_terminals_cards_and_supports(self, case: str) -> None:
        expected = BILLS[case]
        assert quantity(GOLDEN[case], "earth_terminal") == expected.terminals
        assert quantity(GOLDEN[case], "neutral_terminal") == 1
        assert quantity(GOLDEN[case], "card_holder") == expected.cards
        assert quantity(GOLDEN[case], "elb_support") == expected.supports
        assert quantity(GOLDEN[case], "insulator") == 4

    def test_sundries_work_and_cover(self, case: str) -> None:
        expected = BILLS[case]
        assert amount(GOLDEN[case], "sundries") == expected.sundries
        assert amount(GOLDEN[case], "assembly") == expected.work
        assert amount(GOLDEN[case], "cover") == expected.cover

    def test_steps_by_frame_of_the_main(self, case: str) -> None:
        large = case in {"G6", "G7", "G14"}
        assert line(GOLDEN[case], "coating").unit_price == (10_000 if large else 5_000)
        assert line(GOLDEN[case], "insulator").unit_price == (4_400 if large else 1_100)
        terminal = {"G6": 12_000, "G14": 12_000, "G7": 18_000}.get(case, 4_500)
        assert line(GOLDEN[case], "earth_terminal").unit_price == terminal


BOXES = {
    "G1": 81_500,
    "G4": 195_000,
    # 2,187,500 ÷ 90,000 · 31,900 · 1.3
    "G7": 1_007_951,
    "G11": 91_500,
    # 1,295,000 ÷ 90,000 · 29,900 · 1.3
    "G13": 559_296,
    # 2,870,000 ÷ 90,000 · 31,900 · 1.3 = 1,322,432.2
    "G14": 1_322_432,
    "G18": 83_500,
}


@pytest.mark.parametrize("case", BOXES)
def test_box_is_priced_by_list_or_by_the_square(case: str) -> None:
    box = line(GOLDEN[case], "enclosure")
    assert together(box.quantity, box.unit_price, box.amount) == (1, BOXES[case], BOXES[case])


class TestLinesOfSingleCases:
    def test_pole_box_brings_its_bracket(self) -> None:
        assert amount(GOLDEN["G11"], "pole_mount") == 20_000
        assert not lines(GOLDEN["G1"], "pole_mount")

    def test_main_alone_has_neither_bars_nor_cards(self) -> None:
        kinds = [item.kind for item in quoted(GOLDEN["G12"]).panels[0].lines]
        assert kinds == [
            "enclosure",
            "main",
            "earth_terminal",
            "neutral_terminal",
            "name_plate",
            "cover",
            "sundries",
            "assembly",
        ]

    def test_spd_breaker_is_marked(self) -> None:
        marked = {item.spec: item.item.text("ko") for item in lines(GOLDEN["G10"], "branch")}
        assert "SPD용" in marked["ABN-54 4P 50AF/40AT"]
        assert "SPD용" not in marked["EBS-54 4P 50AF/30AT 30mA"]

    def test_equal_breakers_are_one_line(self) -> None:
        assert [together(item.spec, item.quantity) for item in lines(GOLDEN["G13"], "branch")] == [
            ("SBS-53 3P 50AF/50AT", 6),
            ("SIE-32 2P 30AF/30AT 30mA", 14),
            ("SIE-32 2P 30AF/20AT 30mA", 40),
        ]

    def test_larger_bar_weighs_more(self) -> None:
        # 32.8125 kg · 500 ÷ 320 = 51.2695; the branch bars stay.
        wider = {**GOLDEN["G7"], "busbar": "50x10"}
        assert (line(wider, "main_busbar").spec, line(wider, "main_busbar").quantity) == (
            "10T×50",
            Decimal("51.27"),
        )
        assert (line(wider, "branch_busbar").spec, line(wider, "branch_busbar").quantity) == (
            "6T×30",
            Decimal("19.69"),
        )


class TestWholeBill:
    def test_of_g1(self) -> None:
        totals = quoted(GOLDEN["G1"]).totals
        # Box 81,500; main 40,200; ten ELB 79,000; E.T 4,500; N.T 3,000; cards 8,000; plate 4,000; copper 49,000 + 31,600; coating 5,000;
        # cover 12,444; insulators 4,400; supports 5,000; sundries 7,000; work 50,000.
        assert totals.subtotal == 384_644
        assert together(totals.margin, totals.discount, totals.net) == (0, 0, 384_644)
        # 38,464.4 → 38,464
        assert together(totals.vat, totals.total) == (38_464, 423_108)

    def test_of_g8_with_everything_contactors_bring(self) -> None:
        assert [
            together(item.item.key.rpartition(".")[2], item.spec, item.quantity, item.amount)
            for item in lines(GOLDEN["G8"], "accessory")
        ] == [
            ("magnetic_contactor", "MC-22", 6, 108_000),
            ("timer_24h", "24H digital", 2, 68_000),
            ("push_button", "ON/OFF, door", 1, 14_000),
            # Once a panel.
            ("fuse_holder", "", 1, 3_900),
            ("wire_set", "", 1, 25_000),
            # Two for each contactor.
            ("terminal_block", "", 12, 46_800),
            ("pvc_duct", "", 12, 39_600),
        ]
        # Box 245,000; main 40,200; six 3P 148,800; six ELB 47,400; accessories 305,300; E.T 9,000; N.T 3,000; cards 9,600; plate 4,000;
        # copper 137,200 + 88,200; coating 5,000; cover 34,844; insulators 4,400; supports 3,000; sundries 42,000; work 275,000.
        totals = quoted(GOLDEN["G8"]).totals
        assert together(totals.subtotal, totals.vat, totals.total) == (1_401_944, 140_194, 1_542_138)

    def test_of_g12(self) -> None:
        # Box 75,000; main 110,000; E.T 4,500; N.T 3,000; plate 4,000; cover 12,000; sundries 7,000; work 20,000.
        totals = quoted(GOLDEN["G12"]).totals
        assert together(totals.subtotal, totals.vat, totals.total) == (235_500, 23_550, 259_050)

    def test_lines_stand_in_the_order_of_the_trade(self) -> None:
        kinds = list(dict.fromkeys(item.kind for item in quoted(GOLDEN["G16"]).panels[0].lines))
        assert kinds == [
            "enclosure",
            "main",
            "branch",
            "accessory",
            "earth_terminal",
            "neutral_terminal",
            "card_holder",
            "name_plate",
            "main_busbar",
            "branch_busbar",
            "coating",
            "cover",
            "insulator",
            "elb_support",
            "sundries",
            "assembly",
        ]
