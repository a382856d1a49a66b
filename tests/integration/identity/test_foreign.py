"""Tokens of other issuers: who they become, and what a forger tries."""

import asyncio
import json
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm
from pydantic import SecretStr

from kis.identity import Identity, Principal, Role, UserChange, Via
from kis.identity.errors import TokenExpired, TokenRefused
from kis.identity.jwks import FETCH_PAUSE_SECONDS, FRESH_SECONDS, LARGEST_SET_BYTES, JwksKeys
from kis.platform.configuration import IdentitySettings, SupabaseSettings
from kis.platform.errors import BadInput, Forbidden, KisError
from tests.factories.tokens import hmac_token
from tests.integration.identity.conftest import MakeIdentity, World, at_once

AUDIENCE = "kis"
HS256_SECRET = "a secret shared with the other issuer, long"


@dataclass
class Issuer:
    """Another issuer on this machine, with its key set."""

    url: str = ""
    keys: dict[str, Any] = field(default_factory=dict)
    fetches: int = 0
    status: int = 200
    body: bytes | None = None

    def rotate(self, kid: str) -> None:
        self.keys = {kid: rsa.generate_private_key(65537, 2048)}

    @property
    def key_set(self) -> bytes:
        if self.body is not None:
            return self.body
        return json.dumps({"keys": [public_jwk(kid, key) for kid, key in self.keys.items()]}).encode()

    def token(
        self, subject: str, *, kid: str = "", key: Any = None, algorithm: str = "RS256", **claims: Any
    ) -> str:
        now = datetime.now(UTC)
        kid = kid or next(iter(self.keys))
        told = {
            "iss": self.url,
            "aud": AUDIENCE,
            "sub": subject,
            "exp": now + timedelta(minutes=5),
            "email": f"{subject}@example.test",
            "name": "김외부",
        }
        told = {name: value for name, value in (told | claims).items() if value is not None}
        return jwt.encode(told, key or self.keys[kid], algorithm, headers={"kid": kid})


def public_jwk(kid: str, key: Any) -> dict[str, Any]:
    if isinstance(key, dict):
        return {"kid": kid, **key}
    public = key.public_key()
    algorithm: Any = {
        rsa.RSAPublicKey: RSAAlgorithm,
        ec.EllipticCurvePublicKey: ECAlgorithm,
        ed25519.Ed25519PublicKey: OKPAlgorithm,
    }[
        next(
            kind
            for kind in (rsa.RSAPublicKey, ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey)
            if isinstance(public, kind)
        )
    ]
    return {"kid": kid, "use": "sig", **algorithm.to_jwk(public, as_dict=True)}


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    made = Issuer()
    made.rotate("first")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.fetches += 1
            self.send_response(made.status)
            if made.status == 302:
                self.send_header("Location", f"{made.url}/keys")
            self.end_headers()
            self.wfile.write(made.key_set)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


class Ticks:
    """A clock of seconds that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def ticks(monkeypatch: pytest.MonkeyPatch) -> Ticks:
    made = Ticks()
    real = JwksKeys.__init__
    monkeypatch.setattr(JwksKeys, "__init__", lambda self, url: real(self, url, clock_seconds=made))
    return made


@pytest.fixture
def identity(make_identity: MakeIdentity, world: World, issuer: Issuer, ticks: Ticks) -> Identity:
    assert ticks
    return make_identity(identity=settings_for(world, issuer))


def settings_for(world: World, issuer: Issuer, **more: Any) -> IdentitySettings:
    entry = {
        "issuer": issuer.url,
        "audience": AUDIENCE,
        "jwks_url": f"{issuer.url}/keys",
        "organization": world.code,
        "role": "estimator",
        **more,
    }
    return IdentitySettings(foreign_issuers=json.dumps([entry]))


def subject() -> str:
    return f"s{secrets.token_hex(6)}"


async def come(identity: Identity, token: str) -> Principal:
    return await identity.authenticate(bearer=token, address="192.0.2.9")


class TestPeople:
    async def test_are_made_when_first_seen_and_known_afterwards(
        self, identity: Identity, world: World, issuer: Issuer
    ) -> None:
        name = subject()
        answers = await at_once(world.database, *(come(identity, issuer.token(name)) for _ in range(4)))
        assert [type(each) for each in answers] == [Principal] * 4
        assert len({each.user_id for each in answers}) == 1
        person = answers[0]
        assert (person.role, person.via, person.name) == (Role.ESTIMATOR, Via.FOREIGN, "김외부")
        assert person.organization_id == world.admin.organization_id
        assert person.session_id is None

    async def test_have_the_role_the_installation_gives_them(
        self, identity: Identity, world: World, issuer: Issuer
    ) -> None:
        token = issuer.token(subject())
        person = await come(identity, token)
        assert person.user_id
        await identity.users.change(world.admin, person.user_id, UserChange(role=Role.VIEWER))
        assert (await come(identity, token)).role is Role.VIEWER
        await identity.users.change(world.admin, person.user_id, UserChange(is_active=False))
        with pytest.raises(TokenRefused):
            await come(identity, token)

    async def test_removed_do_not_come_in_again_by_themselves(
        self, identity: Identity, world: World, issuer: Issuer
    ) -> None:
        token = issuer.token(subject())
        person = await come(identity, token)
        assert person.user_id
        await identity.users.remove(world.admin, person.user_id)
        with pytest.raises(TokenRefused):
            await come(identity, token)

    async def test_get_no_password_here(self, identity: Identity, issuer: Issuer) -> None:
        person = await come(identity, issuer.token(subject()))
        with pytest.raises(Forbidden):
            await identity.sessions.change_password(person, "", "nine herons over the bay")

    async def test_do_not_become_somebody_by_that_ones_address(
        self, identity: Identity, world: World, issuer: Issuer
    ) -> None:
        for verified in (False, True):
            token = issuer.token(subject(), email=world.admin_email, email_verified=verified)
            with pytest.raises(TokenRefused):
                await come(identity, token)

    async def test_become_them_where_the_issuer_is_trusted_with_addresses_and_vouches_for_it(
        self, make_identity: MakeIdentity, world: World, issuer: Issuer
    ) -> None:
        identity = make_identity(identity=settings_for(world, issuer, links_by_email=True))
        for verified in (False, "true", 1, None):
            with pytest.raises(TokenRefused):
                await come(
                    identity, issuer.token(subject(), email=world.admin_email, email_verified=verified)
                )
        person = await come(identity, issuer.token(subject(), email=world.admin_email, email_verified=True))
        assert (person.user_id, person.role) == (world.admin.user_id, Role.ADMIN)


class TestClaims:
    @pytest.mark.parametrize(
        "change",
        [
            {"aud": "other"},
            {"aud": None},
            {"iss": "https://other.example.test"},
            {"iss": None},
            {"sub": ""},
            {"sub": "s" * 256},
            {"exp": None},
            {"email": None},
            {"email": "not an address"},
            {"email": 7},
            {"nbf": 32_503_680_000},  # the year 3000: not yet
        ],
        ids=str,
    )
    async def test_that_are_not_right_are_refused(
        self, identity: Identity, issuer: Issuer, change: dict[str, Any]
    ) -> None:
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), **change))

    async def test_that_are_over_are_told_to_be(self, identity: Identity, issuer: Issuer) -> None:
        with pytest.raises(TokenExpired):
            await come(identity, issuer.token(subject(), exp=datetime.now(UTC) - timedelta(seconds=31)))


class TestKeyConfusion:
    async def test_of_a_public_key_as_a_secret_is_refused(self, identity: Identity, issuer: Issuer) -> None:
        public = issuer.keys["first"].public_key()
        der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        jwk = json.dumps(public_jwk("first", issuer.keys["first"])).encode()
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        claims = jwt.decode(issuer.token(subject()), options={"verify_signature": False})
        for secret in (der, pem, jwk):
            with pytest.raises(TokenRefused):
                await come(identity, hmac_token({"alg": "HS256", "kid": "first"}, claims, secret))

    async def test_of_no_signature_is_refused(self, identity: Identity, issuer: Issuer) -> None:
        good = issuer.token(subject())
        body = good.split(".")[1]
        for algorithm in ("none", "None", ""):
            head = jwt.utils.base64url_encode(
                json.dumps({"alg": algorithm, "kid": "first"}).encode()
            ).decode()
            for signature in ("", good.split(".")[2]):
                with pytest.raises(TokenRefused):
                    await come(identity, f"{head}.{body}.{signature}")

    async def test_of_a_secret_among_the_public_keys_is_refused(
        self, identity: Identity, issuer: Issuer
    ) -> None:
        secret = b"k" * 32
        issuer.keys["secret"] = {
            "kty": "oct",
            "k": jwt.utils.base64url_encode(secret).decode(),
            "alg": "HS256",
        }
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), kid="secret", key=secret, algorithm="HS256"))

    async def test_of_an_algorithm_the_key_is_not_for_is_refused(
        self, identity: Identity, issuer: Issuer
    ) -> None:
        named = public_jwk("named", issuer.keys["first"])
        issuer.keys["named"] = {**named, "alg": "RS256"}
        key = issuer.keys["first"]
        assert await come(identity, issuer.token(subject(), kid="named", key=key))
        for algorithm in ("RS512", "PS256"):
            with pytest.raises(TokenRefused):
                await come(identity, issuer.token(subject(), kid="named", key=key, algorithm=algorithm))

    async def test_of_a_key_in_the_token_itself_is_refused(self, identity: Identity, issuer: Issuer) -> None:
        forger = rsa.generate_private_key(65537, 2048)
        good = jwt.decode(issuer.token(subject()), options={"verify_signature": False})
        headers = {"kid": "first", "jwk": public_jwk("first", forger), "jku": f"{issuer.url}/other"}
        with pytest.raises(TokenRefused):
            await come(identity, jwt.encode(good, forger, "RS256", headers=headers))

    async def test_of_another_configured_issuer_is_refused(
        self, make_identity: MakeIdentity, world: World, issuer: Issuer
    ) -> None:
        shared = {
            "issuer": "https://shared.example.test",
            "audience": AUDIENCE,
            "hs256_secret": HS256_SECRET,
            "organization": world.code,
            "role": "admin",
        }
        entries = [*json.loads(settings_for(world, issuer).foreign_issuers), shared]
        identity = make_identity(identity=IdentitySettings(foreign_issuers=json.dumps(entries)))
        assert await come(identity, issuer.token(subject()))
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), iss="https://shared.example.test"))
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), key=HS256_SECRET, algorithm="HS256"))

    async def test_of_ours_by_another_issuer_is_refused(self, identity: Identity, issuer: Issuer) -> None:
        own = identity._parts.tokens
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), kid=own.key_id, key=issuer.keys["first"]))
        with pytest.raises(TokenRefused):
            await come(identity, issuer.token(subject(), iss="kis"))

    async def test_of_a_short_rsa_key_is_refused(self, identity: Identity, issuer: Issuer) -> None:
        issuer.keys["short"] = rsa.generate_private_key(65537, 1024)  # noqa: S505 - what is to be refused
        with pytest.warns(jwt.InsecureKeyLengthWarning):
            token = issuer.token(subject(), kid="short")
        with pytest.raises(TokenRefused):
            await come(identity, token)

    @pytest.mark.parametrize(
        ("key", "algorithm"),
        [
            (ec.generate_private_key(ec.SECP256R1()), "ES256"),
            (ec.generate_private_key(ec.SECP384R1()), "ES384"),
            (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
        ],
        ids=["P-256", "P-384", "Ed25519"],
    )
    async def test_is_no_reason_to_refuse_other_good_keys(
        self, identity: Identity, issuer: Issuer, key: Any, algorithm: str
    ) -> None:
        issuer.keys["other"] = key
        assert await come(identity, issuer.token(subject(), kid="other", algorithm=algorithm))


class TestRotation:
    async def test_is_followed_without_a_restart(
        self, identity: Identity, issuer: Issuer, ticks: Ticks
    ) -> None:
        assert await come(identity, issuer.token(subject()))
        old = issuer.token(subject())
        issuer.rotate("second")
        ticks.now += FETCH_PAUSE_SECONDS
        assert await come(identity, issuer.token(subject()))
        assert issuer.fetches == 2
        with pytest.raises(TokenRefused):
            await come(identity, old)

    async def test_does_not_let_strangers_make_us_fetch(
        self, identity: Identity, issuer: Issuer, ticks: Ticks
    ) -> None:
        good = issuer.token(subject())
        assert await come(identity, good)
        forger = rsa.generate_private_key(65537, 2048)
        for number in range(5):
            with pytest.raises(TokenRefused):
                await come(identity, issuer.token(subject(), kid=f"made-up-{number}", key=forger))
        assert issuer.fetches == 1
        ticks.now += FETCH_PAUSE_SECONDS
        answers = await asyncio.gather(
            *(come(identity, issuer.token(subject(), kid=f"x{number}", key=forger)) for number in range(5)),
            return_exceptions=True,
        )
        assert all(isinstance(answer, TokenRefused) for answer in answers)
        assert issuer.fetches == 2
        assert await come(identity, good)

    async def test_outlives_an_issuer_that_does_not_answer(
        self, identity: Identity, issuer: Issuer, ticks: Ticks
    ) -> None:
        token = issuer.token(subject())
        assert await come(identity, token)
        issuer.status = 500
        ticks.now += FRESH_SECONDS + 1
        identity._parts.recent.forget()
        assert await come(identity, token)
        assert issuer.fetches == 2

    @pytest.mark.parametrize(
        ("status", "body"),
        [
            (200, b"[]"),
            (200, b"{}"),
            (200, b'{"keys": 7}'),
            (200, b'{"keys": [7, {}, {"kid": 1}, {"kid": "a", "kty": "RSA"}, {"kid": "a", "kty": "X"}]}'),
            (200, b"not json"),
            (200, b" " * (LARGEST_SET_BYTES + 1)),
            (302, b""),
            (404, b""),
        ],
        ids=["list", "empty", "number", "odd keys", "no json", "too large", "redirect", "missing"],
    )
    async def test_takes_nothing_but_a_key_set(
        self, identity: Identity, issuer: Issuer, status: int, body: bytes
    ) -> None:
        issuer.status, issuer.body = status, body
        with pytest.raises(KisError) as refused:
            await come(identity, issuer.token(subject()))
        assert refused.value.status_code in {401, 503}
        assert issuer.fetches == 1


class TestSupabase:
    async def test_tokens_are_checked_with_the_projects_secret(
        self, make_identity: MakeIdentity, world: World
    ) -> None:
        project = "https://project.supabase.example.test"
        entry = {"issuer": f"{project}/auth/v1", "organization": world.code, "role": "viewer"}
        identity = make_identity(
            identity=IdentitySettings(foreign_issuers=json.dumps([entry])),
            supabase=SupabaseSettings(url=project, jwt_secret=SecretStr(HS256_SECRET)),
        )
        claims = {
            "iss": f"{project}/auth/v1",
            "aud": "authenticated",
            "sub": secrets.token_hex(8),
            "exp": datetime.now(UTC) + timedelta(hours=1),
            "email": f"{secrets.token_hex(4)}@example.test",
            "role": "service_role",
            "app_metadata": {"organization_id": "of somebody else"},
        }
        person = await come(identity, jwt.encode(claims, HS256_SECRET, "HS256"))
        assert (person.role, person.organization_id) == (Role.VIEWER, world.admin.organization_id)
        with pytest.raises(TokenRefused):
            await come(identity, jwt.encode(claims, "another secret, as long as the good one", "HS256"))


class TestSettings:
    @pytest.mark.parametrize(
        "entry",
        [
            {"jwks_url": "http://issuer.example.test/keys"},
            {"jwks_url": "ftp://127.0.0.1/keys"},
            {"jwks_url": "file:///etc/passwd"},
            {"jwks_url": "http://127.0.0.1.example.test/keys"},
            {"hs256_secret": "short"},
            {"hs256_secret": HS256_SECRET, "jwks_url": "https://issuer.example.test/keys"},
            {},
            {"hs256_secret": HS256_SECRET, "role": "owner"},
            {"hs256_secret": HS256_SECRET, "surprise": 1},
        ],
        ids=str,
    )
    def test_that_are_not_safe_are_refused_without_showing_a_secret(
        self, make_identity: MakeIdentity, entry: dict[str, Any]
    ) -> None:
        whole = {"issuer": "https://issuer.example.test", "organization": "HB", **entry}
        with pytest.raises(BadInput) as refused:
            make_identity(identity=IdentitySettings(foreign_issuers=json.dumps([whole])))
        assert refused.value.problems[0].path == "OIDC_ISSUERS"
        assert HS256_SECRET not in refused.value.text("en")

    @pytest.mark.parametrize("text", ["{", "7", "[7]", '["x"]', '{"issuer": "x"}'])
    def test_that_are_no_list_of_issuers_are_refused(self, make_identity: MakeIdentity, text: str) -> None:
        with pytest.raises(BadInput):
            make_identity(identity=IdentitySettings(foreign_issuers=text))
