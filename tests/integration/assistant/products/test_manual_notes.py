"""What became of fetching manuals is kept, and told to operators alone."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
from sqlalchemy import select
from structlog.testing import capture_logs

from kis.application import open_application
from kis.assistant.manuals import Manuals
from kis.assistant.manuals.noting import NotedManual
from kis.assistant.models import StoredManual
from kis.assistant.products.datasheets import DataSheets
from kis.assistant.products.manual_notes import KEPT_FOR, ManualNotes
from kis.assistant.products.service import Products
from kis.assistant.products.things import ProductFinding
from kis.assistant.things import Documentation, DocumentationType
from kis.identity import Permission, Principal
from kis.platform.configuration import AssistantSettings, Settings
from kis.platform.database import Database

NOW = datetime.now(UTC)
SHA256 = "a" * 64


def operator(caller: Principal) -> Principal:
    return replace(caller, permissions=caller.permissions | {Permission.INSTALLATION_OPERATE})


async def rows(database: Database) -> dict[str, StoredManual]:
    async with database.service() as session:
        return {row.url: row for row in await session.scalars(select(StoredManual))}


async def unavailable(products: Products, caller: Principal) -> list[ProductFinding]:
    return [each for each in await products.lint(caller) if each.rule == "unavailable"]


async def test_a_manual_that_was_opened_is_noted_with_what_it_is(
    settings: Settings, principal: Principal, database: Database
) -> None:
    reading = replace(settings, assistant=AssistantSettings(reading_processes=1))
    async with open_application(reading, listens=False) as opened:
        await opened.catalogs.install()
        answer = await opened.assistant.ask(principal, "part:breaker:ABN-104", "차단 용량은?", locale="ko")
        _ = [frame async for frame in answer.frames_after(0)]
        assert answer.task is not None
        await answer.task  # it is kept behind its last message

    row = (await rows(database))["kis:datasheet/breaker/abn-104.pdf"]
    assert (row.state, row.pages, row.media_type) == ("ready", 4, "application/pdf")
    assert "ABN-104" in row.title
    assert row.bytes > 10_000
    assert row.etag


class TestManualNotes:
    async def test_the_last_fetch_takes_the_place_of_the_one_before(self, database: Database) -> None:
        notes = ManualNotes(database)
        failed = NotedManual(url="https://a.example/replaced.pdf", state="missing", fetched_at=NOW)

        await notes.note(failed)
        first = await notes.unavailable([failed.url, "https://a.example/never.pdf"])
        await notes.note(replace(failed, state="ready", sha256=SHA256, pages=3, title="Title\0"))
        second = await notes.unavailable([failed.url])

        assert (first, second) == ({failed.url: "missing"}, {})
        assert (await rows(database))[failed.url].title == "Title"

    async def test_what_nobody_fetched_for_long_is_forgotten(self, database: Database) -> None:
        notes = ManualNotes(database)
        old = NotedManual(
            url="https://a.example/old.pdf", state="missing", fetched_at=NOW - KEPT_FOR + timedelta(days=1)
        )
        await notes.note(old)
        assert old.url in await rows(database)
        await notes.note(replace(old, fetched_at=NOW - KEPT_FOR - timedelta(days=1)))

        assert old.url not in await rows(database)


class TestLint:
    async def test_tells_operators_alone_which_manuals_were_not_to_be_had(
        self, products: Products, database: Database, editor: Principal
    ) -> None:
        content = [
            {
                "id": name,
                "name": name,
                "brand": "B",
                "documentation": {"type": "pdf", "url": f"https://b.example/{name}.pdf"},
            }
            for name in ("gone", "away", "there")
        ]
        await products.import_catalog(editor, "b.json", orjson.dumps(content))
        notes = ManualNotes(database)
        for name, state in (("gone", "missing"), ("away", "unreachable"), ("there", "ready")):
            url = f"https://b.example/{name}.pdf"
            await notes.note(NotedManual(url=url, state=state, fetched_at=NOW))

        found = await unavailable(products, operator(editor))

        assert {(each.product_id, each.severity.value) for each in found} == {
            ("gone", "error"),
            ("away", "warning"),
        }
        assert await unavailable(products, editor) == []


class Broken:
    """Keeps nothing, and says so when it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()

    async def note(self, _noted: NotedManual) -> None:
        await self.may.wait()
        raise ConnectionError


async def test_a_keeper_that_fails_does_no_harm_to_the_manual(tmp_path: Path) -> None:
    broken = Broken()
    manuals = Manuals(AssistantSettings(reading_processes=1), tmp_path, house=DataSheets(), notes=broken)
    url = "kis:datasheet/breaker/abn-104.pdf"

    with capture_logs() as told:
        # The manual does not wait for it.
        opened = await manuals.open(Documentation(DocumentationType.PDF, url))
        broken.may.set()
        await manuals.close()

    assert opened.document.pages == 4
    assert [each["event"] for each in told if each["log_level"] == "error"] == ["assistant.manual_not_noted"]


class Kept:
    """Keeps notes in memory."""

    def __init__(self) -> None:
        self.noted: list[NotedManual] = []

    async def note(self, noted: NotedManual) -> None:
        self.noted.append(noted)


async def test_a_manual_that_the_backup_address_has_was_to_be_had(tmp_path: Path) -> None:
    kept = Kept()
    manuals = Manuals(AssistantSettings(reading_processes=1), tmp_path, house=DataSheets(), notes=kept)
    first, backup = "kis:datasheet/breaker/none.pdf", "kis:datasheet/breaker/abn-104.pdf"

    await manuals.open(Documentation(DocumentationType.PDF, first, backup))
    await manuals.close()

    # It is by the first address that an earlier failure is known, and that a catalog is looked through.
    assert [(each.url, each.state) for each in kept.noted] == [(first, "ready")]
