"""What changed between two editions of a catalogue, or of a price book."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any, Final

from kis.catalog.cells import written
from kis.catalog.lint import row_key
from kis.catalog.parts import Catalog
from kis.catalog.prices import PriceBook
from kis.catalog.tables import TABLES, rows_of
from kis.platform.messages import Message

_PERCENT_STEP: Final = Decimal("0.1")


class ChangeKind(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference.

    ``field``, ``old`` and ``new`` (as text, as in the files) belong to changed rows; an added or removed price carries
    the price it has. ``percent`` belongs to changed prices of one currency.
    """

    kind: ChangeKind
    table: str
    key: str
    field: str = ""
    old: str = ""
    new: str = ""
    percent: Decimal | None = None

    def message(self) -> Message:
        """Return the difference as one line."""
        values = {name: getattr(self, name) for name in ("table", "key", "field", "old", "new")}
        if self.percent is None:
            return Message(f"catalog.change.{self.kind}", values)
        return Message("catalog.change.changed_percent", {**values, "percent": f"{self.percent:+}"})


def diff_catalogs(old: Catalog, new: Catalog) -> tuple[Change, ...]:
    """Return the differences table by table: rows of ``old`` in its order, then the rows only ``new`` has."""
    changes: list[Change] = []
    if old.version != new.version:
        changes.append(_changed("catalog", "catalog", "version", old.version, new.version))
    old_rows, new_rows = rows_of(old), rows_of(new)
    for table in TABLES:
        before, after = _keyed(old_rows[table.name]), _keyed(new_rows[table.name])
        columns = tuple(column.name for column in table.columns)
        changes.extend(_row_changes(table.name, columns, before, after))
    return tuple(changes)


def diff_price_books(old: PriceBook, new: PriceBook) -> tuple[Change, ...]:
    """Return the differences of the books' heads, then price by price."""
    return (*_head_changes(old, new), *_price_changes(old, new))


def _row_changes(
    table: str, columns: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[Change]:
    for key, row in before.items():
        if key not in after:
            yield Change(kind=ChangeKind.REMOVED, table=table, key=key)
            continue
        for column in columns:
            was, now = getattr(row, column), getattr(after[key], column)
            if was != now:
                yield _changed(table, key, column, written(was), written(now))
    yield from (Change(kind=ChangeKind.ADDED, table=table, key=key) for key in after if key not in before)


def _head_changes(old: PriceBook, new: PriceBook) -> Iterator[Change]:
    for field in ("id", "version", "currency", "valid_from", "valid_to", "illustrative"):
        was, now = getattr(old, field), getattr(new, field)
        if was != now:
            yield _changed("book", old.id, field, written(was), written(now))
    for locale in ("ko", "en"):
        if old.title[locale] != new.title[locale]:
            yield _changed("book", old.id, f"title.{locale}", old.title[locale], new.title[locale])


def _price_changes(old: PriceBook, new: PriceBook) -> Iterator[Change]:
    for key, was in old.prices.items():
        now = new.find(key)
        if now is None:
            yield Change(kind=ChangeKind.REMOVED, table="prices", key=key, old=written(was.unit_price))
            continue
        if was.unit_price != now.unit_price:
            yield Change(
                kind=ChangeKind.CHANGED,
                table="prices",
                key=key,
                field="unit_price",
                old=written(was.unit_price),
                new=written(now.unit_price),
                percent=_percent(was.unit_price, now.unit_price) if old.currency == new.currency else None,
            )
        for field in ("unit", "source"):
            if getattr(was, field) != getattr(now, field):
                yield _changed("prices", key, field, getattr(was, field), getattr(now, field))
    for key, price in new.prices.items():
        if key not in old.prices:
            yield Change(kind=ChangeKind.ADDED, table="prices", key=key, new=written(price.unit_price))


def _percent(old: Decimal, new: Decimal) -> Decimal:
    return ((new - old) * 100 / old).quantize(_PERCENT_STEP, rounding=ROUND_HALF_UP)


def _keyed(rows: tuple[Any, ...]) -> dict[str, Any]:
    """Return the rows by key; a second row of one key (an error of the catalogue) gets ``#2`` so that none is lost."""
    keyed: dict[str, Any] = {}
    for row in rows:
        key, count = row_key(row), 1
        while (name := key if count == 1 else f"{key}#{count}") in keyed:
            count += 1
        keyed[name] = row
    return keyed


def _changed(table: str, key: str, field: str, old: str, new: str) -> Change:
    return Change(kind=ChangeKind.CHANGED, table=table, key=key, field=field, old=old, new=new)
