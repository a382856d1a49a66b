"""What an analyzer's process and those it serves say to each other.

A frame is a head (bytes of the body, number of the request, kind) and a body in JSON. The process begins each connection with HELLO; then QUICK and BULK
carry texts to it, FOUND and FAILED come back with the number of what they answer, in any order. Who sends what is not this ends the connection.
"""

import asyncio
import struct
from collections.abc import Sequence
from enum import IntEnum
from typing import Final, NamedTuple

import orjson

from kis.search.tokens.analyzer import Morpheme

PROTOCOL: Final = b'"kis morphemes 1"'
HEAD: Final = struct.Struct(">IIB")
MOST_TEXTS: Final = 1_000
"""Of one request."""
MOST_CHARACTERS: Final = 50_000
"""Of one request: about a second of work."""
LONGEST_QUICK: Final = 4_000
"""Characters of a request that overtakes the others."""
LARGEST_REQUEST_BYTES: Final = 2**20
"""MOST_CHARACTERS in JSON, where one becomes six bytes at most, and as much room again for quotation marks."""
LARGEST_ANSWER_BYTES: Final = 8 * 2**20
_PARTS: Final = 4
"""Values of a morpheme: they stand one behind the other, without brackets."""


class Kind(IntEnum):
    """What a frame says."""

    HELLO = 0
    QUICK = 1
    BULK = 2
    FOUND = 3
    FAILED = 4


class Frame(NamedTuple):
    """One frame."""

    kind: Kind
    number: int
    body: bytes


class BrokenFrame(Exception):
    """The other side speaks another language, or more than it may."""


def packed(kind: Kind, number: int, body: bytes = b"") -> bytes:
    """Return a frame as it is sent."""
    return HEAD.pack(len(body), number, kind) + body


async def read_frame(reader: asyncio.StreamReader, *, most_bytes: int) -> Frame | None:
    """Return the next frame; None where the other side has ended in order. Raises BrokenFrame, and IncompleteReadError for an end within a frame."""
    try:
        head = await reader.readexactly(HEAD.size)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    size, number, kind = HEAD.unpack(head)
    if size > most_bytes:
        raise BrokenFrame(f"{size} bytes, {most_bytes} at most")
    try:
        of_kind = Kind(kind)
    except ValueError:
        raise BrokenFrame(f"kind {kind}") from None
    return Frame(of_kind, number, await reader.readexactly(size))


def body_of_texts(texts: Sequence[str]) -> bytes:
    """Return texts as a body. Halves of characters, which no text should have, become question marks."""
    try:
        return orjson.dumps(list(texts))
    except orjson.JSONEncodeError:
        return orjson.dumps([text.encode("utf-8", "replace").decode() for text in texts])


def texts_of(body: bytes) -> list[str]:
    """Return the texts of a body. Raises BrokenFrame."""
    texts = _json(body)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise BrokenFrame("no texts")
    if len(texts) > MOST_TEXTS or sum(map(len, texts)) > MOST_CHARACTERS:
        raise BrokenFrame("more texts than a request may have")
    return texts


def body_of_found(found: Sequence[Sequence[Morpheme]]) -> bytes:
    """Return the morphemes of texts as a body."""
    return orjson.dumps([[value for morpheme in morphemes for value in morpheme] for morphemes in found])


def found_of(body: bytes, *, texts: int) -> list[list[Morpheme]]:
    """Return the morphemes of so many texts. Raises BrokenFrame."""
    found = _json(body)
    if not isinstance(found, list) or len(found) != texts:
        raise BrokenFrame(f"not the morphemes of {texts} texts")
    return [_morphemes(values) for values in found]


def _morphemes(values: object) -> list[Morpheme]:
    if not isinstance(values, list) or len(values) % _PARTS:
        raise BrokenFrame("no morphemes")
    parts = iter(values)
    return [Morpheme(*four) for four in zip(parts, parts, parts, parts, strict=True)]


def _json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BrokenFrame(str(error)) from None
