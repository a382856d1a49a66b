from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import event, select

from kis.identity import Origin, Role, UserChange
from kis.identity.errors import CsrfRefused, LoginRefused, RefreshRace, TokenExpired, TokenRefused
from kis.identity.models import User
from kis.platform.audit.models import AuditLog
from kis.platform.configuration import LimitSettings
from kis.platform.errors import BadInput, NotFound, TooManyRequests
from tests.integration.identity.conftest import ORIGIN, PASSWORD, MakeIdentity, World, at_once


async def told(world: World, action: str) -> Sequence[AuditLog]:
    async with world.database.service() as session:
        query = select(AuditLog).where(
            AuditLog.organization_id == world.admin.organization_id, AuditLog.action == action
        )
        return (await session.execute(query.order_by(AuditLog.sequence))).scalars().all()


class TestLogin:
    async def test_gives_tokens_that_name_the_person(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email.upper(), PASSWORD, ORIGIN)
        principal = await world.identity.authenticate(bearer=login.access_token, address="192.0.2.7")
        assert (principal.user_id, principal.role) == (world.admin.user_id, Role.ADMIN)
        assert principal.organization_id == world.admin.organization_id
        assert principal.address == "192.0.2.7"

    @pytest.mark.parametrize("attempt", ["wrong password", "unknown", "deactivated", "other organisation"])
    async def test_refuses_in_one_way_whatever_is_wrong(self, world: World, attempt: str) -> None:
        email, person = await world.person(Role.VIEWER)
        assert person.user_id
        password, organization = PASSWORD, ""
        if attempt == "wrong password":
            password = "another password"
        elif attempt == "unknown":
            email = f"x{email}"
        elif attempt == "other organisation":
            organization = "NOTMINE"
        else:
            await world.identity.users.change(world.admin, person.user_id, UserChange(is_active=False))
        with pytest.raises(LoginRefused) as refused:
            await world.identity.sessions.login(email, password, ORIGIN, organization=organization)
        assert refused.value.text("en") == LoginRefused().text("en")
        assert refused.value.meta == {}

    async def test_is_told_in_the_audit_log_without_the_name_that_was_typed(self, world: World) -> None:
        with pytest.raises(LoginRefused):
            await world.identity.sessions.login(world.admin_email, "not the password", ORIGIN)
        (row,) = await told(world, "login.refused")
        assert (row.target, row.address) == (f"user:{world.admin.user_id}", ORIGIN.address)
        assert (row.before, row.after) == (None, None)

    async def test_of_one_account_is_slowed_from_any_address(
        self, make_identity: MakeIdentity, world: World
    ) -> None:
        identity = make_identity(limits=LimitSettings(login_per_minute=3))
        for number in range(3):
            with pytest.raises(LoginRefused):
                await identity.sessions.login(world.admin_email, "wrong", _from(number))
        with pytest.raises(TooManyRequests) as slowed:
            await identity.sessions.login(world.admin_email, PASSWORD, _from(9))
        assert 0 < slowed.value.retry_after_seconds <= 20

    async def test_from_one_address_is_slowed_for_any_account(self, make_identity: MakeIdentity) -> None:
        identity = make_identity(limits=LimitSettings(login_per_minute=3))
        for number in range(3):
            with pytest.raises(LoginRefused):
                await identity.sessions.login(f"nobody{number}@example.test", "wrong", ORIGIN)
        with pytest.raises(TooManyRequests):
            await identity.sessions.login("nobody9@example.test", "wrong", ORIGIN)

    async def test_checks_a_hash_for_nobody_too(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        checked: list[str] = []
        passwords = world.identity._parts.passwords
        real = passwords._checked

        def note(password: str, password_hash: str) -> tuple[bool, str | None]:
            checked.append(password)
            return real(password, password_hash)

        monkeypatch.setattr(passwords, "_checked", note)
        with pytest.raises(LoginRefused):
            await world.identity.sessions.login("nobody@example.test", "wrong", ORIGIN)
        assert checked == ["wrong"]

    async def test_asks_the_database_as_much_about_nobody(self, world: World) -> None:
        asked: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        engine = world.database.engine.sync_engine
        event.listen(engine, "before_cursor_execute", note)
        counts = []
        for email in (world.admin_email, "nobody@example.test"):
            asked.clear()
            with pytest.raises(LoginRefused):
                await world.identity.sessions.login(email, "wrong", ORIGIN, organization=world.code)
            counts.append(len(asked))
        event.remove(engine, "before_cursor_execute", note)
        assert counts[0] == counts[1] > 0


def _from(number: int) -> Origin:
    return Origin(f"198.51.100.{number}")


class TestRefresh:
    async def test_gives_new_tokens_and_uses_the_old_one(self, world: World) -> None:
        first = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        second = await world.identity.sessions.refresh(first.refresh_token, ORIGIN)
        third = await world.identity.sessions.refresh(second.refresh_token, ORIGIN)
        assert len({first.refresh_token, second.refresh_token, third.refresh_token}) == 3
        assert third.session_id == first.session_id
        assert await world.identity.authenticate(bearer=third.access_token)

    async def test_with_a_used_token_ends_the_whole_login(self, world: World) -> None:
        first = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        second = await world.identity.sessions.refresh(first.refresh_token, ORIGIN)
        world.clock.go(seconds=11)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(first.refresh_token, ORIGIN)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(second.refresh_token, ORIGIN)
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(bearer=second.access_token)
        ended = [
            row for row in await told(world, "session.ended") if row.target.endswith(str(first.session_id))
        ]
        assert [row.after and row.after["because"] for row in ended] == ["refresh_token_reused"]

    async def test_twice_at_once_succeeds_once_and_ends_nothing(self, world: World) -> None:
        first = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        answers = await at_once(
            world.database,
            *(world.identity.sessions.refresh(first.refresh_token, ORIGIN) for _ in range(4)),
        )
        good = [answer for answer in answers if not isinstance(answer, BaseException)]
        assert len(good) == 1
        assert sum(isinstance(answer, RefreshRace) for answer in answers) == 3
        assert await world.identity.sessions.refresh(good[0].refresh_token, ORIGIN)

    async def test_refuses_what_was_never_given(self, world: World) -> None:
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh("kis_rt_" + "x" * 43, ORIGIN)

    async def test_ends_without_use(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        world.clock.go(days=31)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(login.refresh_token, ORIGIN)

    async def test_does_not_keep_a_login_for_ever(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        for _ in range(3):
            world.clock.go(days=29)
            login = await world.identity.sessions.refresh(login.refresh_token, ORIGIN)
        world.clock.go(days=4)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(login.refresh_token, ORIGIN)


class TestLogout:
    async def test_ends_the_access_token_too(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        await world.identity.sessions.logout(await world.known(login))
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(bearer=login.access_token)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(login.refresh_token, ORIGIN)

    async def test_of_another_device_is_possible_and_of_another_person_is_not(self, world: World) -> None:
        _, person = await world.person(Role.ESTIMATOR)
        other = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        with pytest.raises(NotFound):
            await world.identity.sessions.end(person, other.session_id)
        assert other.session_id in {row.id for row in await world.identity.sessions.mine(world.admin)}
        await world.identity.sessions.end(world.admin, other.session_id)
        assert other.session_id not in {row.id for row in await world.identity.sessions.mine(world.admin)}


class TestBrowser:
    async def test_is_known_by_its_cookie(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN, browser=True)
        assert (login.access_token, login.refresh_token) == ("", "")
        principal = await world.identity.authenticate(cookie=login.cookie)
        assert principal.user_id == world.admin.user_id

    async def test_changes_things_only_with_the_token_of_its_session(self, world: World) -> None:
        sessions = world.identity.sessions
        login = await sessions.login(world.admin_email, PASSWORD, ORIGIN, browser=True)
        other = await sessions.login(world.admin_email, PASSWORD, ORIGIN, browser=True)
        for csrf in (None, "", "x", other.csrf_token, login.csrf_token + "x"):
            with pytest.raises(CsrfRefused):
                await world.identity.authenticate(cookie=login.cookie, csrf=csrf, method="POST")
        assert await world.identity.authenticate(cookie=login.cookie, csrf=login.csrf_token, method="POST")

    async def test_lasts_while_it_is_used(self, world: World) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN, browser=True)
        for _ in range(2):
            world.clock.go(days=20)
            world.identity._parts.recent.forget()
            await world.identity.authenticate(cookie=login.cookie)
        world.clock.go(days=31)
        world.identity._parts.recent.forget()
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(cookie=login.cookie)

    @pytest.mark.parametrize("change", [lambda cookie: cookie + "x", lambda cookie: "0" * 32 + cookie[32:]])
    async def test_cannot_make_its_own_cookie(self, world: World, change: Callable[[str], str]) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN, browser=True)
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(cookie=change(login.cookie))


class TestChangePassword:
    async def test_ends_the_other_logins_and_keeps_this_one(self, world: World) -> None:
        email, _ = await world.person(Role.VIEWER)
        here = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        elsewhere = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        principal = await world.known(here)
        await world.identity.sessions.change_password(principal, PASSWORD, "nine herons over the bay")
        assert await world.known(here)
        with pytest.raises(TokenRefused):
            await world.known(elsewhere)
        with pytest.raises(LoginRefused):
            await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        assert await world.identity.sessions.login(email, "nine herons over the bay", ORIGIN)

    async def test_needs_the_current_one_and_a_good_new_one(self, world: World) -> None:
        with pytest.raises(BadInput):
            await world.identity.sessions.change_password(world.admin, "wrong", "nine herons over the bay")
        with pytest.raises(BadInput):
            await world.identity.sessions.change_password(world.admin, PASSWORD, "password2026!")


class TestAccessToken:
    async def test_ends_after_its_minutes(self, world: World) -> None:
        world.clock.go(minutes=-16)
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        with pytest.raises(TokenExpired):
            await world.known(login)

    async def test_follows_a_role_that_changed(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        login = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        assert (await world.known(login)).role is Role.VIEWER
        assert person.user_id
        await world.identity.users.change(world.admin, person.user_id, UserChange(role=Role.ESTIMATOR))
        assert (await world.known(login)).role is Role.ESTIMATOR

    async def test_of_another_installation_is_not_believed(
        self, world: World, make_identity: MakeIdentity
    ) -> None:
        login = await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        other = make_identity()
        other._parts.tokens._key = b"x" * 32
        with pytest.raises(TokenRefused):
            await other.authenticate(bearer=login.access_token)


class TestOpenAtThisMachine:
    async def test_lets_whoever_has_the_machine_in_as_a_person(self, world: World) -> None:
        login = await world.identity.sessions.open_at_this_machine(world.admin_email, ORIGIN)
        again = await world.identity.sessions.refresh(login.refresh_token, ORIGIN)
        principal = await world.identity.authenticate(bearer=again.access_token)
        assert principal.user_id == world.admin.user_id
        assert [row.target for row in await told(world, "user.login_opened_here")] == [
            f"user:{world.admin.user_id}"
        ]

    async def test_leaves_a_link_good_and_does_not_count_as_having_come(self, world: World) -> None:
        email = "not-yet@example.test"
        invited, link = await world.identity.users.invite(world.admin, email, Role.VIEWER)
        assert link is not None
        await world.identity.sessions.open_at_this_machine(email, ORIGIN)
        async with world.database.service() as session:
            person = await session.get(User, invited.user.id)
            assert person is not None
            assert person.last_login_at is None
        assert await world.identity.links.use(link.token, ORIGIN, password=PASSWORD)

    async def test_knows_nobody_who_is_not_there(self, world: World) -> None:
        with pytest.raises(NotFound):
            await world.identity.sessions.open_at_this_machine("nobody@example.test", ORIGIN)

    async def test_knows_nobody_who_was_shut_out(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        assert person.user_id
        await world.identity.users.change(world.admin, person.user_id, UserChange(is_active=False))

        with pytest.raises(NotFound):
            await world.identity.sessions.open_at_this_machine(email, ORIGIN)

    async def test_without_an_address_lets_nobody_but_the_operator_in(self, world: World) -> None:
        with pytest.raises(NotFound):
            await world.identity.sessions.open_at_this_machine("", ORIGIN)
        async with world.database.service() as session:
            admin = await session.get(User, world.admin.user_id)
            assert admin is not None
            admin.is_operator = True

        login = await world.identity.sessions.open_at_this_machine("", ORIGIN)

        assert (await world.known(login)).user_id == world.admin.user_id
