"""The last sheet: what the quotation was judged by, and what it was made from."""

from collections.abc import Iterator
from typing import Final

from kis.estimator.documents.content import GateRow, QuotationContent
from kis.estimator.documents.workbook.draft import SheetDraft, text_length
from kis.estimator.documents.workbook.plan import CellStyle, PlannedSheet
from kis.estimator.documents.workbook.table_rows import speaker, write_paragraphs

_WIDTHS: Final = (16.0, 30.0, 16.0, 16.0, 12.0, 70.0)
_WIDEST_SUBJECT: Final = 28.0
_HEADS: Final = ("subject", "gate", "measured", "limit", "verdict", "explanation")
_VERDICTS: Final = {
    "pass": CellStyle.PASSED,
    "remark": CellStyle.REMARKED,
    "fail": CellStyle.FAILED,
    "not_checked": CellStyle.NOT_CHECKED,
}


def gate_sheet(content: QuotationContent, title: str) -> PlannedSheet:
    """Return the sheet of gates and sources."""
    say = speaker(content)
    gates = tuple(_gates(content))
    widest = max((text_length(gate.panel) + 3 for gate in gates), default=0)
    draft = SheetDraft((min(max(_WIDTHS[0], widest), _WIDEST_SUBJECT), *_WIDTHS[1:]))
    draft.put("AF", CellStyle.TITLE, say("gates.title"))
    draft.set_height(36)
    draft.next_row()
    for warning in content.warnings:
        draft.put("AF", CellStyle.WARNING, warning)
        draft.next_row()
    draft.leave_space()
    draft.put("AF", CellStyle.NOTE, say("gates.intro"))
    draft.next_row(keep=True)
    for column, name in zip("ABCDEF", _HEADS, strict=True):
        draft.put(column, CellStyle.HEAD, say(f"gates.{name}"))
    draft.set_height(22)
    head_row = draft.row
    draft.next_row(keep=True)
    for gate in gates:
        _write_gate(draft, gate, say("gates.whole"))
    draft.put("AF", CellStyle.SECTION, say("gates.sources"))
    draft.set_height(26)
    draft.next_row(keep=True)
    sources = (
        *content.sources,
        (say("gates.document_id"), content.document_id),
        (say("gates.digest"), content.engineering_sha256),
    )
    for label, value in sources:
        draft.put("AB", CellStyle.LABEL, label)
        draft.put("CF", CellStyle.VALUE, value)
        draft.set_height(20)
        draft.next_row()
    if content.notes:
        draft.put("AF", CellStyle.SECTION, say("gates.notes"))
        draft.set_height(26)
        draft.next_row(keep=True)
        write_paragraphs(draft, say, "AF", content.notes)
    return draft.finish(title, head_row=head_row, is_frozen=True, is_landscape=True)


def _gates(content: QuotationContent) -> Iterator[GateRow]:
    yield from content.gates
    for panel in content.panels:
        yield from panel.gates


def _write_gate(draft: SheetDraft, gate: GateRow, whole: str) -> None:
    draft.put("A", CellStyle.TEXT, gate.panel or whole)
    draft.put("B", CellStyle.TEXT, gate.title)
    draft.put("C", CellStyle.CENTRED, gate.measured)
    draft.put("D", CellStyle.CENTRED, gate.limit)
    draft.put("E", _VERDICTS[gate.verdict], gate.verdict_text)
    draft.put("F", CellStyle.TEXT, gate.explanation)
    draft.next_row()
