"""The official client drives a whole quotation over standard input and output: for this installation, and for one far away."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client

from kis.application import Application
from kis.identity import Principal, Role
from tests.integration.conftest import SomeOrganization
from tests.integration.mcp.conftest import key_of, office, told

ROOT = Path(__file__).parents[3]
Start = Callable[[dict[str, str], list[str]], AbstractAsyncContextManager[Client]]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start ``kis mcp`` with an environment and arguments, and open a client on it."""

    @asynccontextmanager
    async def started(environment: dict[str, str], arguments: list[str]) -> AsyncIterator[Client]:
        parameters = StdioServerParameters(
            command=sys.executable,
            args=["-m", "kis", "mcp", *arguments],
            env={"PYTHONPATH": str(ROOT / "src"), "KIS_LANG": "en", **environment},
        )
        with (tmp_path / "stderr.log").open("w") as log:
            async with Client(stdio_client(parameters, errlog=log)) as client:
                yield client

    return started


async def drive(client: Client) -> None:
    """Make a quotation, follow it, and verify it."""
    heard: list[str] = []

    async def note(progress: float, total: float | None, message: str | None) -> None:  # noqa: ARG001 - the protocol's names
        heard.append(message or "")

    wanted = {"request": office(), "documents": ["pdf"]}
    made = told(await client.call_tool("estimate.create", wanted, progress_callback=note))
    assert made["result"]["status"] == "completed"
    assert heard[0] == "queued"
    assert heard[-1] == "finished"
    chosen = {"quote_id": made["result"]["quote_id"]}
    formatted = told(await client.call_tool("estimate_format", chosen))
    assert formatted["proceed"]
    exported = told(await client.call_tool("estimate.export", chosen))
    assert any(one["kind"] == "quotation_pdf" for one in exported["result"]["documents"])
    verified = told(await client.call_tool("evidence.verify", chosen))
    assert verified["result"]["ok"]


async def test_this_installation_as_its_operator(
    application: Application, organization: SomeOrganization, start: Start
) -> None:
    own = application.settings
    environment = {
        "DATABASE_URL": own.database.url.get_secret_value(),
        "KIS_HOME": str(own.application.data),
        "SECRET_KEY": own.application.secret_key.get_secret_value(),
    }
    async with start(environment, ["--organization", organization.code]) as client:
        assert client.server_info is not None
        assert client.server_info.name == "kis"
        await drive(client)


async def test_a_running_installation_with_an_api_key(
    application: Application, address: str, principal: Principal, start: Start
) -> None:
    key = await key_of(application, principal, Role.ADMIN)
    async with start({"MCP_GATEWAY_URL": address, "MCP_GATEWAY_API_KEY": key}, []) as client:
        await drive(client)
