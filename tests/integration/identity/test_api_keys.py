from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from kis.identity import ROLE_PERMISSIONS, Permission, Role
from kis.identity.errors import TokenRefused
from kis.identity.models import ApiKey
from kis.platform.errors import BadInput, Forbidden
from tests.integration.identity.conftest import World


class TestScopes:
    async def test_are_those_of_the_role(self, world: World) -> None:
        made = await world.identity.api_keys.create(world.admin, "k", Role.ESTIMATOR)
        machine = await world.identity.authenticate(api_key=made.key)
        assert machine.permissions == ROLE_PERMISSIONS[Role.ESTIMATOR]
        assert (machine.user_id, machine.organization_id) == (None, world.admin.organization_id)
        assert machine.actor == f"key:{made.row.id}"

    async def test_can_be_narrowed_and_are_then_kept_to(self, world: World) -> None:
        made = await world.identity.api_keys.create(
            world.admin, "k", Role.ADMIN, permissions=[Permission.USER_READ]
        )
        machine = await world.identity.authenticate(api_key=made.key)
        assert machine.permissions == {Permission.USER_READ}
        assert (await world.identity.users.list(machine, offset=0, limit=10))[1] == 1
        with pytest.raises(Forbidden):
            await world.identity.users.invite(machine, "x@example.test", Role.VIEWER)

    async def test_cannot_be_wider_than_the_role_or_the_maker(self, world: World) -> None:
        with pytest.raises(BadInput):
            await world.identity.api_keys.create(
                world.admin, "k", Role.VIEWER, permissions=[Permission.USER_WRITE]
            )
        with pytest.raises(BadInput):
            await world.identity.api_keys.create(
                world.admin, "k", Role.ADMIN, permissions=[Permission.INSTALLATION_OPERATE]
            )
        made = await world.identity.api_keys.create(
            world.admin,
            "k",
            Role.ADMIN,
            permissions=[Permission.API_KEY_WRITE, Permission.QUOTATION_READ],
        )
        machine = await world.identity.authenticate(api_key=made.key)
        with pytest.raises(Forbidden):
            await world.identity.api_keys.create(machine, "wider", Role.ADMIN)
        narrower = await world.identity.api_keys.create(
            machine, "narrower", Role.VIEWER, permissions=[Permission.QUOTATION_READ]
        )
        assert narrower.row.created_by is None

    async def test_of_people_are_not_for_machines(self, world: World) -> None:
        made = await world.identity.api_keys.create(world.admin, "k", Role.ADMIN)
        machine = await world.identity.authenticate(api_key=made.key)
        with pytest.raises(Forbidden):
            await world.identity.sessions.mine(machine)
        with pytest.raises(Forbidden):
            await world.identity.sessions.change_password(machine, "x", "y")


class TestKeys:
    async def test_stand_in_the_database_as_digests_alone(self, world: World) -> None:
        made = await world.identity.api_keys.create(world.admin, "k", Role.VIEWER)
        async with world.database.service() as session:
            row = (await session.execute(select(ApiKey).where(ApiKey.id == made.row.id))).scalar_one()
        secret = made.key.split("_", 2)[2]
        assert secret not in str(vars(row))
        assert made.key.startswith(f"kis_{row.prefix}_")

    async def test_end_when_revoked_or_expired(self, world: World) -> None:
        expires_at = world.clock() + timedelta(hours=1)
        made = await world.identity.api_keys.create(world.admin, "k", Role.VIEWER, expires_at=expires_at)
        other = await world.identity.api_keys.create(world.admin, "k", Role.VIEWER)
        assert await world.identity.authenticate(api_key=made.key)
        await world.identity.api_keys.revoke(world.admin, other.row.id)
        await world.identity.api_keys.revoke(world.admin, other.row.id)
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(api_key=other.key)
        world.clock.go(hours=1)
        world.identity._parts.recent.forget()
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(api_key=made.key)
        with pytest.raises(BadInput):
            await world.identity.api_keys.create(world.admin, "k", Role.VIEWER, expires_at=expires_at)

    async def test_note_their_use_once_a_minute(self, world: World) -> None:
        made = await world.identity.api_keys.create(world.admin, "k", Role.VIEWER)

        async def used() -> datetime | None:
            world.identity._parts.recent.forget()
            await world.identity.authenticate(api_key=made.key)
            ((row,), _) = await world.identity.api_keys.list(world.admin, offset=0, limit=1)
            return row.last_used_at

        first = await used()
        world.clock.go(seconds=59)
        assert await used() == first
        world.clock.go(seconds=2)
        later = await used()
        assert first
        assert later
        assert later > first

    @pytest.mark.parametrize("key", ["kis_", "kis_x", "kis_00000000_" + "x" * 43, "kis_" + "x" * 500, "x"])
    async def test_that_nobody_made_open_nothing(self, world: World, key: str) -> None:
        with pytest.raises(TokenRefused):
            await world.identity.authenticate(api_key=key)
