"""The QR code of the last page."""

import re

from kis.estimator.documents.pdf.qr import qr_svg, qr_text

DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_holds_document_and_digest_and_no_address() -> None:
    assert qr_text("D-BDA041E39ED8", DIGEST) == f"KIS D-BDA041E39ED8 sha256:{DIGEST}"


def test_is_as_large_as_its_text_needs() -> None:
    # 90 bytes at level M: version 5 holds 84, version 6 106 (ISO/IEC 18004 table 7). 4 · 6 + 17 = 41 modules and 2 · 4 of quiet zone.
    drawn = qr_svg(qr_text("D-BDA041E39ED8", DIGEST))
    assert re.search(r'width="49" height="49"', drawn)
    assert drawn.startswith("<svg")
    assert drawn.count("<path") == 2  # ground and modules


def test_another_text_is_another_code() -> None:
    assert qr_svg("KIS a") != qr_svg("KIS b")
