"""Checks over a whole catalogue: each is one small function of :data:`CHECKS` that yields what it finds.

An *error* makes the catalogue contradict itself, and an import is refused; a *warning* is a figure to ask the maker
about; an *info* says how far the data reaches.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

from kis.catalog.cells import written
from kis.catalog.disputes import DISPUTES, OUTLINE_DISPUTES
from kis.catalog.parts import UNVERIFIED, Accessory, Breaker, Catalog, Enclosure, Grade
from kis.catalog.prices import (
    SHOP_ITEMS,
    STEPPED_SHOP_ITEMS,
    PriceBook,
    accessory_keys,
    breaker_keys,
    enclosure_key,
)
from kis.catalog.tables import TABLES, rows_of
from kis.platform.messages import Message

USUAL_SENSITIVITIES_MA: Final = frozenset({6, 10, 15, 30, 100, 200, 300, 500})
"""Rated residual currents that are made: the preferred values of IEC 60755, and the 15 mA of Korean wet rooms."""

HIGH_SENSITIVITY_MA: Final = 15

SIZE_CODED_SERIES: Final = frozenset({"HB", "HDS", "HS", "HT", "SC", "SHDS", "SS"})
"""Series whose model names are size codes; other makers name their boxes as they like."""

READY_MADE_SERIES: Final = frozenset({"HB"})
"""Series that come in fixed sizes only, so that no price per 평 is wanted for them."""


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class CatalogFinding:
    """One thing a check found: where (``table[row].column``) and what."""

    severity: Severity
    path: str
    message: Message


def lint(catalog: Catalog) -> tuple[CatalogFinding, ...]:
    """Return what every check finds, in the order of :data:`CHECKS` and of the rows."""
    return tuple(finding for check in CHECKS for finding in check(catalog))


def lint_prices(catalog: Catalog, book: PriceBook) -> tuple[CatalogFinding, ...]:
    """Return what ``catalog`` and the rules of the shop need and ``book`` does not price, and prices of unknown parts."""
    findings = [*_unpriced_parts(catalog, book), *_unpriced_items(book), *_prices_of_nothing(catalog, book)]
    return tuple(findings)


def duplicate_rows(catalog: Catalog) -> Iterator[CatalogFinding]:
    """Two rows of one name: a quotation could mean either."""
    rows = rows_of(catalog)
    for table in TABLES:
        for key, count in Counter(row_key(row) for row in rows[table.name]).items():
            if count > 1:
                yield _error(f"{table.name}[{key}]", "catalog.lint.duplicate", {"count": count})


def widths_falling_with_poles(catalog: Catalog) -> Iterator[CatalogFinding]:
    """A breaker of more poles is never narrower (it may be as wide: 250AF 2P and 3P share one case)."""
    families: dict[tuple[object, ...], list[Breaker]] = {}
    for breaker in catalog.breakers:
        families.setdefault((breaker.make, breaker.kind, breaker.grade, breaker.frame_af), []).append(breaker)
    for family in families.values():
        for fewer, more in pairwise(sorted(family, key=lambda breaker: breaker.poles)):
            if more.poles > fewer.poles and more.width_mm < fewer.width_mm:
                values = {"width": more.width_mm, "other": fewer.model, "other_width": fewer.width_mm}
                yield _error(_path(more, "width_mm"), "catalog.lint.width_falls", values)


def ratings_above_frame(catalog: Catalog) -> Iterator[CatalogFinding]:
    """No rating is above the frame that carries it."""
    for breaker in catalog.breakers:
        if max(breaker.ratings_a) > breaker.frame_af:
            values = {"rating": max(breaker.ratings_a), "frame": breaker.frame_af}
            yield _error(_path(breaker, "ratings_a"), "catalog.lint.rating_above_frame", values)


def front_behind_body(catalog: Catalog) -> Iterator[CatalogFinding]:
    """What stands in front of the plate is the body at least."""
    for breaker in catalog.breakers:
        if breaker.front_mm < breaker.depth_mm:
            values = {"front": breaker.front_mm, "depth": breaker.depth_mm}
            yield _error(_path(breaker, "front_mm"), "catalog.lint.front_behind_body", values)


def breaking_capacity_unsaid(catalog: Catalog) -> Iterator[CatalogFinding]:
    """A breaking capacity means nothing without its voltage, and none at all cannot pass a gate."""
    for breaker in catalog.breakers:
        if breaker.icu_ka is None:
            yield _info(_path(breaker, "icu_ka"), "catalog.lint.no_breaking_capacity", {})
        elif breaker.icu_at_v is None:
            yield _warning(
                _path(breaker, "icu_at_v"),
                "catalog.lint.capacity_without_voltage",
                {"ka": written(breaker.icu_ka)},
            )


def unusual_sensitivity(catalog: Catalog) -> Iterator[CatalogFinding]:
    """Earth-leakage breakers come in preferred sensitivities; 15 mA (wet rooms) in the small grade."""
    for breaker in catalog.breakers:
        if breaker.sensitivity_ma is None:
            continue
        values = {"sensitivity": breaker.sensitivity_ma}
        if breaker.sensitivity_ma not in USUAL_SENSITIVITIES_MA:
            yield _warning(_path(breaker, "sensitivity_ma"), "catalog.lint.odd_sensitivity", values)
        elif breaker.sensitivity_ma == HIGH_SENSITIVITY_MA and breaker.grade is not Grade.SMALL:
            yield _warning(_path(breaker, "sensitivity_ma"), "catalog.lint.high_sensitivity_grade", values)


def model_codes_against_sizes(catalog: Catalog) -> Iterator[CatalogFinding]:
    """A box's model says its size in centimetres: HDS 50 70 15 is 500×700×150, HB6010015 is 600×1000×150."""
    for enclosure in catalog.enclosures:
        if enclosure.series in SIZE_CODED_SERIES and not _code_fits(enclosure):
            size = f"{enclosure.width_mm}×{enclosure.height_mm}×{enclosure.depth_mm}"
            yield _error(_path(enclosure, "model"), "catalog.lint.model_against_size", {"size": size})


def overlapping_ranges(catalog: Catalog) -> Iterator[CatalogFinding]:
    """A model must belong to one accessory row only."""
    for row in catalog.accessories:
        first = row.model.partition("..")[0]
        for other in catalog.accessories:
            if other is not row and other.kind == row.kind and ".." in other.model and other.covers(first):
                yield _error(_path(row, "model"), "catalog.lint.overlapping_range", {"other": other.model})


def outlines_unknown(catalog: Catalog) -> Iterator[CatalogFinding]:
    """An accessory without all three dimensions leaves what rests on it unverified."""
    for row in catalog.accessories:
        missing = [name for name in ("width_mm", "height_mm", "depth_mm") if getattr(row, name) is None]
        if missing:
            yield _info(_path(row), "catalog.lint.outline_unknown", {"columns": ", ".join(missing)})


def losses_falling(catalog: Catalog) -> Iterator[CatalogFinding]:
    """Heat per pole usually rises with the rating; where it falls, the figure may be misread."""
    for family in catalog.losses.values():
        for lower, higher in pairwise(family):
            if higher.loss_w < lower.loss_w:
                values = {
                    "loss": written(higher.loss_w),
                    "other": lower.rating_a,
                    "other_loss": written(lower.loss_w),
                }
                yield _info(_path(higher, "loss_w"), "catalog.lint.loss_falls", values)


def disputed_figures(catalog: Catalog) -> Iterator[CatalogFinding]:
    """Figures on which the sources disagree, until a maker's sheet settles them."""
    rows: dict[tuple[str, str], Any] = {("breakers", row.model): row for row in catalog.breakers}
    rows.update({("accessories", row.model): row for row in catalog.accessories})
    for dispute in DISPUTES:
        row = rows.get((dispute.table, dispute.model))
        if row is not None and written(getattr(row, dispute.field)) == dispute.ours:
            source = Message(f"catalog.dispute.{dispute.source}")
            values = {"value": dispute.ours, "other": dispute.other, "source": source}
            yield _warning(_path(row, dispute.field), "catalog.lint.disputed", values)
    held = {
        (row.frame_af, row.poles, f"{row.width_mm}×{row.height_mm}×{row.depth_mm}")
        for row in catalog.breakers
    }
    for outline in OUTLINE_DISPUTES:
        if (outline.frame_af, outline.poles, outline.ours) in held:
            source = Message("catalog.dispute.earlier_sizes")
            values = {"value": outline.ours, "other": outline.other, "source": source}
            yield _warning(
                f"breakers[{outline.frame_af}AF {outline.poles}P]", "catalog.lint.disputed", values
            )


def unverified_figures(catalog: Catalog) -> Iterator[CatalogFinding]:
    """How many rows of each table rest on figures nobody has read off a maker's sheet."""
    rows = rows_of(catalog)
    for table in TABLES:
        for column in table.columns:
            if column.name != "source" and not column.name.endswith("_source"):
                continue
            count = sum(getattr(row, column.name) in UNVERIFIED for row in rows[table.name])
            if count:
                values = {"count": count, "total": len(rows[table.name])}
                yield _info(f"{table.name}.{column.name}", "catalog.lint.unverified", values)


Check = Callable[[Catalog], Iterable[CatalogFinding]]

CHECKS: Final[tuple[Check, ...]] = (
    duplicate_rows,
    widths_falling_with_poles,
    ratings_above_frame,
    front_behind_body,
    model_codes_against_sizes,
    overlapping_ranges,
    unusual_sensitivity,
    breaking_capacity_unsaid,
    disputed_figures,
    losses_falling,
    outlines_unknown,
    unverified_figures,
)


def row_key(row: Any) -> str:
    """Return what names a row within its table."""
    if isinstance(row, Breaker):
        return row.model if row.sensitivity_ma is None else f"{row.model}/{row.sensitivity_ma}mA"
    if isinstance(row, Enclosure):
        return row.model
    if isinstance(row, Accessory):
        return f"{row.kind}/{row.model}"
    return f"{row.family}/{row.rating_a}"


def _code_fits(enclosure: Enclosure) -> bool:
    """Compare code and size; a code without depth (SS 30 40) says width and height only."""
    sides = (enclosure.width_mm, enclosure.height_mm, enclosure.depth_mm)
    if any(side % 10 for side in sides):
        return False
    centimetres = [str(side // 10) for side in sides]
    said = re.findall("[0-9]+", enclosure.model.removeprefix(enclosure.series))
    return said in (centimetres, centimetres[:2], ["".join(centimetres)])


def _unpriced_parts(catalog: Catalog, book: PriceBook) -> Iterator[CatalogFinding]:
    keyed = [
        *((breaker_keys(row), _path(row)) for row in catalog.breakers),
        *(((enclosure_key(row),), _path(row)) for row in catalog.enclosures),
        *((accessory_keys(row), _path(row)) for row in catalog.accessories),
    ]
    for keys, path in keyed:
        if book.find_first(keys) is None:
            yield _warning(path, "catalog.lint.unpriced", {"key": keys[0], "book": book.id})
    for series in dict.fromkeys(row.series for row in catalog.enclosures):
        deepest = max(row.depth_mm for row in catalog.enclosures if row.series == series)
        if series not in READY_MADE_SERIES and book.find_custom_rate(series, deepest) is None:
            yield _warning(
                f"enclosures[{series}]",
                "catalog.lint.unpriced",
                {"key": f"custom:{series}/{deepest}", "book": book.id},
            )


def _unpriced_items(book: PriceBook) -> Iterator[CatalogFinding]:
    for key in SHOP_ITEMS:
        if book.find(key) is None:
            yield _error(key, "catalog.lint.unpriced_item", {"key": key, "book": book.id})
    largest_af = 800  # the largest frame the rules of the shop know
    for name in STEPPED_SHOP_ITEMS:
        if book.find_step(name, largest_af) is None:
            yield _error(name, "catalog.lint.unpriced_item", {"key": f"{name}/{largest_af}", "book": book.id})


def _prices_of_nothing(catalog: Catalog, book: PriceBook) -> Iterator[CatalogFinding]:
    """A price whose part is not in the catalogue is usually a misspelt key."""
    known = {key for row in catalog.breakers for key in breaker_keys(row)}
    known.update(enclosure_key(row) for row in catalog.enclosures)
    known.update(key for row in catalog.accessories for key in accessory_keys(row))
    series = {row.series for row in catalog.enclosures}
    for key in book.prices:
        kind, _, rest = key.partition(":")
        is_known = rest.partition("/")[0] in series if kind == "custom" else key in known or kind == "item"
        if not is_known:
            yield _warning(key, "catalog.lint.price_of_nothing", {"book": book.id})


def _path(row: Any, column: str = "") -> str:
    table = {Breaker: "breakers", Enclosure: "enclosures", Accessory: "accessories"}.get(type(row), "losses")
    return f"{table}[{row_key(row)}]" + (f".{column}" if column else "")


def _error(path: str, key: str, values: Mapping[str, object]) -> CatalogFinding:
    return CatalogFinding(Severity.ERROR, path, Message(key, values))


def _warning(path: str, key: str, values: Mapping[str, object]) -> CatalogFinding:
    return CatalogFinding(Severity.WARNING, path, Message(key, values))


def _info(path: str, key: str, values: Mapping[str, object]) -> CatalogFinding:
    return CatalogFinding(Severity.INFO, path, Message(key, values))
