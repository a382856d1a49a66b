"""Tables of the knowledge base: categories, articles with every version of them, and what people say about them."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at

ORGANIZATION = "identity.organizations.id"
AUDIENCE = "knowledge.audiences.id"
TYPES = "type IN ('article', 'faq', 'guide', 'api_doc', 'glossary', 'tutorial', 'reference')"
LANGUAGES = "language IN ('ko', 'en')"
STATUSES = "status IN ('draft', 'in_review', 'approved', 'scheduled', 'published', 'archived')"


class Category(Base):
    """A branch of the tree that articles hang on."""

    __tablename__ = "categories"
    __table_args__ = (
        UniqueConstraint("organization_id", "slug"),
        UniqueConstraint("organization_id", "id"),
        Index("ix_categories_parent_id", "parent_id"),
        ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["knowledge.categories.organization_id", "knowledge.categories.id"],
            name="fk_categories_parent_id",
        ),
        CheckConstraint("parent_id <> id", name="parent"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    parent_id: Mapped[UUID | None]
    slug: Mapped[str]
    name_ko: Mapped[str]
    name_en: Mapped[str]
    icon: Mapped[str] = mapped_column(server_default="")
    position: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class Article(Base):
    """What an article is and where it stands. What it says is in its versions: one is current, one may be published."""

    __tablename__ = "articles"
    __table_args__ = (
        Index(
            "uq_articles_slug",
            "organization_id",
            "slug",
            unique=True,
            postgresql_where=text("deleted_at IS NULL"),
        ),
        UniqueConstraint("organization_id", "id"),
        Index("ix_articles_audience_id", "audience_id"),
        Index("ix_articles_category_id", "category_id"),
        Index("ix_articles_organization_id_updated_at", "organization_id", "updated_at"),
        Index("ix_articles_due", "publish_at", postgresql_where=text("status = 'scheduled'")),
        ForeignKeyConstraint(
            ["organization_id", "category_id"],
            ["knowledge.categories.organization_id", "knowledge.categories.id"],
            name="fk_articles_category_id",
        ),
        CheckConstraint(TYPES, name="type"),
        CheckConstraint(STATUSES, name="status"),
        CheckConstraint("(status = 'scheduled') = (publish_at IS NOT NULL)", name="publish_at"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    audience_id: Mapped[int] = mapped_column(ForeignKey(AUDIENCE))
    """Who knows of it: the readers once a version is published, until then those who write and review."""
    slug: Mapped[str]
    type: Mapped[str] = mapped_column(server_default="article")
    category_id: Mapped[UUID | None]
    visibility: Mapped[str] = mapped_column(server_default="organization")
    roles: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default="draft")
    """Of the current version."""
    current_version: Mapped[int] = mapped_column(server_default=text("1"))
    published_version: Mapped[int | None]
    approved_by: Mapped[str | None]
    publish_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    """First."""
    owner: Mapped[str]
    """``user:<id>``: who is asked when it must be reviewed."""
    created_by: Mapped[str]
    changed_by: Mapped[str]
    """Author of the current version."""
    review_on: Mapped[date | None]
    reminded_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    views: Mapped[int] = mapped_column(server_default=text("0"))
    helpful: Mapped[int] = mapped_column(server_default=text("0"))
    unhelpful: Mapped[int] = mapped_column(server_default=text("0"))
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None]
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    """Counts every change of this row: the ETag."""
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class ArticleVersion(Base):
    """What an article said when it was saved, in every language it had; never changed, but for whom it may be read by."""

    __tablename__ = "article_versions"
    __table_args__ = (
        Index("ix_article_versions_audience_id", "audience_id"),
        ForeignKeyConstraint(
            ["organization_id", "article_id"],
            ["knowledge.articles.organization_id", "knowledge.articles.id"],
            ondelete="CASCADE",
        ),
        {"schema": "knowledge"},
    )

    article_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    audience_id: Mapped[int] = mapped_column(ForeignKey(AUDIENCE))
    """The readers for the version that is published, those who write and review for any other."""
    texts: Mapped[dict[str, Any]]
    """By language (``ko``, ``en``): title, summary, body (Markdown), tags, seo_title, seo_description, state (draft, current, out_of_date)."""
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Type, category, metadata and what else a version restores."""
    note: Mapped[str] = mapped_column(server_default="")
    saved_by: Mapped[str]
    saved_at: Mapped[datetime] = created_at()


class ArticleLink(Base):
    """Another article that belongs to this one, put there by hand."""

    __tablename__ = "article_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "article_id"],
            ["knowledge.articles.organization_id", "knowledge.articles.id"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organization_id", "related_id"],
            ["knowledge.articles.organization_id", "knowledge.articles.id"],
            ondelete="CASCADE",
        ),
        Index("ix_article_links_related_id", "related_id"),
        CheckConstraint("article_id <> related_id", name="other"),
        {"schema": "knowledge"},
    )

    article_id: Mapped[UUID] = mapped_column(primary_key=True)
    related_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = created_at()


class Attachment(Base):
    """A file that belongs to an article; its bytes are in the object storage, by their digest."""

    __tablename__ = "attachments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "article_id"],
            ["knowledge.articles.organization_id", "knowledge.articles.id"],
            ondelete="CASCADE",
        ),
        Index("ix_attachments_article_id", "article_id"),
        Index("ix_attachments_sha256", "sha256"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID]
    article_id: Mapped[UUID]
    audience_id: Mapped[int] = mapped_column(ForeignKey(AUDIENCE))
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    sha256: Mapped[str]
    added_by: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class ReviewComment(Base):
    """What a reviewer or an author says about a version, or in answer to another comment."""

    __tablename__ = "review_comments"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "article_id"],
            ["knowledge.articles.organization_id", "knowledge.articles.id"],
            ondelete="CASCADE",
        ),
        Index("ix_review_comments_article_id", "article_id"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID]
    article_id: Mapped[UUID]
    version: Mapped[int]
    language: Mapped[str] = mapped_column(server_default="")
    quoted: Mapped[str] = mapped_column(server_default="")
    """The words it is about."""
    body: Mapped[str]
    answers_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("knowledge.review_comments.id", ondelete="CASCADE")
    )
    written_by: Mapped[str]
    resolved_by: Mapped[str | None]
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = created_at()


class Feedback(Base):
    """Whether an article helped a reader: one opinion a person, the last one counts."""

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("organization_id", "article_id", "reader"),
        Index("ix_feedback_article_id", "article_id"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    """The reader's: a public article has readers elsewhere."""
    article_id: Mapped[UUID] = mapped_column(ForeignKey("knowledge.articles.id", ondelete="CASCADE"))
    reader: Mapped[str]
    """A keyed digest of who said it."""
    is_helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(server_default="")
    language: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column(server_default=text("0"))
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class KnowledgeSettings(Base):
    """What an organisation decides about its knowledge base."""

    __tablename__ = "settings"
    __table_args__ = (
        CheckConstraint("search_log_days BETWEEN 1 AND 3650", name="search_log_days"),
        CheckConstraint("bin_days BETWEEN 1 AND 3650", name="bin_days"),
        {"schema": "knowledge"},
    )

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(ORGANIZATION, ondelete="CASCADE"), primary_key=True
    )
    author_may_review: Mapped[bool] = mapped_column(server_default=text("false"))
    reminder_days: Mapped[int] = mapped_column(server_default=text("14"))
    search_log_days: Mapped[int] = mapped_column(server_default=text("90"))
    bin_days: Mapped[int] = mapped_column(server_default=text("30"))
    features: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    updated_at: Mapped[datetime] = updated_at()


class ImportRun(Base):
    """An import or a bulk operation: what was asked, how far it is, what became of it. Its job works through the rows."""

    __tablename__ = "import_runs"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        Index("ix_import_runs_organization_id_created_at", "organization_id", "created_at"),
        CheckConstraint("status IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="status"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    kind: Mapped[str]
    """``import`` or the name of a bulk operation."""
    options: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    status: Mapped[str] = mapped_column(server_default="queued")
    total: Mapped[int] = mapped_column(server_default=text("0"))
    done: Mapped[int] = mapped_column(server_default=text("0"))
    failed: Mapped[int] = mapped_column(server_default=text("0"))
    error: Mapped[dict[str, Any] | None]
    started_by: Mapped[str]
    created_at: Mapped[datetime] = created_at()
    finished_at: Mapped[datetime | None]


class ImportRow(Base):
    """One thing of a run and what became of it. A run that was broken off goes on with the rows that have no outcome."""

    __tablename__ = "import_rows"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "run_id"],
            ["knowledge.import_runs.organization_id", "knowledge.import_runs.id"],
            ondelete="CASCADE",
        ),
        Index("ix_import_rows_open", "run_id", "number", postgresql_where=text("outcome IS NULL")),
        CheckConstraint(
            "outcome IN ('created', 'updated', 'unchanged', 'skipped', 'failed')", name="outcome"
        ),
        {"schema": "knowledge"},
    )

    run_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    name: Mapped[str]
    """The file or the line it comes from."""
    content: Mapped[dict[str, Any]]
    outcome: Mapped[str | None]
    article_id: Mapped[UUID | None]
    problems: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))


class ArticleView(Base):
    """How often an article was read on a day by an organisation's people, in a language. Who read it is not kept."""

    __tablename__ = "article_views"
    __table_args__ = (
        Index("ix_article_views_organization_id_day", "organization_id", "day"),
        CheckConstraint(LANGUAGES, name="language"),
        CheckConstraint("views > 0", name="views"),
        {"schema": "knowledge"},
    )

    article_id: Mapped[UUID] = mapped_column(
        ForeignKey("knowledge.articles.id", ondelete="CASCADE"), primary_key=True
    )
    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey(ORGANIZATION, ondelete="CASCADE"), primary_key=True
    )
    day: Mapped[date] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    views: Mapped[int]
