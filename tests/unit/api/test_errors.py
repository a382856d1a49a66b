"""One shape for every error, in the caller's language, whatever is wrong with a request."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI

from kis.api.errors import dedup_key
from kis.platform.errors import Problem
from kis.platform.messages import Message
from tests.factories.api import GOOD_THING, client_of, probe_app

JSON = {"content-type": "application/json"}
ID = "3f2b8c1e-5a4d-4e8f-9b7a-1c2d3e4f5a6b"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return probe_app(tmp_path_factory.mktemp("api"), cors_origins=("https://shop.example",))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(app) as client:
        yield client


def thing(**changes: Any) -> dict[str, Any]:
    return {"json": {**GOOD_THING, **changes}}


def body(text: bytes | str, **headers: str) -> dict[str, Any]:
    return {"content": text, "headers": {**JSON, **headers}}


PART = {"kind": "main", "ratingA": 100}
DEEP = "[" * 41 + "]" * 41
VERY_DEEP = "[" * 100_000 + "]" * 100_000

# what is asked · status · code · path of the first problem · the Korean and the English sentence begin with
REFUSED: list[tuple[str, str, dict[str, Any], int, str, str | None, str, str]] = [
    ("GET", "/v1/nothing", {}, 404, "not_found", None, "요청한 주소에는", "there is nothing"),
    ("GET", "/v1/things/", {}, 404, "not_found", None, "요청한 주소에는", "there is nothing"),
    ("DELETE", "/v1/things", {}, 405, "method_not_allowed", None, "이 주소에서는 DELETE", "DELETE is not"),
    ("BREW", "/v1/things", {}, 405, "method_not_allowed", None, "이 주소에서는 BREW", "BREW is not"),
    ("GET", "/v1/things/x", {}, 422, "bad_input", "path.thing_id", "UUID여야", "this must be a UUID"),
    ("GET", f"/v1/things/{ID}?limit=x", {}, 422, "bad_input", "query.limit", "정수여야", "this must be a whole"),
    ("GET", f"/v1/things/{ID}?limit=0", {}, 422, "bad_input", "query.limit", "1 이상이어야", "this must be at least 1"),
    ("GET", "/v1/things?page=0", {}, 422, "bad_input", "query.page", "1 이상이어야", "this must be at least 1"),
    ("GET", "/v1/things?size=101", {}, 422, "bad_input", "query.size", "100 이하여야", "this must be at most 100"),
    ("GET", "/v1/things?size=9e99", {}, 422, "bad_input", "query.size", "정수여야", "this must be a whole"),
    ("GET", f"/v1/things?size={'9' * 5000}", {}, 422, "bad_input", "query.size", "", ""),
    ("GET", "/v1/things?sort=colour", {}, 422, "bad_input", "query.sort", "'colour' 항목으로는", "colour cannot"),
    ("GET", "/v1/things?filter=colour:red", {}, 422, "bad_input", "query.filter[0]", "'colour' 항목으로는", "colour cannot"),
    ("GET", "/v1/things?filter=status", {}, 422, "bad_input", "query.filter[0]", "'status' 항목으로는", "status cannot"),
    ("GET", "/v1/things?" + "filter=status:a&" * 11, {}, 422, "bad_input", "query.filter", "항목은 10개까지", "this may have at most 10"),
    ("GET", "/v1/things?tz=Mars/Olympus", {}, 422, "bad_input", "query.tz", "알 수 없는 시간대", "this time zone"),
    ("GET", "/v1/things?tz=../../etc/passwd", {}, 422, "bad_input", "query.tz", "알 수 없는 시간대", "this time zone"),
    ("GET", "/v1/things?currency=won", {}, 422, "bad_input", "query.currency", "다음 중 하나여야 합니다: KRW, USD", "this must be KRW, USD"),
    ("GET", "/v1/things?x=%00", {}, 400, "malformed_request", None, "글자에 U+0000", "U+0000 is not"),
    ("GET", "/v1/things/%00", {}, 400, "malformed_request", None, "글자에 U+0000", "U+0000 is not"),
    ("GET", "/v1/things", {"headers": {"host": "evil.example"}}, 400, "host_refused", None, "이 서버는", "this server does not"),
    ("POST", "/v1/things", {}, 422, "bad_input", "", "값이 필요", "a value is needed"),
    ("POST", "/v1/things", body(""), 422, "bad_input", "", "값이 필요", "a value is needed"),
    ("POST", "/v1/things", body("{"), 400, "malformed_body", None, "본문을 읽을 수 없습니다. 2번째", "the body cannot be read: it is not valid JSON at character 2"),
    ("POST", "/v1/things", body("{'name': 1}"), 400, "malformed_body", None, "본문을 읽을", "the body cannot"),
    ("POST", "/v1/things", body('{"name": NaN}'), 400, "malformed_body", None, "본문을 읽을", "the body cannot"),
    ("POST", "/v1/things", body('{"name": "\\ud800"}'), 400, "malformed_body", None, "본문을 읽을", "the body cannot"),
    ("POST", "/v1/things", body('{"name": "\\u0000"}'), 422, "bad_input", "name", "글자에 U+0000", "U+0000 is not"),
    ("POST", "/v1/things", body(b'{"name": "\xff"}'), 400, "malformed_body", None, "본문을 읽을 수 없습니다. UTF-8", "the body cannot be read: it is not text in UTF-8"),
    ("POST", "/v1/things", body("한글".encode("cp949")), 400, "malformed_body", None, "본문을 읽을 수 없습니다. UTF-8", "the body cannot"),
    ("POST", "/v1/things", body(DEEP), 400, "malformed_body", None, "본문을 읽을 수 없습니다. 본문이 40단계보다", "the body cannot be read: the body is nested"),
    ("POST", "/v1/things", body(VERY_DEEP), 400, "malformed_body", None, "본문을 읽을 수 없습니다. 본문이 40단계보다", "the body cannot be read: the body is nested"),
    ("POST", "/v1/things", body("[]"), 422, "bad_input", "", "이름과 값으로 된 객체", "this must be an object"),
    ("POST", "/v1/things", body("null"), 422, "bad_input", "", "이름과 값으로 된 객체", "this must be an object"),
    ("POST", "/v1/things", body("{}", **{"content-type": "text/plain"}), 415, "unsupported_media_type", None, "이 주소는 text/plain", "a body of the type text/plain"),
    ("POST", "/v1/things", body("a: 1", **{"content-type": "application/yaml"}), 415, "unsupported_media_type", None, "이 주소는 application/yaml", "a body of the type"),
    ("POST", "/v1/things", {"content": b"{}"}, 415, "unsupported_media_type", None, "이 주소는 형식을 밝히지 않은", "a body of the type no type"),
    ("POST", "/v1/things", body("[" + "1," * 2**20 + "1]"), 413, "too_large", None, "본문이 한도인 2097152바이트", "the body is larger than the 2097152"),
    ("POST", "/v1/things", body("{}", **{"content-length": "-5"}), 400, "malformed_request", None, "Content-Length 헤더", "the Content-Length"),
    ("POST", "/v1/things", body("{}", **{"content-length": "9" * 30}), 400, "malformed_request", None, "Content-Length 헤더", "the Content-Length"),
    ("POST", "/v1/things", thing(name=""), 422, "bad_input", "name", "비어 있을 수", "this must not be empty"),
    ("POST", "/v1/things", thing(name="x" * 21), 422, "bad_input", "name", "20자 이하여야", "this must have at most 20"),
    ("POST", "/v1/things", thing(name=5), 422, "bad_input", "name", "문자열이어야", "this must be text"),
    ("POST", "/v1/things", thing(colour="red"), 422, "bad_input", "colour", "알 수 없는 항목", "this field is not known"),
    ("POST", "/v1/things", thing(parts={}), 422, "bad_input", "parts", "목록이어야", "this must be a list"),
    ("POST", "/v1/things", thing(parts=[PART] * 4), 422, "bad_input", "parts", "항목은 3개까지", "this may have at most 3"),
    ("POST", "/v1/things", thing(parts=[PART, {**PART, "ratingA": 0}]), 422, "bad_input", "parts[1].ratingA", "1 이상", "this must be at least 1"),
    ("POST", "/v1/things", thing(parts=[{"ratingA": 5}]), 422, "bad_input", "parts[0].kind", "값이 필요", "a value is needed"),
    ("POST", "/v1/things", thing(parts=[{**PART, "kind": "x"}]), 422, "bad_input", "parts[0].kind", "다음 중 하나여야 합니다: main, branch", "this must be main, branch"),
    ("POST", "/v1/things", thing(code="abc"), 422, "bad_input", "code", "정해진 형식", "this is not of the form"),
    ("POST", "/v1/things", thing(due="tomorrow"), 422, "bad_input", "due", "시각이어야", "this must be a time"),
    ("POST", "/v1/things", thing(due="2026-11-20T09:00:00"), 422, "bad_input", "due", "시각이어야", "this must be a time"),
    ("POST", "/v1/things", thing(share=1), 422, "bad_input", "share", "1.0보다 작아야", "this must be less than 1.0"),
    ("POST", "/v1/things", thing(share=0), 422, "bad_input", "share", "0.0보다 커야", "this must be greater than 0.0"),
    ("POST", "/v1/things", thing(even=3), 422, "bad_input", "even", "2의 배수", "this must be a multiple of 2"),
    ("POST", "/v1/things", thing(owner="me"), 422, "bad_input", "owner", "UUID여야", "this must be a UUID"),
    ("POST", "/v1/things", thing(link="not a link"), 422, "bad_input", "link", "올바른 URL", "this must be a valid URL"),
    ("POST", "/v1/things", thing(isUrgent="maybe"), 422, "bad_input", "isUrgent", "true 또는 false", "this must be true or false"),
    ("POST", "/v1/things", thing(unitPrice="much"), 422, "bad_input", "unitPrice", "숫자여야", "this must be a number"),
    ("POST", "/v1/things", thing(unitPrice="NaN"), 422, "bad_input", "unitPrice", "유한한 숫자", "this must be a finite"),
    ("POST", "/v1/things", {**thing(), "headers": {"Idempotency-Key": "a b"}}, 422, "bad_input", "header.Idempotency-Key", "Idempotency-Key는", "an Idempotency-Key is"),
    ("POST", "/v1/things", {**thing(), "headers": {"Idempotency-Key": "x" * 201}}, 422, "bad_input", "header.Idempotency-Key", "Idempotency-Key는", "an Idempotency-Key is"),
    ("PUT", f"/v1/things/{ID}", thing(), 428, "precondition_required", None, "If-Match 헤더가", "an If-Match header"),
    ("PUT", f"/v1/things/{ID}", {**thing(), "headers": {"If-Match": "v1"}}, 422, "bad_input", "header.If-Match", "If-Match에는", "If-Match takes"),
    ("PUT", f"/v1/things/{ID}", {**thing(), "headers": {"If-Match": '"v0"'}}, 412, "precondition_failed", None, "그사이 다른 사람", "somebody else"),
    ("POST", "/v1/things/files", body("x", **{"content-type": "multipart/form-data; boundary=b"}), 400, "malformed_body", None, "본문을 읽을 수 없습니다. multipart", "the body cannot be read: it is not a well-formed"),
    ("POST", "/v1/things/files", body("x", **{"content-type": "multipart/form-data"}), 400, "malformed_body", None, "본문을 읽을 수 없습니다. multipart", "the body cannot"),
    ("POST", "/v1/things/files", {"data": {"file": "text"}}, 422, "bad_input", "file", "", ""),
    ("GET", "/v1/things/me/name", {}, 401, "unauthenticated", None, "로그인하지", "you are not logged in"),
    ("GET", "/v1/things/me/name", {"headers": {"authorization": "Basic eDp5"}}, 401, "unauthenticated", None, "로그인하지", "you are not"),
    ("GET", "/v1/things/me/name", {"headers": {"authorization": "Bearer wrong"}}, 401, "unauthenticated", None, "로그인하지", "you are not"),
    ("OPTIONS", "/v1/things", {"headers": {"origin": "https://evil.example", "access-control-request-method": "POST"}}, 403, "origin_refused", None, "이 출처의", "pages of this origin"),
    ("GET", "/v1/things/failures/conflict", {}, 409, "conflict", None, "그사이", "somebody else"),
    ("GET", "/v1/things/failures/bad_input", {}, 422, "bad_input", "panels[0].main", "값이 필요", "a value is needed"),
    ("GET", "/v1/things/failures/throttled", {}, 429, "too_many_requests", None, "지금은", "this cannot be done right now"),
    ("GET", "/v1/things/failures/away", {}, 503, "unavailable", None, "지금은", "this cannot be done right now"),
    ("GET", "/v1/things/failures/lock", {}, 503, "lock_timeout", None, "지금은", "this cannot be done right now"),
    ("GET", "/v1/things/failures/internal", {}, 500, "internal_error", None, "요청을 처리하는 중", "something unexpected"),
    ("GET", "/v1/things/failures/unexpected", {}, 500, "internal_error", None, "요청을 처리하는 중", "something unexpected"),
]  # fmt: skip
NAMES = [
    f"{number:02d} {method} {path[:40]} {status}"
    for number, (method, path, _, status, *_) in enumerate(REFUSED)
]


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code", "place", "korean", "english"), REFUSED, ids=NAMES
)
@pytest.mark.parametrize("locale", ["ko", "en"])
async def test_every_bad_request_gets_the_one_shape_in_the_callers_language(
    client: httpx2.AsyncClient,
    method: str,
    path: str,
    options: dict[str, Any],
    status: int,
    code: str,
    place: str | None,
    korean: str,
    english: str,
    locale: str,
) -> None:
    headers = {"Accept-Language": locale, **options.get("headers", {})}
    answer = await client.request(method, path, **{**options, "headers": headers})
    assert answer.headers["content-type"] == "application/json"
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), told
    assert set(told) <= {"code", "message", "hint", "traceId", "meta"}
    assert told["traceId"] == answer.headers["x-trace-id"]
    assert len(told["meta"]["dedupKey"]) == 16
    sentence = told["message"]
    if place is not None:
        first = told["meta"]["problems"][0]
        assert first["path"] == place
        sentence = first["message"]
    assert sentence.startswith(korean if locale == "ko" else english)
    assert "inside" not in answer.text
    assert "/private" not in answer.text


async def test_all_problems_of_a_request_are_told_at_once(client: httpx2.AsyncClient) -> None:
    answer = await client.get("/v1/things?size=0&page=x&tz=Mars&currency=won&locale=fr")
    paths = {problem["path"] for problem in answer.json()["meta"]["problems"]}
    assert paths == {"query.size", "query.page", "query.tz", "query.currency", "query.locale"}


async def test_facts_hint_and_headers_of_an_error_reach_the_caller(client: httpx2.AsyncClient) -> None:
    conflict = (await client.get("/v1/things/failures/conflict?locale=en")).json()
    assert conflict["hint"] == "/docs lists the addresses there are"
    assert conflict["meta"]["limit"] == 2
    throttled = await client.get("/v1/things/failures/throttled")
    assert throttled.headers["retry-after"] == "13"
    assert throttled.json()["meta"]["retryAfterSeconds"] == 12.2
    assert (await client.delete("/v1/things")).headers["allow"] == "GET, POST"
    assert (await client.get("/v1/things/me/name")).headers["www-authenticate"] == "Bearer"


async def test_the_locale_of_the_query_wins_over_the_header(client: httpx2.AsyncClient) -> None:
    for query, header, wanted in [
        ("?locale=en", "ko", "en"),
        ("?locale=ko", "en", "ko"),
        ("?locale=fr", "en", "en"),
        ("", "fr, en;q=0.3, ko;q=0.2", "en"),
        ("", "en;q=0, ko;q=0.1", "ko"),
        ("", "en-GB", "en"),
        ("", "de", "ko"),
        ("", ",;;q=x,*", "ko"),
    ]:
        answer = await client.get(f"/v1/nothing{query}", headers={"Accept-Language": header})
        assert answer.json()["message"].startswith("요청한" if wanted == "ko" else "there"), (query, header)


async def test_the_same_kind_of_error_at_the_same_route_has_the_same_key(client: httpx2.AsyncClient) -> None:
    async def key(path: str) -> str:
        return str((await client.get(path)).json()["meta"]["dedupKey"])

    assert await key(f"/v1/things/{ID}?limit=0") == await key(f"/v1/things/{uuid4()}?limit=x&locale=en")
    assert await key(f"/v1/things/{ID}?limit=0") != await key("/v1/things/x")
    assert await key(f"/v1/things/{ID}?limit=0") != await key("/v1/things?size=0")


def test_the_key_does_not_depend_on_the_order_of_the_problems() -> None:
    first, second = (Problem(path, Message("api.invalid.missing")) for path in ("a", "b"))
    assert dedup_key("bad_input", "/x", [first, second]) == dedup_key("bad_input", "/x", [second, first])


async def test_a_good_request_is_answered(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/v1/things", json=GOOD_THING, headers={"Idempotency-Key": "order-7"})
    assert answer.status_code == 201
    assert answer.json()["thing"]["unitPrice"] == "1250.50"
    assert answer.json()["traceId"] == answer.headers["x-trace-id"]
    listed = await client.get(
        "/v1/things?page=3&size=10&sort=-name&filter=status:done&tz=Europe/Paris&currency=USD&locale=en"
    )
    assert listed.json() == {
        "column": "name",
        "falls": True,
        "offset": 20,
        "conditions": [["status", "done"]],
        "locale": "en",
        "currency": "USD",
        "zone": "Europe/Paris",
    }


async def test_many_problems_are_cut_and_said_to_be(client: httpx2.AsyncClient) -> None:
    content = json.dumps({**GOOD_THING, **{f"x{number}": 1 for number in range(500)}})
    told = (await client.post("/v1/things", **body(content))).json()["meta"]["problems"]
    assert len(told) == 101
    assert told[-1] == {"path": "", "message": "이 밖에도 문제가 더 있습니다."}


async def test_strange_names_do_not_break_the_answer(client: httpx2.AsyncClient) -> None:
    content = json.dumps({**GOOD_THING, "<script>\n": 1})
    told = (await client.post("/v1/things", **body(content))).json()["meta"]["problems"]
    assert told[0]["path"] == "?script??"
