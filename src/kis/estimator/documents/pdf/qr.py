"""The QR code by which a printed page leads back to its evidence."""

import io
from typing import Final

QUIET_MODULES: Final = 4
"""ISO/IEC 18004: the quiet zone is four modules wide."""


def qr_text(document_id: str, engineering_sha256: str) -> str:
    """Return what the code says: no address, so that it stays true wherever the evidence is kept."""
    return f"KIS {document_id} sha256:{engineering_sha256}"


def qr_svg(text: str) -> str:
    """Return ``text`` as a QR code of medium error correction (ISO/IEC 18004 level M), drawn as SVG."""
    import segno

    drawn = io.BytesIO()
    code = segno.make_qr(text, error="m", boost_error=False)
    code.save(drawn, kind="svg", border=QUIET_MODULES, xmldecl=False, dark="#000000", light="#ffffff")
    return drawn.getvalue().decode()
