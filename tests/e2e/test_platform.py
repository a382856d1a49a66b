"""The platform from end to end: one ``kis up`` on an empty folder, asked from outside, and the journey of the README walked on it."""

import hashlib
import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import psycopg
import pytest
from markdown_it import MarkdownIt

from kis.platform.configuration import StorageSettings
from kis.platform.embedded import join
from kis.platform.storage import open_store
from tests.factories.installation import Installation, installation

ROOT: Final = Path(__file__).resolve().parents[2]
ADMINISTRATOR: Final = "admin@localhost"
BUCKET: Final = "evidence"
OF_A_RUNNING_PLATFORM: Final = re.compile(r"\$KIS/|^\./kis assistant chat\b", re.MULTILINE)


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation, the same for all of these tests."""
    with installation(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def database(platform: Installation) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the application's own role, doing the program's own work."""
    running = join(platform.data)
    assert running is not None
    with psycopg.connect(running.app_url) as connection:
        connection.execute("SET ROLE service_role")
        yield connection


def one(connection: psycopg.Connection[Any], question: str) -> Any:
    row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


class TestPlatform:
    def test_database_answers(self, database: psycopg.Connection[Any]) -> None:
        assert one(database, "SELECT 1") == 1

    def test_time_is_utc_wherever_it_is_told(
        self, platform: Installation, database: psycopg.Connection[Any]
    ) -> None:
        told = httpx2.get(f"{platform.url}/readyz").json()["ts"]
        assert told.endswith("Z")
        assert abs(datetime.fromisoformat(told) - datetime.now(UTC)) < timedelta(minutes=1)
        stored = one(database, "SELECT max(created_at) FROM shared.audit_logs")
        assert timedelta(0) <= datetime.now(UTC) - stored < timedelta(minutes=30)

    async def test_storage_gives_back_what_it_was_given(self, platform: Installation) -> None:
        secret = (platform.data / "keys" / "secret").read_bytes()
        store = open_store(StorageSettings(), data=platform.data, secret=secret, public_url=platform.url)
        content = os.urandom(100_000)
        digest = hashlib.sha256(content).hexdigest()
        path = f"readyz/{digest}.txt"
        try:
            await store.put(path, content, media_type="text/plain")
            assert hashlib.sha256(await store.get(path)).hexdigest() == digest
            link = await store.signed_url(
                path, seconds=60, filename="round trip.txt", media_type="text/plain"
            )
            async with httpx2.AsyncClient() as client:
                served = await client.get(link)
            assert hashlib.sha256(served.content).hexdigest() == digest
        finally:
            await store.delete(path)
            await store.close()

    def test_evidence_blobs_are_there_and_belong_to_organisations(
        self, database: psycopg.Connection[Any]
    ) -> None:
        assert one(
            database,
            "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = 'estimator.evidence_blobs'::regclass",
        )
        assert one(database, "SELECT count(*) FROM estimator.evidence_blobs") >= 0

    def test_bucket_is_there_and_private(self, platform: Installation) -> None:
        bucket = platform.data / "objects" / BUCKET
        assert bucket.is_dir()
        assert stat.S_IMODE(bucket.stat().st_mode) == 0o700

    def test_health_in_detail_is_healthy(self, database: psycopg.Connection[Any]) -> None:
        told = one(database, "SELECT public.health_check_detailed()")
        assert told["status"] == "healthy", told
        assert told["tables_without_row_level_security"] == 0

    def test_readyz_vouches_for_all_parts(self, platform: Installation) -> None:
        answer = httpx2.get(f"{platform.url}/readyz")
        assert answer.status_code == 200
        told = answer.json()
        assert {name: told[name] for name in ("status", "db", "storage", "migrations")} == {
            "status": "ok",
            "db": "ok",
            "storage": "ok",
            "migrations": "ok",
        }


class TestJourneyOfTheReadme:
    def test_runs_as_it_is_written(self, platform: Installation, tmp_path: Path) -> None:
        for name in ("kis", "examples", "docs"):
            (tmp_path / name).symlink_to(ROOT / name)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "KIS_HOME": str(platform.data),
            "KIS_LANG": "en",
            "LANG": "C.UTF-8",
            "COLUMNS": "200",
            "PYTHONPATH": str(ROOT / "src"),
        }
        script = _journey(platform.url, _one_time_token(environment))
        ended = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=480,
            check=False,
        )
        assert ended.returncode == 0, f"{ended.stdout}\n{ended.stderr}"
        assert "event: DONE" in ended.stdout
        assert '"known":true' in ended.stdout
        assert "signature, hashes, shape, verdicts and sums all hold" in ended.stdout
        assert (tmp_path / "quotation.pdf").read_bytes().startswith(b"%PDF-")
        # Three titles without spaces, three on the wrong keyboard layout: the same article first.
        titles = [line for line in ended.stdout.splitlines() if line.startswith('"title":')]
        assert len(titles) == 6
        assert titles[0] == titles[3] == '"title":"차단기 용량 선정"'
        # The assistant's answer, the last of all, cites a page of the part's data sheet.
        answer = ended.stdout.rpartition('"title":')[2]
        assert re.search(r"\d+ ?kA", answer)
        assert "[1]" in answer
        assert "ABN-53" in answer


class TestStopped:
    """Last in this file: nothing runs afterwards."""

    def test_its_evidence_is_looked_at_all_the_same(self, platform: Installation) -> None:
        platform.stop()
        assert join(platform.data) is None
        told = platform.audit()
        assert told["exit_code"] == 0, told
        assert json.loads(told["answer"])["ok"]


def _journey(url: str, token: str) -> str:
    """Return the blocks of the README about a running platform, with this installation's address and token in place of the example's."""
    tokens = MarkdownIt("commonmark").parse((ROOT / "README.md").read_text(encoding="utf-8"))
    blocks = [
        token.content
        for token in tokens
        if token.type == "fence" and OF_A_RUNNING_PLATFORM.search(token.content)
    ]
    assert len(blocks) == 3
    own = {"KIS=": f"KIS={url}", "ONE_TIME=": f"ONE_TIME={token}"}
    lines = "".join(blocks).splitlines()
    assert all(sum(line.startswith(name) for line in lines) == 1 for name in own)
    return "\n".join(
        next((its for name, its in own.items() if line.startswith(name)), line) for line in lines
    )


def _one_time_token(environment: dict[str, str]) -> str:
    """Return what an operator at the machine gives to an administrator."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "kis", "admin", "link", ADMINISTRATOR, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return str(json.loads(made.stdout)["token"])
