import asyncio
import secrets

import pytest
from sqlalchemy import select

from kis.identity import Login, Origin, Role, UserChange
from kis.identity.errors import LinkRefused, LoginRefused, TokenRefused
from kis.identity.models import OneTimeLink
from kis.platform.database import Database
from kis.platform.errors import BadInput, Forbidden, TooManyRequests
from tests.integration.conftest import DatabaseUrls
from tests.integration.identity.conftest import (
    ORIGIN,
    PASSWORD,
    MakeIdentity,
    Postman,
    World,
    at_once,
)

NEW = "nine herons over the bay"


class TestUse:
    async def test_works_once_also_for_two_at_once(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        answers = await at_once(
            world.database,
            *(world.identity.links.use(link.token, Origin(str(n)), password=NEW) for n in range(3)),
        )
        assert sum(isinstance(answer, Login) for answer in answers) == 1
        assert sum(isinstance(answer, LinkRefused) for answer in answers) == 2

    async def test_stands_in_the_database_as_a_digest_alone(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        async with world.database.service() as session:
            rows = (
                await session.execute(select(OneTimeLink).where(OneTimeLink.user_id == person.user_id))
            ).scalars()
            for row in rows:
                assert link.token not in str(vars(row))
        assert link.url == f"https://kis.example.test/login/link#{link.token}"

    async def test_a_bad_password_leaves_the_link_as_it_was(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        for bad in (None, "short", "password1234"):
            with pytest.raises(BadInput):
                await world.identity.links.use(link.token, ORIGIN, password=bad)
        assert await world.identity.links.use(link.token, ORIGIN, password=NEW)

    async def test_of_a_reset_ends_what_was_open_before(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        assert person.user_id
        before = await world.identity.sessions.login(email, PASSWORD, ORIGIN)
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        after = await world.identity.links.use(link.token, ORIGIN, password=NEW)
        with pytest.raises(TokenRefused):
            await world.known(before)
        assert await world.known(after)
        with pytest.raises(LoginRefused):
            await world.identity.sessions.login(email, PASSWORD, ORIGIN)

    async def test_ends_with_its_time(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        world.clock.go(days=3, seconds=1)
        with pytest.raises(LinkRefused):
            await world.identity.links.use(link.token, ORIGIN, password=NEW)

    async def test_a_newer_link_takes_its_place(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        first = await world.identity.users.reset_link(world.admin, person.user_id)
        second = await world.identity.users.reset_link(world.admin, person.user_id)
        with pytest.raises(LinkRefused):
            await world.identity.links.use(first.token, ORIGIN, password=NEW)
        assert await world.identity.links.use(second.token, ORIGIN, password=NEW)

    async def test_is_over_for_who_was_deactivated(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        await world.identity.users.change(world.admin, person.user_id, UserChange(is_active=False))
        with pytest.raises(LinkRefused):
            await world.identity.links.use(link.token, ORIGIN, password=NEW)

    async def test_cannot_be_tried_without_end(self, world: World) -> None:
        for _ in range(10):
            with pytest.raises(LinkRefused):
                await world.identity.links.use("x" * 43, ORIGIN, password=NEW)
        with pytest.raises(TooManyRequests):
            await world.identity.links.use("x" * 43, ORIGIN, password=NEW)


class TestAskReset:
    async def test_mails_who_is_there_and_nobody_else(
        self, make_identity: MakeIdentity, world: World
    ) -> None:
        postman = Postman()
        identity = make_identity(mailer=postman)
        await identity.links.ask_reset("nobody@example.test", ORIGIN)
        assert postman.mails == []
        await identity.links.ask_reset(world.admin_email.upper(), ORIGIN)
        (mail,) = postman.mails
        assert mail.to == world.admin_email
        for locale in ("ko", "en"):
            text = mail.body.text(locale)
            assert "https://kis.example.test/login/link#" in text
            assert "72" in text
        token = mail.body.text("en").partition("#")[2].split()[0]
        assert await identity.links.use(token, ORIGIN, password=NEW)

    async def test_leaves_an_invitation_alone(self, make_identity: MakeIdentity, world: World) -> None:
        postman = Postman()
        identity = make_identity(mailer=postman)
        email = f"invited-{secrets.token_hex(4)}@example.test"
        _, link = await world.identity.users.invite(world.admin, email, Role.VIEWER)
        assert link
        await identity.links.ask_reset(email, ORIGIN)
        assert postman.mails == []
        assert await identity.links.use(link.token, ORIGIN, password=NEW)

    async def test_does_not_fill_a_mailbox(self, make_identity: MakeIdentity, world: World) -> None:
        postman = Postman()
        identity = make_identity(mailer=postman)
        for _ in range(5):
            await identity.links.ask_reset(world.admin_email, ORIGIN)
        assert len(postman.mails) == 3

    async def test_makes_nothing_where_nothing_is_mailed(self, world: World) -> None:
        await world.identity.links.ask_reset(world.admin_email, ORIGIN)
        async with world.database.service() as session:
            query = select(OneTimeLink).where(
                OneTimeLink.user_id == world.admin.user_id, OneTimeLink.used_at.is_(None)
            )
            assert (await session.execute(query)).first() is None


class TestFirstStart:
    async def test_makes_one_operator_and_stops_when_they_came(
        self, fresh_database: DatabaseUrls, make_identity: MakeIdentity
    ) -> None:
        database = Database(fresh_database.app, pool_size=4)
        try:
            identity = make_identity(database=database)
            starts = await asyncio.gather(
                *(identity.first_start("세명전기", "SM", "admin@example.test") for _ in range(4))
            )
            links = [link for link in starts if link]
            assert len({link.user_id for link in links}) == 1
            later = await identity.first_start("다른 이름", "XX", "other@example.test")
            assert later
            assert later.email == "admin@example.test"
            for link in links:
                with pytest.raises(LinkRefused):
                    await identity.links.use(link.token, Origin(link.token))
            login = await identity.links.use(later.token, ORIGIN)
            operator = await identity.authenticate(bearer=login.access_token)
            organizations, total = await identity.organizations.list(operator, offset=0, limit=10)
            assert (total, organizations[0].code) == (1, "SM")
            assert await identity.first_start("세명전기", "SM", "admin@example.test") is None
            made, invitation = await identity.organizations.create(
                operator, "둘째", "SECOND", "b@example.test"
            )
            assert invitation
            assert (made.code, invitation.purpose) == ("SECOND", "invite")
            second = await identity.links.use(invitation.token, Origin("b"), password=PASSWORD)
            theirs = await identity.authenticate(bearer=second.access_token)
            with pytest.raises(Forbidden):
                await identity.organizations.create(theirs, "셋째", "THIRD", "c@example.test")
        finally:
            await database.close()


class TestForOperatorAtThisMachine:
    async def test_lets_a_locked_out_person_in(self, world: World) -> None:
        link = await world.identity.organizations.link_for_operator_at_this_machine(world.admin_email)
        login = await world.identity.links.use(link.token, ORIGIN)
        assert login.user_id == world.admin.user_id
