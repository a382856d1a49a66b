"""The questions an operator asks the database (``db/queries``), asked as operators do: with psql."""

import csv
import os
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from psycopg import Connection

from kis.migrations import push
from tests.factories.postgres import Server, newest_programs, older_programs, server
from tests.factories.rows import fill, organization_of
from tests.integration.migrations.conftest import Migrated

ROOT: Final = Path(__file__).resolve().parents[3]
FOLDER: Final = ROOT / "db" / "queries"
PAGE: Final = ROOT / "docs" / "how-to" / "operate.md"
QUOTATIONS: Final = 3_000

COLUMNS: Final = {
    "audit_last_day": "created_at organization actor action target address trace_id",
    "connections": "pid role program state wait_event_type wait_event seconds_in_state statement",
    "explain_list": "QUERY_PLAN",
    "index_use": "schema table index scans is_unique size",
    "policies": "schema table is_enforced policy roles command sees writes",
    "queue": "kind status jobs oldest_seconds most_attempts",
    "recent_evidence": "created_at organization number revision trace_id sequence verdict files size sha256",
    "response_times": "method route answers failures p50_ms p95_ms p99_ms",
    "stuck_jobs": "why id kind subject_id attempts lease_owner run_after error trace_id",
    "table_sizes": "schema table total rows_only live_rows dead_rows last_vacuum last_analyze",
    "unsent_messages": "id topic attempts created_at failed_at error",
}
SILENT: Final = ("reindex", "slow_statements", "vacuum_analyze")
"""Those that show nothing: they do something, or need what this server has not."""


def asked(address: str, name: str) -> "subprocess.CompletedProcess[str]":
    """Run a file as the page says."""
    words = [
        "--no-psqlrc",
        "--quiet",
        "--csv",
        "--set=ON_ERROR_STOP=1",
        f"--file={FOLDER / name}.sql",
        address,
    ]
    return subprocess.run(
        [str(newest_programs() / "psql"), *words],
        env={"PATH": os.environ["PATH"], "PGCONNECT_TIMEOUT": "20"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def answer(address: str, name: str) -> list[dict[str, str]]:
    told = asked(address, name)
    assert (told.returncode, told.stderr) == (0, "")
    return list(csv.DictReader(StringIO(told.stdout)))


@pytest.fixture(scope="module")
def organization_code(database: Migrated) -> str:
    """A row in every table, committed; the code of its organisation."""
    with database.connect() as connection:
        rows = fill(connection)
        organization_of(rows)
        return str(rows["identity.organizations"]["code"])


@pytest.fixture
def as_application(database: Migrated) -> str:
    """The address of the application's role: who has neither a superuser nor the owner at hand."""
    return database.server.address(database.name, user="kis_app")


@pytest.fixture(scope="module")
def older_address(older: Server) -> str:
    """A migrated database of the oldest server."""
    name = older.make_database()
    push(older.address(name))
    return older.address(name)


class TestEveryQuery:
    def test_is_named_by_the_page_and_known_here(self) -> None:
        there = sorted(path.stem for path in FOLDER.iterdir())
        assert there == sorted([*COLUMNS, *SILENT])
        assert sorted(set(re.findall(r"db/queries/(\w+)\.sql", PAGE.read_text(encoding="utf-8")))) == there

    @pytest.mark.parametrize("name", sorted([*COLUMNS, *SILENT]))
    def test_says_first_what_it_answers(self, name: str) -> None:
        assert (FOLDER / f"{name}.sql").read_text(encoding="utf-8").startswith("-- ")

    @pytest.mark.parametrize("name", sorted(COLUMNS))
    def test_gives_its_columns(self, database: Migrated, organization_code: str, name: str) -> None:
        assert organization_code
        told = asked(database.url, name)
        assert (told.returncode, told.stderr) == (0, "")
        assert (
            told.stdout.splitlines()[0].replace("QUERY PLAN", "QUERY_PLAN").split(",")
            == COLUMNS[name].split()
        )

    @pytest.mark.parametrize("name", sorted([*COLUMNS, *SILENT]))
    def test_runs_on_the_oldest_server(self, older_address: str, name: str) -> None:
        assert asked(older_address, name).returncode == 0

    @pytest.mark.parametrize("name", sorted(set(COLUMNS)))
    def test_can_be_asked_as_the_application(self, as_application: str, name: str) -> None:
        told = asked(as_application, name)
        assert (told.returncode, told.stderr) == (0, "")


class TestAnswers:
    def test_connections_and_sizes(self, database: Migrated, organization_code: str) -> None:
        assert organization_code
        with database.connect(application_name="somebody-else") as other:
            other.execute("SELECT 1")
            (found,) = [
                row for row in answer(database.url, "connections") if row["program"] == "somebody-else"
            ]
        assert (found["state"], found["statement"]) == ("idle in transaction", "SELECT 1")
        assert "estimator.quotes" in {
            f"{row['schema']}.{row['table']}" for row in answer(database.url, "table_sizes")
        }
        assert "ix_quotes_organization_id_created_at" in {
            row["index"] for row in answer(database.url, "index_use")
        }

    def test_every_table_has_rules_that_are_enforced(self, database: Migrated) -> None:
        found = answer(database.url, "policies")
        assert {row["is_enforced"] for row in found} == {"t"}
        assert all(row["policy"] for row in found)
        with database.connect() as connection:
            connection.execute("CREATE TABLE shared.naked (id bigint)")
            connection.commit()
            try:
                (naked,) = [row for row in answer(database.url, "policies") if row["table"] == "naked"]
            finally:
                connection.execute("DROP TABLE shared.naked")
        assert (naked["is_enforced"], naked["policy"]) == ("f", "")

    def test_evidence_and_audit_log_name_the_organisation(
        self, as_application: str, database: Migrated, organization_code: str
    ) -> None:
        (pack,) = [
            row
            for row in answer(as_application, "recent_evidence")
            if row["organization"] == organization_code
        ]
        assert (len(pack["trace_id"]), pack["files"]) == (32, "1")
        with database.connect() as connection:
            connection.execute("SELECT shared.append_audit(NULL, 'system', 'thing.done', 'thing:1')")
        newest = answer(as_application, "audit_last_day")[0]
        assert (newest["organization"], newest["actor"], newest["action"]) == ("", "system", "thing.done")

    def test_percentiles_are_of_the_last_hour(self, as_application: str, database: Migrated) -> None:
        insert = (
            'INSERT INTO shared.api_metrics ("timestamp", route, method, status, response_time_ms) '
            "SELECT now() - %s::interval, '/v1/timed', 'GET', %s, reading FROM generate_series(%s::integer, %s::integer) reading"
        )
        with database.connect() as connection:
            connection.execute(insert, ["59 minutes", 200, 1, 100])
            connection.execute(insert, ["1 minute", 503, 101, 101])
            connection.execute(insert, ["61 minutes", 500, 9000, 9099])
        (row,) = [row for row in answer(as_application, "response_times") if row["route"] == "/v1/timed"]
        # of 1, 2, … 101 ms: the 51st, the 96th, the 100th
        assert list(row.values()) == ["GET", "/v1/timed", "101", "1", "51.0", "96.0", "100.0"]

    def test_jobs_that_stand_still_are_told_from_those_that_go_on(
        self, as_application: str, database: Migrated
    ) -> None:
        with database.connect() as connection:
            _job(connection, "held", status="running", lease_owner="w:1", lease="-1 second")
            _job(connection, "working", status="running", lease_owner="w:2", lease="1 hour")
            _job(connection, "forgotten", due="-6 minutes")
            _job(connection, "waiting", due="1 minute")
            _job(connection, "broken", status="failed", finished="-23 hours")
            _job(connection, "old", status="failed", finished="-25 hours")
        why = {row["kind"]: row["why"] for row in answer(as_application, "stuck_jobs")}
        ours = {kind: why.get(kind) for kind in ("held", "working", "forgotten", "waiting", "broken", "old")}
        assert ours == {
            "held": "lease ran out",
            "working": None,
            "forgotten": "nobody takes it",
            "waiting": None,
            "broken": "given up",
            "old": None,
        }
        queued = {row["kind"]: (row["status"], row["jobs"]) for row in answer(as_application, "queue")}
        assert queued["forgotten"] == ("queued", "1")

    def test_only_messages_with_trouble_are_listed(self, as_application: str, database: Migrated) -> None:
        with database.connect() as connection:
            connection.execute(
                "INSERT INTO shared.outbox (topic, payload, attempts, sent_at, failed_at, error) VALUES"
                " ('test.sent', '{}', 1, now(), NULL, NULL), ('test.new', '{}', 0, NULL, NULL, NULL),"
                " ('test.refused', '{}', 2, NULL, NULL, 'refused'), ('test.dead', '{}', 14, NULL, now(), 'dead')"
            )
        found = [row for row in answer(as_application, "unsent_messages") if row["topic"].startswith("test.")]
        assert [row["topic"] for row in found] == ["test.refused", "test.dead"]

    def test_the_list_of_quotations_is_read_in_the_order_of_its_index(
        self, as_application: str, database: Migrated
    ) -> None:
        with database.connect() as connection:
            _many_quotations(connection)
        plan = "\n".join(row["QUERY PLAN"] for row in answer(as_application, "explain_list"))
        assert "ix_quotes_organization_id_created_at" in plan
        assert "Sort" not in plan
        assert re.search(r"Limit .*rows=20", plan)


class TestSlowStatements:
    def test_says_where_there_are_no_figures(self, database: Migrated) -> None:
        told = asked(database.url, "slow_statements")
        assert (told.returncode, told.stdout) == (0, "")
        assert "pg_stat_statements is not installed" in told.stderr

    @pytest.fixture
    def measuring(self) -> Iterator[str]:
        """A server that measures; only those of the operating system come with the extension."""
        programs = older_programs()
        if programs.is_relative_to(newest_programs().parents[1]):
            pytest.skip("no PostgreSQL of the operating system with pg_stat_statements")
        with server(programs, "shared_preload_libraries=pg_stat_statements") as running:
            address = running.address(running.make_database())
            with psycopg.connect(address) as connection:
                connection.execute("CREATE EXTENSION pg_stat_statements")
            yield address

    def test_are_those_above_100_ms_on_average(self, measuring: str) -> None:
        with psycopg.connect(measuring) as connection:
            connection.execute("SELECT pg_sleep(0.11)")
            connection.execute("SELECT 'fast'")
        slow = {row["statement"]: row for row in answer(measuring, "slow_statements")}
        assert float(slow["SELECT pg_sleep($1)"]["mean_ms"]) > 100
        assert all(float(row["mean_ms"]) > 100 for row in slow.values())
        assert "SELECT $1" not in slow


def _job(
    connection: Connection[Any],
    kind: str,
    *,
    status: str = "queued",
    lease_owner: str | None = None,
    lease: str | None = None,
    due: str = "-1 second",
    finished: str | None = None,
) -> None:
    connection.execute(
        "INSERT INTO shared.jobs (kind, status, lease_owner, lease_until, run_after, finished_at)"
        " VALUES (%s, %s, %s, now() + %s::interval, now() + %s::interval, now() + %s::interval)",
        [kind, status, lease_owner, lease, due, finished],
    )


def _many_quotations(connection: Connection[Any]) -> None:
    """Make an organisation with more quotations than any other test has."""
    organization = connection.execute(
        "INSERT INTO identity.organizations (code, name) VALUES ('BUSY', '바쁜 조직') RETURNING id"
    ).fetchone()
    assert organization is not None
    connection.execute(
        "INSERT INTO estimator.quotes (organization_id, number, revision, request, request_sha256, customer_name, project_name,"
        " locale, currency, quotation_date, valid_until, trace_id, created_by, created_at)"
        " SELECT %s, 'N-' || n, 0, '{}', repeat('0', 64), '한빛', 'LP', 'ko', 'KRW', '2026-11-20', '2026-12-20',"
        " md5(n::text), 'user:test', now() - n * interval '1 minute' FROM generate_series(1, %s::integer) n",
        [organization[0], QUOTATIONS],
    )
    connection.commit()
    connection.execute("ANALYZE estimator.quotes")
