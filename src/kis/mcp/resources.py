"""What agents can read: parts of the catalogue, rulebooks, quotations, articles, and the form of a request."""

from typing import Any, Final
from urllib.parse import unquote
from uuid import UUID

import orjson
import structlog
from fastmcp import FastMCP
from mcp import MCPError
from mcp.types import INVALID_PARAMS

from kis.estimator import EstimateRequest, rule_value, rules
from kis.mcp.calling import House
from kis.mcp.errors import told
from kis.platform.errors import BadInput, KisError, NotFound
from kis.platform.messages import Message
from kis.platform.telemetry import current_trace_id, new_trace_id

JSON: Final = "application/json"
_SERVER_ERROR: Final = -32000
"""Of the codes JSON-RPC leaves to servers."""

_log = structlog.get_logger(__name__)


def add_resources(server: FastMCP, house: House) -> None:
    """Offer the resources on ``server``."""

    @server.resource("kis://request-schema", name="request-schema", mime_type=JSON)
    async def request_schema() -> str:
        """The form of a request for a quotation, as JSON Schema."""
        return _json(EstimateRequest.model_json_schema())

    @server.resource("kis://catalog/{kind}/{model*}", name="catalog", mime_type=JSON)
    async def catalog(kind: str, model: str) -> str:
        """A part: its figures and who stands behind each. ``kind`` is breaker, enclosure or accessory; ``model`` its model or key."""
        async with _refusals(house):
            principal = await house.callers.principal()
            item = await house.application.catalogs.items.find_named(principal, kind, unquote(model))
            if item is None:
                raise NotFound(Message("mcp.no_part", {"kind": kind, "model": model}))
            return _json(
                {
                    "kind": item.kind,
                    "key": item.key,
                    "make": item.make,
                    "model": item.model,
                    "is_own": item.is_own,
                    "columns": dict(item.columns),
                }
            )

    @server.resource("kis://rulebook/{id}", name="rulebook", mime_type=JSON)
    async def rulebook(id: str) -> str:  # noqa: A002 - the name in the address
        """A rulebook by its name (``kis-standard``, or with its version): every rule with value, source and how sure it is."""
        async with _refusals(house):
            principal, locale = await house.callers.principal(), house.callers.locale()
            head, held = await house.application.rulebooks.get(principal, unquote(id))
            shown = [
                {
                    "id": rule_id,
                    "text": getattr(rule.text, locale),
                    "value": rule_value(rule),
                    "source": rule.source,
                    "status": rule.status,
                }
                for rule_id, rule in rules(held)
            ]
            return _json({"id": head.name, "version": head.version, "sha256": head.digest, "rules": shown})

    @server.resource("kis://quotation/{id}", name="quotation", mime_type=JSON)
    async def quotation(id: UUID) -> str:  # noqa: A002 - the name in the address
        """A quotation whole: panels, gates, totals, documents, evidence."""
        async with _refusals(house):
            principal, locale = await house.callers.principal(), house.callers.locale()
            whole = await house.application.quotations.get(principal, id, locale=locale)
            return whole.body.decode()

    @server.resource("kis://article/{id}", name="article", mime_type=JSON)
    async def article(id: UUID) -> str:  # noqa: A002 - the name in the address
        """An article of the knowledge base whole: in each language its title, summary, tags and body (Markdown), and how far it is."""
        async with _refusals(house):
            shown = await house.application.knowledge.get(await house.callers.principal(), id)
            texts = {
                language.value: {
                    "title": text.words.title,
                    "summary": text.words.summary,
                    "tags": list(text.words.tags),
                    "body": text.words.body,
                    "state": text.state.value,
                }
                for language, text in shown.texts.items()
            }
            facts = {"id": shown.id, "slug": shown.slug, "type": shown.type, "version": shown.version}
            return _json({**facts, "texts": texts})


class _refusals:  # noqa: N801 - read as a phrase: async with _refusals(house)
    """Turns an error of the services into one of the protocol, in the caller's language."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def __aenter__(self) -> None:
        return None

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, KisError):
            shown = told(error, self._house.callers.locale(), current_trace_id() or new_trace_id())
            code = INVALID_PARAMS if isinstance(error, NotFound | BadInput) else _SERVER_ERROR
            raise MCPError(code, f"{shown['code']}: {shown['message']}", shown) from None
        if isinstance(error, Exception):
            _log.error("mcp.resource_failed", exc_info=error)


def _json(value: Any) -> str:
    return orjson.dumps(value, default=str).decode()
