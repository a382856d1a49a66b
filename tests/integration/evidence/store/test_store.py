import asyncio
import io
import zipfile
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from kis.evidence import (
    PackRefused,
    installation_public_key,
    sha256_hex,
    verify_pack,
    write_pack,
)
from kis.evidence.store import (
    DigestKind,
    EvidenceMissing,
    EvidenceStore,
    ObjectsVanished,
    PackFacts,
    TraceTaken,
)
from kis.platform.configuration import EvidenceSettings
from kis.platform.database import Scope
from kis.platform.storage import ObjectStore
from kis.platform.telemetry import metrics
from tests.factories.waiting import eventually
from tests.integration.evidence.conftest import FILES
from tests.integration.evidence.store.conftest import House


async def _unpacked(store: EvidenceStore, facts: PackFacts, folder: Path) -> Path:
    data = b"".join([piece async for piece in store.bundle(facts)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        archive.extractall(folder)
    return folder / facts.trace_id


async def _objects(storage: ObjectStore) -> set[str]:
    return {found.path async for found in storage.list("")}


class TestAdd:
    async def test_seals_the_same_bytes_as_a_folder(
        self, house: House, home: Path, root: Path, tmp_path: Path
    ) -> None:
        stored = await house.pack()
        on_disk = write_pack(
            root,
            stored.trace_id,
            FILES,
            predicate={"gates": "pass"},
            organisation=str(house.id),
            created_at="2026-01-31T09:00:00Z",
            home=home,
        )
        unpacked = await _unpacked(house.evidence, stored, tmp_path / "unpacked")
        names = {path.relative_to(on_disk.path) for path in on_disk.path.rglob("*")}
        assert {path.relative_to(unpacked) for path in unpacked.rglob("*")} == names
        files = [name for name in names if (on_disk.path / name).is_file()]
        assert len(files) == len(FILES) + 3
        assert all((unpacked / name).read_bytes() == (on_disk.path / name).read_bytes() for name in files)
        assert stored.sha256 == on_disk.sha256

    async def test_keeps_each_file_under_its_stage_and_digest(self, house: House, objects: Path) -> None:
        stored = await house.pack()
        places = {file.name: file.path for file in stored.files}
        digest = sha256_hex(FILES["pipeline/enclosure.json"])
        assert places["pipeline/enclosure.json"] == f"quote/{stored.quote_id}/enclosure/{digest}.json"
        assert places["documents/견적서.xlsx"].startswith(f"quote/{stored.quote_id}/documents/")
        assert places["SHA256SUMS"].startswith(f"quote/{stored.quote_id}/pack/")
        assert (objects / places["pipeline/enclosure.json"]).read_bytes() == b"{}"

    async def test_links_the_packs_of_an_organisation(self, house: House) -> None:
        first, second = await house.pack(), await house.pack()
        assert (first.sequence, first.previous_sha256) == (1, None)
        assert (second.sequence, second.previous_sha256) == (2, first.sha256)

    async def test_makes_one_line_of_concurrent_packs(self, house: House) -> None:
        packs = await asyncio.gather(*(house.pack({"input.json": b"%d" % number}) for number in range(20)))
        line = sorted(packs, key=lambda pack: pack.sequence)
        assert [pack.sequence for pack in line] == list(range(1, 21))
        assert [pack.previous_sha256 for pack in line] == [None, *(pack.sha256 for pack in line[:-1])]

    async def test_returns_the_pack_that_an_earlier_attempt_committed(self, house: House) -> None:
        quote_id, trace_id = await house.quotation()
        first = await house.store(quote_id, trace_id)
        again = await house.store(quote_id, trace_id)
        assert again == first
        assert (await house.pack()).sequence == 2

    async def test_never_writes_over_a_pack(self, house: House) -> None:
        quote_id, trace_id = await house.quotation()
        first = await house.store(quote_id, trace_id)
        with pytest.raises(TraceTaken):
            await house.store(quote_id, trace_id, {**FILES, "input.json": b'{"project":"other"}'})
        other, _ = await house.quotation()
        with pytest.raises(TraceTaken):
            await house.store(other, trace_id)
        async with house.database.service() as session:
            assert await house.evidence.facts(session, trace_id) == first

    async def test_refuses_what_no_pack_may_hold(self, house: House) -> None:
        with pytest.raises(PackRefused):
            await house.pack({"../input.json": b"{}"})
        assert (await house.pack()).sequence == 1

    async def test_wants_every_file_to_be_there(self, house: House, objects: Path) -> None:
        quote_id, trace_id = await house.quotation()
        prepared = await house.evidence.prepare(FILES, organization_id=house.id, quote_id=quote_id)
        (objects / prepared["visual.svg"].path).unlink()
        with pytest.raises(ObjectsVanished) as vanished:
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
        assert vanished.value.names == ("visual.svg",)

    async def test_leaves_no_row_when_the_caller_rolls_back(self, house: House) -> None:
        quote_id, trace_id = await house.quotation()
        with pytest.raises(RuntimeError, match="cut off"):
            await _cut_off(house, quote_id, trace_id)
        async with house.database.service() as session:
            with pytest.raises(EvidenceMissing):
                await house.evidence.facts(session, trace_id)
        assert (await house.pack()).sequence == 1

    async def test_signs_with_a_given_key(self, house: House, storage: ObjectStore, tmp_path: Path) -> None:
        await house.pack()  # makes the key of the home
        pem = (tmp_path / "home" / "keys" / "signing.pem").read_text()
        given = EvidenceStore(
            storage, tmp_path / "another", settings=EvidenceSettings(signing_key=pem.replace("\n", "\\n"))
        )
        other = House(house.id, house.database, given)
        stored = await other.pack()
        assert stored.key_fingerprint == installation_public_key(tmp_path / "home").fingerprint
        assert not (tmp_path / "another").exists()


async def _cut_off(house: House, quote_id: UUID, trace_id: str) -> None:
    async with house.database.service() as session:
        await _add(house, session, quote_id, trace_id)
        raise RuntimeError("cut off")


async def _add(house: House, session: AsyncSession, quote_id: UUID, trace_id: str) -> PackFacts:
    prepared = await house.evidence.prepare(FILES, organization_id=house.id, quote_id=quote_id)
    return await house.evidence.add(
        session,
        organization_id=house.id,
        quote_id=quote_id,
        trace_id=trace_id,
        files=prepared,
        predicate={},
        created_at="2026-01-31T09:00:00Z",
    )


class TestFacts:
    async def test_are_shown_to_the_own_organisation_alone(self, house: House) -> None:
        stored = await house.pack()
        async with house.database.transaction(Scope(house.id)) as session:
            assert await house.evidence.facts(session, stored.trace_id) == stored
        async with house.database.transaction(Scope(uuid4())) as session:
            with pytest.raises(EvidenceMissing):
                await house.evidence.facts(session, stored.trace_id)


class TestBundle:
    async def test_verifies_after_unpacking(self, house: House, home: Path, tmp_path: Path) -> None:
        stored = await house.pack()
        unpacked = await _unpacked(house.evidence, stored, tmp_path / "unpacked")
        verification = verify_pack(unpacked, public_key=installation_public_key(home))
        assert verification.findings == ()
        assert verification.predicate is not None
        assert verification.predicate["traceId"] == stored.trace_id

    async def test_is_the_same_bytes_again(self, house: House) -> None:
        stored = await house.pack()
        first = b"".join([piece async for piece in house.evidence.bundle(stored)])
        assert b"".join([piece async for piece in house.evidence.bundle(stored)]) == first

    async def test_leaves_out_what_is_gone_so_that_verification_names_it(
        self, house: House, home: Path, objects: Path, tmp_path: Path
    ) -> None:
        stored = await house.pack()
        gone = next(file for file in stored.files if file.name == "visual.svg")
        (objects / gone.path).unlink()
        unpacked = await _unpacked(house.evidence, stored, tmp_path / "unpacked")
        findings = verify_pack(unpacked, public_key=installation_public_key(home)).findings
        assert [finding.path for finding in findings] == ["visual.svg"]

    async def test_is_counted_with_its_size(self, house: House) -> None:
        stored = await house.pack()
        before = metrics.REGISTRY.get_sample_value("evidence_zip_bytes_sum") or 0
        data = b"".join([piece async for piece in house.evidence.bundle(stored)])
        assert metrics.REGISTRY.get_sample_value("evidence_zip_bytes_sum") == before + len(data)


class TestCheckDigest:
    async def test_says_only_as_what_it_is_known(self, house: House) -> None:
        stored = await house.pack({**FILES, "documents/a.pdf": uuid4().bytes, "only.json": uuid4().bytes})
        digests = {file.name: file.sha256 for file in stored.files}
        async with house.database.service() as session:
            assert await house.evidence.check_digest(session, stored.sha256) is DigestKind.PACK
            assert (
                await house.evidence.check_digest(session, digests["documents/a.pdf"]) is DigestKind.DOCUMENT
            )
            assert await house.evidence.check_digest(session, digests["only.json"]) is DigestKind.FILE
            assert await house.evidence.check_digest(session, "0" * 64) is None


class TestSweep:
    async def test_removes_what_a_crashed_attempt_left(self, house: House, storage: ObjectStore) -> None:
        quote_id, trace_id = await house.quotation()
        await house.evidence.prepare({"cut.json": b"off"}, organization_id=house.id, quote_id=quote_id)
        other = await house.pack()
        async with house.database.service() as session:
            assert await house.evidence.sweep(session, quote_id) == 1
        assert await _objects(storage) == {file.path for file in other.files}
        stored = await house.store(quote_id, trace_id)
        async with house.database.service() as session:
            assert await house.evidence.sweep(session, quote_id) == 0
        assert (await house.evidence.verify(stored)).ok

    async def test_waits_for_a_pack_that_is_being_added(self, house: House) -> None:
        quote_id, trace_id = await house.quotation()
        async with house.database.service() as session:
            await _add(house, session, quote_id, trace_id)
            sweeping = asyncio.create_task(_swept(house, quote_id))
            await eventually(lambda: _is_waited(house))
        assert await sweeping == 0


async def _swept(house: House, quote_id: UUID) -> int:
    async with house.database.service() as session:
        return await house.evidence.sweep(session, quote_id)


async def _is_waited(house: House) -> bool:
    """Tell whether a session of this database waits for an advisory lock."""
    waiting = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    async with house.database.service() as session:
        return bool(await session.scalar(waiting))
