"""Whether objects can be written, fetched by a signed link and removed."""

from typing import TypedDict

from kis.platform.storage import ObjectStore


class StorageHealth(TypedDict):
    """What the check found."""

    status: str
    accessible: bool
    bucket: str


async def check_storage_health(storage: ObjectStore) -> StorageHealth:
    """Put an object under ``readyz/``, fetch it by a signed link, remove it. Raises what the storage raises."""
    await storage.probe()
    return {"status": "ok", "accessible": True, "bucket": storage.bucket}
