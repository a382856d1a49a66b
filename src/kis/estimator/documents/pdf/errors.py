"""What can go wrong while a PDF is made.

KisError
└── BadInput
    └── PdfFailed            a picture or font of the brand cannot be used
"""

from kis.estimator.documents.brand import BRAND_FILE
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message


class PdfFailed(BadInput):
    """Typst refuses what it was given; what else can differ between two installations is the brand's pictures and fonts."""

    code = "pdf_failed"

    def __init__(self, reason: str | Message) -> None:
        super().__init__(BRAND_FILE, [Problem("", Message("pdf.failed", {"reason": reason}))])
