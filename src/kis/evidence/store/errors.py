"""What can go wrong with stored evidence.

KisError
├── NotFound
│   └── EvidenceMissing      there is no pack of this trace id, or none the caller may see
├── Conflict
│   └── TraceTaken           the trace id has a pack of other content, and a pack is never written over
└── Unavailable
    └── ObjectsVanished      uploaded files are gone again; the whole work is to be tried again
"""

from collections.abc import Sequence

from kis.platform.errors import Conflict, NotFound, Unavailable
from kis.platform.messages import Message


class EvidenceMissing(NotFound):
    """There is no pack of this trace id, or none the caller may see."""

    code = "evidence_missing"

    def __init__(self, trace_id: str) -> None:
        super().__init__(Message("evidence.store.missing", {"trace_id": trace_id}))
        self.trace_id = trace_id


class TraceTaken(Conflict):
    """The trace id has a pack of other content, and a pack is never written over."""

    code = "trace_taken"

    def __init__(self, trace_id: str) -> None:
        super().__init__(Message("evidence.store.taken", {"trace_id": trace_id}))
        self.trace_id = trace_id


class ObjectsVanished(Unavailable):
    """Files uploaded for a pack are gone again before it was sealed."""

    code = "objects_vanished"

    def __init__(self, trace_id: str, names: Sequence[str]) -> None:
        super().__init__(
            Message("evidence.store.vanished", {"trace_id": trace_id, "name": names[0], "count": len(names)})
        )
        self.names = tuple(names)
