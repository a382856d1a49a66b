"""A reading of documents that a test can see through: a document is its words. Some words do to the process what a hostile file would."""

import hashlib
import os
import threading

from kis.assistant.things import (
    Box,
    DocumentState,
    ReadDocument,
    Unit,
    UnitKind,
)

HANGS = b"%PDF-1.7 hangs"
DIES = b"%PDF-1.7 dies"
EATS = b"%PDF-1.7 eats"
RAISES = b"%PDF-1.7 raises"
STATES = {f"%PDF-1.7 {state.value}".encode(): state for state in DocumentState}


def read_document(content: bytes, media_type: str | None = None) -> ReadDocument:
    if content == HANGS:
        threading.Event().wait()
    if content == DIES:
        os._exit(9)
    if content == EATS:
        bytearray(1 << 40)
    if content == RAISES:
        raise ValueError("no document")
    return ReadDocument(
        sha256=hashlib.sha256(content).hexdigest(),
        parser_version="plain",
        state=STATES.get(content, DocumentState.READY),
        media_type=media_type or "",
        title=f"read by {os.getpid()}",
        pages=1,
        page_sizes=((595.0, 842.0),),
        units=(
            Unit(
                kind=UnitKind.PARAGRAPH,
                text=content[:200].decode("latin-1"),
                page=1,
                boxes=(Box(1.25, 2.5, 3.75, 4.5),),
            ),
        ),
    )


def page_png(content: bytes, page: int, *, boxes: tuple[Box, ...] = (), width: int = 1000) -> bytes:
    if page > 1:
        raise IndexError(page)
    return f"{len(content)} {page} {len(boxes)} {width}".encode()
