"""Opening a finished file by its kind."""

from collections.abc import Callable
from typing import Final

from kis.estimator.documents.lint.model import DocumentFile, DocumentKind
from kis.estimator.documents.lint.reading.dxf import DxfView, read_dxf
from kis.estimator.documents.lint.reading.pdf import MOST_PAGES, PdfView, read_pdf
from kis.estimator.documents.lint.reading.svg import SvgView, read_svg
from kis.estimator.documents.lint.reading.xlsx import WorkbookView, read_xlsx

View = WorkbookView | PdfView | SvgView | DxfView

_READERS: Final[dict[DocumentKind, Callable[[bytes], View]]] = {
    "quotation_xlsx": read_xlsx,
    "template_xlsx": read_xlsx,
    "drawing_svg": read_svg,
    "drawing_dxf": read_dxf,
}


def opened(file: DocumentFile, *, most_pages: int = MOST_PAGES) -> View:
    """Return the view of a file, of a PDF only the first ``most_pages``. Raises Unreadable."""
    if file.kind == "quotation_pdf":
        return read_pdf(file.data, most_pages=most_pages)
    return _READERS[file.kind](file.data)
