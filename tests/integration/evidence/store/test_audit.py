import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from kis.evidence import KeyMissing, sha256_hex
from kis.evidence.store import AuditFinding, AuditKind, AuditReport, EvidenceStore, PackFacts, audit
from kis.platform.configuration import StorageSettings
from kis.platform.database import Database
from kis.platform.storage import ObjectStore, open_store
from tests.integration.conftest import DatabaseUrls, MakeOrganization, copied
from tests.integration.evidence.conftest import FILES
from tests.integration.evidence.store.conftest import House

DAYS_LATER = datetime.now(UTC) + timedelta(days=2)


@pytest.fixture(scope="module")
def own_database(template_urls: DatabaseUrls) -> Iterator[DatabaseUrls]:
    """Give a database of these tests alone: an audit looks at all of it."""
    with copied(template_urls) as urls:
        yield urls


@pytest.fixture
async def database(own_database: DatabaseUrls) -> AsyncIterator[Database]:
    _altered(
        own_database, "TRUNCATE estimator.evidence_blobs, estimator.evidence_packs, estimator.evidence_heads"
    )
    made = Database(own_database.app, pool_size=5)
    yield made
    await made.close()


async def _report(house: House, *, later: bool = True, remove_orphans: bool = False) -> AuditReport:
    now = DAYS_LATER if later else datetime.now(UTC)
    return await audit(house.evidence, house.database, remove_orphans=remove_orphans, now=lambda: now)


def _told(report: AuditReport) -> list[tuple[AuditKind, str]]:
    return [(finding.kind, finding.where) for finding in report.findings]


async def _cut_off(house: House) -> None:
    """Add a pack and die just before the commit."""
    quote_id, trace_id = await house.quotation()
    prepared = await house.evidence.prepare(FILES, organization_id=house.id, quote_id=quote_id)
    async with house.database.service() as session:
        await house.evidence.add(
            session,
            organization_id=house.id,
            quote_id=quote_id,
            trace_id=trace_id,
            files=prepared,
            predicate={},
            created_at="2026-01-31T09:00:00Z",
        )
        await session.rollback()


def _file(pack: PackFacts, name: str, objects: Path) -> Path:
    return objects / next(file.path for file in pack.files if file.name == name)


def _altered(urls: DatabaseUrls, statement: LiteralString, *values: str) -> None:
    """Change rows as only a superuser can."""
    with psycopg.connect(urls.superuser) as connection:
        connection.execute("SET session_replication_role = replica")  # without triggers and keys
        connection.execute(statement, values)


def _taken_out(urls: DatabaseUrls, pack: PackFacts) -> None:
    _altered(urls, "DELETE FROM estimator.evidence_blobs WHERE trace_id = %s", pack.trace_id)
    _altered(urls, "DELETE FROM estimator.evidence_packs WHERE trace_id = %s", pack.trace_id)


class TestAudit:
    async def test_of_nothing_finds_nothing(self, house: House) -> None:
        assert await _report(house) == AuditReport(packs=0, objects=0, removed=0, findings=())

    async def test_of_whole_evidence_finds_nothing(
        self, house: House, database: Database, make_organization: MakeOrganization
    ) -> None:
        another = House((await make_organization()).id, database, house.evidence)
        for owner in (house, another, house):
            await owner.pack()
        done: list[tuple[int, int]] = []
        report = await audit(house.evidence, database, tell=lambda *counts: done.append(counts))
        assert report == AuditReport(packs=3, objects=3 * (len(FILES) + 3), removed=0, findings=())
        assert done == [(1, 3), (2, 3), (3, 3)]

    async def test_goes_on_past_a_page_of_packs(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("kis.evidence.store.auditing._PACKS_AT_ONCE", 2)
        monkeypatch.setattr("kis.evidence.store.auditing._OBJECTS_AT_ONCE", 3)
        for _ in range(5):
            await house.pack()
        report = await _report(house)
        assert (report.packs, report.ok) == (5, True)

    async def test_finds_a_deleted_object(self, house: House, objects: Path) -> None:
        await house.pack()
        pack = await house.pack()
        _file(pack, "visual.svg", objects).unlink()
        report = await _report(house)
        assert _told(report) == [(AuditKind.PACK, f"{pack.trace_id}/visual.svg")]
        assert not report.ok
        assert "quote/" in report.findings[0].text("en")

    async def test_finds_an_altered_object(self, house: House, objects: Path) -> None:
        pack = await house.pack()
        _file(pack, "documents/견적서.xlsx", objects).write_bytes(b"PK other")
        assert _told(await _report(house)) == [(AuditKind.PACK, f"{pack.trace_id}/documents/견적서.xlsx")]

    @pytest.mark.parametrize("name", ["chain.json", "SHA256SUMS", "attestation.dsse.json"])
    async def test_finds_an_altered_control_file(self, house: House, objects: Path, name: str) -> None:
        pack = await house.pack()
        path = _file(pack, name, objects)
        data = path.read_bytes()
        path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
        report = await _report(house)
        assert (AuditKind.PACK, f"{pack.trace_id}/{name}") in _told(report)

    async def test_finds_an_added_object(self, house: House, objects: Path) -> None:
        pack = await house.pack()
        added = objects / f"quote/{pack.quote_id}/documents/{'0' * 64}.pdf"
        added.write_bytes(b"%PDF")
        path = added.relative_to(objects).as_posix()
        assert _told(await _report(house)) == [(AuditKind.ADDED, path)]
        early = await _report(house, later=False)
        assert _told(early) == [(AuditKind.RECENT, path)]
        assert early.ok

    async def test_removes_added_objects_of_a_day_when_told(
        self, house: House, objects: Path, storage: ObjectStore
    ) -> None:
        pack = await house.pack()
        folder = objects / f"quote/{pack.quote_id}/documents"
        for name, age in (("old.pdf", 25), ("new.pdf", 23)):
            (folder / name).write_bytes(b"%PDF")
            at = (datetime.now(UTC) - timedelta(hours=age)).timestamp()
            os.utime(folder / name, (at, at))
        report = await _report(house, later=False, remove_orphans=True)
        assert (report.removed, report.ok) == (1, True)
        left = {found.path async for found in storage.list("quote")}
        assert left == {file.path for file in pack.files} | {f"quote/{pack.quote_id}/documents/new.pdf"}

    async def test_calls_nothing_a_fault_that_a_crash_leaves(self, house: House) -> None:
        await house.pack()
        await _cut_off(house)
        report = await _report(house, later=False)
        assert {kind for kind, _ in _told(report)} == {AuditKind.RECENT}
        assert len(report.findings) == len(FILES) + 3
        assert (await _report(house, remove_orphans=True)).removed == len(FILES) + 3
        assert _told(await _report(house)) == []

    async def test_finds_a_row_that_says_something_else(
        self, house: House, own_database: DatabaseUrls
    ) -> None:
        pack = await house.pack()
        _altered(
            own_database,
            "UPDATE estimator.evidence_blobs SET sha256 = %s WHERE name = 'input.json'",
            "0" * 64,
        )
        report = await _report(house)
        assert set(_told(report)) == {(AuditKind.PACK, f"{pack.trace_id}/input.json")}

    async def test_finds_an_object_altered_together_with_its_row(
        self, house: House, objects: Path, own_database: DatabaseUrls
    ) -> None:
        pack = await house.pack()
        forged = b'{"project":"LP-4F"}'
        _file(pack, "input.json", objects).write_bytes(forged)
        _altered(
            own_database,
            "UPDATE estimator.evidence_blobs SET sha256 = %s WHERE name = 'input.json'",
            sha256_hex(forged),
        )
        assert _told(await _report(house)) == [(AuditKind.PACK, f"{pack.trace_id}/input.json")]

    async def test_finds_a_missing_row(self, house: House, own_database: DatabaseUrls) -> None:
        pack = await house.pack()
        _altered(own_database, "DELETE FROM estimator.evidence_blobs WHERE name = 'input.json'")
        gone = next(file.path for file in pack.files if file.name == "input.json")
        assert _told(await _report(house)) == [
            (AuditKind.PACK, f"{pack.trace_id}/input.json"),
            (AuditKind.ADDED, gone),
        ]

    async def test_finds_facts_that_were_not_signed(self, house: House, own_database: DatabaseUrls) -> None:
        pack = await house.pack()
        _altered(
            own_database,
            """UPDATE estimator.evidence_packs SET facts = jsonb_set(facts, '{signed,gates}', '"fail"')""",
        )
        assert _told(await _report(house)) == [(AuditKind.PACK, f"{pack.trace_id}/attestation.dsse.json")]


class TestLine:
    @pytest.fixture
    async def line(self, house: House) -> list[PackFacts]:
        return [await house.pack() for _ in range(3)]

    async def test_shows_a_pack_taken_out(
        self, house: House, line: list[PackFacts], own_database: DatabaseUrls
    ) -> None:
        _taken_out(own_database, line[1])
        chain = [finding for finding in (await _report(house)).findings if finding.kind is AuditKind.CHAIN]
        assert [finding.where for finding in chain] == [f"{house.id} #2"]

    async def test_shows_a_tail_cut_off(
        self, house: House, line: list[PackFacts], own_database: DatabaseUrls
    ) -> None:
        _taken_out(own_database, line[2])
        chain = [finding for finding in (await _report(house)).findings if finding.kind is AuditKind.CHAIN]
        assert _words(chain) == ["the kept head of the chain (number 3) is not the newest pack (number 2)"]

    async def test_shows_all_of_it_cut_off(
        self, house: House, line: list[PackFacts], own_database: DatabaseUrls
    ) -> None:
        for pack in line:
            _taken_out(own_database, pack)
        chain = [finding for finding in (await _report(house)).findings if finding.kind is AuditKind.CHAIN]
        assert _words(chain) == ["the kept head of the chain (number 3) is not the newest pack (number 0)"]

    async def test_shows_a_head_that_was_turned_back(
        self, house: House, line: list[PackFacts], own_database: DatabaseUrls
    ) -> None:
        assert len(line) == 3
        _altered(own_database, "UPDATE estimator.evidence_heads SET sequence = 2")
        chain = [finding for finding in (await _report(house)).findings if finding.kind is AuditKind.CHAIN]
        assert [finding.where for finding in chain] == [str(house.id)]

    async def test_shows_a_pack_put_in_the_place_of_another(
        self, house: House, line: list[PackFacts], own_database: DatabaseUrls
    ) -> None:
        _altered(
            own_database,
            "UPDATE estimator.evidence_packs SET previous_sha256 = %s WHERE trace_id = %s",
            "0" * 64,
            line[2].trace_id,
        )
        assert _told(await _report(house)) == [
            (AuditKind.CHAIN, line[1].trace_id),
            (AuditKind.PACK, f"{line[2].trace_id}/chain.json"),
        ]


def _words(findings: list[AuditFinding]) -> list[str]:
    return [finding.message.text("en") for finding in findings]


class TestForgery:
    async def test_cannot_be_told_without_the_key_and_none_is_made(
        self, house: House, storage: ObjectStore, tmp_path: Path, database: Database
    ) -> None:
        await house.pack()
        with pytest.raises(KeyMissing):
            await audit(EvidenceStore(storage, tmp_path / "elsewhere"), database)
        assert not (tmp_path / "elsewhere").is_dir()

    async def test_with_another_key_is_found(
        self, house: House, storage: ObjectStore, tmp_path: Path, database: Database
    ) -> None:
        forger = House(house.id, database, EvidenceStore(storage, tmp_path / "another installation"))
        await house.pack()
        forged = await forger.pack()
        assert _told(await _report(house)) == [(AuditKind.PACK, f"{forged.trace_id}/attestation.dsse.json")]


async def test_takes_no_lock_that_holds_up_a_quotation(house: House, database: Database) -> None:
    await house.pack()
    async with database.service() as session:
        await session.execute(text("SELECT 1 FROM estimator.evidence_heads FOR UPDATE"))
        assert (await _report(house)).ok


async def test_holds_for_a_bucket_too(
    house: House, database: Database, s3_server: str, home: Path, tmp_path: Path
) -> None:
    settings = StorageSettings(
        url=f"s3://b-{house.id}",
        endpoint=s3_server,
        access_key_id="AKID",
        secret_access_key=SecretStr("tests"),
    )
    storage = open_store(settings, data=tmp_path, secret=b"s" * 32, public_url="")
    await storage.ensure()
    bucket = House(house.id, database, EvidenceStore(storage, home))
    first, second = await bucket.pack(), await bucket.pack()
    assert (await _report(bucket)).ok
    paths = {file.name: file.path for file in first.files}
    await storage.delete(paths["visual.svg"])
    await storage.put(paths["documents/견적서.xlsx"], b"PK other", media_type="text/plain")
    await storage.put(f"quote/{second.quote_id}/documents/added.pdf", b"%PDF", media_type="application/pdf")
    assert _told(await _report(bucket)) == [
        (AuditKind.PACK, f"{first.trace_id}/documents/견적서.xlsx"),
        (AuditKind.PACK, f"{first.trace_id}/visual.svg"),
        (AuditKind.ADDED, f"quote/{second.quote_id}/documents/added.pdf"),
    ]
    await storage.close()
