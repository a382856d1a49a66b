"""The quotation as a PDF: typeset by Typst, with its fonts, drawings and evidence inside."""

from kis.estimator.documents.pdf.compose import quotation_pages, quotation_pdf

__all__ = ["quotation_pages", "quotation_pdf"]
