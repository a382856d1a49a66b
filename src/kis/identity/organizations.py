"""Organisations: made by operators, kept by their administrators; and the first start, which makes the first of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from kis.identity.errors import CodeTaken
from kis.identity.models import Membership, Organization, User
from kis.identity.one_time_links import OneTimeLinks
from kis.identity.parts import SYSTEM, IssuedLink, Parts, tell
from kis.identity.permissions import Permission, Role
from kis.identity.principal import Principal
from kis.identity.repository import FIRST_START_LOCK, Repository
from kis.identity.users import Users, checked_email
from kis.platform import audit
from kis.platform.errors import NotFound
from kis.platform.messages import Locale, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChange:
    """What is to be different; None leaves it. The code stays: quotations carry it."""

    name: str | None = None
    locale: Locale | None = None
    currency: str | None = None
    time_zone: str | None = None


class Organizations:
    """Changes to organisations, each audited in its own transaction."""

    def __init__(self, parts: Parts, links: OneTimeLinks, users: Users) -> None:
        self._parts = parts
        self._links = links
        self._users = users

    async def list(
        self, principal: Principal, *, offset: int, limit: int
    ) -> tuple[Sequence[Organization], int]:
        """Return one page of the organisations and how many there are: to operators all, to others their own."""
        principal.require(Permission.ORGANIZATION_READ)
        if principal.may(Permission.INSTALLATION_OPERATE):
            async with self._parts.database.service(principal.scope) as session:
                return await Repository(session).organizations(offset=offset, limit=limit)
        async with self._parts.database.transaction(principal.scope) as session:
            return await Repository(session).organizations(
                offset=offset, limit=limit, only=principal.organization_id
            )

    async def get(self, principal: Principal, organization_id: UUID) -> Organization:
        """Return the organisation; NotFound also for one the caller may not see."""
        principal.require(Permission.ORGANIZATION_READ)
        _require_own(principal, organization_id)
        async with self._parts.database.service(principal.scope) as session:
            return _there(await Repository(session).find_organization(organization_id))

    async def create(
        self, principal: Principal, name: str, code: str, administrator_email: str, *, locale: Locale = "ko"
    ) -> tuple[Organization, IssuedLink | None]:
        """Return a new organisation and the link of its administrator, None where they have a password already. Raises CodeTaken."""
        principal.require(Permission.INSTALLATION_OPERATE)
        email = checked_email(administrator_email)
        async with self._parts.database.service(principal.scope) as session:
            repository = Repository(session)
            await repository.alone(f"organization:{code}")
            if await repository.find_organization_by_code(code):
                raise CodeTaken(code)
            row = Organization(name=name, code=code, locale=locale)
            session.add(row)
            await session.flush()
            await session.refresh(row)
            _, link = await self._users.admit(session, row.id, email, Role.ADMIN, locale=locale)
            shown = {**_shown(row), "administrator": email}
            await tell(
                session,
                principal,
                "organization.created",
                f"organization:{row.id}",
                after=shown,
                organization_id=row.id,
            )
        return row, link

    async def change(
        self, principal: Principal, organization_id: UUID, change: OrganizationChange
    ) -> Organization:
        """Return the organisation as changed. Raises NotFound."""
        principal.require(Permission.ORGANIZATION_WRITE)
        _require_own(principal, organization_id)
        async with self._parts.database.service(principal.scope) as session:
            row = _there(await Repository(session).find_organization(organization_id, locked=True))
            before = _shown(row)
            for name in ("name", "locale", "currency", "time_zone"):
                wanted = getattr(change, name)
                if wanted is not None:
                    setattr(row, name, wanted)
            await session.flush()
            await session.refresh(row)
            after = _shown(row)
            if before != after:
                await tell(
                    session,
                    principal,
                    "organization.changed",
                    f"organization:{row.id}",
                    before=before,
                    after=after,
                    organization_id=row.id,
                )
        return row

    async def first_start(self, name: str, code: str, email: str) -> IssuedLink | None:
        """Return the link of the installation's first administrator, made with the first organisation; None once an operator has logged in.

        Processes that start together make them once; a later start before anybody came gives a new link, and the one before no longer works.
        """
        async with self._parts.database.service() as session:
            repository = Repository(session)
            await repository.alone(FIRST_START_LOCK)
            if await repository.any_operator_came():
                return None
            operator = await repository.find_operator()
            if operator is None:
                row = Organization(name=name, code=code)
                user = User(
                    email=checked_email(email), is_active=True, is_operator=True, locale="ko", name=""
                )
                session.add_all((row, user))
                await session.flush()
                session.add(Membership(organization_id=row.id, user_id=user.id, role=Role.ADMIN.value))
                await session.flush()
                organization_id = row.id
            else:
                user, organization_id = operator.user, operator.organization_id
            link = await self._links.issue(session, user, organization_id, "login")
            await audit.record(
                session,
                organization_id=organization_id,
                actor=SYSTEM,
                action="installation.first_link_made",
                target=f"user:{user.id}",
            )
        return link

    async def link_for_operator_at_this_machine(self, email: str) -> IssuedLink:
        """Return a new login link for a person who is locked out; whoever asks has the machine. Raises NotFound."""
        async with self._parts.database.service() as session:
            repository = Repository(session)
            user = await repository.find_user_by_email(email)
            places = await repository.memberships(user.id) if user is not None and user.is_active else ()
            if user is None or not places:
                raise NotFound(Message("identity.no_such_user"))
            link = await self._links.issue(session, user, places[0].organization_id, "login")
            await audit.record(
                session,
                organization_id=places[0].organization_id,
                actor=SYSTEM,
                action="user.login_link_made",
                target=f"user:{user.id}",
            )
        return link


def _require_own(principal: Principal, organization_id: UUID) -> None:
    if organization_id != principal.organization_id and not principal.may(Permission.INSTALLATION_OPERATE):
        raise NotFound(Message("identity.no_such_organization"))


def _there(row: Organization | None) -> Organization:
    if row is None:
        raise NotFound(Message("identity.no_such_organization"))
    return row


def _shown(row: Organization) -> dict[str, Any]:
    return {
        "name": row.name,
        "code": row.code,
        "locale": row.locale,
        "currency": row.currency,
        "timeZone": row.time_zone,
    }
