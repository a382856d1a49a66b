"""The service of identity: its use cases, put together once a process."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kis.identity.api_keys import ApiKeys
from kis.identity.audit_trail import AuditTrail
from kis.identity.authentication import Authentication
from kis.identity.cookies import Cookies
from kis.identity.errors import TokenRefused
from kis.identity.foreign import ForeignIssuers
from kis.identity.issuers import ForeignIssuer, issuers_of
from kis.identity.jwks import JwksKeys, Keys, SharedSecret
from kis.identity.one_time_links import OneTimeLinks
from kis.identity.organizations import Organizations
from kis.identity.parts import IssuedLink, Parts
from kis.identity.passwords import Passwords
from kis.identity.principal import Principal
from kis.identity.recent import Recent
from kis.identity.sessions import Sessions
from kis.identity.tokens import AccessTokens
from kis.identity.users import Users
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.limits import Limiter
from kis.platform.mail import Mailer

if TYPE_CHECKING:
    from pwdlib.hashers.argon2 import Argon2Hasher


def _now() -> datetime:
    return datetime.now(UTC)


class Identity:
    """Who may come in and what they are.

    ``sessions`` (login, refresh, logout), ``links`` (one-time links), ``users``, ``organizations``, ``api_keys``,
    ``audit`` (reading the log).
    """

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        limiter: Limiter,
        mailer: Mailer,
        secret: bytes,
        hasher: "Argon2Hasher | None" = None,
        now: Callable[[], datetime] = _now,
    ) -> None:
        """Put the use cases together; ``hasher`` and ``now`` are the tests'. Raises BadInput for issuers that cannot be used."""
        parts = Parts(
            database=database,
            settings=settings,
            limiter=limiter,
            mailer=mailer,
            passwords=Passwords(hasher),
            tokens=AccessTokens(secret, settings.identity, now),
            cookies=Cookies(secret),
            now=now,
            recent=Recent(),
        )
        foreign = {name: (issuer, _keys_of(issuer)) for name, issuer in issuers_of(settings).items()}
        self._parts = parts
        self.sessions = Sessions(parts)
        self.links = OneTimeLinks(parts, self.sessions)
        self.users = Users(parts, self.links)
        self.organizations = Organizations(parts, self.links, self.users)
        self.api_keys = ApiKeys(parts)
        self.audit = AuditTrail(parts)
        self.cookies = parts.cookies
        self._authentication = Authentication(
            parts, self.sessions, self.api_keys, ForeignIssuers(parts, foreign)
        )

    async def authenticate(
        self,
        *,
        bearer: str | None = None,
        api_key: str | None = None,
        cookie: str | None = None,
        csrf: str | None = None,
        method: str = "GET",
        address: str = "",
    ) -> Principal:
        """Return who is calling, by the first of the three that is given.

        A bearer may be an access token of ours, one of another issuer, or an API key. A cookie is good for a ``method`` that changes things only with
        its CSRF token. Raises TokenExpired, TokenRefused, CsrfRefused.
        """
        if bearer:
            return await self._authentication.of_bearer(bearer, address)
        if api_key:
            return await self.api_keys.principal(api_key, address)
        if cookie:
            return await self._authentication.of_cookie(cookie, csrf, method, address)
        raise TokenRefused("none")

    async def first_start(self, organization_name: str, code: str, email: str) -> IssuedLink | None:
        """Return the link of the first administrator; None once an operator has logged in."""
        return await self.organizations.first_start(organization_name, code, email)

    def close(self) -> None:
        """End the threads that hash passwords."""
        self._parts.passwords.close()


def _keys_of(issuer: ForeignIssuer) -> Keys:
    if issuer.jwks_url:
        return JwksKeys(issuer.jwks_url)
    return SharedSecret(issuer.hs256_secret.get_secret_value())
