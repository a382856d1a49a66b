"""The values of a quotation by the place in a template that asks for them.

A form's own formula computes the amounts, in binary: ``=ROUND(E10*F10,0)`` of 2.05 kg × 1,290 won is 2,644.4999… and one won short, ``=E10*F10``
leaves half a won behind. Lines are therefore written so that whatever the form computes comes out as the quotation says: where a broken quantity
would not, one panel's share becomes the unit (1 × ``2.05 kg``).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from kis.estimator.documents.content import PanelContent, PricedRow, QuotationContent
from kis.estimator.documents.template.fields import Value, shown
from kis.estimator.documents.template.places import Spot
from kis.estimator.documents.template.rows import Amounts
from kis.platform.messages import Message


@dataclass(frozen=True, slots=True)
class Group:
    """A panel as the rows of a template show it: its own fields, and those of each of its lines."""

    fields: Mapping[str, Value]
    lines: tuple[Mapping[str, Value], ...]


class Values:
    """All values of a quotation. ``amounts`` says how the template comes by a line's amount."""

    def __init__(self, content: QuotationContent, amounts: Amounts) -> None:
        self._once = single_values(content)
        self._groups = panel_groups(content, amounts)
        self._flat = flat_lines(content, amounts)

    @property
    def lines_per_panel(self) -> list[int]:
        """How many lines each group of rows has."""
        return [len(group.lines) for group in self._groups]

    def at(self, name: str, spot: Spot | None) -> Value:
        """Return what ``name`` stands for at ``spot``; an empty text where there is nothing to say."""
        return self._fields(spot).get(name, "")

    def _fields(self, spot: Spot | None) -> Mapping[str, Value]:
        if spot is None:
            return self._once
        if spot.repetition.block.kind == "line":
            return {**self._once, **_at(self._flat, spot.line or 0)}
        if spot.group >= len(self._groups):
            return self._once
        group = self._groups[spot.group]
        line = {} if spot.line is None else _at(group.lines, spot.line)
        return {**self._once, **group.fields, **line}


def single_values(content: QuotationContent) -> dict[str, Value]:
    """Return the values of everything that is there once; sentences of a list stand one to a line."""
    return {
        "quotation.warnings": "\n".join(content.warnings),
        "quotation.conditions": "\n".join(content.terms.conditions),
        "quotation.notes": "\n".join(content.notes),
        **content.template_values,
    }


def panel_groups(content: QuotationContent, amounts: Amounts = "written") -> list[Group]:
    """Return the panels with the lines of one each; what belongs to no panel is a last group of its own."""
    return [
        Group(
            fields,
            tuple(_line_fields(at, times(row, 1, amounts, content.digits)) for at, row in enumerate(rows, 1)),
        )
        for fields, rows, _sets in _sources(content)
    ]


def flat_lines(content: QuotationContent, amounts: Amounts = "written") -> list[Mapping[str, Value]]:
    """Return the lines of all panels one after another, each for as many panels as there are, with the fields of its panel."""
    rows = [
        (fields, times(row, sets, amounts, content.digits))
        for fields, rows, sets in _sources(content)
        for row in rows
    ]
    return [{**fields, **_line_fields(at, row)} for at, (fields, row) in enumerate(rows, 1)]


def times(row: PricedRow, sets: int, amounts: Amounts, digits: int) -> PricedRow:
    """Return a line for several equal panels, so written that the template's formula gives its amount."""
    quantity, amount = row.quantity * sets, row.amount * sets
    if _comes_out(quantity, row.unit_price, amount, amounts, digits) and (
        sets == 1 or _rounded(quantity * row.unit_price, digits) == amount
    ):
        return replace(row, quantity=quantity, amount=amount)
    share = f"{shown(row.quantity)} {row.unit}"
    return replace(row, unit=share, quantity=Decimal(sets), unit_price=row.amount, amount=amount)


def _comes_out(
    quantity: Decimal, unit_price: Decimal, amount: Decimal, amounts: Amounts, digits: int
) -> bool:
    """Tell whether a spreadsheet that multiplies binary numbers comes to the amount."""
    if amounts == "written":
        return True
    if amounts == "plain":
        return quantity * unit_price == amount
    return _rounded(Decimal(float(quantity) * float(unit_price)), digits) == amount


def _rounded(value: Decimal, digits: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def _sources(
    content: QuotationContent,
) -> list[tuple[Mapping[str, Value], tuple[PricedRow, ...], int]]:
    """Return (fields, lines of one, how many) of each panel, and of what belongs to none."""
    sources: list[tuple[Mapping[str, Value], tuple[PricedRow, ...], int]] = [
        (_panel_fields(number, panel), panel.rows, panel.quantity)
        for number, panel in enumerate(content.panels, 1)
    ]
    if content.extra:
        total = sum((row.amount for row in content.extra), Decimal(0))
        fields: dict[str, Value] = {
            "panel.number": Decimal(len(sources) + 1),
            "panel.name": Message("template.extra").text(content.locale),
            "panel.quantity": Decimal(1),
            "panel.unit_subtotal": total,
            "panel.subtotal": total,
        }
        sources.append((fields, content.extra, 1))
    return sources


def _panel_fields(number: int, panel: PanelContent) -> dict[str, Value]:
    return {
        "panel.number": Decimal(number),
        "panel.name": panel.name,
        "panel.quantity": Decimal(panel.quantity),
        "panel.specification": panel.specification,
        "panel.unit_subtotal": panel.unit_subtotal,
        "panel.subtotal": panel.subtotal,
        "panel.remarks": "\n".join(panel.remarks),
    }


def _line_fields(number: int, row: PricedRow) -> dict[str, Value]:
    return {
        "line.number": Decimal(number),
        "line.item": row.item,
        "line.spec": row.spec,
        "line.unit": row.unit,
        "line.quantity": row.quantity,
        "line.unit_price": row.unit_price,
        "line.amount": row.amount,
        "line.remark": row.remark,
    }


def _at(lines: Sequence[Mapping[str, Value]], position: int) -> Mapping[str, Value]:
    return lines[position] if position < len(lines) else {}
