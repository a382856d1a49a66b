"""Logging in and out of a served KIS, and staying in."""

import asyncio
import secrets

import httpx2
import pytest

from kis.cli.assistant_chat.access import Access
from kis.cli.assistant_chat.errors import NotLetIn
from kis.cli.assistant_chat.web import Web
from kis.identity import Origin, Principal, Role
from tests.integration.cli.assistant_chat.conftest import SECONDS, Running

PASSWORD = "a long enough password 1"


async def status_of(running: Running, headers: dict[str, str]) -> int:
    async with httpx2.AsyncClient(base_url=running.url) as client:
        return (await client.get("/v1/auth/me", headers=headers)).status_code


async def test_what_was_opened_at_the_machine_is_closed_in_the_end(running: Running) -> None:
    async with Web(await running.access(), "en") as web:
        shown = web.socket_headers
        assert await status_of(running, shown) == 200
    assert await status_of(running, shown) == 401


async def test_who_quits_does_not_wait_for_a_server_that_says_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    heard: list[str] = []
    is_left = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Let everybody in and say nothing more."""
        while line := await reader.readline():
            if b" HTTP/1.1" in line:
                heard.append(line.split()[1].decode())
            if len(heard) == 1 and line == b"\r\n":
                body = b'{"accessToken": "a", "refreshToken": "b"}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        writer.close()
        await writer.wait_closed()
        is_left.set()

    monkeypatch.setattr("kis.cli.assistant_chat.web.LEAVE_SECONDS", 0.05)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with asyncio.timeout(SECONDS / 10):
            access = Access(url=f"http://127.0.0.1:{port}", refresh_token=secrets.token_hex(4))
            async with Web(access, "en"):
                pass
            await is_left.wait()
    assert heard == ["/v1/auth/refresh", "/v1/auth/logout"]


async def test_a_person_logs_in_with_a_password(running: Running, principal: Principal) -> None:
    email = f"{secrets.token_hex(4)}@example.test"
    identity = running.application.identity
    _, link = await identity.users.invite(principal, email, Role.VIEWER)
    assert link is not None
    await identity.links.use(link.token, Origin(), password=PASSWORD)
    async with Web(Access(url=running.url, email=email, password=PASSWORD), "en") as web:
        assert (await web.product("kx-250"))[0].name == "KX-250 Switch"
    with pytest.raises(NotLetIn):
        async with Web(Access(url=running.url, email=email, password=PASSWORD[::-1]), "en"):
            pass


async def test_a_login_that_ran_out_goes_on_once_for_all_who_notice(running: Running) -> None:
    async with Web(await running.access(), "en") as web:
        web._client.headers["Authorization"] = "Bearer old"
        found = await asyncio.gather(web.product("kx-250"), web.product("kx-400"), web.related("kx-250"))
        assert found[0][0].id == "kx-250"
        assert await web.renew()


async def test_a_login_that_was_ended_elsewhere_does_not(running: Running, principal: Principal) -> None:
    async with Web(await running.access(), "en") as web:
        identity = running.application.identity
        for row in await identity.sessions.mine(principal):
            await identity.sessions.end(principal, row.id)
        assert not await web.renew()
        with pytest.raises(NotLetIn):
            await web.product("kx-250")
