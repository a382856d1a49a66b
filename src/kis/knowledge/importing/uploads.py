"""What is looked at before a file from outside is read: what it is, by its content and not its name, and that opening it costs no more than it seems.

An archive (a folder of articles, a Word document) that unpacks to far more than it weighs, that holds names leading out of it, links or passwords, or
whose XML declares a document type, is refused before anything parses it.
"""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Final, TypeAlias

from kis.knowledge.runs.things import MOST_ROWS
from kis.platform.errors import BadInput, Problem, TooLarge, UnsupportedMedia
from kis.platform.messages import Message

MOST_BYTES: Final = 100 * 2**20
MOST_UNPACKED_BYTES: Final = 300 * 2**20
MOST_FILES: Final = 2 * MOST_ROWS
MOST_TEXT_BYTES: Final = 5 * 2**20
"""Of one Markdown or HTML file of a folder."""
MOST_FILE_BYTES: Final = 50 * 2**20
MOST_TABLE_BYTES: Final = 100 * 2**20
MOST_RATIO: Final = 200
"""Text is packed to a tenth, hardly ever to a hundredth."""
LONGEST_PATH: Final = 400

_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_PDF: Final = b"%PDF-"
_WORD_PART: Final = "word/document.xml"
_IGNORED: Final = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
_ABOUT_A_FOLDER: Final = ("readme.md", "readme.txt", "readme.html")
"""Say what a folder is, to whoever opens it: they are no articles of it."""
_XML_ENDINGS: Final = (".xml", ".rels", ".vml")
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
_ENCRYPTED: Final = 0x1
_IMAGES: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


class Form(StrEnum):
    """What a file is."""

    ARCHIVE = "archive"
    MARKDOWN = "markdown"
    HTML = "html"
    CSV = "csv"
    JSON = "json"
    DOCX = "docx"
    PDF = "pdf"


TEXT_ENDINGS: Final = {
    ".md": Form.MARKDOWN,
    ".markdown": Form.MARKDOWN,
    ".txt": Form.MARKDOWN,
    ".html": Form.HTML,
    ".htm": Form.HTML,
    ".csv": Form.CSV,
    ".json": Form.JSON,
    ".jsonl": Form.JSON,
}
"""What a text is meant as is in its name; that it is a text is in its content."""

DOCUMENT_ENDINGS: Final = {".docx": Form.DOCX, ".pdf": Form.PDF}
TAKEN: Final = (".zip", *TEXT_ENDINGS, *DOCUMENT_ENDINGS)

Content: TypeAlias = bytes | Path
"""What is uploaded: bytes, or a file of this machine that is not read whole where it need not be."""


class FormUnknown(UnsupportedMedia):
    """The content of an upload is of no form that is read."""

    code = "form_unknown"

    def __init__(self) -> None:
        super().__init__(Message("knowledge_files.upload.unknown"), accepted=list(TAKEN))


@dataclass(frozen=True, slots=True)
class Packed:
    """A file of an archive: its path, made of plain parts, and what it holds."""

    path: str
    data: bytes


def form_of(name: str, content: Content) -> Form:
    """Return what an upload is, after making sure that it is safe to read.

    Raises:
        TooLarge: it is larger than what is read.
        FormUnknown: it is of no form that is read.
        BadInput: it is empty, or an archive that must not be opened.
    """
    size, start = _looked_at(content)
    if size > MOST_BYTES:
        raise TooLarge(Message("knowledge_files.upload.too_large", {"most": MOST_BYTES // 2**20}))
    if start.startswith((_ZIP, _EMPTY_ZIP)):
        return _archive(name, content, size)
    if start.startswith(_PDF):
        return Form.PDF
    data = bytes_of(content)
    if not data.strip():
        raise refused(name, "empty")
    form = TEXT_ENDINGS.get(PurePosixPath(name).suffix.lower())
    if form is None:
        opening = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
        form = Form.HTML if opening.startswith((b"<!doctype html", b"<html")) else None
    if form is None or b"\x00" in data:
        raise FormUnknown
    return form


def bytes_of(content: Content) -> bytes:
    """Return an upload whole."""
    return content.read_bytes() if isinstance(content, Path) else content


def unpacked(name: str, content: Content) -> Iterator[Packed]:
    """Yield the files of an archive that :func:`form_of` found to be safe. Reads no further than each entry promises."""
    try:
        with _opened(content) as archive:
            for entry in archive.infolist():
                if not entry.is_dir() and not _is_ignored(entry.filename):
                    with archive.open(entry) as packed:
                        yield Packed(entry.filename, packed.read(entry.file_size))
    except _BROKEN as error:
        raise refused(name, "broken") from error


def check_count(name: str, content: Content) -> None:
    """Raise BadInput unless an archive that is safe holds texts, and no more than are taken."""
    with _opened(content) as archive:
        paths = [path.lower() for path in archive.namelist() if not _is_ignored(path)]
    texts = sum(path.endswith((*TEXT_ENDINGS, *DOCUMENT_ENDINGS)) for path in paths)
    if texts > MOST_ROWS:
        raise refused(name, "rows", most=MOST_ROWS)
    if not texts:
        raise refused(name, "nothing")


def image_type(data: bytes) -> str | None:
    """Return the media type of a picture by its first bytes, None for what is no picture that is taken. SVG is none: it may hold programs."""
    for start, media_type in _IMAGES:
        if data.startswith(start):
            return media_type
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def decoded(name: str, data: bytes) -> str:
    """Return a text: UTF-8, or CP949 as Korean spreadsheets write. Raises BadInput for neither."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refused(name, "encoding")


def refused(name: str, why: str, **values: object) -> BadInput:
    """Return what is wrong with an upload as a whole."""
    return BadInput(name, [Problem(name, Message(f"knowledge_files.upload.{why}", values))])


_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def _looked_at(content: Content) -> tuple[int, bytes]:
    """Return how large an upload is and how it begins."""
    if isinstance(content, bytes):
        return len(content), content[:8]
    with content.open("rb") as file:
        return content.stat().st_size, file.read(8)


def _opened(content: Content) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)


def _archive(name: str, content: Content, size: int) -> Form:
    try:
        with _opened(content) as archive:
            entries = archive.infolist()
            _check_entries(name, entries, size)
            if any(entry.filename == _WORD_PART for entry in entries):
                _check_xml(name, archive, entries)
                return Form.DOCX
    except _BROKEN as error:
        raise refused(name, "broken") from error
    if not entries:
        raise refused(name, "empty")
    return Form.ARCHIVE


def _check_entries(name: str, entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    size = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES:
        raise refused(name, "files", most=MOST_FILES)
    if size > MOST_UNPACKED_BYTES or size > MOST_RATIO * max(packed_bytes, 100_000):
        raise refused(name, "bomb", most=MOST_UNPACKED_BYTES // 2**20)
    seen: set[str] = set()
    for entry in entries:
        path = entry.filename
        if path in seen:
            raise refused(name, "twice", path=_shown(path))
        seen.add(path)
        if not _is_plain(path):
            raise refused(name, "path", path=_shown(path))
        if entry.flag_bits & _ENCRYPTED:
            raise refused(name, "encrypted")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refused(name, "link", path=_shown(path))
        if entry.file_size > MOST_FILE_BYTES and not path.lower().endswith((".csv", ".json", ".jsonl")):
            raise refused(name, "large_file", path=_shown(path), most=MOST_FILE_BYTES // 2**20)


def _is_plain(path: str) -> bool:
    parts = path.rstrip("/").split("/")
    return (
        0 < len(path) <= LONGEST_PATH
        and not path.startswith("/")
        and "\\" not in path
        and path.isprintable()
        and ":" not in parts[0]
        and all(part not in ("", ".", "..") for part in parts)
    )


def _check_xml(name: str, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if not entry.filename.lower().endswith(_XML_ENDINGS):
            continue
        with archive.open(entry) as part:
            content = part.read(entry.file_size)
        is_wide = content.startswith(_WIDE) or b"\x00" in content[:200]
        if is_wide or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise refused(name, "entity", path=_shown(entry.filename))


def _is_ignored(path: str) -> bool:
    last = path.rpartition("/")[2]
    is_left = last in _IGNORED or last.startswith("._") or last.lower() in _ABOUT_A_FOLDER
    return is_left or path.startswith(_IGNORED[0])


def _shown(path: str) -> str:
    return "".join(letter for letter in path if letter.isprintable())[:80]
