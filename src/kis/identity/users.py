"""The people of an organisation: inviting them, changing what they are, letting them go.

A person may be in several organisations, and their password opens all of them. So an administrator may do to a person who is also elsewhere, or who
operates the installation, only what touches their own organisation; the rest is an operator's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.errors import EmailTaken, LastAdministrator
from kis.identity.models import LoginSession, Membership, User
from kis.identity.one_time_links import OneTimeLinks
from kis.identity.parts import IssuedLink, Parts, tell
from kis.identity.permissions import Permission, Role
from kis.identity.principal import Principal
from kis.identity.repository import Member, Repository
from kis.platform.errors import BadInput, Conflict, Forbidden, NotFound, Problem
from kis.platform.messages import Locale, Message

LONGEST_EMAIL: Final = 254


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What is to be different; None leaves it."""

    name: str | None = None
    locale: Locale | None = None
    role: Role | None = None
    is_active: bool | None = None

    @property
    def of_the_person(self) -> bool:
        """Tell whether it reaches beyond one organisation."""
        return self.name is not None or self.locale is not None or self.is_active is not None

    @property
    def governs(self) -> bool:
        """Tell whether it is more than what people may change about themselves."""
        return self.role is not None or self.is_active is not None


class Users:
    """Changes to people, each audited in its own transaction."""

    def __init__(self, parts: Parts, links: OneTimeLinks) -> None:
        self._parts = parts
        self._links = links

    async def list(self, principal: Principal, *, offset: int, limit: int) -> tuple[Sequence[Member], int]:
        """Return one page of the organisation's people by address, and how many there are."""
        principal.require(Permission.USER_READ)
        async with self._parts.database.transaction(principal.scope) as session:
            return await Repository(session).members(principal.organization_id, offset=offset, limit=limit)

    async def get(self, principal: Principal, user_id: UUID) -> Member:
        """Return one of the organisation's people; everybody may see themselves. Raises NotFound."""
        if user_id != principal.user_id:
            principal.require(Permission.USER_READ)
        async with self._parts.database.transaction(principal.scope) as session:
            return _there(await Repository(session).find_member(user_id, principal.organization_id))

    async def invite(
        self, principal: Principal, email: str, role: Role, *, name: str = "", locale: Locale = "ko"
    ) -> tuple[Member, IssuedLink | None]:
        """Return the new member and their link.

        Who is in another organisation already keeps their password and gets no link: it would open that one too. Raises EmailTaken for a member.
        """
        principal.require(Permission.USER_WRITE)
        async with self._parts.database.service(principal.scope) as session:
            member, link = await self.admit(
                session, principal.organization_id, checked_email(email), role, name=name, locale=locale
            )
            shown = {"email": member.user.email, "role": role.value}
            await tell(session, principal, "user.invited", f"user:{member.user.id}", after=shown)
        return member, link

    async def admit(
        self,
        session: AsyncSession,
        organization_id: UUID,
        email: str,
        role: Role,
        *,
        name: str = "",
        locale: Locale = "ko",
    ) -> tuple[Member, IssuedLink | None]:
        """Make the person of this address a member, and the person too where nobody has it. Raises EmailTaken for a member."""
        repository = Repository(session)
        await repository.alone(f"user:{email.lower()}")
        user = await repository.find_user_by_email(email)
        if user is None:
            user = User(email=email, name=name, locale=locale, is_active=True, is_operator=False)
            session.add(user)
            await session.flush()
            is_new = True
        elif await repository.find_membership(user.id, organization_id):
            raise EmailTaken
        else:
            is_new = False
        session.add(Membership(organization_id=organization_id, user_id=user.id, role=role.value))
        await session.flush()
        await session.refresh(user)
        link = await self._links.issue(session, user, organization_id, "invite") if is_new else None
        return Member(user, organization_id, role), link

    async def change(self, principal: Principal, user_id: UUID, change: UserChange) -> Member:
        """Return the person as changed. Raises NotFound, Forbidden, LastAdministrator."""
        if user_id != principal.user_id or change.governs:
            principal.require(Permission.USER_WRITE)
        async with self._parts.database.service(principal.scope) as session:
            repository = Repository(session)
            await repository.find_organization(principal.organization_id, locked=True)
            member = _there(await repository.find_member(user_id, principal.organization_id))
            if change.of_the_person and user_id != principal.user_id:
                await self._require_governed(principal, repository, member.user)
            if change.role is not None and change.role is not member.role:
                _require_over_operators(principal, member.user)
            before = _shown(member)
            await self._apply(repository, member, change)
            await session.flush()
            changed = _there(await repository.find_member(user_id, principal.organization_id))
            after = _shown(changed)
            if before != after:
                await tell(session, principal, "user.changed", f"user:{user_id}", before=before, after=after)
        self._parts.recent.forget()
        return changed

    async def remove(self, principal: Principal, user_id: UUID) -> None:
        """Let the person go from the organisation; their logins there end. Raises NotFound, LastAdministrator."""
        principal.require(Permission.USER_WRITE)
        organization_id = principal.organization_id
        async with self._parts.database.service(principal.scope) as session:
            repository = Repository(session)
            await repository.find_organization(organization_id, locked=True)
            member = _there(await repository.find_member(user_id, organization_id))
            _require_over_operators(principal, member.user)
            await self._require_another(repository, member)
            await repository.remove_membership(user_id, organization_id)
            await repository.revoke_sessions(
                LoginSession.user_id == user_id,
                LoginSession.organization_id == organization_id,
                now=self._parts.now(),
                because="removed",
            )
            await repository.remove_open_links(user_id)
            await tell(session, principal, "user.removed", f"user:{user_id}", before=_shown(member))
        self._parts.recent.forget()

    async def reset_link(self, principal: Principal, user_id: UUID) -> IssuedLink:
        """Return a link with which the person sets a new password. Raises NotFound, Forbidden, Conflict for one who may not log in."""
        principal.require(Permission.USER_WRITE)
        async with self._parts.database.service(principal.scope) as session:
            repository = Repository(session)
            member = _there(await repository.find_member(user_id, principal.organization_id))
            await self._require_governed(principal, repository, member.user)
            if not member.user.is_active:
                raise Conflict(Message("identity.inactive"))
            link = await self._links.issue(session, member.user, principal.organization_id, "reset")
            await tell(session, principal, "user.reset_link_made", f"user:{user_id}")
        return link

    async def _apply(self, repository: Repository, member: Member, change: UserChange) -> None:
        user = member.user
        if change.name is not None:
            user.name = change.name
        if change.locale is not None:
            user.locale = change.locale
        if change.is_active is not None and change.is_active != user.is_active:
            await self._activate(repository, user, is_active=change.is_active)
        if change.role is not None and change.role is not member.role:
            await self._require_another(repository, member)
            row = await repository.find_membership(user.id, member.organization_id)
            if row is not None:
                row.role = change.role.value

    async def _activate(self, repository: Repository, user: User, *, is_active: bool) -> None:
        if not is_active:
            for place in sorted(await repository.memberships(user.id), key=lambda each: each.organization_id):
                await repository.find_organization(place.organization_id, locked=True)
                await self._require_another(repository, Member(user, place.organization_id, Role(place.role)))
            await repository.revoke_sessions(
                LoginSession.user_id == user.id, now=self._parts.now(), because="deactivated"
            )
            await repository.remove_open_links(user.id)
        user.is_active = is_active

    @staticmethod
    async def _require_another(repository: Repository, member: Member) -> None:
        """Raise LastAdministrator unless the organisation keeps one without this member. The organisation's row is locked."""
        if member.role is not Role.ADMIN or not member.user.is_active:
            return
        if not await repository.other_administrators(member.organization_id, member.user.id):
            raise LastAdministrator

    @staticmethod
    async def _require_governed(principal: Principal, repository: Repository, user: User) -> None:
        """Raise Forbidden unless all that the person is lies in the caller's organisation, or the caller is an operator."""
        if principal.may(Permission.INSTALLATION_OPERATE):
            return
        _require_over_operators(principal, user)
        places = await repository.memberships(user.id)
        if any(place.organization_id != principal.organization_id for place in places):
            raise Forbidden(Message("identity.also_elsewhere"))


def checked_email(email: str) -> str:
    """Return an address that can be mailed to. Raises BadInput."""
    email = email.strip()
    try:
        address = Address(addr_spec=email)
    except (ValueError, IndexError, MessageError):
        address = None
    good = address is not None and address.domain and address.addr_spec == email
    if not good or not email.isascii() or not email.isprintable() or len(email) > LONGEST_EMAIL:
        raise BadInput("email", [Problem("email", Message("identity.email_unusable"))])
    return email


def _require_over_operators(principal: Principal, user: User) -> None:
    if user.is_operator and not principal.may(Permission.INSTALLATION_OPERATE):
        raise Forbidden(Message("identity.is_operator"))


def _there(member: Member | None) -> Member:
    if member is None:
        raise NotFound(Message("identity.no_such_user"))
    return member


def _shown(member: Member) -> dict[str, Any]:
    user = member.user
    return {
        "email": user.email,
        "name": user.name,
        "locale": user.locale,
        "role": member.role.value,
        "isActive": user.is_active,
    }
