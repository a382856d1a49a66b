"""What can go wrong while a PDF is made.

KisError
└── PdfFailed                a picture or font of the brand cannot be used
"""

from kis.platform.errors import KisError
from kis.platform.messages import Message


class PdfFailed(KisError):
    """Typst refuses what it was given; what else can differ between two installations is the brand's pictures and fonts."""

    code = "pdf_failed"

    def __init__(self, reason: str | Message) -> None:
        super().__init__(Message("pdf.failed", {"reason": reason}))
