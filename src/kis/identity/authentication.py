"""Who is calling: an access token of ours or of another issuer, an API key, or a browser's cookie.

What the credential says is believed for who it is; what that person may do now is read from the database, at most a few seconds old. So a role taken
away or a login ended takes effect at once here and within ``FRESH_SECONDS`` in every other process.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from kis.identity.api_keys import KEY_PREFIX, ApiKeys
from kis.identity.errors import TokenRefused
from kis.identity.foreign import ForeignIssuers
from kis.identity.parts import Parts, permissions_of
from kis.identity.principal import Principal, Via
from kis.identity.repository import Repository
from kis.identity.sessions import Sessions, standing

PROLONGED_BY: Final = timedelta(hours=1)
"""A browser's login is made longer when that gives it at least so much more, not on every request."""


class Authentication:
    """Makes principals of credentials."""

    def __init__(self, parts: Parts, sessions: Sessions, api_keys: ApiKeys, foreign: ForeignIssuers) -> None:
        self._parts = parts
        self._sessions = sessions
        self._api_keys = api_keys
        self._foreign = foreign

    async def of_bearer(self, token: str, address: str) -> Principal:
        """Return whom a bearer token names. Raises TokenExpired, TokenRefused."""
        if token.startswith(KEY_PREFIX):
            return await self._api_keys.principal(token, address)
        if not self._parts.tokens.is_ours(token):
            return await self._foreign.principal(token, address)
        claims = self._parts.tokens.read(token)
        principal = await self._of_session(claims.session_id, Via.TOKEN, address)
        if (principal.user_id, principal.organization_id) != (claims.user_id, claims.organization_id):
            raise TokenRefused("of another login")
        return principal

    async def of_cookie(self, cookie: str, csrf: str | None, method: str, address: str) -> Principal:
        """Return whose browser calls. Raises TokenRefused, and CsrfRefused for a change without its token."""
        session_id = self._parts.cookies.session_id(cookie)
        self._parts.cookies.check_csrf(session_id, csrf, method)
        return await self._of_session(session_id, Via.SESSION, address)

    async def _of_session(self, session_id: UUID, via: Via, address: str) -> Principal:
        recent, mark = self._parts.recent, self._parts.recent.mark
        principal = recent.find((via, session_id))
        if principal is None:
            principal = await self._read(session_id, via)
            recent.keep((via, session_id), principal, mark)
        return replace(principal, address=address)

    async def _read(self, session_id: UUID, via: Via) -> Principal:
        now = self._parts.now()
        async with self._parts.database.service() as session:
            repository = Repository(session)
            found = await repository.find_session(session_id)
            if found is None or not standing(found[0], found[1], now):
                raise TokenRefused("ended")
            row, user, role = found
            lasts_until = self._sessions.lasts_until(row, now)
            if via is Via.SESSION and lasts_until - row.expires_at >= PROLONGED_BY:
                await repository.prolong_session(session_id, lasts_until)
        return Principal(
            organization_id=row.organization_id,
            role=role,
            permissions=permissions_of(role, is_operator=user.is_operator),
            via=via,
            user_id=user.id,
            session_id=session_id,
            name=user.name or user.email,
        )
