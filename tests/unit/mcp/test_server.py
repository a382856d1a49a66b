"""Which host names the gateway answers to: those of the API."""

import httpx2
import pytest
from fastmcp.server.http import HostOriginGuardMiddleware
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from kis.mcp.server import allowed
from kis.platform.configuration import ApplicationSettings, Settings


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("quotes.example.com", 200),
        ("a.b.example.com", 200),
        ("fixed.example.org:8443", 200),
        ("public.example.net", 200),
        ("example.com", 421),
        ("evil-example.com", 421),
        ("example.com.evil.org", 421),
    ],
)
async def test_a_pattern_means_every_name_below_it(host: str, status: int) -> None:
    section = ApplicationSettings(
        trusted_hosts=("*.example.com", "fixed.example.org"), public_url="https://public.example.net"
    )
    hosts, origins = allowed(Settings(application=section))

    async def answer(_: object) -> PlainTextResponse:
        return PlainTextResponse("here")

    app = Starlette(routes=[Route("/mcp", answer)])
    guarded = HostOriginGuardMiddleware(app, allowed_hosts=hosts, allowed_origins=origins)
    transport = httpx2.ASGITransport(app=guarded)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        assert (await client.get("/mcp", headers={"Host": host})).status_code == status
