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

_KINDS: Final = ("TEXT", "MTEXT", "ATTRIB", "DIMENSION")
_CONTENT: Final = re.compile(r"(?:(?! *[01]\r?\n).*\n.*\n)*+ *1\r?\n(.*?)\r?$", re.MULTILINE)
"""From the first group of an entity to the value of its group 1, unless another entity begins before."""
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
    return DxfView(tuple(_words(content.replace("\r\n", "\n"))))


def _words(content: str) -> list[tuple[str, str]]:
    """Return place and words of every text."""
    found = []
    for number, (start, kind) in enumerate(_entities(content), start=1):
        match = _CONTENT.match(content, start)
        text = "" if match is None else match[1]
        if text not in ("", "<>"):
            said = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text) if "\\" in text else text
            found.append((f"{kind} {number}", _CODE.sub(" ", said) if kind == "MTEXT" else said))
    return found


def _entities(content: str) -> list[tuple[int, str]]:
    """Return start and kind of the entities that hold words, in their order: only those lines are looked at that name one after a group code 0."""
    found = []
    for kind in _KINDS:
        for end in ("\n", "\r\n"):
            name = f"\n{kind}{end}"
            start = content.find(name)
            while start >= 0:
                if content[content.rfind("\n", 0, start) + 1 : start].strip() == "0":
                    found.append((start + len(name), kind))
                start = content.find(name, start + 1)
    return sorted(found)
