"""What Alembic would change, told by the place: which table, column, index or constraint is missing, is too many, or is another."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from kis.platform.messages import Message

_OTHER: Final = {"modify_type": "type", "modify_nullable": "nullable", "modify_default": "default"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of the database that is not as the program expects it."""

    where: str
    """``schema.table``, or ``schema.table.name`` of a column, an index or a constraint."""
    what: Message


def told(changes: Iterable[Any]) -> list[Difference]:
    """Return the differences behind the changes that Alembic found."""
    return [difference for change in changes for difference in _of(change)]


def _of(change: Any) -> Iterator[Difference]:
    if isinstance(change, list):  # all that is other about one column
        for one in change:
            yield _modified(one)
        return
    act, *subject = change
    verb, _, kind = act.partition("_")
    what = Message(f"migrations.difference.{'missing' if verb == 'add' else 'extra'}", {"kind": _kind(kind)})
    yield Difference(_place(kind, subject), what)


def _modified(change: Any) -> Difference:
    act, schema, table, column, _facts, found, expected = change
    what = _OTHER.get(act, "comment")
    values = {} if what in ("default", "comment") else {"found": found, "expected": expected}
    if what == "nullable":
        what, values = ("nullable" if found else "not_nullable"), {}
    return Difference(f"{schema}.{table}.{column}", Message(f"migrations.difference.{what}", values))


def _kind(kind: str) -> Message:
    known = kind if kind in ("table", "column", "index", "fk") else "constraint"
    return Message(f"migrations.difference.kind.{known}")


def _place(kind: str, subject: list[Any]) -> str:
    if kind == "column":
        schema, table, column = subject
        return f"{schema}.{table}.{column.name}"
    thing = subject[0]
    table = getattr(thing, "table", thing)
    own = "" if thing is table else f".{thing.name}"
    return f"{table.schema}.{table.name}{own}"
