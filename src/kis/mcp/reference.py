"""The reference page of the gateway, made from its tools, policies, resources and prompts."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, cast

from fastmcp import FastMCP

from kis.application import Application
from kis.mcp.callers import HttpCallers
from kis.mcp.names import PATH, plain
from kis.mcp.policies import Policies, load_policies
from kis.mcp.server import build_server

_HEAD: Final = f"""# MCP gateway: tools, resources, prompts

Made from the program (`./kis docs --write`). How to connect: [how-to](../how-to/mcp.md); why it is so: [0018](../adr/0018-mcp-gateway.md).

Over streamable HTTP at `{PATH}` beside the API, with `Authorization: Bearer …` or `X-API-Key: …` on every request; over stdio with `./kis mcp`. The server keeps no session.

Every answer has the same form:

| field | is |
| --- | --- |
| `tool` | the tool's name |
| `verdict` | the worst of the gates: `pass` `remark` `fail` `not_applicable` `not_checked` |
| `proceed` | false when a gate fails |
| `says` | the same in one sentence, in the caller's language |
| `gates` | each gate with `stage`, `panel`, `measured`, `operator`, `limit`, `unit`, `explanation` |
| `result` | what the tool found |
| `evidence` | `kind: pack` with the digest of the signed pack and its `trace_id`; where no pack was made `kind: result` with the SHA-256 of `result` as canonical JSON (RFC 8785) |

An error is an answer with `isError` and the shape of the API: `code`, `message`, `hint`, `traceId`, `meta` (of bad input `meta.problems` with every problem), in the language of `Accept-Language`.
Besides those of the services: `tool_timed_out`, `gate_stopped` (with the gates in `meta.gates`), `quotation_failed`, `quotation_not_finished`.
"""


def render() -> str:
    """Return docs/reference/mcp.md."""
    policies = load_policies()
    server = build_server(cast("Application", None), HttpCallers(), policies)
    return "\n".join([_HEAD, *asyncio.run(_sections(server, policies))])


async def _sections(server: FastMCP, policies: Policies) -> list[str]:
    tools = await server.list_tools()
    resources = [*await server.list_resources(), *await server.list_resource_templates()]
    prompts = await server.list_prompts()
    return [
        "## Tools\n",
        "Times, retries and gates are the policies in `src/kis/mcp/policies.yaml`; `./kis mcp --policies FILE` takes others. Arguments with * are required.\n",
        *_table(
            ("tool", "also called", "time, s", "retries", "requires gates of", "when one fails"),
            (_policy_row(tool.name, policies) for tool in tools),
        ),
        *(line for tool in tools for line in _tool(tool.name, tool.description or "", tool.parameters)),
        "## Resources\n",
        *_table(("address", "is"), ((f"`{_address(one)}`", _one_line(one.description)) for one in resources)),
        "## Prompts\n",
        *_table(("prompt", "is"), ((f"`{one.name}`", _one_line(one.description)) for one in prompts)),
    ]


def _policy_row(name: str, policies: Policies) -> tuple[str, ...]:
    policy = policies.tools[name]
    return (
        f"`{name}`",
        f"`{plain(name)}`",
        f"{policy.timeout_seconds:g}",
        str(policy.retries),
        ", ".join(policy.requires) or "–",
        policy.on_failure.value if policy.requires else "–",
    )


def _tool(name: str, description: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{_one_line(description)}\n"
    required = schema.get("required", ())
    rows = [
        (f"`{argument}`" + (" *" if argument in required else ""), _type(shape), _one_line(_words(shape)))
        for argument, shape in schema.get("properties", {}).items()
    ]
    yield from _table(("argument", "type", ""), rows)


def _type(shape: Mapping[str, Any]) -> str:
    if "anyOf" in shape:
        kinds = dict.fromkeys(_type(one) for one in shape["anyOf"])
        return " or ".join(kind for kind in kinds if kind != "null")
    if "enum" in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if shape.get("type") == "array":
        return f"list of {_type(shape['items'])}"
    return str(shape.get("format") or shape.get("type", "any"))


def _words(shape: Mapping[str, Any]) -> str:
    if "description" in shape:
        return str(shape["description"])
    return next((str(one["description"]) for one in shape.get("anyOf", ()) if "description" in one), "")


def _address(resource: Any) -> str:
    return str(getattr(resource, "uri_template", None) or resource.uri)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield _row(head)
    yield _row(("---",) * len(head))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
