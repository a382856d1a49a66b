import secrets
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from kis.identity import Member, Role, UserChange
from kis.identity.errors import CodeTaken, EmailTaken, LastAdministrator, LoginRefused, TokenRefused
from kis.identity.models import ApiKey, LoginSession, Membership, OneTimeLink, User
from kis.platform.errors import BadInput, Forbidden, NotFound
from tests.integration.identity.conftest import ORIGIN, PASSWORD, World, an_operator, at_once


class TestInvite:
    async def test_of_a_member_is_refused_however_the_address_is_written(self, world: World) -> None:
        with pytest.raises(EmailTaken):
            await world.identity.users.invite(world.admin, world.admin_email.upper(), Role.VIEWER)

    async def test_of_somebody_from_elsewhere_gives_no_link_to_their_account(
        self, world: World, other_world: World
    ) -> None:
        member, link = await world.identity.users.invite(world.admin, other_world.admin_email, Role.VIEWER)
        assert link is None
        assert member.role is Role.VIEWER
        here = await world.identity.sessions.login(
            other_world.admin_email, PASSWORD, ORIGIN, organization=world.code.lower()
        )
        assert (here.organization_id, here.role) == (world.admin.organization_id, Role.VIEWER)

    async def test_twice_at_once_makes_one_person(self, world: World) -> None:
        email = f"twice-{secrets.token_hex(4)}@example.test"
        answers = await at_once(
            world.database, *(world.identity.users.invite(world.admin, email, Role.VIEWER) for _ in range(3))
        )
        assert sum(isinstance(answer, EmailTaken) for answer in answers) == 2

    @pytest.mark.parametrize(
        "email", ["nobody", "a b@example.test", "a@b@c", "a@\nb", "@x", "a@", "a\r\nBcc: b@c"]
    )
    async def test_of_no_address_is_refused(self, world: World, email: str) -> None:
        with pytest.raises(BadInput):
            await world.identity.users.invite(world.admin, email, Role.VIEWER)

    @pytest.mark.parametrize("role", [Role.ESTIMATOR, Role.EDITOR, Role.REVIEWER, Role.VIEWER])
    async def test_is_for_administrators(self, world: World, role: Role) -> None:
        _, person = await world.person(role)
        with pytest.raises(Forbidden):
            await world.identity.users.invite(person, "new@example.test", Role.VIEWER)


class TestChange:
    async def test_of_the_own_role_is_not_for_oneself(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        with pytest.raises(Forbidden):
            await world.identity.users.change(person, person.user_id, UserChange(role=Role.ADMIN))
        changed = await world.identity.users.change(person, person.user_id, UserChange(name="김철수"))
        assert changed.user.name == "김철수"

    @pytest.mark.parametrize("change", [UserChange(role=Role.VIEWER), UserChange(is_active=False)])
    async def test_of_two_administrators_by_each_other_at_once_leaves_one(
        self, world: World, change: UserChange
    ) -> None:
        _, second = await world.person(Role.ADMIN)
        assert world.admin.user_id
        assert second.user_id
        answers = await at_once(
            world.database,
            world.identity.users.change(world.admin, second.user_id, change),
            world.identity.users.change(second, world.admin.user_id, change),
            world.identity.users.change(world.admin, world.admin.user_id, change),
        )
        assert sum(isinstance(answer, Member) for answer in answers) >= 1
        left, _ = await world.identity.users.list(world.admin, offset=0, limit=10)
        assert len([each for each in left if each.role is Role.ADMIN and each.user.is_active]) == 1
        others = [answer for answer in answers if not isinstance(answer, Member)]
        assert all(isinstance(answer, LastAdministrator) for answer in others), others

    async def test_deactivated_is_out_at_once(self, world: World) -> None:
        email, person = await world.person(Role.ESTIMATOR)
        login = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        assert person.user_id
        await world.identity.users.change(world.admin, person.user_id, UserChange(is_active=False))
        with pytest.raises(TokenRefused):
            await world.known(login)
        with pytest.raises(TokenRefused):
            await world.identity.sessions.refresh(login.refresh_token, ORIGIN)
        await world.identity.users.change(world.admin, person.user_id, UserChange(is_active=True))
        assert await world.identity.sessions.login(email, PASSWORD, ORIGIN)

    async def test_of_somebody_who_is_also_elsewhere_keeps_to_this_organisation(
        self, world: World, other_world: World
    ) -> None:
        other = other_world.admin.user_id
        assert other
        await world.identity.users.invite(world.admin, other_world.admin_email, Role.VIEWER)
        for change in (UserChange(is_active=False), UserChange(name="x"), UserChange(locale="en")):
            with pytest.raises(Forbidden):
                await world.identity.users.change(world.admin, other, change)
        with pytest.raises(Forbidden):
            await world.identity.users.reset_link(world.admin, other)
        changed = await world.identity.users.change(world.admin, other, UserChange(role=Role.EDITOR))
        assert changed.role is Role.EDITOR
        await world.identity.users.remove(world.admin, other)
        login = await world.identity.sessions.login(other_world.admin_email, PASSWORD, ORIGIN)
        assert (login.organization_id, login.role) == (other_world.admin.organization_id, Role.ADMIN)

    async def test_of_an_operator_is_an_operators(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        assert person.user_id
        async with world.database.service() as session:
            user = await session.get_one(User, person.user_id)
            user.is_operator = True
        for change in (UserChange(is_active=False), UserChange(role=Role.EDITOR)):
            with pytest.raises(Forbidden):
                await world.identity.users.change(world.admin, person.user_id, change)
        with pytest.raises(Forbidden):
            await world.identity.users.reset_link(world.admin, person.user_id)
        with pytest.raises(Forbidden):
            await world.identity.users.remove(world.admin, person.user_id)
        login = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        assert "installation.operate" in (await world.known(login)).permissions


class TestRemove:
    async def test_ends_the_logins_there(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        login = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        assert person.user_id
        await world.identity.users.remove(world.admin, person.user_id)
        with pytest.raises(TokenRefused):
            await world.known(login)
        with pytest.raises(LoginRefused):
            await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        with pytest.raises(NotFound):
            await world.identity.users.get(world.admin, person.user_id)


class TestOrganizations:
    async def test_have_codes_of_their_own_also_when_made_at_once(self, world: World) -> None:
        code = secrets.token_hex(4).upper()
        answers = await at_once(
            world.database,
            *(
                world.identity.organizations.create(an_operator(), "조직", code, f"{n}-{code}@example.test")
                for n in range(3)
            ),
        )
        assert sum(isinstance(answer, CodeTaken) for answer in answers) == 2


class TestRowLevelSecurity:
    async def test_shows_nobody_of_another_organisation(self, world: World, other_world: World) -> None:
        stranger = other_world.admin.user_id
        assert stranger
        with pytest.raises(NotFound):
            await world.identity.users.get(world.admin, stranger)
        with pytest.raises(NotFound):
            await world.identity.users.change(world.admin, stranger, UserChange(role=Role.VIEWER))
        with pytest.raises(NotFound):
            await world.identity.users.remove(world.admin, stranger)
        with pytest.raises(NotFound):
            await world.identity.users.reset_link(world.admin, stranger)
        made = await other_world.identity.api_keys.create(other_world.admin, "theirs", Role.VIEWER)
        with pytest.raises(NotFound):
            await world.identity.api_keys.revoke(world.admin, made.row.id)

    @pytest.mark.parametrize("table", [User, Membership, LoginSession, ApiKey, OneTimeLink])
    async def test_holds_for_a_query_without_where(
        self, world: World, other_world: World, table: type[User]
    ) -> None:
        for each in (world, other_world):
            await each.identity.api_keys.create(each.admin, "k", Role.VIEWER)
        schema, name = "identity", table.__tablename__
        column = "id" if table is User else "organization_id"
        async with world.database.transaction(world.admin.scope) as session:
            seen = (await session.execute(text(f"SELECT {column} FROM {schema}.{name}"))).scalars().all()  # noqa: S608 - names of our tables
        allowed = {world.admin.user_id} if table is User else {world.admin.organization_id}
        assert set(seen) == allowed

    async def test_shows_refresh_tokens_to_no_caller(self, world: World) -> None:
        with pytest.raises(ProgrammingError):
            async with world.database.transaction(world.admin.scope) as session:
                await session.execute(text("SELECT count(*) FROM identity.refresh_tokens"))


async def test_a_person_nobody_knows_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await world.identity.users.get(world.admin, uuid4())
