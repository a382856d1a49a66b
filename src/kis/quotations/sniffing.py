"""What the bytes of an upload are, by their content: neither the name nor the declared type of a file proves anything."""

import re
from typing import Final

from kis.platform.errors import UnsupportedMedia
from kis.platform.messages import Message
from kis.quotations.requests import Form

_LOOKED_AT: Final = 4096
_SIGNATURES: Final = (
    (b"PK\x03\x04", "spreadsheet"),
    (b"PK\x05\x06", "spreadsheet"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "spreadsheet"),
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"AC10", "drawing"),
    (b"AutoCAD Binary DXF", "drawing"),
)
_TEXT_DRAWING: Final = re.compile(rb"\s*(?:999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\r?\n")
_YAML_LINE: Final = re.compile(rb"""\s*(?:---|%YAML|-\s|-$|[^\s#][^\n]*?:(?:\s|$)|["'{\[])""")


def form_of(data: bytes) -> Form:
    """Return whether ``data`` is JSON or YAML. Raises UnsupportedMedia naming what it is instead."""
    head = data[:_LOOKED_AT].removeprefix(b"\xef\xbb\xbf")
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise _refused(kind)
    if _TEXT_DRAWING.match(head):
        raise _refused("drawing")
    if b"\0" in head:
        raise _refused("binary")
    if head.lstrip().startswith(b"<"):
        raise _refused("markup")
    if head.lstrip()[:1] in {b"{", b"["}:
        return "json"
    lines = [line for line in head.splitlines() if line.strip() and not line.lstrip().startswith(b"#")]
    if lines and not _YAML_LINE.match(lines[0]):
        raise _refused("table" if re.search(rb"[,;\t]", lines[0]) else "text")
    return "yaml"


def _refused(kind: str) -> UnsupportedMedia:
    return UnsupportedMedia(
        Message("quotations.sniffed.refused", {"kind": Message(f"quotations.sniffed.{kind}")}),
        hint=Message("quotations.sniffed.hint"),
        kind=kind,
        accepted=["application/json", "application/yaml"],
    )
