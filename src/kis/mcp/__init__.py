"""The MCP gateway: what the services do, as tools for agents, under the caller's own rights."""

from kis.mcp.callers import LocalCaller
from kis.mcp.names import ALIASES, TOOLS
from kis.mcp.policies import Policies, load_policies
from kis.mcp.reference import mcp_page
from kis.mcp.server import PATH, McpApp, build_server, mcp_app
from kis.mcp.stdio import serve_stdio

__all__ = [
    "ALIASES",
    "PATH",
    "TOOLS",
    "LocalCaller",
    "McpApp",
    "Policies",
    "build_server",
    "load_policies",
    "mcp_app",
    "mcp_page",
    "serve_stdio",
]
