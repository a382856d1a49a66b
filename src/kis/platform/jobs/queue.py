"""Asking for work."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.errors import Conflict
from kis.platform.jobs import repository
from kis.platform.messages import Message

TOPIC: Final = "jobs"
"""Announced when there may be something to do."""


def topic_of(job_id: UUID) -> str:
    """Return the topic announced when that job gets on or ends."""
    return f"job:{job_id}"


async def enqueue(  # noqa: PLR0913 - a job's columns, by name
    session: AsyncSession,
    *,
    kind: str,
    subject_id: UUID | None,
    organization_id: UUID | None,
    trace_id: str,
    payload: dict[str, Any] | None = None,
    dedup_key: str | None = None,
    priority: int = 100,
    run_after: datetime | None = None,
) -> UUID:
    """Write a job in the caller's transaction and return its id; it is taken up once that commits.

    With a ``dedup_key`` there is one job of that key for as long as its row is kept: the id of the first is returned again.
    """
    job_id = uuid4()
    values: dict[str, Any] = {
        "id": job_id,
        "kind": kind,
        "subject_id": subject_id,
        "organization_id": organization_id,
        "trace_id": trace_id,
        "payload": payload or {},
        "dedup_key": dedup_key,
        "priority": priority,
    }
    if run_after is not None:
        values["run_after"] = run_after
    if not await repository.insert_job(session, values, TOPIC):
        assert dedup_key is not None, "only a deduplication key can be taken"
        earlier = await repository.find_by_dedup_key(session, dedup_key)
        if earlier is None:
            raise Conflict(Message("jobs.dedup_key_taken"))
        return earlier
    return job_id
