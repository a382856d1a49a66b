"""Calling a tool: under the caller's rights, within its policy, every error told in one shape.

A tool is a function whose first argument is its :class:`~kis.mcp.desk.Desk`; agents see the other arguments. It raises what the services raise.
"""

import asyncio
import base64
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol, get_type_hints

import structlog
from fastmcp.server.dependencies import get_context
from fastmcp.tools.base import ToolResult
from mcp.types import BlobResourceContents, EmbeddedResource, TextContent

from kis.application import Application
from kis.identity import Principal
from kis.mcp.answers import Answer
from kis.mcp.desk import Attachment, Caller, Desk, Report
from kis.mcp.errors import ToolTimedOut, told
from kis.mcp.policies import Policies, Policy
from kis.platform.errors import KisError, Unavailable
from kis.platform.messages import Locale, Message
from kis.platform.telemetry import bind_trace, current_trace_id, new_trace_id

Tool = Callable[..., Awaitable[Answer]]

FIRST_PAUSE_SECONDS: Final = 0.2
"""Before the first retry; each further one waits twice as long."""
REPORT_PATIENCE_SECONDS: Final = 5.0
"""A client that does not read its progress must not hold a call."""

_log = structlog.get_logger(__name__)


class Callers(Protocol):
    """Tells who is making the present call."""

    async def principal(self) -> Principal:
        """Return who is calling. Raises Unauthenticated."""
        ...

    def locale(self) -> Locale:
        """Return the language they read."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What all calls have in common."""

    application: Application
    policies: Policies
    callers: Callers
    engine: ThreadPoolExecutor


def governed(name: str, tool: Tool, house: House) -> Callable[..., Awaitable[ToolResult]]:
    """Return ``tool`` as agents call it: its signature without the desk."""

    async def call(**arguments: Any) -> ToolResult:
        with bind_trace(current_trace_id() or new_trace_id()):
            return await _answered(name, tool, house, arguments)

    signature = inspect.signature(tool)
    parameters = list(signature.parameters.values())[1:]
    hints = get_type_hints(tool, include_extras=True)
    shown = {parameter.name: hints[parameter.name] for parameter in parameters}
    call.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]  # how a signature is given
    call.__annotations__ = {**shown, "return": Answer}
    call.__name__ = tool.__name__
    call.__doc__ = tool.__doc__
    return call


async def _answered(name: str, tool: Tool, house: House, arguments: dict[str, Any]) -> ToolResult:
    locale, policy = house.callers.locale(), house.policies.tools[name]
    started = asyncio.get_running_loop().time()
    try:
        desk = Desk(
            application=house.application,
            caller=Caller(principal=await house.callers.principal(), locale=locale),
            tool=name,
            policy=policy,
            report=_reporter(),
            engine=house.engine,
        )
        made = await _within(policy, lambda: tool(desk, **arguments), name)
        _log.info("mcp.tool_called", tool=name, verdict=made.verdict, seconds=_since(started))
        words = TextContent(type="text", text=made.says)
        files = [_embedded(one) for one in desk.attachments]
        return ToolResult(content=[words, *files], structured_content=made.model_dump(mode="json"))
    except KisError as error:
        _log.info("mcp.tool_refused", tool=name, code=error.code, seconds=_since(started))
        return refused(told(error, locale, current_trace_id()))
    except Exception:  # noqa: BLE001 - the edge: whatever it is, the agent gets an answer and the log the cause
        _log.exception("mcp.tool_failed", tool=name)
        failure = KisError(Message("mcp.internal"))
        return refused(told(failure, locale, current_trace_id()))


def _embedded(file: Attachment) -> EmbeddedResource:
    """Return a file as part of an answer."""
    blob = base64.b64encode(file.data).decode()
    contents = BlobResourceContents(uri=f"kis://attachment/{file.name}", mime_type=file.media_type, blob=blob)
    return EmbeddedResource(type="resource", resource=contents)


def refused(shown: dict[str, Any]) -> ToolResult:
    """Return an error as an agent is told it: in words, and as data."""
    words = [f"{shown['code']}: {shown['message']}", *([shown["hint"]] if "hint" in shown else [])]
    words += [f"- {problem['path']}: {problem['message']}" for problem in shown["meta"].get("problems", [])]
    return ToolResult(
        content=[TextContent(type="text", text="\n".join(words))], structured_content=shown, is_error=True
    )


async def _within(policy: Policy, work: Callable[[], Awaitable[Answer]], name: str) -> Answer:
    """Do ``work`` within the time of the policy, again where something it needs was away for a moment."""
    try:
        async with asyncio.timeout(policy.timeout_seconds):
            for attempt in range(policy.retries):
                try:
                    return await work()
                except Unavailable:
                    _log.warning("mcp.tool_retried", tool=name, attempt=attempt + 1)
                    await asyncio.sleep(FIRST_PAUSE_SECONDS * 2**attempt)
            return await work()
    except TimeoutError as error:
        raise ToolTimedOut(name, policy.timeout_seconds) from error


def _reporter() -> Report:
    """Return how progress is told to the client of the present call; one that asked for none is told nothing."""
    context = get_context()

    async def report(done: float, of: float | None = None, message: str | None = None) -> None:
        with suppress(Exception):  # whatever keeps a client from hearing, the work goes on
            async with asyncio.timeout(REPORT_PATIENCE_SECONDS):
                await context.report_progress(done, of, message)

    return report


def _since(started: float) -> float:
    return round(asyncio.get_running_loop().time() - started, 3)
