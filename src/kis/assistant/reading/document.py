"""Documents of any kind into units: never an exception for what somebody sends, but a state that says what is wrong."""

import hashlib
from typing import Final

from kis.assistant.reading.html import HTML, read_html
from kis.assistant.reading.pdf import PARSER_VERSION, PDF, joined, read_pages
from kis.assistant.things import DocumentState, ReadDocument

_HEAD: Final = 1024
"""Bytes in which the mark of a PDF may stand."""
_XHTML: Final = "application/xhtml+xml"


def read_document(content: bytes, media_type: str | None = None) -> ReadDocument:
    """Read a document. Its first bytes tell what it is; the media type alone says that bytes without a mark are HTML."""
    head = content[:_HEAD]
    given = (media_type or "").partition(";")[0].strip().lower()
    if b"%PDF-" in head:
        return joined(content, [read_pages(content)])
    if given == PDF:
        return _without_units(content, DocumentState.DAMAGED if content else DocumentState.EMPTY, PDF)
    if given in {HTML, _XHTML} or _looks_like_html(head):
        return read_html(content)
    state = DocumentState.UNSUPPORTED if content else DocumentState.EMPTY
    return _without_units(content, state, given or "application/octet-stream")


def _looks_like_html(head: bytes) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith((b"<!doctype html", b"<html", b"<head", b"<body"))


def _without_units(content: bytes, state: DocumentState, media_type: str) -> ReadDocument:
    sha256 = hashlib.sha256(content).hexdigest()
    return ReadDocument(sha256=sha256, parser_version=PARSER_VERSION, state=state, media_type=media_type)
