"""What the use cases of identity share, and what they hand out."""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.cookies import Cookies
from kis.identity.passwords import Passwords
from kis.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from kis.identity.principal import Principal
from kis.identity.recent import Recent
from kis.identity.tokens import AccessTokens
from kis.platform import audit
from kis.platform.configuration import Settings
from kis.platform.database import Database
from kis.platform.limits import Limiter
from kis.platform.mail import Mailer

TOKEN_BYTES: Final = 32
SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The collaborators of identity, made once a process."""

    database: Database
    settings: Settings
    limiter: Limiter
    mailer: Mailer
    passwords: Passwords
    tokens: AccessTokens
    cookies: Cookies
    now: Callable[[], datetime]
    recent: Recent[Principal]
    """Principals known a moment ago."""

    def link_url(self, token: str) -> str:
        """Return the address that opens a one-time link. The token is in the fragment: it reaches no log and no other site."""
        application = self.settings.application
        base = application.public_url or f"http://{application.host}:{application.port}"
        return f"{base.rstrip('/')}/login/link#{token}"


@dataclass(frozen=True, slots=True)
class Origin:
    """From where somebody who is not known yet calls."""

    address: str = ""
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What a login gives: tokens to a client, or a cookie to a browser; never both."""

    user_id: UUID
    email: str
    name: str
    locale: str
    organization_id: UUID
    role: Role
    session_id: UUID
    access_token: str = ""
    access_token_seconds: int = 0
    refresh_token: str = ""
    cookie: str = ""
    csrf_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedLink:
    """A one-time link, shown once. ``mailed``: it is also on its way to its owner."""

    user_id: UUID
    email: str
    purpose: str
    token: str
    url: str
    expires_at: datetime
    mailed: bool = False


def new_token() -> str:
    """Return a secret nobody guesses: 256 bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(token: str) -> str:
    """Return what of a secret stands in the database. It has 256 bits of chance, so a plain digest cannot be searched back."""
    return hashlib.sha256(token.encode("utf-8", "backslashreplace")).hexdigest()


def permissions_of(role: Role, *, is_operator: bool) -> frozenset[Permission]:
    """Return what a person of this role may do."""
    return ROLE_PERMISSIONS[role] | ({Permission.INSTALLATION_OPERATE} if is_operator else set())


async def tell(
    session: AsyncSession,
    principal: Principal,
    action: str,
    target: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    organization_id: UUID | None = None,
) -> None:
    """Write into the audit log what a known caller did."""
    await audit.record(
        session,
        organization_id=organization_id or principal.organization_id,
        actor=principal.actor,
        action=action,
        target=target,
        before=before,
        after=after,
        address=principal.address,
    )


def at(principal: Principal, address: str) -> Principal:
    """Return the caller as calling from ``address`` now."""
    return principal if principal.address == address else replace(principal, address=address)
