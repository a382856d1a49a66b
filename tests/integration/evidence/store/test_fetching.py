"""``kis evidence`` over packs that the platform keeps: named by their trace ids, taken out as folders."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from psycopg.types.json import Jsonb

from kis.estimator import estimate, load_request, produce
from kis.evidence.store import PackFacts
from tests.integration.conftest import DatabaseUrls
from tests.integration.evidence.store.conftest import House

ROOT = Path(__file__).resolve().parents[4]
NOBODYS = "0" * 32

Kis = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
async def pack(house: House) -> PackFacts:
    """A stored pack of a real quotation."""
    quote_id, trace_id = await house.quotation()
    request = load_request(ROOT / "examples" / "cannot-balance.yaml")
    made = produce(estimate(request), trace_id=trace_id, created_at="2026-11-20T09:00:00Z")
    return await house.store(quote_id, trace_id, made.files, created_at="2026-11-20T09:00:00Z")


@pytest.fixture
def kis(migrated_database: DatabaseUrls, home: Path, tmp_path: Path) -> Kis:
    """The program at a machine of the installation; ``settings`` are variables of its environment."""
    installed = {"DATABASE_URL": migrated_database.app, "KIS_HOME": str(home)}

    def ran(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-P", "-m", "kis", "evidence", *words],
            env={"PYTHONPATH": str(ROOT / "src"), "KIS_LANG": "en", **installed, **settings},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return ran


def entries(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


class TestOfAWholePack:
    async def test_every_command_takes_its_trace_id(self, pack: PackFacts, kis: Kis, tmp_path: Path) -> None:
        before = entries(tmp_path)
        verified = kis("verify", pack.trace_id, "--json")
        assert verified.returncode == 0, verified.stdout + verified.stderr
        told = json.loads(verified.stdout)
        assert told["key"] == pack.key_fingerprint
        (told,) = told["packs"]
        assert (told["path"], told["ok"], told["signed"]["traceId"]) == (pack.trace_id, True, pack.trace_id)
        replayed = kis("replay", pack.trace_id)
        assert replayed.returncode == 0, replayed.stdout + replayed.stderr
        assert replayed.stdout.startswith(f"✓ {pack.trace_id}: ")
        shown = kis("show", pack.trace_id, "--json")
        assert json.loads(shown.stdout)["sha256"] == pack.sha256
        assert entries(tmp_path) == before, "nothing is left behind"

    async def test_a_fetched_one_is_a_folder_like_any_other(
        self, pack: PackFacts, kis: Kis, home: Path, tmp_path: Path
    ) -> None:
        fetched = kis("fetch", pack.trace_id, "--out", "taken/out")
        assert fetched.returncode == 0, fetched.stdout + fetched.stderr
        folder = tmp_path / "taken" / "out" / pack.trace_id
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert files == {file.name for file in pack.files}
        assert list(folder.parent.iterdir()) == [folder]
        # without the installation: with its key alone
        key = str(next((home / "keys").glob("*.pub*")))
        nowhere = {"DATABASE_URL": "", "KIS_HOME": str(tmp_path / "elsewhere")}
        assert kis("verify", str(folder), "--key", key, **nowhere).returncode == 0
        again = kis("fetch", pack.trace_id, "--out", "taken/out")
        assert again.returncode == 2
        assert "is there already" in again.stderr


class TestOfAFaultyPack:
    async def test_a_missing_object_is_named(
        self, pack: PackFacts, kis: Kis, objects: Path, tmp_path: Path
    ) -> None:
        gone = next(file.path for file in pack.files if file.name == "validation.json")
        (objects / gone).unlink()
        for command in (("verify",), ("fetch", "--out", "out")):
            told = kis(*command, pack.trace_id)
            assert told.returncode == 3, told.stdout + told.stderr
            assert "  validation.json: is missing\n" in told.stdout
        assert (tmp_path / "out" / pack.trace_id / "output.json").is_file(), "what is left can be looked at"

    async def test_rows_that_say_something_else_are_named(
        self, pack: PackFacts, kis: Kis, migrated_database: DatabaseUrls
    ) -> None:
        forged = {"gates": "forged"}
        await asyncio.to_thread(_sign_otherwise, migrated_database, pack.trace_id, forged)
        told = kis("verify", pack.trace_id)
        assert told.returncode == 3
        assert "the database says something else about the pack than what was signed" in told.stdout


class TestOfNoPack:
    def test_an_unknown_trace_id_is_bad_input(self, kis: Kis, tmp_path: Path) -> None:
        for command in (("verify",), ("fetch", "--out", str(tmp_path / "taken"))):
            told = kis(*command, NOBODYS)
            assert (told.returncode, told.stdout) == (2, "")
            assert f"there is no evidence pack with the trace id {NOBODYS}" in told.stderr
        assert list((tmp_path / "taken").iterdir()) == []

    def test_without_an_installation_none_is_made(self, kis: Kis, tmp_path: Path) -> None:
        told = kis("verify", NOBODYS, DATABASE_URL="", KIS_HOME=str(tmp_path / "nowhere"))
        assert told.returncode == 2
        assert "no such trace id below out/evidence" in told.stderr
        assert not (tmp_path / "nowhere").exists()


def _sign_otherwise(urls: DatabaseUrls, trace_id: str, signed: object) -> None:
    with psycopg.connect(urls.superuser) as connection:
        connection.execute(
            "SET session_replication_role = replica"
        )  # a pack's row is never changed otherwise
        connection.execute(
            "UPDATE estimator.evidence_packs SET facts = facts || %s WHERE trace_id = %s",
            [Jsonb({"signed": signed}), trace_id],
        )
