"""Forged, borrowed and broken access tokens, each refused for its own reason."""

import base64
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kis.identity import Role
from kis.identity.errors import TokenExpired, TokenRefused
from kis.identity.tokens import CLAIMS, LONGEST_TOKEN, TYPE, AccessTokens
from kis.platform.configuration import IdentitySettings
from kis.platform.secrets import derived_key
from tests.factories.tokens import encoded, hmac_token

SECRET = b"one secret of an installation, long enough"
OTHER_SECRET = b"one secret of another installation, as long"
USER, ORGANIZATION, SESSION = uuid4(), uuid4(), uuid4()


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def tokens() -> AccessTokens:
    return AccessTokens(SECRET, IdentitySettings(), now)


def issued(tokens: AccessTokens) -> str:
    return tokens.issue(user_id=USER, organization_id=ORGANIZATION, role=Role.VIEWER, session_id=SESSION)


def forged(
    tokens: AccessTokens,
    change: Callable[[dict[str, Any]], None] = lambda _claims: None,
    *,
    key: bytes = b"",
    algorithm: str = "HS256",
    headers: dict[str, Any] | None = None,
) -> str:
    """Return a token like ours, with something else about it."""
    claims = jwt.decode(issued(tokens), options={"verify_signature": False})
    change(claims)
    head = {"alg": algorithm, "typ": TYPE, "kid": tokens.key_id, **(headers or {})}
    return hmac_token(head, claims, key or tokens._key)


def test_a_good_token_names_person_organisation_and_session(tokens: AccessTokens) -> None:
    claims = tokens.read(issued(tokens))
    assert (claims.user_id, claims.organization_id, claims.session_id) == (USER, ORGANIZATION, SESSION)
    assert tokens.read(forged(tokens)) == claims, "what the forger below begins with is good"


def test_a_token_that_was_good_ends_all_the_same(
    tokens: AccessTokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issued(tokens)
    claims = tokens.read(token)
    begun = time.time()
    monkeypatch.setattr(time, "time", lambda: begun + 900)
    assert tokens.read(token) == claims, "the clocks of two machines may differ by five seconds"
    monkeypatch.setattr(time, "time", lambda: begun + 906)
    with pytest.raises(TokenExpired):
        tokens.read(token)


def test_a_token_says_what_the_profile_asks(tokens: AccessTokens) -> None:
    token = issued(tokens)
    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == set(CLAIMS)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "at+jwt", "kid": tokens.key_id}
    assert claims["exp"] - claims["iat"] == 900
    assert jwt.decode(issued(tokens), options={"verify_signature": False})["jti"] != claims["jti"]


class TestSignature:
    def test_none_is_refused(self, tokens: AccessTokens) -> None:
        for algorithm in ("none", "None", "NONE"):
            body = issued(tokens).split(".")[1]
            header = {"alg": algorithm, "typ": TYPE, "kid": tokens.key_id}
            for signature in ("", issued(tokens).split(".")[2]):
                with pytest.raises(TokenRefused):
                    tokens.read(f"{encoded(header)}.{body}.{signature}")

    def test_with_a_public_key_as_secret_is_refused(self, tokens: AccessTokens) -> None:
        private = rsa.generate_private_key(65537, 2048)
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, key=public))
        claims = jwt.decode(issued(tokens), options={"verify_signature": False})
        head = {"typ": TYPE, "kid": tokens.key_id}
        with pytest.raises(TokenRefused):
            tokens.read(jwt.encode(claims, private, "RS256", headers=head))

    @pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
    @pytest.mark.filterwarnings(
        "ignore::jwt.InsecureKeyLengthWarning"
    )  # the forger's key is ours, made for HS256
    def test_with_another_algorithm_of_the_same_key_is_refused(
        self, tokens: AccessTokens, algorithm: str
    ) -> None:
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, algorithm=algorithm))

    def test_of_another_installation_is_refused(self, tokens: AccessTokens) -> None:
        other = AccessTokens(OTHER_SECRET, IdentitySettings(), now)
        with pytest.raises(TokenRefused):
            tokens.read(issued(other))
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, key=derived_key(OTHER_SECRET, "tokens.access.1")))

    def test_does_not_fit_another_body(self, tokens: AccessTokens) -> None:
        head, body, signature = issued(tokens).split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=="))
        claims["sub"] = str(uuid4())
        with pytest.raises(TokenRefused):
            tokens.read(f"{head}.{encoded(claims)}.{signature}")

    def test_key_is_not_the_one_of_another_purpose(self, tokens: AccessTokens) -> None:
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, key=derived_key(SECRET, "cookies.session.1")))


class TestHeader:
    @pytest.mark.parametrize(
        "headers",
        [
            {"typ": "JWT"},
            {"typ": "id+jwt"},
            {"kid": "other"},
            {"kid": "../../etc/passwd"},
            {"jku": "https://attacker.example.test/keys"},
            {"jwk": {"kty": "oct", "k": "AAAA"}},
            {"crit": ["exp"], "exp": 1},
            {"b64": False, "crit": ["b64"]},
        ],
    )
    def test_that_says_anything_else_is_refused(self, tokens: AccessTokens, headers: dict[str, Any]) -> None:
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, headers=headers))


class TestClaims:
    @pytest.mark.parametrize("name", CLAIMS)
    def test_that_are_missing_are_missed(self, tokens: AccessTokens, name: str) -> None:
        def drop(claims: dict[str, Any]) -> None:
            del claims[name]

        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, drop))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("aud", "other"),
            ("aud", ["kis"]),
            ("aud", ["kis", "other"]),
            ("iss", "other"),
            ("iss", ["kis"]),
            ("sub", "root"),
            ("sub", 7),
            ("sub", None),
            ("org", "x"),
            ("org", None),
            ("sid", "x"),
            ("sid", {"a": 1}),
            ("exp", "soon"),
            ("nbf", "now"),
            ("iat", "now"),
        ],
    )
    def test_that_say_something_else_are_refused(
        self, tokens: AccessTokens, name: str, value: object
    ) -> None:
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, lambda claims: claims.update({name: value})))

    def test_of_yesterday_are_told_to_be_expired(self, tokens: AccessTokens) -> None:
        past = now() - timedelta(seconds=6)
        with pytest.raises(TokenExpired):
            tokens.read(forged(tokens, lambda claims: claims.update(exp=past)))
        with pytest.raises(TokenRefused) as refused:
            tokens.read(forged(tokens, lambda claims: claims.update(exp=past), key=b"x" * 32))
        assert not isinstance(refused.value, TokenExpired), "an expired forgery is a forgery"

    @pytest.mark.parametrize("name", ["nbf", "iat"])
    def test_of_tomorrow_are_refused(self, tokens: AccessTokens, name: str) -> None:
        ahead = now() + timedelta(seconds=60)
        with pytest.raises(TokenRefused):
            tokens.read(forged(tokens, lambda claims: claims.update({name: ahead})))

    def test_of_a_clock_a_little_ahead_are_believed(self, tokens: AccessTokens) -> None:
        ahead = now() + timedelta(seconds=2)
        assert tokens.read(forged(tokens, lambda claims: claims.update(nbf=ahead, iat=ahead)))


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b.c", "ey", "\ud800", "가.나.다", "x" * (LONGEST_TOKEN + 1)]
)
def test_what_is_no_token_is_refused(tokens: AccessTokens, token: str) -> None:
    with pytest.raises(TokenRefused):
        tokens.read(token)
    with pytest.raises(TokenRefused):
        tokens.is_ours(token)
