"""A line of the quotation: 품명, 규격, 단위, 수량, 단가, 금액, and why."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from kis.estimator.findings import Because
from kis.estimator.pricing.money import Till
from kis.platform.messages import Message

PRICE_BOOK: Final = "price_book"
"""Stands as the rule of a reason that is a price, or a price that is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line for one panel. ``kind`` is its place in the trade's order; ``priced`` is False where the price book holds no price (the line is then 0)."""

    kind: str
    item: Message
    spec: str
    unit: str
    quantity: Decimal
    unit_price: Decimal
    amount: Decimal
    because: tuple[Because, ...]
    priced: bool = True


@dataclass(frozen=True, slots=True)
class LineMaker:
    """Makes lines from the till: by a price of the book, or by an amount of the shop's rules."""

    till: Till

    def priced(
        self,
        kind: str,
        item: Message,
        spec: str,
        quantity: Decimal | int,
        keys: str | tuple[str, ...],
        *because: Because,
        unit: str | None = None,
    ) -> Line:
        """Return a line at the price of the first of ``keys`` that the book holds."""
        keys = (keys,) if isinstance(keys, str) else keys
        entry = next((found for key in keys if (found := self.till.find(key)) is not None), None)
        amount_of = Decimal(quantity)
        if entry is None:
            reason = Because(PRICE_BOOK, {"book": self.till.book.id, "key": keys[-1]})
            zero = self.till.round(Decimal(0))
            return Line(
                kind=kind,
                item=item,
                spec=spec,
                unit=unit or "EA",
                quantity=amount_of,
                unit_price=zero,
                amount=zero,
                because=(*because, reason),
                priced=False,
            )
        unit_price = self.till.from_book(entry.unit_price)
        reason = Because(
            PRICE_BOOK,
            {
                "book": self.till.book.id,
                "version": self.till.book.version,
                "key": entry.key,
                "price": entry.unit_price,
                "source": entry.source,
            },
        )
        return self._line(kind, item, spec, unit or entry.unit, amount_of, unit_price, (*because, reason))

    def stepped(self, name: str, size: int) -> str:
        """Return the key of the smallest step of ``name`` in the book that reaches ``size`` (``item:coating/250`` for a 100AF main)."""
        entry = self.till.book.find_step(name, size)
        return f"{name}/{size}" if entry is None else entry.key

    def computed(
        self, kind: str, item: Message, spec: str, unit: str, won: Fraction | int, *because: Because
    ) -> Line:
        """Return a line of quantity 1 whose amount the shop's rules state in won."""
        return self._line(kind, item, spec, unit, Decimal(1), self.till.from_won(won), because)

    def at(
        self,
        kind: str,
        item: Message,
        spec: str,
        unit: str,
        quantity: Decimal,
        unit_price: Decimal,
        *because: Because,
    ) -> Line:
        """Return a line at a unit price already in the quotation's currency."""
        return self._line(kind, item, spec, unit, quantity, unit_price, because)

    def _line(
        self,
        kind: str,
        item: Message,
        spec: str,
        unit: str,
        quantity: Decimal,
        unit_price: Decimal,
        because: tuple[Because, ...],
    ) -> Line:
        amount = self.till.round(quantity * unit_price)
        return Line(
            kind=kind,
            item=item,
            spec=spec,
            unit=unit,
            quantity=quantity,
            unit_price=unit_price,
            amount=amount,
            because=because,
        )
