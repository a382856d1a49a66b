"""Which other issuers an installation trusts, and for what."""

from collections.abc import Mapping
from ipaddress import ip_address
from typing import Any, Final, Self
from urllib.parse import urlsplit

import orjson
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from kis.identity.permissions import Role
from kis.platform.configuration import Settings
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message

SHORTEST_HS256_SECRET: Final = 32
SUPABASE_AUDIENCE: Final = "authenticated"


class ForeignIssuer(BaseModel):
    """An entry of ``OIDC_ISSUERS``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(min_length=1, max_length=500)
    audience: str = Field(SUPABASE_AUDIENCE, min_length=1, max_length=500)
    jwks_url: str = ""
    hs256_secret: SecretStr = SecretStr("")
    organization: str = Field(pattern="^[A-Z0-9]{1,8}$")
    """Code of the organisation its people come into."""
    role: Role = Role.VIEWER
    """What they are when first seen."""
    links_by_email: bool = False
    """Whether its word for an e-mail address (``email_verified``) makes its subject the person who has that address here."""

    @model_validator(mode="after")
    def _one_good_key(self) -> Self:
        secret = self.hs256_secret.get_secret_value()
        if bool(self.jwks_url) == bool(secret):
            raise ValueError("exactly one of jwks_url and hs256_secret")
        if secret and len(secret) < SHORTEST_HS256_SECRET:
            raise ValueError(f"hs256_secret of {SHORTEST_HS256_SECRET} characters or more")
        if self.jwks_url and not _is_private(self.jwks_url):
            raise ValueError("jwks_url with https://, or http:// on this machine alone")
        return self


def issuers_of(settings: Settings) -> Mapping[str, ForeignIssuer]:
    """Return the issuers of the settings by their names. Raises BadInput without showing a secret.

    An entry for the project of ``SUPABASE_URL`` need not name a key: it is ``SUPABASE_JWT_SECRET``, or without it the project's JWKS.
    """
    try:
        entries = orjson.loads(settings.identity.foreign_issuers or "[]")
        issuers = [ForeignIssuer.model_validate(_completed(entry, settings)) for entry in entries]
    except ValidationError as error:
        reasons = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise _unusable(reasons) from None
    except (ValueError, TypeError):
        raise _unusable("no JSON list of objects") from None
    named = {issuer.issuer: issuer for issuer in issuers}
    if len(named) != len(issuers):
        raise _unusable("an issuer stands there twice")
    return named


def supabase_issuer(settings: Settings) -> str:
    """Return the name by which the Supabase project of the settings signs; empty without one."""
    return f"{settings.supabase.url.rstrip('/')}/auth/v1" if settings.supabase.url else ""


def _completed(entry: Any, settings: Settings) -> Any:
    supabase = supabase_issuer(settings)
    if not isinstance(entry, dict) or not supabase or entry.get("issuer") != supabase:
        return entry
    if entry.get("jwks_url") or entry.get("hs256_secret"):
        return entry
    secret = settings.supabase.jwt_secret.get_secret_value()
    key = {"hs256_secret": secret} if secret else {"jwks_url": f"{supabase}/.well-known/jwks.json"}
    return {**entry, **key}


def _is_private(url: str) -> bool:
    """Tell whether nobody on the way can change what the address answers."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            return bool(host)
        return parts.scheme == "http" and (host == "localhost" or ip_address(host).is_loopback)
    except ValueError:
        return False


def _unusable(reason: str) -> BadInput:
    return BadInput(
        "environment", [Problem("OIDC_ISSUERS", Message("configuration.unusable", {"reason": reason}))]
    )
