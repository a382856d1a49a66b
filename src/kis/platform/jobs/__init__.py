"""Durable work: a row per job, done exactly once in effect, whoever dies on the way.

``enqueue(session, …)`` writes the job in the caller's transaction. An :class:`Executor` takes it by a lease, runs the handler of its kind and
renews the lease meanwhile. The handler computes what it likes and then writes everything it has to show in one transaction::

    async with context.finishing() as session:
        ...rows of the result...

which also marks the job done, and only if this worker still holds it. So a job may be *tried* more than once (a killed worker's lease runs
out and another takes it up) but has its effect once, whole, or not at all. Celery carries ids of jobs and nothing else: docs/adr/0014.

State: queued → running → done | failed; back to queued for another try (later each time) or when a stopping worker hands it back.
"""

from kis.platform.jobs.backoff import Backoff
from kis.platform.jobs.cleaning import MOST_ROWS
from kis.platform.jobs.context import JobContext
from kis.platform.jobs.dispatch import Dispatcher
from kis.platform.jobs.errors import HandlerFailed, JobTimedOut, LeaseLost, Permanent, WorkerLost, described
from kis.platform.jobs.executor import Executor
from kis.platform.jobs.handling import GiveUp, Handling, JobHandler
from kis.platform.jobs.housekeeping import Chore, Housekeeping, standard_chores
from kis.platform.jobs.models import ApiMetric, IdempotencyKey, Job, OutboxMessage
from kis.platform.jobs.queue import TOPIC, enqueue, topic_of
from kis.platform.jobs.repository import Claimed
from kis.platform.jobs.runner import Outcome

__all__ = [
    "MOST_ROWS",
    "TOPIC",
    "ApiMetric",
    "Backoff",
    "Chore",
    "Claimed",
    "Dispatcher",
    "Executor",
    "GiveUp",
    "HandlerFailed",
    "Handling",
    "Housekeeping",
    "IdempotencyKey",
    "Job",
    "JobContext",
    "JobHandler",
    "JobTimedOut",
    "LeaseLost",
    "OutboxMessage",
    "Outcome",
    "Permanent",
    "WorkerLost",
    "described",
    "enqueue",
    "standard_chores",
    "topic_of",
]
