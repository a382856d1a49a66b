"""Attacks with bytes: what is almost HTTP, two requests in one, other people's host names, bodies that never end."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from kis.api import protocol
from kis.api.app import create_app
from kis.identity import Role
from kis.platform.configuration import ApplicationSettings
from tests.factories.security import Installation, Person
from tests.factories.security_wire import Said, exchange, served

pytestmark = pytest.mark.asyncio(loop_scope="module")

HOST = b"Host: localhost\r\n"
GET = b"GET /v1/auth/me HTTP/1.1\r\n" + HOST
SECOND = b"GET /health HTTP/1.1\r\n" + HOST + b"X-Second: yes\r\n\r\n"
LAST = b"GET /health HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
POST = b"POST /v1/validate HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def port(installation: Installation) -> AsyncIterator[int]:
    """The port of a server that waits a fifth of a second for a body."""
    own = installation.application.settings.application.model_dump()
    settings = replace(
        installation.application.settings,
        application=ApplicationSettings(**{**own, "port": 0, "body_timeout_seconds": 0.2}),
    )
    async with served(create_app(replace(installation.application, settings=settings))) as at:
        yield at


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def person(installation: Installation) -> Person:
    """An administrator."""
    house = await installation.house("조직")
    return await installation.person(house.id, Role.ADMIN)


@pytest_asyncio.fixture(loop_scope="module")
async def login(person: Person) -> bytes:
    """The header of an administrator."""
    return f"Authorization: Bearer {person.access_token}\r\n".encode()


def told(said: Said, *statuses: int) -> dict[str, Any]:
    """Return the body of a refusal in the one shape."""
    assert said.status in (statuses or range(400, 500)), said
    body = said.shape
    assert {"code", "message", "traceId", "meta"} <= set(body)
    return body


AMBIGUOUS = {
    "length and chunks": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": b"Transfer-Encoding: chunked\r\nContent-Length: 100\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}",
    "two lengths in one": b"Content-Length: 2, 5\r\n\r\n{}",
    "length with a sign": b"Content-Length: +2\r\n\r\n{}",
    "negative length": b"Content-Length: -1\r\n\r\n{}",
    "length in hexadecimal": b"Content-Length: 0x2\r\n\r\n{}",
    "length of no number": b"Content-Length: two\r\n\r\n{}",
    "length beyond all numbers": b"Content-Length: 99999999999999999999999\r\n\r\n{}",
    "space before the colon": b"Content-Length : 2\r\n\r\n{}",
    "folded header": b"X: a\r\n Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}",
    "chunks that are none": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks twice": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks after vertical tab": b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "chunk size of no number": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "chunk size too large": b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n0\r\n\r\n",
    "chunk longer than it says": b"Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n",
    "negative chunk": b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n",
    "line feed in a header": b"X: a\nContent-Length: 2\r\n\r\n{}",
    "carriage return in a header": b"X: a\rContent-Length: 2\r\n\r\n{}",
    "NUL in a header": b"X: a\0b\r\nContent-Length: 2\r\n\r\n{}",
    "header without a name": b": x\r\nContent-Length: 2\r\n\r\n{}",
    "no colon": b"Content-Length\r\n\r\n{}",
}


class TestTwoInOne:
    """Nobody hides a request in the body of another, whatever stands before us believes."""

    @pytest.mark.parametrize("kind", AMBIGUOUS)
    async def test_is_one_request_or_none(self, port: int, login: bytes, kind: str) -> None:
        answers, closed = await exchange(port, POST + login + AMBIGUOUS[kind] + SECOND)
        assert closed, "after a request of uncertain length nothing on the connection can be believed"
        assert len(answers) <= 1, [each.status for each in answers]
        for answer in answers:
            told(answer, 400, 408, 411, 413, 501)

    async def test_good_ones_in_a_row_are_answered_in_a_row(self, port: int, login: bytes) -> None:
        answers, closed = await exchange(port, GET + login + b"\r\n" + SECOND + LAST)
        assert [each.status for each in answers] == [200, 200, 200]
        assert closed

    async def test_a_body_that_was_not_read_is_no_request(self, port: int) -> None:
        """The route refuses before it reads; what was meant as body must not be answered as a request."""
        inner = b"GET /health HTTP/1.1\r\n" + HOST + b"\r\n"
        head = b"POST /v1/users HTTP/1.1\r\n" + HOST + b"Content-Type: text/x\r\n"
        whole = head + b"Content-Length: %d\r\n\r\n" % len(inner) + inner
        answers, _ = await exchange(port, whole + LAST)
        assert [each.status for each in answers][:1] == [401]
        assert len(answers) <= 2

    @pytest.mark.parametrize(
        "rubbish",
        [
            b"\0" * 100,
            b"\x16\x03\x01\x02\x00\x01",
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"\r\n" * 10 + b"x\r\n\r\n",
            b"GET\r\n\r\n",
        ],
    )
    async def test_rubbish_after_a_good_one_ends_the_connection(self, port: int, rubbish: bytes) -> None:
        answers, closed = await exchange(port, SECOND + rubbish)
        assert closed
        assert [each.status for each in answers] in ([200], [200, 400], [400])

    async def test_an_upgrade_is_not_made(self, port: int) -> None:
        """A WebSocket is opened by a whole handshake alone; half of one is malformed, and nothing else is known here."""
        for kind, status in ((b"h2c", 401), (b"websocket", 400), (b"TLS/1.0", 401)):
            head = (
                GET
                + b"Connection: Upgrade, close\r\nUpgrade: "
                + kind
                + b"\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n"
            )
            answers, _ = await exchange(port, head, most=1)
            assert [each.status for each in answers] == [status]


class TestHosts:
    @pytest.mark.parametrize(
        "hosts",
        [b"Host: evil.example\r\n", b"Host: localhost.evil.example\r\n", b"Host: evil.example:80@localhost\r\n",
         b"Host: localhost:80:80\r\n", b"Host: localhost/evil\r\n", b"Host: localhost#@evil.example\r\n",
         b"Host: localhost, evil.example\r\n", b"Host: \r\n", b"Host: [::1\r\n", b"Host: localhost:99999999\r\n",
         b"Host: localhost\r\nHost: evil.example\r\n", b"Host: evil.example\r\nHost: localhost\r\n", b""],
    )  # fmt: skip
    async def test_of_others_are_refused(self, port: int, login: bytes, hosts: bytes) -> None:
        answers, _ = await exchange(port, b"GET /v1/auth/me HTTP/1.1\r\n" + hosts + login + b"\r\n", most=1)
        assert told(answers[0], 400)["code"] in {"host_refused", "malformed_request"}
        assert b"evil" not in answers[0].body

    async def test_other_headers_name_no_host(self, port: int, login: bytes) -> None:
        more = b"X-Forwarded-Host: evil.example\r\nX-Host: evil.example\r\nForwarded: host=evil.example\r\nX-Original-URL: /metrics\r\nX-Rewrite-URL: /metrics\r\n"
        answers, _ = await exchange(port, GET + login + more + b"\r\n", most=1)
        assert answers[0].status == 200
        assert b"evil" not in answers[0].body + str(answers[0].headers).encode()
        assert b"userId" in answers[0].body

    async def test_a_target_with_another_host_is_answered_for_ours_or_not_at_all(
        self, port: int, login: bytes
    ) -> None:
        for target in (
            b"http://evil.example/v1/auth/me",
            b"//evil.example/v1/auth/me",
            b"evil.example:443",
            b"*",
            b"http://localhost@evil.example/v1/auth/me",
        ):
            answers, _ = await exchange(
                port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + login + b"\r\n", most=1
            )
            assert answers[0].status in {200, 400, 404}, target
            assert b"evil" not in answers[0].body + str(answers[0].headers).encode()


class TestTargets:
    @pytest.mark.parametrize(
        "target",
        [b"/v1/estimate/../users", b"/v1//users", b"/v1/users/", b"/V1/USERS", b"/v1/users;x=y",
         b"/healthz/../v1/users", b"/mcp/../v1/users", b"/docs/..%2fv1%2fusers", b"/v1/users%20", b"/v1/./users",
         b"/v1/users%2f", b"/v1/users#x/../..", b"/%2e%2e/%2e%2e/etc/passwd", b"/..\\..\\etc\\passwd", b"/v1/users%00"],
    )  # fmt: skip
    async def test_lead_to_their_own_route_alone(self, port: int, login: bytes, target: bytes) -> None:
        answers, _ = await exchange(
            port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + login + b"\r\n", most=1
        )
        if target == b"/v1/users#x/../..":  # a fragment is no part of what is asked
            assert answers[0].status in {200, 400, 404}
        else:
            told(answers[0], 400, 404)

    async def test_another_spelling_has_the_same_doorkeeper(self, port: int) -> None:
        for target in (
            b"/v1%2fusers",
            b"/v1/%75sers",
            b"/%76%31/users",
            b"/v1/users?",
            b"/v1/users?x=/healthz",
        ):
            answers, _ = await exchange(port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n", most=1)
            told(answers[0], 401)

    async def test_no_line_break_gets_out_again(self, port: int, login: bytes) -> None:
        for target in (
            b"/v1/x%0d%0aSet-Cookie:%20a=b",
            b"/v1/estimate?sort=%0d%0aSet-Cookie:%20a=b",
            b"/v1/rulebooks/%0d%0aSet-Cookie:%20a=b",
        ):
            more = b"Traceparent: 00-%0d%0a\r\nOrigin: https://a%0d%0ab\r\nIdempotency-Key: a%0d%0ab\r\n"
            answers, _ = await exchange(
                port, b"GET " + target + b" HTTP/1.1\r\n" + HOST + login + more + b"\r\n", most=1
            )
            told(answers[0], 400, 404, 422)
            assert "set-cookie" not in answers[0].headers


class TestTooMuch:
    @pytest.mark.parametrize(
        "head",
        [
            b"".join(b"X-%d: a\r\n" % number for number in range(10_000)),
            b"X: " + b"a" * 100_000 + b"\r\n",
            b"X" * 100_000 + b": a\r\n",
            b"Cookie: " + b"a=b; " * 20_000 + b"\r\n",
            b"Authorization: Bearer " + b"a" * 100_000 + b"\r\n",
        ],
        ids=["headers", "value", "name", "cookies", "token"],
    )
    async def test_head_ends_the_connection(self, port: int, head: bytes) -> None:
        answers, closed = await exchange(port, GET + head + b"\r\n" + SECOND)
        assert closed
        assert [each.status for each in answers] in (
            [431],
            [],
        )  # where the rest of it was lost on the way, the answer may be too

    async def test_time_for_a_body_ends_the_connection(self, port: int, login: bytes) -> None:
        trickles = (
            b"Content-Length: 100\r\n\r\n{",
            b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
        )
        for trickle in trickles:
            answers, closed = await exchange(port, POST + login + trickle)
            assert told(answers[0], 408)["code"] == "request_timeout"
            assert answers[0].headers["connection"] == "close"
            assert (len(answers), closed) == (1, True)

    async def test_time_for_a_form_ends_the_connection(self, port: int, login: bytes) -> None:
        head = (
            b"POST /v1/catalog/import HTTP/1.1\r\n"
            + HOST
            + login
            + b"Content-Type: multipart/form-data; boundary=b\r\n"
        )
        begun = b'Content-Length: 5000\r\n\r\n--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nmodel'
        answers, closed = await exchange(port, head + begun)
        told(answers[0], 408)
        assert closed

    async def test_time_for_a_head_ends_the_connection(
        self, port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(protocol, "HEAD_TIMEOUT_SECONDS", 0.1)
        for begun in (b"", b"G", GET, GET + b"X: a\r\n"):
            assert await exchange(port, begun) == ([], True)

    async def test_body_that_is_announced_is_refused_unread(self, port: int, login: bytes) -> None:
        answers, closed = await exchange(
            port, POST + login + b"Content-Length: 5000000000\r\nExpect: 100-continue\r\n\r\n"
        )
        assert told(answers[-1], 413)["code"] == "too_large"
        assert [each.status for each in answers[:-1]] in ([], [100])
        assert closed

    async def test_bomb_that_says_it_is_packed_is_not_unpacked(self, port: int, login: bytes) -> None:
        import gzip

        packed = gzip.compress(b" " * 10_000_000)
        head = b"Content-Encoding: gzip\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(packed)
        answers, _ = await exchange(port, POST + login + head + packed)
        told(answers[0], 400, 415)


async def test_nothing_tells_what_serves(port: int) -> None:
    answers, _ = await exchange(port, GET + b"Connection: close\r\n\r\n")
    assert not {"server", "x-powered-by", "via"} & set(answers[0].headers)
    assert b"uvicorn" not in answers[0].body
