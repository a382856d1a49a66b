import pytest

from kis.assistant.answering.quantities import Bound, Quantity, codes, pages, quantities


def said(text: str) -> list[tuple[float, str, Bound | None]]:
    return [(round(each.size, 9), each.measure, each.bound) for each in quantities(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.2 kA", [(1200, "A", None)]),
        ("1,000 V", [(1000, "V", None)]),
        ("30 mm or more", [(0.03, "m", Bound.AT_LEAST)]),
        ("must not exceed 40 °C", [(40, "°C", Bound.AT_MOST)]),
        ("10 to 20 mm", [(0.01, "m", Bound.AT_LEAST), (0.02, "m", Bound.AT_MOST)]),
        ("10 mm부터 20 mm까지", [(0.01, "m", Bound.AT_LEAST), (0.02, "m", Bound.AT_MOST)]),
        ("600 × 400 × 200 mm", [(0.6, "m", None), (0.4, "m", None), (0.2, "m", None)]),
        ("5분을 초과하지 않는다", [(300, "s", Bound.AT_MOST)]),
        ("2,000 m를 초과하는 곳", [(2000, "m", Bound.ABOVE)]),
        ("40 °C 이하", [(40, "°C", Bound.AT_MOST)]),
        ("two minutes", [(120, "s", None)]),
        ("두 번", [(2, "times", None)]),
        ("−5 °C", [(-5, "°C", None)]),
    ],
)
def test_numbers_with_units(text: str, expected: list[tuple[float, str, Bound | None]]) -> None:
    assert said(text) == expected


def test_numbers_in_codes_and_of_pages_are_none() -> None:
    assert quantities("The QX-100 is shown on page 7, E07 on 31쪽.") == ()
    assert codes("The QX-100 shows E07 at 20 A.") == {"qx100", "e07"}
    assert pages("pages 3-5, 31쪽") == {3, 5, 31}


def test_sameness_needs_the_same_measure() -> None:
    assert Quantity(1, 1000, "A").is_same(Quantity(1000, 1000, "A"))
    assert not Quantity(5, 5, "A").is_same(Quantity(5, 5, "V"))
