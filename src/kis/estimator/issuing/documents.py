"""The files of a quotation, written from its content in the forms that were asked for.

The documents are written first and then opened again: a gate speaks of the finished file, not of the data that made it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.content import PanelDrawing, QuotationContent
from kis.estimator.documents.drawings.layout.view import combined_sheet
from kis.estimator.documents.drawings.sheet import Sheet
from kis.estimator.documents.drawings.svg import svg
from kis.estimator.issuing.issue import DocumentForm
from kis.platform.spread import Spread, here

WORKBOOK_PATH: Final = "documents/quotation.xlsx"
PDF_PATH: Final = "documents/quotation.pdf"
DRAWINGS_FOLDER: Final = "documents/drawings"
VIEW_PATH: Final = "visual.svg"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF_TYPE: Final = "application/pdf"
SVG_TYPE: Final = "image/svg+xml"
DXF_TYPE: Final = "image/vnd.dxf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A finished file, under its path inside the pack."""

    kind: str
    path: str
    media_type: str
    data: bytes


Tell = Callable[[str], None]
"""Told the path of the document about to be written."""


def write_documents(
    content: QuotationContent,
    forms: tuple[DocumentForm, ...],
    tell: Tell = lambda _: None,
    spread: Spread = here,
) -> Iterator[Document]:
    """Yield the view of all panels, which every pack holds, and the documents of the forms asked for.

    The drawings are handed out first: where ``spread`` has other processes, they draw while workbook and PDF are set here.
    """
    sheets = [drawing for panel in content.panels for drawing in panel.drawings]
    drawn = iter(spread(_dxf, [drawing.sheet for drawing in sheets]) if DocumentForm.DXF in forms else ())
    yield from _view(content, tell)
    if DocumentForm.XLSX in forms:
        tell(WORKBOOK_PATH)
        yield _workbook(content)
    if DocumentForm.PDF in forms:
        from kis.estimator.documents.pdf import quotation_pdf

        tell(PDF_PATH)
        yield Document(kind="quotation_pdf", path=PDF_PATH, media_type=PDF_TYPE, data=quotation_pdf(content))
    for drawing in sheets if DocumentForm.SVG in forms else ():
        yield _drawing(drawing, DocumentForm.SVG, SVG_TYPE, drawing.svg.encode(), tell)
    for drawing, data in zip(sheets, drawn, strict=DocumentForm.DXF in forms):
        yield _drawing(drawing, DocumentForm.DXF, DXF_TYPE, data, tell)


def _view(content: QuotationContent, tell: Tell) -> Iterator[Document]:
    layouts = [
        drawing.sheet for panel in content.panels for drawing in panel.drawings if drawing.kind == "layout"
    ]
    if layouts:
        tell(VIEW_PATH)
        sheet = combined_sheet(layouts, content.locale)
        yield Document(kind="view", path=VIEW_PATH, media_type=SVG_TYPE, data=svg(sheet).encode())


def _workbook(content: QuotationContent) -> Document:
    template = content.brand.template
    if template is None:
        from kis.estimator.documents.workbook import quotation_workbook

        kind, data = "quotation_xlsx", quotation_workbook(content)
    else:
        from kis.estimator.documents.template import fill_template

        kind, data = "template_xlsx", fill_template(template, content)
    return Document(kind=kind, path=WORKBOOK_PATH, media_type=WORKBOOK_TYPE, data=data)


def _drawing(drawing: PanelDrawing, form: DocumentForm, media_type: str, data: bytes, tell: Tell) -> Document:
    path = f"{DRAWINGS_FOLDER}/{drawing.name}.{form.value}"
    tell(path)
    return Document(kind=f"drawing_{form.value}", path=path, media_type=media_type, data=data)


def _dxf(sheet: Sheet) -> bytes:
    from kis.estimator.documents.drawings.cad import dxf

    return dxf(sheet)
