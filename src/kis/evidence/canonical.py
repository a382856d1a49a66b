"""Canonical JSON (RFC 8785) and digests: one value, one spelling, one SHA-256 on every machine.

Money and other exact decimals go in as strings: a JSON number is a double to most readers and would round them.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from kis.evidence.errors import NotCanonical
from kis.platform.messages import Message

LARGEST_INTEGER: Final = 2**53 - 1
"""The largest whole number that every JSON reader holds exactly (RFC 8785 section 3.2.2.3, RFC 7493 section 2.2)."""


def canonical_bytes(value: object) -> bytes:
    """Return the one RFC 8785 spelling of a JSON value; mappings and tuples count as objects and arrays.

    Raises NotCanonical, with the place, for whatever JSON cannot carry exactly: Decimal, NaN, infinities, whole numbers beyond
    2**53 - 1, keys that are not text, lone surrogates, any other type.
    """
    import rfc8785

    try:
        return rfc8785.dumps(_plain(value, ""))
    except RecursionError:
        raise NotCanonical("", Message("evidence.canonical.too_deep")) from None


def parse_json(data: bytes) -> Any:
    """Return the value of JSON bytes; ValueError whatever is wrong with them, depth included."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of the bytes in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def pointer_step(key: object) -> str:
    """Return one step of a JSON pointer (RFC 6901), its slash included."""
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def _plain(value: object, pointer: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value, pointer)
    if isinstance(value, int):
        return _bounded(value, pointer)
    if isinstance(value, float):
        return _finite(value, pointer)
    if isinstance(value, Mapping):
        return {_key(key, pointer): _plain(item, pointer + pointer_step(key)) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, pointer + pointer_step(index)) for index, item in enumerate(value)]
    if isinstance(value, Decimal):
        raise NotCanonical(pointer, Message("evidence.canonical.decimal", {"value": value}))
    raise NotCanonical(pointer, Message("evidence.canonical.type", {"type": type(value).__name__}))


def _text(value: str, pointer: str) -> str:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical(pointer, Message("evidence.canonical.surrogate")) from None
    return value


def _key(value: object, pointer: str) -> str:
    if not isinstance(value, str):
        raise NotCanonical(pointer, Message("evidence.canonical.key", {"type": type(value).__name__}))
    return _text(value, pointer)


def _bounded(value: int, pointer: str) -> int:
    if abs(value) > LARGEST_INTEGER:
        raise NotCanonical(pointer, Message("evidence.canonical.integer", {"limit": LARGEST_INTEGER}))
    return value


def _finite(value: float, pointer: str) -> float:
    if not math.isfinite(value):
        raise NotCanonical(pointer, Message("evidence.canonical.not_finite", {"value": value}))
    return value
