import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kis.platform.database import Database
from tests.integration.conftest import DatabaseUrls
from tests.integration.evidence.store.conftest import House


@pytest.fixture
async def database(fresh_database: DatabaseUrls) -> AsyncIterator[Database]:
    made = Database(fresh_database.app, pool_size=2)
    yield made
    await made.close()


def _kis(urls: DatabaseUrls, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    source = Path(__file__).parents[4] / "src"
    environment = {
        "PYTHONPATH": str(source),
        "DATABASE_URL": urls.app,
        "KIS_HOME": str(home),
        "KIS_LANG": "en",
    }
    command = [sys.executable, "-m", "kis", "evidence", "audit", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


async def test_audit_names_what_is_wrong_and_fails(
    house: House, objects: Path, fresh_database: DatabaseUrls, home: Path
) -> None:
    pack = await house.pack()
    whole = _kis(fresh_database, home)
    assert (whole.returncode, whole.stdout) == (0, "✓ 1 pack(s) with 8 object(s), all as they were signed.\n")
    gone = next(file.path for file in pack.files if file.name == "visual.svg")
    (objects / gone).unlink()
    broken = _kis(fresh_database, home)
    assert broken.returncode == 3
    assert f"  {pack.trace_id}/visual.svg: is missing [{gone}]\n" in broken.stdout
    told = _kis(fresh_database, home, "--json")
    assert told.returncode == 3
    assert json.loads(told.stdout) == {
        "ok": False,
        "packs": 1,
        "objects": 8,
        "removed": 0,
        "findings": [
            {"kind": "pack", "path": f"{pack.trace_id}/visual.svg", "message": f"is missing [{gone}]"}
        ],
    }
