"""A sheet as DXF R2010, written with ezdxf: the same shapes as its SVG, at true size in millimetres, as CAD, laser and punching programs read them."""

from kis.estimator.documents.drawings.sheet import Sheet


def dxf(sheet: Sheet) -> bytes:
    """Return ``sheet`` as the bytes of a DXF file."""
    from kis.estimator.documents.drawings.cad.library import load

    load()
    from kis.estimator.documents.drawings.cad.document import written

    return written(sheet)
