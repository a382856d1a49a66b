"""Requests for quotations as bodies: JSON or YAML, in the shape of a request file."""

from typing import Any, Final

from fastapi import Request

from kis.api.errors import unsupported_media
from kis.estimator import ParsedRequest
from kis.quotations import read_body

JSON: Final = "application/json"
YAML: Final = ("application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml")

_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "A request as in docs/reference/request.md; the words of the trade and the predecessor's shape are understood too.",
    "examples": [
        {
            "customer": {"name": "한빛전설"},
            "project": "사무동 3층 전등 분전반",
            "panels": [
                {
                    "name": "LP-3F",
                    "make": "Sangdo",
                    "mains": [{"kind": "MCCB", "poles": 4, "rating_a": 100}],
                    "branches": [{"kind": "ELB", "poles": 2, "rating_a": 20, "quantity": 6}],
                }
            ],
        }
    ],
}
REQUEST_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {JSON: {"schema": _SCHEMA}, YAML[0]: {"schema": _SCHEMA}},
    }
}
"""What the contract says of such a body."""


async def read_request(request: Request) -> ParsedRequest:
    """Return the request for a quotation in the body. Raises BadInput with every problem, UnsupportedMedia."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == JSON:
        return await read_body(await request.body(), "json")
    if kind in YAML:
        return await read_body(await request.body(), "yaml")
    raise unsupported_media(request.scope, JSON, YAML[0])
