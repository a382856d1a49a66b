"""What a tool works with: the services, who is calling in which language, its policy, and how to tell how far it is."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

from kis.application import Application
from kis.identity import Principal
from kis.mcp.answers import GateFacts, failing_of
from kis.mcp.errors import GateStopped
from kis.mcp.policies import OnFailure, Policy
from kis.platform.messages import Locale

Made = TypeVar("Made")
Report = Callable[[float, float | None, str | None], Coroutine[Any, Any, None]]
"""Progress, out of how much, and a sentence."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with an answer."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is calling, and the language they read."""

    principal: Principal
    locale: Locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One call of one tool."""

    application: Application
    caller: Caller
    tool: str
    policy: Policy
    report: Report
    engine: ThreadPoolExecutor
    """The threads the engine works in, beside the other work of the process."""
    call_id: str = field(default_factory=lambda: uuid4().hex)
    """The same for every try of one call."""
    attachments: list[Attachment] = field(default_factory=list)

    @property
    def principal(self) -> Principal:
        """Return who is calling."""
        return self.caller.principal

    @property
    def locale(self) -> Locale:
        """Return the language of the answer."""
        return self.caller.locale

    def admit(self, gates: list[GateFacts]) -> None:
        """Raise GateStopped when a gate this tool requires fails and its policy is to stop."""
        failing = failing_of(gates, self.policy.requires)
        if failing and self.policy.on_failure is OnFailure.STOP:
            raise GateStopped(self.tool, failing)

    def attach(self, name: str, media_type: str, data: bytes) -> None:
        """Send a file with the answer."""
        self.attachments.append(Attachment(name, media_type, data))

    async def work(self, act: Callable[[], Made]) -> Made:
        """Do the engine's work in one of its threads; wait while all of them are busy."""
        context = copy_context()
        return await asyncio.get_running_loop().run_in_executor(self.engine, lambda: context.run(act))
