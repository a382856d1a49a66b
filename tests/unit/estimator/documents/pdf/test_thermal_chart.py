"""The chart of temperature over height, measured on paper."""

import re
from dataclasses import replace

import pytest

from kis.estimator.documents.brand.schema import Colours
from kis.estimator.documents.content import ThermalContent
from kis.estimator.documents.pdf.thermal_chart import chart_description, thermal_chart

COLOURS = Colours()
THERMAL = ThermalContent(
    points=((0.0, 40.0), (400.0, 50.0), (800.0, 60.0)), ambient_c=35.0, limit_c=70.0, facts=(), remarks=()
)


def texts(drawn: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]*)</text>", drawn)


def curve(drawn: str) -> list[tuple[float, float]]:
    (found,) = re.findall(r'<polyline points="([^"]*)"', drawn)
    return [(float(x), float(y)) for x, y in (place.split(",") for place in found.split())]


class TestThermalChart:
    def test_places_the_curve_to_scale(self) -> None:
        # Temperatures 33…79 (a quarter beyond 70) in steps of 10: axis 30…80 on x 12…94, 1.64 mm a degree. Heights 0…800 in steps of 200 on y 42…11.
        expected = [(12 + 10 * 1.64, 42.0), (12 + 20 * 1.64, 26.5), (12 + 30 * 1.64, 11.0)]
        assert curve(thermal_chart(THERMAL, COLOURS, "ko")) == [
            pytest.approx(place, abs=0.01) for place in expected
        ]

    def test_names_axes_marks_and_lines(self) -> None:
        shown = texts(thermal_chart(THERMAL, COLOURS, "ko"))
        assert shown == [
            *("30", "40", "50", "60", "70", "80"),
            *("0", "200", "400", "600", "800"),
            *("공기 온도 (°C)", "바닥에서의 높이 (mm)", "주위 35 °C", "한계 70 °C", "60.0 °C"),
        ]

    def test_speaks_english(self) -> None:
        assert not re.search("[가-힣]", thermal_chart(THERMAL, COLOURS, "en"))

    def test_without_a_known_limit_has_no_limit_line(self) -> None:
        drawn = thermal_chart(replace(THERMAL, limit_c=None), COLOURS, "en")
        assert drawn.count("stroke-dasharray") == 1
        assert not [text for text in texts(drawn) if text.startswith("Limit")]

    @pytest.mark.parametrize(
        ("points", "limit"),
        [
            (((0.0, 20.0), (2200.0, 140.0)), 60.0),  # far above its limit
            (((0.0, 35.0), (300.0, 35.0)), None),  # no heat at all
            (((0.0, -20.0), (600.0, -12.5)), 40.0),  # outdoors in winter
        ],
    )
    def test_keeps_everything_inside(
        self, points: tuple[tuple[float, float], ...], limit: float | None
    ) -> None:
        drawn = thermal_chart(
            replace(THERMAL, points=points, limit_c=limit, ambient_c=points[0][1]), COLOURS, "en"
        )
        assert all(12 <= x <= 94 and 11 <= y <= 42 for x, y in curve(drawn))

    def test_the_hottest_point_bears_its_figure_clear_of_limit_and_edge(self) -> None:
        # 60 °C stands at 61.2, the limit of 70 at 77.6: 16 mm are room enough for 11 mm. A limit of 64 on the axis 30…80 stands at 67.76,
        # in the way: the figure goes beyond it.
        beside = thermal_chart(THERMAL, COLOURS, "en")
        beyond = thermal_chart(replace(THERMAL, limit_c=64.0), COLOURS, "en")
        assert '<text x="63.4" y="14.3"' in beside
        assert '<text x="69.96" y="14.3"' in beyond

    @pytest.mark.parametrize("limit", [60.0, 64.0, 66.0, 70.0, 120.0, None])
    @pytest.mark.parametrize("ambient", [-20.0, 0.0, 35.0, 58.0])
    def test_the_figure_stays_inside(self, ambient: float, limit: float | None) -> None:
        points = ((0.0, ambient), (800.0, 60.0))
        drawn = thermal_chart(
            replace(THERMAL, points=points, ambient_c=ambient, limit_c=limit), COLOURS, "ko"
        )
        (left,) = re.findall(r'<rect x="([0-9.]+)"', drawn)
        assert float(left) + 11 <= 96


def test_description_says_what_the_chart_shows() -> None:
    assert chart_description("LP-3F", THERMAL, "en") == (
        "Air temperature inside LP-3F: 40.0 °C at the bottom, 60.0 °C at most, ambient 35 °C, limit 70 °C."
    )
    assert chart_description("LP-3F", replace(THERMAL, limit_c=None), "ko").endswith("한계 알 수 없음.")
