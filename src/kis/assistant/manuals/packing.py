"""A read document as bytes, for the disk, Redis and the way from the process that read it; sealed with its hash, so that damage is seen."""

import hashlib
from typing import Any, Final

import orjson

from kis.assistant.things import Box, DocumentState, ReadDocument, Unit, UnitKind
from kis.search import Language

_SEAL_BYTES: Final = 32


def sealed(data: bytes) -> bytes:
    """Return the bytes behind their hash."""
    return hashlib.sha256(data).digest() + data


def unsealed(data: bytes) -> bytes | None:
    """Return what was sealed; None where it is not whole."""
    seal, inner = data[:_SEAL_BYTES], data[_SEAL_BYTES:]
    return inner if hashlib.sha256(inner).digest() == seal else None


def packed(document: ReadDocument) -> bytes:
    """Return a read document as bytes."""
    return orjson.dumps(
        {
            "sha256": document.sha256,
            "parser_version": document.parser_version,
            "state": document.state,
            "media_type": document.media_type,
            "title": document.title,
            "language": document.language,
            "pages": document.pages,
            "page_sizes": document.page_sizes,
            "units": [
                (unit.kind, unit.text, unit.page, unit.level, [_corners(box) for box in unit.boxes])
                for unit in document.units
            ],
        }
    )


def unpacked(data: bytes) -> ReadDocument:
    """Return the document that was packed. Raises ValueError, KeyError or TypeError for bytes that hold none."""
    told: dict[str, Any] = orjson.loads(data)
    return ReadDocument(
        sha256=told["sha256"],
        parser_version=told["parser_version"],
        state=DocumentState(told["state"]),
        media_type=told["media_type"],
        title=told["title"],
        language=Language(told["language"]),
        pages=told["pages"],
        page_sizes=tuple((width, height) for width, height in told["page_sizes"]),
        units=tuple(
            Unit(
                kind=UnitKind(kind),
                text=text,
                page=page,
                level=level,
                boxes=tuple(Box(*corners) for corners in boxes),
            )
            for kind, text, page, level, boxes in told["units"]
        ),
    )


def _corners(box: Box) -> tuple[float, float, float, float]:
    # A hundredth of a point is less than any printer shows.
    return round(box.left, 2), round(box.top, 2), round(box.right, 2), round(box.bottom, 2)
