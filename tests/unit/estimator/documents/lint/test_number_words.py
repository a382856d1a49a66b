"""Sums in words read back: by the same rules as they are written, and by hand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.estimator.documents.amount_words import amount_in_words
from kis.estimator.documents.lint.reading.number_words import sums_in_words

WON = st.integers(0, 10**15).map(Decimal)
DOLLARS = st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100)


class TestSumsInWords:
    @pytest.mark.parametrize(
        ("words", "amount"),
        [
            ("일금 삼백구십만칠천육백원정", "3907600"),
            ("일금 일십원정", "10"),
            ("일금 십만원정", "100000"),
            ("일금 일억이천만삼원정", "120000003"),
            ("일금 미화 일천사백구십삼달러 오십구센트정", "1493.59"),
            ("Two million sixteen thousand seven hundred seventeen won only", "2016717"),
            ("Twelve hundred US dollars and 05/100 only", "1200.05"),
        ],
    )
    def test_are_read(self, words: str, amount: str) -> None:
        assert list(sums_in_words(words)) == [Decimal(amount)]

    def test_are_found_among_other_words_and_over_line_breaks(self) -> None:
        assert list(sums_in_words("견적 금액\n일금 일십\n오만원정\n(₩150,000)")) == [Decimal(150_000)]
        assert list(sums_in_words("Quoted amount\nOne hundred\nfifty won only")) == [Decimal(150)]

    def test_are_none_where_none_is_written(self) -> None:
        assert list(sums_in_words("일금 원정, only won only")) == []

    @given(WON)
    def test_come_back_as_they_were_written_in_won(self, amount: Decimal) -> None:
        assert list(sums_in_words(amount_in_words(amount, "KRW", "ko"))) == [amount]
        assert list(sums_in_words(amount_in_words(amount, "KRW", "en"))) == [amount]

    @given(DOLLARS)
    def test_come_back_as_they_were_written_in_dollars(self, amount: Decimal) -> None:
        assert list(sums_in_words(amount_in_words(amount, "USD", "ko"))) == [amount]
        assert list(sums_in_words(amount_in_words(amount, "USD", "en"))) == [amount]
