"""The audit log: a chain that nobody breaks, not even the owner of the database."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.factories.rows import chain_now, fill, organization_of
from tests.integration.migrations.conftest import Migrated

COLUMNS = (
    "sequence::text, organization_id::text, actor, action, target, before::text, after::text, address, trace_id, "
    "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), previous_sha256"
)


def canonical(fields: tuple[str | None, ...]) -> str:
    """The digest of an entry, reckoned as the function's comment tells it and not as its body does."""
    lines = ("-" if field is None else f"{len(field.encode())}:{field}" for field in fields)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


@pytest.fixture
def _entries(connection: Connection[Any]) -> None:
    fill(connection)
    for target, after in (
        ("가나다:1", '{"금액": 1.10, "ㄱ": null}'),
        ("x\n2:y", None),
        ("", '{"b": 2, "a": 1}'),
    ):
        connection.execute(
            "SELECT shared.append_audit(NULL, 'system', 'test.done', %s, NULL, %s, '::1', 'ab')",
            (target, after),
        )
    chain_now(connection)


@pytest.mark.usefixtures("_entries")
class TestTheChain:
    def test_is_verified_without_the_database(self, connection: Connection[Any]) -> None:
        found = connection.execute(
            # by the number: the column made of it is text, and "10" sorts before "2"
            f"SELECT sha256, {COLUMNS} FROM shared.audit_logs AS entry ORDER BY entry.sequence"  # noqa: S608 - a constant of this file
        ).fetchall()

        previous = "0" * 64
        for place, (digest, *fields) in enumerate(found, 1):
            assert int(fields[0]) == place
            assert fields[-1] == previous
            assert canonical(tuple(fields)) == digest
            previous = digest

    def test_is_verified_in_the_database(self, connection: Connection[Any]) -> None:
        wrong = connection.execute(
            "SELECT count(*) FROM shared.audit_logs AS l WHERE shared.audit_digest(l) <> l.sha256"
        )

        assert wrong.fetchone() == (0,)

    def test_takes_no_entry_that_does_not_follow(self, connection: Connection[Any]) -> None:
        copied = "INSERT INTO shared.audit_logs SELECT (l).* FROM (SELECT l FROM shared.audit_logs AS l ORDER BY sequence DESC LIMIT 1) AS x (l)"
        with pytest.raises(psycopg.DatabaseError) as refused:
            connection.execute(copied)

        assert refused.value.sqlstate == "KIS05"

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE shared.audit_logs SET actor = 'nobody'",
            "DELETE FROM shared.audit_logs",
            "TRUNCATE shared.audit_logs",
        ],
    )
    def test_is_changed_by_nobody(self, connection: Connection[Any], statement: str) -> None:
        with pytest.raises(psycopg.DatabaseError) as refused, connection.transaction():
            connection.execute(statement.encode())
        assert refused.value.sqlstate == "KIS05"

        for role in ("service_role", "authenticated"):
            connection.execute("SELECT set_config('role', %s, true)", (role,))
            with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                connection.execute(statement.encode())
            connection.execute("RESET ROLE")


def test_entries_made_in_haste_have_no_gap(database: Migrated) -> None:
    with database.connect() as connection:
        organization = organization_of(fill(connection))

    def append(place: int) -> None:
        with database.connect() as connection, connection.transaction() as transaction:
            connection.execute(
                "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
                (str(organization),),
            )
            connection.execute(
                "SELECT shared.append_audit(%s, 'user:1', 'a.b', %s)", (organization, f"c:{place}")
            )
            if place % 4 == 0:
                raise psycopg.Rollback(transaction)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(append, range(24)))

    with database.connect() as connection:
        sequences = [
            number for (number,) in connection.execute("SELECT sequence FROM shared.audit_logs ORDER BY 1")
        ]
        kept = connection.execute(
            "SELECT count(*) FROM shared.audit_logs WHERE organization_id = %s", (organization,)
        )
        assert sequences == list(range(1, len(sequences) + 1))
        assert kept.fetchone() == (18 + 1,)


def test_no_writer_waits_for_the_program_of_another(database: Migrated) -> None:
    with (
        database.connect() as slow,
        database.connect(options="-c lock_timeout=5000") as quick,
        database.connect(autocommit=True) as reader,
    ):
        slow.execute("SELECT shared.append_audit(NULL, 'system', 'a.b', 'slow:1')")
        quick.execute("SELECT shared.append_audit(NULL, 'system', 'a.b', 'quick:1')")
        quick.commit()
        slow.commit()

        told = reader.execute(
            "SELECT target FROM shared.audit_logs WHERE target IN ('slow:1', 'quick:1') ORDER BY sequence"
        )
        assert [target for (target,) in told] == ["quick:1", "slow:1"]
        assert reader.execute("SELECT count(*) FROM shared.audit_pending").fetchone() == (0,)


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE shared.audit_pending SET actor = 'nobody'", psycopg.errors.InsufficientPrivilege),
        ("TRUNCATE shared.audit_pending", psycopg.errors.InsufficientPrivilege),
        ("DELETE FROM shared.audit_pending", None),
    ],
)
def test_what_waits_is_logged_whatever_becomes_of_it(
    connection: Connection[Any], statement: str, refusal: type[psycopg.Error] | None
) -> None:
    connection.execute("SELECT set_config('role', 'service_role', true)")
    connection.execute("SELECT shared.append_audit(NULL, 'system', 'a.b', 'waiting:1')")
    with nullcontext() if refusal is None else pytest.raises(refusal), connection.transaction():
        connection.execute(statement.encode())

    chain_now(connection)

    found = connection.execute("SELECT actor FROM shared.audit_logs WHERE target = 'waiting:1'").fetchall()
    assert found == [("system",)]


def test_a_caller_writes_for_its_own_organization_alone(connection: Connection[Any]) -> None:
    own, other = organization_of(fill(connection)), organization_of(fill(connection))
    connection.execute(
        "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
        (str(own),),
    )

    for organization in (other, None):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SELECT shared.append_audit(%s, 'user:1', 'a.b', 'c:1')", (organization,))
