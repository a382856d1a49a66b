"""Objects: documents and evidence, in a local folder or in S3 or whatever speaks its language.

A path is relative (``quote/{id}/documents/{sha256}.pdf``) and means the same in both. What :meth:`ObjectStore.put` has returned from was written,
flushed, read back and compared; a reader never finds a part of an object. Users fetch objects by links that end: S3 makes them itself, the local
folder's are signed by this installation and served by its API.
"""

from kis.platform.storage.archive import MEDIA_TYPE, Entry, export_zip, zipped
from kis.platform.storage.errors import (
    LinkExpired,
    LinkRefused,
    ObjectMissing,
    PathRefused,
    StorageUnavailable,
    StoredWrong,
)
from kis.platform.storage.lifecycle import EXPORTS, READYZ
from kis.platform.storage.links import Link, Links, content_disposition
from kis.platform.storage.opening import open_store
from kis.platform.storage.paths import LONGEST_PATH, checked_path
from kis.platform.storage.store import ObjectStore, StoredObject

__all__ = [
    "EXPORTS",
    "LONGEST_PATH",
    "MEDIA_TYPE",
    "READYZ",
    "Entry",
    "Link",
    "LinkExpired",
    "LinkRefused",
    "Links",
    "ObjectMissing",
    "ObjectStore",
    "PathRefused",
    "StorageUnavailable",
    "StoredObject",
    "StoredWrong",
    "checked_path",
    "content_disposition",
    "export_zip",
    "open_store",
    "zipped",
]
