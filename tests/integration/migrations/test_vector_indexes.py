"""Indexes that need pgvector: made where it is and wherever it lives, left out where it is not, made later when it comes later."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from kis.migrations import backup, difference, pending, push, restore, rollback
from kis.migrations.schemas import VECTOR_INDEXES
from tests.factories.postgres import Server

LENGTHS = [384, 512, 768, 1024, 1536]


def lengths_indexed(url: str) -> list[int]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT i.indexdef FROM pg_indexes AS i JOIN pg_class AS c ON c.relname = i.indexname JOIN pg_index AS x ON x.indexrelid = c.oid "
            "WHERE i.schemaname = 'knowledge' AND starts_with(i.indexname, %s) AND x.indisvalid",
            (VECTOR_INDEXES,),
        ).fetchall()
    lengths = [int(definition.rpartition("dimensions = ")[2].rstrip(")")) for (definition,) in found]
    assert all("hnsw" in definition and "vector_cosine_ops" in definition for (definition,) in found)
    return sorted(lengths)


def execute(url: str, *statements: str) -> list[str]:
    """Run statements and return what the server notes."""
    noted: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.add_notice_handler(lambda note: noted.append(str(note.message_primary)))
        for statement in statements:
            connection.execute(statement.encode())
    return noted


@pytest.fixture
def with_pgvector(newest: Server) -> str:
    """The address of an empty database of a server that has the extension."""
    return newest.address(newest.make_database())


def rolled_back_before_vectors(url: str) -> str:
    """Take revisions back up to and with the one that makes the indexes; return its name."""
    names = [revision.name for revision in rollback(url)]
    while names and names[-1] != "0009_vectors":
        names += [revision.name for revision in rollback(url)]
    return names[-1]


def test_are_made_where_the_extension_is(with_pgvector: str) -> None:
    push(with_pgvector)

    assert lengths_indexed(with_pgvector) == LENGTHS
    assert difference(with_pgvector) == []


def test_are_left_out_by_name_where_it_is_not(older: Server) -> None:
    url = older.address(older.make_database())
    push(url)

    noted = execute(url, "SELECT knowledge.index_vectors()")

    assert lengths_indexed(url) == []
    assert difference(url) == []
    assert len(noted) == 1
    assert all(word in noted[0] for word in ("vector", "skipped", *map(str, LENGTHS)))


def test_are_made_when_the_extension_appears_between_back_and_forth(with_pgvector: str) -> None:
    push(with_pgvector)
    execute(with_pgvector, "DROP EXTENSION vector CASCADE")  # takes the indexes along
    assert lengths_indexed(with_pgvector) == []

    assert rolled_back_before_vectors(with_pgvector) == "0009_vectors"
    push(with_pgvector)
    assert lengths_indexed(with_pgvector) == []
    rolled_back_before_vectors(with_pgvector)
    execute(with_pgvector, "CREATE EXTENSION vector")
    push(with_pgvector)

    assert lengths_indexed(with_pgvector) == LENGTHS
    rolled_back_before_vectors(with_pgvector)
    assert lengths_indexed(with_pgvector) == []
    assert pending(with_pgvector)[0].name == "0009_vectors"


def test_are_made_by_the_owner_when_the_extension_comes_later(with_pgvector: str) -> None:
    push(with_pgvector)
    execute(with_pgvector, "DROP EXTENSION vector CASCADE", "CREATE EXTENSION vector")

    for _ in range(2):
        execute(with_pgvector, "SELECT knowledge.index_vectors()")

    assert lengths_indexed(with_pgvector) == LENGTHS


@pytest.mark.parametrize("home", ["extensions", "Of Its Own"])
def test_find_the_extension_in_another_schema(with_pgvector: str, home: str) -> None:
    execute(with_pgvector, f'CREATE SCHEMA "{home}"', f'CREATE EXTENSION vector SCHEMA "{home}"')

    push(with_pgvector)

    assert lengths_indexed(with_pgvector) == LENGTHS
    assert difference(with_pgvector) == []


def test_come_back_with_a_restore_wherever_the_extension_was(
    newest: Server, with_pgvector: str, tmp_path: Path
) -> None:
    execute(with_pgvector, "CREATE SCHEMA extensions", "CREATE EXTENSION vector SCHEMA extensions")
    push(with_pgvector)
    path, _ = backup(with_pgvector, tmp_path)
    target = newest.address(newest.make_database())

    restore(target, path)

    assert lengths_indexed(target) == LENGTHS
    assert home_of_extension(target) == "public"
    restore(target, path, replace=True)
    assert lengths_indexed(target) == LENGTHS


def test_only_the_owner_makes_them(with_pgvector: str) -> None:
    push(with_pgvector)
    with psycopg.connect(with_pgvector) as connection:
        connection.execute("SET ROLE authenticated")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT knowledge.index_vectors()")


def home_of_extension(url: str) -> Any:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'vector'"
        ).fetchone()
    return found and found[0]
