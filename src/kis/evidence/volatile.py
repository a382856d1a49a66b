"""What may differ between two runs of the same request, and nothing else: a closed list.

Everything a run makes must be the same to the byte, but for when it ran, how long it took, its trace id, and what follows from those:
the link, the checksums and the signature. Whoever adds to the list takes from what a replay can prove.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final

from kis.evidence import layout
from kis.evidence.canonical import canonical_bytes, parse_json, pointer_step
from kis.evidence.errors import NotCanonical
from kis.evidence.findings import Finding
from kis.evidence.tree import read_bounded, read_tree
from kis.platform.messages import Message

VOLATILE_FILES: Final = frozenset({layout.CHAIN, layout.SUMS, layout.ATTESTATION})
VOLATILE_KEYS: Final = frozenset({"traceId", "created_at"})
"""In every JSON file, at any depth."""
VOLATILE_KEYS_BY_FILE: Final[Mapping[str, frozenset[str]]] = {"metrics.json": frozenset({"durations_ms"})}


@dataclass(frozen=True, slots=True)
class Difference(Finding):
    """A file that two runs of the same request do not agree on."""


def stable_view(name: str, data: bytes) -> bytes | None:
    """Return the part of a file that every run of the same request must repeat, or None when no part of it must.

    In canonical JSON the values of volatile keys become null, so that the keys themselves must still agree; all other bytes, and JSON
    in any other spelling, stand as they are.
    """
    if name in VOLATILE_FILES:
        return None
    value = _canonical_value(name, data)
    return (
        data
        if value is None
        else canonical_bytes(_blanked(value, VOLATILE_KEYS | VOLATILE_KEYS_BY_FILE.get(name, frozenset())))
    )


def differences(
    pack_a: Path | Mapping[str, bytes], pack_b: Path | Mapping[str, bytes]
) -> tuple[Difference, ...]:
    """Compare two packs, each a folder or the named bytes that would go into one; none when every run-independent byte agrees."""
    return tuple(_differences(_contents(pack_a), _contents(pack_b)))


def _differences(a: Mapping[str, bytes | None], b: Mapping[str, bytes | None]) -> Iterator[Difference]:
    for name in sorted({*a, *b} - VOLATILE_FILES):
        in_a, in_b = a.get(name), b.get(name)
        path = layout.shown(name)
        if name not in b:
            yield Difference(path, Message("evidence.difference.only_first"))
        elif name not in a:
            yield Difference(path, Message("evidence.difference.only_second"))
        elif in_a is None or in_b is None:
            yield Difference(path, Message("evidence.difference.unreadable"))
        else:
            view_a, view_b = _comparable(name, in_a, in_b)
            if view_a != view_b:
                yield Difference(
                    path,
                    Message(
                        "evidence.difference.content", {"where": _first_difference(name, view_a, view_b)}
                    ),
                )


def _comparable(name: str, in_a: bytes, in_b: bytes) -> tuple[bytes, bytes]:
    """Return the stable views; where only one file is canonical JSON both as they are, so that the place shown is the real one."""
    if (_canonical_value(name, in_a) is None) != (_canonical_value(name, in_b) is None):
        return in_a, in_b
    return stable_view(name, in_a) or b"", stable_view(name, in_b) or b""


def _contents(pack: Path | Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    if isinstance(pack, Mapping):
        return pack
    tree = read_tree(pack)
    return {
        name: read_bounded(pack / name, layout.LARGEST_FILE_BYTES) for name in {*tree.digests, *tree.refused}
    }


def _canonical_value(name: str, data: bytes) -> Any:
    """Return the value of a JSON file whose bytes are its canonical spelling, else None."""
    if not name.endswith(".json"):
        return None
    try:
        value = parse_json(data)
        return value if canonical_bytes(value) == data else None
    except (ValueError, NotCanonical):
        return None


def _blanked(value: Any, keys: frozenset[str]) -> Any:
    if isinstance(value, dict):
        return {key: None if key in keys else _blanked(item, keys) for key, item in value.items()}
    if isinstance(value, list):
        return [_blanked(item, keys) for item in value]
    return value


def _first_difference(name: str, a: bytes, b: bytes) -> str:
    """Return where two views part: a JSON pointer in canonical JSON, else the offset of the first byte."""
    value_a, value_b = _canonical_value(name, a), _canonical_value(name, b)
    if value_a is not None and value_b is not None:
        return _pointer(value_a, value_b) or "/"
    return f"+{next(offset for offset, (byte_a, byte_b) in enumerate(zip_longest(a, b)) if byte_a != byte_b)}"


def _pointer(a: Any, b: Any) -> str:
    """Return the way to the first place, in the order of the keys, where two unequal values differ."""
    if isinstance(a, dict) and isinstance(b, dict):
        key = next(key for key in sorted({*a, *b}) if key not in a or key not in b or _differ(a[key], b[key]))
        return pointer_step(key) + (_pointer(a[key], b[key]) if key in a and key in b else "")
    if isinstance(a, list) and isinstance(b, list):
        for index, (item_a, item_b) in enumerate(zip(a, b, strict=False)):
            if _differ(item_a, item_b):
                return pointer_step(index) + _pointer(item_a, item_b)
        return pointer_step(min(len(a), len(b)))
    return ""


def _differ(a: Any, b: Any) -> bool:
    """Compare as JSON does: 1 and true are equal in Python."""
    return canonical_bytes(a) != canonical_bytes(b)
