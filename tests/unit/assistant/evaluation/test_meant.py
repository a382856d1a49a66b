from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.assistant.evaluation.typing.catalog import ListedProduct
from kis.assistant.evaluation.typing.meant import (
    Meanings,
    bare_text,
    begins_with_one_slip,
    full_text,
    is_one_slip,
    keys_of,
)

PRODUCTS = [
    ListedProduct("0", "TDX-17K", "Ronwell"),
    ListedProduct("1", "Ronwell TDX-17KV", "Ronwell"),
    ListedProduct("2", "TDX-27K", "Ronwell"),
    ListedProduct("3", "누전차단기 EBN-52", "LS"),
]
MEANINGS = Meanings(PRODUCTS)
ALPHABET = "ab1"


def one_slip_away(keys: str) -> Iterator[str]:
    """Yield everything a slip makes of the keys, by making it."""
    for at in range(len(keys) + 1):
        yield keys[:at] + keys[at + 1 :]
        yield keys[:at] + keys[at : at + 2][::-1] + keys[at + 2 :]
        for key in ALPHABET:
            yield keys[:at] + key + keys[at:]
            yield keys[:at] + key + keys[at + 1 :]


class TestTexts:
    def test_have_the_brand_once_or_not_at_all(self) -> None:
        assert [full_text(product) for product in PRODUCTS[:2]] == ["Ronwell TDX-17K", "Ronwell TDX-17KV"]
        assert [bare_text(product) for product in PRODUCTS[:2]] == ["TDX-17K", "TDX-17KV"]
        assert bare_text(ListedProduct("x", "Ronwell", "Ronwell")) == "Ronwell"

    def test_are_compared_in_keys(self) -> None:
        assert keys_of("TDX-17K / 전원") == "tdx17kㅈㅓㄴㅇㅜㅓㄴ"


class TestBegun:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("ronwell", {0, 1, 2}),
            ("tdx1", {0, 1}),
            ("TDX 17", {0, 1}),
            ("17k ron", {0, 1}),
            ("17kv", {1}),
            ("눚", {3}),  # on the way to 누전
            ("52 누전", {3}),
            ("dx17", set()),
        ],
    )
    def test_holds_whatever_begins_so(self, text: str, numbers: set[int]) -> None:
        assert MEANINGS.begun(text) == numbers

    def test_tells_whole_names(self) -> None:
        assert MEANINGS.whole("tdx17k") == MEANINGS.whole("Ronwell TDX-17K") == {0}
        assert MEANINGS.whole("tdx17") == set()


class TestNear:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("tdx-17k", {0, 1, 2}),  # 2 for 1: one key
            ("tdxx-17k", {0, 1}),  # TDX-27K is two slips away
            ("tx-17kv", {1}),
            ("dtx-17kv", {1}),
            ("누전차단기 ebm-52", {3}),
        ],
    )
    def test_holds_whatever_begins_so_up_to_one_slip(self, text: str, numbers: set[int]) -> None:
        assert MEANINGS.near(text, is_whole=False) == numbers

    def test_tells_whole_names_up_to_one_slip(self) -> None:
        assert MEANINGS.near("tdxx-17k", is_whole=True) == {0}

    @given(
        st.lists(st.text(ALPHABET, min_size=6, max_size=12), min_size=1, max_size=6, unique=True),
        st.text(ALPHABET, min_size=6, max_size=9),
    )
    def test_misses_no_name_that_comparing_with_each_would_find(self, names: list[str], text: str) -> None:
        meanings = Meanings([ListedProduct(name, name, "") for name in names])
        for is_whole, compare in ((False, begins_with_one_slip), (True, is_one_slip)):
            expected = {number for number, name in enumerate(names) if compare(name, text)}
            assert meanings.near(text, is_whole=is_whole) == expected


class TestIsOneSlip:
    @given(st.text(ALPHABET, max_size=5), st.text(ALPHABET, max_size=6))
    def test_is_what_a_slip_makes(self, form: str, keys: str) -> None:
        assert is_one_slip(form, keys) == (keys in {form, *one_slip_away(form)})

    @given(st.text(ALPHABET, max_size=5), st.text(ALPHABET, max_size=6))
    def test_of_a_beginning_is_what_a_slip_makes_of_one(self, form: str, keys: str) -> None:
        beginnings = [form[:end] for end in range(len(form) + 1)]
        assert begins_with_one_slip(form, keys) == any(is_one_slip(start, keys) for start in beginnings)
