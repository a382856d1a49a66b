"""What a handler is given: its job, a way to tell how far it is, and the one transaction that ends it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.crossing import crossing
from kis.platform.database import Database, Scope
from kis.platform.events import announce
from kis.platform.jobs import repository
from kis.platform.jobs.errors import LeaseLost
from kis.platform.jobs.queue import topic_of
from kis.platform.jobs.repository import Claimed


class JobContext:
    """One try of one job."""

    def __init__(self, claimed: Claimed, database: Database) -> None:
        self.claimed = claimed
        self.database = database
        self.is_finished = False
        """Whether ``finishing`` was committed: the job is done, and nothing more is written about it."""
        self.is_finishing = False

    @property
    def job_id(self) -> UUID:
        """Return the id of the job."""
        return self.claimed.id

    @property
    def kind(self) -> str:
        """Return the kind of the job."""
        return self.claimed.kind

    @property
    def subject_id(self) -> UUID | None:
        """Return what the job is about."""
        return self.claimed.subject_id

    @property
    def organization_id(self) -> UUID | None:
        """Return whose job it is."""
        return self.claimed.organization_id

    @property
    def payload(self) -> dict[str, Any]:
        """Return what was given with it."""
        return self.claimed.payload

    @property
    def attempt(self) -> int:
        """Return which try this is, from 1."""
        return self.claimed.attempt

    @property
    def trace_id(self) -> str:
        """Return the trace id under which it was asked for."""
        return self.claimed.trace_id

    @property
    def scope(self) -> Scope | None:
        """Return the scope of the organisation whose job it is."""
        return None if self.organization_id is None else Scope(self.organization_id)

    async def progress(self, **facts: Any) -> None:
        """Keep ``facts`` as the job's progress and wake whoever watches it. Raises LeaseLost when it is no longer ours: then stop."""
        async with self.database.service(self.scope) as session:
            if not await repository.set_progress(session, self.claimed, facts):
                raise LeaseLost
            await announce(session, topic_of(self.job_id))

    @asynccontextmanager
    async def finishing(self) -> AsyncIterator[AsyncSession]:
        """Give the transaction (service role) that holds the result and marks the job done: both or neither.

        Raises LeaseLost, before anything is written, when another worker has the job. Compute and upload first: this should be short.
        """
        self.is_finishing = True
        try:
            async with self.database.service(self.scope) as session:
                # First, so that the row stays locked: nobody else can end or take the job while this transaction is open.
                if not await repository.mark_done(session, self.claimed):
                    raise LeaseLost
                await announce(session, topic_of(self.job_id))  # heard at the commit
                # The last thing the body does is its line in the audit log, whose lock holds up all other writers: nothing comes after it.
                yield session
                await session.flush()
                crossing("job.finishing.before_commit")
            self.is_finished = True
        finally:
            self.is_finishing = False
