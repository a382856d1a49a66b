"""What is looked at before a file from outside is read: what it is, by its content and not its name, and that opening it costs no more than it seems.

A workbook is a ZIP of XML: one that unpacks to far more than it weighs, or whose XML declares a document type (the way to entities that grow or
read other files), is refused before anything parses it.
"""

import io
import zipfile
import zlib
from enum import StrEnum
from typing import Final

from kis.platform.errors import BadInput, Problem, TooLarge
from kis.platform.messages import Message

MOST_BYTES: Final = 20 * 2**20
MOST_UNPACKED_BYTES: Final = 100 * 2**20
MOST_PARTS: Final = 2000

_ZIP: Final = b"PK\x03\x04"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_NAME: Final = 80
_XML_ENDINGS: Final = (".xml", ".rels", ".vml")


class FileForm(StrEnum):
    """What a file is."""

    TEXT = "text"
    WORKBOOK = "workbook"


def form_of(name: str, data: bytes, *, most_bytes: int = MOST_BYTES) -> FileForm:
    """Return what ``data`` is, after making sure that it is safe to read; ``name`` only stands in what is wrong with it.

    Raises:
        TooLarge: it is larger than ``most_bytes``.
        BadInput: it is empty, neither text nor a workbook, or a workbook that must not be opened.
    """
    if len(data) > most_bytes:
        raise TooLarge(Message("catalog_store.upload.too_large", {"most": most_bytes}))
    if not data.strip():
        raise _refused(name, "empty")
    if data.startswith(_ZIP):
        _check_workbook(name, data)
        return FileForm.WORKBOOK
    if b"\x00" in data:
        raise _refused(name, "not_text")
    return FileForm.TEXT


def file_label(name: str) -> str:
    """Return the last part of a file's name as far as it can stand in a message."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in plain if letter.isprintable())[:_LONGEST_NAME] or "upload"


def _check_workbook(name: str, data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if size > MOST_UNPACKED_BYTES or len(parts) > MOST_PARTS:
                raise _refused(name, "bomb", size=size, most=MOST_UNPACKED_BYTES)
            for part in parts:
                _check_part(name, part.filename, _unpacked(archive, part))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise _refused(name, "broken") from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """Return a part, reading no further than its entry promises: zipfile stops there and then finds the checksum wrong."""
    with archive.open(part) as content:
        return content.read(part.file_size)


def _check_part(name: str, part: str, content: bytes) -> None:
    if not part.lower().endswith(_XML_ENDINGS):
        return
    is_wide = content.startswith(_UTF16) or b"\x00" in content[:200]
    if is_wide or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise _refused(name, "entity", part=part)


def _refused(name: str, why: str, **values: object) -> BadInput:
    return BadInput(name, [Problem(name, Message(f"catalog_store.upload.{why}", values))])
