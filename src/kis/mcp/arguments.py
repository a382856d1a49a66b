"""Arguments a tool cannot take are told in our own words: the library would hand on pydantic's, with what was given in them."""

import mcp.types as protocol
import structlog
from fastmcp.exceptions import ValidationError
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools.base import ToolResult
from pydantic import ValidationError as ArgumentError

from kis.mcp.calling import Callers, refused
from kis.mcp.errors import BadArguments, told
from kis.platform.telemetry import bind_trace, current_trace_id, new_trace_id
from kis.platform.validation import problems_of

_log = structlog.get_logger(__name__)


class Arguments(Middleware):
    """Answers a call whose arguments are not those of its tool."""

    def __init__(self, callers: Callers) -> None:
        self._callers = callers

    async def on_call_tool(
        self,
        context: MiddlewareContext[protocol.CallToolRequestParams],
        call_next: CallNext[protocol.CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        """Call the tool."""
        try:
            return await call_next(context)
        except ValidationError as error:
            cause = error.__cause__
            if not isinstance(cause, ArgumentError):
                raise
            tool = context.message.name
            problems = problems_of(cause.errors(include_url=False))
            with bind_trace(current_trace_id() or new_trace_id()):
                _log.info("mcp.arguments_refused", tool=tool, problems=len(problems))
                return refused(told(BadArguments(tool, problems), self._callers.locale(), current_trace_id()))
