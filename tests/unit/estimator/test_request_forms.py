import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import TypeAdapter, ValidationError

from kis.catalog import Grade
from kis.estimator import request_forms as forms

ENDLESS = pytest.param(10**5000, id="more digits than Python writes out")


def read(form: Any, value: object) -> Any:
    return TypeAdapter(form).validate_python(value)


def refuses(form: Any, value: object) -> bool:
    with pytest.raises(ValidationError):
        read(form, value)
    return True


class TestText:
    def test_is_stripped_and_composed(self) -> None:
        # 한빛 as a Mac writes it: six jamo that compose to two syllables (NFC)
        assert read(forms.Name, "  \u1112\u1161\u11ab\u1107\u1175\u11be ") == "한빛"

    def test_whole_number_is_taken_as_it_is_written(self) -> None:
        assert read(forms.Name, 101) == "101"

    @pytest.mark.parametrize(
        "value",
        [
            True,
            1.5,
            None,
            [],
            {},
            b"x",
            "",
            "  ",
            "a\nb",
            "a\tb",
            pytest.param("\ud800", id="half a character"),
            pytest.param("\u2028", id="line separator"),
            "x\uffff",
            "a\x7f",
            10**12,
            ENDLESS,
        ],
    )
    def test_refuses_what_is_no_line(self, value: object) -> None:
        assert refuses(forms.Name, value)

    def test_holds_so_many_characters_and_no_more(self) -> None:
        assert read(forms.Code, "가" * 40) == "가" * 40
        assert refuses(forms.Code, "가" * 41)
        assert refuses(forms.Code, "가" + " " * 20_000 + "나")

    def test_paragraph_keeps_its_lines(self) -> None:
        assert read(forms.Paragraph, " 하나\r\n\t둘 ") == "하나\n\t둘"
        assert refuses(forms.Paragraph, "하나\x00")
        assert refuses(forms.Paragraph, "가" * 2001)


class TestNumbers:
    @pytest.mark.parametrize("value", [20, 20.0, Decimal(20)])
    def test_whole_number(self, value: object) -> None:
        number = read(forms.Rating, value)
        assert number == 20
        assert type(number) is int

    @pytest.mark.parametrize(
        "value",
        [
            True,
            "20",
            20.5,
            float("nan"),
            float("inf"),
            None,
            Decimal("NaN"),
            Decimal("sNaN"),
            10**12,
            ENDLESS,
        ],
    )
    def test_refuses_what_is_no_whole_number(self, value: object) -> None:
        assert refuses(forms.Rating, value)

    @pytest.mark.parametrize(
        ("value", "digits"),
        [
            (0.8, "0.8"),
            ("0.80", "0.8"),
            (100, "100"),
            ("1e2", "100"),
            (1e-06, "0.000001"),
            ("-0", "0"),
            ("999999999999", "999999999999"),
        ],
    )
    def test_equal_numbers_are_equal_to_the_digit(self, value: object, digits: str) -> None:
        assert str(read(forms.Exact, value)) == digits

    @pytest.mark.parametrize(
        "value",
        [
            True,
            None,
            "1,000",
            "10%",
            "",
            " ",
            "1.",
            ".5",
            "٣",
            1e-07,
            10**12,
            "1e12",
            "1e99",
            "-1e999",
            float("nan"),
            Decimal("Infinity"),
            "9" * 41,
            ENDLESS,
        ],
    )
    def test_refuses_what_is_no_exact_number(self, value: object) -> None:
        assert refuses(forms.Exact, value)

    @pytest.mark.parametrize("value", [1, 2.0, 4])
    def test_poles(self, value: object) -> None:
        assert read(forms.Poles, value) == value

    @pytest.mark.parametrize("value", [True, 0, 5, 2.5, "2", None, float("nan"), []])
    def test_refuses_what_are_no_poles(self, value: object) -> None:
        assert refuses(forms.Poles, value)

    @pytest.mark.parametrize("value", [1, 0, "true", "yes", None])
    def test_refuses_what_is_no_truth_value(self, value: object) -> None:
        assert refuses(forms.Truth, value)


class TestDay:
    @pytest.mark.parametrize("value", ["2026-11-02", " 2026-11-02 ", dt.date(2026, 11, 2)])
    def test_reads_a_day(self, value: object) -> None:
        assert read(forms.Day, value) == dt.date(2026, 11, 2)

    @pytest.mark.parametrize(
        "value",
        [
            1793577600,
            "20261102",
            "2026-11-02T00:00:00",
            "2026-13-01",
            "1999-12-31",
            "2100-01-01",
            True,
            None,
            dt.datetime(2026, 11, 2, tzinfo=dt.UTC),
        ],
    )
    def test_refuses_what_is_no_day_of_this_century(self, value: object) -> None:
        assert refuses(forms.Day, value)


class TestIpDigits:
    # IEC 60529: first digit 0-6 (bodies), second 0-9 (water)
    @pytest.mark.parametrize(
        ("value", "digits"), [(44, 44), ("44", 44), ("IP65", 65), ("ip 54", 54), ("05", 5), (0, 0), (69, 69)]
    )
    def test_reads_two_digits(self, value: object, digits: int) -> None:
        assert read(forms.IpDigits, value) == digits

    @pytest.mark.parametrize("value", [70, -1, "4", "IPX4", "IP4X", 44.0, True, "444", None, "4\uff14"])
    def test_refuses_other_codes(self, value: object) -> None:
        assert refuses(forms.IpDigits, value)


class TestPosition:
    @pytest.mark.parametrize(("value", "place"), [("L3", "L3"), ("r12", "R12"), (" c2l3 ", "C2L3")])
    def test_reads_side_and_row(self, value: str, place: str) -> None:
        assert read(forms.Position, value) == place

    def test_tells_column_side_and_row(self) -> None:
        match = forms.POSITION.fullmatch("C2L13")
        assert match
        assert match.groupdict() == {"column": "2", "side": "L", "row": "13"}

    @pytest.mark.parametrize("value", ["3", "L0", "M3", "C0L3", "L1000", "L3R2", 3, None, "L\uff13"])
    def test_refuses_other_places(self, value: object) -> None:
        assert refuses(forms.Position, value)


class TestBusbarSection:
    @pytest.mark.parametrize("value", ["50x10", "15x3", "200x20", "10x10", "10x2", "20x20"])
    def test_reads_width_and_thickness(self, value: str) -> None:
        assert read(forms.BusbarSection, value) == value

    @pytest.mark.parametrize(
        "value", ["10x50", "10x11", "09x3", "201x10", "100x21", "30x21", "9x3", "50x1", "50×10", "50", 50]
    )
    def test_refuses_other_sections(self, value: object) -> None:
        assert refuses(forms.BusbarSection, value)


class TestSmallForms:
    def test_series_is_written_in_capitals(self) -> None:
        assert read(forms.Series, "hb") == "HB"
        assert refuses(forms.Series, "HB 60")

    def test_address_has_a_name_and_a_host(self) -> None:
        assert read(forms.Email, " estimate@example.com ") == "estimate@example.com"
        assert refuses(forms.Email, "estimate")
        assert refuses(forms.Email, "a@b")
        assert refuses(forms.Email, "a b@c.kr")

    def test_grade_is_one_a_customer_asks_for(self) -> None:
        assert read(forms.AskedGrade, "compact") is Grade.COMPACT
        assert refuses(forms.AskedGrade, "modular")
        assert refuses(forms.AskedGrade, Grade.MODULAR)
        assert refuses(forms.AskedGrade, "Economy")
        assert refuses(forms.AskedGrade, [])

    def test_bounded_list_is_refused_before_its_entries_are_read(self) -> None:
        with pytest.raises(ValidationError) as caught:
            read(Annotated[tuple[forms.Code, ...], forms.at_most(2)], [None, None, None])
        assert [error["type"] for error in caught.value.errors()] == ["too_long"]
