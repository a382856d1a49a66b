from datetime import timedelta

from sqlalchemy import func, select, update

from kis.identity import chores
from kis.identity.models import LoginSession, OneTimeLink, RefreshToken
from kis.platform.jobs import Housekeeping
from tests.integration.identity.conftest import ORIGIN, PASSWORD, World


async def test_what_ended_long_ago_is_forgotten_and_nothing_else(world: World) -> None:
    identity = world.identity
    logins = [await identity.sessions.login(world.admin_email, PASSWORD, ORIGIN) for _ in range(4)]
    link = await identity.organizations.link_for_operator_at_this_machine(world.admin_email)
    now = world.clock()
    revoked_long_ago, expired_long_ago, revoked_lately, stands = (login.session_id for login in logins)
    async with world.database.service() as session:
        for session_id, values in (
            (revoked_long_ago, {"revoked_at": now - timedelta(days=31)}),
            (expired_long_ago, {"expires_at": now - timedelta(days=31)}),
            (revoked_lately, {"revoked_at": now - timedelta(days=29)}),
        ):
            await session.execute(update(LoginSession).where(LoginSession.id == session_id).values(values))
        old = update(OneTimeLink).where(
            OneTimeLink.user_id == world.admin.user_id, OneTimeLink.used_at.is_not(None)
        )
        await session.execute(old.values(expires_at=now - timedelta(days=31)))

    touched = await Housekeeping(world.database, chores()).run_once()

    assert touched["identity.forget_ended"] >= 3
    async with world.database.service() as session:
        ids = set((await session.execute(select(LoginSession.id))).scalars())
        assert ids & {login.session_id for login in logins} == {revoked_lately, stands}
        orphans = select(func.count()).select_from(RefreshToken).where(RefreshToken.session_id.not_in(ids))
        assert (await session.execute(orphans)).scalar_one() == 0
    assert await identity.sessions.refresh(logins[3].refresh_token, ORIGIN)
    assert await identity.links.use(link.token, ORIGIN)
