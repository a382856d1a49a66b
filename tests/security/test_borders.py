"""Between neighbours: what one organisation names, the other cannot use, guess or count. And the log of all of it holds no secret."""

import io
import json
import logging
import secrets
from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
import structlog

from kis.identity import Role
from kis.platform.telemetry import configure_logs
from tests.factories.quotations import panel_of, request_of
from tests.factories.security import OWN_BREAKER, PASSWORD, SECRET_KEY, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def neighbour(world: World) -> Person:
    """The administrator next door."""
    return await world.at.person(world.theirs.id, Role.ADMIN)


@pytest_asyncio.fixture(loop_scope="module")
async def client(world: World, neighbour: Person) -> AsyncIterator[httpx2.AsyncClient]:
    """Their client."""
    async with world.at.client(headers=neighbour.headers) as opened:
        yield opened


def leaked(world: World, told: str, *given: str) -> list[str]:
    """Return what of ours is in a text and was not in the question."""
    return [word for word in sorted(world.told) if word in told and not any(word in each for each in given)]


class TestNaming:
    @pytest.mark.parametrize("what", ["price book", "rulebook"])
    async def test_our_prices_and_rules_make_no_quotation_of_theirs(
        self, world: World, client: httpx2.AsyncClient, what: str
    ) -> None:
        named = {"price_book": world.book} if what == "price book" else {"rulebook": world.rules}
        made = await world.at.quotation(world.theirs, request_of(**named))
        assert made["status"] == "failed"
        assert not leaked(world, json.dumps(made, ensure_ascii=False), *named.values())
        own = await world.at.quotation(world.theirs, request_of())
        wire = {"priceBook": world.book} if what == "price book" else {"rulebook": world.rules}
        answer = await client.post(f"/v1/estimate/{own['quoteId']}/requote", json=wire)
        assert answer.status_code == 404
        assert not leaked(world, answer.text, *named.values())

    async def test_our_parts_are_in_no_panel_of_theirs(self, world: World) -> None:
        model = str(OWN_BREAKER["model"])
        branch = {"model": model, "kind": "MCCB", "poles": 3, "rating_a": 75, "quantity": 1}
        made = await world.at.quotation(world.theirs, request_of(panels=[panel_of(branches=[branch])]))
        assert made["status"] in {"failed", "review"}
        assert not leaked(world, json.dumps(made, ensure_ascii=False), model)

    async def test_the_same_names_may_be_had_next_door(
        self, world: World, client: httpx2.AsyncClient
    ) -> None:
        """A conflict would tell that we have one."""
        from tests.factories.security import price_book_named, rulebook_named

        taken = await client.post("/v1/price-books", files={"file": ("a.yaml", price_book_named(world.book))})
        assert taken.status_code == 201, taken.text
        taken = await client.post("/v1/rulebooks", files={"file": ("a.yaml", rulebook_named(world.rules))})
        assert taken.status_code == 201, taken.text
        item = {"kind": "breaker", "columns": dict(OWN_BREAKER)}
        added = await client.post("/v1/catalog/items", json=item)
        assert added.status_code == 201, added.text
        assert added.json()["id"] != str(world.item_id)
        assert (await client.delete(added.headers["Location"])).status_code == 204

    async def test_one_of_ours_among_theirs_exports_nothing(
        self, world: World, client: httpx2.AsyncClient
    ) -> None:
        own = await world.at.quotation(world.theirs, request_of())
        before = world.at.rows("SELECT count(*) FROM shared.jobs")
        ids = [own["quoteId"], world.completed["quoteId"]]
        answer = await client.post("/v1/documents/export", json={"quoteIds": ids})
        assert answer.status_code == 404
        assert not leaked(world, answer.text, *ids)
        assert world.at.rows("SELECT count(*) FROM shared.jobs") == before

    async def test_numbers_begin_at_one_for_everybody(self, world: World) -> None:
        house = await world.at.house("셋째")
        made = await world.at.quotation(house, request_of())
        assert made["number"] == f"{house.code}-2026-0001"

    async def test_lists_count_their_own_alone(self, world: World) -> None:
        house = await world.at.house("넷째")
        person = await world.at.person(house.id, Role.ADMIN)
        async with world.at.client(headers=person.headers) as client:
            expected = {"/v1/estimate": 0, "/v1/api-keys": 0, "/v1/users": 2, "/v1/organizations": 1}
            for path, count in expected.items():
                assert (await client.get(path)).json()["total"] == count, path
            for path in ("/v1/estimate", "/v1/audit", "/v1/users", "/v1/catalog"):
                for page in (1, 2, 10_000):
                    answer = await client.get(path, params={"page": page, "size": 100})
                    assert not leaked(world, answer.text), path

    async def test_filters_ask_about_their_own_alone(self, world: World, client: httpx2.AsyncClient) -> None:
        number = str(world.completed["number"])
        for condition in (f"number:{number}", f"customer:{world.completed['customer']}", "status:sent"):
            answer = await client.get("/v1/estimate", params={"filter": condition})
            assert not leaked(world, answer.text, condition)
        for asked in (
            {"actor": f"user:{world.ours.admin.user_id}"},
            {"target": f"quotation:{world.completed['quoteId']}"},
        ):
            answer = await client.get("/v1/audit", params=asked)
            assert answer.json()["total"] == 0

    async def test_a_login_does_not_choose_its_organisation(self, world: World, neighbour: Person) -> None:
        body = {"email": neighbour.email, "password": PASSWORD, "organization": world.ours.code}
        async with world.at.client() as client:
            refused = await client.post("/v1/auth/login", json=body)
            assert refused.status_code == 401
            assert not leaked(world, refused.text)
            headers = {
                **neighbour.headers,
                "X-Organization-Id": str(world.ours.id),
                "X-Tenant": str(world.ours.id),
            }
            me = await client.get(
                "/v1/auth/me", params={"organizationId": str(world.ours.id)}, headers=headers
            )
        assert me.json()["organizationId"] == str(world.theirs.id)

    async def test_digests_tell_that_we_made_a_file_and_no_more(self, world: World) -> None:
        digest = world.documents[0]["sha256"]
        async with world.at.client() as client:
            known = (await client.get(f"/v1/evidence/check/{digest}")).json()
            unknown = (await client.get(f"/v1/evidence/check/{'0' * 64}")).json()
        assert known == {"sha256": digest, "known": True, "kind": "document"}
        assert unknown == {"sha256": "0" * 64, "known": False, "kind": None}


SECRETS_OF_ANSWERS = ("accessToken", "refreshToken", "csrfToken", "key", "token")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that the process tells at its most talkative."""
    stream = io.StringIO()
    before, handlers, level = (
        structlog.get_config(),
        logging.getLogger().handlers[:],
        logging.getLogger().level,
    )
    configure_logs("DEBUG", stream=stream)
    try:
        yield stream
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)


class TestLog:
    async def test_holds_no_secret_of_all_that_comes_in_and_goes_out(
        self, world: World, log: io.StringIO
    ) -> None:
        person = await world.at.person(world.ours.id, Role.ADMIN)
        spoken = {PASSWORD, SECRET_KEY, person.access_token, person.refresh_token}
        wrong = f"wrong-{secrets.token_hex(8)}"
        new = f"nine birches {secrets.token_hex(8)}"
        spoken |= {wrong, new}
        async with world.at.client() as client:
            for session in ("false", "true"):
                for password in (PASSWORD, wrong):
                    body = {"email": person.email, "password": password}
                    answer = await client.post("/v1/auth/login", params={"session": session}, json=body)
                    spoken |= {
                        value for name, value in answer.json().items() if name in SECRETS_OF_ANSWERS and value
                    }
            spoken |= {str(value) for value in client.cookies.values()}
            csrf = {"X-CSRF-Token": client.cookies["kis_csrf"]}
            await client.post("/v1/auth/refresh", json={"refreshToken": person.refresh_token})
            await client.post("/v1/auth/refresh", json={"refreshToken": f"{wrong}-r"})
            made = (
                await client.post("/v1/api-keys", json={"name": "x", "role": "viewer"}, headers=csrf)
            ).json()
            spoken.add(made["key"])
            for headers in (
                {"X-API-Key": made["key"]},
                {"X-API-Key": made["key"] + "x"},
                {"Authorization": f"Bearer {person.access_token}x"},
                {"Authorization": f"Bearer {made['key']}"},
                {"Authorization": f"Basic {wrong}"},
            ):
                await client.get("/v1/auth/me", headers=headers)
                await client.get("/v1/estimate", headers=headers, params={"sort": "none"})
                await client.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"}, headers=headers)
            link = (await client.post(f"/v1/users/{world.member.id}/reset-link", headers=csrf)).json()["url"]
            token = link.partition("#")[2]
            spoken.add(token)
            for given in (wrong, token, token):
                await client.post("/v1/auth/one-time", json={"token": given, "password": new})
            await client.post("/v1/auth/one-time", json={"token": token, "password": {"x": new}})
            await client.post(
                "/v1/auth/login",
                content=f'{{"password":"{new}'.encode(),
                headers={"Content-Type": "application/json"},
            )
            await client.post(
                "/v1/auth/password", json={"currentPassword": wrong, "newPassword": new}, headers=csrf
            )
            for document in (*world.documents[:2], world.archive):
                path = urlsplit(document["signedUrl"]).path
                spoken.add(path.rpartition("/")[2])
                await client.get(path)
                await client.get(path + "x")
            await client.get(f"/v1/objects/{wrong}")
        told = log.getvalue()
        assert "http.answered" in told
        lines = [json.loads(line) for line in told.splitlines()]
        assert all(isinstance(line["event"], str) for line in lines)
        found = [secret[:12] for secret in spoken if secret in told]
        assert not found, [line for line in told.splitlines() if any(secret in line for secret in spoken)][:3]
        assert "authorization" not in told.lower()

    async def test_is_one_line_an_event_whatever_is_sent(self, world: World, log: io.StringIO) -> None:
        evil: list[dict[str, Any]] = [
            {"headers": {"User-Agent": "a\tb\x1b[31m"}},
            {"params": {"q": '\n{"event":"audit.forged","level":"info"}'}},
        ]
        async with world.at.client() as client:
            for given in evil:
                await client.get(f"/v1/x%0a%7B%22event%22:%22forged%22%7D/{uuid4()}", **given)
            await client.post("/v1/auth/login", json={"email": 'a\n{"event":"forged"}@b.c', "password": "x"})
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        assert {line["event"] for line in lines} <= {"http.answered", "login.refused", "login.throttled"}
