"""Shapes of the administration."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kis.api.schemas.common import Time, TraceIdText, WireModel
from kis.search import Source

JobStatusName = Literal["queued", "running", "done", "failed"]
RunStatusName = Literal["queued", "running", "done", "failed", "cancelled"]
FeatureName = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class RoleBody(WireModel):
    """How many people have a role."""

    role: str
    people: int
    active: int = Field(description="Who may log in.")


class ArticlesBody(WireModel):
    """Articles of a status, and how many of them have a text in each language."""

    status: str
    total: int
    ko: int
    en: int


class IndexBody(WireModel):
    """The index of the search."""

    items: dict[Source, int] = Field(description="Texts that are found, by source.")
    terms: int = Field(description="Different ones, as last counted; of the installation an estimate.")
    postings: int = Field(description="As last counted; of the installation an estimate.")
    bytes: int | None = Field(description="Tables and their indexes; null for one organisation.")
    without_morphemes: int = Field(
        description="Cut into pairs of characters alone; cut again as soon as can be."
    )
    with_vectors: int
    waiting_changes: int = Field(
        description="Quotations and parts that changed and are not indexed anew yet."
    )
    counted_at: Time | None


class JobsBody(WireModel):
    """Jobs of a kind in a status."""

    kind: str
    status: JobStatusName
    count: int
    oldest_seconds: float = Field(description="Since the oldest was asked for.")


class StorageBody(WireModel):
    """Files that are kept, and what they weigh."""

    files: int
    bytes: int


class OrganizationOverview(WireModel):
    """How the caller's organisation stands."""

    people: list[RoleBody] | None = Field(description="null without `user.read`.")
    articles: list[ArticlesBody]
    in_bin: int
    index: IndexBody
    jobs: list[JobsBody] | None = Field(description="null without `organization.write`.")
    documents: StorageBody = Field(description="Of quotations.")
    attachments: StorageBody = Field(description="Of articles.")


class BackupBody(WireModel):
    """The newest backup in the folder of the installation."""

    file: str
    bytes: int
    made_at: str
    checked_at: str = Field(description="When it was restored and counted; empty: never.")


class InstallationOverview(WireModel):
    """How the installation stands."""

    organizations: int
    people: int
    index: IndexBody
    jobs: list[JobsBody]
    waiting_messages: int = Field(description="What is to leave (mails) and has not.")
    database_bytes: int
    storage_kind: str
    last_backup: BackupBody | None = Field(
        description="null: none is in that folder; operators may keep theirs elsewhere."
    )
    versions: dict[str, str]


class HealthBody(WireModel):
    """Whether the parts are there; as `/readyz` says."""

    status: Literal["ok", "degraded", "not_ready"]
    lacking: dict[str, str] = Field(description="What is not there, and one word why.")


class OverviewBody(WireModel):
    """What an administrator looks at first."""

    organization: OrganizationOverview | None = Field(description="null without `knowledge.admin`.")
    installation: InstallationOverview | None = Field(description="null without `installation.operate`.")
    health: HealthBody
    links: dict[str, str] = Field(description="Where the rest is.")
    trace_id: TraceIdText


class JobError(WireModel):
    """Why a job failed, or is tried again."""

    code: str
    message: str
    hint: str | None = None


class JobBody(WireModel):
    """A job. What it was given is not shown."""

    id: UUID
    kind: str
    status: JobStatusName
    organization_id: UUID | None
    subject_id: UUID | None = Field(description="What it is about.")
    priority: int = Field(description="The smallest first.")
    attempts: int
    progress: dict[str, Any]
    error: JobError | None
    age_seconds: float = Field(description="Since it was asked for; of one that has ended until then.")
    begun_under: str = Field(description="Trace id under which it was asked for; empty where there was none.")
    created_at: Time
    run_after: Time
    started_at: Time | None
    finished_at: Time | None
    may_be_retried: bool
    may_be_cancelled: bool


class LimitBody(WireModel):
    """A limit, and who sets it."""

    name: str
    value: float
    unit: str
    variable: str | None = Field(description="The variable of the environment that sets it; null: fixed.")


class LimitsBody(WireModel):
    """The limits that hold."""

    items: list[LimitBody]
    trace_id: TraceIdText


class FeatureBody(WireModel):
    """Something that can be switched."""

    name: str
    description: str
    is_on: bool
    is_on_by_itself: bool
    is_decided: bool = Field(description="Whether the organisation has decided it, either way.")


class FeaturesBody(WireModel):
    """Every feature and whether it works."""

    items: list[FeatureBody]
    trace_id: TraceIdText


class FeaturesWanted(WireModel):
    """Which features are to work, by name; the others are as they are by themselves."""

    features: dict[FeatureName, Annotated[bool, Field(strict=True)]] = Field(
        max_length=50, examples=[{"search.corrections": False}]
    )


class ReindexWanted(WireModel):
    """What is to be indexed anew."""

    source: Source | None = Field(None, description="null: all.")
    everywhere: Annotated[bool, Field(strict=True)] = Field(
        False, description="For operators: of the whole installation."
    )


class ReindexBody(WireModel):
    """How far an indexing anew is."""

    run_id: UUID
    source: Source | None
    status: RunStatusName
    total: int = Field(description="Things there were when it was asked for.")
    done: int
    error: JobError | None
    started_by: str
    created_at: Time
    finished_at: Time | None
    trace_id: TraceIdText
