"""Tokens of other issuers: Supabase, or any OpenID Connect provider that the settings name.

An issuer's tokens are checked with its key alone, and with the algorithms of that key's type alone: a token cannot choose to be checked as something
else (RFC 8725, 3.1). Its subject becomes a person here when first seen, in the organisation and role the settings name; from then on the
installation decides what they may do.
"""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

import jwt
import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.errors import TokenExpired, TokenRefused
from kis.identity.issuers import ForeignIssuer
from kis.identity.jwks import Keys
from kis.identity.models import ForeignIdentity, Membership, User
from kis.identity.parts import SYSTEM, Parts, permissions_of
from kis.identity.principal import Principal, Via
from kis.identity.repository import Repository
from kis.identity.tokens import unverified_header
from kis.identity.users import checked_email
from kis.platform import audit
from kis.platform.errors import BadInput

CLOCK_SKEW_SECONDS: Final = 30
"""Between machines that keep their time apart."""
LONGEST_SUBJECT: Final = 255

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ForeignClaims:
    """Who a good token of another issuer names."""

    issuer: ForeignIssuer
    subject: str
    email: str
    email_verified: bool
    name: str


class ForeignIssuers:
    """Knows the issuers of the settings and the people they name."""

    def __init__(self, parts: Parts, issuers: dict[str, tuple[ForeignIssuer, Keys]]) -> None:
        self._parts = parts
        self._issuers = issuers

    async def principal(self, token: str, address: str) -> Principal:
        """Return whom the token names. Raises TokenExpired, TokenRefused."""
        claims = await self.read(token)
        recent, mark = self._parts.recent, self._parts.recent.mark
        name = (Via.FOREIGN, claims.issuer.issuer, claims.subject)
        principal = recent.find(name)
        if principal is None:
            principal = await self._known(claims, address)
            recent.keep(name, principal, mark)
        return replace(principal, address=address)

    async def read(self, token: str) -> ForeignClaims:
        """Return what a good token says. Raises TokenExpired, TokenRefused."""
        header = unverified_header(token)
        issuer, keys = self._issuer_of(token)
        key, algorithms = await keys.find(header)
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=list(algorithms),
                audience=issuer.audience,
                issuer=issuer.issuer,
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": ["iss", "aud", "sub", "exp"], "enforce_minimum_key_length": True},
            )
        except jwt.ExpiredSignatureError:
            raise TokenExpired from None
        except (jwt.PyJWTError, TypeError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from None
        return _claims(issuer, claims)

    def _issuer_of(self, token: str) -> tuple[ForeignIssuer, Keys]:
        try:
            claimed = jwt.decode(token, options={"verify_signature": False}).get("iss")
        except (jwt.PyJWTError, ValueError) as error:
            raise TokenRefused(type(error).__name__) from None
        if not isinstance(claimed, str) or claimed not in self._issuers:
            raise TokenRefused("issuer")
        return self._issuers[claimed]

    async def _known(self, claims: ForeignClaims, address: str) -> Principal:
        issuer = claims.issuer
        async with self._parts.database.service() as session:
            repository = Repository(session)
            organization = await repository.find_organization_by_code(issuer.organization)
            if organization is None:
                log.error(
                    "identity.issuer_without_organization", issuer=issuer.issuer, code=issuer.organization
                )
                raise TokenRefused("organization")
            known = await repository.find_foreign(issuer.issuer, claims.subject)
            user_id = (
                known.user_id if known else await self._first_seen(session, claims, organization.id, address)
            )
            member = await repository.find_member(user_id, organization.id)
        if member is None or not member.user.is_active:
            raise TokenRefused("no member")
        return Principal(
            organization_id=organization.id,
            role=member.role,
            permissions=permissions_of(member.role, is_operator=member.user.is_operator),
            via=Via.FOREIGN,
            user_id=user_id,
            name=member.user.name or member.user.email,
        )

    async def _first_seen(
        self, session: AsyncSession, claims: ForeignClaims, organization_id: UUID, address: str
    ) -> UUID:
        """Make the person, or find them by an address the issuer vouches for."""
        repository = Repository(session)
        await repository.alone(f"subject:{claims.issuer.issuer} {claims.subject}")
        await repository.alone(f"user:{claims.email.lower()}")
        known = await repository.find_foreign(claims.issuer.issuer, claims.subject)
        if known is not None:
            return known.user_id  # another request of theirs was faster
        user = await repository.find_user_by_email(claims.email)
        if user is None:
            user = User(email=claims.email, name=claims.name, is_active=True, is_operator=False, locale="ko")
            session.add(user)
            await session.flush()
            session.add(
                Membership(organization_id=organization_id, user_id=user.id, role=claims.issuer.role.value)
            )
        elif not (claims.issuer.links_by_email and claims.email_verified):
            raise TokenRefused("email belongs to somebody here")
        session.add(ForeignIdentity(user_id=user.id, issuer=claims.issuer.issuer, subject=claims.subject))
        await session.flush()
        await audit.record(
            session,
            organization_id=organization_id,
            actor=SYSTEM,
            action="user.first_seen",
            target=f"user:{user.id}",
            after={"issuer": claims.issuer.issuer, "email": user.email},
            address=address,
        )
        return user.id


def _claims(issuer: ForeignIssuer, claims: dict[str, Any]) -> ForeignClaims:
    subject, email = claims["sub"], claims.get("email")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not isinstance(email, str):
        raise TokenRefused("claims")
    try:
        email = checked_email(email)
    except BadInput:
        raise TokenRefused("email") from None
    name = claims.get("name")
    return ForeignClaims(
        issuer,
        subject,
        email,
        claims.get("email_verified") is True,
        name[:100] if isinstance(name, str) else "",
    )
