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

_NAMES: Final = (b"TEXT", b"ATTRIB", b"DIMENSION")
"""How the names of the entities end that hold words; searched as bytes, which is as fast as memory."""
_NAMED: Final = re.compile(rb"(?:^|\n) *0\r?\n(M?TEXT|ATTRIB|DIMENSION)$")
_FURTHEST: Final = 40
"""Letters before the end of a name in which it stands with its group code."""
_CONTENT: Final = re.compile(rb"\r?\n(?:(?! *[01]\r?\n).*\n.*\n)*+ *1\r?\n(.*?)\r?$", re.MULTILINE)
"""From the name of an entity to the value of its group 1, unless another entity begins before."""
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
    return DxfView(tuple(_words(data)))


def _words(data: bytes) -> list[tuple[str, str]]:
    """Return place and words of every text."""
    found = []
    for number, (end, kind) in enumerate(_entities(data), start=1):
        match = _CONTENT.match(data, end)
        said = "" if match is None else match[1].decode()
        if said not in ("", "<>"):
            if "\\" in said:
                said = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), said)
            found.append((f"{kind} {number}", _CODE.sub(" ", said) if kind == "MTEXT" else said))
    return found


def _entities(data: bytes) -> list[tuple[int, str]]:
    """Return the end of the name and the name of every entity that holds words, in their order."""
    found = []
    for name in _NAMES:
        usual = (b"\n  0\r\n" + name, b"\n  0\n" + name)
        end = data.find(name) + len(name)
        while end >= len(name):
            if data[end : end + 1] in (b"\r", b"\n"):
                if data.endswith(usual, 0, end):
                    found.append((end, name.decode()))
                elif (named := _NAMED.search(data, max(0, end - _FURTHEST), end)) is not None:
                    found.append((end, named[1].decode()))
            end = data.find(name, end) + len(name)
    return sorted(found)
