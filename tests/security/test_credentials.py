"""Attacks on who is calling: forged tokens, ended logins, other people's cookies, links used twice, passwords tried."""

import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx2
import jwt
import pytest
import pytest_asyncio

from kis.api.app import create_app
from kis.application import Application
from kis.identity import Identity, Permission, Role
from kis.platform.configuration import LimitSettings
from kis.platform.limits import InProcess
from kis.platform.secrets import derived_key
from tests.factories.quotations import request_of
from tests.factories.security import (
    ABROAD,
    ADDRESS,
    CHEAP,
    PASSWORD,
    SECRET_KEY,
    Installation,
    Person,
    World,
)
from tests.factories.tokens import base64url, encoded, hmac_token

pytestmark = pytest.mark.asyncio(loop_scope="module")

Claims = dict[str, Any]
CSRF = "X-CSRF-Token"
ME = "/v1/auth/me"


@pytest_asyncio.fixture(loop_scope="module")
async def person(world: World) -> Person:
    """An administrator of ours."""
    return await world.at.person(world.ours.id, Role.ADMIN)


async def asked(
    at: Installation, headers: dict[str, str], method: str = "GET", path: str = ME
) -> httpx2.Response:
    async with at.client(headers=headers) as client:
        return await client.request(method, path)


def refused(answer: httpx2.Response) -> str:
    """Return the code of a refusal that tells no more than it must."""
    assert answer.status_code == 401, answer.text
    body = answer.json()
    assert set(body) <= {"code", "message", "hint", "traceId", "meta"}
    assert set(body["meta"]) == {"dedupKey"}
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    code: str = body["code"]
    return code


class Forger:
    """Makes tokens; with the installation's own key, which no attacker has, so that each claim is looked at by itself."""

    def __init__(self, world: World, person: Person) -> None:
        self.key = derived_key(world.at.application.secret, "tokens.access.1")
        self.head: Claims = jwt.get_unverified_header(person.access_token)
        self.claims: Claims = jwt.decode(person.access_token, options={"verify_signature": False})
        self.signature = person.access_token.rpartition(".")[2]

    def signed(self, *, key: bytes | None = None, head: Claims | None = None, **claims: Any) -> str:
        changed = {name: value for name, value in {**self.claims, **claims}.items() if value is not None}
        return hmac_token({**self.head, **(head or {})}, changed, self.key if key is None else key)

    def unsigned(self, signature: str = "", **head: Any) -> str:
        return f"{encoded({**self.head, **head})}.{encoded(self.claims)}.{signature}"


def _ago(**time: float) -> datetime:
    return datetime.now(UTC) - timedelta(**time)


FORGERIES: dict[str, Callable[[Forger], str]] = {
    "alg none": lambda made: made.unsigned(alg="none"),
    "alg None": lambda made: made.unsigned(alg="None"),
    "alg nOnE with the old signature": lambda made: made.unsigned(made.signature, alg="nOnE"),
    "no alg": lambda made: f"{encoded({'typ': 'at+jwt', 'kid': made.head['kid']})}.{encoded(made.claims)}.",
    "no signature": lambda made: made.unsigned(),
    "signature of another token": lambda made: made.unsigned(made.signature, jti="x"),
    "RS256 over the HMAC key": lambda made: made.unsigned(made.signature, alg="RS256"),
    "HS512 of the same key": lambda made: made.signed(head={"alg": "HS512"}),
    "HS256 with an empty key": lambda made: made.signed(key=b""),
    "HS256 with the key id": lambda made: made.signed(key=str(made.head["kid"]).encode()),
    "HS256 with the secret itself": lambda made: made.signed(key=SECRET_KEY.encode()),
    "kid is a path to an empty file": lambda made: made.signed(key=b"", head={"kid": "../../../../dev/null"}),
    "kid is SQL": lambda made: made.signed(key=b"x", head={"kid": "x' UNION SELECT 'x"}),
    "kid is a command": lambda made: made.signed(key=b"", head={"kid": "|cat /etc/passwd"}),
    "kid is no text": lambda made: made.signed(head={"kid": {"$ne": None}}),
    "kid and NUL": lambda made: made.signed(head={"kid": f"{made.head['kid']}\0"}),
    "jku of a stranger": lambda made: made.signed(key=b"x" * 32, head={"jku": "http://127.0.0.1:9/jwks"}),
    "a key of its own": lambda made: made.signed(key=b"x" * 32, head={"jwk": {"kty": "oct", "k": "eHg"}}),
    "crit that nobody knows": lambda made: made.signed(head={"crit": ["exp"], "exp": 1}),
    "another typ": lambda made: made.signed(head={"typ": "JWT"}),
    "payload changed": lambda made: ".".join(
        (encoded(made.head), encoded({**made.claims, "role": "admin", "jti": "x"}), made.signature)
    ),
    "nbf in the future": lambda made: made.signed(nbf=_ago(hours=-1)),
    "issued in the future": lambda made: made.signed(iat=_ago(hours=-1)),
    "another audience": lambda made: made.signed(aud="other"),
    "ours among audiences": lambda made: made.signed(aud=["other", "kis"]),
    "another issuer": lambda made: made.signed(iss="https://evil.example"),
    "no end": lambda made: made.signed(exp=None),
    "end is no number": lambda made: made.signed(exp="never"),
    "no session": lambda made: made.signed(sid=None),
    "session of nobody": lambda made: made.signed(sid=str(uuid4())),
    "session is no id": lambda made: made.signed(sid="' OR 1=1 --"),
    "another person": lambda made: made.signed(sub=str(uuid4())),
    "another organisation": lambda made: made.signed(org=str(uuid4())),
    "payload is a list": lambda made: f"{encoded(made.head)}.{base64url(b'[]')}.{made.signature}",
    "payload is not JSON": lambda made: f"{encoded(made.head)}.{base64url(b'{')}.{made.signature}",
    "two parts": lambda made: made.unsigned().rpartition(".")[0],
    "five parts": lambda made: f"{made.signed()}.a.b",
    "very long": lambda made: made.signed(more="a" * 20_000),
    "white space inside": lambda made: made.signed().replace(".", " .", 1),
}


class TestTokens:
    async def test_the_forger_can_make_a_good_one(self, world: World, person: Person) -> None:
        """Otherwise the cases below would be refused for another reason."""
        token = Forger(world, person).signed(jti="other")
        assert (await asked(world.at, {"Authorization": f"Bearer {token}"})).status_code == 200

    @pytest.mark.parametrize("forgery", FORGERIES, ids=str)
    async def test_forged_ones_are_refused(self, world: World, person: Person, forgery: str) -> None:
        token = FORGERIES[forgery](Forger(world, person))
        for path in (ME, "/v1/estimate"):
            answer = await asked(world.at, {"Authorization": f"Bearer {token}"}, path=path)
            assert refused(answer) == "token_refused"

    async def test_expired_ones_are_told_so(self, world: World, person: Person) -> None:
        forger = Forger(world, person)
        old: Claims = {"iat": _ago(hours=2), "nbf": _ago(hours=2), "exp": _ago(hours=1)}
        answer = await asked(world.at, {"Authorization": f"Bearer {forger.signed(**old)}"})
        assert refused(answer) == "token_expired"

    async def test_other_secrets_are_no_access_tokens(self, world: World, person: Person) -> None:
        link = await world.at.identity.users.reset_link(world.ours.admin, world.member.id)
        cookie = world.at.identity.cookies.session(person.session_id)
        for secret in (person.refresh_token, link.token, cookie, str(person.session_id), PASSWORD):
            assert refused(await asked(world.at, {"Authorization": f"Bearer {secret}"})) == "token_refused"

    async def test_an_access_token_refreshes_nothing(self, world: World, person: Person) -> None:
        async with world.at.client() as client:
            answer = await client.post("/v1/auth/refresh", json={"refreshToken": person.access_token[:300]})
        assert refused(answer) == "token_refused"

    @pytest.mark.parametrize("scheme", ["Basic", "Digest", "Token", ""])
    async def test_are_taken_as_bearer_alone(self, world: World, person: Person, scheme: str) -> None:
        given = f"{scheme} {person.access_token}".strip()
        assert refused(await asked(world.at, {"Authorization": given}))

    async def test_stand_in_no_address(self, world: World, person: Person) -> None:
        for name in ("access_token", "token", "authorization", "api_key"):
            answer = await asked(world.at, {}, path=f"{ME}?{name}={person.access_token}")
            assert refused(answer)


class TestEnded:
    """A login ends at once, whatever its token says."""

    async def test_by_logging_out(self, world: World, person: Person) -> None:
        assert (await asked(world.at, person.headers, "POST", "/v1/auth/logout")).status_code == 204
        assert refused(await asked(world.at, person.headers))
        async with world.at.client() as client:
            again = await client.post("/v1/auth/refresh", json={"refreshToken": person.refresh_token})
        assert refused(again)

    @pytest.mark.parametrize("act", ["deactivated", "removed", "password reset"])
    async def test_by_an_administrator(self, world: World, person: Person, act: str) -> None:
        somebody = await world.at.person(world.ours.id, Role.VIEWER)
        assert (await asked(world.at, somebody.headers)).status_code == 200
        path = f"/v1/users/{somebody.id}"
        async with world.at.client(headers=person.headers) as admin, world.at.client() as client:
            if act == "deactivated":
                assert (await admin.patch(path, json={"isActive": False})).status_code == 200
            elif act == "removed":
                assert (await admin.delete(path)).status_code == 204
            else:
                url = (await admin.post(f"{path}/reset-link")).json()["url"]
                used = {"token": url.partition("#")[2], "password": "nine birches on the hill"}
                assert (await client.post("/v1/auth/one-time", json=used)).status_code == 200
            assert refused(await client.get(ME, headers=somebody.headers))
            assert refused(
                await client.post("/v1/auth/refresh", json={"refreshToken": somebody.refresh_token})
            )
            login = await client.post("/v1/auth/login", json={"email": somebody.email, "password": PASSWORD})
            assert refused(login) == "login_refused"

    async def test_role_taken_away_is_gone_at_once(self, world: World, person: Person) -> None:
        editor = await world.at.person(world.ours.id, Role.EDITOR)
        async with world.at.client(headers=person.headers) as admin:
            assert (await asked(world.at, editor.headers)).json()["role"] == "editor"
            await admin.patch(f"/v1/users/{editor.id}", json={"role": "viewer"})
        assert (await asked(world.at, editor.headers)).json()["role"] == "viewer"

    async def test_key_that_was_revoked(self, world: World, person: Person) -> None:
        async with world.at.client(headers=person.headers) as admin:
            made = (await admin.post("/v1/api-keys", json={"name": "press", "role": "viewer"})).json()
            headers = {"X-API-Key": made["key"]}
            assert (await asked(world.at, headers)).status_code == 200
            await admin.delete(f"/v1/api-keys/{made['apiKey']['id']}")
        assert refused(await asked(world.at, headers))

    @pytest.mark.parametrize("change", ["prefix alone", "last letter", "upper case", "longer", "empty"])
    async def test_keys_that_are_nearly_right(self, world: World, change: str) -> None:
        key = await world.at.key(world.ours)
        last = "A" if key[-1] != "A" else "B"
        nearly = {
            "prefix alone": key.rpartition("_")[0] if key.count("_") == 2 else key[:13],
            "last letter": key[:-1] + last,
            "upper case": key.upper(),
            "longer": key + "A" * 200,
            "empty": "kis_",
        }[change]
        assert refused(await asked(world.at, {"X-API-Key": nearly}))


class Browser:
    """A login in cookies."""

    def __init__(self, at: Installation, client: httpx2.AsyncClient, csrf: str) -> None:
        self.at, self.client, self.csrf = at, client, csrf


@pytest_asyncio.fixture(loop_scope="module")
async def browser(world: World, person: Person) -> AsyncIterator[Browser]:
    async with world.at.client() as client:
        body = {"email": person.email, "password": PASSWORD}
        answer = await client.post("/v1/auth/login", params={"session": "true"}, json=body)
        yield Browser(world.at, client, answer.json()["csrfToken"])


class TestBrowsers:
    async def test_change_nothing_without_their_token(self, world: World, browser: Browser) -> None:
        other = await world.at.person(world.ours.id, Role.ADMIN)
        foreign = world.at.identity.cookies.csrf(other.session_id)
        nonce, _, mac = browser.csrf.partition(".")
        path, change = f"/v1/organizations/{world.ours.id}", {"name": "빼앗긴 이름"}
        before = world.at.state()
        wrong = {
            "none": {},
            "empty": {CSRF: ""},
            "of another session": {CSRF: foreign},
            "cookie's own value": {CSRF: browser.client.cookies["kis_session"]},
            "half": {CSRF: nonce},
            "other nonce": {CSRF: f"{'0' * len(nonce)}.{mac}"},
            "another header": {"X-XSRF-Token": browser.csrf},
            "an ill bearer beside it": {"Authorization": "Basic eDp5"},
            "an empty bearer beside it": {"Authorization": "Bearer "},
        }
        for name, headers in wrong.items():
            answer = await browser.client.patch(path, json=change, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused"), name
        answer = await browser.client.patch(
            f"{path}?csrf={browser.csrf}&csrfToken={browser.csrf}", json=change
        )
        assert answer.status_code == 403
        assert world.at.state() == before

    async def test_a_page_of_another_site_can_post_no_form(self, world: World, browser: Browser) -> None:
        before = world.at.state()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            answer = await browser.client.post(
                "/v1/users",
                content=b'{"email":"a@example.test","role":"admin"}',
                headers={"Content-Type": kind},
            )
            assert answer.status_code in {400, 403, 415, 422}, kind
        assert world.at.state() == before

    async def test_looking_changes_nothing_and_needs_no_token(self, world: World, browser: Browser) -> None:
        assert (await browser.client.get(ME)).status_code == 200
        before = world.at.state()
        for method in ("GET", "HEAD", "OPTIONS", "TRACE"):
            for path in ("/v1/auth/logout", f"/v1/api-keys/{world.key_id}", "/v1/users"):
                await browser.client.request(method, path)
        assert world.at.state() == before

    async def test_a_bad_bearer_is_not_forgiven_for_a_good_cookie(self, browser: Browser) -> None:
        headers = {"Authorization": "Bearer nonsense", CSRF: browser.csrf}
        assert refused(await browser.client.get(ME, headers=headers))

    async def test_a_cookie_of_their_own_making_opens_nothing(self, world: World, browser: Browser) -> None:
        other = await world.at.person(world.ours.id, Role.ADMIN)
        value = browser.client.cookies["kis_session"]
        mac = value.partition(".")[2]
        for forged in (
            f"{other.session_id.hex}.{mac}",
            value[:-1],
            f"{value}x",
            other.session_id.hex,
            ".",
            "é",
        ):
            headers = httpx2.Headers([(b"Cookie", f"kis_session={forged}".encode())])
            async with world.at.client() as client:
                assert refused(await client.get(ME, headers=headers))

    async def test_cookies_are_out_of_reach(self, world: World, person: Person) -> None:
        async with world.at.client() as client:
            body = {"email": person.email, "password": PASSWORD}
            answer = await client.post("/v1/auth/login?session=true", json=body)
        for cookie in answer.headers.get_list("set-cookie"):
            attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
            assert {"path=/", "samesite=lax"} <= attributes
            assert not any(part.startswith("domain=") for part in attributes)
            assert ("httponly" in attributes) is cookie.startswith("kis_session=")
        assert answer.json()["accessToken"] is None


class TestMassAssignment:
    """What is not theirs to say is not taken from their body."""

    EXTRA = ("organizationId", "organization_id", "isOperator", "is_operator", "createdBy", "status", "id")

    @pytest.mark.parametrize("name", EXTRA)
    async def test_unknown_names_are_refused(self, world: World, person: Person, name: str) -> None:
        value = str(world.theirs.id)
        bodies: dict[tuple[str, str], dict[str, Any]] = {
            ("POST", "/v1/users"): {"email": "a@example.test", "role": "viewer"},
            ("PATCH", f"/v1/users/{person.id}"): {"name": "나"},
            ("PATCH", f"/v1/organizations/{world.ours.id}"): {"name": world.ours.name},
            ("POST", "/v1/api-keys"): {"name": "x", "role": "viewer"},
            ("POST", "/v1/catalog/items"): {"kind": "breaker", "columns": {}},
            ("POST", "/v1/documents/export"): {"quoteIds": [world.completed["quoteId"]]},
            ("POST", f"/v1/estimate/{world.completed['quoteId']}/requote"): {},
            ("POST", f"/v1/estimate/{world.sent['quoteId']}/close"): {"outcome": "won"},
        }
        before = world.at.state()
        async with world.at.client(headers=person.headers) as client:
            for (method, path), body in bodies.items():
                answer = await client.request(method, path, json={**body, name: value})
                assert answer.status_code == 422, (path, answer.text)
                assert name in {each["path"] for each in answer.json()["meta"]["problems"]}, path
        assert world.at.state() == before

    async def test_a_request_says_nothing_of_whose_it_is(self, world: World, person: Person) -> None:
        mine = {"organizationId": str(world.theirs.id), "status": "completed", "createdBy": "system"}
        async with world.at.client(headers=person.headers) as client:
            answer = await client.post("/v1/estimate", json=request_of(**mine))
            if answer.status_code == 201:
                shown = (await client.get(answer.headers["Location"])).json()
                assert (shown["status"], shown["createdBy"]) == ("queued", f"user:{person.id}")
            else:
                assert answer.status_code == 422

    async def test_nobody_gives_themselves_a_role(self, world: World) -> None:
        for role in (Role.VIEWER, Role.EDITOR, Role.ESTIMATOR, Role.REVIEWER):
            somebody = await world.at.person(world.ours.id, role)
            async with world.at.client(headers=somebody.headers) as client:
                answer = await client.patch(f"/v1/users/{somebody.id}", json={"role": "admin"})
                assert answer.status_code == 403
                assert (await client.get(ME)).json()["role"] == role.value

    async def test_a_key_makes_no_key_that_may_more(self, world: World) -> None:
        own = await world.at.key(world.ours, Role.ADMIN, Permission.API_KEY_WRITE, Permission.CATALOG_READ)
        wider: tuple[dict[str, Any], ...] = (
            {},
            {"permissions": ["user.write"]},
            {"permissions": ["catalog.read", "user.read"]},
        )
        async with world.at.client(headers={"X-API-Key": own}) as client:
            for more in wider:
                answer = await client.post("/v1/api-keys", json={"name": "x", "role": "admin", **more})
                assert answer.status_code == 403, more
            body = {"name": "x", "role": "admin", "permissions": ["installation.operate"]}
            assert (await client.post("/v1/api-keys", json=body)).status_code == 422
            same = {"name": "x", "role": "viewer", "permissions": ["catalog.read"]}
            assert (await client.post("/v1/api-keys", json=same)).status_code == 201

    async def test_administrators_are_no_operators(self, world: World, person: Person) -> None:
        async with world.at.client(headers=person.headers) as client:
            for path in ("/v1/audit", "/v1/audit/export"):
                answer = await client.get(path, params={"everywhere": "true"})
                assert (answer.status_code, answer.json()["meta"]["permission"]) == (
                    403,
                    "installation.operate",
                )
            operator = await world.at.person(world.ours.id, Role.VIEWER, operates=True)
            for change in ({"isActive": False}, {"role": "admin"}):
                answer = await client.patch(f"/v1/users/{operator.id}", json=change)
                assert answer.status_code == 403
            assert (await client.delete(f"/v1/users/{operator.id}")).status_code == 403
            assert (await client.post(f"/v1/users/{operator.id}/reset-link")).status_code == 403

    async def test_who_is_also_elsewhere_is_not_taken_over(self, world: World, person: Person) -> None:
        """A link to a new password would open the other organisation too."""
        guest = await world.at.person(world.theirs.id, Role.ADMIN)
        async with world.at.client(headers=person.headers) as client:
            invited = await client.post("/v1/users", json={"email": guest.email, "role": "viewer"})
            assert (invited.status_code, invited.json()["link"]) == (201, None)
            assert (await client.post(f"/v1/users/{guest.id}/reset-link")).status_code == 403
            assert (await client.patch(f"/v1/users/{guest.id}", json={"isActive": False})).status_code == 403
            assert (await client.delete(f"/v1/users/{guest.id}")).status_code == 204
        assert (await asked(world.at, guest.headers)).status_code == 200


class TestGuessing:
    async def test_nobody_learns_who_is_there(self, world: World, person: Person) -> None:
        gone = await world.at.person(world.ours.id, Role.VIEWER)
        world.at.run("UPDATE identity.users SET is_active = false WHERE id = %s", gone.id)
        emails = (person.email, gone.email, f"{secrets.token_hex(4)}@example.test", person.email.upper())
        async with world.at.client() as client:
            logins = [
                await client.post("/v1/auth/login", json={"email": each, "password": "wrong"})
                for each in emails
            ]
            gone_right = await client.post("/v1/auth/login", json={"email": gone.email, "password": PASSWORD})
            resets = [await client.post("/v1/auth/reset", json={"email": each}) for each in emails]
            links = [
                await client.post("/v1/auth/one-time", json={"token": each, "password": PASSWORD})
                for each in (secrets.token_urlsafe(32), "x", person.refresh_token)
            ]
        assert len({same(each) for each in [*logins, gone_right]}) == 1
        assert logins[0].status_code == 401
        assert len({same(each) for each in resets}) == 1
        assert resets[0].status_code == 202
        assert len({same(each) for each in links}) == 1
        assert links[0].status_code == 401

    async def test_a_link_works_once(self, world: World) -> None:
        somebody = await world.at.person(world.ours.id, Role.VIEWER)
        first = await world.at.identity.users.reset_link(world.ours.admin, somebody.id)
        second = await world.at.identity.users.reset_link(world.ours.admin, somebody.id)
        async with world.at.client() as client:
            replaced = await client.post(
                "/v1/auth/one-time", json={"token": first.token, "password": PASSWORD}
            )
            assert refused(replaced) == "link_refused"
            body = {"token": second.token, "password": "nine birches on the hill"}
            assert (await client.post("/v1/auth/one-time", json=body)).status_code == 200
            assert refused(await client.post("/v1/auth/one-time", json=body)) == "link_refused"

    async def test_passwords_are_not_tried_for_long(self, world: World, person: Person) -> None:
        at = throttled(world.at, LimitSettings(login_per_minute=3))
        tries = {"email": person.email, "password": "wrong"}
        by_account = [await posted(at, f"203.0.113.{place}", tries) for place in range(5)]
        assert [each.status_code for each in by_account] == [401, 401, 401, 429, 429]
        assert int(by_account[-1].headers["Retry-After"]) >= 1
        right = {"email": person.email, "password": PASSWORD}
        assert (await posted(at, "203.0.113.9", right)).status_code == 429
        by_address = [
            await posted(at, "203.0.113.77", {"email": f"{place}@example.test", "password": "wrong"})
            for place in range(5)
        ]
        assert [each.status_code for each in by_address] == [401, 401, 401, 429, 429]

    async def test_a_forged_address_is_not_counted(self, world: World) -> None:
        at = throttled(world.at, LimitSettings(login_per_minute=3))
        forged = [
            {
                "X-Forwarded-For": f"203.0.113.{place}",
                "X-Real-IP": f"203.0.113.{place}",
                "Forwarded": f"for={place}",
            }
            for place in range(5)
        ]
        codes = [
            (
                await posted(at, ABROAD, {"email": f"{place}@example.test", "password": "x"}, headers)
            ).status_code
            for place, headers in enumerate(forged)
        ]
        assert codes == [401, 401, 401, 429, 429]


def same(answer: httpx2.Response) -> tuple[int, str]:
    """Return what is told, apart from the trace id."""
    return answer.status_code, str({**answer.json(), "traceId": ""})


def throttled(at: Installation, limits: LimitSettings) -> Installation:
    """Return the installation with lower limits, counted anew."""
    application = at.application
    settings = replace(application.settings, limits=limits)
    limiter = InProcess()
    identity = Identity(
        application.database,
        settings,
        limiter=limiter,
        mailer=at.postman,
        secret=application.secret,
        hasher=CHEAP,
    )
    changed: Application = replace(application, settings=settings, limiter=limiter, identity=identity)
    return replace(at, application=changed, app=create_app(changed))


async def posted(
    at: Installation, address: str, body: dict[str, str], headers: dict[str, str] | None = None
) -> httpx2.Response:
    """Try to log in from ``address``."""
    async with at.client(address) as client:
        return await client.post(f"{ADDRESS}/v1/auth/login", json=body, headers=headers or {})
