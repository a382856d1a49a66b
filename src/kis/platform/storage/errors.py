"""What can go wrong with objects.

KisError
├── NotFound
│   └── ObjectMissing        there is no object at the path
├── Unavailable
│   ├── StorageUnavailable   the storage cannot be reached, refuses, or is full; tried again later it may work
│   └── StoredWrong          what was read back is not what was written; nothing of it is left
├── Forbidden
│   └── LinkRefused          a link was not made by this installation
├── LinkExpired              a link was good once
└── PathRefused              a path no object may have: a mistake of the program

What the storage itself said stays in the log and in the chain of causes; a message to a user holds no address, key or path of the machine.
"""

from kis.platform.errors import Forbidden, KisError, NotFound, Unavailable
from kis.platform.messages import Message


class ObjectMissing(NotFound):
    """There is no object at the path."""

    code = "object_missing"

    def __init__(self, path: str) -> None:
        super().__init__(Message("storage.missing", {"path": path}))
        self.path = path


class StorageUnavailable(Unavailable):
    """The storage cannot be reached, refuses, or is full; ``reason`` is one of a few words: unreachable, refused, full, no_bucket, slow."""

    code = "storage_unavailable"

    def __init__(self, reason: str) -> None:
        super().__init__(
            Message(f"storage.unavailable.{reason}"), hint=Message("storage.hint"), reason=reason
        )
        self.reason = reason


class StoredWrong(Unavailable):
    """The storage gave back something else than it was given; the object was removed again."""

    code = "stored_wrong"

    def __init__(self, path: str) -> None:
        super().__init__(Message("storage.stored_wrong", {"path": path}), hint=Message("storage.hint"))
        self.path = path


class LinkRefused(Forbidden):
    """A link was not made by this installation, or was changed since."""

    code = "link_refused"

    def __init__(self) -> None:
        super().__init__(Message("storage.link.refused"))


class LinkExpired(KisError):
    """A link was good once; a new one can be had where this one came from."""

    code = "link_expired"
    status_code = 410

    def __init__(self) -> None:
        super().__init__(Message("storage.link.expired"))


class PathRefused(KisError):
    """A path that no object may have."""

    code = "path_refused"

    def __init__(self, path: str) -> None:
        super().__init__(Message("storage.path", {"path": path[:200]}))
