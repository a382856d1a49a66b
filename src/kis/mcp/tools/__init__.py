"""The tools. Adding one is a function here, its name in ``kis.mcp.names`` and its policy in ``policies.yaml``."""

from collections.abc import Mapping
from typing import Final

from kis.mcp.calling import Tool
from kis.mcp.tools import catalog, documents, enclosure, estimate, evidence, knowledge, layout, regression

FUNCTIONS: Final[Mapping[str, Tool]] = {
    "enclosure.solve": enclosure.solve,
    "enclosure.validate": enclosure.validate,
    "layout.place_breakers": layout.place_breakers,
    "layout.check_clearance": layout.check_clearance,
    "layout.balance_phases": layout.balance_phases,
    "estimate.create": estimate.create,
    "estimate.format": estimate.format_documents,
    "estimate.export": estimate.export,
    "doc.cover_generate": documents.cover_generate,
    "doc.apply_branding": documents.apply_branding,
    "doc.lint": documents.lint,
    "doc.policy_check": documents.policy_check,
    "catalog.search": catalog.search,
    "knowledge.search": knowledge.search,
    "evidence.verify": evidence.verify,
    "regression.run": regression.run,
}

READING: Final = frozenset(FUNCTIONS) - {"estimate.create"}
"""Tools that change nothing."""
