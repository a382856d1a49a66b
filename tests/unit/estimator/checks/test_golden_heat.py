"""The worked panels: losses and rises as the engineering rules state them, from nothing but circuits, labels and box.

P = 1.5 · (Σ poles·p·(I ÷ In)² + main) + 4 W a contactor + 2 W a timer or meter. p: 2.2 W at 20 A, 2.8 at 30 A (iC60N); 4.03 at
30 A, 4.11 at 50 A, 8.8 at 100 A (NSX100); 13.95/… as listed. LF: min(RDF, 0.8), held so that the main carries 0.8 of its rating.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import count
from typing import Any

import pytest

from kis.catalog import Breaker, Grade
from kis.estimator.checks.thermal import HeatReport
from kis.estimator.layout.drawing import Drawing, Part, PartKind, Zones
from kis.estimator.problem import Device
from tests.factories.drawings import (
    breaker,
    context,
    device,
    enclosure,
    main_breaker,
    main_device,
    part,
    problem,
    request,
    small,
)


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Circuits as (breaker, rating, given VA, labels): one circuit for each label."""

    main: tuple[int, int]
    """Frame and rating."""
    circuits: tuple[tuple[Breaker, int, int | None, str], ...]
    box: tuple[int, int, int]
    mounting: str = "indoor_surface"
    contactors: int = 0
    controls: int = 0
    main_y: int | None = None


def on_phases(*counts: int) -> str:
    return "R" * counts[0] + "S" * counts[1] + "T" * counts[2]


def three_phase(poles: int, frame_af: int) -> Breaker:
    return breaker(poles=poles, frame_af=frame_af)


COMPACT = breaker(poles=2, frame_af=50, grade=Grade.COMPACT)
FIFTY = breaker(poles=2, frame_af=50, grade=Grade.ECONOMY)
ALL = "3"


def drawn(panel: Panel) -> HeatReport:
    devices: list[Device] = []
    numbers = count()
    parts: list[Part] = []
    width, height, depth = panel.box
    middle = panel.main_y if panel.main_y is not None else height - 235
    parts.append(part("main1", PartKind.MAIN, (200, 300), (middle - 65, middle + 65), (30, 112), device="M1"))
    for model, rating, given, labels in panel.circuits:
        for label in labels:
            name = f"B{next(numbers):03}"
            own: dict[str, Any] = {
                "breaker": model,
                "rating_a": rating,
                "circuit_voltage": 220 if model.poles == 2 else 380,
            }
            devices.append(device(name, given_va=None if given is None else Fraction(given), **own))
            phase = "RST" if label == ALL else label
            parts.append(
                part(
                    name,
                    PartKind.BREAKER,
                    (0, 10),
                    (100, 110),
                    (30, 92),
                    phase=phase,
                    device=name,
                    column=0,
                    row=0,
                )
            )
    parts += [
        part(f"c{index}", PartKind.CONTACTOR, (0, 9), (0, 9), (30, 40)) for index in range(panel.contactors)
    ]
    parts += [part(f"t{index}", PartKind.TIMER, (0, 9), (0, 9), (30, 40)) for index in range(panel.controls)]
    sheet = Drawing(
        width_mm=width,
        height_mm=height,
        depth_mm=depth,
        plate=(50, 50, width - 50, height - 50),
        parts=tuple(parts),
        lanes=(),
        columns=(),
        zones=(Zones(a_mm=0, b_mm=0, c_mm=0, e_mm=0, d_mm=0),),
        style="plate",
    )
    frame, rating = panel.main
    own_problem = problem(
        request=request(mounting=panel.mounting),
        mains=(main_device(breaker=main_breaker(frame_af=frame), rating_a=rating),),
        devices=tuple(devices),
    )
    return context(sheet, problem=own_problem, enclosure=enclosure(), reported=()).heat


GOLDEN = {
    # 10·2·2.2·.36 = 15.84; main 48 A: 3·8.8·.48² = 6.08
    "G1": (
        Panel(main=(100, 100), circuits=((small(), 20, None, on_phases(4, 3, 3)),), box=(500, 700, 150)),
        "32.88",
        "12.42",
        "15.23",
    ),
    "G2": (
        Panel(main=(100, 100), circuits=((small(), 20, None, on_phases(4, 4, 4)),), box=(500, 800, 150)),
        "37.64",
        "12.70",
        "15.71",
    ),
    # 84 A held at 80 A: devices 28.73, main 16.90
    "G3": (
        Panel(main=(100, 100), circuits=((small(), 20, None, on_phases(7, 7, 6)),), box=(500, 900, 150)),
        "68.45",
        "19.02",
        "23.67",
    ),
    "G4": (
        Panel(main=(100, 100), circuits=((small(), 20, None, on_phases(10, 9, 9)),), box=(700, 1200, 150)),
        "54.91",
        "9.77",
        "15.28",
    ),
    "G5": (
        Panel(
            main=(250, 225),
            circuits=(
                (three_phase(4, 50), 50, None, ALL * 4),
                (three_phase(4, 50), 30, None, ALL * 4),
                (small(), 20, None, on_phases(4, 3, 3)),
            ),
            box=(700, 1300, 200),
        ),
        "97.04",
        "13.57",
        "20.75",
    ),
    "G6": (
        Panel(
            main=(400, 400),
            circuits=(
                (three_phase(4, 250), 225, None, ALL * 2),
                (three_phase(4, 250), 150, None, ALL * 2),
                (three_phase(3, 100), 100, None, ALL * 4),
            ),
            box=(900, 1600, 250),
        ),
        "88.84",
        "8.81",
        "13.11",
    ),
    # stated as 248.9
    "G7": (
        Panel(
            main=(800, 800),
            circuits=((three_phase(4, 400), 400, None, ALL * 2), (three_phase(4, 250), 250, None, ALL * 4)),
            box=(1250, 1750, 250),
        ),
        "248.88",
        "15.39",
        "22.19",
    ),
    # six contactors 24 W, two timers 4 W; stated as 10.2/15.9
    "G8": (
        Panel(
            main=(100, 100),
            circuits=((three_phase(3, 50), 30, None, ALL * 6), (small(), 20, None, on_phases(2, 2, 2))),
            box=(700, 1400, 200),
            contactors=6,
            controls=2,
        ),
        "72.97",
        "10.23",
        "15.85",
    ),
    "G9": (
        Panel(
            main=(100, 100),
            circuits=((COMPACT, 50, None, on_phases(2, 2, 2)), (small(), 20, None, on_phases(1, 1, 0))),
            box=(600, 1200, 150),
            controls=6,
        ),
        "75.21",
        "13.86",
        "21.96",
    ),
    # main only: 1.5·3·18.75·.64
    "G12": (Panel(main=(250, 225), circuits=(), box=(500, 600, 200)), "54.00", "18.65", "22.58"),
    # a 2P of 32 A and more on NSX100: p(20 A) = 4.01, p(40 A) = 5.47
    "G17": (
        Panel(
            main=(100, 100),
            circuits=((FIFTY, 20, None, on_phases(3, 3, 4)), (FIFTY, 40, None, on_phases(1, 1, 0))),
            box=(600, 800, 150),
        ),
        "69.38",
        "18.73",
        "22.88",
    ),
    # 9,900/9,700/9,600 VA: main 45 A of 75 A
    "G18": (
        Panel(
            main=(100, 75),
            circuits=(
                (small(), 20, 2200, on_phases(2, 3, 1)),
                (small(), 20, 1500, on_phases(1, 0, 3)),
                (small(), 20, 3000, on_phases(0, 1, 1)),
                (small(), 30, 4000, "R"),
            ),
            box=(500, 800, 150),
            mounting="recessed",
        ),
        "36.40",
        "14.17",
        "17.53",
    ),
}


class TestWorkedPanels:
    @pytest.mark.parametrize("name", list(GOLDEN))
    def test_lose_and_warm_up_as_stated(self, name: str) -> None:
        panel, loss_w, mid_k, top_k = GOLDEN[name]
        heat = drawn(panel)
        assert (heat.loss_w, heat.mid_k, heat.top_k) == (Decimal(loss_w), Decimal(mid_k), Decimal(top_k))

    def test_the_example_takes_va_and_ratings_together(self) -> None:
        # SPD (no load), two 3P 30 A of 9,600 VA (14.545 A each phase), one 40 A fixed on S, ten 20 A as 4/2/4; 14 branches: 0.6
        # R: 29.09 + 48 = 77.09 A; S: 29.09 + 24 + 24 = 77.09; 2 contactors and a timer 10 W
        panel = Panel(
            main=(100, 100),
            circuits=(
                (three_phase(4, 50), 40, 0, ALL),
                (three_phase(3, 50), 30, 9600, ALL * 2),
                (COMPACT, 40, None, "S"),
                (small(), 20, None, on_phases(4, 2, 4)),
            ),
            box=(700, 1300, 200),
            contactors=2,
            controls=1,
        )
        heat = drawn(panel)
        assert heat.mains[0].heaviest_a == Decimal("77.1")
        assert (heat.loss_w, heat.mid_k, heat.top_k) == (Decimal("69.71"), Decimal("10.40"), Decimal("15.91"))

    def test_the_main_of_twenty_circuits_may_carry_enough(self) -> None:
        # 900 high, main at y 665, Ae ≤ 1.25: top value from 0.75 h; 23.5 K → 58.5 °C → 0.908 against 0.80
        panel, *_ = GOLDEN["G3"]
        main = drawn(panel).devices[0]
        assert main.air_c == Decimal("58.46")
        assert (main.load_factor, main.permitted_load_factor) == (Decimal("0.8000"), Decimal("0.9077"))


def test_labels_cover_every_circuit() -> None:
    """Guard the table above: the phase labels of a panel are as many as its circuits."""
    sizes = {name: sum(len(item[3]) for item in panel.circuits) for name, (panel, *_) in GOLDEN.items()}
    assert sizes == dict(zip(GOLDEN, [10, 12, 20, 28, 18, 8, 6, 12, 8, 0, 12, 13], strict=True))
