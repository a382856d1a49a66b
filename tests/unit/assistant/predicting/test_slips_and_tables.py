"""One slip, measured between two texts and looked up in a table."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.assistant.predicting.slips import Fit, are_neighbours, fit
from kis.assistant.predicting.tables import Table

MANY = [f"{first}{second}zen" for first in "abcdefgh" for second in "ijklmnop"]
"""64 texts: more than are compared one by one."""


@pytest.mark.parametrize(
    ("typed", "meant", "fits"),
    [
        ("rol", "roland", Fit(0, 3)),
        ("rolamd", "roland", Fit(1, 6)),  # m lies beside n
        ("rolaqd", "roland", Fit(2, 6)),
        ("rolnad", "roland", Fit(1, 6)),
        ("roand", "roland", Fit(1, 6)),
        ("rolland", "roland", Fit(1, 6)),
        ("rolxand", "roland", Fit(2, 6)),
        ("rolandq", "roland", Fit(2, 6)),
        ("rolad", "roland", Fit(1, 6)),  # n left out, sooner than d for n
        ("rlnad", "roland", None),
        ("", "roland", Fit(0, 0)),
    ],
)
def test_a_text_fits_with_one_slip_at_most(typed: str, meant: str, fits: Fit | None) -> None:
    assert fit(typed, meant) == fits


def test_a_text_is_compared_from_a_place_on() -> None:
    assert fit("tdd17", "rolandtd17", start=6) == Fit(1, 4)


@pytest.mark.parametrize(
    ("one", "other", "beside"),
    [
        ("g", "h", True),
        ("g", "t", True),
        ("g", "b", True),
        ("5", "r", True),
        ("g", "g", True),
        ("g", "k", False),
        ("1", "p", False),
        ("é", "e", False),
    ],
)
def test_neighbours_lie_beside_above_and_below(one: str, other: str, *, beside: bool) -> None:
    assert are_neighbours(one, other) == are_neighbours(other, one) == beside


class TestTable:
    TABLE = Table((text, number, 0) for number, text in enumerate(MANY))

    def test_a_beginning_is_one_stretch(self) -> None:
        assert self.TABLE.beginning_with("c").size == 8
        assert self.TABLE.beginning_with("cj").size == 1
        assert self.TABLE.beginning_with("q").size == 0
        assert self.TABLE.beginning_with("").size == 64

    @pytest.mark.parametrize(
        ("typed", "doubts"),
        [
            ("icze", 1),  # swapped at the very first key
            ("ccize", 1),
            ("cze", 1),
            ("vize", 1),
            ("pize", 2),
            ("cpizen", 2),
            ("cien", 1),
            ("cizw", 1),
        ],
    )
    def test_a_slip_finds_its_text_wherever_it_is(self, typed: str, doubts: int) -> None:
        near = self.TABLE.near(typed)
        found = {
            MANY[self.TABLE.origin(index)[0]]: one.doubts
            for one in reversed(near)
            for index in range(*one.stretch)
        }
        assert found["cizen"] == doubts
        assert [one.doubts for one in near] == sorted(one.doubts for one in near)

    @given(st.integers(0, 999), st.text("asq1", min_size=3, max_size=6))
    @settings(deadline=None)
    def test_what_is_near_is_what_each_text_by_itself_says(self, seed: int, typed: str) -> None:
        chance = Random(seed)  # noqa: S311 - test material that can be repeated
        texts = ["".join(chance.choices("asq1", k=chance.randint(1, 7))) for _ in range(400)]
        texts = [text for text in texts if not text.startswith(typed)]
        table = Table((text, number, 0) for number, text in enumerate(texts))
        for _ in range(2):  # what the table has kept of the first time changes nothing
            found: dict[int, int] = {}
            for one in table.near(typed):
                for index in range(*one.stretch):
                    number = table.origin(index)[0]
                    found[number] = min(found.get(number, one.doubts), one.doubts)
            alone = {number: fit(typed, text) for number, text in enumerate(texts)}
            assert found == {number: one.doubts for number, one in alone.items() if one}

    def test_of_many_the_shortest_are_worth_a_look(self) -> None:
        texts = [letter * length for letter in "ab" for length in range(1, 6)]
        table = Table((text, number, 0) for number, text in enumerate(texts))
        everything = table.beginning_with("")
        for most, shortest in (
            (2, {"a", "b"}),
            (4, {"a", "aa", "b", "bb"}),
            (2, {"a", "b"}),
            (99, set(texts)),
        ):
            assert {texts[table.origin(index)[0]] for index in table.shortest(everything, most)} == shortest

    def test_as_much_as_is_known_is_found(self) -> None:
        stretch, length = self.TABLE.longest_beginning("ciqqq")
        assert (stretch.size, length) == (1, 2)
        assert Table([]).longest_beginning("c") == ((0, 0), 0)
