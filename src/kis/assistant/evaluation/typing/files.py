"""Files of products and of traces, read with every problem told at once: the file, the line, what to do.

    products    a JSON array, or JSON lines, of {"id": "p1", "name": "…", "brand": "…", "category": "…"}; brand and category may be left out
    traces      JSON lines of {"target": "p1", "kind": "swap", "keys": ["r", "ro", …]}, target being the id of a product

Other keys are ignored.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from kis.assistant.evaluation.typing.catalog import ListedProduct
from kis.assistant.evaluation.typing.traces import Trace
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

MOST_BYTES: Final = 200_000_000
MOST_PRODUCTS: Final = 200_000
MOST_TRACES: Final = 200_000
MOST_CHARACTERS: Final = 500
"""Of a name, and of a text that is typed."""
MOST_KEYS: Final = 500
"""Of a trace."""
MOST_PROBLEMS: Final = 100
"""A file of another shape has a problem in each of its lines; the first hundred tell which shape."""


class _Reading:
    """A file being read, and what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._problems: list[Problem] = []

    def refuse(self, place: str, key: str, **values: object) -> None:
        """Keep a problem; of very many only the number."""
        self._count += 1
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append(Problem(place, Message(f"assistant_typing.file.{key}", values)))

    def finish(self) -> None:
        """Raise BadInput where anything was wrong."""
        if self._count > MOST_PROBLEMS:
            more = Message("assistant_typing.file.more", {"count": self._count - MOST_PROBLEMS})
            self._problems.append(Problem("", more))
        if self._problems:
            raise BadInput(self._path.name, self._problems)

    def values(self, *, most: int) -> Iterator[tuple[str, Any]]:
        """Yield what an array or the lines of the file hold, with the place of each."""
        text = self._text()
        if text is None:
            return
        whole = self._array(text) if text.lstrip().startswith("[") else self._lines(text)
        count = 0
        for place, value in whole:
            count += 1
            if count > most:
                self.refuse(place, "long", most=most)
                return
            yield place, value
        if not count and not self._problems:
            self.refuse(str(self._path), "empty")

    def _text(self) -> str | None:
        try:
            if self._path.stat().st_size > MOST_BYTES:
                self.refuse(str(self._path), "large", megabytes=MOST_BYTES // 1_000_000)
                return None
            return self._path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            self.refuse(str(self._path), "not_utf8")
        except OSError as error:
            self.refuse(str(self._path), "unreadable", reason=error.strerror or type(error).__name__)
        return None

    def _array(self, text: str) -> Iterator[tuple[str, Any]]:
        try:
            held = json.loads(text)
        except json.JSONDecodeError as error:
            self.refuse(f"{self._path}:{error.lineno}", "not_json")
        except (ValueError, RecursionError):
            self.refuse(str(self._path), "not_json")
        else:
            yield from ((f"{self._path}[{number}]", value) for number, value in enumerate(held))

    def _lines(self, text: str) -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(text.split("\n"), start=1):
            if line.strip():
                place = f"{self._path}:{number}"
                try:
                    yield place, json.loads(line)
                except (ValueError, RecursionError):
                    self.refuse(place, "not_json")


def load_products(path: Path) -> list[ListedProduct]:
    """Return the products of a file. Raises BadInput that names every bad one."""
    reading = _Reading(path)
    found: dict[str, ListedProduct] = {}
    for place, value in reading.values(most=MOST_PRODUCTS):
        if not isinstance(value, dict):
            reading.refuse(place, "no_product")
            continue
        given = {key: _text(value.get(key, "")) for key in ("id", "name", "brand", "category")}
        wrong = [key for key, text in given.items() if text is None or (not text and key in {"id", "name"})]
        if wrong:
            reading.refuse(place, "keys", keys=", ".join(wrong), most=MOST_CHARACTERS)
            continue
        product = ListedProduct(**{key: text or "" for key, text in given.items()})
        if product.id in found:
            reading.refuse(place, "twice", id=product.id)
        found[product.id] = product
    reading.finish()
    return list(found.values())


def load_traces(path: Path, products: Sequence[ListedProduct]) -> list[Trace]:
    """Return the traces of a file over these products. Raises BadInput that names every bad one."""
    reading = _Reading(path)
    known = {product.id for product in products}
    found = []
    for place, value in reading.values(most=MOST_TRACES):
        if not isinstance(value, dict):
            reading.refuse(place, "no_trace")
            continue
        target, kind, keys = _text(value.get("target")), _text(value.get("kind")), _keys(value.get("keys"))
        wrong = [name for name, held in (("target", target), ("kind", kind), ("keys", keys)) if not held]
        if not target or not kind or not keys:
            reading.refuse(
                place, "trace_keys", keys=", ".join(wrong), most=MOST_KEYS, letters=MOST_CHARACTERS
            )
        elif target not in known:
            reading.refuse(place, "unknown", id=target)
        else:
            found.append(Trace(target, kind, keys))
    reading.finish()
    return found


def trace_lines(traces: Sequence[Trace]) -> Iterator[str]:
    """Yield the lines of a file of traces."""
    return (json.dumps(asdict(trace), ensure_ascii=False) + "\n" for trace in traces)


def _text(given: Any) -> str | None:
    """Return a text as it can be used; a whole number is one, too, because ids are often numbers."""
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return given.strip() if isinstance(given, str) and len(given) <= MOST_CHARACTERS else None


def _keys(given: Any) -> tuple[str, ...] | None:
    if not isinstance(given, list) or len(given) > MOST_KEYS:
        return None
    is_typed = all(isinstance(text, str) and len(text) <= MOST_CHARACTERS for text in given)
    return tuple(given) if is_typed else None
