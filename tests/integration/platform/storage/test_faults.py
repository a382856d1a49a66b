import asyncio
import logging
import os
import resource
import shutil
import socket
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

import httpx2
import pytest
from moto.server import ThreadedMotoServer

from kis.platform.configuration import StorageSettings
from kis.platform.storage import Links, ObjectStore, StorageUnavailable, StoredWrong
from kis.platform.storage.local import LocalBackend
from tests.factories.servers import LOCALHOST
from tests.integration.platform.storage.conftest import ACCESS_KEY, SECRET, SECRET_KEY, Open

TEXT = "text/plain"
NOBODY = 65534


class _Lying(LocalBackend):
    """A disk that says it has the bytes and has others."""

    def settle(self, path: str) -> None:
        super().settle(path)
        with (self._folder / path).open("r+b") as file:
            file.write(b"X")


@contextmanager
def _full_disk(largest_file_bytes: int) -> Iterator[None]:
    """Let no file of this process grow larger."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _revoked(folder: Path) -> Iterator[None]:
    """Take the right to ``folder`` from this process; root has to become somebody else for that."""
    mode = folder.stat().st_mode & 0o777
    folder.chmod(0)
    if os.geteuid() == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(mode)


async def _reason(work: Awaitable[object]) -> str:
    with pytest.raises(StorageUnavailable) as unavailable:
        await work
    told = unavailable.value.text("en") + unavailable.value.text("ko")
    assert "/" not in told
    return unavailable.value.reason


class TestAFolder:
    @pytest.fixture
    def folder(self, local: ObjectStore, tmp_path: Path) -> Path:
        return tmp_path / "objects" / local.bucket

    async def test_that_lies_is_found_out(self, tmp_path: Path) -> None:
        backend = _Lying(tmp_path / "evidence", links=Links(SECRET), public_url="")
        store = ObjectStore(backend)
        await store.ensure()
        with pytest.raises(StoredWrong):
            await store.put("quote/a", b"written", media_type=TEXT)
        assert await store.head("quote/a") is None
        await store.close()

    async def test_that_is_full_says_so_and_keeps_what_it_has(self, local: ObjectStore, folder: Path) -> None:
        await local.put("quote/a", b"old", media_type=TEXT)
        with _full_disk(2**20):
            assert await _reason(local.put("quote/a", b"n" * 2**21, media_type=TEXT)) == "full"
            assert await local.get("quote/a") == b"old"
        assert [names for _, _, names in os.walk(folder) if names] == [["a"]]
        await local.put("quote/a", b"n" * 2**21, media_type=TEXT)

    async def test_without_rights_says_so_and_recovers(self, local: ObjectStore, folder: Path) -> None:
        await local.put("quote/a", b"1", media_type=TEXT)
        with _revoked(folder):
            assert await _reason(local.put("quote/b", b"1", media_type=TEXT)) == "refused"
            assert await _reason(local.get("quote/a")) == "refused"
            assert await _reason(local.probe()) == "refused"
        await local.probe()
        assert await local.get("quote/a") == b"1"

    async def test_that_is_gone_is_not_mistaken_for_an_empty_one(
        self, local: ObjectStore, folder: Path, tmp_path: Path
    ) -> None:
        await local.put("quote/a", b"1", media_type=TEXT)
        shutil.move(folder, tmp_path / "unmounted")
        assert await _reason(local.get("quote/a")) == "no_bucket"
        assert await _reason(local.put("quote/a", b"1", media_type=TEXT)) == "no_bucket"
        assert next(os.walk(folder.parent))[1] == []
        shutil.move(tmp_path / "unmounted", folder)
        assert await local.get("quote/a") == b"1"


def _bucket_at(port: int) -> StorageSettings:
    return StorageSettings(
        endpoint=f"http://{LOCALHOST}:{port}", access_key_id=ACCESS_KEY, secret_access_key=SECRET_KEY
    )


class TestABucket:
    @pytest.fixture
    def own_server(self) -> Iterator[int]:
        """Give the port of a server of this test alone, whose rules may be changed."""
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = ThreadedMotoServer(LOCALHOST, 0, verbose=False)
        server.start()
        yield server.get_host_and_port()[1]
        server.stop()

    async def test_without_rights_says_so_and_recovers(self, opening: Open, own_server: int) -> None:
        store = opening(_bucket_at(own_server))
        await store.ensure()
        async with httpx2.AsyncClient(base_url=f"http://{LOCALHOST}:{own_server}") as client:
            await client.post("/moto-api/reset-auth", content=b"0")
            try:
                assert await _reason(store.put("a", b"1", media_type=TEXT)) == "refused"
                assert await _reason(store.probe(timeout_seconds=10)) == "refused"
            finally:
                await client.post("/moto-api/reset-auth", content=b"inf")
        await store.probe(timeout_seconds=10)

    async def test_that_cannot_be_reached_says_so_soon(self, opening: Open) -> None:
        with socket.create_server((LOCALHOST, 0)) as closed:
            port = closed.getsockname()[1]
        store = opening(_bucket_at(port))
        started = monotonic()
        assert await _reason(store.probe()) == "unreachable"
        assert await _reason(store.ensure()) == "unreachable"
        assert monotonic() - started < 5

    async def test_that_does_not_answer_is_slow_and_takes_one_thread(self, opening: Open) -> None:
        connections: list[asyncio.StreamWriter] = []
        server = await asyncio.start_server(lambda _, writer: connections.append(writer), LOCALHOST, 0)
        port = server.sockets[0].getsockname()[1]
        store = opening(_bucket_at(port))
        for _ in range(3):
            assert await _reason(store.probe(timeout_seconds=0.2)) == "slow"
        assert len(connections) == 1
        for writer in connections:
            writer.close()
        server.close()
