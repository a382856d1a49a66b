"""The order of a quotation's states, and what is frozen once it was sent."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from psycopg.types.json import Jsonb
from sqlalchemy import Date, Integer, LargeBinary, Numeric, String, Uuid, update
from sqlalchemy.dialects.postgresql import JSONB

from kis.migrations.metadata import METADATA
from kis.platform.database import Database, RuleHeld, Scope, UtcDateTime
from kis.quotations.models import STATUSES, Quote
from tests.factories.rows import Row, fill, insert, organization_of, run, values_for
from tests.integration.migrations.conftest import Migrated

ALLOWED = {
    "draft": {"queued"},
    "queued": {"processing", "failed"},
    "processing": {"completed", "review", "failed", "queued"},
    "review": {"queued", "completed"},
    "failed": {"queued"},
    "completed": {"sent"},
    "sent": {"won", "lost", "expired"},
    "won": set(),
    "lost": set(),
    "expired": {"won", "lost"},
}
PARTS = (
    "panels",
    "breakers",
    "quote_items",
    "gate_results",
    "gate_acceptances",
    "mixed_exceptions",
    "documents",
)
SEALED = ("evidence_packs", "evidence_blobs")
CHANGED = (
    (Uuid, uuid4()),
    (JSONB, Jsonb({"changed": True})),
    (LargeBinary, b"changed"),
    (Date, date(2030, 1, 1)),
    (UtcDateTime, datetime(2030, 1, 1, tzinfo=UTC)),
    ((Integer, Numeric), 77),
    (String, "changed"),
)
"""Another value for a column of each type."""
QUOTES = METADATA.tables["estimator.quotes"]


@pytest.fixture
def rows(connection: Connection[Any]) -> dict[str, Row]:
    return fill(connection)


def with_status(connection: Connection[Any], rows: dict[str, Row], status: str) -> Any:
    """Put a second quotation there, in the state wanted."""
    row = {
        **values_for(QUOTES, rows),
        "number": f"N-{status}",
        "status": status,
        "sent_at": "2026-11-20T00:00:00Z",
    }
    return insert(connection, QUOTES, row)["id"]


@pytest.fixture
def sent(connection: Connection[Any], rows: dict[str, Row]) -> dict[str, Row]:
    """The rows of an organisation whose quotation was sent."""
    connection.execute("SET LOCAL session_replication_role = replica")  # past the order of states, for once
    connection.execute(
        "UPDATE estimator.quotes SET status = 'sent', sent_at = now() WHERE id = %s",
        (rows["estimator.quotes"]["id"],),
    )
    connection.execute("SET LOCAL session_replication_role = origin")
    return rows


def refusal(connection: Connection[Any], statement: str, *names: str, values: list[Any]) -> str | None:
    """Return the SQLSTATE a statement is refused with; None where it is done."""
    try:
        with connection.transaction():
            assert run(connection, statement, *names, values=values).rowcount == 1
    except psycopg.DatabaseError as error:
        return error.sqlstate
    return None


def test_the_states_are_those_of_the_models() -> None:
    assert set(ALLOWED) == set(STATUSES)


@pytest.mark.parametrize("old", STATUSES)
def test_a_state_is_followed_by_these_alone(
    connection: Connection[Any], rows: dict[str, Row], old: str
) -> None:
    quote = with_status(connection, rows, old)
    follows = set()
    for new in STATUSES:
        with connection.transaction() as attempt:
            if (
                refusal(
                    connection, "UPDATE estimator.quotes SET status = %s WHERE id = %s", values=[new, quote]
                )
                is None
            ):
                follows.add(new)
            raise psycopg.Rollback(attempt)

    assert follows == ALLOWED[old] | {old}


def test_a_state_out_of_order_is_refused_by_its_own_name(
    connection: Connection[Any], rows: dict[str, Row]
) -> None:
    quote = with_status(connection, rows, "draft")

    assert (
        refusal(connection, "UPDATE estimator.quotes SET status = 'sent' WHERE id = %s", values=[quote])
        == "KIS02"
    )


class TestASentQuotation:
    @pytest.mark.parametrize(
        "column",
        sorted(
            {column.name for column in QUOTES.columns}
            - {"status", "closed_at", "updated_at", "version", "event_sequence"}
        ),
    )
    def test_keeps_what_it_says(self, connection: Connection[Any], sent: dict[str, Row], column: str) -> None:
        other = next(value for kind, value in CHANGED if isinstance(QUOTES.columns[column].type, kind))

        code = refusal(
            connection,
            "UPDATE estimator.quotes SET {} = %s WHERE id = %s",
            column,
            values=[other, sent["estimator.quotes"]["id"]],
        )

        assert code == "KIS01"

    def test_can_be_closed(self, connection: Connection[Any], sent: dict[str, Row]) -> None:
        statement = "UPDATE estimator.quotes SET status = 'won', closed_at = now(), version = version + 1 WHERE id = %s"

        assert refusal(connection, statement, values=[sent["estimator.quotes"]["id"]]) is None

    def test_stays(self, connection: Connection[Any], sent: dict[str, Row]) -> None:
        statement = "DELETE FROM estimator.quotes WHERE id = %s"

        assert refusal(connection, statement, values=[sent["estimator.quotes"]["id"]]) == "KIS01"

    @pytest.mark.parametrize("name", PARTS)
    def test_keeps_its_parts(self, connection: Connection[Any], sent: dict[str, Row], name: str) -> None:
        table = f"estimator.{name}"
        changed = refusal(
            connection, "UPDATE {} SET created_at = now() WHERE id = %s", table, values=[sent[table]["id"]]
        )
        gone = refusal(connection, "DELETE FROM {} WHERE id = %s", table, values=[sent[table]["id"]])

        assert (changed, gone) == ("KIS01", "KIS01")

    @pytest.mark.parametrize("name", [*PARTS, *SEALED])
    def test_gets_no_new_parts(self, connection: Connection[Any], sent: dict[str, Row], name: str) -> None:
        table = METADATA.tables[f"estimator.{name}"]

        with pytest.raises(psycopg.DatabaseError) as refused:
            insert(connection, table, values_for(table, sent))

        assert refused.value.sqlstate == "KIS01"

    def test_is_not_given_the_parts_of_another(
        self, connection: Connection[Any], sent: dict[str, Row]
    ) -> None:
        other = with_status(connection, sent, "processing")
        table = METADATA.tables["estimator.panels"]
        panel = insert(connection, table, {**values_for(table, sent), "quote_id": other})

        code = refusal(
            connection,
            "UPDATE estimator.panels SET quote_id = %s, position = 99 WHERE id = %s",
            values=[sent["estimator.quotes"]["id"], panel["id"]],
        )

        assert code == "KIS01"


@pytest.mark.parametrize("name", PARTS)
def test_a_quotation_that_was_not_sent_changes_freely(
    connection: Connection[Any], rows: dict[str, Row], name: str
) -> None:
    table = f"estimator.{name}"

    assert (
        refusal(
            connection,
            "UPDATE {} SET created_at = created_at WHERE id = %s",
            table,
            values=[rows[table]["id"]],
        )
        is None
    )
    assert refusal(connection, "DELETE FROM {} WHERE id = %s", table, values=[rows[table]["id"]]) is None


@pytest.mark.parametrize("name", SEALED)
@pytest.mark.parametrize("verb", ["UPDATE {} SET size = 0", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_evidence_is_only_ever_added_to(
    connection: Connection[Any], rows: dict[str, Row], name: str, verb: str
) -> None:
    assert rows
    with pytest.raises(psycopg.DatabaseError) as refused:
        run(connection, verb, f"estimator.{name}")

    assert refused.value.sqlstate == "KIS06"


def test_a_part_that_comes_while_the_quotation_is_being_sent_waits_and_is_refused(database: Migrated) -> None:
    with database.connect() as connection:
        rows = fill(connection)
        quote = with_status(connection, rows, "completed")
    table = METADATA.tables["estimator.panels"]
    row = {**values_for(table, rows), "quote_id": quote}
    with database.connect() as sender, database.connect() as late:
        sender.execute("UPDATE estimator.quotes SET status = 'sent', sent_at = now() WHERE id = %s", (quote,))
        late.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(psycopg.errors.LockNotAvailable), late.transaction():
            insert(late, table, row)
        sender.commit()

        with pytest.raises(psycopg.DatabaseError) as refused:
            insert(late, table, row)

    assert refused.value.sqlstate == "KIS01"


async def test_a_rule_that_is_held_is_a_conflict_to_the_application(database: Migrated) -> None:
    with database.connect() as connection:
        rows = fill(connection)
        quote = with_status(connection, rows, "draft")
    pool = Database(database.server.address(database.name, user="kis_app"), pool_size=1)
    try:
        with pytest.raises(RuleHeld) as held:
            async with pool.transaction(Scope(organization_of(rows))) as session:
                await session.execute(update(Quote).where(Quote.id == quote).values(status="won"))
    finally:
        await pool.close()

    assert held.value.status_code == 409
    assert held.value.meta == {"rule": "KIS02"}


@pytest.mark.parametrize(
    "table", sorted(table.fullname for table in METADATA.tables.values() if "updated_at" in table.columns)
)
def test_every_table_that_tells_when_it_changed_is_kept_by_its_trigger(
    connection: Connection[Any], rows: dict[str, Row], table: str
) -> None:
    assert rows
    name = f"trg_{table.partition('.')[2]}_updated_at"
    found = connection.execute(
        "SELECT p.proname FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid WHERE t.tgname = %s AND t.tgrelid = %s::regclass",
        (name, table),
    ).fetchone()
    assert found == ("update_updated_at",)

    run(connection, "UPDATE {} SET updated_at = '2000-01-01T00:00:00Z'", table)

    assert run(connection, "SELECT count(*) FROM {} WHERE updated_at <> now()", table).fetchone() == (0,)
