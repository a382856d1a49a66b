"""The contract: OpenAPI 3.1 made from the routes, the same bytes every time, so that the file in the repository can be compared with it."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kis.api.errors import ERRORS

API_VERSION: Final = "1.0.0"
"""Of the contract, not of the program: something new raises the second number, a breaking change the first."""

_DESCRIPTION: Final = """\
Checked, priced quotations for low-voltage distribution panels, with their documents and their evidence.

Names are camelCase. Times are RFC 3339 in UTC, amounts are text. `locale`, `currency` and `tz` say how the caller reads. Every error has the one shape `Error`;
every answer carries `X-Trace-Id`. A POST that makes something takes an `Idempotency-Key`; a change of something that can change meanwhile takes `If-Match`.
"""
_TAGS: Final[Mapping[str, str]] = {
    "quotations": "Requests in, quotations out: their life, their events.",
    "documents": "The documents of a quotation, by signed links.",
    "evidence": "What proves a quotation.",
    "catalog": "Parts.",
    "price books": "What parts and work cost.",
    "rulebooks": "The limits the engine keeps, and where they come from.",
    "knowledge": "Articles in Korean and English: their versions, their review, what belongs to them.",
    "search": "Found in articles, quotations and parts, within the rights of who asks.",
    "assistant": "Products predicted while one types, their manuals, answers that cite the page.",
    "analytics": "What is read, searched for and not found.",
    "identity": "Logins, users, organisations, keys.",
    "administration": "The state of the installation, its jobs, features and index.",
    "operations": "Is it alive, is it ready, what does it say about itself.",
}
_TRACE_HEADER: Final = {
    "description": "The trace id of this answer, in its log lines and in what it began.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}


def contract_of(app: FastAPI) -> dict[str, Any]:
    """Return the contract of ``app``, made once."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="KIS",
            version=API_VERSION,
            description=_DESCRIPTION,
            license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
            routes=app.routes,
            separate_input_output_schemas=True,
        )
        app.openapi_schema = _finished(made)
    return app.openapi_schema


def contract_yaml(contract: Mapping[str, Any]) -> str:
    """Return the contract as the file of the repository holds it."""
    import yaml

    dumper: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(dict(contract), Dumper=dumper, sort_keys=False, allow_unicode=True, width=140)
    return text


def _finished(contract: dict[str, Any]) -> dict[str, Any]:
    """Say once what every route says: the errors and the trace header."""
    components = contract.setdefault("components", {})
    tags, statuses = set(), set()
    for path in contract["paths"].values():
        for operation in path.values():
            tags.update(operation.get("tags", ()))
            for status, response in operation["responses"].items():
                if _is_error(response):
                    statuses.add(int(status))
                    operation["responses"][status] = {"$ref": f"#/components/responses/{_name(int(status))}"}
                else:
                    headers = response.setdefault("headers", {})
                    headers["X-Trace-Id"] = {"$ref": "#/components/headers/TraceId"}
    components["headers"] = {"TraceId": _TRACE_HEADER}
    components["responses"] = {_name(status): _response(status) for status in sorted(statuses)}
    components["schemas"] = dict(sorted(components.get("schemas", {}).items()))
    contract["servers"] = [{"url": "/", "description": "This installation."}]
    contract["tags"] = [
        {"name": name, "description": _TAGS[name]} for name in sorted(tags, key=list(_TAGS).index)
    ]
    contract["paths"] = dict(sorted(contract["paths"].items()))
    return contract


def _is_error(response: Mapping[str, Any]) -> bool:
    """Tell whether a response is the one shape; FastAPI puts it under the media type of the route's good answer."""
    contents = response.get("content", {}).values()
    return any(content.get("schema", {}).get("$ref", "").endswith("/ErrorBody") for content in contents)


def _name(status: int) -> str:
    return ERRORS[status].replace(" ", "")


def _response(status: int) -> dict[str, Any]:
    return {
        "description": ERRORS[status],
        "headers": {"X-Trace-Id": {"$ref": "#/components/headers/TraceId"}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}},
    }
