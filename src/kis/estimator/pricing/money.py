"""Money: Decimal, one rounding rule (half up, to the currency's digits), one currency per quotation."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final

from kis.catalog import Price, PriceBook
from kis.estimator.request import EstimateRequest
from kis.estimator.rulebook import Rulebook
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

WON_RATE_KEY: Final = "item:won_rate"
"""Entry of a foreign price book: how many won one unit of its currency is, for amounts that the shop's rules state in won."""


def rounded(amount: Decimal | Fraction, digits: int) -> Decimal:
    """Return ``amount`` rounded half up to ``digits`` decimals; fractions are rounded exactly."""
    if isinstance(amount, Fraction):
        scaled = amount * 10**digits
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return Decimal(whole).scaleb(-digits)
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """The price book as a quotation uses it: prices and shop amounts in the quotation's currency.

    ``book_rate`` is what one unit of the quotation's currency is in the book's currency (1 where they are the same); ``won_rate`` what it is in won.
    """

    book: PriceBook
    currency: str
    digits: int
    book_rate: Decimal
    won_rate: Decimal

    def find(self, key: str) -> Price | None:
        """Return the book's entry; its unit price still in the book's currency."""
        return self.book.find(key)

    def from_book(self, price: Decimal) -> Decimal:
        """Return a price of the book in the quotation's currency."""
        return self.round(price / self.book_rate) if self.book_rate != 1 else price

    def from_won(self, won: Fraction | Decimal | int) -> Decimal:
        """Return an amount the shop's rules state in won, in the quotation's currency."""
        return self.round(Fraction(won) / Fraction(self.won_rate))

    def round(self, amount: Decimal | Fraction) -> Decimal:
        """Round as every amount of a quotation is rounded."""
        return rounded(amount, self.digits)


def open_till(request: EstimateRequest, book: PriceBook, rules: Rulebook) -> Till:
    """Return the till for a request; BadInput where its currency cannot be had from the price book."""
    digits = rules.pricing.rounding.value[request.currency]
    if request.currency == book.currency:
        won_rate = _won_rate(request, book)
        return Till(book=book, currency=book.currency, digits=digits, book_rate=Decimal(1), won_rate=won_rate)
    if request.exchange is None:
        values: Mapping[str, object] = {
            "currency": request.currency,
            "book": book.id,
            "book_currency": book.currency,
        }
        raise BadInput("request", [Problem("currency", Message("pricing.no_rate", values))])
    rate = request.exchange.krw_per_usd
    if request.currency == "KRW":
        return Till(book=book, currency="KRW", digits=digits, book_rate=1 / rate, won_rate=Decimal(1))
    return Till(book=book, currency="USD", digits=digits, book_rate=rate, won_rate=rate)


def _won_rate(request: EstimateRequest, book: PriceBook) -> Decimal:
    if book.currency == "KRW":
        return Decimal(1)
    if request.exchange is not None:
        return request.exchange.krw_per_usd
    entry = book.find(WON_RATE_KEY)
    if entry is None:
        values: Mapping[str, object] = {"currency": book.currency, "book": book.id, "key": WON_RATE_KEY}
        raise BadInput("request", [Problem("exchange", Message("pricing.no_won_rate", values))])
    return entry.unit_price
