"""The pictures of a document as Typst gets them: SVG stays SVG, so lines are lines and text can be selected.

Typst reads only text files from memory, so a PNG or JPEG travels inside an SVG that shows nothing else.
"""

import base64
import struct
from typing import Final

from kis.estimator.documents.pdf.errors import PdfFailed
from kis.estimator.documents.pdf.letters import Letters
from kis.platform.messages import Message

_ROOT: Final = "<svg "
_FAMILY: Final = 'font-family="'
_MEDIA_TYPES: Final = {"png": "image/png", "jpg": "image/jpeg"}
_NO_FRAME: Final = frozenset({0xC4, 0xC8, 0xCC})
"""JPEG markers between SOF0 and SOF15 that begin no frame (ITU-T T.81 table B.1)."""


class Pictures:
    """Collects pictures under names of their own."""

    def __init__(self, letters: Letters, families: tuple[str, ...]) -> None:
        self.files: dict[str, bytes] = {}
        self._letters = letters
        self._families = ",".join(f"'{family}'" for family in families)

    def drawn(self, drawing: str) -> str:
        """Take an SVG of our own and return its name. It is set in the document's fonts, whatever other families it hopes for."""
        if _FAMILY in drawing:
            own = drawing.replace(_FAMILY, f"{_FAMILY}{self._families},", 1)
        else:
            own = drawing.replace(_ROOT, f'{_ROOT}{_FAMILY}{self._families}" ', 1)
        return self._kept(own)

    def given(self, name: str, picture: bytes) -> str:
        """Take a picture of the brand's and return its name; only letters that no font has are changed in it.

        Raises PdfFailed where a PNG or JPEG does not say how large it is.
        """
        kind = name.rpartition(".")[2].lower()
        if kind == "svg":
            return self._kept(picture.decode("utf-8", errors="replace"))
        return self._kept(_wrapped(name, kind, picture))

    def _kept(self, drawing: str) -> str:
        name = f"picture-{len(self.files) + 1:03d}.svg"
        self.files[name] = self._letters.clean(drawing).encode()
        return name


def _wrapped(name: str, kind: str, picture: bytes) -> str:
    try:
        width, height = _png_size(picture) if kind == "png" else _jpeg_size(picture)
    except struct.error as error:
        raise PdfFailed(Message("pdf.no_size", {"file": name})) from error
    size = f'width="{width}" height="{height}"'
    data = base64.b64encode(picture).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {size} viewBox="0 0 {width} {height}">'
        f'<image {size} xlink:href="data:{_MEDIA_TYPES[kind]};base64,{data}"/></svg>'
    )


def _png_size(picture: bytes) -> tuple[int, int]:
    """Return width and height from the header (PNG specification, IHDR)."""
    width, height = struct.unpack_from(">LL", picture, 16)
    return width, height


def _jpeg_size(picture: bytes) -> tuple[int, int]:
    """Return width and height from the first frame header (ITU-T T.81 B.2.2); struct.error where there is none."""
    place = 2
    while True:
        marker, length = struct.unpack_from(">HH", picture, place)
        if 0xC0 <= marker & 0xFF <= 0xCF and marker & 0xFF not in _NO_FRAME:
            height, width = struct.unpack_from(">HH", picture, place + 5)
            return width, height
        place += 2 + length
