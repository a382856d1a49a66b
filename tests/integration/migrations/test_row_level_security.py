"""Whose rows are whose. The tables are found in the catalog of the database: a new one without row-level security fails here."""

import json
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from psycopg import Connection, errors
from sqlalchemy import select

from kis.migrations.metadata import METADATA
from kis.platform.database import Database, Scope
from kis.quotations.models import Quote
from tests.factories.postgres import Server
from tests.factories.rows import Row, fill, insert, organization_of, run, values_for
from tests.integration.migrations.conftest import Migrated

TABLES = sorted(table.fullname for table in METADATA.tables.values())
OF_THE_PROGRAM = {
    "identity.refresh_tokens",
    "identity.foreign_identities",
    "shared.api_metrics",
    "shared.audit_pending",
    "knowledge.search_changes",
    "assistant.manuals",
}
"""Read by nobody but the program's own work."""
ADDED_TO_ONLY = {
    "shared.audit_logs",
    "estimator.evidence_packs",
    "estimator.evidence_blobs",
    "estimator.evidence_heads",
}
NEVER_DELETED = ADDED_TO_ONLY | {"estimator.quotes"}


@pytest.fixture(scope="module")
def two(database: Migrated) -> tuple[dict[str, Row], dict[str, Row]]:
    with database.connect() as connection:
        return fill(connection), fill(connection)


@pytest.fixture
def mine(connection: Connection[Any], two: tuple[dict[str, Row], dict[str, Row]]) -> Connection[Any]:
    """A connection as the first organisation's caller."""
    be(connection, two[0]["identity.users"]["id"])
    act_as(connection, "authenticated", organization_of(two[0]))
    return connection


def be(connection: Connection[Any], user_id: UUID) -> None:
    """Act as a person: some rows are theirs alone."""
    connection.execute("SELECT set_config('kis.user_id', %s, true)", (str(user_id),))


def act_as(connection: Connection[Any], role: str, organization: UUID | None = None) -> None:
    connection.execute(
        "SELECT set_config('role', %s, true), set_config('kis.organization_id', %s, true), "
        "set_config('kis.role', 'editor', true), set_config('kis.sees_drafts', 'on', true)",
        (role, "" if organization is None else str(organization)),
    )


def key(name: str, row: Row) -> tuple[str, Any]:
    """Return a column that tells this row, and its value there."""
    known = [column.name for column in METADATA.tables[name].primary_key if column.name in row]
    column = next(iter(known), "organization_id" if "organization_id" in row else "route")
    return column, row[column]


def owner(name: str) -> str:
    """Return the column that says whose a row is."""
    if name in {"identity.organizations", "identity.users"}:
        return "id"
    return "organization_id" if "organization_id" in METADATA.tables[name].columns else "audience_id"


def sees(connection: Connection[Any], name: str, row: Row) -> bool:
    column, value = key(name, row)
    found = run(connection, "SELECT 1 FROM {} WHERE {} = %s", name, column, values=[value])
    return found.fetchone() is not None


def touched(connection: Connection[Any], statement: str, *names: str, values: list[Any]) -> int:
    """Return how many rows a statement changed; none where the right to it is missing."""
    try:
        with connection.transaction():
            return run(connection, statement, *names, values=values).rowcount
    except errors.InsufficientPrivilege:
        return 0


def test_every_table_of_the_database_is_held(connection: Connection[Any]) -> None:
    found = connection.execute(
        """
        SELECT format('%I.%I', n.nspname, c.relname), c.relrowsecurity AND c.relforcerowsecurity,
            EXISTS (SELECT FROM pg_policies AS p WHERE p.schemaname = n.nspname AND p.tablename = c.relname)
        FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('identity', 'shared', 'estimator', 'knowledge', 'assistant') ORDER BY 1
        """
    ).fetchall()

    assert [name for name, _, _ in found] == TABLES
    assert [name for name, held, has_policy in found if not (held and has_policy)] == []


def test_every_table_of_the_public_schema_is_held_too(connection: Connection[Any]) -> None:
    held = connection.execute(
        "SELECT relname, relrowsecurity FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    ).fetchall()

    assert held == [("alembic_version", True)]


@pytest.mark.parametrize("name", sorted({*TABLES} - OF_THE_PROGRAM))
class TestACaller:
    def test_sees_their_own_row_and_no_other(self, mine: Connection[Any], two: Any, name: str) -> None:
        own, other = two

        assert sees(mine, name, own[name])
        assert not sees(mine, name, other[name])

    def test_gets_nothing_of_others_where_a_query_forgets_its_condition(
        self, mine: Connection[Any], two: Any, name: str
    ) -> None:
        seen = run(mine, "SELECT DISTINCT {} FROM {}", owner(name), name).fetchall()

        assert seen == [(two[0][name][owner(name)],)]

    def test_sees_nothing_without_an_organization(
        self, connection: Connection[Any], two: Any, name: str
    ) -> None:
        assert two
        act_as(connection, "authenticated")

        assert run(connection, "SELECT count(*) FROM {}", name).fetchone() == (0,)

    @pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
    def test_cannot_touch_the_row_of_another(
        self, mine: Connection[Any], two: Any, name: str, verb: str
    ) -> None:
        column, value = key(name, two[1][name])
        plain = next(one.name for one in METADATA.tables[name].columns if one.identity is None)
        if verb == "UPDATE":
            changed = touched(
                mine, "UPDATE {} SET {} = {} WHERE {} = %s", name, plain, plain, column, values=[value]
            )
        else:
            changed = touched(mine, "DELETE FROM {} WHERE {} = %s", name, column, values=[value])

        assert changed == 0

    def test_cannot_make_a_row_of_another(self, connection: Connection[Any], two: Any, name: str) -> None:
        table = METADATA.tables[name]
        row = {**values_for(table, two[1])}
        if name == "identity.organizations":
            row["id"] = organization_of(two[1])
        act_as(connection, "authenticated", organization_of(two[0]))

        with pytest.raises(errors.InsufficientPrivilege):
            insert(connection, table, row)

    def test_cannot_give_their_row_away(self, mine: Connection[Any], two: Any, name: str) -> None:
        column, value = key(name, two[0][name])

        with pytest.raises(psycopg.DatabaseError) as refused:
            run(
                mine,
                "UPDATE {} SET {} = %s WHERE {} = %s",
                name,
                owner(name),
                column,
                values=[two[1][name][owner(name)], value],
            )

        assert refused.value.sqlstate in {"42501", "KIS01", "KIS07"}


@pytest.mark.parametrize("name", sorted(OF_THE_PROGRAM))
def test_what_is_the_programs_own_is_closed_to_callers(mine: Connection[Any], name: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(mine, "SELECT 1 FROM {}", name)


@pytest.mark.parametrize("name", sorted(NEVER_DELETED))
def test_a_caller_deletes_none_of_these(mine: Connection[Any], name: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(mine, "DELETE FROM {}", name)


@pytest.mark.parametrize("name", sorted(ADDED_TO_ONLY))
@pytest.mark.parametrize(
    "verb", ["UPDATE {} SET organization_id = organization_id", "INSERT INTO {} DEFAULT VALUES"]
)
def test_a_caller_only_reads_these(mine: Connection[Any], name: str, verb: str) -> None:
    with pytest.raises(errors.InsufficientPrivilege):
        run(mine, verb, name)


@pytest.mark.parametrize("name", sorted({*TABLES} - {"shared.audit_pending"}))
def test_the_program_sees_all_organizations(connection: Connection[Any], two: Any, name: str) -> None:
    act_as(connection, "service_role")

    assert sees(connection, name, two[0][name])
    assert sees(connection, name, two[1][name])


@pytest.mark.parametrize("name", TABLES)
def test_the_role_that_logs_in_may_do_nothing_by_itself(database: Migrated, two: Any, name: str) -> None:
    assert two
    with (
        psycopg.connect(database.server.address(database.name, user="kis_app")) as plain,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        run(plain, "SELECT 1 FROM {}", name)


@pytest.mark.parametrize("name", sorted({*TABLES} - {"shared.catalog_items"}))
def test_the_public_sees_nothing(connection: Connection[Any], two: Any, name: str) -> None:
    act_as(connection, "anon", organization_of(two[0]))

    with pytest.raises(errors.InsufficientPrivilege):
        run(connection, "SELECT 1 FROM {}", name)


class TestWhatIsShipped:
    """Rows of nobody."""

    NAMES = (
        "shared.catalog_items",
        "shared.catalog_editions",
        "shared.price_books",
        "estimator.rulebooks",
        "assistant.brands",
        "assistant.products",
        "assistant.catalog_imports",
    )

    @pytest.fixture
    def shipped(self, connection: Connection[Any], two: Any) -> dict[str, Row]:
        return {
            name: insert(
                connection,
                METADATA.tables[name],
                {**values_for(METADATA.tables[name], two[0]), "organization_id": None},
            )
            for name in self.NAMES
        }

    @pytest.mark.parametrize("name", NAMES)
    def test_is_read_by_everyone(
        self, connection: Connection[Any], two: Any, shipped: dict[str, Row], name: str
    ) -> None:
        act_as(connection, "authenticated", organization_of(two[0]))

        assert sees(connection, name, shipped[name])

    @pytest.mark.parametrize("name", NAMES)
    def test_is_written_by_the_program_alone(
        self, connection: Connection[Any], two: Any, shipped: dict[str, Row], name: str
    ) -> None:
        column, value = key(name, shipped[name])
        act_as(connection, "authenticated", organization_of(two[0]))

        assert touched(connection, "DELETE FROM {} WHERE {} = %s", name, column, values=[value]) == 0
        with pytest.raises(errors.InsufficientPrivilege):
            insert(
                connection,
                METADATA.tables[name],
                {**values_for(METADATA.tables[name], two[0]), "organization_id": None},
            )

    def test_of_the_catalogue_is_open_to_the_public(
        self, connection: Connection[Any], two: Any, shipped: dict[str, Row]
    ) -> None:
        act_as(connection, "anon", organization_of(two[0]))

        assert sees(connection, "shared.catalog_items", shipped["shared.catalog_items"])


@pytest.mark.parametrize("name", ["assistant.threads", "assistant.messages", "assistant.feedback"])
class TestAConversation:
    """Rows of one person: whoever else is in the organisation, an administrator too, does not see them."""

    def test_is_hidden_from_a_colleague(self, connection: Connection[Any], two: Any, name: str) -> None:
        be(connection, two[1]["identity.users"]["id"])
        act_as(connection, "authenticated", organization_of(two[0]))
        connection.execute("SELECT set_config('kis.role', 'admin', true)")

        assert not sees(connection, name, two[0][name])

    def test_is_hidden_from_a_machine(self, connection: Connection[Any], two: Any, name: str) -> None:
        act_as(connection, "authenticated", organization_of(two[0]))

        assert not sees(connection, name, two[0][name])

    def test_is_not_made_in_the_name_of_a_colleague(
        self, connection: Connection[Any], two: Any, name: str
    ) -> None:
        be(connection, two[1]["identity.users"]["id"])
        act_as(connection, "authenticated", organization_of(two[0]))

        with pytest.raises(errors.InsufficientPrivilege):
            insert(connection, METADATA.tables[name], values_for(METADATA.tables[name], two[0]))

    def test_is_its_users_by_the_token_of_supabase(
        self, connection: Connection[Any], two: Any, name: str
    ) -> None:
        claims = {
            "sub": str(two[0]["identity.users"]["id"]),
            "organization_id": str(organization_of(two[0])),
        }
        connection.execute("SELECT set_config('request.jwt.claims', %s, true)", (json.dumps(claims),))
        act_as(connection, "authenticated")

        assert sees(connection, name, two[0][name])
        assert not sees(connection, name, two[1][name])


class TestTheTokenOfSupabase:
    @pytest.mark.parametrize(
        "claims", ['{{"app_metadata": {{"organization_id": "{}"}}}}', '{{"organization_id": "{}"}}']
    )
    def test_names_the_organization(self, connection: Connection[Any], two: Any, claims: str) -> None:
        connection.execute(
            "SELECT set_config('request.jwt.claims', %s, true)", (claims.format(organization_of(two[0])),)
        )
        act_as(connection, "authenticated")

        assert connection.execute("SELECT id FROM estimator.quotes").fetchall() == [
            (two[0]["estimator.quotes"]["id"],)
        ]

    def test_stands_over_a_setting_that_its_user_could_make(
        self, connection: Connection[Any], two: Any
    ) -> None:
        connection.execute("SELECT set_config('request.jwt.claims', %s, true)", ('{"sub": "somebody"}',))
        act_as(connection, "authenticated", organization_of(two[0]))

        assert connection.execute("SELECT id FROM estimator.quotes").fetchall() == []


def test_a_part_cannot_point_into_another_organization(connection: Connection[Any], two: Any) -> None:
    act_as(connection, "service_role")
    row = {
        **values_for(METADATA.tables["estimator.panels"], two[0]),
        "position": 7,
        "quote_id": two[1]["estimator.quotes"]["id"],
    }

    with pytest.raises(errors.ForeignKeyViolation):
        insert(connection, METADATA.tables["estimator.panels"], row)


def test_the_organization_is_asked_for_once_in_a_statement(mine: Connection[Any]) -> None:
    plan = "\n".join(line for (line,) in mine.execute("EXPLAIN SELECT * FROM estimator.quotes"))

    assert "InitPlan" in plan


class TestTheScriptForOtherServers:
    """``tests/rls_test.sql``, which an operator runs with psql."""

    SCRIPT = Path(__file__).parents[2] / "rls_test.sql"

    def complaint(self, where: Migrated) -> str:
        psql = [
            str(where.server.programs / "psql"),
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            f"--file={self.SCRIPT}",
            where.url,
        ]
        return subprocess.run(psql, capture_output=True, text=True, check=False).stderr

    def test_is_content_with_the_schema(self, database: Migrated, two: Any) -> None:
        assert two
        assert self.complaint(database) == ""

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ("CREATE TABLE shared.stray (id integer)", "without row-level security: shared.stray"),
            (
                "ALTER TABLE estimator.quotes NO FORCE ROW LEVEL SECURITY",
                "without row-level security: estimator.quotes",
            ),
            ("DROP POLICY evidence_authenticated_select ON estimator.evidence_blobs", "policies are missing"),
            ("GRANT DELETE ON estimator.quotes TO authenticated", "rights that nobody needs"),
            (
                "ALTER POLICY panels_authenticated_select ON estimator.panels USING (true)",
                "shows 1 rows to a stranger",
            ),
        ],
    )
    def test_names_what_is_wrong(self, newest: Server, template: str, change: str, words: str) -> None:
        changed = Migrated(newest, newest.make_database(template=template))
        with changed.connect() as connection:
            fill(connection)
            connection.execute(change.encode())

        assert words in self.complaint(changed)


async def test_a_transaction_of_the_application_sees_its_scope_and_nothing_else(
    database: Migrated, two: Any
) -> None:
    pool = Database(database.server.address(database.name, user="kis_app"), pool_size=1)
    try:
        seen = []
        for rows in two:
            async with pool.transaction(Scope(organization_of(rows))) as session:
                seen.append(list(await session.scalars(select(Quote.id))))
    finally:
        await pool.close()

    assert seen == [[rows["estimator.quotes"]["id"]] for rows in two]
