"""``kis db`` as an operator uses it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, BROKEN, DONE, GATE_FAILS
from kis.migrations import is_empty
from tests.factories.postgres import Server
from tests.factories.rows import fill

Kis = Callable[..., tuple[int, Any]]


@pytest.fixture
def url(newest: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    address = newest.address(newest.make_database())
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("KIS_HOME", str(tmp_path))
    return address


@pytest.fixture
def kis(url: str, capsys: pytest.CaptureFixture[str]) -> Kis:
    """Run ``kis db`` with ``--json`` and return its exit code and what it told."""
    assert url

    def run(*words: str) -> tuple[int, Any]:
        code = main(["db", *words, "--json"])
        return code, json.loads(capsys.readouterr().out)

    return run


def test_an_empty_database_is_made_ready_without_a_backup(kis: Kis, url: str) -> None:
    assert is_empty(url)
    assert kis("status")[1]["pending"] == 13

    code, told = kis("push")

    assert (code, told["backup"], len(told["applied"])) == (DONE, None, 13)
    assert kis("status")[1]["pending"] == 0
    assert kis("diff") == (DONE, {"findings": []})
    assert kis("push") == (DONE, {"backup": None, "applied": []})


def test_a_difference_is_told_by_the_exit_code(kis: Kis, url: str) -> None:
    kis("push")
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE shared.stray (id integer)")
        connection.execute("ALTER TABLE shared.outbox DROP COLUMN sent_at CASCADE")
        connection.execute("ALTER TABLE shared.outbox ADD COLUMN more text")
        connection.execute("ALTER TABLE shared.outbox ALTER COLUMN topic TYPE bytea USING topic::bytea")
        connection.execute("ALTER TABLE shared.outbox ALTER COLUMN topic DROP NOT NULL")

    code, told = kis("diff")
    korean = kis("diff", "--lang", "ko")[1]["findings"]

    assert code == GATE_FAILS
    assert {
        "shared.stray: extra table",
        "shared.outbox.sent_at: missing column",
        "shared.outbox.ix_outbox_waiting: missing index",
        "shared.outbox.more: extra column",
        "shared.outbox.topic: other type: BYTEA instead of VARCHAR",
        "shared.outbox.topic: allows NULL and should not",
    } <= set(kis("diff", "--lang", "en")[1]["findings"])
    assert "shared.stray: 남는 것(테이블)" in korean
    assert len(korean) == len(told["findings"])


def test_rows_come_back_and_what_they_replace_is_kept(kis: Kis, url: str) -> None:
    kis("push")
    with psycopg.connect(url) as connection:
        fill(connection)
    _, made = kis("backup")
    with psycopg.connect(url) as connection:
        fill(connection)

    refused, _ = kis("restore", made["path"])
    code, told = kis("restore", made["path"], "--force")

    assert refused == BROKEN
    assert code == DONE
    assert Path(told["backup"]).is_file()
    assert told["rows"] == made["rows"]
    assert told["rows"]["estimator.quotes"] == 1
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM estimator.quotes").fetchone() == (1,)


@pytest.mark.parametrize(
    "words",
    [("reset", "--yes"), ("rollback",), ("restore", "BACKUP", "--force")],
    ids=lambda words: str(words[0]),
)
def test_production_loses_nothing(
    kis: Kis, url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: tuple[str, ...]
) -> None:
    kis("push")
    monkeypatch.setattr("kis.migrations.read_manifest", lambda _path: None)
    monkeypatch.setenv("APP_ENV", "production")

    code, told = kis(*(str(tmp_path / word) if word == "BACKUP" else word for word in words))

    assert (code, told["code"]) == (BROKEN, "refused_in_production")
    assert not is_empty(url)


def test_everything_goes_only_when_that_is_said(kis: Kis, url: str) -> None:
    kis("push")
    with psycopg.connect(url) as connection:
        fill(connection)

    assert kis("reset")[1]["code"] == "not_confirmed"
    assert kis("reset", "--yes")[0] == DONE

    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM estimator.quotes").fetchone() == (0,)


def test_the_sql_is_written_without_a_database(
    kis: Kis, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/nowhere?host=/nowhere")
    (tmp_path / "migrations").mkdir()
    (tmp_path / "migrations" / "0042_withdrawn.sql").touch()

    code, told = kis("sql", str(tmp_path))

    assert code == DONE
    assert sorted(Path(file).name for file in told["files"])[-2:] == ["policies.sql", "schema.sql"]
    assert not (tmp_path / "migrations" / "0042_withdrawn.sql").exists()


def test_a_database_that_does_not_answer_is_told_calmly(kis: Kis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hunter2@/nowhere?host=/nowhere")

    code, told = kis("status")

    assert (code, told["code"]) == (BROKEN, "database_unreachable")
    assert "hunter2" not in json.dumps(told)


def test_a_name_for_a_revision_is_checked(kis: Kis) -> None:
    code, told = kis("new", "Bad Name", "--kind", "pre")

    assert (code, told["code"]) == (BAD_REQUEST, "bad_revision_name")
