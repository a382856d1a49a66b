"""Whether callers of one contract can live with another: nothing they use may go, be renamed or change its type, nothing new may be asked of them.

For what callers send, a change is breaking when something that was accepted is refused; for what they receive, when something they may rely on is
missing or of another kind.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Literal

Node = Mapping[str, Any]
Way = Literal["sent", "received"]
Fault = tuple[str, str]
"""Where below a shape, and what."""

_VERBS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
_UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
_LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
_DEEPEST: Final = 30
_ANY: Final[Node] = {}


def breaking_changes(old: Node, new: Node) -> list[str]:
    """Return what a caller of ``old`` would trip over in ``new``, each with its place; empty when there is nothing."""
    return list(dict.fromkeys(_Comparison(old, new).paths()))


class _Comparison:
    """Two contracts side by side."""

    def __init__(self, old: Node, new: Node) -> None:
        self._old = old
        self._new = new
        self._found: dict[tuple[int, int, Way], Sequence[Fault]] = {}

    def paths(self) -> Iterator[str]:
        for path, verbs in self._old["paths"].items():
            for verb in _VERBS:
                if verb not in verbs:
                    continue
                place = f"{verb.upper()} {path}"
                new = self._new["paths"].get(path, {}).get(verb)
                if new is None:
                    yield f"{place}: is gone"
                else:
                    yield from self._operation(place, verbs[verb], new)

    def _operation(self, place: str, old: Node, new: Node) -> Iterator[str]:
        if old.get("operationId") != new.get("operationId"):
            yield f"{place}: is called {new.get('operationId')} and no longer {old.get('operationId')}"
        yield from self._parameters(place, old, new)
        yield from self._body(place, old.get("requestBody"), new.get("requestBody"))
        yield from self._responses(place, old["responses"], new["responses"])

    def _parameters(self, place: str, old: Node, new: Node) -> Iterator[str]:
        before, after = (
            {(each["in"], each["name"]): each for each in operation.get("parameters", ())}
            for operation in (old, new)
        )
        for (kind, name), parameter in before.items():
            at = f"{place} {kind}.{name}"
            later = after.get((kind, name))
            if later is None:
                yield f"{at}: is gone"
                continue
            if later.get("required") and not parameter.get("required"):
                yield f"{at}: is asked for and was not"
            yield from self._schema(at, parameter["schema"], later["schema"], "sent")
        for (kind, name), parameter in after.items():
            if parameter.get("required") and (kind, name) not in before:
                yield f"{place} {kind}.{name}: is asked for and was not"

    def _body(self, place: str, old: Node | None, new: Node | None) -> Iterator[str]:
        if new is not None and new.get("required") and not (old or {}).get("required"):
            yield f"{place} body: is asked for and was not"
        for media, content in (old or {}).get("content", {}).items():
            later = (new or {}).get("content", {}).get(media)
            if later is None:
                yield f"{place} body {media}: is gone"
            else:
                yield from self._schema(
                    f"{place} body", content.get("schema", _ANY), later.get("schema", _ANY), "sent"
                )

    def _responses(self, place: str, old: Node, new: Node) -> Iterator[str]:
        for status, response in old.items():
            if status not in new:
                if status.startswith("2"):
                    yield f"{place} {status}: is gone"
                continue
            before, after = self._followed(self._old, response), self._followed(self._new, new[status])
            for media, content in before.get("content", {}).items():
                later = after.get("content", {}).get(media)
                if later is None:
                    yield f"{place} {status} {media}: is gone"
                    continue
                yield from self._schema(
                    f"{place} {status}", content.get("schema", _ANY), later.get("schema", _ANY), "received"
                )

    def _schema(self, place: str, old: Node, new: Node, way: Way) -> Iterator[str]:
        yield from (f"{place}{where}: {what}" for where, what in self._faults(old, new, way))

    def _faults(self, old: Node, new: Node, way: Way) -> Sequence[Fault]:
        """Return what is wrong between two shapes; each pair is looked at once, also where shapes hold themselves."""
        old, new = self._followed(self._old, old), self._followed(self._new, new)
        pair = (id(old), id(new), way)
        if pair not in self._found:
            self._found[pair] = ()
            self._found[pair] = tuple(self._compared(old, new, way))
        return self._found[pair]

    def _compared(self, old: Node, new: Node, way: Way) -> Iterator[Fault]:
        for combination in ("anyOf", "oneOf", "allOf"):
            if combination in old or combination in new:
                yield from self._choices(_parts(old, combination), _parts(new, combination), way)
                return
        plain = [*_kind(old, new, way), *_values(old, new, way)]
        if way == "sent":
            plain += _bounds(old, new)
        yield from (("", what) for what in plain)
        yield from self._fields(old, new, way)
        if "items" in old and "items" in new:
            yield from ((f"[]{where}", what) for where, what in self._faults(old["items"], new["items"], way))

    def _fields(self, old: Node, new: Node, way: Way) -> Iterator[Fault]:
        before, after = old.get("properties", {}), new.get("properties", {})
        needed_before, needed_after = set(old.get("required", ())), set(new.get("required", ()))
        for name, field in before.items():
            if name not in after:
                yield f".{name}", "is gone"
                continue
            if way == "received" and name in needed_before and name not in needed_after:
                yield f".{name}", "was always there and may be missing now"
            yield from ((f".{name}{where}", what) for where, what in self._faults(field, after[name], way))
        if way == "sent":
            yield from (
                (f".{name}", "is asked for and was not")
                for name in after
                if name in needed_after - needed_before
            )

    def _choices(self, old: Sequence[Node], new: Sequence[Node], way: Way) -> Iterator[Fault]:
        """Every choice a caller could send must find one that takes it; every one that may come, one that was known."""
        left, right = (old, new) if way == "sent" else (new, old)
        for choice in left:
            pairs = ((choice, other) if way == "sent" else (other, choice) for other in right)
            found = [self._faults(before, after, way) for before, after in pairs]
            if found and all(found):
                yield min(found, key=len)[0]

    @staticmethod
    def _followed(contract: Node, node: Node) -> Node:
        for _ in range(_DEEPEST):
            if "$ref" not in node:
                break
            target: Any = contract
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node


def _parts(node: Node, combination: str) -> Sequence[Node]:
    parts: Sequence[Node] = node.get(combination, (node,))
    return parts


def _kind(old: Node, new: Node, way: Way) -> Iterator[str]:
    before, after = old.get("type"), new.get("type")
    if before == after:
        if old.get("format") != new.get("format") and (way == "received" or new.get("format")):
            yield f"is {new.get('format')} and was {old.get('format')}"
        return
    widened = (before, after) == (("integer", "number") if way == "sent" else ("number", "integer"))
    loosened = after is None if way == "sent" else before is None
    if not (widened or loosened):
        yield f"is {after or 'anything'} and was {before or 'anything'}"


def _values(old: Node, new: Node, way: Way) -> Iterator[str]:
    before, after = _listed(old), _listed(new)
    if way == "received":
        before, after = after, before
    if after is None:
        return
    gone = [str(value) for value in before or () if value not in after]
    if before is None:
        yield "takes certain values alone" if way == "sent" else "may be any value now"
    elif gone:
        word = "no longer takes" if way == "sent" else "may now be"
        yield f"{word} {', '.join(gone)}"


def _listed(node: Node) -> list[Any] | None:
    if "const" in node:
        return [node["const"]]
    values: list[Any] | None = node.get("enum")
    return values


def _bounds(old: Node, new: Node) -> Iterator[str]:
    for name in (*_UPPER, *_LOWER):
        if name not in new or _is_free(name, new):
            continue
        before, after = old.get(name), new[name]
        if before is None or (after < before if name in _UPPER else after > before):
            yield f"{name} is {after} and was {'not bounded' if before is None else before}"
    if "pattern" in new and new["pattern"] != old.get("pattern"):
        yield f"must match {new['pattern']}"
    if (
        new.get("additionalProperties") is False
        and old.get("additionalProperties") is not False
        and "properties" in old
    ):
        yield "refuses fields it does not know"


def _is_free(name: str, new: Node) -> bool:
    """Tell whether a bound asks for nothing: at least 0 characters or entries."""
    return name in {"minLength", "minItems"} and new[name] == 0
