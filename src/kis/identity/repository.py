"""Every query of identity. Which rows a query sees is its session's matter; who may ask, its caller's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.models import (
    ApiKey,
    ForeignIdentity,
    LoginSession,
    Membership,
    OneTimeLink,
    Organization,
    RefreshToken,
    User,
)
from kis.identity.permissions import Role

FIRST_START_LOCK: Final = 4_112_001
"""Any number that no other advisory lock has."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person in an organisation."""

    user: User
    organization_id: UUID
    role: Role


class Repository:
    """The rows of identity in one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, *rows: object) -> None:
        """Write new rows with the transaction."""
        self._session.add_all(rows)

    async def flush(self) -> None:
        """Write now what was added, so that what depends on it can follow."""
        await self._session.flush()

    async def alone(self, lock: int | str) -> None:
        """Wait until no other transaction holds ``lock``, and hold it to the end of this one."""
        name = func.hashtextextended(lock, 0) if isinstance(lock, str) else lock
        await self._session.execute(select(func.pg_advisory_xact_lock(name)))

    # People

    async def find_user(self, user_id: UUID) -> User | None:
        """Return the person of this id."""
        return await self._session.get(User, user_id)

    async def find_user_by_email(self, email: str) -> User | None:
        """Return the person of this address, however it is written."""
        return (
            await self._session.execute(select(User).where(func.lower(User.email) == email.lower()))
        ).scalar_one_or_none()

    async def find_member(
        self, user_id: UUID, organization_id: UUID, *, locked: bool = False
    ) -> Member | None:
        """Return what the person is in the organisation."""
        query = (
            select(User, Membership.role)
            .join(Membership, Membership.user_id == User.id)
            .where(User.id == user_id, Membership.organization_id == organization_id)
        )
        row = (await self._session.execute(query.with_for_update() if locked else query)).one_or_none()
        return None if row is None else Member(row[0], organization_id, Role(row[1]))

    async def members(
        self, organization_id: UUID, *, offset: int, limit: int
    ) -> tuple[Sequence[Member], int]:
        """Return one page of an organisation's people by address, and how many there are."""
        query = (
            select(User, Membership.role)
            .join(Membership, Membership.user_id == User.id)
            .where(Membership.organization_id == organization_id)
            .order_by(func.lower(User.email))
        )
        rows = (await self._session.execute(query.offset(offset).limit(limit))).all()
        total = await self._count(Membership.organization_id == organization_id, of=Membership)
        return [Member(user, organization_id, Role(role)) for user, role in rows], total

    async def memberships(self, user_id: UUID) -> Sequence[Membership]:
        """Return everything the person is, the oldest first."""
        query = select(Membership).where(Membership.user_id == user_id)
        return (
            (await self._session.execute(query.order_by(Membership.created_at, Membership.organization_id)))
            .scalars()
            .all()
        )

    async def find_membership(self, user_id: UUID, organization_id: UUID) -> Membership | None:
        """Return the row that makes the person a member."""
        return await self._session.get(Membership, (organization_id, user_id))

    async def remove_membership(self, user_id: UUID, organization_id: UUID) -> None:
        """End what the person is in the organisation, with the logins there."""
        await self._session.execute(
            delete(Membership).where(
                Membership.user_id == user_id, Membership.organization_id == organization_id
            )
        )

    async def other_administrators(self, organization_id: UUID, user_id: UUID) -> int:
        """Return how many active administrators the organisation has beside this person."""
        query = (
            select(func.count())
            .select_from(Membership)
            .join(User, User.id == Membership.user_id)
            .where(
                Membership.organization_id == organization_id,
                Membership.role == Role.ADMIN.value,
                User.is_active,
                User.id != user_id,
            )
        )
        return (await self._session.execute(query)).scalar_one()

    async def find_operator(self) -> Member | None:
        """Return the first operator, where there is one."""
        query = (
            select(User, Membership)
            .join(Membership, Membership.user_id == User.id)
            .where(User.is_operator, User.is_active)
            .order_by(User.created_at, User.id)
            .limit(1)
        )
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else Member(row[0], row[1].organization_id, Role(row[1].role))

    async def any_operator_came(self) -> bool:
        """Tell whether an operator has ever logged in."""
        query = select(exists().where(User.is_operator, User.last_login_at.is_not(None)))
        return bool((await self._session.execute(query)).scalar_one())

    # Organisations

    async def find_organization(self, organization_id: UUID, *, locked: bool = False) -> Organization | None:
        """Return the organisation of this id; ``locked`` against other changes to its people."""
        query = select(Organization).where(Organization.id == organization_id)
        return (
            await self._session.execute(query.with_for_update() if locked else query)
        ).scalar_one_or_none()

    async def find_organization_by_code(self, code: str) -> Organization | None:
        """Return the organisation of this code."""
        query = select(Organization).where(Organization.code == code.upper())
        return (await self._session.execute(query)).scalar_one_or_none()

    async def organizations(
        self, *, offset: int, limit: int, only: UUID | None = None
    ) -> tuple[Sequence[Organization], int]:
        """Return one page of the organisations by code, and how many there are; ``only`` the one of this id."""
        condition = Organization.id == only if only is not None else Organization.id.is_not(None)
        query = select(Organization).where(condition).order_by(Organization.code)
        rows = (await self._session.execute(query.offset(offset).limit(limit))).scalars().all()
        return rows, await self._count(condition, of=Organization)

    # Logins

    async def find_session(self, session_id: UUID) -> tuple[LoginSession, User, Role] | None:
        """Return a login with its person and what they are now in its organisation."""
        query = (
            select(LoginSession, User, Membership.role)
            .join(User, User.id == LoginSession.user_id)
            .join(
                Membership,
                (Membership.user_id == LoginSession.user_id)
                & (Membership.organization_id == LoginSession.organization_id),
            )
            .where(LoginSession.id == session_id)
        )
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1], Role(row[2]))

    async def sessions(self, user_id: UUID, now: datetime) -> Sequence[LoginSession]:
        """Return the person's logins that still stand, the newest first."""
        query = select(LoginSession).where(
            LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now
        )
        return (
            (await self._session.execute(query.order_by(LoginSession.created_at.desc()).limit(100)))
            .scalars()
            .all()
        )

    async def prolong_session(self, session_id: UUID, expires_at: datetime) -> None:
        """Let a login last longer."""
        await self._session.execute(
            update(LoginSession)
            .where(LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
            .values(expires_at=expires_at)
        )

    async def revoke_sessions(
        self, *conditions: ColumnElement[bool], now: datetime, because: str
    ) -> Sequence[UUID]:
        """End the logins for which ``conditions`` hold and return their ids."""
        query = (
            update(LoginSession)
            .where(LoginSession.revoked_at.is_(None), *conditions)
            .values(revoked_at=now, revoked_because=because)
            .returning(LoginSession.id)
        )
        return (await self._session.execute(query)).scalars().all()

    async def delete_ended_sessions(self, before: datetime, limit: int) -> int:
        """Delete some logins that ended before, with their refresh tokens; return how many."""
        ended = func.least(
            LoginSession.expires_at, func.coalesce(LoginSession.revoked_at, LoginSession.expires_at)
        )
        some = select(LoginSession.id).where(ended < before).limit(limit)
        deleted = delete(LoginSession).where(LoginSession.id.in_(some)).returning(LoginSession.id)
        return len((await self._session.execute(deleted)).all())

    async def find_refresh_token(self, token_sha256: str) -> RefreshToken | None:
        """Return the refresh token of this digest, locked: of two that use it at once the second sees the first's use."""
        query = select(RefreshToken).where(RefreshToken.token_sha256 == token_sha256).with_for_update()
        return (await self._session.execute(query)).scalar_one_or_none()

    # One-time links

    async def find_link(self, token_sha256: str, now: datetime) -> OneTimeLink | None:
        """Return the link of this digest that still works, locked."""
        query = (
            select(OneTimeLink)
            .where(
                OneTimeLink.token_sha256 == token_sha256,
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > now,
            )
            .with_for_update()
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def delete_ended_links(self, before: datetime, limit: int) -> int:
        """Delete some links whose time ended before; return how many."""
        some = select(OneTimeLink.id).where(OneTimeLink.expires_at < before).limit(limit)
        deleted = delete(OneTimeLink).where(OneTimeLink.id.in_(some)).returning(OneTimeLink.id)
        return len((await self._session.execute(deleted)).all())

    async def remove_open_links(self, user_id: UUID) -> None:
        """Make every link of the person that nobody used useless."""
        await self._session.execute(
            delete(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.used_at.is_(None))
        )

    # Keys

    async def find_api_key(self, key_sha256: str) -> ApiKey | None:
        """Return the key of this digest."""
        return (
            await self._session.execute(select(ApiKey).where(ApiKey.key_sha256 == key_sha256))
        ).scalar_one_or_none()

    async def get_api_key(self, key_id: UUID, organization_id: UUID) -> ApiKey | None:
        """Return the key of this id in the organisation, locked."""
        query = select(ApiKey).where(ApiKey.id == key_id, ApiKey.organization_id == organization_id)
        return (await self._session.execute(query.with_for_update())).scalar_one_or_none()

    async def api_keys(
        self, organization_id: UUID, *, offset: int, limit: int
    ) -> tuple[Sequence[ApiKey], int]:
        """Return one page of the organisation's keys, the newest first, and how many there are."""
        condition = ApiKey.organization_id == organization_id
        query = select(ApiKey).where(condition).order_by(ApiKey.created_at.desc(), ApiKey.id)
        rows = (await self._session.execute(query.offset(offset).limit(limit))).scalars().all()
        return rows, await self._count(condition, of=ApiKey)

    async def touch_api_key(self, key_id: UUID, now: datetime) -> None:
        """Note that a key was used."""
        await self._session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now))

    # Other issuers

    async def find_foreign(self, issuer: str, subject: str) -> ForeignIdentity | None:
        """Return who the issuer's subject is here."""
        query = select(ForeignIdentity).where(
            ForeignIdentity.issuer == issuer, ForeignIdentity.subject == subject
        )
        return (await self._session.execute(query)).scalar_one_or_none()

    async def _count(
        self, condition: ColumnElement[bool], *, of: type[Membership | Organization | ApiKey]
    ) -> int:
        query = select(func.count()).select_from(of).where(condition)
        return (await self._session.execute(query)).scalar_one()
