"""The audit log: append-only, each row holding the digest of the one before it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kis.platform.database import Base, created_at


class AuditPending(Base):
    """An entry that waits for the commit of its transaction, at which it is put at the end of the log. The table is empty when none is open."""

    __tablename__ = "audit_pending"
    __table_args__ = {"schema": "shared", "prefixes": ["UNLOGGED"]}  # noqa: RUF012 - as SQLAlchemy wants it

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID | None]
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    address: Mapped[str] = mapped_column(server_default="")
    trace_id: Mapped[str] = mapped_column(server_default="")


class AuditLog(Base):
    """Who did what to which thing. ``sequence`` has no gap; ``sha256`` covers this row and ``previous_sha256``."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        Index("ix_audit_logs_organization_id_created_at", "organization_id", "created_at"),
        Index("ix_audit_logs_target", "target"),
        CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name="sha256"),
        {"schema": "shared"},
    )

    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    organization_id: Mapped[UUID | None]
    actor: Mapped[str]
    """``user:<id>``, ``key:<id>``, ``system``."""
    action: Mapped[str]
    """``noun.verb``: quotation.sent."""
    target: Mapped[str]
    """``quotation:<id>``."""
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    address: Mapped[str] = mapped_column(server_default="")
    trace_id: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime] = created_at()
    previous_sha256: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
