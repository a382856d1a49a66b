from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

import pytest

from kis.evidence import NotCanonical, canonical_bytes, sha256_hex


class _Verdict(StrEnum):
    PASS = "pass"


class TestCanonicalBytes:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ({"b": 1, "a": 2}, b'{"a":2,"b":1}'),
            ({"만": 1, "a": "분전반"}, '{"a":"분전반","만":1}'.encode()),
            ([1, (2, 3)], b"[1,[2,3]]"),
            ({"x": MappingProxyType({"y": None})}, b'{"x":{"y":null}}'),
            ([True, False, None, ""], b'[true,false,null,""]'),
            (_Verdict.PASS, b'"pass"'),
            (0.1, b"0.1"),
            (1.0, b"1"),  # ECMAScript writes a whole double without a point
            (1e21, b"1e+21"),
            (1e-7, b"1e-7"),
            (333333333.33333329, b"333333333.3333333"),  # RFC 8785 section 3.2.2.3
            (
                '\u20ac$\u000f\nA\'B"\\\\"/',
                b'"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
            ),  # RFC 8785 section 3.2.2
            (2**53 - 1, b"9007199254740991"),
        ],
    )
    def test_writes_the_one_spelling_of_rfc_8785(self, value: object, expected: bytes) -> None:
        assert canonical_bytes(value) == expected

    def test_sorts_keys_by_utf_16_units(self) -> None:
        # U+1F600 is the surrogate pair D83D DE00, which sorts before U+FB33 although its code point is larger (RFC 8785 3.2.3).
        assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()

    @pytest.mark.parametrize(
        ("value", "pointer", "words"),
        [
            (Decimal("1.10"), "", "Decimal 1.10"),
            ({"lines": [{"amount": Decimal(5)}]}, "/lines/0/amount", "pass it as a string"),
            ({"a/b~c": float("nan")}, "/a~1b~0c", "nan is not a finite number"),
            ([float("inf")], "/0", "inf is not a finite number"),
            ([-float("inf")], "/0", "-inf is not a finite number"),
            ([0, 2**53], "/1", "9007199254740991"),
            ([-(2**53)], "/0", "9007199254740991"),
            ({1: "x"}, "", "object keys must be text, not int"),
            ({"x": {"y": "\ud800"}}, "/x/y", "UTF-8"),
            ({"\ud800": 1}, "", "UTF-8"),
            ({"x": {1, 2}}, "/x", "set is not a JSON type"),
            ([b"x"], "/0", "bytes is not a JSON type"),
        ],
    )
    def test_refuses_what_json_cannot_carry_and_says_where(
        self, value: object, pointer: str, words: str
    ) -> None:
        with pytest.raises(NotCanonical) as refused:
            canonical_bytes(value)
        assert refused.value.pointer == pointer
        assert words in refused.value.text("en")

    def test_refuses_bottomless_nesting(self) -> None:
        value: list[object] = []
        value.append(value)
        with pytest.raises(NotCanonical, match="nested too deeply"):
            canonical_bytes(value)

    def test_does_not_change_what_it_was_given(self) -> None:
        value = {"b": (1, 2), "a": {"c": 1}}
        canonical_bytes(value)
        assert value == {"b": (1, 2), "a": {"c": 1}}
        assert list(value) == ["b", "a"]


class TestSha256Hex:
    def test_is_the_published_digest_of_abc(self) -> None:
        # FIPS 180-2 appendix B.1
        assert sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
