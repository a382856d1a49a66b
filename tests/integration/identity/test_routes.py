"""Identity over HTTP, as a client and as a browser see it."""

import secrets
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import httpx2
import pytest

from kis.api.app import create_app
from kis.api.dependencies import Application
from kis.identity import Role
from kis.platform.configuration import ApplicationSettings, LimitSettings, Settings
from kis.platform.limits import InProcess
from kis.platform.storage import open_store
from tests.integration.identity.conftest import PASSWORD, SECRET, World

ADDRESS = "http://localhost"


@pytest.fixture
def open_client(world: World, tmp_path: Any) -> Any:
    """Make clients that call the API of the test's world without a network."""

    def make(**given: Any) -> httpx2.AsyncClient:
        settings = Settings(
            application=ApplicationSettings(
                data=tmp_path, public_url=given.get("public_url", ""), trusted_hosts=("localhost",)
            ),
            limits=given.get("limits", LimitSettings()),
        )
        application = cast(
            "Application",
            SimpleNamespace(
                settings=settings,
                database=world.database,
                storage=open_store(settings.storage, data=tmp_path, secret=SECRET, public_url=ADDRESS),
                identity=world.identity,
                limiter=InProcess(),
            ),
        )
        transport = httpx2.ASGITransport(
            create_app(application),
            raise_app_exceptions=False,
            client=(given.get("client", f"192.0.2.{secrets.randbelow(250)}"), 1234),
        )
        return httpx2.AsyncClient(transport=transport, base_url=given.get("base_url", ADDRESS))

    return make


@pytest.fixture
async def client(open_client: Any) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_client() as made:
        yield made


@pytest.fixture
async def browser(open_client: Any, world: World) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_client() as made:
        await logged_in(made, world.admin_email, session="true")
        yield made


async def logged_in(client: httpx2.AsyncClient, email: str, **query: str) -> dict[str, Any]:
    answer = await client.post("/v1/auth/login", json={"email": email, "password": PASSWORD}, params=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    if body["accessToken"]:
        client.headers["Authorization"] = f"Bearer {body['accessToken']}"
    else:
        client.headers["X-CSRF-Token"] = body["csrfToken"]
    return body


class TestLogin:
    async def test_gives_a_client_tokens_and_no_cookies(
        self, client: httpx2.AsyncClient, world: World
    ) -> None:
        body = await logged_in(client, world.admin_email)
        assert body["role"] == "admin"
        assert body["csrfToken"] is None
        assert body["expiresInSeconds"] == 900
        assert not client.cookies
        me = (await client.get("/v1/auth/me")).json()
        assert me["userId"] == body["userId"]
        assert "user.write" in me["permissions"]
        assert "installation.operate" not in me["permissions"]

    async def test_refuses_unknown_and_wrong_alike(self, client: httpx2.AsyncClient, world: World) -> None:
        answers = [
            await client.post("/v1/auth/login", json={"email": email, "password": "not the one"})
            for email in (world.admin_email, "nobody@example.test")
        ]
        assert [answer.status_code for answer in answers] == [401, 401]
        first, second = ({**answer.json(), "traceId": ""} for answer in answers)
        assert first == second
        assert first["code"] == "login_refused"

    async def test_is_throttled_with_the_time_to_wait(self, client: httpx2.AsyncClient) -> None:
        body = {"email": "nobody@example.test", "password": "wrong"}
        codes = [(await client.post("/v1/auth/login", json=body)).status_code for _ in range(11)]
        assert codes == [401] * 10 + [429]
        answer = await client.post("/v1/auth/login", json=body)
        assert 1 <= int(answer.headers["Retry-After"]) <= 7
        assert answer.json()["code"] == "too_many_requests"

    async def test_refreshes_once(self, client: httpx2.AsyncClient, world: World) -> None:
        body = await logged_in(client, world.admin_email)
        again = {"refreshToken": body["refreshToken"]}
        assert (await client.post("/v1/auth/refresh", json=again)).status_code == 200
        assert (await client.post("/v1/auth/refresh", json=again)).status_code == 409

    async def test_ends(self, client: httpx2.AsyncClient, world: World) -> None:
        await logged_in(client, world.admin_email)
        assert (await client.post("/v1/auth/logout")).status_code == 204
        assert (await client.get("/v1/auth/me")).status_code == 401


class TestBrowser:
    async def test_gets_cookies_that_scripts_of_others_cannot_use(
        self, open_client: Any, world: World
    ) -> None:
        async with open_client() as client:
            answer = await client.post(
                "/v1/auth/login?session=true", json={"email": world.admin_email, "password": PASSWORD}
            )
        session, csrf = sorted(answer.headers.get_list("set-cookie"), reverse=True)
        assert session.startswith("kis_session=")
        assert "HttpOnly" in session
        assert "SameSite=lax" in session
        assert "Path=/" in session
        assert "HttpOnly" not in csrf
        assert answer.json()["accessToken"] is None

    async def test_over_tls_gets_cookies_of_this_host_alone(self, open_client: Any, world: World) -> None:
        async with open_client(public_url="https://localhost", base_url="https://localhost") as client:
            body = await logged_in(client, world.admin_email, session="true")
            assert {cookie.name for cookie in client.cookies.jar} == {"__Host-kis_session", "__Host-kis_csrf"}
            assert all(cookie.secure for cookie in client.cookies.jar)
            assert (await client.get("/v1/auth/me")).json()["userId"] == body["userId"]
            cookie = client.cookies["__Host-kis_session"]
            client.cookies.clear()
            planted = await client.get("/v1/auth/me", headers={"Cookie": f"kis_session={cookie}"})
            assert planted.status_code == 401

    async def test_needs_the_csrf_token_for_changes_alone(
        self, browser: httpx2.AsyncClient, world: World
    ) -> None:
        address = f"/v1/organizations/{world.admin.organization_id}"
        assert (await browser.patch(address, json={"name": "세명전기"})).status_code == 200
        del browser.headers["X-CSRF-Token"]
        assert (await browser.get(address)).json()["name"] == "세명전기"
        refused = await browser.patch(address, json={"name": "다른 이름"})
        assert (refused.status_code, refused.json()["code"]) == (403, "csrf_refused")
        assert (await browser.get(address)).json()["name"] == "세명전기"

    async def test_gets_a_new_csrf_token_when_its_page_is_loaded_again(
        self, browser: httpx2.AsyncClient
    ) -> None:
        token = (await browser.get("/v1/auth/me")).json()["csrfToken"]
        assert token != browser.headers["X-CSRF-Token"]
        browser.headers["X-CSRF-Token"] = token
        assert (await browser.post("/v1/auth/logout")).status_code == 204
        assert "kis_session" not in browser.cookies


class TestUsers:
    async def test_are_invited_changed_and_removed(
        self, browser: httpx2.AsyncClient, open_client: Any
    ) -> None:
        email = f"kim-{secrets.token_hex(4)}@example.test"
        invited = await browser.post(
            "/v1/users", json={"email": email, "role": "estimator", "name": "김견적"}
        )
        assert invited.status_code == 201
        user, link = invited.json()["user"], invited.json()["link"]
        assert invited.headers["Location"] == f"/v1/users/{user['id']}"
        token = link["url"].partition("#")[2]
        async with open_client() as theirs:
            weak = await theirs.post("/v1/auth/one-time", json={"token": token, "password": "password1234"})
            assert weak.status_code == 422
            used = await theirs.post("/v1/auth/one-time", json={"token": token, "password": PASSWORD})
            assert used.json()["role"] == "estimator"
            again = await theirs.post("/v1/auth/one-time", json={"token": token, "password": PASSWORD})
            assert (again.status_code, again.json()["code"]) == (401, "link_refused")
            theirs.headers["Authorization"] = f"Bearer {used.json()['accessToken']}"
            assert (await theirs.get("/v1/users")).status_code == 403
            assert (await theirs.get(f"/v1/users/{user['id']}")).json()["email"] == email
            mine = await theirs.patch(f"/v1/users/{user['id']}", json={"locale": "en"})
            assert mine.json()["locale"] == "en"
            promoted = await theirs.patch(f"/v1/users/{user['id']}", json={"role": "admin"})
            assert promoted.status_code == 403
            assert (await browser.delete(f"/v1/users/{user['id']}")).status_code == 204
            assert (await theirs.get("/v1/auth/me")).status_code == 401

    async def test_are_listed_by_page(self, browser: httpx2.AsyncClient, world: World) -> None:
        for name in ("b", "a", "c"):
            await world.person(Role.VIEWER, name)
        page = (await browser.get("/v1/users", params={"size": 2, "page": 2})).json()
        assert page["total"] == 4
        assert [item["email"].partition("-")[0] for item in page["items"]] == ["b", "c"]

    async def test_see_a_link_to_a_new_password_once(self, browser: httpx2.AsyncClient, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        made = await browser.post(f"/v1/users/{person.user_id}/reset-link")
        assert made.status_code == 201
        assert made.json()["url"].startswith("https://kis.example.test/login/link#")
        assert made.json()["mailed"] is False

    async def test_last_administrator_stays(self, browser: httpx2.AsyncClient, world: World) -> None:
        address = f"/v1/users/{world.admin.user_id}"
        for change in ({"role": "viewer"}, {"isActive": False}):
            answer = await browser.patch(address, json=change)
            assert (answer.status_code, answer.json()["code"]) == (409, "last_administrator")
        assert (await browser.delete(address)).status_code == 409


class TestOrganizations:
    async def test_of_others_are_not_there(
        self, browser: httpx2.AsyncClient, world: World, other_world: World
    ) -> None:
        listed = (await browser.get("/v1/organizations")).json()
        assert [item["code"] for item in listed["items"]] == [world.code]
        other = f"/v1/organizations/{other_world.admin.organization_id}"
        assert (await browser.get(other)).status_code == 404
        assert (await browser.patch(other, json={"name": "x"})).status_code == 404

    async def test_are_made_by_operators_alone(self, browser: httpx2.AsyncClient) -> None:
        body = {"name": "새 조직", "code": "NEWORG", "administratorEmail": "new@example.test"}
        assert (await browser.post("/v1/organizations", json=body)).status_code == 403

    async def test_take_only_a_time_zone_there_is(self, browser: httpx2.AsyncClient, world: World) -> None:
        address = f"/v1/organizations/{world.admin.organization_id}"
        assert (await browser.patch(address, json={"timeZone": "Asia/Atlantis"})).status_code == 422
        changed = await browser.patch(address, json={"timeZone": "Asia/Tokyo", "currency": "USD"})
        assert (changed.json()["timeZone"], changed.json()["currency"]) == ("Asia/Tokyo", "USD")


class TestApiKeys:
    async def test_are_shown_once_and_work_until_revoked(
        self, browser: httpx2.AsyncClient, client: httpx2.AsyncClient
    ) -> None:
        body = {"name": "press", "role": "estimator", "permissions": ["quotation.read"]}
        made = (await browser.post("/v1/api-keys", json=body)).json()
        listed = (await browser.get("/v1/api-keys")).json()["items"]
        assert [item["id"] for item in listed] == [made["apiKey"]["id"]]
        assert made["key"] not in str(listed)
        me = (await client.get("/v1/auth/me", headers={"X-API-Key": made["key"]})).json()
        assert (me["keyId"], me["permissions"]) == (made["apiKey"]["id"], ["quotation.read"])
        assert listed[0]["permissions"] == ["quotation.read"]
        whole = (await browser.post("/v1/api-keys", json={"name": "all", "role": "viewer"})).json()
        seen = (await client.get("/v1/auth/me", headers={"X-API-Key": whole["key"]})).json()
        assert whole["apiKey"]["permissions"] == sorted(seen["permissions"]) != []
        as_bearer = await client.get("/v1/auth/me", headers={"Authorization": f"Bearer {made['key']}"})
        assert as_bearer.json()["keyId"] == me["keyId"]
        assert (await browser.delete(f"/v1/api-keys/{me['keyId']}")).status_code == 204
        assert (await client.get("/v1/auth/me", headers={"X-API-Key": made["key"]})).status_code == 401


class TestAuditLog:
    async def test_is_listed_and_handed_out(self, browser: httpx2.AsyncClient, world: World) -> None:
        await browser.patch(f"/v1/organizations/{world.admin.organization_id}", json={"name": "새 이름"})
        page = (await browser.get("/v1/audit", params={"action": "organization.changed"})).json()
        assert page["items"][0]["after"]["name"] == "새 이름"
        assert page["items"][0]["traceId"]
        file = await browser.get("/v1/audit/export", params={"format": "csv"})
        assert file.headers["content-type"].startswith("text/csv")
        assert "새 이름" in file.text
        assert (await browser.get("/v1/audit", params={"everywhere": "true"})).status_code == 403
        assert (await browser.get("/v1/audit/export", params={"everywhere": "true"})).status_code == 403


class TestLimits:
    async def test_are_told_with_every_answer(self, open_client: Any) -> None:
        async with open_client(limits=LimitSettings(address_per_minute=5)) as client:
            answers = [await client.get("/v1/auth/me") for _ in range(2)]
        assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["5", "5"]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["4", "3"]
        assert 12 < int(answers[1].headers["RateLimit-Reset"]) <= 24

    async def test_stop_an_address(self, open_client: Any) -> None:
        async with open_client(limits=LimitSettings(address_per_minute=2)) as client:
            answers = [await client.get("/v1/no-such-thing") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [404, 404, 429]
        last = answers[-1]
        assert last.json()["code"] == "too_many_requests"
        assert last.headers["RateLimit-Remaining"] == "0"
        assert 1 <= int(last.headers["Retry-After"]) <= 31
        assert int(last.headers["RateLimit-Reset"]) >= int(last.headers["Retry-After"])

    async def test_stop_a_person_wherever_they_call_from(self, open_client: Any, world: World) -> None:
        async with open_client(limits=LimitSettings(per_minute=2)) as client:
            await logged_in(client, world.admin_email)
            answers = [await client.get("/v1/auth/me") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["RateLimit-Limit"] for answer in answers] == ["2", "2", "2"]

    async def test_do_not_count_those_who_ask_whether_it_is_alive(self, open_client: Any) -> None:
        async with open_client(limits=LimitSettings(address_per_minute=1)) as client:
            codes = {(await client.get("/healthz")).status_code for _ in range(3)}
        assert codes == {200}
