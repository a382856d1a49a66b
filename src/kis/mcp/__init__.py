"""The MCP gateway: what the services do, as tools for agents, under the caller's own rights.

Importing this is cheap; the protocol's libraries are loaded when an agent comes.
"""

from pathlib import Path

from kis.mcp.http import McpApp, mcp_app
from kis.mcp.names import ALIASES, PATH, TOOLS
from kis.mcp.policies import Policies, load_policies
from kis.platform.configuration import Settings
from kis.platform.messages import Locale


async def serve_stdio(
    settings: Settings, locale: Locale, *, organization: str | None = None, policies: Path | None = None
) -> None:
    """Answer on standard input and output until the client goes. Raises BadInput, NotFound."""
    from kis.mcp.stdio import serve

    await serve(settings, locale, organization=organization, policies=policies)


def mcp_page() -> str:
    """Return the page docs/reference/mcp.md, made from the tools."""
    from kis.mcp.reference import render

    return render()


__all__ = [
    "ALIASES",
    "PATH",
    "TOOLS",
    "McpApp",
    "Policies",
    "load_policies",
    "mcp_app",
    "mcp_page",
    "serve_stdio",
]
