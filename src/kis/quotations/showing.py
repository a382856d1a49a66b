"""Amounts of a quotation in another currency: only by the rate of exchange that its own request records, never by one looked up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from kis.estimator import Exchange
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.money import amount_text, digits_of

Currency = Literal["KRW", "USD"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """By what the amounts are shown in ``shown_in`` that were quoted in ``quoted_in``."""

    quoted_in: str
    shown_in: str
    krw_per_usd: Decimal
    agreed_on: date

    def amount(self, amount: Decimal) -> str:
        """Return an amount in the currency it is shown in, rounded half up on its own."""
        rate = self.krw_per_usd
        changed = amount / rate if self.quoted_in == "KRW" else amount * rate
        unit = Decimal(1).scaleb(-digits_of(self.shown_in))
        return amount_text(changed.quantize(unit, rounding=ROUND_HALF_UP), self.shown_in)

    def totals(self, totals: Mapping[str, str]) -> dict[str, str]:
        """Return the totals in the currency they are shown in."""
        return {
            name: self.shown_in if name == "currency" else self.amount(Decimal(value))
            for name, value in totals.items()
        }

    def panels(self, panels: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the panels with their prices in the currency they are shown in."""
        return [
            {
                **panel,
                "unitSubtotal": panel["unitSubtotal"] and self.amount(Decimal(panel["unitSubtotal"])),
            }
            for panel in panels
        ]


def conversion_of(
    number: str, quoted: str, wanted: Currency | None, exchange: Mapping[str, Any] | None
) -> Conversion | None:
    """Return how to show a quotation in ``wanted``; None where that is its own currency. Raises BadInput where its request records no rate."""
    if wanted is None or wanted == quoted:
        return None
    if exchange is None:
        values = {"number": number, "quoted": quoted, "wanted": wanted}
        raise BadInput("query", [Problem("query.currency", Message("quotations.no_rate", values))])
    agreed = Exchange.model_validate(exchange)
    return Conversion(
        quoted_in=quoted, shown_in=wanted, krw_per_usd=agreed.krw_per_usd, agreed_on=agreed.date
    )
