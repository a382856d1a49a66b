"""Tables of the search: who may read, what is found, by which terms, and what people asked."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    REAL,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    PrimaryKeyConstraint,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

import kis.identity  # noqa: F401 - its tables are what keys lead to
from kis.platform.database import Base, created_at, primary_key, updated_at

ORGANIZATION = "identity.organizations.id"
LANGUAGES = "language IN ('ko', 'en')"


class Audience(Base):
    """Who may read something. Its row-level policy is the one place that says so: whatever names an audience is read by those who see its row."""

    __tablename__ = "audiences"
    __table_args__ = (
        UniqueConstraint("organization_id", "visibility", "roles", "is_published"),
        Index(
            "uq_audiences_shipped",
            "visibility",
            "roles",
            "is_published",
            unique=True,
            postgresql_where=text("organization_id IS NULL"),
        ),
        CheckConstraint("visibility IN ('public', 'organization', 'role')", name="visibility"),
        CheckConstraint("(visibility = 'role') = (cardinality(roles) > 0)", name="roles"),
        {"schema": "knowledge"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    """None: of the installation, for everybody who is logged in."""
    visibility: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    """Sorted; only where the visibility is by role. An administrator reads all of the organisation."""
    is_published: Mapped[bool]
    """False: for those who write and review."""


class SearchItem(Base):
    """A text in one language that is found as one thing. Written anew whenever what it tells of changes: a posting whose item is gone counts for nothing."""

    __tablename__ = "search_items"
    __table_args__ = (
        Index("ix_search_items_source", "source", "source_id"),
        Index("ix_search_items_audience_id", "audience_id"),
        Index(
            "ix_search_items_audience_id_expires_at",
            "audience_id",
            "expires_at",
            postgresql_where=text("expires_at IS NOT NULL"),
        ),
        Index("ix_search_items_organization_id", "organization_id"),
        Index("ix_search_items_unfinished", "id", postgresql_where=text("NOT has_morphemes")),
        CheckConstraint("source IN ('article', 'quotation', 'catalog_item')", name="source"),
        CheckConstraint(LANGUAGES, name="language"),
        {"schema": "knowledge"},
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("knowledge.audiences.id", ondelete="CASCADE"))
    source: Mapped[str]
    source_id: Mapped[UUID]
    language: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(server_default="")
    body: Mapped[str] = mapped_column(server_default="")
    """Plain text, as it is shown in a highlight."""
    names: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    """Names and codes that are found whole: ABN-53, Q-2026-0001."""
    tags: Mapped[list[str]] = mapped_column(ARRAY(String), server_default=text("'{}'"))
    category_id: Mapped[UUID | None]
    kind: Mapped[str] = mapped_column(server_default="")
    """Within its source: article, faq, guide …; breaker, enclosure …"""
    status: Mapped[str] = mapped_column(server_default="")
    author: Mapped[str] = mapped_column(server_default="")
    link: Mapped[str] = mapped_column(server_default="")
    """The path of the API that gives the whole of it."""
    facts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """What a list of hits shows beside the text."""
    dated_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    lengths: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Terms by kind of term and field; the averages are made of them."""
    has_morphemes: Mapped[bool] = mapped_column(server_default=text("false"))
    """False: cut into bigrams alone, because the morphemes were not there yet; to be cut again."""
    created_at: Mapped[datetime] = created_at()


class SearchPosting(Base):
    """A term of an item, with the weight BM25F gives it there. Only what is rare about the term is worked out when somebody asks."""

    __tablename__ = "search_postings"
    __table_args__ = (
        PrimaryKeyConstraint("term", "audience_id", "item_id", postgresql_include=["weight", "fields"]),
        {"schema": "knowledge"},
    )

    term: Mapped[str] = mapped_column(String(collation="C"))
    """A letter for its kind, then the term: see ``kis.search.tokens``."""
    audience_id: Mapped[int]
    item_id: Mapped[int]
    weight: Mapped[float] = mapped_column(REAL)
    fields: Mapped[int]
    """Bits: in which fields it stands."""


class SearchTerm(Base):
    """In how many items of an audience a term stands. Counted in the background; a term that is not here counts as one item's."""

    __tablename__ = "search_terms"
    __table_args__ = ({"schema": "knowledge"},)

    term: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    audience_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.audiences.id", ondelete="CASCADE"), primary_key=True
    )
    items: Mapped[int]


class SearchSpelling(Base):
    """A word with one of its letters left out (or none): two words that share a spelling are at most one slip apart."""

    __tablename__ = "search_spellings"
    __table_args__ = ({"schema": "knowledge"},)

    audience_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.audiences.id", ondelete="CASCADE"), primary_key=True
    )
    spelling: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    """In letters (jamo), not syllables."""
    word: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)


class SearchPhrase(Base):
    """What is suggested while somebody types: titles, tags and names of items, findable from the beginning of each of their words."""

    __tablename__ = "search_phrases"
    __table_args__ = (
        Index("ix_search_phrases_typed", "typed", postgresql_ops={"typed": "text_pattern_ops"}),
        Index("ix_search_phrases_item_id", "item_id"),
        {"schema": "knowledge"},
    )

    item_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.search_items.id", ondelete="CASCADE"), primary_key=True
    )
    typed: Mapped[str] = mapped_column(String(collation="C"), primary_key=True)
    """The phrase from one of its words on, in letters (jamo), folded."""
    audience_id: Mapped[int] = mapped_column(ForeignKey("knowledge.audiences.id", ondelete="CASCADE"))
    phrase: Mapped[str]
    weight: Mapped[float] = mapped_column(REAL)


class SearchStatistic(Base):
    """What the items of an audience are like on average, counted in the background."""

    __tablename__ = "search_statistics"
    __table_args__ = ({"schema": "knowledge"},)

    audience_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.audiences.id", ondelete="CASCADE"), primary_key=True
    )
    items: Mapped[int] = mapped_column(server_default=text("0"))
    lengths: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """Sums of terms by kind of term and field."""
    counted_at: Mapped[datetime] = created_at()
    newest_item_id: Mapped[int] = mapped_column(server_default=text("0"))
    """What came later is not counted yet."""


class Synonym(Base):
    """Words that mean the same, in either language. Without an organisation it came with the program."""

    __tablename__ = "synonyms"
    __table_args__ = (
        Index("ix_synonyms_organization_id", "organization_id"),
        CheckConstraint("cardinality(words) > 1", name="words"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID | None] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    words: Mapped[list[str]] = mapped_column(ARRAY(String))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    created_at: Mapped[datetime] = created_at()
    updated_at: Mapped[datetime] = updated_at()


class SearchPin(Base):
    """What stands first for a query, because somebody said so."""

    __tablename__ = "search_pins"
    __table_args__ = (
        UniqueConstraint("organization_id", "query", "source", "source_id"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    query: Mapped[str]
    """Folded, its words divided by one space."""
    source: Mapped[str]
    source_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = created_at()


class SearchEntry(Base):
    """One search, as the analytics and the report of what was not found need it. Who asked is kept as a number that changes daily."""

    __tablename__ = "search_log"
    __table_args__ = (
        Index("ix_search_log_organization_id_created_at", "organization_id", "created_at"),
        {"schema": "knowledge"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey(ORGANIZATION, ondelete="CASCADE"))
    session: Mapped[str]
    """A keyed digest of who asked and the day: searches of one visit belong together, those of two days do not."""
    query: Mapped[str]
    corrected: Mapped[str] = mapped_column(server_default="")
    filters: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    language: Mapped[str] = mapped_column(server_default="")
    hits: Mapped[int]
    milliseconds: Mapped[float]
    clicks: Mapped[list[Any]] = mapped_column(JSONB, server_default=text("'[]'"))
    """``{source, id, place, at}`` of each hit that was opened."""
    created_at: Mapped[datetime] = created_at()


class SearchVector(Base):
    """What a part of a text means, as the numbers of a model. Where PostgreSQL has pgvector the near ones are found by an index (revision 0009)."""

    __tablename__ = "search_vectors"
    __table_args__ = (
        Index("ix_search_vectors_audience_id_model_dimensions", "audience_id", "model", "dimensions"),
        {"schema": "knowledge"},
    )

    item_id: Mapped[int] = mapped_column(
        ForeignKey("knowledge.search_items.id", ondelete="CASCADE"), primary_key=True
    )
    model: Mapped[str] = mapped_column(primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, server_default=text("0"))
    audience_id: Mapped[int] = mapped_column(ForeignKey("knowledge.audiences.id", ondelete="CASCADE"))
    dimensions: Mapped[int]
    values: Mapped[list[float]] = mapped_column(ARRAY(REAL))
    made_at: Mapped[datetime] = created_at()


class SearchChange(Base):
    """A quotation or a part of the catalogue that changed and is to be indexed anew. Triggers write it, whoever made the change."""

    __tablename__ = "search_changes"
    __table_args__ = (
        CheckConstraint("source IN ('quotation', 'catalog_item')", name="source"),
        {"schema": "knowledge"},
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(primary_key=True)
    changed_at: Mapped[datetime] = created_at()


class SearchRevision(Base):
    """A change of what an audience finds, or of what an organisation asks by. Triggers add rows, so that writers never wait for each other; a chore makes many one."""

    __tablename__ = "search_revisions"
    __table_args__ = (Index("ix_search_revisions_audience_id", "audience_id"), {"schema": "knowledge"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID | None]
    audience_id: Mapped[int | None]
    """None: a change of the organisation's pins or synonyms; without an organisation either, of everybody's."""
    mark: Mapped[int] = mapped_column(
        BigInteger, server_default=text("hashtextextended((gen_random_uuid())::text, (0)::bigint)")
    )
    """A number of chance: two states are one where the exclusive or of all marks is."""
