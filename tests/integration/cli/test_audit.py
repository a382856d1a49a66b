"""``kis audit`` and ``kis admin`` over a real database."""

import asyncio
import json
import secrets
import shlex
from pathlib import Path

import pytest

from kis.cli import main
from kis.cli.exit_codes import BAD_REQUEST, DONE, GATE_FAILS
from kis.platform import audit
from kis.platform.database import Database
from tests.integration.conftest import DatabaseUrls


@pytest.fixture
def urls(migrated_database: DatabaseUrls, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> DatabaseUrls:
    monkeypatch.setenv("DATABASE_URL", migrated_database.app)
    monkeypatch.setenv("KIS_HOME", str(tmp_path))
    monkeypatch.setenv("KIS_LANG", "en")
    asyncio.run(entry(migrated_database.app))
    return migrated_database


async def entry(url: str) -> None:
    database = Database(url, pool_size=1)
    async with database.service() as session:
        await audit.record(
            session, organization_id=None, actor="system", action="thing.done", target="thing:=1+1"
        )
    await database.close()


class TestVerify:
    def test_tells_what_to_keep_and_finds_it_again(
        self, urls: DatabaseUrls, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert urls
        assert main(["audit", "verify", "--json"]) == DONE
        told = json.loads(capsys.readouterr().out)
        assert told["sound"] is True
        assert main(["audit", "verify", "--head", told["head"]]) == DONE
        assert told["head"] in capsys.readouterr().out

    def test_fails_when_the_kept_entry_is_not_there(
        self, urls: DatabaseUrls, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert urls
        assert main(["audit", "verify", "--head", f"999999999:{'a' * 64}"]) == GATE_FAILS
        assert "999999999: the entry whose digest was kept elsewhere is not there" in capsys.readouterr().out

    @pytest.mark.parametrize("head", ["", "x", "1", "1:abc", f"x:{'a' * 64}"])
    def test_explains_what_an_entry_looks_like(self, urls: DatabaseUrls, head: str) -> None:
        assert urls
        assert main(["audit", "verify", "--head", head]) == BAD_REQUEST


class TestExport:
    def test_writes_all_of_it(self, urls: DatabaseUrls, tmp_path: Path) -> None:
        assert urls
        lines, table = tmp_path / "log.jsonl", tmp_path / "log.csv"
        assert main(["audit", "export", str(lines)]) == DONE
        assert main(["audit", "export", str(table)]) == DONE
        rows = [json.loads(line) for line in lines.read_text(encoding="utf-8").splitlines()]
        assert [row["sequence"] for row in rows] == list(range(1, len(rows) + 1))
        assert table.read_text(encoding="utf-8-sig").count("\n") == len(rows) + 1

    def test_knows_two_kinds_of_files(self, urls: DatabaseUrls, tmp_path: Path) -> None:
        assert urls
        assert main(["audit", "export", str(tmp_path / "log.xlsx")]) == BAD_REQUEST
        assert not (tmp_path / "log.xlsx").exists()


class TestLink:
    def test_lets_who_is_locked_out_in(self, urls: DatabaseUrls, capsys: pytest.CaptureFixture[str]) -> None:
        email = f"locked-out-{secrets.token_hex(4)}@example.test"
        asyncio.run(person(urls.app, email))
        assert main(["admin", "link", email, "--json"]) == DONE
        told = json.loads(capsys.readouterr().out)
        assert told["url"] == f"http://127.0.0.1:8000/login/link#{told['token']}"

    def test_shows_a_line_for_the_shell_with_the_address_people_reach(
        self, urls: DatabaseUrls, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PUBLIC_URL", "https://kis.example.test")
        email = f"locked-out-{secrets.token_hex(4)}@example.test"
        asyncio.run(person(urls.app, email))
        assert main(["admin", "link", email]) == DONE
        words = shlex.split(capsys.readouterr().out.splitlines()[0])
        assert words[:3] == ["curl", "-sS", "https://kis.example.test/v1/auth/one-time"]
        assert list(json.loads(words[-1])) == ["token"]

    def test_is_not_made_for_nobody(self, urls: DatabaseUrls) -> None:
        assert urls
        assert main(["admin", "link", "nobody@example.test"]) != DONE


async def person(url: str, email: str) -> None:
    from kis.identity.models import Membership, Organization, User

    database = Database(url, pool_size=1)
    async with database.service() as session:
        organization = Organization(code=secrets.token_hex(4).upper(), name="조직")
        user = User(email=email)
        session.add_all((organization, user))
        await session.flush()
        session.add(Membership(organization_id=organization.id, user_id=user.id, role="admin"))
    await database.close()
