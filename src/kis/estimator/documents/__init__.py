"""Documents of a quotation: the layout drawing as a sheet and as SVG, and the priced lines as a workbook."""

from kis.estimator.documents.drawings.layout_view import combined_sheet, layout_sheet
from kis.estimator.documents.drawings.sheet import Sheet
from kis.estimator.documents.drawings.svg import svg
from kis.estimator.documents.drawings.title_block import Heading
from kis.estimator.documents.workbook.lines_document import LinesDocument, PanelLines, PricedRow
from kis.estimator.documents.workbook.priced_lines import (
    ExpectedFormat,
    FormatMeasure,
    expected_format,
    measure_format,
    priced_lines_workbook,
)

__all__ = [
    "ExpectedFormat",
    "FormatMeasure",
    "Heading",
    "LinesDocument",
    "PanelLines",
    "PricedRow",
    "Sheet",
    "combined_sheet",
    "expected_format",
    "layout_sheet",
    "measure_format",
    "priced_lines_workbook",
    "svg",
]
