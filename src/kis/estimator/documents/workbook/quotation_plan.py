"""The plan of a quotation's workbook: the cover, a priced list for each panel, then gates and sources."""

from kis.estimator.documents.content import QuotationContent
from kis.estimator.documents.workbook.cover import cover_sheet
from kis.estimator.documents.workbook.gate_list import gate_sheet
from kis.estimator.documents.workbook.panel_list import panel_sheet
from kis.estimator.documents.workbook.plan import PageText, WorkbookPlan
from kis.estimator.documents.workbook.sheet_titles import sheet_titles
from kis.estimator.documents.workbook.table_rows import speaker


def plan_workbook(content: QuotationContent) -> WorkbookPlan:
    """Return the plan of ``content``'s workbook."""
    say = speaker(content)
    own = (say("sheet.cover"), say("sheet.gates"))
    panels = (
        panel.name.strip() or say("sheet.panel", number=number)
        for number, panel in enumerate(content.panels, start=1)
    )
    cover_title, gate_title, *panel_titles = sheet_titles((*own, *panels))
    cover, names = cover_sheet(content, cover_title)
    lists = [
        panel_sheet(content, panel, number, title)
        for number, (panel, title) in enumerate(zip(content.panels, panel_titles, strict=True), start=1)
    ]
    supplier = content.brand.file.supplier.name.text(content.locale)
    return WorkbookPlan(
        title=say("document", project=content.project),
        subject=content.number,
        author=supplier,
        identifier=content.document_id,
        language=content.locale,
        date=content.quotation_date,
        page=PageText(
            left=" · ".join(part for part in (supplier, content.number) if part),
            right=content.warnings[0] if content.warnings else "",
            foot=content.brand.file.texts.confidentiality.text(content.locale),
            page_number=say("page.number", page="&P", pages="&N"),
        ),
        colours=content.brand.file.colours,
        font=content.brand.file.fonts.workbook,
        sheets=(cover, *(sheet for sheet, _ in lists), gate_sheet(content, gate_title)),
        names=(*names, *(name for _, name in lists)),
    )
