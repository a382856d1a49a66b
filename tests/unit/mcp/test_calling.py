"""A tool keeps to its policy: its time, its retries, the gates it requires; and every error is told in one shape."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from uuid import UUID

import pytest
from fastmcp import Client, FastMCP
from fastmcp.tools import Tool

from kis.application import Application
from kis.identity import ROLE_PERMISSIONS, Permission, Principal, Role, Via
from kis.mcp.answers import Answer, GateFacts, answer
from kis.mcp.arguments import Arguments
from kis.mcp.callers import LocalCaller, locale_of
from kis.mcp.calling import House, governed
from kis.mcp.desk import Desk
from kis.mcp.policies import OnFailure, Policies, Policy, load_policies
from kis.platform.errors import BadInput, Problem, Unavailable
from kis.platform.messages import Message

NAME = "doc.lint"
VIEWER = Principal(
    organization_id=UUID(int=1),
    role=Role.VIEWER,
    permissions=frozenset[Permission](ROLE_PERMISSIONS[Role.VIEWER]),
    via=Via.LOCAL,
)
FAILING = GateFacts(
    id="enclosure.fit_score", stage="enclosure", panel="P", verdict="fail", measured=2, limit=1
)


def policies(**changes: Any) -> Policies:
    held = load_policies()
    policy = Policy(
        **{"timeout_seconds": 5, "retries": 0, "requires": (), "on_failure": OnFailure.TELL, **changes}
    )
    return held.model_copy(update={"tools": {**held.tools, NAME: policy}})


async def called(
    tool: Callable[..., Awaitable[Answer]], held: Policies | None = None, **arguments: Any
) -> Any:
    """Call a tool through a server and a client, both in this process."""
    with ThreadPoolExecutor(1) as engine:
        house = House(
            application=cast("Application", None),
            policies=held or policies(),
            callers=LocalCaller(VIEWER, "en"),
            engine=engine,
        )
        server = FastMCP("test", mask_error_details=True, middleware=[Arguments(house.callers)])
        server.add_tool(
            Tool.from_function(
                governed(NAME, tool, house), name=NAME, output_schema=Answer.model_json_schema()
            )
        )
        async with Client(server) as client:
            return await client.call_tool_mcp(NAME, arguments)


def made(desk: Desk, *gates: GateFacts) -> Answer:
    return answer(desk.tool, {"value": 1}, gates, desk.locale)


class TestAnswers:
    async def test_says_its_gates_and_the_digest_of_its_result(self) -> None:
        async def tool(desk: Desk) -> Answer:
            return made(desk, FAILING)

        shown = (await called(tool)).structured_content
        assert (shown["verdict"], shown["proceed"]) == ("fail", False)
        assert "P: enclosure.fit_score" in shown["says"]
        # sha256 of the canonical JSON {"value":1}
        assert (
            shown["evidence"]["sha256"] == "48208f9428d64634bd8e28ff345bf0eab60d53c18fa2fbdb0b9bc1e84df2b5f6"
        )

    async def test_agents_see_the_arguments_without_the_desk(self) -> None:
        async def tool(desk: Desk, width_mm: int) -> Answer:
            return answer(desk.tool, {"width": width_mm}, (), desk.locale)

        assert (await called(tool, width_mm=7)).structured_content["result"] == {"width": 7}
        assert (await called(tool, width_mm="wide")).is_error


class TestTime:
    async def test_a_tool_that_takes_too_long_is_given_up_with_a_clear_error(self) -> None:
        took: list[float] = []

        async def tool(desk: Desk) -> Answer:
            began = asyncio.get_running_loop().time()
            try:
                await asyncio.Event().wait()
            finally:
                took.append(asyncio.get_running_loop().time() - began)
            return made(desk)

        result = await called(tool, policies(timeout_seconds=0.05))
        assert result.is_error
        assert result.structured_content["code"] == "tool_timed_out"
        assert result.structured_content["meta"] == {"tool": NAME, "timeoutSeconds": 0.05}
        (seconds,) = took
        assert 0.04 < seconds < 1.5


class TestProgress:
    async def test_a_client_that_is_gone_does_not_fail_the_work(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: Any) -> None:
            raise ConnectionResetError

        monkeypatch.setattr("fastmcp.Context.report_progress", broken)

        async def tool(desk: Desk) -> Answer:
            await desk.report(1, 2, "half")
            return made(desk)

        assert not (await called(tool)).is_error


class TestRetries:
    @pytest.fixture(autouse=True)
    def impatient(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kis.mcp.calling.FIRST_PAUSE_SECONDS", 0.001)

    @pytest.mark.parametrize(("retries", "code"), [(2, None), (1, "unavailable")])
    async def test_what_was_away_for_a_moment_is_asked_again(self, retries: int, code: str | None) -> None:
        tries = []

        async def tool(desk: Desk) -> Answer:
            tries.append(desk.call_id)
            if len(tries) < 3:
                raise Unavailable(Message("mcp.internal"))
            return made(desk)

        result = await called(tool, policies(retries=retries))
        assert len(tries) == retries + 1
        assert len(set(tries)) == 1
        assert (result.structured_content.get("code") if result.is_error else None) == code

    async def test_what_is_wrong_is_not_asked_again(self) -> None:
        tries = []

        async def tool(desk: Desk) -> Answer:
            tries.append(desk)
            raise BadInput("x", [Problem("panels[0]", Message("mcp.quote_or_trace"))])

        result = await called(tool, policies(retries=3))
        assert len(tries) == 1
        assert result.structured_content["meta"]["problems"] == [
            {"path": "panels[0]", "message": "Give quote_id or trace_id."}
        ]


class TestGates:
    @pytest.mark.parametrize(
        ("requires", "on_failure", "is_stopped"),
        [
            (("enclosure",), OnFailure.STOP, True),
            (("enclosure",), OnFailure.TELL, False),
            (("breaker",), OnFailure.STOP, False),
        ],
    )
    async def test_a_required_gate_that_fails_stops_the_tool_where_its_policy_says_so(
        self, requires: tuple[str, ...], on_failure: OnFailure, *, is_stopped: bool
    ) -> None:
        async def tool(desk: Desk) -> Answer:
            desk.admit([FAILING])
            return made(desk, FAILING)

        result = await called(tool, policies(requires=requires, on_failure=on_failure))
        assert result.is_error is is_stopped
        if is_stopped:
            assert result.structured_content["code"] == "gate_stopped"
            assert result.structured_content["meta"]["gates"][0]["id"] == "enclosure.fit_score"


class TestErrors:
    async def test_arguments_that_are_not_the_tools_are_told_in_our_words(self) -> None:
        async def tool(desk: Desk, count: int, name: str) -> Answer:
            raise AssertionError(count, name, desk)

        result = await called(tool, count="secret-word", other=1)

        shown = result.structured_content
        assert result.is_error
        assert (shown["code"], len(shown["traceId"])) == ("bad_input", 32)
        assert {problem["path"] for problem in shown["meta"]["problems"]} == {"count", "name", "other"}
        words = result.content[0].text + str(shown)
        for leak in ("secret-word", "pydantic", "validation error", "input_value"):
            assert leak not in words

    async def test_an_unexpected_one_says_nothing_of_the_inside(self) -> None:
        async def tool(desk: Desk) -> Answer:
            raise RuntimeError(f"postgresql://kis:hunter2@db {desk.tool}")

        result = await called(tool)
        assert result.is_error
        assert "hunter2" not in result.model_dump_json()
        assert len(result.structured_content["traceId"]) == 32

    async def test_a_missing_right_is_told(self) -> None:
        async def tool(desk: Desk) -> Answer:
            desk.principal.require(Permission.QUOTATION_CREATE)
            return made(desk)

        assert (await called(tool)).structured_content["code"] == "forbidden"


@pytest.mark.parametrize(
    ("header", "locale"),
    [("en-GB,en;q=0.9", "en"), ("fr, ko;q=0.5", "ko"), ("", "ko"), ("de", "ko"), ("*", "ko")],
)
def test_the_language_is_the_first_that_there_is(header: str, locale: str) -> None:
    assert locale_of(header) == locale
