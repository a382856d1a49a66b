"""Why a re-quotation costs more or less: its lines against those of the quotation it comes from."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from kis.estimator import Comparison, compare
from kis.platform.errors import NotFound
from kis.quotations import repository
from kis.quotations.life import Origin
from kis.quotations.models import Quote


async def comparison_with(
    session: AsyncSession, quote: Quote, output: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return what changed in a re-quotation against the one before; None for any other, or where the two cannot be compared (other panels, other currency)."""
    if quote.origin != Origin.REQUOTE or quote.previous_id is None:
        return None
    before = await repository.result_of(session, quote.previous_id)
    if before is None:
        return None
    recorded = orjson.loads(before)
    try:
        found = compare(recorded, output)
    except NotFound:
        return None
    return {"before": recorded["traceId"], "after": output["traceId"], **shown(found)}


def shown(comparison: Comparison) -> dict[str, Any]:
    """Return a comparison as data."""
    return {
        "currency": comparison.currency,
        "lines": [
            {
                "panel": change.panel,
                "kind": change.kind,
                "cause": change.cause.value,
                "before": _line(change.before),
                "after": _line(change.after),
                "change": str(change.change),
            }
            for change in comparison.lines
        ],
        "totals": {
            name: {"before": str(before), "after": str(after), "change": str(after - before)}
            for name, (before, after) in comparison.totals.items()
        },
    }


def _line(line: Mapping[str, Any] | None) -> dict[str, Any] | None:
    told = ("item", "spec", "unit", "quantity", "unit_price", "amount")
    return None if line is None else {name: line[name] for name in told}
