"""API keys: ``kis_<prefix>_<secret>``, for machines. A key has a role, may be narrowed to some of its permissions, and ends when revoked or expired.

The secret has 256 bits of chance, so its plain SHA-256 is kept and looked up; the prefix is what people recognise a key by. A key outlives the person who
made it: machines go on working when people leave, and the audit log tells who made it.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from kis.identity.errors import TokenRefused
from kis.identity.models import ApiKey
from kis.identity.parts import Parts, digest, new_token, tell
from kis.identity.permissions import ROLE_PERMISSIONS, Permission, Role
from kis.identity.principal import Principal, Via
from kis.identity.repository import Repository
from kis.platform.errors import BadInput, Forbidden, NotFound, Problem
from kis.platform.messages import Message

KEY_PREFIX: Final = "kis_"
PREFIX_BYTES: Final = 4
LONGEST_KEY: Final = 100
TOUCHED_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made. ``key`` is shown once and never again."""

    row: ApiKey
    key: str


def key_permissions(row: ApiKey) -> frozenset[Permission]:
    """Return what a key may do: all that its role may today, or what of that it was narrowed to."""
    of_role = ROLE_PERMISSIONS[Role(row.role)]
    return of_role & {Permission(each) for each in row.permissions} if row.permissions else of_role


class ApiKeys:
    """Makes, lists and revokes keys, and knows them again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def list(self, principal: Principal, *, offset: int, limit: int) -> tuple[Sequence[ApiKey], int]:
        """Return one page of the organisation's keys, the newest first, and how many there are."""
        principal.require(Permission.API_KEY_READ)
        async with self._parts.database.transaction(principal.scope) as session:
            return await Repository(session).api_keys(principal.organization_id, offset=offset, limit=limit)

    async def create(
        self,
        principal: Principal,
        name: str,
        role: Role,
        *,
        permissions: Collection[Permission] = (),
        expires_at: datetime | None = None,
    ) -> NewApiKey:
        """Return a new key. It may do no more than who makes it; ``permissions`` narrow its role. Raises BadInput, Forbidden."""
        principal.require(Permission.API_KEY_WRITE)
        self._check(principal, role, permissions, expires_at)
        prefix = secrets.token_hex(PREFIX_BYTES)
        key = f"{KEY_PREFIX}{prefix}_{new_token()}"
        row = ApiKey(
            organization_id=principal.organization_id,
            created_by=principal.user_id,
            name=name,
            prefix=prefix,
            key_sha256=digest(key),
            role=role.value,
            permissions=sorted(permissions),
            expires_at=expires_at,
        )
        async with self._parts.database.transaction(principal.scope) as session:
            session.add(row)
            await session.flush()
            await session.refresh(row)
            shown = {"name": name, "role": role.value, "permissions": row.permissions, "prefix": prefix}
            await tell(session, principal, "api_key.created", f"api_key:{row.id}", after=shown)
        return NewApiKey(row, key)

    async def revoke(self, principal: Principal, key_id: UUID) -> None:
        """End a key. Raises NotFound; revoking it again changes nothing."""
        principal.require(Permission.API_KEY_WRITE)
        async with self._parts.database.transaction(principal.scope) as session:
            row = await Repository(session).get_api_key(key_id, principal.organization_id)
            if row is None:
                raise NotFound(Message("identity.no_such_key"))
            if row.revoked_at is None:
                row.revoked_at = self._parts.now()
                await tell(
                    session, principal, "api_key.revoked", f"api_key:{key_id}", before={"name": row.name}
                )
        self._parts.recent.forget()

    async def principal(self, key: str, address: str) -> Principal:
        """Return the machine whose key this is. Raises TokenRefused."""
        if len(key) > LONGEST_KEY:
            raise TokenRefused("length")
        recent, mark, name = self._parts.recent, self._parts.recent.mark, digest(key)
        principal = recent.find(name)
        if principal is None:
            principal = await self._read(name)
            recent.keep(name, principal, mark)
        return replace(principal, address=address)

    async def _read(self, key_sha256: str) -> Principal:
        now = self._parts.now()
        async with self._parts.database.service() as session:
            repository = Repository(session)
            row = await repository.find_api_key(key_sha256)
            if row is None or row.revoked_at is not None:
                raise TokenRefused("key")
            if row.expires_at is not None and row.expires_at <= now:
                raise TokenRefused("key expired")
            if row.last_used_at is None or now - row.last_used_at >= TOUCHED_EVERY:
                await repository.touch_api_key(row.id, now)
        return Principal(
            organization_id=row.organization_id,
            role=Role(row.role),
            permissions=key_permissions(row),
            via=Via.API_KEY,
            key_id=row.id,
            name=row.name,
        )

    def _check(
        self,
        principal: Principal,
        role: Role,
        permissions: Collection[Permission],
        expires_at: datetime | None,
    ) -> None:
        problems = [
            Problem(
                "permissions",
                Message("identity.key.not_of_role", {"permission": each.value, "role": role.value}),
            )
            for each in sorted(set(permissions) - ROLE_PERMISSIONS[role])
        ]
        if expires_at is not None and expires_at <= self._parts.now():
            problems.append(Problem("expiresAt", Message("identity.key.expired_already")))
        if problems:
            raise BadInput("api-key", problems)
        wanted = set(permissions) or ROLE_PERMISSIONS[role]
        beyond = sorted(wanted - principal.permissions)
        if beyond:
            raise Forbidden(
                Message("identity.forbidden", {"permission": beyond[0].value, "role": principal.role.value})
            )
