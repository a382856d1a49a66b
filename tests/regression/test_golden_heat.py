"""The golden cases in the heat: currents, losses, rise of the air, load factors and busbars, each figure worked out by hand.

A circuit carries AT × the diversity factor of its main (.6 from ten circuits, .7 from six, .8 from four), or the current of its given
VA; all are scaled down so that the main carries 0.8 AT at most. P = 1.5 · Σ poles · p · (I ÷ In)² + 4 W a contactor + 2 W a timer or
meter; three poles count of a 4-pole breaker. p: small and compact 2.2 (20 A), 2.8 (30), 3.6 (40), 4.0 (50); to 100AF 4.01 (25), 4.03 (32),
5.47 (40), 4.11 (50), 8.77 (80), 8.8 (100); 250AF 11.78 (160), 18.75 (250); 400AF 19.2; above 39.7 · (In ÷ 630)².
Ae = 1.4 W·D + 1.4 W·H (front and rear) + 1.8 H·D. To 1.25 m²: k = 0.626 · Ae^−0.737, c from H ÷ W; above: k = 0.58 · Ae^−0.795, c from
H^1.35 ÷ (W·D). Rise = k · P^0.804 at mid height, c times that at the top (IEC TR 60890:2022).
"""

from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.factories.panels import (
    GOLDEN,
    Block,
    busbars_of,
    designed,
    findings,
    gate,
    heat_of,
    mccb,
    panel,
    together,
    verdicts,
)

pytestmark = pytest.mark.regression


@dataclass(frozen=True, kw_only=True)
class Heat:
    """Watts of the circuits, the main and in all; Ae, k and c; kelvin at mid height and at the top."""

    devices_w: str
    main_w: str
    loss_w: str
    surface_m2: str
    constant: str
    distribution: str
    mid_k: str
    top_k: str


def _heat(*figures: str) -> Heat:
    devices, main, loss, surface, constant, distribution, mid, top = figures
    return Heat(
        devices_w=devices,
        main_w=main,
        loss_w=loss,
        surface_m2=surface,
        constant=constant,
        distribution=distribution,
        mid_k=mid,
        top_k=top,
    )


HEAT = {
    # 10 · 2 · 2.2 · .36; main 4 · 12 = 48 A: 3 · 8.8 · .48². Ae .105 + .49 + .189, H ÷ W 1.4.
    "G1": _heat("15.84", "6.08", "32.88", "0.784", "0.749", "1.2263", "12.42", "15.23"),
    # 12 · 2 · 2.2 · .36.
    "G2": _heat("19.01", "6.08", "37.64", "0.881", "0.6873", "1.237", "12.70", "15.71"),
    # 7 · 12 = 84 A, held at 80: 88 · (.6 · 20 ÷ 21)² = 28.735; 3 · 8.8 · .64.
    "G3": _heat("28.73", "16.90", "68.45", "0.978", "0.6363", "1.2444", "19.02", "23.67"),
    # 120 A held at 80: 123.2 · .4².
    "G4": _heat("19.71", "16.90", "54.91", "1.647", "0.3901", "1.5637", "9.77", "15.28"),
    # 240 A held at 180: (49.32 + 48.36 + 44) · .45²; main 3 · 18.75 · .64.
    "G5": _heat("28.69", "36.00", "97.04", "1.938", "0.3428", "1.5297", "13.57", "20.75"),
    # 805 A held at 320: 3 · (37.5 + 23.56 + 35.2) · .27826²; main 3 · 19.2 · .64.
    "G6": _heat("22.36", "36.86", "88.84", "3.051", "0.2389", "1.4876", "8.81", "13.11"),
    # 1260 A held at 640: 3 · (38.4 + 75) · .35556²; main 39.7 · (800 ÷ 630)² = 64.02, 3 · 64.02 · .64.
    "G7": _heat("43.01", "122.91", "248.88", "4.2875", "0.1823", "1.4418", "15.39", "22.19"),
    # 132 A held at 80: (72.54 + 26.4) · .36364²; six contactors and two timers 28 W.
    "G8": _heat("13.08", "16.90", "72.97", "2.072", "0.325", "1.5496", "10.23", "15.85"),
    # 84 A held at 80: 2 · (24 + 4.4) · .44444; six meters 12 W.
    "G9": _heat("25.24", "16.90", "75.21", "1.458", "0.4298", "1.5843", "13.86", "21.96"),
    # (39.6 + 24.18) · .36; main 72 A: 26.4 · .72². The SPD's breaker carries nothing.
    "G10": _heat("22.96", "13.69", "54.97", "1.236", "0.5355", "1.2398", "13.42", "16.64"),
    # .8: 17.6 · .64; main 32 of 50 A: 3 · 4.11 · .64².
    "G11": _heat("11.26", "5.05", "24.47", "0.7404", "0.7812", "1.2107", "10.22", "12.37"),
    # 1.5 · 3 · 18.75 · .64.
    "G12": _heat("0.00", "36.00", "54.00", "0.776", "0.7547", "1.2107", "18.65", "22.58"),
    # 426 A held at 180: (176 + 78.4 + 73.98) · .25352².
    "G13": _heat("21.11", "36.00", "85.66", "2.675", "0.2653", "1.5908", "9.50", "15.11"),
    # 780 A held at 320: (396 + 112 + 123.3) · .24615².
    "G14": _heat("38.25", "36.86", "112.67", "5.4305", "0.1511", "1.4638", "6.74", "9.87"),
    # (44 + 8) · .36; main 54 A: 26.4 · .54².
    "G15": _heat("18.72", "7.70", "39.63", "1.014", "0.6196", "1.2218", "11.94", "14.58"),
    # (44 + 7.2) · .36 + 2 · 12.09 · (14.545 ÷ 30)²; main 2 · 14.545 + 48 = 77.09 A; two contactors and a timer 10 W.
    "G16": _heat("24.12", "15.69", "69.71", "1.938", "0.3428", "1.5297", "10.40", "15.91"),
    # (20 · 4.01 + 4 · 5.47) · .36; main 60 A: 26.4 · .36.
    "G17": _heat("36.75", "9.50", "69.38", "1.014", "0.6196", "1.2218", "18.73", "22.88"),
    # 10, 6.82, 13.64 A of 20 and 18.18 A of 30: 6.6 + 2.05 + 4.09 + 2.06; main 45 of 75 A: 3 · 8.77 · .36.
    # Recessed: Ae = .7 · .075 + .9 · .4 + .5 · .4 + .5 · .24.
    "G18": _heat("14.79", "9.47", "36.40", "0.7325", "0.7874", "1.237", "14.17", "17.53"),
}


@pytest.mark.parametrize("case", HEAT)
class TestHeat:
    def test_losses(self, case: str) -> None:
        heat, expected = heat_of(GOLDEN[case]), HEAT[case]
        assert heat.devices_w == Decimal(expected.devices_w)
        assert heat.mains_w == Decimal(expected.main_w)
        assert heat.loss_w == Decimal(expected.loss_w)

    def test_enclosure(self, case: str) -> None:
        heat, expected = heat_of(GOLDEN[case]), HEAT[case]
        assert heat.effective_surface_m2 == Decimal(expected.surface_m2)
        assert heat.enclosure_constant == Decimal(expected.constant)
        assert heat.distribution_factor == Decimal(expected.distribution)

    def test_rise(self, case: str) -> None:
        heat, expected = heat_of(GOLDEN[case]), HEAT[case]
        assert (heat.mid_k, heat.top_k) == (Decimal(expected.mid_k), Decimal(expected.top_k))
        assert (heat.mid_air_c, heat.top_air_c) == (35 + heat.mid_k, 35 + heat.top_k)


CURRENTS = {
    # Circuits, diversity factor, heaviest phase, current of the main, load factor of circuits without given VA.
    "G1": (10, "0.6", "48", "48", "0.6"),
    "G3": (20, "0.6", "84", "80", "0.5714"),
    "G4": (28, "0.6", "120", "80", "0.4"),
    "G5": (18, "0.6", "240", "180", "0.45"),
    "G6": (8, "0.7", "805", "320", "0.2783"),
    "G7": (6, "0.7", "1260", "640", "0.3556"),
    "G8": (12, "0.6", "132", "80", "0.3636"),
    "G9": (8, "0.7", "84", "80", "0.6667"),
    "G11": (4, "0.8", "32", "32", "0.8"),
    "G13": (60, "0.6", "426", "180", "0.2535"),
    "G14": (120, "0.6", "780", "320", "0.2462"),
    "G15": (11, "0.6", "54", "54", "0.6"),
    "G17": (12, "0.6", "60", "60", "0.6"),
}


@pytest.mark.parametrize("case", CURRENTS)
def test_currents_follow_diversity_and_the_limit_of_the_main(case: str) -> None:
    circuits, factor, heaviest, current, load_factor = CURRENTS[case]
    heat = heat_of(GOLDEN[case])
    (load,) = heat.mains
    assert load.circuits == circuits
    assert load.diversity_factor == Decimal(factor)
    assert (load.heaviest_a, load.current_a) == (Decimal(heaviest), Decimal(current))
    factors = {item.load_factor for item in heat.devices if not item.id.startswith("M")}
    assert factors == {Decimal(load_factor)}


class TestCurrentsOfGivenLoads:
    def test_follow_the_va(self) -> None:
        # G16: 3P 30 A with 12,000 VA · .8 ÷ 3 ÷ 220 = 14.545 A; 20 A · .6 = 12; 40 A · .6 = 24; SPD 0.
        rated = {(item.model, item.current_a) for item in heat_of(GOLDEN["G16"]).devices}
        assert rated == {
            ("SBE-104", Decimal("77.1")),
            ("SBS-54", Decimal(0)),
            ("SBS-53", Decimal("14.5")),
            ("SBC-52", Decimal(24)),
            ("SIE-32", Decimal(12)),
        }

    def test_of_g18_are_neither_diversified_nor_scaled(self) -> None:
        (load,) = heat_of(GOLDEN["G18"]).mains
        assert (load.heaviest_a, load.current_a) == (Decimal(45), Decimal(45))


class TestAirAtTheMain:
    def test_of_g3_lets_it_carry_its_load(self) -> None:
        # The main stands at y 900 − 170 − 65 = 665. Below 1.25 m² the top value is reached at 675: 19.02 + 215 ÷ 225 · 4.65 = 23.46 K.
        # 58.46 °C: 1 − .005 · 18.46 = .9077 allowed, .80 carried.
        main = next(item for item in heat_of(GOLDEN["G3"]).devices if item.model == "SBE-104")
        assert main.air_c == Decimal("58.46")
        assert main.permitted_load_factor == pytest.approx(Decimal("0.9077"), abs=Decimal("0.0001"))
        assert main.load_factor == Decimal("0.8")
        assert gate(GOLDEN["G3"], "breaker.thermal").verdict == "pass"

    def test_refuses_a_main_that_is_too_hot(self) -> None:
        # Main alone, 250AF at 225 A, P 54 W in 500×600×200 at 55 °C: y 600 − 200 − 82.5 = 317.5, Ae .776, mid 18.65 K, top 22.58 K
        # from 450: 18.65 + 17.5 ÷ 150 · 3.93 = 19.1 K → 74.1 °C > 70, allowed 1 − .005 · 34.1 = .8295 ≥ .80.
        hot = {**GOLDEN["G12"], "ambient_c": 55}
        assert gate(hot, "breaker.thermal").verdict == "fail"
        assert [item.code for item in findings(hot, "critic.air_temperature")] == ["critic.air_temperature"]
        assert not findings(hot, "critic.load_factor")
        assert gate({**GOLDEN["G12"], "ambient_c": 45}, "breaker.thermal").verdict == "pass"


def g7_with_loads() -> Block:
    """Return G7 with 500 A on each phase: 2 · 100 A and 4 · 75 A, that is 66,000 and 49,500 VA a circuit."""
    return panel(mccb(4, 400, 2, load_va=66_000), mccb(4, 250, 4, load_va=49_500), rating_a=800)


class TestBusbars:
    def test_of_g7_are_refused_and_the_one_that_passes_is_named(self) -> None:
        # 8T×40: 628 A < 800. At 57.2 °C: 628 · (27.8 ÷ 30)^.61 · .968 = 580.5 A < 640. 10T×50: 852 A.
        (bar,) = busbars_of(GOLDEN["G7"])
        assert together(bar.section, bar.ampacity_a, bar.needed_a) == ("8T×40", 628, 800)
        assert bar.air_c == Decimal("57.19")
        assert bar.hot_ampacity_a == pytest.approx(Decimal("580.5"), abs=Decimal("0.2"))
        assert together(bar.current_a, bar.verdict.value, bar.passing) == (640, "refused", "10T×50")
        (found,) = (
            findings(GOLDEN["G7"], "critic.busbar.refused") or findings(GOLDEN["G7"], "critic.busbar")[:1]
        )
        assert found.severity == "violation"
        assert "10T×50" in found.message.text("en")

    def test_of_g7_pass_with_the_larger_bar(self) -> None:
        wider = {**GOLDEN["G7"], "busbar": "50x10"}
        (bar,) = busbars_of(wider)
        assert (bar.section, bar.ampacity_a, bar.verdict.value) == ("10T×50", 852, "pass")
        assert "fail" not in verdicts(wider).values()

    def test_of_g7_warn_where_the_given_loads_are_small(self) -> None:
        # 500 A: 3 · (2 · 19.2 · .25² + 4 · 18.75 · .3²) = 27.45 W, main 3 · 64.02 · .625² = 75.02 W, P 153.70: 50.06 °C at the top.
        # 628 · (34.94 ÷ 30)^.61 · .968 = 667 A ≥ 500.
        heat = heat_of(g7_with_loads())
        assert (heat.devices_w, heat.mains_w, heat.loss_w) == (
            Decimal("27.45"),
            Decimal("75.02"),
            Decimal("153.70"),
        )
        (bar,) = busbars_of(g7_with_loads())
        assert together(bar.current_a, bar.verdict.value) == (500, "warn")
        assert bar.hot_ampacity_a == pytest.approx(Decimal("667.2"), abs=Decimal("0.2"))
        assert [
            item.severity
            for item in findings(g7_with_loads(), "critic.busbar")
            if item.severity != "information"
        ] == ["warning"]
        assert "fail" not in verdicts(g7_with_loads()).values()

    @pytest.mark.parametrize(
        ("case", "section", "ampacity_a"),
        # 3T×15 162 ≥ 100, 5T×20 274 ≥ 225, 6T×30 421 ≥ 400: pass at the table's air.
        [("G1", "3T×15", 162), ("G5", "5T×20", 274), ("G6", "6T×30", 421), ("G13", "5T×20", 274)],
    )
    def test_of_the_shop_pass_up_to_400_a(self, case: str, section: str, ampacity_a: int) -> None:
        (bar,) = busbars_of(GOLDEN[case])
        assert (bar.section, bar.ampacity_a, bar.verdict.value) == (section, ampacity_a, "pass")

    def test_of_a_600_a_main_pass_and_of_700_a_warn(self) -> None:
        # 628 ≥ 600; 700 A carries 560: at up to 58 °C inside 628 · (27 ÷ 30)^.61 · .968 = 570 A.
        (six,) = busbars_of(panel(mccb(3, 100, 2), rating_a=600))
        (seven,) = busbars_of(panel(mccb(4, 400, 2), rating_a=700))
        assert (six.verdict.value, seven.verdict.value) == ("pass", "warn")
        assert seven.needed_a == 700

    def test_columns_share_the_current_of_their_main(self) -> None:
        # G14: 400 A in three columns: header 6T×30, columns 5T×20 for 133 A.
        sections = [bar.section for bar in busbars_of(GOLDEN["G14"])]
        assert sorted(sections) == ["5T×20", "5T×20", "5T×20", "6T×30"]
        assert designed(GOLDEN["G14"]).arrangement.columns[0].bar_pitch == 35
