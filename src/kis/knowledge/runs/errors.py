"""What can be wrong with a run, as errors of its own.

NotFound
└── RunNotFound     there is none, or it is another organisation's
Conflict
├── RunEnded        it has ended already
└── RowsChanged     an article of a batch was changed while the batch was prepared: prepare it again
"""

from uuid import UUID

from kis.platform.errors import Conflict, NotFound
from kis.platform.messages import Message


class RunNotFound(NotFound):
    """There is no such run, or it is another organisation's."""

    code = "run_not_found"

    def __init__(self, run_id: UUID) -> None:
        super().__init__(Message("knowledge_files.run.not_found", {"id": str(run_id)}), runId=str(run_id))


class RunEnded(Conflict):
    """The run has ended already."""

    code = "run_ended"

    def __init__(self, status: str) -> None:
        super().__init__(Message("knowledge_files.run.ended"), status=status)


class RowsChanged(Conflict):
    """An article was changed by somebody else while its change was prepared."""

    code = "rows_changed"

    def __init__(self) -> None:
        super().__init__(Message("knowledge_files.run.changed"))
