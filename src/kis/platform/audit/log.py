"""Writing the audit log: one row in the transaction of what it tells of, so that neither is ever there without the other."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.telemetry import current_trace_id

_APPEND: Final = text(
    "SELECT shared.append_audit(:organization_id, :actor, :action, :target, :before, :after, :address, :trace_id)"
).bindparams(
    bindparam("before", type_=JSONB(none_as_null=True)), bindparam("after", type_=JSONB(none_as_null=True))
)


async def record(  # noqa: PLR0913 - a word for each column of the log
    session: AsyncSession,
    *,
    organization_id: UUID | None,
    actor: str,
    action: str,
    target: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    address: str = "",
    trace_id: str = "",
) -> None:
    """Append a row: who (``user:<id>``, ``key:<id>``, ``system``) did what (``noun.verb``) to what (``noun:<id>``).

    ``before`` and ``after`` hold what changed, never a secret. The row gets its place in the chain when the transaction commits.
    """
    await session.execute(
        _APPEND,
        {
            "organization_id": organization_id,
            "actor": actor,
            "action": action,
            "target": target,
            "before": None if before is None else dict(before),
            "after": None if after is None else dict(after),
            "address": address,
            "trace_id": trace_id or current_trace_id(),
        },
    )
