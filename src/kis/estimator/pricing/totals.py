"""Totals of a quotation: subtotal, margin, discount, net, VAT, total; each rounded once, by the one rule."""

from dataclasses import dataclass
from decimal import Decimal

from kis.estimator.pricing.money import Till
from kis.estimator.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the customer pays. net = subtotal + margin − discount; the discount is taken from subtotal + margin."""

    subtotal: Decimal
    margin: Decimal
    discount: Decimal
    net: Decimal
    vat: Decimal
    total: Decimal
    currency: str


def totals_of(
    subtotal: Decimal, margin_percent: Decimal, discount_percent: Decimal, till: Till, rules: Rulebook
) -> Totals:
    """Return the totals over ``subtotal``."""
    margin = till.round(subtotal * margin_percent / 100)
    discount = till.round((subtotal + margin) * discount_percent / 100)
    net = subtotal + margin - discount
    vat = till.round(net * rules.pricing.vat_percent.value / 100)
    return Totals(
        subtotal=subtotal,
        margin=margin,
        discount=discount,
        net=net,
        vat=vat,
        total=net + vat,
        currency=till.currency,
    )
