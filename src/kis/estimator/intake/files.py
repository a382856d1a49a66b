"""Request files: YAML and JSON, read with nothing left to surprise.

YAML is read from its events, as version 1.2 means it: only ``true`` and ``false`` are truth values, only decimal digits without a leading zero are numbers,
and everything else (``no``, ``1:30``, ``017``, a date) stays the text it is. Repeated keys, anchors, aliases, tags and a second document are refused with
their line. JSON repeats no key and knows no NaN. A number too long to be one stays text, so that a field wanting a number can say so.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from kis.estimator.intake.problems import Location, path_of, shown
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

Form = Literal["json", "yaml"]

MOST_BYTES: Final = 5 * 1024 * 1024
DEEPEST: Final = 20

_FORMS: Final[Mapping[str, Form]] = {".json": "json", ".yaml": "yaml", ".yml": "yaml"}
_NUMBER_CHARACTERS: Final = 18
_INTEGER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FRACTION: Final = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+(?:[eE][-+]?[0-9]{1,2})?")
_CONSTANTS: Final = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def read_file(path: Path) -> object:
    """Return what a request file holds. Raises BadInput, naming the file."""
    source = str(path)
    form = _FORMS.get(path.suffix.casefold())
    if form is None:
        raise _refused(source, Message("request.file.suffix"))
    return read_content(_content_of(path, source), form, source)


def read_content(content: bytes, form: Form, source: str) -> object:
    """Return what the bytes of a request file hold. Raises BadInput, naming ``source``."""
    if len(content) > MOST_BYTES:
        raise _refused(source, Message("request.file.too_large", {"limit_mb": MOST_BYTES // 1024**2}))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(source, _why_not_utf8(content, error.start)) from error
    return read_json(text, source) if form == "json" else read_yaml(text, source)


def read_yaml(text: str, source: str) -> object:
    """Return what one YAML document holds. Raises BadInput with every repeated key, anchor and tag, or with the first fault of syntax."""
    import yaml

    _check_characters(text, source)
    events = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    reader = _YamlReader(events, source)
    try:
        value = reader.document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _refused(
            source, Message("request.file.yaml_syntax", {"line": line, "column": column})
        ) from error
    if reader.problems:
        raise BadInput(source, reader.problems)
    return value


def read_json(text: str, source: str) -> object:
    """Return what a JSON text holds. Raises BadInput with every repeated key, or with the first fault of syntax."""
    _check_characters(text, source)
    _check_depth(text, source)
    problems: list[Problem] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        entry = dict(pairs)
        if len(entry) < len(pairs):
            names = [name for name, _ in pairs]
            twice = [name for name in entry if names.count(name) > 1]
            problems.extend(
                Problem("", Message("request.file.json_key_twice", {"key": shown(name)})) for name in twice
            )
        return entry

    def no_constant(name: str) -> None:
        problems.append(Problem("", Message("request.file.json_number", {"value": name})))

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_constant=no_constant, parse_int=_number, parse_float=_number
        )
    except json.JSONDecodeError as error:
        place = {"line": error.lineno, "column": error.colno}
        raise _refused(
            source,
            Message("request.file.json_syntax", place) if text.strip() else Message("request.file.empty"),
        ) from error
    if problems:
        raise BadInput(source, problems)
    return value


def _content_of(path: Path, source: str) -> bytes:
    if not path.exists():
        raise _refused(source, Message("request.file.not_found"))
    if not path.is_file():
        raise _refused(source, Message("request.file.unreadable"))
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(source, Message("request.file.unreadable")) from error


def _why_not_utf8(content: bytes, position: int) -> Message:
    """Tell a file saved by a Korean spreadsheet or editor from one that is simply broken."""
    try:
        is_korean = re.search("[가-힣]", content.decode("cp949")) is not None
    except UnicodeDecodeError:
        is_korean = False
    return (
        Message("request.file.cp949")
        if is_korean
        else Message("request.file.not_utf8", {"position": position + 1})
    )


def _check_characters(text: str, source: str) -> None:
    if match := _CONTROL.search(text):
        values = {"line": _line_of(text, match.start()), "character": f"U+{ord(match[0]):04X}"}
        raise _refused(source, Message("request.file.control_character", values))


def _check_depth(text: str, source: str) -> None:
    """Refuse deep nesting before the parser recurses into it."""
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*+(?:"|\Z)|[\[{]|[\]}]', text, re.DOTALL):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if depth > DEEPEST:
            raise _refused(
                source,
                Message("request.file.too_deep", {"line": _line_of(text, match.start()), "limit": DEEPEST}),
            )


def _line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _number(written: str) -> object:
    """Read a number of JSON or YAML; one too long to be exact, or too large, stays as it is written."""
    if len(written) > _NUMBER_CHARACTERS:
        return written
    number = int(written) if _INTEGER.fullmatch(written) else float(written)
    return number if math.isfinite(number) else written


def _refused(source: str, message: Message) -> BadInput:
    return BadInput(source, [Problem("", message)])


class _YamlReader:
    """Builds plain values from the events of a YAML text, collecting what is wrong on the way."""

    def __init__(self, events: Iterator[Any], source: str) -> None:
        self._events = events
        self._source = source
        self.problems: list[Problem] = []

    def document(self) -> object:
        import yaml

        value: object = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note((), "documents", event)
                    return None
                value = self._node(next(self._events), ())
        if documents == 0:
            raise _refused(self._source, Message("request.file.empty"))
        return value

    def _node(self, event: Any, at: Location, depth: int = 0) -> object:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            self._note(at, "anchor", event)
            return None
        if event.anchor is not None:
            self._note(at, "anchor", event)
        if event.tag is not None:
            self._note(at, "tag", event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event.value) if event.style is None or event.style == "" else event.value
        if depth == DEEPEST:
            raise _refused(
                self._source,
                Message("request.file.too_deep", {"line": event.start_mark.line + 1, "limit": DEEPEST}),
            )
        return (
            self._sequence(at, depth + 1)
            if isinstance(event, yaml.SequenceStartEvent)
            else self._mapping(at, depth + 1)
        )

    def _sequence(self, at: Location, depth: int) -> list[object]:
        import yaml

        entries: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            entries.append(self._node(event, (*at, len(entries)), depth))
        return entries

    def _mapping(self, at: Location, depth: int) -> dict[str, object]:
        import yaml

        entry: dict[str, object] = {}
        lines: dict[str, int] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            name = event.value if isinstance(event, yaml.ScalarEvent) else None
            self._node(event, at, depth)  # a key may carry an anchor or a tag too
            value = self._node(next(self._events), at if name is None else (*at, name), depth)
            if name is None:
                self._note(at, "key_not_text", event)
            elif name in lines:
                self._note((*at, name), "key_twice", event, first=lines[name])
            else:
                entry[name], lines[name] = value, event.start_mark.line + 1
        return entry

    def _note(self, at: Location, key: str, event: Any, **values: object) -> None:
        values["line"] = event.start_mark.line + 1
        self.problems.append(Problem(path_of(at), Message(f"request.file.{key}", values)))


def _scalar(written: str) -> object:
    """Return what a plain scalar means."""
    if written in _CONSTANTS:
        return _CONSTANTS[written]
    return _number(written) if _INTEGER.fullmatch(written) or _FRACTION.fullmatch(written) else written
