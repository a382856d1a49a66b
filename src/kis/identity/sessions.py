"""Logins: opening one with a password, keeping it with refresh tokens, ending it.

A refresh token is good once and gives the next one; all of one login are a family. Used again later than ``RACE_SECONDS`` after its use it was
stolen, from the client or by it: the whole login ends, for nobody can tell which of the two is the thief (RFC 9700, 4.14.2). Within those seconds it
is a client that asked twice at once; the second gets a conflict and nothing else, so a thief gains nothing by being quick either.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from kis.identity.errors import LoginRefused, RefreshRace, TokenRefused
from kis.identity.models import LoginSession, Membership, RefreshToken, User
from kis.identity.parts import SYSTEM, Login, Origin, Parts, digest, new_token, tell
from kis.identity.password_rules import LONGEST_PASSWORD, check_password
from kis.identity.permissions import Role
from kis.identity.principal import Principal
from kis.identity.repository import Repository
from kis.platform import audit
from kis.platform.errors import BadInput, Forbidden, NotFound, Problem, TooManyRequests
from kis.platform.limits import Rate
from kis.platform.messages import Message
from kis.platform.telemetry import metrics

RACE_SECONDS: Final = 10
LONGEST_LOGIN: Final = timedelta(days=90)
"""However often it is used; then the password is asked for again."""
NOBODY: Final = UUID(int=0)
REFRESH_PREFIX: Final = "kis_rt_"

log = structlog.get_logger(__name__)


class Stolen(TokenRefused):
    """A refresh token came again after its use; callers are told no more than of any other that is not good."""

    def __init__(self) -> None:
        super().__init__("used before")


class Sessions:
    """Opens, keeps and ends logins."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def login(
        self, email: str, password: str, origin: Origin, *, organization: str = "", browser: bool = False
    ) -> Login:
        """Return a login of the person, in the organisation of that code or else their first.

        Raises LoginRefused for whatever is wrong, after the same time; TooManyRequests when the account or the address tries too often.
        """
        await self._throttle(email, origin)
        async with self._parts.database.service() as session:
            user = await Repository(session).find_user_by_email(email)
        right, renewed = await self._parts.passwords.verify(
            password[: LONGEST_PASSWORD + 1], user.password_hash if user else None
        )
        async with self._parts.database.service() as session:
            repository = Repository(session)
            # The same questions for nobody as for somebody: how long the answer takes must not tell which it is.
            known = await repository.find_user(user.id if user else NOBODY)
            places = await repository.memberships(known.id if known else NOBODY)
            place = await _place(repository, places, organization)
            if not right or known is None or not known.is_active or place is None:
                home = places[0].organization_id if places else None
                await self._note(session, "login.refused", known, home, origin)
                opened = None
            else:
                if renewed:
                    known.password_hash = renewed
                opened = await self.open(session, known, *place, origin, browser=browser)
        metrics.LOGINS.labels("refused" if opened is None else "opened").inc()
        if opened is None:
            raise LoginRefused
        return opened

    async def open(
        self,
        session: AsyncSession,
        user: User,
        organization_id: UUID,
        role: Role,
        origin: Origin,
        *,
        browser: bool,
    ) -> Login:
        """Return a new login of a person whom the caller has recognised."""
        parts, now, session_id = self._parts, self._parts.now(), uuid4()
        row = LoginSession(
            id=session_id,
            user_id=user.id,
            organization_id=organization_id,
            address=origin.address,
            user_agent=origin.user_agent[:400],
            expires_at=now + timedelta(seconds=parts.settings.identity.refresh_token_seconds),
            created_at=now,
        )
        session.add(row)
        await session.flush()
        user.last_login_at = now
        refresh_token = "" if browser else await self._refresh_token(session, row)
        await audit.record(
            session,
            organization_id=organization_id,
            actor=f"user:{user.id}",
            action="session.opened",
            target=f"session:{session_id}",
            after={"browser": browser},
            address=origin.address,
        )
        return self._login(user, row, role, refresh_token)

    async def open_at_this_machine(self, email: str, origin: Origin) -> Login:
        """Return a login of a person, with no address the first operator's, to whoever has the machine. Raises NotFound.

        It is audited. Nothing else changes for the person: their links stay good, and it does not count as their having come.
        """
        async with self._parts.database.service() as session:
            repository = Repository(session)
            if email:
                user = await repository.find_user_by_email(email)
            else:
                operator = await repository.find_operator()
                user = None if operator is None else operator.user
            place = (
                None if user is None else await _place(repository, await repository.memberships(user.id), "")
            )
            if user is None or not user.is_active or place is None:
                raise NotFound(Message("identity.no_such_user"))
            came_at = user.last_login_at
            login = await self.open(session, user, *place, origin, browser=False)
            user.last_login_at = came_at
            await audit.record(
                session,
                organization_id=place[0],
                actor=SYSTEM,
                action="user.login_opened_here",
                target=f"user:{user.id}",
            )
        metrics.LOGINS.labels("opened").inc()
        return login

    async def refresh(self, refresh_token: str, origin: Origin) -> Login:
        """Return new tokens for a refresh token, which is used with it.

        Raises TokenRefused, and RefreshRace when it was used a moment ago. One that was used before that ends its login.
        """
        async with self._parts.database.service() as session:
            repository = Repository(session)
            token = await repository.find_refresh_token(digest(refresh_token))
            outcome = (
                await self._refreshed(session, repository, token, origin)
                if token
                else TokenRefused("unknown")
            )
        if isinstance(outcome, Login):
            return outcome
        if isinstance(outcome, Stolen):
            self._parts.recent.forget()
        raise outcome

    async def _refreshed(
        self, session: AsyncSession, repository: Repository, token: RefreshToken, origin: Origin
    ) -> Login | TokenRefused | RefreshRace:
        now = self._parts.now()
        if token.used_at is not None:
            if now - token.used_at <= timedelta(seconds=RACE_SECONDS):
                return RefreshRace()
            await self._end_stolen(session, repository, token.session_id, origin)
            return Stolen()
        found = await repository.find_session(token.session_id)
        if found is None:
            return TokenRefused("no session")
        row, user, role = found
        if not standing(row, user, now) or token.expires_at <= now:
            return TokenRefused("ended")
        token.used_at = now
        row.expires_at = self.lasts_until(row, now)
        return self._login(user, row, role, await self._refresh_token(session, row))

    async def logout(self, principal: Principal) -> None:
        """End the caller's own login, where they have one here."""
        if principal.session_id is not None:
            await self.end(principal, principal.session_id, because="logout")

    async def mine(self, principal: Principal) -> Sequence[LoginSession]:
        """Return the caller's logins that still stand."""
        async with self._parts.database.transaction(principal.scope) as session:
            return await Repository(session).sessions(_person(principal), self._parts.now())

    async def end(self, principal: Principal, session_id: UUID, *, because: str = "ended") -> None:
        """End one of the caller's own logins. Raises NotFound."""
        async with self._parts.database.service(principal.scope) as session:
            ended = await Repository(session).revoke_sessions(
                LoginSession.id == session_id,
                LoginSession.user_id == _person(principal),
                now=self._parts.now(),
                because=because,
            )
            if not ended:
                raise NotFound(Message("identity.no_such_session"))
            await tell(
                session, principal, "session.ended", f"session:{session_id}", after={"because": because}
            )
        self._parts.recent.forget()

    async def change_password(self, principal: Principal, current: str, new: str) -> None:
        """Give the caller a new password; their other logins end. Raises BadInput for a wrong current or a bad new one.

        Who came by another issuer has none here: what that issuer ends must not go on by a password.
        """
        parts, user_id = self._parts, _person(principal)
        if principal.session_id is None:
            raise Forbidden(Message("identity.no_login_here"))
        await self._allow(f"password:{user_id}")
        async with parts.database.service(principal.scope) as session:
            user = await Repository(session).find_user(user_id)
        if user is None:
            raise LoginRefused
        right, _ = await parts.passwords.verify(current[: LONGEST_PASSWORD + 1], user.password_hash)
        if user.password_hash is not None and not right:
            problem = Problem("currentPassword", Message("identity.password.wrong"))
            raise BadInput("password", [problem])
        check_password(
            new, shortest=parts.settings.identity.shortest_password, email=user.email, name=user.name
        )
        hashed = await parts.passwords.hash(new)
        async with parts.database.service(principal.scope) as session:
            repository = Repository(session)
            await self.set_password(session, repository, user_id, hashed, keep=principal.session_id)
            await tell(session, principal, "user.password_changed", f"user:{user_id}")
        parts.recent.forget()

    async def set_password(
        self,
        session: AsyncSession,
        repository: Repository,
        user_id: UUID,
        password_hash: str,
        *,
        keep: UUID | None = None,
    ) -> None:
        """Set a password that was checked and end every login but ``keep``: whoever had the old one is out."""
        user = await repository.find_user(user_id)
        if user is None:
            raise LoginRefused
        user.password_hash = password_hash
        conditions = [LoginSession.user_id == user_id]
        if keep is not None:
            conditions.append(LoginSession.id != keep)
        await repository.revoke_sessions(*conditions, now=self._parts.now(), because="password_changed")
        await repository.remove_open_links(user_id)
        await session.flush()

    def lasts_until(self, row: LoginSession, now: datetime) -> datetime:
        """Return until when a login used ``now`` lasts without further use."""
        lasting = timedelta(seconds=self._parts.settings.identity.refresh_token_seconds)
        return min(now + lasting, row.created_at + LONGEST_LOGIN)

    async def _throttle(self, email: str, origin: Origin) -> None:
        account = digest(email.strip().lower())[:24]
        try:
            await self._allow(f"address:{origin.address}")
            await self._allow(f"account:{account}")
        except TooManyRequests:
            log.warning("login.throttled", address=origin.address)
            metrics.LOGINS.labels("throttled").inc()
            if (await self._parts.limiter.take(f"login:told:{account}", Rate(1))).allowed:
                async with self._parts.database.service() as session:
                    known = await Repository(session).find_user_by_email(email)
                    await self._note(session, "login.throttled", known, None, origin)
            raise

    async def _allow(self, key: str) -> None:
        verdict = await self._parts.limiter.take(
            f"login:{key}", Rate(self._parts.settings.limits.login_per_minute)
        )
        if not verdict.allowed:
            raise TooManyRequests(
                Message("identity.throttled", {"seconds": int(verdict.retry_after_seconds) + 1}),
                retry_after_seconds=verdict.retry_after_seconds,
            )

    async def allow_link(self, origin: Origin) -> None:
        """Raise TooManyRequests when the address tries one-time links too often."""
        await self._allow(f"link:{origin.address}")

    @staticmethod
    async def _note(
        session: AsyncSession, action: str, user: User | None, organization_id: UUID | None, origin: Origin
    ) -> None:
        """Write what an unknown caller tried. What they gave as a name is not kept: it may be a password in the wrong field."""
        await audit.record(
            session,
            organization_id=organization_id,
            actor=SYSTEM,
            action=action,
            target=f"user:{user.id}" if user else "user:unknown",
            address=origin.address,
        )

    async def _end_stolen(
        self, session: AsyncSession, repository: Repository, session_id: UUID, origin: Origin
    ) -> None:
        ended = await repository.revoke_sessions(
            LoginSession.id == session_id, now=self._parts.now(), because="refresh_token_reused"
        )
        if not ended:
            return  # told already
        log.warning("session.refresh_token_reused", session_id=str(session_id), address=origin.address)
        row = await session.get_one(LoginSession, session_id)
        await audit.record(
            session,
            organization_id=row.organization_id,
            actor=SYSTEM,
            action="session.ended",
            target=f"session:{session_id}",
            after={"because": "refresh_token_reused", "user": str(row.user_id)},
            address=origin.address,
        )

    async def _refresh_token(self, session: AsyncSession, row: LoginSession) -> str:
        token = REFRESH_PREFIX + new_token()
        session.add(RefreshToken(session_id=row.id, token_sha256=digest(token), expires_at=row.expires_at))
        await session.flush()
        return token

    def _login(self, user: User, row: LoginSession, role: Role, refresh_token: str) -> Login:
        parts, browser = self._parts, not refresh_token
        return Login(
            user_id=user.id,
            email=user.email,
            name=user.name,
            locale=user.locale,
            organization_id=row.organization_id,
            role=role,
            session_id=row.id,
            access_token=""
            if browser
            else parts.tokens.issue(
                user_id=user.id, organization_id=row.organization_id, role=role, session_id=row.id
            ),
            access_token_seconds=0 if browser else parts.settings.identity.access_token_seconds,
            refresh_token=refresh_token,
            cookie=parts.cookies.session(row.id) if browser else "",
            csrf_token=parts.cookies.csrf(row.id) if browser else "",
        )


def standing(row: LoginSession, user: User, now: datetime) -> bool:
    """Tell whether a login may still be used."""
    return row.revoked_at is None and row.expires_at > now and user.is_active


async def _place(
    repository: Repository, places: Sequence[Membership], organization: str
) -> tuple[UUID, Role] | None:
    """Return where the person logs in and as what."""
    if organization:
        wanted = await repository.find_organization_by_code(organization)
        places = [place for place in places if wanted is not None and place.organization_id == wanted.id]
    return (places[0].organization_id, Role(places[0].role)) if places else None


def _person(principal: Principal) -> UUID:
    if principal.user_id is None:
        raise Forbidden(Message("identity.people_only"))
    return principal.user_id
