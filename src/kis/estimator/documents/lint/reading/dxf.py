"""The words of a finished DXF: what its texts, attributes and multi-line texts say.

Geometry is judged in the SVG, which is drawn from the same sheet; here the file is looked through for group code 1 alone, because an R2010 file is
long and a CAD library slow.
"""

import re
from dataclasses import dataclass
from typing import Final

from kis.estimator.documents.lint.reading.errors import Unreadable
from kis.estimator.documents.lint.reading.texts import Texts, texts_of
from kis.platform.messages import Message

LARGEST_FILE_BYTES: Final = 64 * 2**20

_ENTITY: Final = re.compile(
    r"^ *0\r?\n(TEXT|MTEXT|ATTRIB|DIMENSION)\r?\n((?:(?! *0\r?\n).*\n.*\n)*)", re.MULTILINE
)
_CONTENT: Final = re.compile(r"^ *1\r?\n(.*?)\r?$", re.MULTILINE)
_ESCAPED: Final = re.compile(r"\\U\+([0-9A-Fa-f]{4})")
_CODE: Final = re.compile(r"\\[A-Za-z][^;\\]*;|\\P|[{}]")
"""Formatting inside an MTEXT."""


@dataclass(frozen=True, slots=True)
class DxfView:
    """The words of a DXF by their entities."""

    words: tuple[tuple[str, str], ...]

    def texts(self) -> Texts:
        """Return every text with the number of its entity."""
        return texts_of(self.words)


def read_dxf(data: bytes) -> DxfView:
    """Return the words of a DXF. Raises Unreadable."""
    if len(data) > LARGEST_FILE_BYTES:
        raise Unreadable(Message("lint.reading.large"))
    try:
        content = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(Message("lint.reading.no_dxf")) from error
    if "ENTITIES" not in content or not content.rstrip().endswith("EOF"):
        raise Unreadable(Message("lint.reading.no_dxf"))
    return DxfView(tuple(_words(content)))


def _words(content: str) -> list[tuple[str, str]]:
    found = []
    for number, entity in enumerate(_ENTITY.finditer(content), start=1):
        text = _CONTENT.search(entity[2])
        if text is not None and text[1] not in ("", "<>"):
            said = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text[1])
            found.append((f"{entity[1]} {number}", _CODE.sub(" ", said) if entity[1] == "MTEXT" else said))
    return found
