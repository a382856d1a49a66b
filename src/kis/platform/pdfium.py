"""PDFium is not made for threads: whoever calls it in this process holds its lock, whatever part of KIS it belongs to."""

import threading
from typing import Final

PDFIUM: Final = threading.Lock()
"""Held from opening a document until it is closed. It is not reentrant."""
