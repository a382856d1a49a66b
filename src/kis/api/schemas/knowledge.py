"""Shapes of articles: what they say, where they stand, their versions."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from kis.api.schemas.common import Time, TraceIdText, WireModel
from kis.identity import Role
from kis.knowledge import ArticleType, TextState
from kis.search import Language, Visibility

StatusName = Literal["draft", "in_review", "approved", "scheduled", "published", "archived"]
SaidState = Literal["draft", "current", "out_of_date"]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40)]
SlugText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100),
    Field(examples=["choosing-a-breaker", "차단기-선정"]),
]
OwnerText = Annotated[
    str, StringConstraints(max_length=60), Field(examples=["user:0b0e7c1e-5f4e-4d8e-9a53-d9a3c7b0f1aa"])
]
Metadata = Annotated[dict[str, str], Field(max_length=50)]
Note = Annotated[str, StringConstraints(max_length=500)]
Roles = Annotated[list[Role], Field(max_length=10)]


class Wording(WireModel):
    """What an article says in one language."""

    title: str = Field(min_length=1, max_length=200)
    summary: str = Field("", max_length=1000)
    body: str = Field("", max_length=200_000, description="Markdown; tags of HTML in it are words.")
    tags: list[Tag] = Field(default=[], max_length=20)
    seo_title: str = Field("", max_length=400)
    seo_description: str = Field("", max_length=400)


class NewArticle(WireModel):
    """An article to be written, in one language or both."""

    texts: dict[Language, Wording] = Field(min_length=1)
    states: dict[Language, SaidState] = Field(
        default={}, description="A text is `current` where nothing is said."
    )
    slug: SlugText | None = Field(
        None, description="Last part of its address; without it one made from the title."
    )
    type: ArticleType = ArticleType.ARTICLE
    category_id: UUID | None = None
    visibility: Visibility = Visibility.ORGANIZATION
    roles: Roles = Field(default=[], description="With the visibility `role`: who reads it.")
    owner: OwnerText | None = Field(None, description="Who is reminded of its review; else the caller.")
    review_on: date | None = None
    expires_at: Time | None = Field(None, description="Readers are shown it until then.")
    metadata: Metadata = Field(default={})
    note: Note = Field("", description="Said about this version.")


class ArticlePatch(WireModel):
    """What is to be different; what is left out stays. A text is put whole; null for a language takes it away."""

    texts: dict[Language, Wording | None] = Field(default={})
    states: dict[Language, SaidState] = Field(
        default={},
        description="Where nothing is said a changed text is `current`, and makes the other one `out_of_date` where both were current.",
    )
    slug: SlugText | None = None
    type: ArticleType | None = None
    category_id: UUID | None = Field(None, description="null: on no category.")
    visibility: Visibility | None = None
    roles: Roles | None = None
    owner: OwnerText | None = None
    review_on: date | None = Field(None, description="null: no review.")
    expires_at: Time | None = Field(None, description="null: never.")
    metadata: Metadata | None = None
    note: Note = ""


class TextHead(WireModel):
    """What an article is called in one language, and how far it is."""

    title: str
    summary: str
    tags: list[str]
    state: TextState


class TextWhole(TextHead):
    """What an article says in one language, and how far it is."""

    body: str = Field(description="Markdown; `GET /v1/knowledge/{articleId}/rendered` has it as HTML.")
    seo_title: str
    seo_description: str


class ArticleDesk(WireModel):
    """Where an article stands, for those who write and review."""

    status: StatusName
    roles: list[str]
    current_version: int
    published_version: int | None
    owner: str
    created_by: str
    changed_by: str
    approved_by: str | None
    publish_at: Time | None
    review_on: date | None
    note: str
    views: int
    created_at: Time
    updated_at: Time


class ArticleFacts(WireModel):
    """What is known of an article beside its words."""

    id: UUID
    slug: str
    type: ArticleType
    category_id: UUID | None
    visibility: Visibility
    is_own: bool = Field(description="Of the caller's organisation; a public one may be another's.")
    version: int = Field(description="The version that is shown.")
    states: dict[Language, TextState] = Field(description="How far it is in each language.")
    metadata: dict[str, str]
    author: str
    saved_at: Time
    published_at: Time | None
    expires_at: Time | None
    helpful: int
    unhelpful: int
    revision: int = Field(description="Rises with every change; the ETag is made of it.")
    desk: ArticleDesk | None = Field(description="null for readers.")


class ArticleSummary(ArticleFacts):
    """An article in a list."""

    texts: dict[Language, TextHead]


class ArticleBody(ArticleFacts):
    """An article, whole."""

    texts: dict[Language, TextWhole]


class ArticleNow(WireModel):
    """Where an article stands after a change."""

    id: UUID
    slug: str
    status: StatusName
    version: int = Field(description="The current version.")
    published_version: int | None = Field(description="The one readers are shown.")
    revision: int = Field(description="In the ETag of this answer too: the next change names it.")
    states: dict[Language, TextState]
    publish_at: Time | None
    trace_id: TraceIdText


class RenderedHeading(WireModel):
    """A heading and where a link leads to it."""

    level: int = Field(ge=1, le=6)
    anchor: str
    text: str


class RenderedArticle(WireModel):
    """The text of an article as HTML that may stand in any page."""

    id: UUID
    slug: str
    version: int
    language: Language = Field(description="The one asked for, or the only one there is.")
    state: TextState
    title: str
    html: str
    headings: list[RenderedHeading]


class VersionSummary(WireModel):
    """A version in a list."""

    number: int
    titles: dict[Language, str]
    states: dict[Language, TextState]
    note: str
    author: str
    saved_by: str
    saved_at: Time
    is_current: bool
    is_published: bool


class VersionWhole(WireModel):
    """What an article said when it was saved."""

    number: int
    texts: dict[Language, TextWhole]
    type: ArticleType
    category_id: UUID | None
    metadata: dict[str, str]
    note: str
    author: str
    saved_by: str
    saved_at: Time


class DiffHunk(WireModel):
    """A place that changed. Lines begin with a space (kept), `-` (gone) or `+` (new); starts count from 1."""

    old_start: int
    old_lines: int
    new_start: int
    new_lines: int
    lines: list[str]


class FieldChange(WireModel):
    """What changed in a field."""

    language: Language | None = Field(description="null: of the whole article.")
    field: str = Field(examples=["body"])
    hunks: list[DiffHunk]


class VersionDiff(WireModel):
    """What changed from one version to another."""

    changes: list[FieldChange]
    trace_id: TraceIdText


class Returned(WireModel):
    """Why a version goes back to who wrote it."""

    reason: str = Field("", max_length=4000, description="Becomes a comment.")


class Schedule(WireModel):
    """When a version is to be published."""

    publish_at: Time


class Translation(WireModel):
    """Into which language an article is to be translated."""

    language: Language
