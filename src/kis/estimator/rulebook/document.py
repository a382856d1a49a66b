"""Reading a rulebook's YAML strictly: every fault with its line and path, and no value that was not written.

The parser's events are read one by one instead of letting YAML build the values, because YAML would silently keep the
second of two equal keys, read ``010`` as 8 and ``no`` as false, turn a decimal into a binary float, let a small file of
references grow without end, and (in C) fall over a deeply nested one. Decimals and dates stay the text that was written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from kis.platform.errors import Problem
from kis.platform.messages import Message

Place = tuple[str | int, ...]
"""Where a value stands: keys and list positions from the top."""

MAX_BYTES: Final = 1_000_000
"""Ten times the shipped rulebook."""

MAX_DEPTH: Final = 20
"""The deepest rulebook value lies at 7."""

_TAG: Final = "tag:yaml.org,2002:"
_WHOLE_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_ZERO_DENOMINATOR: Final = re.compile(r"\s*[-+]?[0-9_]+\s*/\s*[0_]+\s*")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file holds: ``data`` of dicts, lists, text, whole numbers, booleans and None, and where each value stands."""

    name: str
    data: Any
    lines: Mapping[Place, int]
    problems: tuple[Problem, ...]
    is_whole: bool
    """The file was read to its end, so that its data may be judged even where there are problems."""

    def problem(self, path: Place, message: Message) -> Problem:
        """Return a problem at ``path``, with the line of the nearest value there is."""
        return _problem(self.name, self.line(path), path, message)

    def line(self, path: Place) -> int:
        """Return the line of ``path``, or of what should hold it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read_document(name: str, content: bytes) -> Document:
    """Read ``content``; ``name`` stands in the paths of its problems."""
    reader = _Reader(name)
    is_whole = True
    try:
        data = reader.read(content)
    except _BrokenError:
        data, is_whole = None, False
    return Document(
        name=name, data=data, lines=reader.lines, problems=tuple(reader.problems), is_whole=is_whole
    )


class _BrokenError(Exception):
    """Reading cannot go on; the problem has been noted."""


class _Reader:
    """Walks the events of one file and gathers what is wrong."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []

    def read(self, content: bytes) -> Any:
        try:
            return self._document(self._text(content))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            detail = str(getattr(error, "problem", None) or error).splitlines()[0]
            self._add(mark.line + 1 if mark else None, (), "not_yaml", {"detail": detail})
            raise _BrokenError from error

    def _text(self, content: bytes) -> str:
        if len(content) > MAX_BYTES:
            self._add(None, (), "too_large", {"limit": MAX_BYTES})
            raise _BrokenError
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            self._add(None, (), "not_utf8", {})
            raise _BrokenError from error

    def _document(self, text: str) -> Any:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
        self.loader = loader
        loader.get_event()  # the stream begins
        if loader.check_event(yaml.StreamEndEvent):
            self._add(None, (), "empty", {})
            raise _BrokenError
        loader.get_event()  # the document begins
        data = self._value((), loader.get_event())
        loader.get_event()  # and ends
        if not loader.check_event(yaml.StreamEndEvent):
            self._add(loader.get_event().start_mark.line + 1, (), "several_documents", {})
            raise _BrokenError
        return data

    def _value(self, path: Place, event: Any) -> Any:
        line = event.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > MAX_DEPTH:
            self._add(line, path[:3], "too_deep", {"limit": MAX_DEPTH})
            raise _BrokenError
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._add(line, path, "reference", {})
        elif event.tag is not None:
            self._add(line, path, "tag", {"tag": event.tag})
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(path, event) if isinstance(event, yaml.ScalarEvent) else None

    def _mapping(self, path: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self.loader.get_event(), yaml.MappingEndEvent):
            line = event.start_mark.line + 1
            if not isinstance(event, yaml.ScalarEvent):
                self._add(line, path, "key_not_text", {})
                self._value((*path, ""), event)
                self._value((*path, ""), self.loader.get_event())
                continue
            key = event.value
            if key in found:
                first = self.lines[*path, key]
                self._add(line, (*path, key), "double", {"key": key, "first": first})
            else:
                self.lines[*path, key] = line
            found[key] = self._value((*path, key), self.loader.get_event())
        return found

    def _sequence(self, path: Place) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self.loader.get_event(), yaml.SequenceEndEvent):
            found.append(self._value((*path, len(found)), event))
        return found

    def _scalar(self, path: Place, event: Any) -> str | int | bool | None:
        text = str(event.value)
        match self.loader.resolve(yaml.ScalarNode, text, event.implicit).removeprefix(_TAG):
            case "null":
                return None
            case "bool" if text in {"true", "false"}:
                return text == "true"
            case "int" if _WHOLE_NUMBER.fullmatch(text):
                return int(text)
            case "float" if _DECIMAL.fullmatch(text):
                return text
            case "bool" | "int" | "float":
                self._add(event.start_mark.line + 1, path, "unclear", {"value": text})
        if _ZERO_DENOMINATOR.fullmatch(
            text
        ):  # Fraction("1/0") is an arithmetic error, which no validator expects
            self._add(event.start_mark.line + 1, path, "zero_denominator", {"value": text})
            return "1"
        return text

    def _add(self, line: int | None, path: Place, key: str, values: dict[str, object]) -> None:
        self.problems.append(_problem(self.name, line, path, Message(f"rulebook.file.{key}", values)))


def _problem(name: str, line: int | None, path: Place, message: Message) -> Problem:
    place = name if line is None else f"{name}:{line}"
    return Problem(f"{place} {dotted(path)}".rstrip(), message)


def dotted(path: Place) -> str:
    """Write ``("steps", 1, "up_to")`` as ``steps[1].up_to``."""
    words = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return words.removeprefix(".")
