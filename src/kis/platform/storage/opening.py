"""Which storage the settings mean."""

from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from kis.platform.configuration import StorageSettings
from kis.platform.errors import BadInput, Problem
from kis.platform.messages import Message
from kis.platform.storage.links import Links
from kis.platform.storage.local import LocalBackend
from kis.platform.storage.paths import checked_prefix
from kis.platform.storage.store import ObjectStore

FOLDER: Final = "objects"


def open_store(settings: StorageSettings, *, data: Path, secret: bytes, public_url: str) -> ObjectStore:
    """Return the storage of an installation; nothing is reached or made before :meth:`ObjectStore.ensure`.

    Without an address and an endpoint it is the folder ``objects`` in ``data``. ``secret`` and ``public_url`` serve links to local objects.
    Raises BadInput for an address of another kind.
    """
    address = urlsplit(settings.url)
    if address.scheme == "s3" or (not settings.url and settings.endpoint):
        from kis.platform.storage.s3 import S3Backend

        prefix = checked_prefix(unquote(address.path).strip("/"))
        return ObjectStore(S3Backend(settings, bucket=address.netloc or settings.bucket, prefix=prefix))
    if (
        address.scheme not in ("", "file")
        or address.netloc
        or (settings.url and not address.path.startswith("/"))
    ):
        raise BadInput("environment", [Problem("STORAGE_URL", Message("storage.url"))])
    folder = Path(unquote(address.path)) if settings.url else data / FOLDER
    return ObjectStore(LocalBackend(folder / settings.bucket, links=Links(secret), public_url=public_url))
