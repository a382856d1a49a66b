"""The rows every priced table has: its head, its lines, and the sums under them."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from kis.estimator.documents.content import PricedRow, QuotationContent
from kis.estimator.documents.workbook.draft import SheetDraft, text_length
from kis.estimator.documents.workbook.money import format_of, rounding
from kis.estimator.documents.workbook.plan import COLUMNS, CellStyle, PlannedCell
from kis.platform.messages import Message

NUMBER, ITEM, SPEC, UNIT, QUANTITY, PRICE, AMOUNT, REMARK = tuple(COLUMNS)
_HEADS: Final = ("number", "item", "spec", "unit", "quantity", "unit_price", "amount", "remark")
_ROW_HEIGHT_PT: Final = 20.0
_NARROWEST_LABEL: Final = 10.0

Say = Callable[..., str]


def speaker(content: QuotationContent) -> Say:
    """Return the function that says a message of the workbook in the quotation's language."""

    def say(key: str, **values: object) -> str:
        return Message(f"workbook.{key}", values).text(content.locale)

    return say


def write_head(draft: SheetDraft, say: Say) -> int:
    """Write the names of the columns and return their row."""
    for column, name in zip(COLUMNS, _HEADS, strict=True):
        draft.put(column, CellStyle.HEAD, say(f"head.{name}"))
    draft.set_height(22)
    draft.next_row(keep=True)
    return draft.row - 1


def write_line(draft: SheetDraft, line: PricedRow, number: int, digits: int) -> None:
    """Write one line; its amount is 수량 × 단가, rounded to the currency's digits."""
    write_words(draft, number, line.item, line.spec, line.unit)
    write_amount(draft, quantity=line.quantity, unit_price=line.unit_price, amount=line.amount, digits=digits)
    draft.put(REMARK, CellStyle.TEXT, line.remark)
    draft.next_row()


def write_words(draft: SheetDraft, number: int, item: str, spec: str, unit: str) -> None:
    """Write what a line is."""
    draft.put(NUMBER, CellStyle.CENTRED, Decimal(number), number_format="0")
    draft.put(ITEM, CellStyle.TEXT, item)
    draft.put(SPEC, CellStyle.TEXT, spec)
    draft.put(UNIT, CellStyle.CENTRED, unit)
    draft.set_height(_ROW_HEIGHT_PT)


def write_amount(
    draft: SheetDraft,
    *,
    quantity: Decimal | int,
    unit_price: Decimal,
    amount: Decimal,
    digits: int,
    price_formula: str | None = None,
) -> PlannedCell:
    """Write 수량, 단가 and 금액 of a line and return the cell of its amount."""
    counted = Decimal(quantity)
    draft.put(QUANTITY, CellStyle.NUMBER, counted, number_format=format_of(counted))
    draft.put(
        PRICE,
        CellStyle.NUMBER,
        unit_price,
        formula=price_formula,
        number_format=format_of(unit_price, digits),
    )
    return draft.put(
        AMOUNT,
        CellStyle.NUMBER,
        amount,
        formula=rounding(f"{QUANTITY}{draft.row}*{PRICE}{draft.row}", digits),
        number_format=format_of(amount, digits),
    )


def write_sum(
    draft: SheetDraft,
    label: str,
    value: Decimal,
    formula: str,
    *,
    number_format: str,
    percent: tuple[Decimal, str] | None = None,
    is_total: bool = False,
) -> PlannedCell:
    """Write a row under the lines: label, the percentage it takes if any (with its format), and its formula."""
    label_style, style = (
        (CellStyle.TOTAL_LABEL, CellStyle.TOTAL) if is_total else (CellStyle.SUM_LABEL, CellStyle.SUM)
    )
    draft.put(f"{NUMBER}{UNIT}", label_style, label)
    if percent is None:
        draft.put(f"{QUANTITY}{PRICE}", label_style, "")
    else:
        draft.put(f"{QUANTITY}{PRICE}", CellStyle.SUM, percent[0], number_format=percent[1])
    cell = draft.put(AMOUNT, style, value, formula=formula, number_format=number_format)
    draft.put(REMARK, label_style, "")
    draft.set_height(24 if is_total else _ROW_HEIGHT_PT)
    return cell


def write_paragraphs(draft: SheetDraft, say: Say, columns: str, paragraphs: Iterable[str]) -> None:
    """Write sentences one below the other, numbered."""
    for number, text in enumerate(paragraphs, start=1):
        draft.put(columns, CellStyle.PARAGRAPH, say("numbered", number=number, text=text))
        draft.next_row()


def label_width(say: Say, keys: Iterable[str]) -> float:
    """Return the width of a column that holds these labels."""
    return max(_NARROWEST_LABEL, max(text_length(say(key)) for key in keys) + 2.0)


def column_widths(
    rows: list[tuple[str, ...]], least: tuple[float, ...], most: tuple[float, ...]
) -> tuple[float, ...]:
    """Return widths that hold the longest word of each column, between ``least`` and ``most``; a Korean letter takes two."""
    return tuple(
        min(max(low, *(text_length(text) + 3 for text in column)), high) if column else low
        for low, high, column in zip(least, most, zip(*rows, strict=True) if rows else [()] * 8, strict=True)
    )
