import os
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace

import httpx2
import pytest
from fastapi import FastAPI

from kis.api.errors import answer_error
from kis.api.routes.objects import router
from kis.platform.configuration import StorageSettings
from kis.platform.errors import KisError
from kis.platform.storage import ObjectStore, open_store
from kis.platform.storage.store import CHUNK_BYTES

NAME = "견적서 HB-2026-0042.pdf"
PATH = "quote/a/documents/b.pdf"


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[ObjectStore]:
    store = open_store(StorageSettings(), data=tmp_path, secret=b"s" * 32, public_url="http://kis.test")
    await store.ensure()
    yield store
    await store.close()


@pytest.fixture
async def client(storage: ObjectStore) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    app.state.application = SimpleNamespace(storage=storage)
    app.add_exception_handler(KisError, answer_error)
    app.include_router(router)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://kis.test", headers={"Accept-Language": "en"}
    ) as client:
        yield client


async def _link(storage: ObjectStore, path: str = PATH, data: bytes | None = b"0123456789") -> str:
    if data is not None:
        await storage.put(path, data, media_type="application/pdf")
    return await storage.signed_url(path, seconds=600, filename=NAME, media_type="application/pdf")


class TestGetObject:
    async def test_gives_the_file_under_its_name(
        self, client: httpx2.AsyncClient, storage: ObjectStore
    ) -> None:
        data = os.urandom(CHUNK_BYTES + 3)
        answer = await client.get(await _link(storage, data=data))
        assert (answer.status_code, answer.content) == (200, data)
        told = answer.headers
        assert told["content-type"] == "application/pdf"
        assert told["content-length"] == str(len(data))
        assert told["content-disposition"].endswith(
            "filename*=UTF-8''%EA%B2%AC%EC%A0%81%EC%84%9C%20HB-2026-0042.pdf"
        )
        assert told["x-content-type-options"] == "nosniff"
        assert told["cache-control"].startswith("private, max-age=")
        assert "sandbox" in told["content-security-policy"]

    async def test_gives_an_empty_file(self, client: httpx2.AsyncClient, storage: ObjectStore) -> None:
        answer = await client.get(await _link(storage, data=b""))
        assert (answer.status_code, answer.content) == (200, b"")

    @pytest.mark.parametrize(
        ("wanted", "status", "content", "told"),
        [
            ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
            ("bytes=8-", 206, b"89", "bytes 8-9/10"),
            ("bytes=8-99", 206, b"89", "bytes 8-9/10"),
            ("bytes=-4", 206, b"6789", "bytes 6-9/10"),
            ("bytes=-99", 200, b"0123456789", None),
            ("bytes=0-", 200, b"0123456789", None),
            ("bytes=5-2", 200, b"0123456789", None),
            ("bytes=0-1,4-5", 200, b"0123456789", None),
            ("bytes=-", 200, b"0123456789", None),
            ("lines=1-2", 200, b"0123456789", None),
        ],
    )
    async def test_gives_a_range(
        self,
        client: httpx2.AsyncClient,
        storage: ObjectStore,
        wanted: str,
        status: int,
        content: bytes,
        told: str | None,
    ) -> None:
        answer = await client.get(await _link(storage), headers={"Range": wanted})
        assert (answer.status_code, answer.content) == (status, content)
        assert answer.headers.get("content-range") == told
        assert answer.headers["content-length"] == str(len(content))

    @pytest.mark.parametrize("wanted", ["bytes=10-", "bytes=99-100", "bytes=-0"])
    async def test_refuses_a_range_beyond_the_end(
        self, client: httpx2.AsyncClient, storage: ObjectStore, wanted: str
    ) -> None:
        answer = await client.get(await _link(storage), headers={"Range": wanted})
        assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")

    async def test_says_that_the_reader_has_it(
        self, client: httpx2.AsyncClient, storage: ObjectStore
    ) -> None:
        link = await _link(storage)
        tag = (await client.get(link)).headers["etag"]
        assert (await client.get(link, headers={"If-None-Match": tag})).status_code == 304

    async def test_refuses_a_changed_link(self, client: httpx2.AsyncClient, storage: ObjectStore) -> None:
        link = await _link(storage)
        for changed in (
            link[:-1],
            link + "A",
            "http://kis.test/v1/objects/a.b",
            "http://kis.test/v1/objects/%00",
        ):
            answer = await client.get(changed)
            assert (answer.status_code, answer.json()["code"]) == (403, "link_refused")

    async def test_says_when_a_link_has_ended(
        self, client: httpx2.AsyncClient, storage: ObjectStore, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        link = await _link(storage)
        later = float("inf")
        monkeypatch.setattr(storage._backend._links, "_now", lambda: later)  # type: ignore[attr-defined]  # the clock of a local store's links
        answer = await client.get(link)
        assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")
        assert answer.json()["message"] == "This link has expired. Ask for a new one."

    async def test_misses_what_was_removed(self, client: httpx2.AsyncClient, storage: ObjectStore) -> None:
        answer = await client.get(await _link(storage, data=None))
        assert (answer.status_code, answer.json()["code"]) == (404, "object_missing")

    async def test_says_when_the_storage_is_away(
        self, client: httpx2.AsyncClient, storage: ObjectStore, tmp_path: Path
    ) -> None:
        link = await _link(storage)
        (tmp_path / "objects").rename(tmp_path / "unmounted")
        answer = await client.get(link)
        assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
        (tmp_path / "unmounted").rename(tmp_path / "objects")
        assert (await client.get(link)).status_code == 200
