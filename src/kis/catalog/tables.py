"""The tables of a catalogue: which columns each has, how a row becomes a part and a part a row again.

A :class:`Sheet` is what a file holds, as text and with its line numbers; CSV and XLSX both end here, so both are
checked by the same rules. Nothing stops at the first fault: every one is named as ``file:line column``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from kis.catalog.cells import (
    CellFault,
    Column,
    clean,
    decimal,
    ip_code,
    one_of,
    poles,
    ratings,
    tenths,
    text,
    whole,
    written,
    yes_no,
)
from kis.catalog.parts import Accessory, Breaker, BreakerKind, Catalog, Enclosure, Grade, PoleLoss
from kis.platform.errors import Problem
from kis.platform.messages import Message

Row = TypeVar("Row")
Values = Mapping[str, Any]
Rule = Callable[[Values], Iterator[tuple[str, Message]]]

_MODEL_RANGE: Final = re.compile(r"[^0-9]*([0-9]{1,6})\.\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The text of one table: header, rows with the line each begins on, and what could not be read as text."""

    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[Row]):
    """One kind of part: its columns (fields of the row type by the same names) and the rules over a whole row."""

    name: str
    columns: tuple[Column, ...]
    make: Callable[..., Row]
    rule: Rule

    def read(self, sheet: Sheet) -> tuple[tuple[Row, ...], tuple[Problem, ...]]:
        """Return the rows of ``sheet`` and every fault found in them; with faults the rows are not complete."""
        unreadable = sheet.problems if not sheet.header else tuple(self._check_header(sheet))
        if unreadable:
            return (), unreadable
        columns = {column.name: column for column in self.columns}
        order = [columns[name] for name in sheet.header]
        rows: list[Row] = []
        problems: list[Problem] = list(sheet.problems)
        for line, cells in sheet.rows:
            faults: list[tuple[str, Message]] = []
            values = self._read_row(order, cells, faults)
            if not faults:
                faults.extend(self.rule(values))
            if faults:
                problems.extend(
                    Problem(f"{sheet.label}:{line} {name}".rstrip(), fault) for name, fault in faults
                )
            else:
                rows.append(self.make(**values))
        return tuple(rows), tuple(problems)

    def write(self, rows: tuple[Row, ...]) -> tuple[tuple[str, ...], ...]:
        """Return header and rows as text, in the table's own column order."""
        names = tuple(column.name for column in self.columns)
        return (names, *(tuple(written(getattr(row, name)) for name in names) for row in rows))

    def _check_header(self, sheet: Sheet) -> Iterator[Problem]:
        known = [column.name for column in self.columns]
        path = f"{sheet.label}:1"
        for name in dict.fromkeys(sheet.header):
            if name not in known:
                values = {"column": name, "columns": ", ".join(known)}
                yield Problem(path, Message("catalog.file.unknown_column", values))
            elif sheet.header.count(name) > 1:
                yield Problem(path, Message("catalog.file.double_column", {"column": name}))
        for name in known:
            if name not in sheet.header:
                yield Problem(path, Message("catalog.file.missing_column", {"column": name}))

    def _read_row(
        self, order: list[Column], cells: tuple[str, ...], faults: list[tuple[str, Message]]
    ) -> dict[str, Any]:
        values: dict[str, Any] = {}
        if len(cells) != len(order):
            counts = {"found": len(cells), "expected": len(order)}
            faults.append(("", Message("catalog.file.row_length", counts)))
            return values
        for column, cell in zip(order, cells, strict=True):
            cleaned = clean(cell)
            if not cleaned and not column.blank:
                faults.append((column.name, Message("catalog.cell.blank")))
                continue
            try:
                values[column.name] = column.parse(cleaned) if cleaned else None
            except CellFault as fault:
                faults.append((column.name, fault.message))
        return values


def _breaker_rule(values: Values) -> Iterator[tuple[str, Message]]:
    is_leakage = values["kind"] is BreakerKind.ELB
    if is_leakage and values["sensitivity_ma"] is None:
        yield "sensitivity_ma", Message("catalog.row.sensitivity_missing")
    if not is_leakage and values["sensitivity_ma"] is not None:
        yield "sensitivity_ma", Message("catalog.row.sensitivity_of_mccb")
    if values["icu_ka"] is None and values["icu_at_v"] is not None:
        yield "icu_at_v", Message("catalog.row.voltage_without_icu")


def _accessory_rule(values: Values) -> Iterator[tuple[str, Message]]:
    model = values["model"]
    if ".." not in model:
        return
    found = _MODEL_RANGE.fullmatch(model)
    if found is None or int(found[1]) > int(found[2]):
        yield "model", Message("catalog.row.model_range", {"value": model})


def _no_rule(_values: Values) -> Iterator[tuple[str, Message]]:
    yield from ()


def _text(name: str) -> Column:
    return Column(name=name, parse=text)


def _whole(name: str, *, blank: bool = False) -> Column:
    return Column(name=name, parse=whole, blank=blank, number=True)


BREAKERS: Final[Table[Breaker]] = Table(
    name="breakers",
    columns=(
        _text("model"),
        _text("make"),
        Column(name="kind", parse=one_of(BreakerKind)),
        Column(name="grade", parse=one_of(Grade)),
        _whole("frame_af"),
        Column(name="poles", parse=poles, number=True),
        _whole("width_mm"),
        _whole("height_mm"),
        _whole("depth_mm"),
        _whole("front_mm"),
        Column(name="ratings_a", parse=ratings),
        Column(name="icu_ka", parse=decimal, blank=True, number=True),
        _whole("icu_at_v", blank=True),
        _whole("sensitivity_ma", blank=True),
        _text("outline_source"),
        _text("icu_source"),
        _text("front_source"),
        _text("ratings_source"),
    ),
    make=Breaker,
    rule=_breaker_rule,
)

ENCLOSURES: Final[Table[Enclosure]] = Table(
    name="enclosures",
    columns=(
        _text("series"),
        _text("model"),
        _text("mounting"),
        _text("material"),
        Column(name="sheet_mm", parse=tenths, number=True),
        _whole("width_mm"),
        _whole("height_mm"),
        _whole("depth_mm"),
        _text("depth_source"),
        Column(name="ip", parse=ip_code, blank=True),
        _text("ip_source"),
    ),
    make=Enclosure,
    rule=_no_rule,
)

ACCESSORIES: Final[Table[Accessory]] = Table(
    name="accessories",
    columns=(
        _text("kind"),
        _text("model"),
        _whole("width_mm", blank=True),
        _whole("height_mm", blank=True),
        _whole("depth_mm", blank=True),
        Column(name="size_class", parse=text, blank=True),
        _text("source"),
    ),
    make=Accessory,
    rule=_accessory_rule,
)

LOSSES: Final[Table[PoleLoss]] = Table(
    name="losses",
    columns=(
        _text("family"),
        _whole("rating_a"),
        Column(name="loss_w", parse=decimal, number=True),
        Column(name="stand_in", parse=yes_no),
        _text("source"),
    ),
    make=PoleLoss,
    rule=_no_rule,
)

TABLES: Final[tuple[Table[Any], ...]] = (BREAKERS, ENCLOSURES, ACCESSORIES, LOSSES)
TABLE_NAMES: Final = tuple(table.name for table in TABLES)


def rows_of(catalog: Catalog) -> dict[str, tuple[Any, ...]]:
    """Return the rows of every table of ``catalog``, by table name."""
    losses = tuple(loss for family in catalog.losses.values() for loss in family)
    return {
        "breakers": catalog.breakers,
        "enclosures": catalog.enclosures,
        "accessories": catalog.accessories,
        "losses": losses,
    }


def texts_of(catalog: Catalog) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return header and rows of every table as text, by table name: what both file formats are written from."""
    rows = rows_of(catalog)
    return {table.name: table.write(rows[table.name]) for table in TABLES}
