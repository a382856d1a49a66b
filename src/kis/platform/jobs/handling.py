"""What is done with the jobs of a kind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias

from sqlalchemy.ext.asyncio import AsyncSession

from kis.platform.errors import KisError
from kis.platform.jobs.context import JobContext

JobHandler: TypeAlias = Callable[[JobContext], Awaitable[None]]
"""Does the work of one try. What it writes outside of ``context.finishing()`` must be harmless when written twice."""
GiveUp: TypeAlias = Callable[[JobContext, KisError, AsyncSession], Awaitable[None]]
"""Writes what a failed job leaves behind, in the transaction that marks it failed."""


@dataclass(frozen=True, slots=True)
class Handling:
    """The handler of a kind of job, and what is particular to the kind."""

    run: JobHandler
    on_give_up: GiveUp | None = None
    timeout_seconds: float | None = None
    """For one try, where it is not that of the settings."""
