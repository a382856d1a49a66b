"""What can be wrong with a job that somebody wants to see or change.

NotFound
└── JobNotFound        there is none, or it is another organisation's
Conflict
├── JobStatus          what is asked for does not go with how far it is
└── JobSettled         that it failed was written where it was asked for: there it is asked for anew
KisError
└── JobCancelled       how a job ends that was cancelled
"""

from collections.abc import Sequence
from uuid import UUID

from kis.platform.errors import Conflict, NotFound
from kis.platform.jobs import Permanent
from kis.platform.messages import Message


class JobNotFound(NotFound):
    """There is no such job, or it is another organisation's."""

    code = "job_not_found"

    def __init__(self, job_id: UUID) -> None:
        super().__init__(Message("administration.job.not_found", {"id": str(job_id)}), jobId=str(job_id))


class JobStatus(Conflict):
    """What is asked for does not go with how far the job is."""

    code = "job_status"

    def __init__(self, act: str, status: str, allowed: Sequence[str]) -> None:
        values = {
            "act": Message(f"administration.job.act.{act}"),
            "status": Message(f"administration.job.status.{status}"),
            "allowed": tuple(Message(f"administration.job.status.{name}") for name in allowed),
        }
        super().__init__(Message("administration.job.wrong_status", values), act=act, status=status)


class JobSettled(Conflict):
    """The job's failure is written where the work was asked for, which has ended by it."""

    code = "job_settled"

    def __init__(self, kind: str) -> None:
        super().__init__(
            Message("administration.job.settled", {"kind": kind}),
            hint=Message("administration.job.settled_hint"),
            kind=kind,
        )


class JobCancelled(Permanent):
    """Somebody cancelled the job."""

    code = "job_cancelled"

    def __init__(self) -> None:
        super().__init__(Message("administration.job.cancelled"))
