"""The names of the tools, and of the place they are reached at.

MCP takes letters, digits, ``_``, ``-`` and ``.`` in a tool's name (at most 128), so the names of the work stand as they are: ``enclosure.solve``.
Some programs that hand tools to a model take no dots; each tool is therefore also understood as ``enclosure_solve``.
"""

from typing import Final

TOOLS: Final = (
    "enclosure.solve",
    "enclosure.validate",
    "layout.place_breakers",
    "layout.check_clearance",
    "layout.balance_phases",
    "estimate.create",
    "estimate.format",
    "estimate.export",
    "doc.cover_generate",
    "doc.apply_branding",
    "doc.lint",
    "doc.policy_check",
    "catalog.search",
    "knowledge.search",
    "evidence.verify",
    "regression.run",
)
"""Every tool, in the order of the work."""


def plain(name: str) -> str:
    """Return a tool's name without dots."""
    return name.replace(".", "_")


ALIASES: Final = {plain(name): name for name in TOOLS}
"""Other names a tool is called by."""

PATH: Final = "/mcp"
"""Where the API serves the gateway."""
PRINCIPAL: Final = "kis.principal"
"""Where a request's scope holds its caller."""
