"""The quotation as a workbook with live formulas, and what is measured in the finished file."""

from kis.estimator.documents.workbook.quotation_workbook import (
    ExpectedFormat,
    FormatLoss,
    FormatMeasure,
    expected_format,
    measure_format,
    quotation_workbook,
)

__all__ = [
    "ExpectedFormat",
    "FormatLoss",
    "FormatMeasure",
    "expected_format",
    "measure_format",
    "quotation_workbook",
]
