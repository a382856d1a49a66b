"""Reading quotations: one whole, or a page of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Row

from kis.identity import Permission, Principal
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Locale, Message
from kis.platform.money import amount_text
from kis.quotations import reading_queries
from kis.quotations.errors import QuotationNotFound
from kis.quotations.figures import BUSINESS_TIME
from kis.quotations.life import Status
from kis.quotations.links import links_of
from kis.quotations.means import Means
from kis.quotations.showing import Conversion, Currency, conversion_of

DEFAULT_ORDER: Final = ("createdAt", True)
_CONTAINED: Final = frozenset({"customer", "project"})
_ESCAPED: Final = str.maketrans({"\\": "\\\\", "%": "\\%", "_": "\\_"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A quotation as JSON, and its ETag."""

    body: bytes
    etag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A quotation in a list."""

    quote_id: UUID
    number: str
    revision: int
    status: str
    verdict: str | None
    origin: str
    customer: str
    project: str
    quotation_date: date
    valid_until: date
    currency: str
    total: str | None
    conversion: Conversion | None
    trace_id: str
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Quotations:
    """A page of quotations; ``total`` counts at most 10,000."""

    items: tuple[Listed, ...]
    total: int


async def get(
    means: Means,
    principal: Principal,
    quote_id: UUID,
    locale: Locale = "ko",
    currency: Currency | None = None,
) -> Whole:
    """Return the quotation with its panels, gates, totals, documents, evidence, acceptances, revisions and the engine's whole result.

    In another ``currency`` totals and panels are shown by the quotation's own rate; what was issued (result, comparison) stays as it is.
    """
    principal.require(Permission.QUOTATION_READ)
    async with means.database.transaction(principal.scope) as session:
        row = await reading_queries.whole(session, quote_id)
    if row is None:
        raise QuotationNotFound(quote_id)
    body, etag = _body(row, locale), _etag(row, locale)
    if currency is not None and currency != row.currency:
        body |= _converted(row, currency)
        etag = f'{etag[:-1]}-{currency}"'
    return Whole(body=orjson.dumps(body, option=orjson.OPT_UTC_Z), etag=etag)


async def list_quotations(
    means: Means,
    principal: Principal,
    *,
    page: int = 1,
    size: int = 20,
    order: tuple[str, bool] = DEFAULT_ORDER,
    conditions: Sequence[tuple[str, str]] = (),
    currency: Currency | None = None,
    time_zone: ZoneInfo = BUSINESS_TIME,
) -> Quotations:
    """Return a page. ``order`` is a name of ``SORTS`` and whether it falls, ``conditions`` are names of ``FILTERS`` with their values. Raises BadInput."""
    principal.require(Permission.QUOTATION_READ)
    understood = _understood(conditions, time_zone)
    async with means.database.transaction(principal.scope) as session:
        rows, total = await reading_queries.page(
            session, understood, order, size, (page - 1) * size, with_exchange=currency is not None
        )
    return Quotations(tuple(_listed(row, currency) for row in rows), total)


SORTS: Final = {name: name for name in reading_queries.COLUMNS}
FILTERS: Final = {name: name for name in reading_queries.CONDITIONS}


def _etag(row: Row[Any], locale: Locale) -> str:
    """A quotation's version says when it changed; a later revision shows in it too, without changing it."""
    newest = row.revisions.count('"quoteId"')
    return f'"{row.version}-{row.event_sequence}-{newest}-{locale}"'


def _body(row: Row[Any], locale: Locale) -> dict[str, Any]:
    return {
        "quoteId": row.id,
        "number": row.number,
        "revision": row.revision,
        "status": row.status,
        "verdict": row.verdict,
        "origin": row.origin,
        "previousId": row.previous_id,
        "traceId": row.trace_id,
        "customer": row.customer_name,
        "project": row.project_name,
        "locale": row.locale,
        "currency": row.currency,
        "quotationDate": row.quotation_date,
        "validUntil": row.valid_until,
        "conversion": None,
        "totals": orjson.Fragment(row.totals),
        "panels": orjson.Fragment(row.panels),
        "gates": orjson.Fragment(row.gates),
        "documents": orjson.Fragment(row.documents),
        "evidence": orjson.Fragment(row.evidence),
        "acceptances": orjson.Fragment(row.acceptances),
        "revisions": orjson.Fragment(row.revisions),
        "comparison": None if row.comparison is None else orjson.Fragment(row.comparison),
        "failure": _failure(row.failure, locale),
        "documentsWanted": row.documents_wanted,
        "request": orjson.Fragment(row.request),
        "result": None if row.result is None else orjson.Fragment(bytes(row.result)),
        "version": row.version,
        "createdBy": row.created_by,
        **{name: _time(getattr(row, column)) for name, column in _TIMES.items()},
        "links": links_of(row.id, row.trace_id),
    }


def _converted(row: Row[Any], currency: Currency) -> dict[str, Any]:
    """Return what of the body is different in another currency."""
    conversion = conversion_of(row.number, row.currency, currency, orjson.loads(row.request).get("exchange"))
    assert conversion is not None, "another currency than its own"
    return {
        "currency": currency,
        "conversion": {
            "quotedIn": conversion.quoted_in,
            "krwPerUsd": str(conversion.krw_per_usd),
            "agreedOn": conversion.agreed_on,
        },
        "totals": conversion.totals(orjson.loads(row.totals)),
        "panels": conversion.panels(orjson.loads(row.panels)),
    }


_TIMES: Final = {
    "createdAt": "created_at",
    "updatedAt": "updated_at",
    "startedAt": "started_at",
    "completedAt": "completed_at",
    "sentAt": "sent_at",
    "closedAt": "closed_at",
}


def _time(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _failure(failure: Mapping[str, Any] | None, locale: Locale) -> dict[str, Any] | None:
    """Return why it failed in the reader's language."""
    if failure is None:
        return None
    told = {"code": failure["code"], "message": failure["message"][locale]}
    if "hint" in failure:
        told["hint"] = failure["hint"][locale]
    if "problems" in failure:
        told["problems"] = [
            {"path": problem["path"], "message": problem["message"][locale]}
            for problem in failure["problems"]
        ]
    return told


def _listed(row: Row[Any], currency: Currency | None) -> Listed:
    conversion = None
    if row.total is not None:
        conversion = conversion_of(row.number, row.currency, currency, row.exchange)
    return Listed(
        quote_id=row.id,
        number=row.number,
        revision=row.revision,
        status=row.status,
        verdict=row.verdict,
        origin=row.origin,
        customer=row.customer_name,
        project=row.project_name,
        quotation_date=row.quotation_date,
        valid_until=row.valid_until,
        currency=row.currency if conversion is None else conversion.shown_in,
        total=_total(row, conversion),
        conversion=conversion,
        trace_id=row.trace_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        completed_at=row.completed_at,
        sent_at=row.sent_at,
    )


def _total(row: Row[Any], conversion: Conversion | None) -> str | None:
    if row.total is None:
        return None
    return amount_text(row.total, row.currency) if conversion is None else conversion.amount(row.total)


def _understood(conditions: Sequence[tuple[str, str]], time_zone: ZoneInfo) -> list[tuple[str, object]]:
    """Return the conditions with their values as the database takes them. Raises BadInput naming every value that is none."""
    understood: list[tuple[str, object]] = []
    problems: list[Problem] = []
    for name, value in conditions:
        try:
            understood.append((name, _value(name, value, time_zone)))
        except (ValueError, OverflowError, InvalidOperation):
            problems.append(Problem(f"filter.{name}", Message(f"quotations.filter.{name}")))
    if problems:
        raise BadInput("filter", problems)
    return understood


def _value(name: str, value: str, time_zone: ZoneInfo) -> object:
    if name in _CONTAINED:
        return f"%{value.translate(_ESCAPED)}%"
    if name == "number":
        return f"{value.translate(_ESCAPED)}%"
    if name == "status":
        return "|".join(Status(each) for each in value.split("|"))
    if name in {"createdFrom", "createdTo"}:
        return _beginning(date.fromisoformat(value) + timedelta(days=name == "createdTo"), time_zone)
    if name in {"from", "to"}:
        return date.fromisoformat(value)
    return _bound(value) if name in {"totalFrom", "totalTo"} else value


def _beginning(day: date, time_zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), time_zone).astimezone(UTC)


def _bound(value: str) -> Decimal:
    amount = Decimal(value)
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14:
        raise ValueError(value)
    return amount
