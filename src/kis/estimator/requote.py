"""Quoting a recorded request again, under newer prices or in another make, and the difference line by line.

The changes of all lines add up to the change of the subtotal, so that "why is this dearer than last month" has a complete answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from kis.catalog import Catalog
from kis.estimator.intake import ParsedRequest, parse_request
from kis.estimator.stages.choice import by_model
from kis.platform.errors import NotFound
from kis.platform.messages import Message


class Cause(StrEnum):
    """Why a line's amount changed."""

    PRICE = "price"
    QUANTITY = "quantity"
    PRICE_AND_QUANTITY = "price_and_quantity"
    REPLACED = "replaced"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """A line before and after; None where there is none. ``change`` counts the panel's quantity in."""

    panel: str
    kind: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    cause: Cause
    change: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The difference of two results: the lines that changed, and each total before and after."""

    lines: tuple[LineChange, ...]
    totals: Mapping[str, tuple[Decimal, Decimal]]
    currency: str


def in_make(parsed: ParsedRequest, make: str, catalog: Catalog) -> ParsedRequest:
    """Return the request with every breaker in ``make``: the lines' own makes and model names give way to the kind and poles they stand for.

    Raises BadInput where a line names a model that is in no catalogue and gives no kind and poles, for then nothing says what to choose.
    """
    source = parsed.request.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    for panel in source["panels"]:
        panel["make"] = make
        for line in (*panel["mains"], *panel.get("branches", ())):
            line.pop("make", None)
            rows = by_model(line.pop("model", ""), line["rating_a"], line.get("sensitivity_ma"), catalog)
            if rows:
                line.setdefault("kind", rows[0].kind.value)
                line.setdefault("poles", rows[0].poles)
    return parse_request(source)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Compare two results of the same request. Raises NotFound when they do not hold the same panels or currency."""
    if [panel["name"] for panel in before["panels"]] != [panel["name"] for panel in after["panels"]]:
        raise NotFound(Message("requote.other_panels"))
    if before["currency"] != after["currency"]:
        raise NotFound(
            Message("requote.other_currency", {"before": before["currency"], "after": after["currency"]})
        )
    lines = [
        change
        for old, new in zip(before["panels"], after["panels"], strict=True)
        for change in _panel_changes(old, new)
    ]
    totals = {
        name: (Decimal(before["totals"][name]), Decimal(after["totals"][name]))
        for name in ("subtotal", "margin", "discount", "net", "vat", "total")
    }
    return Comparison(lines=tuple(lines), totals=totals, currency=after["currency"])


def _panel_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[LineChange]:
    kinds = dict.fromkeys(line["kind"] for line in (*old["lines"], *new["lines"]))
    for kind in kinds:
        before = [line for line in old["lines"] if line["kind"] == kind]
        after = [line for line in new["lines"] if line["kind"] == kind]
        for one, other in _matched(before, after):
            change = _amount(other) * new["quantity"] - _amount(one) * old["quantity"]
            if change or one is None or other is None or _what(one) != _what(other):
                yield LineChange(
                    panel=new["name"],
                    kind=kind,
                    before=one,
                    after=other,
                    cause=_cause(one, other),
                    change=change,
                )


Line = Mapping[str, Any]


def _matched(before: Sequence[Line], after: Sequence[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Pair lines of one kind: the same item and specification first, then what is left in the order of the quotation."""
    rest = list(after)
    unmatched: list[Line] = []
    for line in before:
        same = next((other for other in rest if _what(other) == _what(line)), None)
        if same is None:
            unmatched.append(line)
            continue
        rest.remove(same)
        yield line, same
    for index in range(max(len(unmatched), len(rest))):
        yield (
            unmatched[index] if index < len(unmatched) else None,
            rest[index] if index < len(rest) else None,
        )


def _what(line: Line) -> tuple[str, str]:
    return (line["item"], line["spec"])


def _amount(line: Line | None) -> Decimal:
    return Decimal(0) if line is None else Decimal(line["amount"])


def _cause(before: Line | None, after: Line | None) -> Cause:
    if before is None:
        return Cause.ADDED
    if after is None:
        return Cause.REMOVED
    if _what(before) != _what(after):
        return Cause.REPLACED
    dearer = Decimal(before["unit_price"]) != Decimal(after["unit_price"])
    more = Decimal(before["quantity"]) != Decimal(after["quantity"])
    if dearer and more:
        return Cause.PRICE_AND_QUANTITY
    return Cause.PRICE if dearer else Cause.QUANTITY
