import pytest

from kis.estimator.intake.problems import either, known_names, path_of, shown
from kis.estimator.request import EstimateRequest, ExtraLine
from kis.platform.messages import Message


def said(value: object) -> str:
    return value.text("en") if isinstance(value, Message) else str(value)


class TestPathOf:
    def test_reads_like_the_file(self) -> None:
        assert path_of(("panels", 0, "branches", 3, "poles")) == "panels[0].branches[3].poles"

    def test_strange_names_are_quoted_on_one_line(self) -> None:
        assert (
            path_of(("a b", "c\nd", "부하", "x" * 41, "\ud800"))
            == '["a b"]["c\\nd"].부하["' + "x" * 40 + '…"]["\\\\ud800"]'
        )

    def test_whole_request_has_no_path(self) -> None:
        assert path_of(()) == ""


class TestShown:
    @pytest.mark.parametrize(
        ("value", "text"),
        [
            (5, "5"),
            (2.5, "2.5"),
            (True, "true"),
            (False, "false"),
            ("20A", '"20A"'),
            ("a\nb", '"a\\nb"'),
            ("가" * 40, '"' + "가" * 40 + '"'),
            ("가" * 41, '"' + "가" * 40 + '…"'),
            ("\ud800", '"\\\\ud800"'),
            (None, "an empty value"),
            ([], "a list"),
            ((1, 2), "a list"),
            ({}, "a group of fields"),
            (float("inf"), "a number this long"),
            (float("nan"), "nan"),
            pytest.param(-(10**5000), "a number this long", id="more digits than Python writes out"),
            (object(), "this value"),
        ],
    )
    def test_is_short_and_on_one_line(self, value: object, text: str) -> None:
        assert said(shown(value)) == text


class TestEither:
    @pytest.mark.parametrize(
        ("choices", "text"), [((1, 2, 3, 4), "1, 2, 3 or 4"), ((15, 30), "15 or 30"), ((3,), "3")]
    )
    def test_names_the_choices(self, choices: tuple[int, ...], text: str) -> None:
        assert said(either(choices)) == text


class TestKnownNames:
    def test_second_names_come_last(self) -> None:
        assert known_names(ExtraLine) == ("item", "spec", "unit", "quantity", "unit_price", "price")
        assert known_names(EstimateRequest)[-1] == "date"
