"""Queries that read quotations for a face: one round trip each, the parts built as JSON by the database and passed on as they are."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

MOST_COUNTED: Final = 10_000
"""A list says how many it has up to here; who has more narrows the list, instead of having all of them counted each time."""

_WHOLE: Final = text(
    """
    SELECT q.id, q.number, q.revision, q.origin, q.status, q.verdict, q.previous_id, q.trace_id, q.customer_name, q.project_name,
      q.locale, q.currency, q.quotation_date, q.valid_until, q.version, q.created_by, q.created_at, q.updated_at, q.started_at,
      q.completed_at, q.sent_at, q.closed_at, q.failure, q.documents_wanted, q.event_sequence, q.result,
      q.totals::text AS totals, q.request::text AS request, q.comparison::text AS comparison,
      (SELECT coalesce(json_agg(json_build_object(
          'panelId', p.id, 'position', p.position, 'name', p.name, 'quantity', p.quantity, 'designed', p.is_designed,
          'enclosure', CASE WHEN p.enclosure_model IS NOT NULL THEN json_build_object(
            'model', p.enclosure_model, 'widthMm', p.width_mm, 'heightMm', p.height_mm, 'depthMm', p.depth_mm) END,
          'fitScore', p.fit_score,
          'phases', CASE WHEN p.phase_r_a IS NOT NULL THEN json_build_object(
            'r', p.phase_r_a, 's', p.phase_s_a, 't', p.phase_t_a, 'imbalance', p.imbalance) END,
          'unitSubtotal', round(p.unit_subtotal, greatest(scale(trim_scale(p.unit_subtotal)),
            CASE q.currency WHEN 'KRW' THEN 0 ELSE 2 END))::text) ORDER BY p.position), '[]')
        FROM estimator.panels p WHERE p.quote_id = q.id)::text AS panels,
      (SELECT coalesce(json_agg(json_build_object(
          'panel', nullif(g.panel, ''), 'gate', g.gate, 'stage', g.stage, 'verdict', g.verdict, 'measured', g.measured,
          'operator', g.operator, 'limit', g.limit, 'unit', g.unit, 'explanation', g.explanation, 'acceptance', g.acceptance)
          ORDER BY g.position), '[]')
        FROM estimator.gate_results g WHERE g.quote_id = q.id)::text AS gates,
      (SELECT coalesce(json_agg(json_build_object(
          'documentId', d.id, 'kind', d.kind, 'name', d.name, 'mediaType', d.media_type, 'sha256', d.sha256, 'size', d.size)
          ORDER BY d.name), '[]')
        FROM estimator.documents d WHERE d.quote_id = q.id AND d.trace_id = q.trace_id)::text AS documents,
      (SELECT coalesce(json_agg(json_build_object(
          'traceId', e.trace_id, 'sha256', e.sha256, 'sequence', e.sequence,
          'createdAt', to_char(e.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY e.sequence DESC), '[]')
        FROM estimator.evidence_packs e WHERE e.quote_id = q.id)::text AS evidence,
      (SELECT coalesce(json_agg(json_build_object(
          'panel', nullif(a.panel, ''), 'gate', a.gate, 'measured', a.measured, 'reason', a.reason, 'acceptedBy', a.accepted_by,
          'acceptedName', a.accepted_name,
          'acceptedAt', to_char(a.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY a.created_at, a.id), '[]')
        FROM estimator.gate_acceptances a WHERE a.quote_id = q.id)::text AS acceptances,
      (SELECT json_agg(json_build_object('quoteId', r.id, 'revision', r.revision, 'status', r.status, 'origin', r.origin)
          ORDER BY r.revision)
        FROM estimator.quotes r WHERE r.organization_id = q.organization_id AND r.number = q.number)::text AS revisions
    FROM estimator.quotes q WHERE q.id = :quote_id
    """
)

COLUMNS: Final[Mapping[str, str]] = {
    "createdAt": "q.created_at",
    "updatedAt": "q.updated_at",
    "number": "q.number",
    "status": "q.status",
    "customer": "q.customer_name",
    "project": "q.project_name",
    "quotationDate": "q.quotation_date",
    "total": "q.total",
}
"""What a list can be sorted by."""

UNKNOWN_AT_FIRST: Final = frozenset({"total"})
"""Come last, rising or falling. The others are never empty: said of them, it would keep PostgreSQL from reading an index in its order."""

CONDITIONS: Final[Mapping[str, str]] = {
    "status": "q.status = ANY(string_to_array(:{name}, '|'))",
    "verdict": "q.verdict = :{name}",
    "currency": "q.currency = :{name}",
    "customer": "q.customer_name ILIKE :{name}",
    "project": "q.project_name ILIKE :{name}",
    "number": "q.number ILIKE :{name}",
    "from": "q.quotation_date >= CAST(:{name} AS date)",
    "to": "q.quotation_date <= CAST(:{name} AS date)",
    "createdFrom": "q.created_at >= CAST(:{name} AS timestamptz)",
    "createdTo": "q.created_at < CAST(:{name} AS timestamptz)",
    "totalFrom": "q.total >= CAST(:{name} AS numeric)",
    "totalTo": "q.total <= CAST(:{name} AS numeric)",
}
"""What a list can be filtered by; every value is a parameter."""


_EXCHANGE: Final = "q.request->'exchange'"


async def whole(session: AsyncSession, quote_id: UUID) -> Row[Any] | None:
    """Return a quotation with all that belongs to it."""
    return (await session.execute(_WHOLE, {"quote_id": quote_id})).one_or_none()


async def page(
    session: AsyncSession,
    conditions: Sequence[tuple[str, object]],
    order: tuple[str, bool],
    size: int,
    offset: int,
    *,
    with_exchange: bool = False,
) -> tuple[Sequence[Row[Any]], int]:
    """Return a page of quotations and how many there are (at most MOST_COUNTED). ``conditions`` and ``order`` are by the names above.

    The rate of exchange is inside the request, which is large: it is read only where it is needed.
    """
    where, values = _where(conditions)
    column, falling = order
    direction = "DESC" if falling else "ASC"
    if column in UNKNOWN_AT_FIRST:
        direction += " NULLS LAST"
    # Names and SQL come from the two tables above; what a caller writes is only ever a parameter.
    listed = text(
        "SELECT q.id, q.number, q.revision, q.status, q.verdict, q.origin, q.customer_name, q.project_name, q.quotation_date, "  # noqa: S608 - see above
        "q.valid_until, q.currency, q.total, q.trace_id, q.created_at, q.updated_at, q.completed_at, q.sent_at, "
        f"{_EXCHANGE if with_exchange else 'NULL'} AS exchange "
        f"FROM estimator.quotes q WHERE {where} ORDER BY {COLUMNS[column]} {direction}, q.id LIMIT :size OFFSET :offset"
    )
    counted = text(
        f"SELECT count(*) FROM (SELECT 1 FROM estimator.quotes q WHERE {where} LIMIT :most) AS found"  # noqa: S608 - see above
    )
    rows = (await session.execute(listed, {**values, "size": size, "offset": offset})).all()
    if len(rows) < size and (rows or offset == 0):
        return rows, offset + len(rows)
    total = await session.scalar(counted, {**values, "most": MOST_COUNTED})
    return rows, int(total or 0)


def _where(conditions: Sequence[tuple[str, object]]) -> tuple[str, dict[str, object]]:
    parts, values = ["true"], {}
    for position, (name, value) in enumerate(conditions):
        parameter = f"value_{position}"
        parts.append(CONDITIONS[name].format(name=parameter))
        values[parameter] = value
    return " AND ".join(parts), values
