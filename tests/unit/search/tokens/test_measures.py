"""Numbers with units."""

import pytest

from kis.search.asking.folding import fold
from kis.search.tokens.measures import measures, without_commas


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("20A", ["20a"]),
        ("20 A", ["20a"]),
        ("20암페어", ["20a"]),
        ("20 amps", ["20a"]),
        ("6.60kV와 6.6 킬로볼트", ["6.6kv", "6.6kv"]),
        ("35 mm²", ["35mm2"]),
        ("35sq", ["35mm2"]),
        ("35스케어", ["35mm2"]),
        ("40 ℃, 40도", ["40°c", "40°c"]),
        ("30 %", ["30%"]),
        ("4극, 4P, four-pole", ["4p", "4p"]),
        ("600mm 폭", ["600mm"]),
        ("두 시간", []),
        ("30 days", ["30d"]),
    ],
)
def test_are_written_one_way(text: str, found: list[str]) -> None:
    assert list(measures(fold(text))) == found


@pytest.mark.parametrize("text", ["ABN-53b", "IP65", "53ab", "a20a", "20af", "1.2.3 a", "20", "a", "x-20 a"])
def test_are_none_in_codes_and_bare_numbers(text: str) -> None:
    assert list(measures(fold(text))) == []


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("1,500 mm", "1500 mm"),
        ("12,345,678", "12345678"),
        ("3,40", "3,40"),
        ("1,2345", "1,2345"),
        ("100,200,30", "100,200,30"),
        ("0.1,500", "0.1,500"),
    ],
)
def test_commas_of_thousands_go(text: str, read: str) -> None:
    assert without_commas(text) == read
