"""Shapes of what belongs to articles: comments, related ones, files, opinions, the bin, settings."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from kis.api.schemas.common import Time, TraceIdText, WireModel
from kis.api.schemas.knowledge import SlugText
from kis.search import Language

Days = Annotated[int, Field(strict=True, ge=1, le=3650)]
YesNo = Annotated[bool, Field(strict=True)]
"""Neither a number nor a word."""


class NewComment(WireModel):
    """Something to be said about a version, or in answer to a comment."""

    body: str = Field(min_length=1, max_length=4000)
    version: int | None = Field(
        None, strict=True, ge=1, le=2**31 - 1, description="Without it the current one."
    )
    language: Language | None = None
    quoted: str = Field("", max_length=500, description="The words of the article it is about.")
    answers_id: UUID | None = None


class CommentResolution(WireModel):
    """Whether a thread is closed."""

    resolved: YesNo


class CommentBody(WireModel):
    """Something that was said about a version."""

    id: UUID
    version: int
    language: Language | None
    quoted: str
    body: str
    written_by: str
    created_at: Time
    resolved_by: str | None
    resolved_at: Time | None


class CommentThread(WireModel):
    """A comment and the answers to it."""

    comment: CommentBody
    answers: list[CommentBody]


class CommentThreads(WireModel):
    """What was said about an article, the oldest first; at most 500 comments."""

    items: list[CommentThread]
    trace_id: TraceIdText


class RelatedIds(WireModel):
    """The articles that belong to one, in their order."""

    related: list[UUID] = Field(max_length=30)


class RelatedArticle(WireModel):
    """An article that belongs to another."""

    id: UUID
    slug: str
    titles: dict[Language, str]


class RelatedArticles(WireModel):
    """What belongs to an article, as far as the caller may read it."""

    items: list[RelatedArticle]
    trace_id: TraceIdText


class AttachmentBody(WireModel):
    """A file of an article and a link that opens it for a while."""

    id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    added_by: str
    created_at: Time
    signed_url: str
    expires_in_seconds: int


class AttachmentList(WireModel):
    """The files of an article; at most 100."""

    items: list[AttachmentBody]
    trace_id: TraceIdText


class NewOpinion(WireModel):
    """Whether an article helped."""

    is_helpful: YesNo
    comment: str = Field("", max_length=2000)
    language: Language | None = Field(None, description="In which it was read.")


class OpinionBody(WireModel):
    """What a reader said; who it was is not kept."""

    is_helpful: bool
    comment: str
    language: Language | None
    version: int
    said_at: Time


class BinnedArticle(WireModel):
    """An article in the bin."""

    id: UUID
    slug: str
    titles: dict[Language, str]
    deleted_at: Time
    deleted_by: str
    goes_at: Time = Field(description="When it goes for good.")
    revision: int


class FetchBack(WireModel):
    """How an article comes out of the bin."""

    slug: SlugText | None = Field(None, description="Where its own was taken meanwhile.")


class KnowledgeRules(WireModel):
    """What an organisation decides about its knowledge base."""

    author_may_review: YesNo = Field(description="Whether who wrote something may approve it.")
    reminder_days: int = Field(
        strict=True,
        ge=0,
        le=3650,
        description="So long before the day of its review the owner of an article is reminded.",
    )
    search_log_days: Days
    bin_days: Days = Field(description="So long what was deleted can be fetched back.")
    features: dict[Annotated[str, StringConstraints(min_length=1, max_length=64)], YesNo] = Field(
        max_length=50
    )


class CategoryName(WireModel):
    """What a category is called and where it hangs."""

    id: UUID
    parent_id: UUID | None
    slug: str
    name_ko: str
    name_en: str
    icon: str
    position: int


class CategoryBranch(CategoryName):
    """A category in the tree."""

    articles: int = Field(description="Right on it, that the caller may read.")


class CategoryTree(WireModel):
    """All categories, each before those below it, siblings in their order; at most 1,000."""

    items: list[CategoryBranch]
    trace_id: TraceIdText


NameText = Annotated[str, StringConstraints(min_length=1, max_length=100)]
IconText = Annotated[str, StringConstraints(max_length=40)]


class NewCategoryBody(WireModel):
    """A category to be made, last of its siblings."""

    name_ko: NameText
    name_en: NameText
    parent_id: UUID | None = None
    slug: SlugText | None = Field(None, description="Without it one made from the English name.")
    icon: IconText = ""


class CategoryPatch(WireModel):
    """What is to be different; what is left out stays."""

    name_ko: NameText | None = None
    name_en: NameText | None = None
    slug: SlugText | None = None
    icon: IconText | None = None


class CategoryMove(WireModel):
    """Where a category is to hang."""

    parent_id: UUID | None = Field(description="null: on none.")
    position: int | None = Field(
        None, strict=True, ge=0, le=1000, description="Among its siblings; else last."
    )


class CategoryOrder(WireModel):
    """All categories on another, in their new order."""

    parent_id: UUID | None = Field(description="null: those that hang on none.")
    categories: list[UUID] = Field(max_length=1000)


class CategoryRemoved(WireModel):
    """How many articles went to another category."""

    moved_articles: int
    trace_id: TraceIdText
