"""Sums in words, each written out by hand."""

from decimal import Decimal
from typing import Literal

import pytest

from kis.estimator.documents.amount_words import amount_in_words


class TestWon:
    @pytest.mark.parametrize(
        ("amount", "korean", "english"),
        [
            ("0", "영", "Zero"),
            ("1", "일", "One"),
            ("10", "일십", "Ten"),
            ("19", "일십구", "Nineteen"),
            ("20", "이십", "Twenty"),
            ("21", "이십일", "Twenty-one"),
            ("100", "일백", "One hundred"),
            ("1000", "일천", "One thousand"),
            ("10000", "일만", "Ten thousand"),
            ("315678", "삼십일만오천육백칠십팔", "Three hundred fifteen thousand six hundred seventy-eight"),
            ("1765000", "일백칠십육만오천", "One million seven hundred sixty-five thousand"),
            ("3907600", "삼백구십만칠천육백", "Three million nine hundred seven thousand six hundred"),
            ("3907600.00", "삼백구십만칠천육백", "Three million nine hundred seven thousand six hundred"),
            # A whole group of zeros has no name of its own: 1억 0만 7.
            ("100000007", "일억칠", "One hundred million seven"),
            ("12000000000", "일백이십억", "Twelve billion"),
            (
                "987654321098765",
                "구백팔십칠조육천오백사십삼억이천일백구만팔천칠백육십오",
                "Nine hundred eighty-seven trillion six hundred fifty-four billion three hundred twenty-one million ninety-eight thousand seven hundred sixty-five",
            ),
            ("1000000000000000", "일천조", "One quadrillion"),
        ],
    )
    def test_reads_as_on_a_cheque(self, amount: str, korean: str, english: str) -> None:
        assert amount_in_words(Decimal(amount), "KRW", "ko") == f"일금 {korean}원정"
        assert amount_in_words(Decimal(amount), "KRW", "en") == f"{english} won only"


class TestDollars:
    @pytest.mark.parametrize(
        ("amount", "korean", "english"),
        [
            ("0", "영달러정", "Zero US dollars and 00/100 only"),
            ("0.05", "영달러 오센트정", "Zero US dollars and 05/100 only"),
            ("1", "일달러정", "One US dollar and 00/100 only"),
            ("1.10", "일달러 일십센트정", "One US dollar and 10/100 only"),
            (
                "2840.25",
                "이천팔백사십달러 이십오센트정",
                "Two thousand eight hundred forty US dollars and 25/100 only",
            ),
            ("3000.00", "삼천달러정", "Three thousand US dollars and 00/100 only"),
        ],
    )
    def test_names_the_cents(self, amount: str, korean: str, english: str) -> None:
        assert amount_in_words(Decimal(amount), "USD", "ko") == f"일금 미화 {korean}"
        assert amount_in_words(Decimal(amount), "USD", "en") == english


class TestRefusal:
    @pytest.mark.parametrize(
        ("amount", "currency"),
        [
            ("-1", "KRW"),
            ("-0.01", "USD"),
            ("1000000000000001", "KRW"),
            ("0.5", "KRW"),
            ("10.005", "USD"),
            ("NaN", "KRW"),
            ("Infinity", "USD"),
        ],
    )
    def test_of_what_nobody_can_pay(self, amount: str, currency: Literal["KRW", "USD"]) -> None:
        with pytest.raises(ValueError, match=r"no amount of money|smallest coin"):
            amount_in_words(Decimal(amount), currency, "ko")
