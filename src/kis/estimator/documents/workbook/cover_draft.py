"""The cover while it is being written: its cells, and the names they get."""

from dataclasses import dataclass, field
from typing import Final

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.workbook.draft import SheetDraft
from kis.estimator.documents.workbook.plan import PlannedCell, PlannedName, absolute
from kis.estimator.documents.workbook.table_rows import Say

FACT_HEIGHT_PT: Final = 21.0


@dataclass(slots=True, kw_only=True)
class CoverDraft:
    """What is being written, under which sheet title, and the words for it."""

    content: QuotationContent
    title: str
    say: Say
    sheet: SheetDraft
    names: list[PlannedName] = field(default_factory=list)

    def name(self, name: str, cell: PlannedCell) -> None:
        """Give a cell a name, unless it is empty: a name for nothing is a broken one."""
        if not cell.is_empty:
            self.names.append(PlannedName(name=name, reference=absolute(self.title, cell.place)))
