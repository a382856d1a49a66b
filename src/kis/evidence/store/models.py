"""Tables of the evidence store: packs, the objects they are made of, and the newest link of each organisation's chain."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at, primary_key, updated_at


class EvidencePack(Base):
    """A signed pack of one quotation. ``sha256`` is the digest of its SHA256SUMS and stands for the whole pack."""

    __tablename__ = "evidence_packs"
    __table_args__ = (
        UniqueConstraint("organization_id", "sequence"),
        UniqueConstraint("trace_id", "organization_id"),
        ForeignKeyConstraint(
            ["quote_id", "organization_id"], ["estimator.quotes.id", "estimator.quotes.organization_id"]
        ),
        CheckConstraint("trace_id ~ '^[0-9a-f]{32}$'", name="trace_id"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        {"schema": "estimator"},
    )

    trace_id: Mapped[str] = mapped_column(primary_key=True)
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"))
    quote_id: Mapped[UUID] = mapped_column(index=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    """Place in the organisation's chain, from 1."""
    previous_sha256: Mapped[str | None]
    sha256: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int] = mapped_column(BigInteger)
    facts: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = created_at()


class EvidenceBlob(Base):
    """One file of a pack and where its bytes are kept: ``quote/{quote}/{stage}/{sha256}.{ending}`` in the bucket."""

    __tablename__ = "evidence_blobs"
    __table_args__ = (
        UniqueConstraint("trace_id", "name"),
        ForeignKeyConstraint(
            ["quote_id", "organization_id"], ["estimator.quotes.id", "estimator.quotes.organization_id"]
        ),
        ForeignKeyConstraint(
            ["trace_id", "organization_id"],
            ["estimator.evidence_packs.trace_id", "estimator.evidence_packs.organization_id"],
        ),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        {"schema": "estimator"},
    )

    id: Mapped[UUID] = primary_key()
    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), index=True)
    quote_id: Mapped[UUID] = mapped_column(index=True)
    trace_id: Mapped[str]
    stage: Mapped[str]
    name: Mapped[str]
    """Its name in the pack: ``pipeline/breaker.json``."""
    path: Mapped[str] = mapped_column(index=True)
    """Its place in the bucket."""
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    created_at: Mapped[datetime] = created_at()


class EvidenceHead(Base):
    """The newest link of an organisation's chain; locked while a pack is added, so that the chain is one line."""

    __tablename__ = "evidence_heads"
    __table_args__ = ({"schema": "estimator"},)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("identity.organizations.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
    trace_id: Mapped[str]
    sha256: Mapped[str]
    updated_at: Mapped[datetime] = updated_at()
