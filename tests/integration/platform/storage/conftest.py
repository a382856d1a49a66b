"""A local folder and a bucket on an S3 server of this test run, both as the platform opens them."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import uuid4

import pytest

from kis.platform.configuration import StorageSettings
from kis.platform.storage import ObjectStore, open_store

SECRET = b"of this test alone, 32 bytes or more"
ACCESS_KEY, SECRET_KEY = "AKIDTEST", "a secret key of the tests"


@pytest.fixture
def s3_settings(s3_server: str) -> StorageSettings:
    """Give the settings of a bucket that nobody has made yet."""
    return StorageSettings(
        url=f"s3://b-{uuid4()}/below",
        endpoint=s3_server,
        access_key_id=ACCESS_KEY,
        secret_access_key=SECRET_KEY,
    )


Open = Callable[[StorageSettings], ObjectStore]


@pytest.fixture
async def opening(tmp_path: Path) -> AsyncIterator[Open]:
    """Open stores, and close them at the end."""
    opened: list[ObjectStore] = []

    def open_(settings: StorageSettings) -> ObjectStore:
        opened.append(open_store(settings, data=tmp_path, secret=SECRET, public_url="http://kis.test"))
        return opened[-1]

    yield open_
    for store in opened:
        await store.close()


@pytest.fixture
async def local(opening: Open) -> ObjectStore:
    store = opening(StorageSettings())
    await store.ensure()
    return store


@pytest.fixture
async def s3(opening: Open, s3_settings: StorageSettings) -> ObjectStore:
    store = opening(s3_settings)
    await store.ensure()
    return store


@pytest.fixture(params=["local", "s3"])
def storage(request: pytest.FixtureRequest) -> ObjectStore:
    """Give a store of each kind in turn."""
    store: ObjectStore = request.getfixturevalue(request.param)
    return store
