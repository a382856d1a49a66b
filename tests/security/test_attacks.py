"""Attacks with what is sent: addresses, headers, bodies, files, links, bytes that are no HTTP. Whatever comes, the answer is ours, in the one shape, and nothing leaks."""

import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from kis.api.app import bare_app, create_app
from kis.api.contract import contract_of, contract_yaml
from kis.api.routes import operations
from kis.identity import Role
from kis.platform.configuration import ApplicationSettings
from kis.platform.storage.links import Links
from tests.factories.quotations import panel_of, request_of
from tests.factories.security import ABROAD, ADDRESS, OWN_BREAKER, Installation, Person, World
from tests.factories.security_operations import Operation
from tests.factories.security_table import OPERATIONS

pytestmark = pytest.mark.asyncio(loop_scope="module")

PROXY = "192.0.2.10"
PAGE = "https://pages.example.com"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def person(world: World) -> Person:
    """An administrator of ours."""
    return await world.at.person(world.ours.id, Role.ADMIN)


@pytest_asyncio.fixture(loop_scope="module")
async def client(world: World, person: Person) -> AsyncIterator[httpx2.AsyncClient]:
    """Their client."""
    async with world.at.client(headers=person.headers) as opened:
        yield opened


def changed(at: Installation, **settings: Any) -> FastAPI:
    """Return the API of the installation under other settings."""
    own = at.application.settings.application.model_dump()
    other = replace(at.application.settings, application=ApplicationSettings(**{**own, **settings}))
    return create_app(replace(at.application, settings=other))


def ours(answer: httpx2.Response, *statuses: int) -> dict[str, Any]:
    """Return the body of a refusal, which must be in the one shape and say nothing of the inside."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:300])
    if statuses:
        assert answer.status_code in statuses, answer.text[:300]
    body: dict[str, Any] = answer.json()
    assert {"code", "message", "traceId", "meta"} <= set(body)
    assert body["traceId"] == answer.headers["X-Trace-Id"]
    for word in ("Traceback", "psycopg", "sqlalchemy", "site-packages", "SELECT ", "kis-request-", 'File "'):
        assert word not in answer.text
    return body


# Addresses

NASTY_SEGMENTS = (
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2f%2e%2e%2fsecret_key",
    "..%5c..%5cwindows",
    "..;%2f",
    "%252e%252e%252f",
    "%00",
    "x%00.pdf",
    "%0d%0aSet-Cookie:%20a=b",
    "%ff%fe",
    "%c0%ae%c0%ae",
    "' OR 1=1 --",
    "%27%3b%20DROP%20TABLE%20estimator.quotes%3b--",
    "9223372036854775808",
    "-1",
    "{{7*7}}${7*7}",
    "%F0%9F%92%A3",
    "a" * 6000,
    "null",
)
NASTY_VALUES = (
    "9223372036854775808",
    "1e999",
    "0",
    "-1",
    "",
    "a" * 3000,
    "'\"\\%_;--",
    "status:completed' OR '1'='1",
    "createdAt;DROP TABLE x",
    "../../etc/passwd",
    "한글\x01\x7f",
    "status:\0",
    "٣",
)
CONTRACT = contract_of(bare_app())["paths"]
QUESTIONS: dict[str, list[str]] = {}
"""The parameters of a query, with the addresses that take them."""
for _path, _told in CONTRACT.items():
    for _parameter in _told.get("get", {}).get("parameters", ()):
        if _parameter["in"] == "query" and "{" not in _path:
            QUESTIONS.setdefault(_parameter["name"], []).append(_path)
WITH_PARAMETER = [operation for operation in OPERATIONS if "{" in operation.path]


class TestAddresses:
    @pytest.mark.parametrize("operation", WITH_PARAMETER, ids=lambda operation: operation.name)
    async def test_no_parameter_leads_elsewhere(
        self, world: World, client: httpx2.AsyncClient, operation: Operation
    ) -> None:
        before = world.at.state()
        head, _, tail = operation.path.partition("{")
        tail = tail.partition("}")[2]
        body = request_of() if operation.method in {"POST", "PATCH"} else None
        for segment in NASTY_SEGMENTS:
            path = head + segment + tail
            answer = await client.request(operation.method, path, params={"to": segment[:20]}, json=body)
            ours(answer)
            assert "set-cookie" not in answer.headers
        assert world.at.state() == before

    @pytest.mark.parametrize("name", QUESTIONS)
    async def test_no_question_breaks_a_list(self, client: httpx2.AsyncClient, name: str) -> None:
        for path in QUESTIONS[name][:2]:
            for value in NASTY_VALUES:
                answer = await client.get(path, params={name: value})
                assert answer.status_code < 500, (path, value)
                if answer.status_code >= 400:
                    ours(answer)

    @pytest.mark.parametrize(
        "query",
        [
            b"q=%ff%fe",
            b"q=%c3%28",
            b"q=%00",
            b"filter=status:%00",
            b"page=%ff",
            b"%ff=%ff",
            b"&&&===",
            b"q=" + b"&q=" * 5000,
        ],
    )
    async def test_no_bytes_in_a_question_break_it(self, client: httpx2.AsyncClient, query: bytes) -> None:
        for path in (b"/v1/catalog", b"/v1/estimate", b"/v1/audit"):
            url = httpx2.URL(ADDRESS).copy_with(raw_path=path + b"?" + query)
            answer = await client.send(httpx2.Request("GET", url, headers=client.headers))
            if answer.status_code >= 400:
                ours(answer)

    async def test_sql_is_text_and_wildcards_are_letters(self, client: httpx2.AsyncClient) -> None:
        async def total(path: str, **params: str) -> int:
            answer = await client.get(path, params=params)
            assert answer.status_code == 200, answer.text
            found: int = answer.json()["total"]
            return found

        for wildcard in ("%", "_", "\\", "%%", "' OR ''='", "');--"):
            assert await total("/v1/estimate", filter=f"customer:{wildcard}") == 0
            assert await total("/v1/estimate", filter=f"number:{wildcard}") == 0
            assert await total("/v1/audit", action=wildcard) == 0
        assert await total("/v1/catalog", q="ZQX' OR '1'='1") == 0
        assert await total("/v1/estimate", filter="customer:한빛") >= 4
        for wrong in ("id);DROP TABLE x--", "organizationId", "createdAt desc", "(select 1)", "--createdAt"):
            ours(await client.get("/v1/estimate", params={"sort": wrong}), 422)
        for wrong in ("organizationId:x", "result:x", "status", "status=completed", ":", "a:b:c"):
            ours(await client.get("/v1/estimate", params={"filter": wrong}), 422)

    async def test_the_method_that_stands_there_counts(
        self, world: World, client: httpx2.AsyncClient
    ) -> None:
        before = world.at.state()
        for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method"):
            answer = await client.get(f"/v1/users/{world.member.id}?_method=DELETE", headers={name: "DELETE"})
            assert answer.json()["id"] == str(world.member.id)
            ours(await client.post(f"/v1/users/{world.member.id}", headers={name: "DELETE"}), 405)
        for method in ("TRACE", "CONNECT", "PROPFIND", "DEBUG", "GET2"):
            ours(await client.request(method, "/v1/users"), 404, 405)
        assert world.at.state() == before


# Bodies

JSON = {"Content-Type": "application/json"}
YAML = {"Content-Type": "application/yaml"}
TAKING_JSON = [
    (method.upper(), path)
    for path, told in CONTRACT.items()
    for method, operation in told.items()
    if "application/json" in operation.get("requestBody", {}).get("content", {})
]
ILL_JSON = {
    "not UTF-8": b'{"name":"\xff\xfe"}',
    "UTF-16": '{"name":"x"}'.encode("utf-16"),
    "NaN": b'{"name":NaN,"x":Infinity}',
    "huge number": b'{"name":1e999999}',
    "very long number": b'{"name":' + b"9" * 6000 + b"}",
    "deep lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "lone surrogate": b'{"name":"\\ud800"}',
    "NUL": b'{"name":"a\\u0000b","email":"\\u0000","customer":{"name":"\\u0000"}}',
    "NUL in a name": b'{"a\\u0000":1}',
    "list": b"[]",
    "number": b"9223372036854775808",
    "null": b"null",
    "text": b'"x"',
    "empty": b"",
    "white space": b"   ",
    "two values": b"{}{}",
    "comment": b"{} // x",
    "open": b'{"name": "x"',
    "prototype": b'{"__proto__":{"isOperator":true},"constructor":{"prototype":{}}}',
    "wrong kinds": b'{"email":{"$ne":null},"password":{"$gt":""},"name":[],"role":{},"token":1,"gate":{},"columns":[],"quoteIds":{}}',
}


def some_path(path: str) -> str:
    """Return an address of a route, with things that are nobody's."""
    return path.format(
        quote_id=uuid4(),
        item_id=uuid4(),
        user_id=uuid4(),
        organization_id=uuid4(),
        article_id=uuid4(),
        product_id="nobody",
        comment_id=uuid4(),
        attachment_id=uuid4(),
        category_id=uuid4(),
        run_id=uuid4(),
        pin_id=uuid4(),
        synonyms_id=uuid4(),
        search_id=uuid4(),
        thread_id=uuid4(),
        message_id=uuid4(),
        source="article",
        source_id=uuid4(),
        name="nobody",
        chart="nobody",
        table="nobody",
    )


YAML_BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{','.join('*' + chr(97 + n) for _ in range(9))}]\n"
        for n in range(10)
    )
    + "customer: {name: A}\n",
    "merge": "a: &a {x: 1}\n" + "".join(f"k{n}: &k{n} {{<<: [*a, *a]}}\n" for n in range(2000)),
    "python object": "!!python/object/apply:os.system ['true']",
    "python name": "customer: !!python/name:os.system",
    "own reference": "a: &a [*a]",
    "deep": "[" * 200_000 + "]" * 200_000,
    "deep mapping": "{a: " * 5000 + "1" + "}" * 5000,
    "binary": "customer: !!binary AAAA",
    "name twice": "customer: {name: A}\ncustomer: {name: B}\nproject: C\n",
    "two documents": "a: 1\n---\nb: 2\n",
    "tag": "%TAG ! tag:evil,2000:\n--- !x y",
    "not text": "\x00\x01",
    "tab": "customer:\n\t- x",
    "huge number": f"customer: {{name: {'9' * 5000}}}\nproject: A\npanels: []\n",
    "sexagesimal": "customer: 190:20:30\nproject: 1_000\npanels: .inf\n",
    "list": "- a\n- b\n",
    "merge of a list": "<<: [1, 2]\n",
}


class TestBodies:
    @pytest.mark.parametrize(("method", "path"), TAKING_JSON, ids=str)
    async def test_ill_json_is_refused(
        self, world: World, client: httpx2.AsyncClient, method: str, path: str
    ) -> None:
        before = world.at.state()
        for ill, content in ILL_JSON.items():
            answer = await client.request(method, some_path(path), content=content, headers=JSON)
            if path == "/v1/validate" and answer.status_code == 200:
                assert answer.json()["valid"] is False, ill  # it is asked what is wrong
            else:
                ours(answer, 400, 401, 404, 409, 415, 422)
        assert world.at.state() == before

    async def test_a_name_twice_is_not_taken_twice(self, client: httpx2.AsyncClient) -> None:
        body = json.dumps(request_of())[:-1] + ', "project": "다른 현장"}'
        answer = await client.post("/v1/estimate?draft=true", content=body.encode(), headers=JSON)
        if answer.status_code != 422:
            assert answer.status_code == 201
            shown = (await client.get(answer.headers["Location"])).json()
            assert shown["project"] == shown["request"]["project"] == "다른 현장"

    @pytest.mark.parametrize("bomb", YAML_BOMBS)
    async def test_yaml_is_data_of_bounded_size(self, client: httpx2.AsyncClient, bomb: str) -> None:
        data = YAML_BOMBS[bomb].encode()
        ours(await client.post("/v1/estimate", content=data, headers=YAML), 400, 413, 422)
        checked = await client.post("/v1/validate", content=data, headers=YAML)
        assert checked.status_code in {200, 400, 413, 415, 422}, checked.text
        if checked.status_code == 200:
            assert checked.json()["valid"] is False
        upload = await client.post("/v1/price-books", files={"file": ("a.yaml", data)})
        ours(upload, 400, 413, 422)
        ours(await client.post("/v1/rulebooks", files={"file": ("a.yaml", data)}), 400, 413, 422)

    async def test_too_much_is_refused_before_it_is_read(self, world: World, person: Person) -> None:
        app = changed(world.at, largest_body_bytes=2048, largest_upload_bytes=4096)
        at = replace(world.at, app=app)
        async with at.client(headers=person.headers) as client:
            for headers in (JSON, YAML, {"Content-Type": "text/plain"}, {}):
                answer = await client.post("/v1/validate", content=b" " * 3000, headers=headers)
                assert ours(answer, 413)["meta"]["limitBytes"] == 2048
            for path in ("/v1/catalog/import", "/v1/price-books", "/v1/rulebooks", "/v1/validate"):
                big = {"file": ("a.csv", b"a" * 5000)}
                assert ours(await client.post(path, files=big), 413)["code"] == "too_large"
                huge = {"file": ("a.csv", b"a" * 200_000)}
                assert ours(await client.post(path, files=huge), 413)["code"] == "too_large"

    async def test_a_body_of_another_type_is_not_guessed_at(
        self, world: World, client: httpx2.AsyncClient
    ) -> None:
        before = world.at.state()
        content = json.dumps({"email": "a@example.test", "role": "admin"}).encode()
        for kind in (
            "text/plain",
            "application/xml",
            "application/x-www-form-urlencoded",
            "image/png",
            "x" * 500,
        ):
            ours(
                await client.post("/v1/users", content=content, headers={"Content-Type": kind}), 400, 415, 422
            )
        assert world.at.state() == before


# Files


def workbook(**parts: bytes) -> bytes:
    """Return a workbook with parts of one's own."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return output.getvalue()


TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]><workbook>&j;</workbook>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><workbook>&a;</workbook>'
)
FILES = {
    "zip bomb": b"",  # made where it is sent
    "billion laughs": workbook(**{"[Content_Types].xml": TYPES, "xl/workbook.xml": LAUGHS}),
    "outside entity": workbook(**{"[Content_Types].xml": TYPES, "xl/workbook.xml": OUTSIDE}),
    "path outside": workbook(**{"../../../../tmp/kis-evil": b"x", "/etc/kis-evil": b"x"}),
    "no workbook": workbook(**{"a.txt": b"x"}),
    "cut off": workbook(**{"[Content_Types].xml": TYPES})[:-30],
    "wrong magic": b"PK\x03\x04" + b"\xff" * 500,
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "old Excel": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "program": b"\x7fELF" + b"\0" * 100,
    "not UTF-8": b"model,make\n\xff\xfe\xfa,x\n",
    "NUL": b"model,make\n\x00,x\n",
    "one long line": b"a" * 3_000_000,
    "many columns": b",".join(b"c%d" % n for n in range(50_000)) + b"\n",
    "open quote": b'model,make\n"' + b"x" * 200_000,
    "empty": b"",
    "head alone": b"model,make\n",
    "HTML": b"<html><script>alert(1)</script></html>",
}


def zip_bomb() -> bytes:
    """Return a small archive of 101 MiB."""
    output, piece = io.BytesIO(), bytes(2**20)
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        with archive.open("xl/workbook.xml", "w") as part:
            for _ in range(101):
                part.write(piece)
    return output.getvalue()


class TestFiles:
    @pytest.mark.parametrize("kind", FILES)
    async def test_are_judged_by_what_they_hold(
        self, world: World, client: httpx2.AsyncClient, kind: str
    ) -> None:
        before = world.at.state()
        content = zip_bomb() if kind == "zip bomb" else FILES[kind]
        for path in ("/v1/catalog/import", "/v1/price-books", "/v1/rulebooks"):
            files = {"file": ("parts.xlsx", content, "application/vnd.ms-excel")}
            ours(await client.post(path, files=files), 400, 413, 415, 422)
        assert world.at.state() == before

    @pytest.mark.parametrize(
        "name",
        [
            "../../../../tmp/evil.csv",
            "/etc/passwd",
            "a\r\nX: y.csv",
            "a" * 3000,
            "CON",
            "..",
            "\u202efdp.csv",
            "<b>.csv",
            "",
        ],
    )
    async def test_names_are_words_and_no_places(self, client: httpx2.AsyncClient, name: str) -> None:
        answer = await client.post("/v1/catalog/import", files={"file": (name, b"nonsense\n1\n")})
        body = ours(answer, 400, 422)
        assert "\n" not in str(body["meta"].get("problems", [{}])[0].get("path", ""))
        assert "/etc" not in answer.text
        assert "../" not in answer.text

    async def test_many_parts_of_a_form_are_too_many(self, client: httpx2.AsyncClient) -> None:
        many = [("file", (f"{n}.csv", b"x")) for n in range(1500)]
        ours(await client.post("/v1/catalog/import", files=many), 400, 413, 422)
        ours(await client.post("/v1/validate", files=many), 400, 413, 422)
        head = {"Content-Type": "multipart/form-data; boundary=" + "b" * 5000}
        ours(await client.post("/v1/catalog/import", content=b"--b\r\n", headers=head), 400, 422)
        ours(
            await client.post(
                "/v1/catalog/import", content=b"x", headers={"Content-Type": "multipart/form-data"}
            ),
            400,
            422,
        )

    @pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r="])
    async def test_nothing_computes_in_what_goes_out(self, client: httpx2.AsyncClient, start: str) -> None:
        words = f'{start}HYPERLINK("http://evil.example";"x")'
        columns = {**OWN_BREAKER, "model": f"F{uuid4().hex[:6]}", "make": words}
        added = await client.post("/v1/catalog/items", json={"kind": "breaker", "columns": columns})
        if added.status_code != 201:
            ours(added, 422)
            return
        try:
            exported = await client.get("/v1/catalog/export", params={"format": "csv", "kind": "breaker"})
            cells = [cell for line in exported.text.splitlines() for cell in line.split(",")]
            assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "@", "\t", "\r"))]
            assert not [
                cell for cell in cells if cell.strip('"').startswith("-") and not _is_number(cell.strip('"'))
            ]
            book = await client.get("/v1/catalog/export", params={"format": "xlsx"})
            with zipfile.ZipFile(io.BytesIO(book.content)) as archive:
                sheets = [
                    archive.read(name)
                    for name in archive.namelist()
                    if name.startswith("xl/worksheets/sheet")
                ]
            assert not [sheet for sheet in sheets if b"HYPERLINK" in sheet and b"<f>" in sheet]
        finally:
            await client.delete(added.headers["Location"])

    async def test_nothing_computes_in_the_log_as_a_file(
        self, world: World, client: httpx2.AsyncClient
    ) -> None:
        await client.patch(f"/v1/organizations/{world.ours.id}", json={"name": "=1+1"})
        try:
            exported = await client.get("/v1/audit/export", params={"format": "csv"})
        finally:
            await client.patch(f"/v1/organizations/{world.ours.id}", json={"name": world.ours.name})
        for line in exported.text.splitlines():
            for cell in line.split(","):
                assert not cell.strip('"').startswith(("=", "+", "@", "\t")), line


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()


# Links


class TestLinks:
    def path(self, world: World) -> str:
        return str(urlsplit(world.documents[0]["signedUrl"]).path)

    async def test_good_ones_are_good_for_anybody(self, world: World) -> None:
        async with world.at.client() as client:
            answer = await client.get(self.path(world))
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"

    async def test_every_letter_counts(self, world: World) -> None:
        path = self.path(world)
        begin = path.rindex("/") + 1
        async with world.at.client() as client:
            for place in range(begin, len(path), 7):
                other = "A" if path[place] != "A" else "B"
                answer = await client.get(path[:place] + other + path[place + 1 :])
                ours(answer, 403, 404)
            payload, _, code = path[begin:].partition(".")
            for wrong in (
                payload,
                f"{payload}.",
                f".{code}",
                f"{payload}.{code}=",
                f"{payload}.{code}.{code}",
                code,
                ".",
            ):
                ours(await client.get(path[:begin] + wrong), 403, 404)

    async def test_end_with_their_time(self, world: World) -> None:
        stored = world.at.application
        document = world.at.rows(
            "SELECT path FROM estimator.documents WHERE id = %s", world.documents[0]["documentId"]
        )
        old = Links(stored.secret, now=lambda: 1_700_000_000)
        token = old.token(document[0][0], seconds=60, filename="x", media_type="text/plain")
        async with world.at.client() as client:
            ours(await client.get(f"/v1/objects/{token}"), 410)

    async def test_of_another_installation_open_nothing(self, world: World) -> None:
        document = world.at.rows(
            "SELECT path FROM estimator.documents WHERE id = %s", world.documents[0]["documentId"]
        )
        for secret in (b"another secret of another place", b"x" * 32):
            token = Links(secret).token(document[0][0], seconds=60, filename="x", media_type="text/plain")
            async with world.at.client() as client:
                ours(await client.get(f"/v1/objects/{token}"), 403)

    async def test_no_name_breaks_out_of_its_header(self, world: World) -> None:
        document = world.at.rows(
            "SELECT path FROM estimator.documents WHERE id = %s", world.documents[0]["documentId"]
        )
        async with world.at.client() as client:
            for name in (
                'a"\r\nSet-Cookie: a=b\r\n\r\n<html>',
                '"; filename="evil.exe',
                "견적서 \u202e.pdf",
                "../../x",
                "a;b=c\\",
                "\0",
                "",
            ):
                url = await world.at.application.storage.signed_url(
                    document[0][0], seconds=60, filename=name, media_type="text/plain"
                )
                answer = await client.get(urlsplit(url).path)
                assert answer.status_code == 200
                assert "set-cookie" not in answer.headers
                told = answer.headers["Content-Disposition"]
                assert told.count('"') == 2, told
                assert re.fullmatch(r"attachment; filename=\"[^\"]*\"; filename\*=UTF-8''[^;\"]*", told), told
                assert not any(sign in told for sign in ("\r", "\n", "\\", "../"))

    async def test_words_of_a_customer_stay_in_the_body(self, client: httpx2.AsyncClient) -> None:
        words = 'x"\r\nSet-Cookie: a=b\r\n<script>alert(1)</script>\u202e'
        answer = await client.post(
            "/v1/estimate?draft=true", json=request_of(project=words, customer={"name": words})
        )
        assert answer.status_code in {201, 422}
        assert "set-cookie" not in answer.headers
        if answer.status_code == 201:
            shown = await client.get(answer.headers["Location"])
            assert shown.headers["Content-Type"] == "application/json"
            assert "set-cookie" not in shown.headers


# Who asks from where


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def paged(world: World) -> Installation:
    """The installation, which one page of another origin may call."""
    return replace(world.at, app=changed(world.at, cors_origins=(PAGE,)))


class TestOrigins:
    FOREIGN = ("https://evil.example", "null", "https://pages.example.com.evil.example", "https://evilpages.example.com",
               "http://pages.example.com", "https://pages.example.com:8443", "https://PAGES.example.com@evil.example",
               "https://pages.example.com/", "file://", "*")  # fmt: skip

    @pytest.mark.parametrize("origin", FOREIGN)
    async def test_pages_that_are_not_on_the_list_read_nothing(
        self, paged: Installation, person: Person, origin: str
    ) -> None:
        async with paged.client(headers={**person.headers, "Origin": origin}) as client:
            for answer in (
                await client.get("/v1/auth/me"),
                await client.get("/v1/none"),
                await client.get("/healthz"),
            ):
                assert "access-control-allow-origin" not in answer.headers
            wanted = {
                "Access-Control-Request-Method": "DELETE",
                "Access-Control-Request-Headers": "authorization",
            }
            asked = await client.options(f"/v1/users/{uuid4()}", headers=wanted)
            assert "access-control-allow-origin" not in asked.headers
            ours(asked, 403)

    async def test_the_page_on_the_list_may(self, paged: Installation, person: Person) -> None:
        async with paged.client(headers={**person.headers, "Origin": PAGE}) as client:
            answer = await client.get("/v1/auth/me")
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Origin" in answer.headers["Vary"]

    async def test_without_a_list_no_page_may(self, world: World, person: Person) -> None:
        async with world.at.client(headers={**person.headers, "Origin": PAGE}) as client:
            assert "access-control-allow-origin" not in (await client.get("/v1/auth/me")).headers

    async def test_the_gateway_is_no_way_around(self, world: World) -> None:
        call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
        key = await world.at.key(world.ours, Role.VIEWER)
        headers = {"Accept": "application/json, text/event-stream", "X-API-Key": key}
        async with world.at.client(headers=headers) as client:
            assert (await client.post("/mcp", json=call)).status_code == 200
            for origin in self.FOREIGN[:5]:
                answer = await client.post("/mcp", json=call, headers={"Origin": origin})
                assert answer.status_code in {400, 403}, origin


class TestProxies:
    async def test_only_a_trusted_one_says_who_calls(self, world: World, person: Person) -> None:
        at = replace(world.at, app=changed(world.at, trusted_proxies=(PROXY,)))
        forged = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9", "X-Forwarded-Proto": "https"}
        body = {"email": person.email, "password": "wrong"}
        for address, told in ((PROXY, "203.0.113.9"), (ABROAD, ABROAD), ("127.0.0.1", "127.0.0.1")):
            async with at.client(address) as client:
                answer = await client.post("/v1/auth/login", json=body, headers=forged)
            assert answer.status_code == 401
            assert ("strict-transport-security" in answer.headers) is (address == PROXY)
            newest = at.rows("SELECT address FROM shared.audit_logs ORDER BY sequence DESC LIMIT 1")
            assert newest == [(told,)]

    async def test_metrics_are_not_had_by_a_header(self, world: World) -> None:
        async with world.at.client() as client:
            for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP"):
                ours(await client.get("/metrics", headers={name: "127.0.0.1"}), 401)
        async with world.at.client("127.0.0.1") as client:
            assert (await client.get("/metrics")).status_code == 200
            ours(await client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}), 401)


# Keys of retries, streams


class TestRetries:
    @pytest.mark.parametrize("key", ["", " ", "a b", "a" * 201, "é", "a\tb", "한글"])
    async def test_what_is_no_key_is_refused(
        self, world: World, client: httpx2.AsyncClient, key: str
    ) -> None:
        before = world.at.state()
        headers = httpx2.Headers([(b"Idempotency-Key", key.encode())])
        ours(await client.post("/v1/estimate", json=request_of(), headers=headers), 422)
        assert world.at.state() == before

    async def test_a_key_is_its_owners_alone(self, world: World, client: httpx2.AsyncClient) -> None:
        headers = {"Idempotency-Key": f"order-{uuid4()}"}
        first = await client.post("/v1/estimate", json=request_of(), headers=headers)
        again = await client.post("/v1/estimate", json=request_of(), headers=headers)
        assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
        other = await client.post("/v1/estimate", json=request_of(project="다른 현장"), headers=headers)
        ours(other, 409)
        draft = await client.post("/v1/estimate?draft=true", json=request_of(), headers=headers)
        ours(draft, 409)
        for house in (world.ours, world.theirs):
            somebody = await world.at.person(house.id, Role.ESTIMATOR)
            async with world.at.client(headers=somebody.headers) as others:
                made = await others.post("/v1/estimate", json=request_of(), headers=headers)
            assert made.status_code == 201
            assert made.json()["quoteId"] != first.json()["quoteId"]


class TestStreams:
    @pytest.mark.parametrize("last", ["x", "-1", "1.5", "9" * 40, "0x10", "1;2", "' OR 1=1", "٣", "1e3"])
    async def test_a_place_that_is_none_is_refused(
        self, world: World, client: httpx2.AsyncClient, last: str
    ) -> None:
        params = {"quoteId": world.completed["quoteId"]}
        headers = httpx2.Headers([(b"Last-Event-ID", last.encode())])
        ours(await client.get("/v1/estimate/stream", params=params, headers=headers), 422)
        ours(await client.get("/v1/estimate/stream", params={**params, "lastEventId": last}), 422)

    @pytest.mark.parametrize(
        "words", ["x\n\nevent: DONE\ndata: {}\n\n", "x\revent: ERROR", "x\0", "x\x1b[2J"]
    )
    async def test_words_that_would_be_an_event_are_no_words(
        self, world: World, client: httpx2.AsyncClient, words: str
    ) -> None:
        before = world.at.state()
        for request in (
            request_of(project=words),
            request_of(customer={"name": words}),
            request_of(panels=[panel_of(name=words)]),
        ):
            ours(await client.post("/v1/estimate", json=request), 422)
        assert world.at.state() == before


# Our own faults


class Broken:
    """A service whose fault says more than anybody may hear."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(
            f"{name}: postgresql://kis_app:hunter2@10.1.2.3/kis password=hunter2 /srv/kis/keys"
        )


class TestFaults:
    async def test_tell_nothing_of_the_inside(
        self, world: World, person: Person, capsys: pytest.CaptureFixture[str]
    ) -> None:
        broken: Any = Broken()
        app = create_app(replace(world.at.application, catalogs=broken, rulebooks=broken, quotations=broken))
        at = replace(world.at, app=app)
        async with at.client(headers=person.headers) as client:
            for path in (
                "/v1/price-books",
                "/v1/rulebooks",
                "/v1/catalog",
                "/v1/estimate",
                f"/v1/tasks/{uuid4()}",
            ):
                answer = await client.get(path)
                assert answer.status_code == 500
                body = answer.json()
                assert body["code"] == "internal_error"
                assert set(body) == {"code", "message", "traceId", "meta"}
                assert set(body["meta"]) == {"dedupKey"}
                assert body["traceId"] in body["message"]
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                for word in ("hunter2", "10.1.2.3", "RuntimeError", "Traceback", "/srv/kis", ".py"):
                    assert word not in answer.text
        assert "hunter2" not in capsys.readouterr().err

    async def test_the_contract_is_not_made_for_every_stranger(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        made: list[str] = []

        def make(contract: Mapping[str, Any]) -> str:
            made.append(contract_yaml(contract))
            return made[-1]

        monkeypatch.setattr(operations, "contract_yaml", make)
        at = replace(world.at, app=create_app(world.at.application))
        async with at.client() as client:
            texts = {(await client.get("/openapi")).text for _ in range(3)}
        assert (len(texts), len(made)) == (1, 1)
