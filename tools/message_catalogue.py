"""The message catalogue against itself and against the code: both languages, same placeholders, every key used, no key missing.

A key counts as used where the code of src or tools, or a data file under src, holds it whole, or where a text put together can become it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Final

import yaml

from kis.platform.messages import LOCALES, area, areas
from tools.repository import ROOT, shown

SOURCE: Final = ROOT / "src"
TOOLS: Final = ROOT / "tools"
CATALOGUE: Final = SOURCE / "kis" / "platform" / "messages"


@dataclass(slots=True)
class Uses:
    """What the source says about keys."""

    whole: set[str] = field(default_factory=set)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    calls: list[tuple[str, ast.Call]] = field(default_factory=list)  # (file:line, a call of Message)


def entries() -> dict[str, Mapping[str, Any]]:
    """Return every entry of the catalogue by its full key."""
    return {key: entry for name in areas() for key, entry in _leaves(name, area(name))}


def catalogue_problems(catalogue: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the entries that lack a language, say nothing, or take other values in one language than in the other."""
    problems = []
    for key, entry in catalogue.items():
        if set(entry) != set(LOCALES):
            problems.append(
                f"message {key}: has {', '.join(entry) or 'nothing'} instead of {', '.join(LOCALES)}"
            )
            continue
        problems += [
            f"message {key}: says nothing in {name}" for name in LOCALES if not str(entry[name]).strip()
        ]
        taken = {name: placeholders(str(entry[name])) for name in LOCALES}
        if taken["ko"] != taken["en"]:
            problems.append(f"message {key}: takes {sorted(taken['ko'])} in ko, {sorted(taken['en'])} in en")
    return problems


def use_problems(catalogue: Mapping[str, Mapping[str, Any]], uses: Uses) -> list[str]:
    """Return the calls that the catalogue cannot serve and the entries that nobody shows."""
    problems = [problem for place, call in uses.calls for problem in _call_problems(place, call, catalogue)]
    unused = [
        key
        for key in catalogue
        if key not in uses.whole and not any(pattern.fullmatch(key) for pattern in uses.patterns)
    ]
    return problems + [f"message {key}: nothing shows it" for key in unused]


def uses_in_source() -> Uses:
    """Return what the code of src and tools and the data files under src say about keys."""
    uses = Uses()
    for path in sorted([*SOURCE.rglob("*.py"), *TOOLS.rglob("*.py")]):
        read_uses(path.read_text(encoding="utf-8"), shown(path), uses)
    for path in sorted(SOURCE.rglob("*.yaml")):
        if path.parent != CATALOGUE:
            uses.whole.update(_texts(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return uses


def read_uses(code: str, name: str, uses: Uses) -> None:
    """Add what one file of code says about keys."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            uses.whole.add(node.value)
        elif isinstance(node, ast.JoinedStr | ast.BinOp):
            pattern = _pattern(node)
            if pattern:
                uses.patterns.append(pattern)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
            uses.calls.append((f"{name}:{node.lineno}", node))


def placeholders(text: str) -> set[str]:
    """Return the names of the values that ``text`` takes."""
    return {
        name.partition(".")[0].partition("[")[0]
        for _, name, _, _ in Formatter().parse(text)
        if name is not None
    }


def _call_problems(place: str, call: ast.Call, catalogue: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    key = call.args[0] if call.args else None
    if isinstance(key, ast.JoinedStr):
        pattern = _pattern(key)
        if pattern and not any(pattern.fullmatch(known) for known in catalogue):
            yield f"{place}: no message of the catalogue fits {ast.unparse(key)}"
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return
    if key.value not in catalogue:
        yield f"{place}: the catalogue has no message {key.value}"
        return
    given = _given_values(call)
    lacking = placeholders(str(catalogue[key.value].get("ko", ""))) - given if given is not None else set()
    if lacking:
        yield f"{place}: message {key.value} also takes {', '.join(sorted(lacking))}"


def _given_values(call: ast.Call) -> set[str] | None:
    """Return the names of the values in the call, or None where they are computed."""
    if len(call.args) == 1 and not call.keywords:
        return set()
    values = call.args[1] if len(call.args) > 1 else call.keywords[0].value
    if not isinstance(values, ast.Dict):
        return None
    names = [key.value if isinstance(key, ast.Constant) else None for key in values.keys]
    return None if None in names else {str(name) for name in names}


def _pattern(text: ast.JoinedStr | ast.BinOp) -> re.Pattern[str] | None:
    """Return what a text put together can become; None unless it begins with ``area.`` and so means a key."""
    pieces = text.values if isinstance(text, ast.JoinedStr) else [text.left, text.right]
    opening = pieces[0]
    if not isinstance(opening, ast.Constant) or not re.match(r"[a-z_]+\.", str(opening.value)):
        return None
    return re.compile(
        "".join(re.escape(str(one.value)) if isinstance(one, ast.Constant) else ".+" for one in pieces)
    )


def _leaves(key: str, node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Return the entries below ``key``; an entry may have others nested beside its languages."""
    languages: dict[str, Any] = {name: text for name, text in node.items() if name in LOCALES}
    if languages:
        yield key, languages
    for name, below in node.items():
        if name in LOCALES:
            continue
        if isinstance(below, Mapping):
            yield from _leaves(f"{key}.{name}", below)
        else:
            yield (
                f"{key}.{name}",
                {"": below},
            )  # neither an entry nor a group: reported as lacking its languages


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for below in value.values():
            yield from _texts(below)
    elif isinstance(value, list):
        for below in value:
            yield from _texts(below)
