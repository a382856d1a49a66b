"""Operators' commands where there is no installation, or none that is ready."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, BROKEN
from tests.factories.postgres import newest_programs, server

NEEDS_ONE = [
    ("audit", "verify"),
    ("audit", "export", "log.jsonl"),
    ("evidence", "audit"),
    ("admin", "link", "somebody@example.com"),
    ("db", "status"),
    ("db", "diff"),
    ("db", "backup"),
    ("db", "rollback"),
    ("db", "reset", "--yes"),
]
NEEDS_TABLES = NEEDS_ONE[:4]


@pytest.mark.parametrize("words", NEEDS_ONE, ids=" ".join)
def test_looking_makes_no_installation(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("KIS_HOME", str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)

    code = main([*words, "--data", str(tmp_path / "nothing"), "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["code"]) == (BAD_REQUEST, "no_installation")
    assert str(tmp_path / "nothing") in told["message"]
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def empty_database() -> Iterator[str]:
    with server(newest_programs()) as running:
        yield running.address(running.make_database())


@pytest.mark.parametrize("words", NEEDS_TABLES, ids=" ".join)
def test_missing_tables_are_told_with_what_lays_them_down(
    words: tuple[str, ...],
    empty_database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", empty_database)
    monkeypatch.setenv("KIS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    code = main([*words, "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (code, told["code"]) == (BROKEN, "schema_missing")
    assert "kis db push" in told["message"]
