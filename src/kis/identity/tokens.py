"""Access tokens: JSON Web Tokens (RFC 7519, profile RFC 9068) signed with a key derived from the installation's secret.

One algorithm, one key, one type: what a token's own header says about them is compared and never followed (RFC 8725). A token lives for minutes and
names its session; whether that still stands is asked on every use, so a token ends with its session.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID, uuid4

import jwt

from kis.identity.errors import TokenExpired, TokenRefused
from kis.identity.permissions import Role
from kis.platform.configuration import IdentitySettings
from kis.platform.secrets import derived_key

ALGORITHM: Final = "HS256"
TYPE: Final = "at+jwt"
LONGEST_TOKEN: Final = 8192
CLOCK_SKEW_SECONDS: Final = 5
"""Between the machines of one installation, which keep their time together."""
MOST_KNOWN: Final = 2048
"""A client shows its token with every request: so many that were found good are known again, and only their end is looked at."""
CLAIMS: Final = ("iss", "aud", "sub", "org", "role", "sid", "iat", "nbf", "exp", "jti")


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a good access token says. Whether it still stands is the session's to say."""

    user_id: UUID
    organization_id: UUID
    session_id: UUID


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose form, signature and claims were found good; its end is looked at each time."""

    claims: AccessClaims
    expires_at: float


class AccessTokens:
    """Signs and reads the access tokens of this installation."""

    def __init__(self, secret: bytes, settings: IdentitySettings, now: Callable[[], datetime]) -> None:
        self._key = derived_key(secret, "tokens.access.1")
        self._settings = settings
        self._now = now
        self.key_id = derived_key(secret, "tokens.access.1.kid", length_bytes=8).hex()
        self._headers = {"typ": TYPE, "kid": self.key_id}
        self._verified = lru_cache(MOST_KNOWN)(self._verify)  # what is refused is not kept
        self._head = jwt.encode({}, self._key, ALGORITHM, headers=self._headers).partition(".")[0] + "."

    def issue(self, *, user_id: UUID, organization_id: UUID, role: Role, session_id: UUID) -> str:
        """Return a token for a person in a session of theirs."""
        now = self._now()
        claims = {
            "iss": self._settings.issuer,
            "aud": self._settings.audience,
            "sub": str(user_id),
            "org": str(organization_id),
            "role": role.value,
            "sid": str(session_id),
            "iat": now,
            "nbf": now,
            "exp": now + timedelta(seconds=self._settings.access_token_seconds),
            "jti": uuid4().hex,
        }
        return jwt.encode(claims, self._key, ALGORITHM, headers=self._headers)

    def is_ours(self, token: str) -> bool:
        """Tell whether the token claims to be of this installation's key, so that no other issuer need be asked."""
        return token.startswith(self._head) or unverified_header(token).get("kid") == self.key_id

    def read(self, token: str) -> AccessClaims:
        """Return what a good token says. Raises TokenExpired, TokenRefused."""
        verified = self._verified(token)
        if verified.expires_at <= time.time() - CLOCK_SKEW_SECONDS:
            raise TokenExpired
        return verified.claims

    def _verify(self, token: str) -> _Verified:
        header = unverified_header(token)
        if header != {"alg": ALGORITHM, **self._headers}:
            raise TokenRefused("header")
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._key,
                algorithms=[ALGORITHM],
                audience=self._settings.audience,
                issuer=self._settings.issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": list(CLAIMS), "strict_aud": True},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except jwt.PyJWTError as error:
            raise TokenRefused(type(error).__name__) from None
        try:
            whose = AccessClaims(UUID(claims["sub"]), UUID(claims["org"]), UUID(claims["sid"]))
            return _Verified(whose, float(claims["exp"]))
        except (ValueError, TypeError, AttributeError):
            raise TokenRefused("claims") from None


def unverified_header(token: str) -> dict[str, Any]:
    """Return what a token's header claims. Raises TokenRefused for what is no token."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenRefused("form")
    try:
        return jwt.get_unverified_header(token)
    except jwt.PyJWTError as error:
        raise TokenRefused(type(error).__name__) from None
