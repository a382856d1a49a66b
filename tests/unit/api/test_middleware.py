"""What every request passes, without a network: trace ids, headers, hosts, origins, bounds."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from kis.api.middleware.bodies import DEEPEST
from kis.api.middleware.observe import MOST_AT_ONCE
from kis.platform.telemetry import metrics
from tests.factories.api import GOOD_THING, client_of, probe_app

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return probe_app(
        tmp_path_factory.mktemp("api"),
        cors_origins=("https://shop.example",),
        trusted_hosts=("localhost", "*.kis.example", "[::1]"),
        trusted_proxies=("10.0.0.0/8",),
        public_url="https://quotes.example:8443/app",
        body_timeout_seconds=0.1,
        largest_body_bytes=2048,
        largest_upload_bytes=4096,
    )


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(app) as client:
        yield client


class TestTraceId:
    async def test_every_answer_has_one_of_its_own(self, client: httpx2.AsyncClient) -> None:
        paths = [
            "/healthz",
            "/health",
            "/v1/nothing",
            "/v1/things",
            "/v1/things/failures/unexpected",
            "/docs",
        ]
        found = {(await client.get(path)).headers["x-trace-id"] for path in paths}
        assert len(found) == len(paths)
        assert all(len(trace_id) == 32 and int(trace_id, 16) for trace_id in found)

    async def test_a_valid_traceparent_is_kept(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get("/v1/nothing", headers={"traceparent": TRACEPARENT})
        assert answer.json()["traceId"] == answer.headers["x-trace-id"] == TRACE_ID

    @pytest.mark.parametrize(
        "given",
        [
            "",
            "x",
            f"ff-{TRACE_ID}-00f067aa0ba902b7-01",
            f"00-{'0' * 32}-00f067aa0ba902b7-01",
            TRACE_ID,
            TRACEPARENT.upper(),
        ],
    )
    async def test_anything_else_is_not(self, client: httpx2.AsyncClient, given: str) -> None:
        answer = await client.get("/healthz", headers={"traceparent": given})
        assert answer.headers["x-trace-id"] not in {TRACE_ID, "0" * 32}


class TestHeaders:
    async def test_answers_are_data_and_say_so(self, client: httpx2.AsyncClient) -> None:
        for path in ("/healthz", "/v1/things", "/v1/nothing", "/v1/things/failures/unexpected"):
            headers = (await client.get(path)).headers
            assert headers["cache-control"] == "no-store"
            assert headers["content-security-policy"].startswith("default-src 'none'")
            assert "frame-ancestors 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "server" not in headers
            assert "strict-transport-security" not in headers

    async def test_tls_is_held_to(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get("https://localhost/healthz")
        assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"

    async def test_the_page_may_use_its_own_style_and_nothing_else(self, client: httpx2.AsyncClient) -> None:
        answer = await client.get("/docs", headers={"Accept-Language": "en"})
        policy = answer.headers["content-security-policy"]
        assert "script" not in policy
        assert "style-src 'sha256-" in policy
        assert "<script" not in answer.text
        assert "http://" not in answer.text.replace("http://localhost", "")
        again = await client.get("/docs?locale=en", headers={"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")


class TestHosts:
    @pytest.mark.parametrize(
        "host", ["localhost", "LOCALHOST:8000", "a.kis.example", "quotes.example", "[::1]:80", "localhost."]
    )
    async def test_own_names_are_answered(self, client: httpx2.AsyncClient, host: str) -> None:
        assert (await client.get("/docs", headers={"host": host})).status_code == 200

    @pytest.mark.parametrize(
        "host",
        [
            "kis.example",
            "evilkis.example",
            "a.kis.example.evil",
            "localhost@evil",
            "localhost:x",
            "localhost/evil",
            "",
            "a b",
        ],
    )
    async def test_other_names_are_not(self, client: httpx2.AsyncClient, host: str) -> None:
        assert (await client.get("/docs", headers={"host": host})).status_code == 400

    async def test_two_hosts_are_none(self, client: httpx2.AsyncClient) -> None:
        request = client.build_request(
            "GET", "/docs", headers=[("host", "localhost"), ("host", "evil.example")]
        )
        assert (await client.send(request)).status_code == 400

    async def test_probes_call_by_any_name(self, client: httpx2.AsyncClient) -> None:
        for path in ("/healthz", "/health"):
            assert (await client.get(path, headers={"host": "10.1.2.3:8000"})).status_code == 200


class TestOrigins:
    async def test_a_page_on_the_list_may_call(self, client: httpx2.AsyncClient) -> None:
        asked = {"origin": "https://shop.example", "access-control-request-method": "POST", "access-control-request-headers": "idempotency-key, content-type"}  # fmt: skip
        answer = await client.options("/v1/things", headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "https://shop.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
        called = await client.get("/v1/things", headers={"origin": "https://shop.example"})
        assert called.headers["access-control-allow-origin"] == "https://shop.example"
        assert "X-Trace-Id" in called.headers["access-control-expose-headers"]
        assert "Origin" in called.headers["vary"]

    @pytest.mark.parametrize(
        "change",
        [
            {"origin": "https://evil.example"},
            {"origin": "https://shop.example.evil"},
            {"origin": "null"},
            {"access-control-request-method": "TRACE"},
            {"access-control-request-headers": "x-forwarded-for"},
        ],
    )
    async def test_no_other_page_may(self, client: httpx2.AsyncClient, change: dict[str, str]) -> None:
        asked = {"origin": "https://shop.example", "access-control-request-method": "POST", **change}
        answer = await client.options("/v1/things", headers=asked)
        assert answer.status_code == 403
        assert answer.json()["code"] == "origin_refused"
        called = await client.get("/v1/things", headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in called.headers

    async def test_any_origin_never_comes_with_a_login(self, tmp_path: Path) -> None:
        async with client_of(probe_app(tmp_path, cors_origins=("*",))) as client:
            answer = await client.get(
                "/v1/things", headers={"origin": "https://x.example", "cookie": "kis_session=1"}
            )
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


class TestProxies:
    async def test_only_a_trusted_proxy_is_believed(self, app: FastAPI) -> None:
        told = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.7, 10.0.0.5"}
        for peer, is_believed in (("10.9.9.9", True), ("192.0.2.1", False)):
            async with client_of(app, client=(peer, 5000)) as client:
                answer = await client.get("/healthz", headers=told)
            assert ("strict-transport-security" in answer.headers) is is_believed


class TestBodies:
    async def test_a_body_is_counted_also_where_its_length_is_not_told(
        self, client: httpx2.AsyncClient
    ) -> None:
        async def pieces() -> AsyncIterator[bytes]:
            for _ in range(30):
                yield b" " * 100

        for kind in ("application/json", "text/plain"):
            answer = await client.post("/v1/things/raw", content=pieces(), headers={"content-type": kind})
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
            assert answer.headers["connection"] == "close"

    async def test_uploads_have_a_bound_of_their_own(self, client: httpx2.AsyncClient) -> None:
        small = await client.post("/v1/things/files", files={"file": ("a.bin", b"x" * 4000)})
        assert small.json() == {"size": 4000}
        large = await client.post("/v1/things/files", files={"file": ("a.bin", b"x" * 80_000)})
        assert large.status_code == 413

    async def test_a_slow_body_is_not_waited_for(self, client: httpx2.AsyncClient) -> None:
        never = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield b'{"name":'
            await never.wait()

        for kind in ("application/json", "text/plain"):
            answer = await client.post("/v1/things/raw", content=pieces(), headers={"content-type": kind})
            assert (answer.status_code, answer.json()["code"]) == (408, "request_timeout")

    async def test_depth_is_bounded_exactly(self, client: httpx2.AsyncClient) -> None:
        for levels, wanted in ((DEEPEST, 200), (DEEPEST + 1, 400)):
            content = "[" * levels + "]" * levels
            answer = await client.post(
                "/v1/things/raw", content=content, headers={"content-type": "application/json"}
            )
            assert answer.status_code == wanted

    async def test_backslashes_before_u0000_are_text(self, client: httpx2.AsyncClient) -> None:
        answer = await client.post("/v1/things", json={**GOOD_THING, "name": "\\u0000"})
        assert answer.status_code == 201
        nested = {**GOOD_THING, "parts": [{"kind": "main", "ratingA": 1, "\0": 2}]}
        answer = await client.post(
            "/v1/things", content=json.dumps(nested), headers={"content-type": "application/json"}
        )
        assert answer.json()["meta"]["problems"][0]["path"] == "parts[0]"


class TestMetrics:
    async def test_answers_are_counted_by_route_and_not_by_address(self, client: httpx2.AsyncClient) -> None:
        def count(method: str, route: str, status: int) -> float:
            return float(metrics.HTTP_REQUESTS.labels(method, route, str(status))._value.get())

        before = (
            count("GET", "/v1/things/{thing_id}", 422),
            count("GET", "other", 404),
            count("other", "other", 405),
        )
        await client.get("/v1/things/one")
        await client.get("/v1/things/two")
        await client.get("/v1/a-name-nobody-else-uses")
        await client.request("BREW", "/v1/things")
        after = (
            count("GET", "/v1/things/{thing_id}", 422),
            count("GET", "other", 404),
            count("other", "other", 405),
        )
        assert after[:2] == (before[0] + 2, before[1] + 1)
        assert b"a-name-nobody-else-uses" not in metrics.exposition()
        assert b"BREW" not in metrics.exposition()

    async def test_too_many_at_once_are_sent_away(
        self, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert MOST_AT_ONCE >= 2000
        monkeypatch.setattr("kis.api.middleware.observe.MOST_AT_ONCE", 0)
        answer = await client.get("/v1/things")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
