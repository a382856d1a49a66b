"""The priced list of one panel (내역서)."""

from decimal import Decimal
from typing import Final

from kis.estimator.documents.content import PanelContent, PricedRow, QuotationContent
from kis.estimator.documents.workbook.draft import SheetDraft
from kis.estimator.documents.workbook.money import rounding, signed_format
from kis.estimator.documents.workbook.plan import CellStyle, PlannedName, PlannedSheet, absolute
from kis.estimator.documents.workbook.table_rows import (
    AMOUNT,
    Say,
    column_widths,
    label_width,
    speaker,
    write_head,
    write_line,
    write_paragraphs,
    write_sum,
)

_LEAST_WIDTHS: Final = (10.0, 20.0, 25.0, 6.0, 8.0, 12.0, 14.0, 12.0)
_FACTS_BETWEEN: Final = " | "
_MOST_WIDTHS: Final = (10.0, 30.0, 36.0, 8.0, 12.0, 34.0, 34.0, 22.0)


def panel_sheet(
    content: QuotationContent, panel: PanelContent, number: int, title: str
) -> tuple[PlannedSheet, PlannedName]:
    """Return the sheet of ``panel`` and the name of its subtotal. How many are made is told by a name of the cover."""
    say = speaker(content)
    draft = SheetDraft(_widths(content, panel))
    _write_heading(draft, content, panel, panel_name(number, "Quantity"))
    head_row = write_head(draft, say)
    first = draft.row
    for index, line in enumerate(panel.rows, start=1):
        write_line(draft, line, index, content.digits)
    if not panel.rows:
        draft.put("AH", CellStyle.TEXT, say("list.nothing"))
        draft.next_row()
    draft.keep_last_row()
    subtotal = write_sum(
        draft,
        say("list.subtotal"),
        panel.unit_subtotal,
        f"SUM({AMOUNT}{first}:{AMOUNT}{draft.row - 1})",
        number_format=signed_format(content.currency, content.digits),
        is_total=panel.quantity == 1,
    )
    if panel.quantity != 1:
        draft.next_row(keep=True)
        write_sum(
            draft,
            say("list.total"),
            panel.subtotal,
            rounding(f"{subtotal.place}*{panel_name(number, 'Quantity')}", content.digits),
            number_format=signed_format(content.currency, content.digits),
            is_total=True,
        )
    _write_remarks(draft, say, panel)
    sheet = draft.finish(title, head_row=head_row, is_frozen=True)
    return sheet, PlannedName(name=panel_name(number, "Subtotal"), reference=absolute(title, subtotal.place))


def panel_name(number: int, what: str) -> str:
    """Return the name of a figure of the panel with that number: ``Panel001Subtotal``."""
    return f"Panel{number:03d}{what}"


def _write_heading(draft: SheetDraft, content: QuotationContent, panel: PanelContent, quantity: str) -> None:
    say = speaker(content)
    draft.put("AH", CellStyle.TITLE, say("list.title"))
    draft.set_height(36)
    draft.next_row()
    for warning in content.warnings:
        draft.put("AH", CellStyle.WARNING, warning)
        draft.next_row()
    draft.leave_space()
    facts = _FACTS_BETWEEN.join(say("list.fact", label=label, value=value) for label, value in panel.facts)
    draft.put("A", CellStyle.LABEL, say("list.panel"))
    draft.put("BD", CellStyle.VALUE, panel.name)
    draft.put("E", CellStyle.LABEL, say("list.quantity"))
    draft.put(
        "FH",
        CellStyle.VALUE,
        Decimal(panel.quantity),
        formula=quantity,
        number_format=say("quantity_format"),
    )
    draft.set_height(20)
    draft.next_row()
    for label, words in (
        ("cover.project", content.project),
        ("list.specification", panel.specification),
        ("list.design", facts),
    ):
        if words:
            draft.put("A", CellStyle.LABEL, say(label))
            draft.put("BH", CellStyle.VALUE, words)
            draft.set_height(20)
            draft.next_row()
    draft.put("AH", CellStyle.UNIT_NOTE, say(f"currency.{content.currency}"))
    draft.next_row(keep=True)


def _write_remarks(draft: SheetDraft, say: Say, panel: PanelContent) -> None:
    draft.next_row()
    if not panel.remarks:
        return
    draft.put("AH", CellStyle.SECTION, say("list.remarks"))
    draft.set_height(26)
    draft.next_row(keep=True)
    write_paragraphs(draft, say, "AH", panel.remarks)


def _widths(content: QuotationContent, panel: PanelContent) -> tuple[float, ...]:
    rows = [line_words(line, content.digits) for line in panel.rows]
    sums = ("", "", "", "", "", "", sum_words(panel.subtotal, content.digits), "")
    widths = column_widths([*rows, sums], _LEAST_WIDTHS, _MOST_WIDTHS)
    say = speaker(content)
    left = label_width(say, ("list.panel", "cover.project", "list.specification", "list.design"))
    return (left, *widths[1:4], max(widths[4], label_width(say, ("list.quantity",))), *widths[5:])


def line_words(line: PricedRow, digits: int) -> tuple[str, ...]:
    """Return what stands in the columns of a line, for their widths."""
    return (
        "",
        line.item,
        line.spec,
        line.unit,
        f"{line.quantity:,}",
        _shown(line.unit_price, digits),
        _shown(line.amount, digits),
        line.remark,
    )


def sum_words(amount: Decimal, digits: int) -> str:
    """Return a sum with room for how it is shown: bold, larger, and with the currency's sign."""
    return f"US$ - {_shown(amount, digits)}"


def _shown(amount: Decimal, digits: int) -> str:
    return format(amount, f",.{digits}f")
