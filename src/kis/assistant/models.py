"""The assistant's tables: products with the catalogs they come from, conversations, and which manuals were fetched."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

import kis.identity  # noqa: F401 - its tables are what keys lead to
from kis.platform.database import Base, created_at, primary_key, updated_at

SCHEMA: Final = "assistant"
ORGANIZATION: Final = "identity.organizations.id"
USER: Final = "identity.users.id"
_DIGEST: Final = "sha256 ~ '^[0-9a-f]{64}$'"


class StoredBrand(Base):
    """Who makes products. Without an organisation it is everybody's (shipped)."""

    __tablename__ = "brands"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        Index("uq_brands_shipped", "code", unique=True, postgresql_where=text("organization_id IS NULL")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    code: Mapped[str]
    """The catalog's own id of it."""
    name: Mapped[str]
    hq: Mapped[str] = mapped_column(server_default="")
    founded: Mapped[str] = mapped_column(server_default="")
    website: Mapped[str] = mapped_column(server_default="")
    logo_url: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class StoredProduct(Base):
    """A product of a catalog that was taken in. Of an organisation it stands over a shipped one of the same code."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        Index("uq_products_shipped", "code", unique=True, postgresql_where=text("organization_id IS NULL")),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    brand_id: Mapped[UUID] = mapped_column(ForeignKey("assistant.brands.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    """The catalog's own id of it."""
    position: Mapped[int] = mapped_column(server_default=text("0"))
    """Its place in the catalog."""
    name: Mapped[str]
    brand: Mapped[str] = mapped_column(server_default="")
    """As the catalog writes it beside the product."""
    category: Mapped[str] = mapped_column(server_default="")
    country: Mapped[str] = mapped_column(server_default="")
    names: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    images: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    documentation: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Empty where there is none."""
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    relations: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """``{kind, target_id, label}`` of each, in the catalog's order. A target need not be there: the linter tells."""
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class CatalogImport(Base):
    """A catalog that was taken in, and what became of its products."""

    __tablename__ = "catalog_imports"
    __table_args__ = (
        Index("ix_catalog_imports_organization_id_created_at", "organization_id", "created_at"),
        CheckConstraint(_DIGEST, name="sha256"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    name: Mapped[str]
    sha256: Mapped[str]
    brand: Mapped[str] = mapped_column(server_default="")
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    removed: Mapped[int]
    report: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    """What the linter found: ``{rule, severity, pointer, line, values}`` of each."""
    imported_by: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class StoredThread(Base):
    """A conversation of a user."""

    __tablename__ = "threads"
    __table_args__ = (
        UniqueConstraint("organization_id", "user_id", "id"),
        Index("ix_threads_user_id_continued_at", "user_id", "continued_at"),
        Index("ix_threads_continued_at", "continued_at"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey(USER, ondelete="CASCADE"))
    title: Mapped[str]
    product_id: Mapped[str] = mapped_column(server_default="")
    messages: Mapped[int] = mapped_column(server_default=text("0"))
    """How many it has."""
    created_at: Mapped[datetime] = created_at()
    continued_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """When it was last continued; a new name is no continuation."""


class StoredMessage(Base):
    """A question, or the answer to the one before it."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("thread_id", "number"),
        UniqueConstraint("organization_id", "user_id", "id"),
        ForeignKeyConstraint(
            ["organization_id", "user_id", "thread_id"],
            ["assistant.threads.organization_id", "assistant.threads.user_id", "assistant.threads.id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("role IN ('question', 'answer')", name="role"),
        {"schema": SCHEMA},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID]
    thread_id: Mapped[UUID]
    number: Mapped[int]
    """Its place in the conversation, from 1."""
    role: Mapped[str]
    content: Mapped[str]
    product_id: Mapped[str] = mapped_column(server_default="")
    mode: Mapped[str] = mapped_column(server_default="")
    refusal: Mapped[str] = mapped_column(server_default="")
    citations: Mapped[list[Any]] = mapped_column(server_default=text("'[]'"))
    created_at: Mapped[datetime] = created_at()


class AnswerFeedback(Base):
    """Whether an answer helped its reader."""

    __tablename__ = "feedback"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "user_id", "message_id"],
            ["assistant.messages.organization_id", "assistant.messages.user_id", "assistant.messages.id"],
            ondelete="CASCADE",
        ),
        {"schema": SCHEMA},
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID]
    user_id: Mapped[UUID]
    is_helpful: Mapped[bool]
    comment: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class StoredManual(Base):
    """What was found at an address when it was last fetched. The program's own: it belongs to no organisation."""

    __tablename__ = "manuals"
    __table_args__ = (
        Index("ix_manuals_sha256", "sha256"),
        CheckConstraint(_DIGEST, name="sha256"),
        {"schema": SCHEMA},
    )

    url: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str | None]
    """Of the content; None where it could not be had."""
    etag: Mapped[str] = mapped_column(server_default="")
    last_modified: Mapped[str] = mapped_column(server_default="")
    media_type: Mapped[str] = mapped_column(server_default="")
    bytes: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    state: Mapped[str]
    pages: Mapped[int] = mapped_column(server_default=text("0"))
    title: Mapped[str] = mapped_column(server_default="")
    fetched_at: Mapped[datetime]
