"""The audit log as it is written, checked, read and handed out."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import orjson
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from kis.identity import Role, UserChange
from kis.platform import audit
from kis.platform.audit import AuditForm, AuditQuery, Fault, Head
from kis.platform.database import Database, Scope
from kis.platform.database.database import driver_url
from kis.platform.errors import Forbidden
from tests.integration.conftest import DatabaseUrls
from tests.integration.identity.conftest import ORIGIN, PASSWORD, World, an_operator


class TamperedDatabase(Database):
    """Shows the log as one who owns the database has changed it, in a transaction that is never kept."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    @asynccontextmanager
    async def service(self, scope: Scope | None = None) -> AsyncIterator[AsyncSession]:
        assert scope is None
        self._session.expunge_all()
        yield self._session


class Owner:
    """Somebody with every right over the database, who switches its triggers off."""

    def __init__(self, url: str) -> None:
        self._url = url

    @asynccontextmanager
    async def tampering(self, statements: str, **values: int) -> AsyncIterator[TamperedDatabase]:
        engine = create_async_engine(driver_url(self._url))
        try:
            async with AsyncSession(engine) as session:
                await session.execute(text("SET session_replication_role = replica"))
                for statement in statements.split(";"):
                    used = {name: value for name, value in values.items() if f":{name}" in statement}
                    await session.execute(text(statement), used)
                yield TamperedDatabase(session)
                await session.rollback()
        finally:
            await engine.dispose()


@pytest.fixture
def owner(migrated_database: DatabaseUrls) -> Owner:
    return Owner(migrated_database.superuser)


async def write(world: World, count: int) -> list[int]:
    """Write entries and return their sequences."""
    target = f"thing:{uuid4()}"
    for number in range(count):
        async with world.database.transaction(world.admin.scope) as session:
            await audit.record(
                session,
                organization_id=world.admin.organization_id,
                actor=world.admin.actor,
                action="thing.done",
                target=target,
                before={"b": 1.50, "a": "가", "longer": None},
                after={"number": number},
                address="192.0.2.1",
                trace_id="f" * 32,
            )
    async with world.database.service() as session:
        rows = await session.execute(
            text("SELECT sequence FROM shared.audit_logs WHERE target = :target ORDER BY 1"),
            {"target": target},
        )
        return [row[0] for row in rows]


class TestChain:
    async def test_of_everything_written_so_far_is_sound(self, world: World) -> None:
        written = await write(world, 3)
        report = await audit.verify_chain(world.database)
        assert report.is_sound, report.findings
        assert report.head
        assert report.head.sequence >= written[-1]
        assert report.rows == report.head.sequence

    async def test_cannot_be_changed_by_the_program(self, world: World) -> None:
        (sequence,) = await write(world, 1)
        for statement in (
            "UPDATE shared.audit_logs SET actor = 'x' WHERE sequence = :sequence",
            "DELETE FROM shared.audit_logs WHERE sequence = :sequence",
        ):
            with pytest.raises(DBAPIError):
                async with world.database.service() as session:
                    await session.execute(text(statement), {"sequence": sequence})

    @pytest.mark.parametrize(
        ("tampering", "found"),
        [
            (
                "UPDATE shared.audit_logs SET actor = 'user:x' WHERE sequence = :second",
                {("second", Fault.ALTERED)},
            ),
            (
                "UPDATE shared.audit_logs SET after = '{\"number\": 7}' WHERE sequence = :second",
                {("second", Fault.ALTERED)},
            ),
            ("DELETE FROM shared.audit_logs WHERE sequence = :second", {("third", Fault.MISSING)}),
            (
                # altered, and its own digest made right again by somebody who knows how
                (
                    "UPDATE shared.audit_logs AS entry SET actor = 'user:x', sha256 = shared.audit_digest("
                    "(entry.sequence, entry.organization_id, 'user:x', entry.action, entry.target, entry.before, entry.after, entry.address,"
                    " entry.trace_id, entry.created_at, entry.previous_sha256, entry.sha256)::shared.audit_logs) WHERE sequence = :second"
                ),
                {("third", Fault.DETACHED)},
            ),
            (
                (
                    "UPDATE shared.audit_logs SET sequence = CASE sequence WHEN :second THEN -1 ELSE :second END "
                    "WHERE sequence IN (:second, :third); UPDATE shared.audit_logs SET sequence = :third WHERE sequence = -1"
                ),
                {
                    ("second", Fault.ALTERED),
                    ("second", Fault.DETACHED),
                    ("third", Fault.ALTERED),
                    ("third", Fault.DETACHED),
                    ("after", Fault.DETACHED),
                },
            ),
        ],
        ids=["changed", "what changed was changed", "removed", "changed and sealed again", "swapped"],
    )
    async def test_shows_where_it_was_tampered_with(
        self, world: World, owner: Owner, tampering: str, found: set[tuple[str, Fault]]
    ) -> None:
        first, second, third = (await write(world, 3))[:3]
        places = {"second": second, "third": third, "after": third + 1}
        await write(world, 1)
        async with owner.tampering(tampering, second=second, third=third) as tampered:
            report = await audit.verify_chain(tampered)
        assert {(each.sequence, each.fault) for each in report.findings} == {
            (places[name], fault) for name, fault in found
        }
        assert first < second
        assert (await audit.verify_chain(world.database)).is_sound

    async def test_shows_an_entry_that_was_put_in(self, world: World, owner: Owner) -> None:
        last = (await write(world, 1))[0]
        insert = (
            "INSERT INTO shared.audit_logs (sequence, actor, action, target, previous_sha256, sha256) "
            "VALUES (:next, 'user:x', 'thing.done', 'thing:x', repeat('a', 64), repeat('b', 64))"
        )
        async with owner.tampering(insert, next=last + 1) as tampered:
            report = await audit.verify_chain(tampered)
        assert {each.fault for each in report.findings} == {Fault.ALTERED, Fault.DETACHED}

    async def test_cut_off_at_the_end_is_found_by_who_kept_the_newest_digest(
        self, world: World, owner: Owner
    ) -> None:
        first, last = await write(world, 2)
        report = await audit.verify_chain(world.database)
        kept = report.head
        assert kept
        assert (await audit.verify_chain(world.database, kept=kept)).is_sound
        async with owner.tampering(
            "DELETE FROM shared.audit_logs WHERE sequence > :first", first=first
        ) as cut_off:
            assert (await audit.verify_chain(cut_off)).is_sound
            cut = await audit.verify_chain(cut_off, kept=kept)
        assert [each.fault for each in cut.findings] == [Fault.CUT]
        other = await audit.verify_chain(world.database, kept=Head(last, "0" * 64))
        assert [each.fault for each in other.findings] == [Fault.CUT]


class TestReading:
    async def test_shows_an_organisation_its_own_rows_alone(self, world: World, other_world: World) -> None:
        await write(world, 2)
        await write(other_world, 1)
        rows, total = await world.identity.audit.list(world.admin, AuditQuery(), offset=0, limit=100)
        assert {row.organization_id for row in rows} == {world.admin.organization_id}
        assert total == len(rows)
        assert [row.sequence for row in rows] == sorted((row.sequence for row in rows), reverse=True)

    async def test_shows_operators_everything(self, world: World, other_world: World) -> None:
        await write(world, 1)
        await write(other_world, 1)
        rows, _ = await world.identity.audit.list(
            an_operator(), AuditQuery(action="thing.done"), offset=0, limit=2, everywhere=True
        )
        assert {row.organization_id for row in rows} == {
            world.admin.organization_id,
            other_world.admin.organization_id,
        }

    async def test_is_for_administrators_and_reviewers(self, world: World) -> None:
        _, reviewer = await world.person(Role.REVIEWER)
        _, estimator = await world.person(Role.ESTIMATOR)
        assert (await world.identity.audit.list(reviewer, AuditQuery(), offset=0, limit=1))[1] > 0
        with pytest.raises(Forbidden):
            await world.identity.audit.list(estimator, AuditQuery(), offset=0, limit=1)
        with pytest.raises(Forbidden):
            await world.identity.audit.list(reviewer, AuditQuery(), offset=0, limit=1, everywhere=True)

    async def test_finds_by_what_happened_to_what(self, world: World) -> None:
        _, person = await world.person(Role.VIEWER)
        assert person.user_id
        await world.identity.users.change(world.admin, person.user_id, UserChange(role=Role.EDITOR))
        query = AuditQuery(action="user.changed", target=f"user:{person.user_id}", actor=world.admin.actor)
        ((row,), total) = await world.identity.audit.list(world.admin, query, offset=0, limit=10)
        assert total == 1
        assert row.before
        assert row.after
        assert (row.before["role"], row.after["role"]) == ("viewer", "editor")


class TestExport:
    async def test_as_lines_holds_every_row_once(self, world: World) -> None:
        await write(world, 2)
        data = await whole(world.identity.audit.export(world.admin, AuditQuery(), AuditForm.JSONL))
        rows = [orjson.loads(line) for line in data.splitlines()]
        _, total = await world.identity.audit.list(world.admin, AuditQuery(), offset=0, limit=1)
        assert len({row["sequence"] for row in rows}) == len(rows) == total

    async def test_as_a_table_computes_nothing(self, world: World) -> None:
        async with world.database.transaction(world.admin.scope) as session:
            await audit.record(
                session,
                organization_id=world.admin.organization_id,
                actor=world.admin.actor,
                action="thing.done",
                target='=HYPERLINK("http://example.test")',
            )
        data = await whole(
            world.identity.audit.export(world.admin, AuditQuery(action="thing.done"), AuditForm.CSV)
        )
        (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        assert row["target"] == '\'=HYPERLINK("http://example.test")'

    async def test_holds_no_secret(self, world: World) -> None:
        email, person = await world.person(Role.VIEWER)
        assert person.user_id
        key = await world.identity.api_keys.create(world.admin, "press", Role.VIEWER)
        link = await world.identity.users.reset_link(world.admin, person.user_id)
        await world.identity.sessions.login(world.admin_email, PASSWORD, ORIGIN)
        data = (await whole(world.identity.audit.export(world.admin, AuditQuery(), AuditForm.JSONL))).decode()
        assert email in data
        for secret in (PASSWORD, key.key, key.row.key_sha256, link.token, "argon2"):
            assert secret not in data


async def whole(pieces: AsyncIterator[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])
