"""The gateway for agents: every tool and resource for every kind of caller. A call is one request, so it is made as one, without a client's help."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import httpx2
import orjson
import pytest

from kis.identity import Permission, Role
from tests.factories.quotations import request_of
from tests.factories.security import OF_TITLE, OWN_BREAKER, World
from tests.factories.security_operations import MAY

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROLES = tuple(Role)
ACCEPT: Final = {"Accept": "application/json, text/event-stream"}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool: what it needs, and arguments about something of ours or nobody's."""

    name: str
    needs: tuple[str, ...]
    arguments: Callable[[World], dict[str, Any]]
    names_one: bool = False


def of_request(_world: World) -> dict[str, Any]:
    return {"request": request_of()}


def of_quotation(world: World) -> dict[str, Any]:
    return {"quote_id": world.completed["quoteId"]}


def of_pack(world: World) -> dict[str, Any]:
    return {"trace_id": world.completed["traceId"]}


READING: Final = ("quotation.read", "evidence.read")
TOOLS: Final = (
    Tool("enclosure.solve", ("quotation.create",), of_request),
    Tool("enclosure.validate", ("quotation.create",), lambda _: {"request": request_of(), "width_mm": 900}),
    Tool("layout.place_breakers", ("quotation.create",), of_request),
    Tool("layout.check_clearance", ("quotation.create",), of_request),
    Tool("layout.balance_phases", ("quotation.create",), of_request),
    Tool("estimate.create", ("quotation.create",), of_request),
    Tool("estimate.format", READING, of_quotation, names_one=True),
    Tool("estimate.export", ("quotation.read", "document.read"), of_quotation, names_one=True),
    Tool("doc.cover_generate", (*READING, "document.read"), of_quotation, names_one=True),
    Tool("doc.apply_branding", ("quotation.create", "organization.read"), of_request),
    Tool("doc.lint", READING, of_quotation, names_one=True),
    Tool("doc.policy_check", READING, of_quotation, names_one=True),
    Tool("catalog.search", ("catalog.read",), lambda _: {"words": OWN_BREAKER["model"]}),
    Tool("knowledge.search", ("article.read",), lambda _: {"q": OF_TITLE, "sources": ["article"]}),
    Tool("evidence.verify", ("evidence.read",), of_pack, names_one=True),
    Tool(
        "regression.run", READING, lambda world: {"quote_ids": [world.completed["quoteId"]]}, names_one=True
    ),
)
RESOURCES: Final[dict[str, tuple[str, Callable[[World], str]]]] = {
    "quotation": ("quotation.read", lambda world: f"kis://quotation/{world.completed['quoteId']}"),
    "catalog": ("catalog.read", lambda _: f"kis://catalog/breaker/{OWN_BREAKER['model']}"),
    "article": ("article.read", lambda world: f"kis://article/{world.article.id}"),
    "rulebook": ("rulebook.read", lambda world: f"kis://rulebook/{world.rules}"),
}


async def said(
    world: World, key: str, method: str, **parameters: Any
) -> tuple[httpx2.Response, dict[str, Any]]:
    """Return the answer to a call, and what it says."""
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    async with world.at.client(headers={**ACCEPT, "X-API-Key": key}) as client:
        answer = await client.post("/mcp", json=call)
    assert answer.status_code == 200, answer.text
    line = next(line for line in answer.text.splitlines() if line.startswith("data: ") and '"id":1' in line)
    told: dict[str, Any] = orjson.loads(line.removeprefix("data: "))
    return answer, told


async def called(world: World, key: str, tool: Tool) -> tuple[httpx2.Response, dict[str, Any]]:
    answer, told = await said(world, key, "tools/call", name=tool.name, arguments=tool.arguments(world))
    return answer, told["result"]


def leaked(world: World, told: str, given: str) -> list[str]:
    """Return what of ours is in an answer and was not in the question."""
    return [word for word in sorted(world.told) if word in told and word not in given]


async def test_every_tool_is_in_the_table_once(world: World) -> None:
    _, told = await said(world, await world.at.key(world.ours), "tools/list")
    assert sorted(tool.name for tool in TOOLS) == sorted(each["name"] for each in told["result"]["tools"])


async def test_every_resource_is_in_the_table_once(world: World) -> None:
    key = await world.at.key(world.ours)
    _, told = await said(world, key, "resources/templates/list")
    assert sorted(RESOURCES) == sorted(each["name"] for each in told["result"]["resourceTemplates"])
    _, told = await said(world, key, "resources/list")
    assert [each["uri"] for each in told["result"]["resources"]] == ["kis://request-schema"]


class TestNobody:
    @pytest.mark.parametrize(
        "method",
        [
            "initialize",
            "tools/list",
            "tools/call",
            "resources/list",
            "resources/read",
            "prompts/list",
            "ping",
            "none",
        ],
    )
    async def test_gets_no_answer(self, world: World, method: str) -> None:
        call = {
            "jsonrpc": "2.0",
            "id": 1,
            "method": method,
            "params": {"name": "catalog.search", "arguments": {}},
        }
        somebody = await world.at.person(world.ours.id, Role.ADMIN)
        cookie = world.at.identity.cookies.session(somebody.session_id)
        wrong: tuple[dict[str, str], ...] = (
            {},
            {"X-API-Key": "kis_nobody"},
            {"Authorization": "Bearer x.y.z"},
            {"Authorization": "Basic eDp5"},
            {"Cookie": f"kis_session={cookie}"},
            {"Mcp-Session-Id": "1"},
        )
        async with world.at.client() as client:
            for headers in wrong:
                answer = await client.post("/mcp", json=call, headers={**ACCEPT, **headers})
                assert answer.status_code == 401, headers
                assert {"code", "message", "traceId", "meta"} <= set(answer.json())
            assert (await client.get("/mcp", headers=ACCEPT)).status_code == 401
            assert (await client.delete("/mcp", headers=ACCEPT)).status_code == 401


class TestOurs:
    @pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
    async def test_use_the_tools_of_their_role_alone(self, world: World, role: Role) -> None:
        key = await world.at.key(world.ours, role)
        await said(world, key, "ping")
        for tool in TOOLS:
            lacking = [each for each in tool.needs if each not in MAY[role.value]]
            if not lacking:
                continue
            before = world.at.state()
            _, result = await called(world, key, tool)
            assert result["isError"], tool.name
            assert result["structuredContent"]["code"] == "forbidden"
            assert result["structuredContent"]["meta"]["permission"] in lacking
            assert world.at.state() == before

    @pytest.mark.parametrize(
        "tool", [each for each in TOOLS if each.name != "estimate.create"], ids=lambda tool: tool.name
    )
    async def test_key_with_just_the_permissions_is_enough(self, world: World, tool: Tool) -> None:
        key = await world.at.key(world.ours, Role.ADMIN, *(Permission(each) for each in tool.needs))
        _, result = await called(world, key, tool)
        assert not result.get("isError"), result["content"]

    @pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
    async def test_key_without_one_of_them_is_not(self, world: World, tool: Tool) -> None:
        for missing in tool.needs:
            rest = [Permission(each) for each in tool.needs if each != missing]
            key = await world.at.key(world.ours, Role.ADMIN, *(rest or [Permission.PRICE_BOOK_READ]))
            await said(world, key, "ping")
            before = world.at.state()
            _, result = await called(world, key, tool)
            assert result["isError"], tool.name
            assert result["structuredContent"]["meta"]["permission"] == missing
            assert world.at.state() == before

    @pytest.mark.parametrize("name", RESOURCES)
    async def test_read_what_they_may(self, world: World, name: str) -> None:
        needs, address = RESOURCES[name]
        key = await world.at.key(world.ours, Role.VIEWER, Permission(needs))
        _, told = await said(world, key, "resources/read", uri=address(world))
        assert told["result"]["contents"]
        other = await world.at.key(world.ours, Role.VIEWER, Permission.PRICE_BOOK_READ)
        answer, told = await said(world, other, "resources/read", uri=address(world))
        assert told["error"]["data"]["code"] == "forbidden"
        assert not leaked(world, answer.text, address(world))


class TestNeighbours:
    @pytest.mark.parametrize("tool", [each for each in TOOLS if each.names_one], ids=lambda tool: tool.name)
    async def test_find_nothing_of_ours(self, world: World, tool: Tool) -> None:
        key = await world.at.key(world.theirs)
        await said(world, key, "ping")
        before = world.at.state()
        answer, result = await called(world, key, tool)
        assert result["isError"]
        assert result["structuredContent"]["code"] in {"quotation_not_found", "evidence_missing"}
        assert not leaked(world, answer.text, str(tool.arguments(world)))
        assert world.at.state() == before

    async def test_search_their_own(self, world: World) -> None:
        key = await world.at.key(world.theirs)
        answer, told = await said(
            world, key, "tools/call", name="catalog.search", arguments={"words": OWN_BREAKER["model"]}
        )
        assert told["result"]["structuredContent"]["result"]["total"] == 0
        assert not leaked(world, answer.text, str(OWN_BREAKER["model"]))
        _, told = await said(world, key, "tools/call", name="regression.run", arguments={"newest": 20})
        assert told["result"]["structuredContent"]["result"]["cases"] == []

    @pytest.mark.parametrize("name", RESOURCES)
    async def test_read_nothing_of_ours(self, world: World, name: str) -> None:
        _, address = RESOURCES[name]
        key = await world.at.key(world.theirs)
        answer, told = await said(world, key, "resources/read", uri=address(world))
        assert "error" in told
        assert not leaked(world, answer.text, address(world))

    async def test_design_with_their_own_parts_prices_and_rules(self, world: World) -> None:
        key = await world.at.key(world.theirs)
        for named in ({"price_book": world.book}, {"rulebook": world.rules}):
            answer, told = await said(
                world, key, "tools/call", name="enclosure.solve", arguments={"request": request_of(**named)}
            )
            assert told["result"]["isError"]
            assert not leaked(world, answer.text, str(named))


class TestArguments:
    async def test_strange_ones_are_refused_and_tell_nothing(self, world: World) -> None:
        key = await world.at.key(world.ours)
        strange: tuple[dict[str, Any], ...] = (
            {"quote_id": "../../etc/passwd"},
            {"quote_id": "' OR 1=1 --"},
            {"quote_id": str(uuid4()), "desk": {"principal": {}}},
            {"quote_id": str(uuid4()), "principal": {"role": "admin"}},
            {"trace_id": "x"},
            {"trace_id": "\x01"},
            {},
        )
        for arguments in strange:
            for name in ("evidence.verify", "estimate.format", "evidence_verify", "none.such", "__class__"):
                answer, told = await said(world, key, "tools/call", name=name, arguments=arguments)
                assert "error" in told or told["result"]["isError"], (name, arguments)
                for word in ("Traceback", "site-packages", "psycopg", '.py"'):
                    assert word not in answer.text

    @pytest.mark.parametrize(
        "address",
        ["kis://catalog/breaker/..%2f..%2fetc%2fpasswd", "kis://catalog/none/x", "kis://rulebook/..%2F..%2Fx",
         "kis://quotation/%00", "file:///etc/passwd", "kis://quotation/x", "http://127.0.0.1:9/", "kis://../x"],
    )  # fmt: skip
    async def test_strange_addresses_read_nothing(self, world: World, address: str) -> None:
        answer, told = await said(world, await world.at.key(world.ours), "resources/read", uri=address)
        assert "error" in told
        for word in ("root:", "Traceback", "site-packages", "psycopg"):
            assert word not in answer.text

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"{",
            b'{"jsonrpc":"2.0"}',
            b"[" * 5000,
            b'{"jsonrpc":"2.0","id":1,"method":1}',
            b"\xff",
            b'[{"jsonrpc":"2.0","id":1,"method":"ping"}]',
        ],
    )
    async def test_what_is_no_call_is_refused(self, world: World, body: bytes) -> None:
        headers = {**ACCEPT, "X-API-Key": await world.at.key(world.ours), "Content-Type": "application/json"}
        async with world.at.client(headers=headers) as client:
            answer = await client.post("/mcp", content=body)
        assert 400 <= answer.status_code < 500, answer.text
        assert "Traceback" not in answer.text
