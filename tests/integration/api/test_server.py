"""The server on a real socket: what is no HTTP, heads that are too long or too slow, an end in good order, and the process of ``uvicorn kis.api.main:app``."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import StreamingResponse

from kis.api import ApiServer, protocol
from kis.api.dependencies import Stopping
from tests.factories.api import probe_app
from tests.factories.waiting import eventually

SECONDS = 20.0
TOKEN = "a long token"
stream = APIRouter()


@stream.get("/v1/streams")
async def follow(stopping: Stopping) -> StreamingResponse:
    async def events() -> AsyncIterator[bytes]:
        yield b"event: PROGRESS\n\n"
        await stopping.wait()
        yield b"event: RESUME\n\n"

    return StreamingResponse(events(), media_type="text/event-stream")


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[tuple[ApiServer, int]]:
    """Yield a server that listens on a free port, and the port."""
    addresses: asyncio.Queue[str] = asyncio.Queue()
    settings = app.state.application.settings
    server = ApiServer(app, settings, ready=addresses.put_nowait, owns_signals=False)
    task = asyncio.create_task(server.serve())
    async with asyncio.timeout(SECONDS):
        address = await addresses.get()
    try:
        yield server, int(address.rpartition(":")[2])
    finally:
        server.stop()
        async with asyncio.timeout(SECONDS):
            await task


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    async with served(probe_app(tmp_path, port=0, body_timeout_seconds=0.2, largest_body_bytes=4096)) as (
        _,
        port,
    ):
        yield port


async def said(port: int, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes as they are; return status, headers and body of the one answer, (0, {}, b"") where the connection is only closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        async with asyncio.timeout(SECONDS):
            head = await reader.readuntil(b"\r\n\r\n")
            first, *lines = head.decode().splitlines()
            headers = {
                name.strip().lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
        return int(first.split()[1]), headers, body
    except asyncio.IncompleteReadError:
        return 0, {}, b""
    finally:
        writer.close()


HEAD = b"GET /health HTTP/1.1\r\nHost: localhost\r\n"


class TestHeads:
    @pytest.mark.parametrize(
        ("request_bytes", "status", "message"),
        [
            (b"\x16\x03\x01 hello\r\n\r\n", 400, "올바른 HTTP 요청이 아닙니다."),
            (b"GET /health HTTP/9.9\r\n\r\n", 400, "올바른 HTTP 요청이 아닙니다."),
            (HEAD + b"X: a\x00b\r\n\r\n", 400, "올바른 HTTP 요청이 아닙니다."),
            (
                HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                400,
                "올바른 HTTP 요청이 아닙니다.",
            ),
            (HEAD + b"X: " + b"a" * 40_000 + b"\r\n\r\n", 431, "요청 줄이나 헤더가 너무 깁니다."),
            (
                b"GET /" + b"a" * 40_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
                431,
                "요청 줄이나 헤더가 너무 깁니다.",
            ),
            (
                HEAD + b"".join(b"X-%d: a\r\n" % number for number in range(5000)) + b"\r\n",
                431,
                "요청 줄이나 헤더가 너무 깁니다.",
            ),
        ],
        ids=["tls", "no version", "nul", "two lengths", "long header", "long address", "many headers"],
    )
    async def test_what_is_no_request_gets_the_one_shape(
        self, port: int, request_bytes: bytes, status: int, message: str
    ) -> None:
        found, headers, body = await said(port, request_bytes)
        told = json.loads(body)
        assert (found, told["message"]) == (status, message)
        assert told["code"] == "malformed_request"
        assert told["traceId"] == headers["x-trace-id"]
        assert headers["connection"] == "close"

    async def test_who_says_nothing_is_not_kept(self, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(protocol, "HEAD_TIMEOUT_SECONDS", 0.1)
        assert await said(port) == (0, {}, b"")
        assert await said(port, HEAD) == (0, {}, b"")

    async def test_a_second_request_on_the_connection_has_its_own_bounds(self, port: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(HEAD + b"X: " + b"a" * 20_000 + b"\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head
            await reader.readexactly(len('{"status":"healthy"}'))
        writer.close()

    async def test_a_line_break_cannot_be_smuggled_into_an_answer(self, port: int) -> None:
        found, headers, _ = await said(
            port, b"GET /v1/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: localhost\r\nOrigin: a%0d%0ab\r\n\r\n"
        )
        assert found == 404
        assert "set-cookie" not in headers


class TestBodies:
    POST = b"POST /v1/things/raw HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

    async def test_a_body_that_trickles_is_not_waited_for(self, port: int) -> None:
        found, headers, body = await said(port, self.POST + b"Content-Length: 20\r\n\r\n", b'{"a"')
        assert (found, json.loads(body)["code"]) == (408, "request_timeout")
        assert headers["connection"] == "close"

    async def test_a_length_that_is_too_large_is_refused_before_the_body(self, port: int) -> None:
        found, _, body = await said(port, self.POST + b"Content-Length: 5000\r\n\r\n")
        assert (found, json.loads(body)["meta"]["limitBytes"]) == (413, 4096)

    async def test_chunks_are_counted(self, port: int) -> None:
        chunk = b"400\r\n" + b" " * 1024 + b"\r\n"
        found, _, _ = await said(port, self.POST + b"Transfer-Encoding: chunked\r\n\r\n", chunk * 5)
        assert found == 413


async def test_streams_are_told_to_end_and_waited_for(tmp_path: Path) -> None:
    app = probe_app(tmp_path, port=0)
    app.include_router(stream)
    received: list[bytes] = []
    async with (
        served(app) as (server, port),
        httpx2.AsyncClient(base_url=f"http://localhost:{port}", timeout=60) as client,
        client.stream("GET", "/v1/streams") as answer,
    ):
        async for piece in answer.aiter_raw():
            received.append(piece)
            server.stop()
    assert received == [b"event: PROGRESS\n\n", b"event: RESUME\n\n"]


class TestMetrics:
    async def asked(self, port: int, *headers: bytes) -> int:
        head = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n" + b"".join(
            header + b"\r\n" for header in headers
        )
        return (await said(port, head + b"\r\n"))[0]

    async def test_this_machine_reads_them_and_no_proxy_on_it(self, port: int) -> None:
        assert await self.asked(port) == 200
        assert await self.asked(port, b"X-Forwarded-For: 203.0.113.7") == 401
        assert (
            await self.asked(port, b"Authorization: Bearer operator", b"X-Forwarded-For: 203.0.113.7") == 200
        )
        assert await self.asked(port, b"Authorization: Bearer good") == 403
        assert await self.asked(port, b"Authorization: Bearer wrong") == 401

    async def test_with_a_token_only_who_has_it(self, tmp_path: Path) -> None:
        async with served(probe_app(tmp_path, port=0, metrics_token=TOKEN)) as (_, port):
            assert await self.asked(port) == 401
            assert await self.asked(port, f"Authorization: Bearer {TOKEN}".encode()) == 200


async def test_uvicorn_serves_what_the_environment_describes(tmp_path: Path, app_database_url: str) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(sys.path),
        "KIS_HOME": str(tmp_path),
        "DATABASE_URL": app_database_url,
    }
    words = [sys.executable, "-m", "uvicorn", "kis.api.main:app", "--port", "0", "--log-level", "warning"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(words, env=environment, stdout=log, stderr=log)  # noqa: ASYNC220 - a test waits for nobody else
    try:

        async def listening() -> int:
            import psutil

            assert process.poll() is None, (tmp_path / "log").read_text()
            found = [
                each.laddr.port
                for each in psutil.Process(process.pid).net_connections("tcp")
                if each.status == "LISTEN"
            ]
            return found[0] if found else 0

        port = await eventually(listening, seconds=60)

        async def ready() -> bool:
            async with httpx2.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{port}/readyz")).status_code == 200

        await eventually(ready, seconds=30)
        process.send_signal(signal.SIGTERM)
        await asyncio.to_thread(process.wait, 30)
    finally:
        process.kill()
        process.wait()
    assert "All services initialized" in (tmp_path / "log").read_text()
