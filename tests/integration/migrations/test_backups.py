"""Backups: proved when made, refused when altered, restored whole or not at all."""

import json
import os
import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from kis.migrations import (
    backup,
    difference,
    drop_everything,
    is_empty,
    push,
    push_with_backup,
    read_manifest,
    restore,
    rollback,
)
from kis.migrations import programs as program_module
from kis.migrations.backups import manifest_path
from kis.migrations.errors import BackupFailed, NoPrograms, NotEmpty
from kis.migrations.metadata import METADATA
from tests.factories.postgres import Server
from tests.factories.rows import fill, run
from tests.integration.migrations.conftest import Migrated
from tests.integration.migrations.shape import shape_of

SECRET = "hunter2"


@pytest.fixture(scope="module")
def kept(newest: Server, template: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Migrated, Path]:
    """A database and its backup, for tests that change neither."""
    made = Migrated(newest, newest.make_database(template=template))
    with made.connect() as connection:
        fill(connection)
        fill(connection)
    return made, backup(made.url, tmp_path_factory.mktemp("kept"))[0]


@pytest.fixture
def copied(kept: tuple[Migrated, Path]) -> Migrated:
    """A copy of the database that was kept, to be changed."""
    source, _ = kept
    return Migrated(source.server, source.server.make_database(template=source.name))


def contents(url: str) -> dict[str, Any]:
    with psycopg.connect(url) as connection:
        rows = {
            name: run(connection, "SELECT array_agg(r::text ORDER BY r::text) FROM {} AS r", name).fetchone()
            for name in METADATA.tables
        }
        return {"rows": rows, "shape": shape_of(connection)}


def test_brings_every_row_and_rule_back(kept: tuple[Migrated, Path], newest: Server) -> None:
    source, path = kept
    empty = newest.address(newest.make_database())

    manifest = restore(empty, path)

    assert manifest == read_manifest(path)
    assert manifest.rows["estimator.quotes"] == 2
    assert manifest.checked_at
    assert contents(empty) == contents(source.url)
    assert difference(empty) == []
    with psycopg.connect(empty) as connection:
        fill(connection)


def test_goes_from_one_release_of_the_server_to_a_newer_one(
    older: Server, newest: Server, tmp_path: Path
) -> None:
    source, target = older.address(older.make_database()), newest.address(newest.make_database())
    push(source)
    with psycopg.connect(source) as connection:
        fill(connection)

    path, _ = backup(source, tmp_path)
    restore(target, path)

    assert contents(target)["rows"] == contents(source)["rows"]


def test_sees_all_rows_as_an_owner_that_is_held_by_the_policies(newest: Server, tmp_path: Path) -> None:
    owner = f"owner_{uuid4().hex[:8]}"
    with psycopg.connect(newest.address(), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {owner} LOGIN".encode())
        connection.execute(f"GRANT anon, authenticated, service_role TO {owner}".encode())
    url = newest.address(newest.make_database(owner=owner), user=owner)
    push(url)
    with psycopg.connect(url) as connection:
        connection.execute("SET ROLE service_role")
        fill(connection)

    path, manifest = backup(url, tmp_path)
    assert manifest.rows["estimator.quotes"] == 1

    target = newest.address(newest.make_database(owner=owner), user=owner)
    restore(target, path)
    restore(target, path, replace=True)
    assert rollback(target, 1)


def test_that_was_altered_is_refused(kept: tuple[Migrated, Path], newest: Server, tmp_path: Path) -> None:
    empty = newest.address(newest.make_database())
    path = tmp_path / "altered.dump"
    shutil.copy(kept[1], path)
    with pytest.raises(BackupFailed, match="manifest"):
        restore(empty, path)
    shutil.copy(manifest_path(kept[1]), manifest_path(path))
    with path.open("r+b") as file:
        file.seek(-10, os.SEEK_END)
        file.write(b"x")

    with pytest.raises(BackupFailed, match="SHA-256"):
        restore(empty, path)

    assert is_empty(empty)


def test_is_not_restored_over_rows_unless_that_is_said(kept: tuple[Migrated, Path], copied: Migrated) -> None:
    before = contents(copied.url)
    with copied.connect() as connection:
        fill(connection)

    with pytest.raises(NotEmpty):
        restore(copied.url, kept[1])
    restore(copied.url, kept[1], replace=True)

    assert contents(copied.url) == before


def test_that_fails_on_the_way_leaves_what_was_there(kept: tuple[Migrated, Path], copied: Migrated) -> None:
    with copied.connect() as connection:
        fill(connection)
        # somebody's own view hangs on what a restore replaces
        connection.execute("CREATE VIEW public.mine AS SELECT public.check_sha256('')")
    before = contents(copied.url)

    with pytest.raises(BackupFailed):
        restore(copied.url, kept[1], replace=True)

    assert contents(copied.url) == before


def test_that_cannot_be_proved_is_not_kept(
    copied: Migrated, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = iter([{"estimator.quotes": 3}, {"estimator.quotes": 2}])
    monkeypatch.setattr("kis.migrations.backups._rows", lambda _connection: next(rows))

    with pytest.raises(BackupFailed, match=r"estimator\.quotes: 3 ≠ 2"):
        backup(copied.url, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_does_not_show_a_password(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    programs = program_module.programs_for(18)
    with pytest.raises(BackupFailed) as failed:
        programs.run("pg_dump", "--dbname=host=/nowhere user=x", f"--file={tmp_path}/x", password=SECRET)

    assert SECRET not in str(failed.value)
    monkeypatch.setattr(program_module, "_folders", list)
    with pytest.raises(NoPrograms):
        program_module.programs_for(18)


class TestPushing:
    def test_makes_no_backup_of_an_empty_database(self, newest: Server, tmp_path: Path) -> None:
        pushed = push_with_backup(newest.address(newest.make_database()), tmp_path)

        assert (len(pushed.applied), pushed.backup) == (13, None)

    def test_makes_a_backup_before_it_changes_rows(self, copied: Migrated, tmp_path: Path) -> None:
        rollback(copied.url)

        pushed = push_with_backup(copied.url, tmp_path)

        assert [revision.name for revision in pushed.applied] == ["0013_assistant"]
        assert pushed.backup is not None
        assert json.loads(manifest_path(pushed.backup).read_text())["migration"] == "0012_article_views"

    def test_makes_none_where_nothing_is_pending(self, copied: Migrated, tmp_path: Path) -> None:
        assert push_with_backup(copied.url, tmp_path).backup is None


def test_everything_can_be_dropped_and_laid_anew(copied: Migrated) -> None:
    with copied.connect() as connection:
        before = shape_of(connection)
        connection.execute("CREATE TABLE public.other (id integer)")
    drop_everything(copied.url)
    assert is_empty(copied.url)

    push(copied.url)

    with copied.connect() as connection:
        assert connection.execute("SELECT to_regclass('public.other') IS NOT NULL").fetchone() == (True,)
        connection.execute("DROP TABLE public.other")
        assert shape_of(connection) == before
