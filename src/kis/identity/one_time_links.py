"""Links that work once: the first login of an installation, an invitation, a reset of a password.

Only the digest of a link stands in the database; whoever made it sees it once, and where mail is set its owner gets it. Using one and setting the
password are one transaction: a password that is refused leaves the link as it was.
"""

from datetime import timedelta
from typing import Final, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.errors import LinkRefused
from kis.identity.models import OneTimeLink, User
from kis.identity.parts import SYSTEM, IssuedLink, Login, Origin, Parts, digest, new_token
from kis.identity.password_rules import check_password
from kis.identity.repository import Member, Repository
from kis.identity.sessions import Sessions
from kis.platform import audit
from kis.platform.errors import BadInput, Problem
from kis.platform.limits import Rate
from kis.platform.mail import Mail
from kis.platform.messages import Locale, Message

Purpose = Literal["login", "invite", "reset"]
RESETS_OF_AN_ACCOUNT: Final = Rate(3, 3600.0)
"""Mails in an hour: nobody's mailbox is flooded by who knows their address."""
SETS_PASSWORD: Final = frozenset({"invite", "reset"})


class OneTimeLinks:
    """Makes links and lets them be used."""

    def __init__(self, parts: Parts, sessions: Sessions) -> None:
        self._parts = parts
        self._sessions = sessions

    async def issue(
        self, session: AsyncSession, user: User, organization_id: UUID, purpose: Purpose
    ) -> IssuedLink:
        """Return a new link of the person; their earlier ones no longer work. Mailed where mail is set, except the first login's."""
        await Repository(session).remove_open_links(user.id)
        token = new_token()
        expires_at = self._parts.now() + timedelta(
            seconds=self._parts.settings.identity.one_time_link_seconds
        )
        session.add(
            OneTimeLink(
                user_id=user.id,
                organization_id=organization_id,
                purpose=purpose,
                token_sha256=digest(token),
                expires_at=expires_at,
            )
        )
        link = IssuedLink(
            user_id=user.id,
            email=user.email,
            purpose=purpose,
            token=token,
            url=self._parts.link_url(token),
            expires_at=expires_at,
            mailed=self._parts.mailer.sends and purpose in SETS_PASSWORD,
        )
        if link.mailed:
            await self._mail(session, user, organization_id, link)
        return link

    async def use(
        self, token: str, origin: Origin, *, password: str | None = None, browser: bool = False
    ) -> Login:
        """Return the login a link gives, setting ``password`` where the link is for that.

        Raises LinkRefused; BadInput for a password that is missing or no good, and the link can still be used.
        """
        await self._sessions.allow_link(origin)
        hashed = await self._hashed(token, password)
        async with self._parts.database.service() as session:
            link, member = await self._open(Repository(session), token)
            link.used_at = self._parts.now()
            await session.flush()
            if hashed is not None:
                await self._sessions.set_password(session, Repository(session), link.user_id, hashed)
                await self._tell(session, link, "user.password_changed", origin)
            login = await self._sessions.open(
                session, member.user, link.organization_id, member.role, origin, browser=browser
            )
        self._parts.recent.forget()
        return login

    async def allow_reset(self, origin: Origin) -> None:
        """Raise TooManyRequests when the address asks for resets too often."""
        await self._sessions.allow_link(origin)

    async def ask_reset(self, email: str, origin: Origin) -> None:
        """Mail a reset link to whoever has this address; do it after the caller has the answer, which must not tell whether anybody has.

        Without mail nothing is made: a link nobody can be shown is of no use. Nor are more than a few an hour mailed to one address.
        """
        account = digest(email.strip().lower())[:24]
        if (
            not self._parts.mailer.sends
            or not (await self._parts.limiter.take(f"reset:{account}", RESETS_OF_AN_ACCOUNT)).allowed
        ):
            return
        async with self._parts.database.service() as session:
            repository = Repository(session)
            user = await repository.find_user_by_email(email)
            # Who has no password yet has an open invitation, or comes by another issuer: neither is to be replaced by whoever knows the address.
            known = user is not None and user.is_active and user.password_hash is not None
            places = await repository.memberships(user.id) if user is not None and known else ()
            if user is None or not places:
                return
            link = await self.issue(session, user, places[0].organization_id, "reset")
            await audit.record(
                session,
                organization_id=places[0].organization_id,
                actor=SYSTEM,
                action="user.reset_asked",
                target=f"user:{link.user_id}",
                address=origin.address,
            )

    async def _hashed(self, token: str, password: str | None) -> str | None:
        """Return the hash of the password to set, checked against the rules for the link's owner, before the link is used."""
        async with self._parts.database.service() as session:
            link, member = await self._open(Repository(session), token)
        if password is None:
            if link.purpose in SETS_PASSWORD:
                raise BadInput("password", [Problem("password", Message("identity.password.missing"))])
            return None
        check_password(
            password,
            shortest=self._parts.settings.identity.shortest_password,
            email=member.user.email,
            name=member.user.name,
        )
        return await self._parts.passwords.hash(password)

    async def _open(self, repository: Repository, token: str) -> tuple[OneTimeLink, Member]:
        link = await repository.find_link(digest(token), self._parts.now())
        member = await repository.find_member(link.user_id, link.organization_id) if link else None
        if link is None or member is None or not member.user.is_active:
            raise LinkRefused
        return link, member

    @staticmethod
    async def _tell(session: AsyncSession, link: OneTimeLink, action: str, origin: Origin) -> None:
        await audit.record(
            session,
            organization_id=link.organization_id,
            actor=f"user:{link.user_id}",
            action=action,
            target=f"user:{link.user_id}",
            after={"by": f"{link.purpose} link"},
            address=origin.address,
        )

    async def _mail(self, session: AsyncSession, user: User, organization_id: UUID, link: IssuedLink) -> None:
        organization = await Repository(session).find_organization(organization_id)
        hours = self._parts.settings.identity.one_time_link_seconds // 3600
        values = {
            "name": user.name or user.email,
            "organization": organization.name if organization else "",
            "url": link.url,
            "hours": max(1, hours),
        }
        locale: Locale = "en" if user.locale == "en" else "ko"
        mail = Mail(
            to=user.email,
            subject=Message(f"mail.{link.purpose}.subject", values),
            body=Message(f"mail.{link.purpose}.body", values),
            locale=locale,
        )
        await self._parts.mailer.hand_over(session, mail, organization_id=organization_id)
