"""What a worker process does, and with what."""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TypeAlias

from kis.platform.configuration import JobSettings
from kis.platform.database import Database
from kis.platform.events import EventHub
from kis.platform.jobs import Backoff, Chore, Handling, JobHandler, standard_chores
from kis.platform.outbox import TopicHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """The means and duties of a worker process."""

    database: Database
    hub: EventHub
    settings: JobSettings
    handlers: Mapping[str, Handling | JobHandler]
    """By kind of job."""
    topics: Mapping[str, TopicHandler] = field(default_factory=dict)
    """By topic of message."""
    chores: tuple[Chore, ...] = field(default_factory=standard_chores)
    stop_seconds: float = 25.0
    """Given to what runs when the process is asked to stop."""
    backoff: Backoff = field(default_factory=Backoff)
    poll_seconds: float = 2.0
    lost_after_seconds: float = 30.0
    """When a job that was handed to the broker and not taken up is handed over again."""


WorkFactory: TypeAlias = Callable[[], AbstractAsyncContextManager[Work]]
"""Opens the work inside the process and event loop that will do it, and closes it at the end."""
