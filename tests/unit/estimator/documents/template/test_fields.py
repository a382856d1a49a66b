from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.documents.template.fields import (
    FIELDS,
    RANGE_NAMES,
    escaped,
    legal,
    looks_like_formula,
    nearest,
    only_placeholder,
    placeholders,
    shown,
    substituted,
)


class TestPlaceholders:
    def test_are_found_from_left_to_right(self) -> None:
        assert placeholders("{{a.b}} 귀하 {{ c }} {d} {{}}") == ["a.b", "c", ""]

    def test_stand_alone_or_not(self) -> None:
        assert only_placeholder(" {{ totals.total }} ") == "totals.total"
        assert only_placeholder("합계 {{totals.total}}") is None
        assert only_placeholder("{{a}}{{b}}") is None


class TestSubstituted:
    @pytest.mark.parametrize(
        ("runs", "expected"),
        [
            (["수신 {{n}} 귀하"], ["수신 한빛 귀하"]),
            (["수신 {{", "n", "}} 귀하"], ["수신 한빛", "", " 귀하"]),
            (["{", "{n}", "} 님"], ["한빛", "", " 님"]),
            (["{{n}}", "{{n}}"], ["한빛", "한빛"]),
            (["{{n}} {{", "n}}"], ["한빛 한빛", ""]),
            (["없음"], ["없음"]),
        ],
    )
    def test_puts_the_value_where_the_name_begins(self, runs: list[str], expected: list[str]) -> None:
        assert substituted(runs, lambda _name: "한빛") == expected

    @given(
        st.lists(st.sampled_from(["{{n}}", "가", "나 ", "{"]), max_size=6),
        st.lists(st.integers(0, 30), max_size=5),
    )
    def test_says_the_same_however_the_text_is_cut(self, pieces: list[str], cuts: list[int]) -> None:
        text = "".join(pieces)
        borders = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
        runs = [text[start:end] for start, end in pairwise(borders)] or [""]
        assert "".join(substituted(runs, lambda _name: "값")) == substituted([text], lambda _name: "값")[0]


class TestShown:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (Decimal(1234567), "1,234,567"),
            (Decimal("1234.50"), "1,234.5"),
            (Decimal("3E+5"), "300,000"),
            (Decimal("0.00"), "0"),
            (date(2026, 11, 2), "2026-11-02"),
            ("가\r\n나\x00", "가\n나"),
        ],
    )
    def test_reads_as_a_person_writes_it(self, value: Decimal | date | str, expected: str) -> None:
        assert shown(value) == expected


class TestText:
    def test_is_never_read_as_an_escape(self) -> None:
        assert escaped("_x0041_ _y") == "_x005F_x0041_ _y"

    def test_fits_a_cell(self) -> None:
        assert len(legal("가" * 40_000)) == 32_767

    @pytest.mark.parametrize("text", ["=1+1", "+82", "-5", "@SUM(A1)", "  =A1"])
    def test_that_begins_like_a_formula_is_known(self, text: str) -> None:
        assert looks_like_formula(text)


class TestNames:
    @pytest.mark.parametrize(
        ("asked", "meant"),
        [("customer.nane", "customer.name"), ("total", "totals.total"), ("line.qty", "line.quantity")],
    )
    def test_the_nearest_field_comes_first(self, asked: str, meant: str) -> None:
        assert meant in nearest(asked)

    def test_nothing_is_near_to_nonsense(self) -> None:
        assert nearest("zzzzzzzz") == ()

    def test_every_range_name_asks_for_a_field(self) -> None:
        assert set(RANGE_NAMES.values()) <= FIELDS
        assert RANGE_NAMES["customer_name"] == "customer.name"
        assert RANGE_NAMES["totalprice"] == "totals.total"
