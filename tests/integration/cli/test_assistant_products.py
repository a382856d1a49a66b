"""``kis assistant import`` and ``lint`` over a real database, with nobody else at work."""

import asyncio
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, DONE, GATE_FAILS
from kis.platform.database import Database
from tests.integration.conftest import DatabaseUrls

BRAND = {"id": "acme", "name": "Acme"}
ONE = {
    "id": "acme-one",
    "name": "Acme One",
    "brand": "Acme",
    "category": "Mixer",
    "documentation": {"type": "pdf", "url": "https://acme.example/one.pdf"},
    "relationships": [{"type": "accessory", "target_id": "acme-case", "label": "Case"}],
}
CASE = {"id": "acme-case", "name": "Acme Case", "category": "Case"}


@pytest.fixture
def folder(fresh_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("DATABASE_URL", fresh_database.app)
    monkeypatch.setenv("KIS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KIS_LANG", "en")
    asyncio.run(organization(fresh_database.app))
    return tmp_path


async def organization(url: str) -> None:
    from kis.identity.models import Organization

    database = Database(url, pool_size=1)
    async with database.service() as session:
        session.add(Organization(code="ACME", name="Acme"))
    await database.close()


def written(path: Path, content: Any) -> str:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    return str(path)


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


class TestImport:
    def test_takes_a_brand_catalog_in_and_the_second_time_changes_nothing(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = written(folder / "acme.json", {"brand_identity": BRAND, "products": [ONE, CASE]})

        assert main(["assistant", "import", file, "--json"]) == DONE
        (first,) = told(capsys)["files"]
        assert main(["assistant", "import", file, "--json"]) == DONE
        (second,) = told(capsys)["files"]

        assert (first["brands"], first["added"], first["unchanged"]) == (["Acme"], 2, 0)
        assert [each["rule"] for each in first["findings"]] == ["no_document"]
        assert (second["added"], second["unchanged"], second["import"]) == (0, 2, None)

    def test_a_file_with_mistakes_stays_outside_and_the_others_come_in(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        broken = written(folder / "broken.json", [{"id": "a/b", "name": ""}])
        whole = written(folder / "whole.json", [CASE])

        assert main(["assistant", "import", broken, whole]) == GATE_FAILS
        shown = capsys.readouterr().out

        assert "broken.json was not taken in:" in shown
        assert "broken.json:3 /0/id: an id has none of" in shown
        assert "broken.json:4 /0/name: must not be empty" in shown
        assert main(["assistant", "import", whole, "--json"]) == DONE
        assert told(capsys)["files"][0]["unchanged"] == 1

    def test_tries_without_writing(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = written(folder / "list.json", [CASE])

        assert main(["assistant", "import", file, "--dry-run"]) == DONE
        assert "nothing was written" in capsys.readouterr().out
        assert main(["assistant", "import", file, "--json"]) == DONE
        assert told(capsys)["files"][0]["added"] == 1

    def test_removes_what_a_newer_file_does_not_hold_only_where_that_is_wanted(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        both = written(folder / "both.json", {"brand_identity": BRAND, "products": [ONE, CASE]})
        one = written(folder / "one.json", {"brand_identity": BRAND, "products": [ONE]})
        assert main(["assistant", "import", both, one, "--json"]) == DONE
        assert [each["removed"] for each in told(capsys)["files"]] == [0, 0]

        assert main(["assistant", "import", one, "--remove-missing", "--json"]) == DONE
        assert told(capsys)["files"][0]["removed"] == 1

    def test_for_everybody_is_the_operators(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = written(folder / "list.json", [CASE])

        assert main(["assistant", "import", file, "--shipped", "--json"]) == DONE
        assert told(capsys)["files"][0]["added"] == 1
        # As an organisation's own it is another product.
        assert main(["assistant", "import", file, "--json"]) == DONE
        assert told(capsys)["files"][0]["added"] == 1

    def test_reads_a_file_when_its_turn_comes_and_a_pipe_once(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pipe = folder / "pipe.json"
        os.mkfifo(pipe)
        gone = folder / "gone.json"
        last = written(folder / "last.json", [CASE])
        written(gone, [CASE])

        def write() -> None:
            with pipe.open("w", encoding="utf-8") as file:  # as soon as it is being read
                gone.unlink()
                json.dump([ONE], file)

        writing = threading.Thread(target=write, daemon=True)
        writing.start()
        assert main(["assistant", "import", str(pipe), str(gone), last, "--json"]) == GATE_FAILS
        writing.join()

        first, second, third = told(capsys)["files"]
        assert (first["added"], third["added"]) == (1, 1)
        assert second["status"] == "refused"
        assert second["problems"][0]["message"] == "cannot be read: No such file or directory"

    def test_of_a_file_without_end_no_more_is_read_than_a_catalog_may_have(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        endless = folder / "endless.json"
        with endless.open("wb") as file:
            file.truncate(2**40)  # a terabyte of nothing, which takes no room on the disk
        small = written(folder / "small.json", [CASE])

        assert main(["assistant", "import", str(endless), small, "--json"]) == GATE_FAILS
        first, second = told(capsys)["files"]
        assert (first["status"], second["added"]) == ("refused", 1)
        assert "larger than 50000000 bytes" in first["problems"][0]["message"]
        assert main(["assistant", "lint", str(endless), small, "--json"]) == GATE_FAILS

    def test_names_every_file_that_cannot_be_read(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        gone = [str(folder / name) for name in ("a.json", "b.json")]

        assert main(["assistant", "import", *gone]) == BAD_REQUEST
        error = capsys.readouterr().err
        assert all(f"{name}: cannot be read" in error for name in gone)


class TestLint:
    def test_of_files_needs_no_installation_and_ends_with_3_where_there_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("KIS_HOME", str(tmp_path / "nothing"))
        monkeypatch.setenv("KIS_LANG", "en")
        file = written(tmp_path / "one.json", {"brand_identity": BRAND, "products": [ONE]})
        case = written(tmp_path / "case.json", {"brand_identity": BRAND, "products": [CASE]})

        assert main(["assistant", "lint", file]) == GATE_FAILS
        assert "there is no product acme-case" in capsys.readouterr().out
        assert main(["assistant", "lint", file, case, "--json"]) == DONE
        assert [each["path"] for each in told(capsys)["findings"]] == ["case.json:7 /products/0"]
        assert not (tmp_path / "nothing").exists()

    def test_of_a_pipe_reads_it_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        reading, writing = os.pipe()
        with os.fdopen(reading), os.fdopen(writing, "w") as file:
            json.dump([CASE], file)
            file.close()
            assert main(["assistant", "lint", f"/dev/fd/{reading}", "--all", "--json"]) == DONE
        assert {each["severity"] for each in told(capsys)["findings"]} == {"warning"}

    def test_of_the_installation_names_the_products(
        self, folder: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = written(folder / "one.json", {"brand_identity": BRAND, "products": [ONE]})
        assert main(["assistant", "import", file, "--json"]) == DONE
        capsys.readouterr()

        assert main(["assistant", "lint", "--installed", "--json"]) == GATE_FAILS

        (finding,) = told(capsys)["findings"]
        assert (finding["severity"], finding["path"]) == ("error", "acme-one")

    def test_needs_files_or_the_installation_and_not_both(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("KIS_LANG", "en")
        assert main(["assistant", "lint"]) == BAD_REQUEST
        assert main(["assistant", "lint", "x.json", "--installed"]) == BAD_REQUEST
        assert "give files, or --installed" in capsys.readouterr().err
