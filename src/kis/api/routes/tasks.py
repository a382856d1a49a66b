"""Work that goes on after its answer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from kis.api.dependencies import App, Caller, TraceId
from kis.api.errors import errors
from kis.api.schemas.documents import Task

router = APIRouter(prefix="/v1/tasks", tags=["documents"])


@router.get("/{task_id}", responses=errors(401, 403, 404))
async def get_task(app: App, caller: Caller, trace_id: TraceId, task_id: Annotated[UUID, Path()]) -> Task:
    """Return how far a task is; a finished one comes with the link to what it made."""
    task = await app.quotations.task(caller, task_id)
    return Task(
        task_id=task.task_id,
        kind=task.kind,
        status=task.status,
        progress=dict(task.progress),
        error=None if task.error is None else dict(task.error),
        signed_url=task.signed_url,
        created_at=task.created_at,
        finished_at=task.finished_at,
        trace_id=trace_id,
    )
