import asyncio
import io
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kis.platform.configuration import StorageSettings
from kis.platform.storage import (
    Entry,
    ObjectMissing,
    ObjectStore,
    PathRefused,
    StorageUnavailable,
    export_zip,
    zipped,
)
from kis.platform.storage.store import CHUNK_BYTES
from tests.integration.platform.storage.conftest import Open

TEXT = "text/plain"


async def _paths(store: ObjectStore, prefix: str = "") -> set[str]:
    return {found.path async for found in store.list(prefix)}


class TestPut:
    @pytest.mark.parametrize(
        "data", [b"", b"1", os.urandom(CHUNK_BYTES + 7)], ids=["empty", "byte", "chunks"]
    )
    async def test_gives_back_what_was_put(self, storage: ObjectStore, data: bytes) -> None:
        stored = await storage.put("quote/a/b.bin", data, media_type=TEXT)
        assert (stored.path, stored.size) == ("quote/a/b.bin", len(data))
        assert await storage.get("quote/a/b.bin") == data
        assert b"".join([piece async for piece in storage.stream("quote/a/b.bin")]) == data
        assert await storage.head("quote/a/b.bin") == stored

    async def test_may_be_repeated_and_replaced(self, storage: ObjectStore) -> None:
        for data in (b"one", b"one", b"two"):
            await storage.put("a", data, media_type=TEXT)
        assert await storage.get("a") == b"two"
        assert await _paths(storage) == {"a"}

    async def test_takes_a_file(self, storage: ObjectStore, tmp_path: Path) -> None:
        data = os.urandom(CHUNK_BYTES * 2 + 1)
        (tmp_path / "large").write_bytes(data)
        assert (await storage.put_file("exports/a.zip", tmp_path / "large", media_type=TEXT)).size == len(
            data
        )
        assert await storage.get("exports/a.zip") == data

    async def test_refuses_a_path_out_of_the_store(self, storage: ObjectStore) -> None:
        with pytest.raises(PathRefused):
            await storage.put("../a", b"", media_type=TEXT)

    async def test_takes_many_at_once(self, storage: ObjectStore) -> None:
        names = {f"many/{number}" for number in range(40)}
        await asyncio.gather(*(storage.put(name, name.encode(), media_type=TEXT) for name in names))
        assert await _paths(storage, "many") == names


class TestReading:
    async def test_misses_what_is_not_there(self, storage: ObjectStore) -> None:
        assert await storage.head("none") is None
        with pytest.raises(ObjectMissing):
            await storage.get("none")
        with pytest.raises(ObjectMissing):
            await anext(storage.stream("none"))

    async def test_gives_a_part(self, storage: ObjectStore) -> None:
        await storage.put("a", b"0123456789", media_type=TEXT)
        assert [piece async for piece in storage.stream("a", start=3, end=6)] == [b"345"]
        assert [piece async for piece in storage.stream("a", start=8, end=99)] == [b"89"]
        assert [piece async for piece in storage.stream("a", start=10)] == []

    async def test_lists_below_a_folder_alone(self, storage: ObjectStore) -> None:
        for path in ("quote/a/1", "quote/a/deep/2", "quote/ab/3", "readyz/4"):
            await storage.put(path, b"", media_type=TEXT)
        assert await _paths(storage, "quote/a/") == {"quote/a/1", "quote/a/deep/2"}
        assert await _paths(storage, "quote") == {"quote/a/1", "quote/a/deep/2", "quote/ab/3"}
        assert await _paths(storage, "nothing") == set()

    async def test_lists_more_than_a_page(self, local: ObjectStore, tmp_path: Path) -> None:
        folder = tmp_path / "objects" / "evidence" / "many"
        folder.mkdir()
        for number in range(2100):
            (folder / str(number)).touch()
        assert len(await _paths(local, "many")) == 2100


class TestDelete:
    async def test_removes_what_is_there(self, storage: ObjectStore) -> None:
        await storage.put("a", b"", media_type=TEXT)
        await storage.put("b", b"", media_type=TEXT)
        await storage.delete("a", "never/there")
        assert await _paths(storage) == {"b"}


class TestEnsure:
    async def test_may_be_repeated(self, storage: ObjectStore) -> None:
        await storage.put("a", b"1", media_type=TEXT)
        await storage.ensure()
        assert await storage.get("a") == b"1"

    async def test_keeps_a_folder_to_its_owner(self, local: ObjectStore, tmp_path: Path) -> None:
        assert (tmp_path / "objects" / local.bucket).stat().st_mode & 0o777 == 0o700


class TestProbe:
    async def test_leaves_nothing(self, storage: ObjectStore) -> None:
        await storage.probe(timeout_seconds=10)
        assert await _paths(storage) == set()


class TestArchives:
    async def test_are_files_by_name_in_the_order_given(self, storage: ObjectStore) -> None:
        large = os.urandom(CHUNK_BYTES + 1)
        await storage.put("a", large, media_type=TEXT)
        await storage.put("b", b"", media_type=TEXT)
        entries = [Entry("둘/b.txt", "b"), Entry("a.bin", "a"), Entry("gone", "none")]
        at = datetime(2026, 11, 20, 9, 30, 15, tzinfo=UTC)
        data = b"".join([piece async for piece in zipped(storage, entries, modified=at)])
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            assert archive.testzip() is None
            assert archive.namelist() == ["둘/b.txt", "a.bin"]
            assert archive.read("a.bin") == large
            assert archive.infolist()[1].date_time == (2026, 11, 20, 9, 30, 14)  # ZIP counts in two seconds
        exported = await export_zip(storage, entries, "exports/t.zip", modified=at)
        assert exported.size == len(data)
        assert await storage.get("exports/t.zip") == data

    @pytest.mark.parametrize("name", ["/etc/passwd", "../a", "a/../../b", "a\\b", "", "a\nb"])
    async def test_refuse_names_that_lead_away(self, local: ObjectStore, name: str) -> None:
        await local.put("a", b"", media_type=TEXT)
        with pytest.raises(ValueError, match="archive"):
            await export_zip(local, [Entry(name, "a")], "exports/t.zip", modified=datetime.now(UTC))


class TestProcess:
    def test_ends_well_right_after_using_the_store(self, tmp_path: Path) -> None:
        # The library's own asynchronous functions abort a program that ends while their threads are still at it.
        program = (
            "import asyncio, pathlib, sys\n"
            "from kis.platform.configuration import StorageSettings\n"
            "from kis.platform.storage import open_store\n"
            "async def main():\n"
            "    store = open_store(StorageSettings(), data=pathlib.Path(sys.argv[1]), secret=b's' * 32, public_url='')\n"
            "    await store.ensure()\n"
            "    await store.put('a', b'1' * 5000, media_type='text/plain')\n"
            "    await store.get('a')\n"
            "asyncio.run(main())\n"
        )
        for _ in range(3):
            subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, timeout=60)


class TestExpire:
    async def test_removes_what_was_kept_for_a_while(self, local: ObjectStore, tmp_path: Path) -> None:
        folder = tmp_path / "objects" / local.bucket
        day = 86400
        ages = {
            "readyz/old": 1.1 * day,
            "readyz/new": 0.9 * day,
            "exports/old": 7.1 * day,
            "exports/new": 6.9 * day,
            "quote/old": 99 * day,
        }
        now = datetime.now(UTC).timestamp()
        for path, age in ages.items():
            await local.put(path, b"", media_type=TEXT)
            os.utime(folder / path, (now - age, now - age))
        for name, age in (("cut#1", 2 * day), ("running#1", 60)):
            (folder / "quote" / name).touch()
            os.utime(folder / "quote" / name, (now - age, now - age))
        assert await local.expire() == 2
        assert await _paths(local) == {"readyz/new", "exports/new", "quote/old"}
        assert not (folder / "quote" / "cut#1").exists()
        assert (folder / "quote" / "running#1").exists()


async def test_wants_a_bucket_first(opening: Open, s3_settings: StorageSettings) -> None:
    store = opening(s3_settings)
    with pytest.raises(StorageUnavailable) as missing:
        await store.put("a", b"", media_type=TEXT)
    assert missing.value.reason == "no_bucket"
    with pytest.raises(StorageUnavailable):
        await _paths(store)
    with pytest.raises(StorageUnavailable):
        await store.get("a")
    await store.ensure()
    await store.put("a", b"", media_type=TEXT)
