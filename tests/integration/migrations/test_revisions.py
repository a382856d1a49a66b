"""Every revision forward, back and forward again, on both servers, with rows in every table."""

import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from psycopg import Connection
from sqlalchemy import create_engine

from kis.migrations import (
    Kind,
    difference,
    head,
    lint,
    pending,
    prepare_sql,
    push,
    rollback,
    sql_files,
    status,
)
from kis.migrations.errors import Irreversible, MigrationFailed
from kis.migrations.metadata import METADATA
from kis.migrations.schemas import SCHEMAS, VECTOR_INDEXES
from tests.factories.postgres import Server, older_programs, server
from tests.factories.rows import fill, run
from tests.integration.migrations.conftest import Migrated
from tests.integration.migrations.shape import shape_of, tables_of

REVISIONS = [name.removeprefix("migrations/").removesuffix(".sql") for name in sql_files() if "/" in name]
KEEPING_ROWS = {"0005_functions", "0006_triggers", "0007_row_level_security", "0009_vectors"}
"""Revisions that make no table: taken back and applied again they lose nothing."""


@pytest.fixture
def empty(either: Server) -> str:
    """The address of a database without anything."""
    return either.address(either.make_database())


class Finished(NamedTuple):
    """A database with every revision, to be copied, and what they made."""

    name: str
    shape: set[tuple[str, ...]]


@pytest.fixture(scope="module")
def finished() -> Callable[[Server], Finished]:
    """Return the finished database of a server, made once."""

    @cache
    def made(where: Server) -> Finished:
        name = where.make_database()
        push(where.address(name))
        with psycopg.connect(where.address(name)) as connection:
            return Finished(name, shape_of(connection))

    return made


@pytest.fixture
def shape(either: Server, finished: Callable[[Server], Finished]) -> set[tuple[str, ...]]:
    """What all revisions make."""
    return finished(either).shape


@pytest.fixture
def url(either: Server, finished: Callable[[Server], Finished]) -> str:
    """The address of a database with every revision."""
    return either.address(either.make_database(template=finished(either).name))


def rows_of(connection: Connection[Any]) -> dict[str, str]:
    return {
        name: str(run(connection, "SELECT array_agg(r::text ORDER BY r::text) FROM {} AS r", name).fetchone())
        for name in METADATA.tables
    }


def test_all_of_them_are_applied_once(empty: str) -> None:
    assert [revision.name for revision in pending(empty)] == REVISIONS

    assert [revision.name for revision in push(empty)] == REVISIONS

    assert pending(empty) == []
    assert push(empty) == []
    assert REVISIONS[-1] == head()
    assert all(revision.is_applied for revision in status(empty))


@pytest.mark.parametrize("steps", range(1, len(REVISIONS) + 1))
def test_the_newest_are_taken_back_and_applied_again_over_rows(
    url: str, shape: set[tuple[str, ...]], steps: int
) -> None:
    with psycopg.connect(url) as connection:
        fill(connection)
        before = rows_of(connection)

    taken = [revision.name for revision in rollback(url, steps)]
    assert taken == REVISIONS[::-1][:steps]
    assert len(pending(url)) == steps
    push(url)

    with psycopg.connect(url) as connection:
        assert shape_of(connection) == shape
        if set(taken) <= KEEPING_ROWS:
            assert rows_of(connection) == before
        fill(connection)


def test_taking_all_back_leaves_nothing(url: str) -> None:
    rollback(url, len(REVISIONS))

    with psycopg.connect(url) as connection:
        left = shape_of(connection)
    assert {row[:3] for row in left} <= {
        (kind, "public", "alembic_version") for kind in ("column", "constraint", "index", "security")
    }


def test_more_than_there_is_is_not_taken_back(empty: str) -> None:
    with pytest.raises(Irreversible):
        rollback(empty)


def test_the_plain_sql_makes_the_same(
    either: Server, url: str, shape: set[tuple[str, ...]], tmp_path: Path
) -> None:
    assert url
    for way in ("each", "whole"):
        address = either.address(either.make_database())
        files = {name: text for name, text in sql_files().items() if ("/" in name) == (way == "each")}
        files.pop("policies.sql", None)
        for name, text in files.items():
            path = tmp_path / name.replace("/", "-")
            path.write_text(text, encoding="utf-8")
            psql(either, address, path)

        with psycopg.connect(address) as connection:
            assert shape_of(connection) == shape
        assert pending(address) == []


def test_the_models_and_the_database_agree(either: Server, url: str, shape: set[tuple[str, ...]]) -> None:
    """Alembic compares columns and keys; the tables that the models make themselves tell also defaults, checks and conditions of indexes."""
    assert difference(url) == []
    made = either.address(either.make_database())
    engine = create_engine(made.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
        METADATA.create_all(connection)
    engine.dispose()

    with psycopg.connect(made) as from_models:
        expected = tables_of(from_models)
    migrated = {
        row
        for row in shape
        if row[0] in {"column", "constraint", "index"} and row[1] != "public" and VECTOR_INDEXES not in row[3]
    }
    assert migrated == expected


def test_a_column_that_is_missing_is_told(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("ALTER TABLE estimator.quotes DROP COLUMN failure")

    assert len(difference(url)) == 1


def test_a_database_of_a_newer_release_is_refused(url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE public.alembic_version SET version_num = '9999_from_the_future'")

    with pytest.raises(MigrationFailed):
        push(url)


def test_a_revision_that_fails_leaves_nothing_of_itself(empty: str) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE SCHEMA identity CREATE TABLE users (taken integer)")

    with pytest.raises(MigrationFailed):
        push(empty)

    assert [revision.name for revision in status(empty) if revision.is_applied] == ["0001_roles_and_schemas"]
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT to_regclass('identity.organizations')").fetchone() == (None,)


def test_two_programs_that_start_at_once_apply_them_once(newest: Server) -> None:
    address = newest.address(newest.make_database())
    with ThreadPoolExecutor(2) as pool:
        applied = [len(done) for done in pool.map(push, [address] * 2)]

    assert sorted(applied) == [0, len(REVISIONS)]


def test_the_application_itself_can_tell_what_is_pending(database: Migrated) -> None:
    assert pending(database.server.address(database.name, user="kis_app")) == []


def test_the_linter_finds_nothing() -> None:
    assert lint() == []


def test_every_revision_says_when_it_is_applied(database: Migrated) -> None:
    assert {revision.kind for revision in status(database.url)} <= set(Kind)


def psql(where: Server, address: str, file: Path) -> None:
    subprocess.run(
        [
            str(where.programs / "psql"),
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            f"--file={file}",
            address,
        ],
        check=True,
        capture_output=True,
    )


class TestAServerOfOnesOwn:
    """Nobody here is a superuser but whoever prepares it."""

    @pytest.fixture(scope="class")
    @staticmethod
    def bare() -> Iterator[Server]:
        with server(older_programs()) as running:
            yield running

    def test_names_the_roles_it_lacks(self, bare: Server) -> None:
        with psycopg.connect(bare.address(), autocommit=True) as connection:
            connection.execute("CREATE ROLE somebody LOGIN")
        address = bare.address(bare.make_database(owner="somebody"), user="somebody")

        with pytest.raises(MigrationFailed) as failed:
            push(address)

        assert all(
            name in str(failed.value) for name in ("anon", "authenticated", "service_role", "prepare-sql")
        )

    def test_is_prepared_by_the_sql_for_it(self, bare: Server, tmp_path: Path) -> None:
        file = tmp_path / "prepare.sql"
        file.write_text(prepare_sql(), encoding="utf-8")
        for _ in range(2):
            psql(bare, bare.address(), file)

        owner = bare.address("kis", user="kis_owner")
        push(owner)

        assert pending(bare.address("kis", user="kis_app")) == []
        with psycopg.connect(bare.address("kis", user="kis_app")) as connection:
            connection.execute("SET ROLE service_role")
            made = fill(connection)
            connection.execute(
                "SELECT set_config('role', 'authenticated', true), set_config('kis.organization_id', %s, true)",
                (str(uuid4()),),
            )
            assert connection.execute("SELECT count(*) FROM estimator.quotes").fetchone() == (0,)
        assert made
        with psycopg.connect(owner) as connection:
            passing = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolbypassrls AND rolname <> 'postgres'"
            ).fetchall()
        assert passing == []
