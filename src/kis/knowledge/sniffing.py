"""What the bytes of an attachment are, by their content: neither the declared type nor the name of a file proves anything.

The name only tells apart what has the same content: CSV from plain text. Programs, scripts and pages are not kept.
"""

import io
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Final

from kis.knowledge.errors import AttachmentRefused

_SIGNATURES: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_ZIP: Final = b"PK\x03\x04"
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HANGUL: Final = "HwpSummaryInformation".encode("utf-16-le")
_OFFICE: Final[Mapping[str, str]] = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_HWPX: Final = "application/hwp+zip"
_TEXTS: Final[Mapping[str, str]] = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".csv": "text/csv",
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".dxf": "image/vnd.dxf",
}
ENDINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    _OFFICE["word/document.xml"]: (".docx",),
    _OFFICE["xl/workbook.xml"]: (".xlsx",),
    _OFFICE["ppt/presentation.xml"]: (".pptx",),
    _HWPX: (".hwpx",),
    "application/x-hwp": (".hwp",),
    "application/zip": (".zip",),
    "text/plain": (".txt",),
    "text/markdown": (".md",),
    "text/csv": (".csv",),
    "application/json": (".json",),
    "application/yaml": (".yaml", ".yml"),
    "image/vnd.dxf": (".dxf",),
}
"""What is kept, and how its names end."""
ACCEPTED: Final = tuple(ending for endings in ENDINGS.values() for ending in endings)


def media_type_of(name: str, data: bytes) -> str:
    """Return the media type of a file. Raises AttachmentRefused for what is not kept, and for a name that promises something else."""
    if not data:
        raise AttachmentRefused("empty", name, ACCEPTED)
    ending = PurePosixPath(name).suffix.lower()
    found = _by_signature(data) or _text(ending, data)
    if found is None:
        raise AttachmentRefused("unknown", name, ACCEPTED)
    if ending not in ENDINGS[found]:
        raise AttachmentRefused("other", name, ACCEPTED)
    return found


def _by_signature(data: bytes) -> str | None:
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data.startswith(_ZIP):
        return _packed(data)
    return "application/x-hwp" if data.startswith(_COMPOUND) and _HANGUL in data else None


def _packed(data: bytes) -> str | None:
    """Return what kind of document a ZIP is; one with macros is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            first = archive.infolist()[0] if names else None
            declared = (
                archive.read(first)[:100]
                if first is not None and first.filename == "mimetype" and first.file_size <= 100
                else b""
            )
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError):
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None
    for member, media_type in _OFFICE.items():
        if member in names and "[Content_Types].xml" in names:
            return media_type
    return _HWPX if declared.strip() == _HWPX.encode() else "application/zip"


def _text(ending: str, data: bytes) -> str | None:
    """Return what a text is by its name; None for what is no text, and for names of texts that are programs or pages."""
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if any(ord(character) < 32 and character not in "\t\n\r\f" for character in decoded):
        return None
    return _TEXTS.get(ending)
