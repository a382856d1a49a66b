"""What goes wrong at the gateway, and how every error reaches an agent.

Unavailable
└── ToolTimedOut             a tool took longer than its policy gives it
Conflict
└── GateStopped              a gate that must hold before this step fails
BadInput
└── BadArguments             arguments that are not those of the tool
Unauthenticated
└── NoCaller                 no credential came with the call

An error of the services is an answer, not a broken call: ``isError`` with ``{code, message, hint?, traceId, meta}`` as structured content, the shape
of the API, in the caller's language. An unexpected one says nothing of the inside; its trace id leads to the log.
"""

from collections.abc import Sequence
from typing import Any

from kis.mcp.answers import GateFacts
from kis.platform.errors import BadInput, Conflict, KisError, Problem, Unauthenticated, Unavailable
from kis.platform.messages import Locale, Message

MOST_PROBLEMS = 100


class ToolTimedOut(Unavailable):
    """A tool took longer than its policy gives it."""

    code = "tool_timed_out"
    status_code = 504

    def __init__(self, tool: str, timeout_seconds: float) -> None:
        super().__init__(
            Message("mcp.timed_out", {"tool": tool, "seconds": f"{timeout_seconds:g}"}),
            hint=Message("mcp.timed_out_hint"),
            tool=tool,
            timeoutSeconds=timeout_seconds,
        )


class GateStopped(Conflict):
    """A gate that must hold before this step fails."""

    code = "gate_stopped"

    def __init__(self, tool: str, gates: Sequence[GateFacts]) -> None:
        named = ", ".join(f"{gate.panel}: {gate.id}" if gate.panel else gate.id for gate in gates)
        super().__init__(
            Message("mcp.stopped", {"tool": tool, "gates": named}),
            hint=Message("mcp.stopped_hint"),
            tool=tool,
            gates=[gate.model_dump(mode="json") for gate in gates],
        )


class BadArguments(BadInput):
    """The arguments are not those of the tool."""

    def __init__(self, tool: str, problems: Sequence[Problem]) -> None:
        super().__init__(tool, problems)


class NoCaller(Unauthenticated):
    """No credential came with the call."""

    def __init__(self) -> None:
        super().__init__(Message("mcp.no_caller"), hint=Message("mcp.no_caller_hint"))


def told(error: KisError, locale: Locale, trace_id: str) -> dict[str, Any]:
    """Return ``error`` as an agent is told it."""
    meta = dict(error.meta)
    if isinstance(error, BadInput):
        meta["problems"] = [
            {"path": problem.path, "message": problem.message.text(locale)}
            for problem in error.problems[:MOST_PROBLEMS]
        ]
    shown: dict[str, Any] = {"code": error.code, "message": error.message.text(locale)}
    if error.hint is not None:
        shown["hint"] = error.hint.text(locale)
    return {**shown, "traceId": trace_id, "meta": meta}
