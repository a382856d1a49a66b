"""What the bytes of an attachment are."""

import io
import zipfile

import pytest

from kis.knowledge.errors import AttachmentRefused
from kis.knowledge.sniffing import media_type_of

HANGUL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "HwpSummaryInformation".encode("utf-16-le")


def packed(*names: str, first: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        if first:
            archive.writestr("mimetype", first)
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


WORD = packed("[Content_Types].xml", "word/document.xml")


@pytest.mark.parametrize(
    ("name", "data", "media_type"),
    [
        ("설명서.pdf", b"%PDF-1.7\n", "application/pdf"),
        ("a.PNG", b"\x89PNG\r\n\x1a\n....", "image/png"),
        ("a.jpeg", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.gif", b"GIF89a", "image/gif"),
        ("a.webp", b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        ("a.docx", WORD, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.hwpx", packed("x", first="application/hwp+zip"), "application/hwp+zip"),
        ("a.hwp", HANGUL, "application/x-hwp"),
        ("a.zip", packed("a.txt"), "application/zip"),
        ("a.csv", "이름,값\n가,1\n".encode(), "text/csv"),
        ("a.txt", b"\xef\xbb\xbfplain", "text/plain"),
        ("a.dxf", b"0\nSECTION\n", "image/vnd.dxf"),
    ],
)
def test_is_told_by_its_content(name: str, data: bytes, media_type: str) -> None:
    assert media_type_of(name, data) == media_type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("page.html", b"<html><script>alert(1)</script></html>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("script.sh", b"#!/bin/sh\nrm -rf /\n"),
        ("program.exe", b"MZ\x90\0"),
        ("program.pdf", b"MZ\x90\0"),
        ("picture.png", b"\xff\xd8\xff\xe0"),
        ("report.pdf", WORD),
        ("binary.txt", b"a\0b"),
        ("latin.txt", b"caf\xe9"),
        ("macros.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin")),
        ("broken.zip", b"PK\x03\x04 and nothing more"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
    ],
)
def test_is_refused(name: str, data: bytes) -> None:
    with pytest.raises(AttachmentRefused) as refused:
        media_type_of(name, data)
    assert refused.value.status_code == 415
    assert name in refused.value.text("en")
