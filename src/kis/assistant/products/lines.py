"""On which line of a JSON text each of its values stands."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import orjson

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


def lines_of(text: str) -> Mapping[str, int]:
    """Return the line, from 1, of every value in a JSON text that holds no mistake, by its JSON pointer (RFC 6901)."""
    lines: dict[str, int] = {}
    path: list[str | int] = []
    waits_for_name = False
    for token, line in _tokens(text):
        if token == ",":
            waits_for_name = _goes_on(path)
        elif token == ":":
            waits_for_name = False
        elif token in {"}", "]"}:
            path.pop()
            waits_for_name = False
        elif waits_for_name:
            path[-1] = orjson.loads(token)
        else:
            lines[pointer_of(path)] = line
            if token in {"{", "["}:
                path.append("" if token == "{" else 0)
                waits_for_name = token == "{"
    return lines


def pointer_of(path: list[str | int]) -> str:
    """Return names and numbers as a JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def _goes_on(path: list[str | int]) -> bool:
    """Go to the next value; return whether its name comes first."""
    last = path[-1]
    if isinstance(last, int):
        path[-1] = last + 1
        return False
    return True


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line, seen = 1, 0
    for found in _TOKEN.finditer(text):
        line += text.count("\n", seen, found.start())
        seen = found.start()
        yield found[0], line
