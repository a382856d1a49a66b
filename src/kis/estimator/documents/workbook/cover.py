"""The cover (견적서 갑지): who quotes what to whom, for how much and on which terms; one line per panel, and the totals."""

from typing import Final

from kis.estimator.documents.content import PanelContent, QuotationContent
from kis.estimator.documents.workbook.cover_draft import CoverDraft
from kis.estimator.documents.workbook.cover_head import (
    label_widths,
    write_parties,
    write_sum_and_terms,
    write_title,
)
from kis.estimator.documents.workbook.draft import SheetDraft
from kis.estimator.documents.workbook.money import (
    deducted_format,
    number_format,
    percent_format,
    rounding,
    signed_format,
)
from kis.estimator.documents.workbook.panel_list import line_words, panel_name, sum_words
from kis.estimator.documents.workbook.plan import CellStyle, PlannedName, PlannedSheet, absolute
from kis.estimator.documents.workbook.table_rows import (
    AMOUNT,
    QUANTITY,
    REMARK,
    column_widths,
    speaker,
    write_amount,
    write_head,
    write_line,
    write_paragraphs,
    write_sum,
    write_words,
)

_LEAST_WIDTHS: Final = (10.0, 18.0, 24.0, 6.0, 10.0, 13.0, 15.0, 15.0)
_MOST_WIDTHS: Final = (18.0, 26.0, 30.0, 9.0, 18.0, 34.0, 34.0, 18.0)


def cover_sheet(content: QuotationContent, title: str) -> tuple[PlannedSheet, tuple[PlannedName, ...]]:
    """Return the cover and the names of its cells."""
    cover = CoverDraft(content=content, title=title, say=speaker(content), sheet=SheetDraft(_widths(content)))
    write_title(cover)
    write_parties(cover)
    write_sum_and_terms(cover)
    cover.sheet.put("AH", CellStyle.UNIT_NOTE, cover.say(f"currency.{content.currency}"))
    cover.sheet.next_row(keep=True)
    head_row = write_head(cover.sheet, cover.say)
    _write_lines(cover)
    _write_totals(cover, head_row + 1)
    _write_conditions(cover)
    sheet = cover.sheet.finish(title, head_row=head_row, is_frozen=False)
    return sheet, tuple(cover.names)


def _write_lines(cover: CoverDraft) -> None:
    """Write one line per panel, then the extra lines."""
    content = cover.content
    for number, panel in enumerate(content.panels, start=1):
        _write_panel(cover, panel, number)
    for number, line in enumerate(content.extra, start=len(content.panels) + 1):
        write_line(cover.sheet, line, number, content.digits)
    if not content.panels and not content.extra:
        cover.sheet.put("AH", CellStyle.TEXT, cover.say("list.nothing"))
        cover.sheet.next_row()


def _write_panel(cover: CoverDraft, panel: PanelContent, number: int) -> None:
    """Write a panel's line: its unit price is the subtotal of its own sheet."""
    sheet, say = cover.sheet, cover.say
    write_words(sheet, number, panel.name, panel.specification, say("panel_unit"))
    amount = write_amount(
        sheet,
        quantity=panel.quantity,
        unit_price=panel.unit_subtotal,
        amount=panel.subtotal,
        digits=cover.content.digits,
        price_formula=panel_name(number, "Subtotal"),
    )
    remark = "" if panel.rows and not panel.remarks else "see_list" if panel.rows else "not_priced"
    sheet.put(REMARK, CellStyle.TEXT, say(f"cover.{remark}") if remark else "")
    cover.names.append(
        PlannedName(
            name=panel_name(number, "Quantity"), reference=absolute(cover.title, f"{QUANTITY}{sheet.row}")
        )
    )
    cover.name(panel_name(number, "Total"), amount)
    sheet.next_row()


def _write_totals(cover: CoverDraft, first_line: int) -> None:
    """Write the rows under the lines, each rounded once. A percentage of 0 keeps its row and names, out of sight."""
    content, totals, sheet = cover.content, cover.content.totals, cover.sheet
    digits, plain = content.digits, number_format(content.digits)
    signed = signed_format(content.currency, digits)
    margin = rounding("Subtotal*MarginPercent/100", digits)
    discount = rounding("(Subtotal+Margin)*DiscountPercent/100", digits)
    rows = (
        ("Subtotal", totals.subtotal, f"SUM({AMOUNT}{first_line}:{AMOUNT}{sheet.row - 1})", plain, None),
        ("Margin", totals.margin, margin, plain, content.margin_percent),
        ("Discount", totals.discount, discount, deducted_format(digits), content.discount_percent),
        ("Net", totals.net, "Subtotal+Margin-Discount", signed, None),
        ("Vat", totals.vat, rounding("Net*VatPercent/100", digits), plain, content.vat_percent),
        ("TotalPrice", totals.total, "Net+Vat", signed, None),
    )
    sheet.keep_last_row()
    for name, value, formula, shown, percent in rows:
        is_total = name == "TotalPrice"
        cell = write_sum(
            sheet,
            cover.say("total.total" if is_total else f"total.{name.lower()}"),
            value,
            formula,
            number_format=shown,
            percent=None if percent is None else (percent, percent_format(percent)),
            is_total=is_total,
        )
        cover.name(name, cell)
        if percent is not None:
            place = absolute(cover.title, f"{QUANTITY}{sheet.row}")
            cover.names.append(PlannedName(name=f"{name}Percent", reference=place))
        if name in ("Margin", "Discount") and not percent:
            sheet.hidden_rows.add(sheet.row)
        sheet.next_row(keep=not is_total)


def _write_conditions(cover: CoverDraft) -> None:
    """Write the conditions; their heading never stands alone at the end of a page."""
    sheet, say = cover.sheet, cover.say
    if cover.content.terms.conditions:
        sheet.put("AH", CellStyle.SECTION, say("cover.conditions"))
        sheet.set_height(26)
        sheet.next_row(keep=True)
        write_paragraphs(sheet, say, "AH", cover.content.terms.conditions)
    sheet.put("AH", CellStyle.NOTE, say("cover.price_book", book=cover.content.price_book))


def _widths(content: QuotationContent) -> tuple[float, ...]:
    digits = content.digits
    rows = [line_words(line, digits) for line in content.extra]
    rows += [
        (
            "",
            panel.name,
            panel.specification,
            "",
            "",
            sum_words(panel.unit_subtotal, digits),
            sum_words(panel.subtotal, digits),
            "",
        )
        for panel in content.panels
    ]
    rows.append(("", "", "", "", "", "", sum_words(content.totals.total, digits), ""))
    widths = column_widths(rows, _LEAST_WIDTHS, _MOST_WIDTHS)
    left, right = label_widths(speaker(content))
    return (left, *widths[1:4], max(right, widths[4]), *widths[5:])
