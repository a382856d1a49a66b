"""``kis knowledge import`` and ``export`` over a real database, with nobody else at work."""

import asyncio
import json
from pathlib import Path

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, BROKEN, DONE, GATE_FAILS
from kis.platform.database import Database
from tests.integration.conftest import DatabaseUrls

CODE = "FILES"


@pytest.fixture
def folder(fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app)
    monkeypatch.setenv("KIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KIS_LANG", "en")
    monkeypatch.setattr("kis.cli.commands.knowledge_files.PATIENCE_SECONDS", 0.0)
    asyncio.run(organization(fresh_database.app))
    articles = tmp_path / "articles"
    (articles / "panels").mkdir(parents=True)
    (articles / "panels" / "a.ko.md").write_text(
        "---\ntitle: 하나\nstatus: published\n---\n글", encoding="utf-8"
    )
    (articles / "panels" / "b.ko.md").write_text("---\ntitle: 둘\n---\n글", encoding="utf-8")
    return articles


async def organization(url: str) -> None:
    from kis.identity.models import Organization

    database = Database(url, pool_size=1)
    async with database.service() as session:
        session.add(Organization(code=CODE, name="Files"))
    await database.close()


class TestImport:
    def test_imports_a_folder_and_again_without_a_difference(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["knowledge", "import", str(folder), "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["outcomes"] == {"created": 3}
        report = tmp_path / "report.csv"
        assert main(["knowledge", "import", str(folder), "--publish", "--report", str(report)]) == DONE
        shown = capsys.readouterr().out
        assert "updated" in shown
        assert "unchanged" in shown
        assert "panels/b.ko.md,updated" in report.read_text(encoding="utf-8-sig")
        assert main(["knowledge", "import", str(folder), "--organization", CODE, "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["outcomes"] == {"unchanged": 3}

    def test_says_what_is_wrong_with_a_file_and_ends_with_3(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "panels" / "c.ko.md").write_text("---\ntype: novel\n---\n글", encoding="utf-8")
        assert main(["knowledge", "import", str(folder)]) == GATE_FAILS
        assert "panels/c.ko.md:2 type" in capsys.readouterr().out

    def test_tries_without_writing_and_leaves_what_is_there_where_that_is_wanted(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (folder / "panels" / "new.ko.md").write_text("# 처음 온 글\n\n본문", encoding="utf-8")
        assert main(["knowledge", "import", str(folder), "--keep", "--dry-run"]) == DONE
        tried = capsys.readouterr().out
        assert main(["knowledge", "import", str(folder), "--keep", "--json"]) == DONE
        assert "nothing was written" in tried
        assert json.loads(capsys.readouterr().out)["outcomes"] == {"created": 4}
        (folder / "panels" / "new.ko.md").write_text("# 고친 글\n\n본문", encoding="utf-8")
        assert main(["knowledge", "import", str(folder), "--keep", "--json"]) == DONE
        assert json.loads(capsys.readouterr().out)["outcomes"] == {"unchanged": 1, "skipped": 3}

    def test_refuses_a_form_that_is_not_read_as_a_wrong_argument(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        program = folder / "program.exe"
        program.write_bytes(b"MZ\x00\x00")
        assert main(["knowledge", "import", str(program), "--json"]) == BAD_REQUEST
        (problem,) = json.loads(capsys.readouterr().out)["problems"]
        assert problem["path"] == str(program)

    def test_refuses_what_is_not_there(self, folder: Path) -> None:
        assert main(["knowledge", "import", str(folder / "nothing")]) == BAD_REQUEST
        assert main(["knowledge", "import", str(folder), "--organization", "NOBODY"]) in (BAD_REQUEST, BROKEN)


class TestExport:
    def test_writes_a_file_by_its_ending(
        self, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["knowledge", "import", str(folder)]) == DONE
        assert main(["knowledge", "export", str(tmp_path / "out.json")]) == DONE
        told = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
        assert [one["slug"] for one in told["articles"]] == ["a", "b"]
        assert "2 articles written" in capsys.readouterr().out
        assert main(["knowledge", "export", str(tmp_path / "one.json"), "--published"]) == DONE
        told = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))
        assert [one["slug"] for one in told["articles"]] == ["a"]
        assert main(["knowledge", "export", str(tmp_path / "out.xyz")]) == BAD_REQUEST
