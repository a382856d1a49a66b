"""``kis knowledge reindex`` over a real database, with nobody else at work."""

import asyncio
import json
from pathlib import Path

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, DONE
from kis.platform.database import Database
from tests.integration.conftest import DatabaseUrls


@pytest.fixture
def articles(fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """An installation with two articles; return how many."""
    monkeypatch.setenv("DATABASE_URL", fresh_database.app)
    monkeypatch.setenv("KIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KIS_LANG", "en")
    for module in ("knowledge_files", "knowledge_reindex"):
        monkeypatch.setattr(f"kis.cli.commands.{module}.PATIENCE_SECONDS", 0.0)
    asyncio.run(_organization(fresh_database.app))
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.ko.md").write_text(f"---\ntitle: 글 {name}\n---\n차단기", encoding="utf-8")
    assert main(["knowledge", "import", str(folder), "--json"]) == DONE
    return 2


async def _organization(url: str) -> None:
    from kis.identity.models import Organization

    database = Database(url, pool_size=1)
    async with database.service() as session:
        session.add(Organization(code="INDEX", name="Index"))
    await database.close()


def test_indexes_all_or_one_source_and_says_how_many(
    articles: int, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["knowledge", "reindex", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert (told["status"], told["total"], told["done"]) == ("done", articles, articles)
    assert main(["knowledge", "reindex", "--source", "quotation", "--everywhere"]) == DONE
    assert "Indexed 0 things anew." in capsys.readouterr().out
    assert main(["knowledge", "reindex", "--source", "novel"]) == BAD_REQUEST
