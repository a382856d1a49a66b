"""Both names of a tool are understood, whichever is listed."""

import mcp.types as protocol
from fastmcp.exceptions import NotFoundError
from fastmcp.server.middleware import CallNext, Middleware, MiddlewareContext
from fastmcp.tools.base import ToolResult

from kis.mcp.names import ALIASES, plain


class BothNames(Middleware):
    """Calls a tool that is not known by its other name."""

    async def on_call_tool(
        self,
        context: MiddlewareContext[protocol.CallToolRequestParams],
        call_next: CallNext[protocol.CallToolRequestParams, ToolResult],
    ) -> ToolResult:
        """Call the tool."""
        try:
            return await call_next(context)
        except NotFoundError:
            name = context.message.name
            other = ALIASES.get(name, plain(name))
            if other == name:
                raise
            message = context.message.model_copy(update={"name": other})
            return await call_next(context.copy(message=message))
