"""Shapes of work on many articles: runs, what became of their rows, bulk operations."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kis.api.schemas.common import JsonObject, Time, TraceIdText, WireModel, WireProblem
from kis.api.schemas.knowledge import OwnerText, Roles, Tag
from kis.api.schemas.knowledge_parts import YesNo
from kis.knowledge import Act, Outcome
from kis.search import Visibility

Count = Annotated[int, Field(ge=0)]
RunKind = Annotated[
    str, Field(description="`import`, `reindex`, or what a bulk operation does.", examples=["import"])
]
ConditionText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=260),
    Field(examples=["status:draft", "tag:차단기"]),
]


class RunBody(WireModel):
    """How far a run is."""

    id: UUID
    kind: RunKind
    name: str = Field(description="Of the file, or the operation.")
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    dry_run: bool = Field(description="It says what would become of each row, and writes nothing.")
    total: Count = Field(description="Rows; 0 while the file of an import is being read.")
    done: Count
    failed: Count
    outcomes: dict[Outcome, Count] = Field(description="Rows by what became of them.")
    error: JsonObject | None = Field(description="Why the whole of it failed.")
    started_by: str
    created_at: Time
    finished_at: Time | None
    links: dict[str, str] = Field(description="`self`, `rows`, `report`.")
    trace_id: TraceIdText


class RunSummary(WireModel):
    """A run of a list."""

    id: UUID
    kind: RunKind
    name: str
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    dry_run: bool
    total: Count
    done: Count
    failed: Count
    outcomes: dict[Outcome, Count]
    started_by: str
    created_at: Time
    finished_at: Time | None


class RunRow(WireModel):
    """A row of a run, in the caller's language."""

    number: int = Field(ge=1)
    name: str = Field(description="File and line, or the slug of an article.")
    outcome: Outcome | None = Field(description="null: still to be done.")
    article_id: UUID | None
    problems: list[WireProblem] = Field(
        description="Why it failed, or what is to be known of it although it did not."
    )


class BulkWanted(WireModel):
    """What is done to many articles, and which they are: by `ids`, or by `conditions` as a list's `filter` has them. Of the other fields each act uses its own."""

    act: Act = Field(
        description="`move` uses `categoryId`, `tag` and `untag` use `tags`, `show_to` uses `visibility` and `roles`, `hand_over` uses `owner`, `review_on` uses `reviewOn`."
    )
    ids: list[UUID] | None = Field(None, min_length=1, max_length=20_000)
    conditions: list[ConditionText] | None = Field(
        None,
        max_length=10,
        description="All must hold; an empty list means every article of the organisation.",
    )
    category_id: UUID | None = Field(None, description="null: on no category.")
    tags: list[Tag] = Field(default=[], max_length=20)
    visibility: Visibility | None = None
    roles: Roles = Field(default=[])
    owner: OwnerText | None = None
    review_on: date | None = Field(None, description="null: no review.")
    dry_run: YesNo = Field(False, description="Say what would become of each article, and write nothing.")
