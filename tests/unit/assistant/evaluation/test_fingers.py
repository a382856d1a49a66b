import random

import pytest

from kis.assistant.evaluation.typing.fingers import Slip, neighbours, slipped

CHANCE = random.Random(1)  # noqa: S311 - the same in each run


class TestSlipped:
    @pytest.mark.parametrize(
        ("typed", "place", "slip", "wrong"),
        [
            ("tdx-17", 1, Slip.DROP, "tx-17"),
            ("tdx-17", 1, Slip.DOUBLE, "tddx-17"),
            ("tdx-17", 1, Slip.SWAP, "txd-17"),
            ("tdx-17", 4, Slip.SWAP, "tdx-71"),
            ("ㄴㅜㅈㅓㄴ", 2, Slip.SWAP, "ㄴㅜㅓㅈㄴ"),
        ],
    )
    def test_happens_at_its_place(self, typed: str, place: int, slip: Slip, wrong: str) -> None:
        assert slipped(typed, place, slip, CHANCE) == wrong

    @pytest.mark.parametrize(
        ("typed", "place", "slip"),
        [
            ("tdx-17", 3, Slip.DROP),  # no letter
            ("tdx-17", 2, Slip.SWAP),  # the next is a sign
            ("book", 1, Slip.SWAP),  # two equal ones
            ("tdx-17", 5, Slip.SWAP),  # the last
            ("µm", 0, Slip.NEIGHBOUR),  # no key
        ],
    )
    def test_does_not_happen_where_it_would_not_be_one(self, typed: str, place: int, slip: Slip) -> None:
        assert slipped(typed, place, slip, CHANCE) is None


class TestNeighbours:
    @pytest.mark.parametrize(
        ("key", "around"),
        [
            ("g", "fhtyvb"),
            ("G", "fhtyvb"),
            ("q", "12wa"),
            ("5", "46rt"),
            ("ㅎ", "ㄹㅗㅅㅛㅍㅠ"),
            ("ㄲ", "45ㄷㅅㅇㄹ"),  # as R, missed without shift
            ("-", ""),
        ],
    )
    def test_lie_beside_above_and_below(self, key: str, around: str) -> None:
        assert sorted(neighbours(key)) == sorted(around)
